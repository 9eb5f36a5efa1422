"""Which single change of a label would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from tradelib.auditing import periods
from tradelib.auditing.checks import AGREES, CONTRADICTS, Check, again, every_check
from tradelib.auditing.keys import ALL, FLOWS, GROWTH, WORLD, Row, account_of, key_of
from tradelib.auditing.network import Network

NONE: Final = (0, 0, 0)


class Change(NamedTuple):
    """A label of a figure read otherwise: its column in figures.csv, and as what."""

    figure: str
    field: str
    value: str


def suggest(network: Network, checks: Iterable[Check]) -> list[Change]:
    """Find changes that together leave no check of their figures contradicting.

    Each is found with those before it made: that of the most contradicted figure comes first, and
    of several such figures that which ends most contradictions.
    """
    found: list[Change] = []
    if wrong := contradicted(network, checks):
        suspects = [network.rows[name] for name in wrong]
        near = [row for row in network.rows.values() if _is_near(row, suspects)]
        network = Network(near, network.tree)
    while wrong and (best := _best(network, wrong)):
        found.append(best)
        rows = network.rows | {best.figure: _changed(network.rows[best.figure], best)}
        network = Network(rows.values(), network.tree)
        wrong = contradicted(network, every_check(network))
    return [change for change in found if change.figure not in wrong]


def _best(network: Network, wrong: Mapping[str, list[Check]]) -> Change | None:
    """The best change of the most contradicted figures that have any."""
    for count in sorted({len(some) for some in wrong.values()}, reverse=True):
        scores = {
            change: _score(network, change, count)
            for name, some in wrong.items()
            if len(some) == count
            for change in _changes(network, name)
        }
        best = max(scores, default=None, key=scores.__getitem__)
        if best and scores[best] != NONE:
            return best
    return None


def contradicted(network: Network, checks: Iterable[Check]) -> dict[str, list[Check]]:
    """The articles' figures that stand in contradictions, each with those that bound it."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        if check.verdict == CONTRADICTS and check.is_two_sided:
            for name in check.figures:
                if network.rows[name]["article"]:
                    found.setdefault(name, []).append(check)
    return found


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
    old = network.rows[change.figure]
    new = _changed(old, change)
    account = account_of(new)
    said = [a for a in network.accounts(account.key) if change.figure not in a.figures]
    if any(again(account.key, account, other).verdict == CONTRADICTS for other in said):
        return NONE
    if change.field == "period" and not any(
        again(account.key, account, other).verdict == AGREES
        for release in network.releases(account.key)
        for other in network.keys[release]
    ):
        return NONE
    local = Network(_near(network, old, new), network.tree)
    checks = [check for check in every_check(local, change.figure) if check.is_two_sided]
    still = sum(check.verdict == CONTRADICTS for check in checks)
    if still >= wrong or still == len(checks):
        return NONE
    return wrong - still, len(checks) - still, int(change.field != "period")


def _near(network: Network, old: Row, new: Row) -> Iterator[Row]:
    """The rows that checks of a figure may rest on, with its label changed."""
    key = key_of(new)
    years = {key.period[:4], key.basis[:4], key.period and periods.later(key.period, -1)[:4]}
    for row in network.rows.values():
        if row is old:
            yield new
        elif years & {str(row["period"])[:4], str(row["basis"])[:4]} and _is_near(row, [old]):
            yield row


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
