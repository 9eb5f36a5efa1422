"""Printed counts against what they count: years in a row, and things that are named.

A streak is as long as the years in which something rose or lay above a mark, from its last year
back to the first in which it certainly did not. Where no such year is known, it may be longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from tradelib.auditing.claims import Facts, Known, Truth, currency, rose
from tradelib.auditing.terms import FLOWS


class Count(NamedTuple):
    """A printed count, and how many there are by the rest of the data."""

    figure: dict[str, Any]
    least: float
    most: float
    why: str
    rests: tuple[Known, ...] = ()

    def fits(self, reading: str = "printed_") -> bool:
        """Whether it can be true as printed or, with an empty name, as rounded."""
        low, high = self.figure[f"{reading}lower"], self.figure[f"{reading}upper"]
        return bool(low <= self.most and self.least <= high)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of what it counts."""
        return self.least > 0 or self.most < math.inf

    @property
    def is_open(self) -> bool:
        """Whether it fits, and so would longer ones."""
        return self.most == math.inf and self.fits()

    @property
    def gap(self) -> float:
        """How far off it is, as a share of the count that there is; 0 where it fits."""
        low, high = self.figure["printed_lower"], self.figure["printed_upper"]
        return float(max(low - self.most, self.least - high, 0) / max(self.least, 1))


def counts(facts: Facts, claims: pd.DataFrame) -> Iterator[Count]:
    """Count again what the articles' figures count, in every way that the data allow.

    Parameters
    ----------
    facts
        What is known.
    claims
        Those of the kind ``count`` name in ``against`` what their figure counts.
    """
    figures = {row["name"]: row for row in facts.all if row["name"] and row["is_article"]}
    for figure in figures.values():
        first, last, measure = figure["basis"], figure["period"], figure["measure"]
        if measure.endswith("streak") and first.isdigit() and last:
            years = last - int(first) + 1
            yield Count(figure, years, years, f"from {first} to {last} there are {years} years")
        if measure == "streak" and figure["flow"] in FLOWS:
            yield from _of_growth(figure, facts)
        elif measure == "threshold streak":
            for mark in facts.rows(figure, measure="threshold", period=last):
                count = _above_a_mark(figure, mark, facts)
                yield from [count] * (count.is_known and mark["is_article"])
    for claim in claims[claims["kind"] == "count"].to_dict("records"):
        named = claim["against"].split(";")
        for name in filter(figures.get, claim["figures"].split(";")):
            why = f"named are {', '.join(named)}"
            yield Count(figures[name], len(named), len(named), why)


def _of_growth(figure: dict[str, Any], facts: Facts) -> Iterator[Count]:
    """A streak of growth, in the currency in which its article reckons.

    Nobody may have printed which that is: it is doubted only if it fails in each currency in
    which articles print such amounts.
    """
    found = []
    for unit in facts.units(figure, measure="level", is_article=True, is_own=True):

        def rate(year: int, unit: str = unit) -> Known | None:
            return facts.growth(figure, unit, period=year)

        count = _run(figure, rate, rose)
        first = figure["period"] - int(count.least) + 1
        told = [f"rose in each year from {first}"] * bool(count.least)
        told += [f"fell in {first - 1}"] * (count.most < math.inf)
        why = f"{figure['flow']} in {currency(unit)} {' and '.join(told)}"
        found.append(count._replace(why=why))
    fitting = [count for count in found if count.fits()]
    known = [count for count in fitting if not count.is_open]
    yield from (count for count in (known or fitting or found)[:1] if count.is_known)


def _above_a_mark(figure: dict[str, Any], row: dict[str, Any], facts: Facts) -> Count:
    """A streak of years above a mark."""
    mark = Known.mark(row["surface"])
    count = _run(
        figure,
        lambda year: facts.get(figure, measure="level", unit=mark.unit, period=year, as_of=True),
        lambda known: known.above(mark),
    )
    first = figure["period"] - len(count.rests) + 1
    told = [f"{known} in {year}" for year, known in enumerate(reversed(count.rests), first)]
    why = f"{', '.join(told)} against “{row['surface']}”"
    marked = Known(mark.rounded, mark.printed, mark.unit, (int(row["term"]),))
    return count._replace(why=why, rests=(marked, *count.rests))


def _run(
    figure: dict[str, Any],
    get: Callable[[int], Known | None],
    holds: Callable[[Known], Truth],
) -> Count:
    """Count the years in which something certainly held, from a figure's own back."""
    held: list[Known] = []
    while (known := get(figure["period"] - len(held))) and holds(known):
        held.append(known)
    if known is not None and holds(known) is False:
        return Count(figure, len(held), len(held), "", (*held, known))
    return Count(figure, len(held), math.inf, "", tuple(held))
