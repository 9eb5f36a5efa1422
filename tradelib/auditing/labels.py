"""Labels read otherwise: which change would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from tradelib.auditing import periods
from tradelib.auditing.checks import AGREES, UNDECIDABLE, Check, Network, again, every_check
from tradelib.auditing.keys import ALL, FLOWS, GROWTH, WORLD, Row, account_of, key_of

Score = tuple[int, bool, int, bool]
"""Of a change: what it ends, whether that number is known, how many checks agree, if not a year."""
NONE: Final[Score] = (0, False, 0, False)


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
        network = Network(_near(network, [network.rows[name] for name in wrong]), network.tree)
    while best := _best(network, {name: wrong[name] for name in wrong if name not in found}):
        found[best.figure] = best
        rows = network.rows | {best.figure: _changed(network.rows[best.figure], best)}
        network = Network(rows.values(), network.tree)
        wrong = contradicted(network, every_check(network))
    return [change for name, change in found.items() if name not in wrong]


def contradicted(network: Network, checks: Iterable[Check]) -> Counter[str]:
    """The articles' figures that stand in contradictions, each with how many bound it."""
    wrong = (one for one in checks if one.gap and one.is_two_sided)
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
        for row in _near(network, [old])
        if row is not old and years & {str(row["period"])[:4], str(row["basis"])[:4]}
    ]
    checks = every_check(Network([new, *near], network.tree), change.figure)
    return [check for check in checks if check.is_two_sided]


def _best(network: Network, wrong: Mapping[str, int]) -> Change | None:
    """The change that ends most contradictions, if any does."""
    scores: dict[Change, Score] = {}
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
    if key.measure == "growth":
        fields["currency_basis"] = network.currencies(key.reporter)
    elif key.is_money:  # also those that are only translated into
        like = (k.unit for k in network.keys if k.is_money and k.reporter == key.reporter)
        fields["unit"] = list(dict.fromkeys(like))
    for field, values in fields.items():
        own = {"basis": key.basis, "period": key.period}.get(field, row[field])
        yield from (Change(name, field, value) for value in values if value and value != own)


def _score(network: Network, change: Change, wrong: int) -> Score:
    """How good a change is: `NONE` where no fewer checks contradict.

    A year is seldom what a writer confuses: only where the same number is known for that year.
    """
    account = account_of(_changed(network.rows[change.figure], change))
    said = [
        (release == account.key, again(account.key, account, other))
        for release in network.releases(account.key)
        for other in network.accounts.get(release, [])
        if change.figure not in other.figures
    ]
    is_year = change.field == "period"
    is_known = any(not check.gap for _, check in said)
    if any(is_own and check.gap for is_own, check in said) or (is_year and not is_known):
        return NONE
    checks = what_if(network, change)
    still = sum(bool(check.gap) for check in checks)
    if still >= wrong or still == len(checks):
        return NONE
    is_same = any(is_own and check.verdict == AGREES for is_own, check in said)
    return wrong - still, is_same, len(checks) - still, not is_year


def _near(network: Network, others: list[Row]) -> list[Row]:
    """The rows of the partners and products of others, or of their wholes, and of their articles.

    A line is of the product of its group; all that an article prints tells if it only translates.
    """
    groups = {line: group for line, (group, _) in network.tree.sums.items()}
    columns = ("article", "reporter", "partner", "product")
    articles, reporters, partners, products = ({row[c] for row in others} for c in columns)
    products = {ALL, *(groups.get(product, product) for product in products)}
    return [
        row
        for row in network.rows.values()
        if row["article"] in articles
        or (
            row["reporter"] in reporters
            and row["partner"] in {WORLD, *partners}
            and groups.get(row["product"], row["product"]) in products
        )
    ]


def _changed(row: Row, change: Change) -> Row:
    """A row with a label read otherwise; growth is then against the same time before."""
    basis = {"basis": ""} if change.field == "period" and row["measure"] in GROWTH else {}
    return {**row, **basis, change.field: change.value}
