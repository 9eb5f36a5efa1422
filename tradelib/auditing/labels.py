"""Labels read otherwise: which change would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from tradelib.auditing import periods
from tradelib.auditing.checks import (
    AGREES,
    CONTRADICTS,
    UNDECIDABLE,
    Check,
    Network,
    again,
    every_check,
)
from tradelib.auditing.keys import ALL, FLOWS, GROWTH, WORLD, Row, account_of, key_of

NONE: Final = (0, 0, 0)


class Change(NamedTuple):
    """A label of a figure read otherwise: its column in figures.csv, and as what."""

    figure: str
    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.figure} reads as {self.field.replace('_', ' ')} {self.value}"


def suggest(network: Network, checks: Iterable[Check]) -> list[Change]:
    """Find changes that together leave no check of their figures contradicting, one a figure.

    Each is found with those before it made: the one that ends most contradictions comes first.
    """
    found: dict[str, Change] = {}
    if wrong := contradicted(network, checks):
        suspects = [network.rows[name] for name in wrong]
        near = [row for row in network.rows.values() if _is_near(row, suspects)]
        network = Network(near, network.tree)
    while best := _best(network, {name: wrong[name] for name in wrong if name not in found}):
        found[best.figure] = best
        rows = network.rows | {best.figure: _changed(network.rows[best.figure], best)}
        network = Network(rows.values(), network.tree)
        wrong = contradicted(network, every_check(network))
    return [change for name, change in found.items() if name not in wrong]


def contradicted(network: Network, checks: Iterable[Check]) -> Counter[str]:
    """The articles' figures that stand in contradictions, each with how many bound it."""
    wrong = (one for one in checks if one.verdict == CONTRADICTS and one.is_two_sided)
    return Counter(n for check in wrong for n in check.figures if network.rows[n]["article"])


def without_currency(network: Network) -> Iterator[tuple[Check, str]]:
    """Rates of growth whose currency an article does not print: the checks in one that fits.

    Each with the change of label; where none fits, the nearest check is left open. That a rate in
    one currency fits that in another tells nothing.
    """
    for name, row in network.rows.items():
        if row["article"] and row["measure"] == "growth" and not row["currency_basis"]:
            tried: dict[str, list[Check]] = {}
            for unit in network.currencies(row["reporter"]):
                checks = what_if(network, Change(name, "currency_basis", unit))
                tried[unit] = [check for check in checks if check.rule != "conversion"]
            fits = [u for u, some in tried.items() if some and not any(one.gap for one in some)]
            change = str(Change(name, "currency_basis", " or ".join(fits)))
            yield from ((check, change) for unit in fits for check in tried[unit])
            gaps = [check for some in tried.values() for check in some if check.gap]
            if gaps and not fits:
                yield replace(min(gaps, key=lambda one: one.gap), verdict=UNDECIDABLE, gap=0.0), ""


def what_if(network: Network, change: Change) -> list[Check]:
    """The checks that would bound a figure from both sides if a label were read otherwise."""
    old = network.rows[change.figure]
    new = _changed(old, change)
    key = key_of(new)
    years = {key.period[:4], key.basis[:4], key.period and periods.later(key.period, -1)[:4]}
    near = [
        row
        for row in network.rows.values()
        if row is not old
        and years & {str(row["period"])[:4], str(row["basis"])[:4]}
        and _is_near(row, [old])
    ]
    checks = every_check(Network([new, *near], network.tree), change.figure)
    return [check for check in checks if check.is_two_sided]


def _best(network: Network, wrong: Mapping[str, int]) -> Change | None:
    """The change that ends most contradictions, if any does."""
    scores: dict[Change, tuple[int, int, int]] = {}
    for name in sorted(wrong, key=lambda name: -wrong[name]):
        if max(scores.values(), default=NONE)[0] >= wrong[name]:
            break  # what is left cannot end more
        scores |= {c: _score(network, c, wrong[name]) for c in _changes(network, name)}
    best = max(scores, default=None, key=scores.__getitem__)
    return best if best and scores[best] > NONE else None


def _changes(network: Network, name: str) -> Iterator[Change]:
    """The labels that a figure could have borne instead."""
    row = network.rows[name]
    key = key_of(row)
    fields: dict[str, list[str]] = {"period": sorted({k.period for k in network.like(key)})}
    if row["flow"] in (*FLOWS, "deficit"):
        fields["flow"] = [*FLOWS, *["deficit"] * (row["flow"] == "balance")]
    if key.measure == "share":
        fields["basis"] = [*FLOWS[:3]]
    elif key.measure in GROWTH:
        fields["basis"] = [periods.later(key.period, -1)]
    if key.measure == "growth" or key.is_money:
        field = "currency_basis" if key.measure == "growth" else "unit"
        fields[field] = network.currencies(key.reporter)
    for field, values in fields.items():
        own = {"basis": key.basis, "period": key.period}.get(field, row[field])
        yield from (Change(name, field, value) for value in values if value and value != own)


def _score(network: Network, change: Change, wrong: int) -> tuple[int, int, int]:
    """How many contradictions a change ends, and how many checks then agree.

    A year is seldom what a writer confuses: only where the same number is printed for that year.
    """
    account = account_of(_changed(network.rows[change.figure], change))
    said = [
        one for one in network.accounts.get(account.key, []) if change.figure not in one.figures
    ]
    if any(again(account.key, account, other).verdict == CONTRADICTS for other in said):
        return NONE
    if change.field == "period" and not any(
        again(account.key, account, other).verdict == AGREES
        for release in network.releases(account.key)
        for other in network.keys[release]
    ):
        return NONE
    checks = what_if(network, change)
    still = sum(check.verdict == CONTRADICTS for check in checks)
    if still >= wrong or still == len(checks):
        return NONE
    return wrong - still, len(checks) - still, int(change.field != "period")


def _is_near(row: Row, others: Iterable[Row]) -> bool:
    """Whether a row is of the same partner and product as one of others, or of their wholes."""
    return any(
        row["reporter"] == other["reporter"]
        and row["partner"] in (other["partner"], WORLD)
        and row["product"] in (other["product"], ALL)
        for other in others
    )


def _changed(row: Row, change: Change) -> Row:
    """A row with a label read otherwise; growth is then against the same time before."""
    basis = {"basis": ""} if change.field == "period" and row["measure"] in GROWTH else {}
    return {**row, **basis, change.field: change.value}
