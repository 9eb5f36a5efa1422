"""Reconciling: every relation is solved for each of its members until nothing moves.

That is interval constraint propagation (E. Davis, "Constraint propagation with interval labels",
Artificial Intelligence 32, 1987). Each step keeps every value that the figures allow; how much
wider than the best ones the bounds are shows ``bench/audit.py``.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import pandas as pd

from tradelib.auditing.checks import Network, every_check
from tradelib.auditing.keys import OPEN, RATE, REST, TRANSLATION, Account, Key
from tradelib.auditing.labels import suggest
from tradelib.auditing.report import load
from tradelib.auditing.rules import Relation
from tradelib.quantity import READINGS, Interval, Reading, expect

MOVES: Final = 1e-6  # a bound that moves by less of its interval is left where it is
OUTWARDS: Final = 1e-14  # of a bound, what binary floats may have lost: it is moved outwards
CROSSED: Final = 1e-9  # bounds that cross by more than this share are a conflict
COLUMNS: Final = [*Key._fields, "lower", "upper", "lower_rests_on", "upper_rests_on", "is_printed"]


def reconcile(
    *,
    reference: bool = True,
    corrected: bool = True,
    reading: Reading = "printed",
    folder: Path | str | None = None,
) -> pd.DataFrame:
    """Give the bounds that all figures together put on every quantity, printed or not.

    ``reference``, ``corrected``, ``folder`` and errors are as in `tradelib.audit`; the ``reading``
    is ``printed`` (rounded or cut off: what is certain) or ``rounded``, another a ValueError.

    Gives a row a quantity: ``reporter, partner, product, flow, measure`` (``level``, ``units``,
    ``growth``, ``share``, ``exchange rate``, …), ``period`` (a year as a number, anything finer as
    text, 0 where none is printed), ``basis`` (of growth what it is compared with, of a share its
    whole), ``vintage``, ``unit`` (of growth the currency, of a rate ``CNY per USD``), ``lower,
    upper`` in single units or as fractions, ``lower_rests_on, upper_rests_on`` (tuples of the
    figures that set the bound) and ``is_printed``. ``attrs["set_aside"]`` names the figures left
    out because they contradict others, ``attrs["conflicts"]`` groups of figures left (others', or
    rounded) that cannot all be true: bounds then follow some of them only.

    >>> bounds = reconcile(reference=False)
    >>> keys = {"flow": "exports", "period": 2024, "vintage": 2026, "partner": "World"}
    >>> found = bounds[(bounds[list(keys)] == pd.Series(keys)).all(axis=1)].iloc[0]
    >>> print(found["is_printed"], f"{found['lower'] / 1e12:.2f} to {found['upper'] / 1e12:.2f}")
    False 25.41 to 25.46
    """
    expect("reading", reading, READINGS)
    network, _ = load(corrected, reference=reference, folder=folder)
    kept, aside = set_aside(network)
    table = Bounds(kept, reading).table()
    table.attrs["set_aside"] = aside
    return table


def set_aside(network: Network) -> tuple[Network, list[str]]:
    """Leave out figures that contradict others: the mislabelled one where it can be told."""
    out = {change.figure for change in suggest(network, every_check(network))}
    while True:
        figures = [one for name, one in network.figures.items() if name not in out]
        kept = Network(figures, network.tree)
        wrong = [check for check in every_check(kept) if check.gap and check.is_two_sided]
        if not wrong:
            return kept, [name for name in network.figures if name in out]
        out |= {name for check in wrong for name in check.figures}


class Bounds:
    """The intervals of all quantities, and the figures that each end rests on.

    ``conflicts`` are groups of figures that cannot all be true: bounds follow those met first.
    """

    def __init__(self, network: Network, reading: Reading):
        self.network = network
        self.conflicts: set[frozenset[str]] = set()
        self.known = {key: self.first(key) for key in network.keys}
        self.rests = dict.fromkeys(self.known, (frozenset[str](), frozenset[str]()))
        for key, accounts in network.keys.items():
            for account in accounts:
                self._narrow(key, getattr(account, reading), account)
        waiting = network.relations
        while waiting:
            now, waiting = waiting, {}
            for relation in now:
                for key in relation.members:
                    value = relation.solve(key, self.known.__getitem__)
                    if self._narrow(key, value, relation):
                        waiting |= dict.fromkeys(r for r in network.of[key] if r is not relation)

    def first(self, key: Key) -> Interval:
        """What may be assumed: amounts, factors and rests are not below zero, balances may be."""
        if assumed := self.network.assumed(key):
            return assumed[0].printed
        return OPEN if "balance" in (key.flow, key.basis) else Interval(0, math.inf)

    def _narrow(self, key: Key, new: Interval, source: Relation | Account) -> bool:
        """Move the ends of a quantity inwards; whether one moved by more than is worth telling."""
        own = self.known[key]
        worth = MOVES * own.width if math.isfinite(own.width) else 0.0
        ends, rests, moved = [own.lower, own.upper], list(self.rests[key]), False
        for side, inwards, end in ((0, 1, new.lower), (1, -1, new.upper)):
            if isinstance(source, Relation) and math.isfinite(end):
                end -= inwards * OUTWARDS * abs(end)
            if inwards * (end - ends[side]) > worth:
                other, behind = ends[1 - side], self._behind(source, key, side)
                over = inwards * (end - other)
                if over > CROSSED * max(abs(end), abs(other)):
                    self.conflicts.add(behind | rests[1 - side])
                    continue
                ends[side], rests[side], moved = other if over > 0 else end, behind, True
        self.known[key], self.rests[key] = Interval(*ends), (rests[0], rests[1])
        return moved

    def _behind(self, source: Relation | Account, key: Key, side: int) -> frozenset[str]:
        """The figures behind an end: the same ends of what is added, the others of what is off."""
        if isinstance(source, Account):
            return frozenset(source.figures)
        others, rest, _ = source.sides(key)
        mixed = source.times and any(self.known[k].lower < 0 for k in (*others, *rest))
        ends = [(k, side) for k in others] + [(k, 1 - side) for k in rest]
        ends += [(k, 1 - at) for k, at in ends] if mixed else []  # a product below zero turns them
        return frozenset[str]().union(*(self.rests[k][at] for k, at in ends))

    def table(self) -> pd.DataFrame:
        """The quantities of which something is known, as `reconcile` gives them."""
        place = {name: number for number, name in enumerate(self.network.figures)}

        def ordered(figures: frozenset[str]) -> tuple[str, ...]:
            return tuple(sorted(figures, key=place.__getitem__))

        rows = []
        for key, own in self.known.items():
            if key.measure == REST or (own.upper == math.inf and own.lower in (0, -math.inf)):
                continue
            shown = key.level if key.measure == TRANSLATION else key
            shown = shown._replace(basis="" if key.measure == RATE else shown.basis)
            period = int(key.period or 0) if key.period.isdigit() or not key.period else key.period
            told = own - 1 if key.is_growth else own
            ends = told.lower, told.upper, *map(ordered, self.rests[key])
            printed = bool(self.network.keys[key])
            rows.append((*shown[:5], period, *shown[6:], *ends, printed))
        table = pd.DataFrame(rows, columns=COLUMNS)
        least = [some for some in self.conflicts if not any(o < some for o in self.conflicts)]
        table.attrs["conflicts"] = sorted(map(ordered, least))
        return table
