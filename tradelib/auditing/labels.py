"""Labels read otherwise: which change would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product as cross
from typing import NamedTuple

from tradelib import periods
from tradelib.auditing.checks import Check, Network, every_check, mark_translations
from tradelib.auditing.keys import ALL, FLOWS, GROWTH, WORLD, Account, account_of


class Change(NamedTuple):
    """A label of a figure read otherwise; its ``kind`` is that of the finding."""

    figure: str
    field: str
    value: str
    kind: str = "label"

    def __str__(self) -> str:
        return f"{self.figure} reads as {self.field.replace('_', ' ')} {self.value}"

    def read(self, network: Network) -> Account:
        """The figure with the label read so; growth of another period is against the one before."""
        row = {**network.figures[self.figure].row, self.field: self.value}
        if self.field == "period" and row["measure"] in GROWTH:
            row["basis"] = ""
        return account_of(row)


def suggest(network: Network, checks: Iterable[Check]) -> list[Change]:
    """Find changes, each with those before it made, that leave no check of theirs contradicting."""
    found: dict[str, Change] = {}
    if wrong := contradicted(network, checks):
        network = Network(_near(network, [network.figures[name] for name in wrong]), network.tree)
    while best := _best(network, {name: wrong[name] for name in wrong if name not in found}):
        found[best.figure] = best
        figures = network.figures | {best.figure: best.read(network)}
        network = Network(figures.values(), network.tree)
        wrong = contradicted(network, every_check(network))
    return [change for name, change in found.items() if name not in wrong]


def contradicted(network: Network, checks: Iterable[Check]) -> Counter[str]:
    """The articles' figures that stand in contradictions, each with how many bound it."""
    wrong = (one for one in checks if one.gap and one.is_two_sided)
    return Counter(n for check in wrong for n in check.figures if network.figures[n].article)


def without_currency(network: Network) -> dict[Check, dict[str, Change]]:
    """Rates of growth whose currency an article does not print: the checks in one that fits."""
    found: dict[Check, dict[str, Change]] = {}
    for name, one in network.figures.items():
        if not one.article or one.key.measure != "growth" or one.key.unit:
            continue
        tried: dict[str, list[Check]] = {}
        for unit in network.currencies[one.key.reporter]:
            checks = what_if(network, Change(name, "currency_basis", unit))
            tried[unit] = [check for check in checks if check.rule != "conversion"]
        fits = [unit for unit, some in tried.items() if some and not any(c.gap for c in some)]
        change = Change(name, "currency_basis", " or ".join(fits), "currency")
        found |= {check: {name: change} for unit in fits for check in tried[unit]}
        gaps = [check for some in tried.values() for check in some if check.gap]
        if gaps and not fits:  # another currency may be meant
            nearest = min(gaps, key=lambda check: check.gap)
            found[replace(nearest, verdict="undecidable", gap=0.0)] = {}
    return found


def what_if(network: Network, change: Change) -> list[Check]:
    """The checks that would bound a figure from both sides if a label were read otherwise."""
    old, new = network.figures[change.figure], change.read(network)
    years = [int(new.key.period[:4] or 0) + step for step in (-1, 0, 1)]
    near = [one for one in _near(network, [old]) if one is not old]
    others = [one for one in near if int(one.key.period[:4] or 0) in years]
    asked = mark_translations([new, *others])[0]
    world = Network(others, network.tree, asked)
    world.accounts[asked.key].insert(0, asked)  # nothing else was to rest on it
    checks = every_check(world, asked.key)
    return [check for check in checks if change.figure in check.figures and check.is_two_sided]


def _best(network: Network, wrong: Mapping[str, int]) -> Change | None:
    """The change that ends most contradictions; of several one to a number that is known."""
    best, most = None, (0, False, 0, False)
    for name in sorted(wrong, key=lambda name: -wrong[name]):
        if most[0] >= wrong[name]:
            break  # what is left cannot end more
        for change in _changes(network, name):
            checks = what_if(network, change)
            still = sum(bool(check.gap) for check in checks)
            own = [c for c in checks if c.relation.rule == "repetition" and not c.relation.room]
            is_same = any(check.verdict == "agrees" for check in own)
            score = (wrong[name] - still, is_same, len(checks) - still, change.field != "period")
            if still < min(wrong[name], len(checks)) and score > most:
                best, most = change, score
    return best


def _changes(network: Network, name: str) -> Iterator[Change]:
    """The labels that a figure could have borne instead, and that no printing contradicts."""
    figure = network.figures[name]
    key, row = figure.key, figure.row
    # A year is seldom what a writer confuses: only one for which the same number is known.
    like = [other for other in network.alike[key[:5]] if other.unit == key.unit]
    known = {
        one.key.period
        for other in like
        for one in network.accounts[other]
        if one.printed.overlaps(figure.printed)
        and periods.days(one.key.period or "1900")[1] <= periods.days(row["published"])[1]
    }
    fields: dict[str, Iterable[str]] = {"period": sorted(known)}
    if row["flow"] in (*FLOWS, "deficit"):
        fields["flow"] = (*FLOWS, "deficit")
    if key.measure == "share":
        fields["basis"] = FLOWS[:3]
    elif key.is_growth:
        fields["basis"] = [periods.later(key.period, -1)]
    if key.measure == "growth":
        fields["currency_basis"] = network.currencies[key.reporter]
    elif key.is_money:  # also those that are only translated into
        units = (k.unit for k in network.keys if k.is_money and k.reporter == key.reporter)
        fields["unit"] = dict.fromkeys(units)
    for field, values in fields.items():
        own = {"basis": key.basis, "period": key.period}.get(field, row[field])
        kind = "outdated" if (field, key.measure) == ("period", "streak") else "label"
        for value in (value for value in values if value not in ("", own)):
            change = Change(name, field, value, kind)
            now = change.read(network)
            others = [one for one in network.keys.get(now.key, []) if name not in one.figures]
            if all(one.printed.overlaps(now.printed) for one in others):
                yield change


def _near(network: Network, others: Iterable[Account]) -> list[Account]:
    """The figures of the partners and products of others, or of their wholes."""
    near = set[tuple[str, str, str]]()
    for reporter, partner, product in map(network.place, others):
        near.update(cross((reporter,), (partner, WORLD), (product, ALL)))
    return [one for one in network.figures.values() if network.place(one) in near]
