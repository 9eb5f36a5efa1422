"""Periods as text: ``2025``, ``2025-Q1``, ``2025-05``, or a run of months ``2025-01/2025-09``.

Every period is a run of months; the text of a run is its shortest, so that one run has one text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import pandas as pd


def days(period: str) -> tuple[date, date]:
    """Give the first and the last day of a period."""
    first, _, last = period.partition("/")
    return pd.Period(first).start_time.date(), pd.Period(last or first).end_time.date()


@cache
def months(period: str) -> tuple[int, int]:
    """Give the first and the last month of a period, counted from January of the year 0."""
    first, last = (12 * day.year + day.month - 1 for day in days(period))
    return first, last


def named(first: int, last: int) -> str:
    """Give the text of a run of months.

    >>> named(24300, 24311), named(24300, 24308), named(24303, 24305)
    ('2025', '2025-01/2025-09', '2025-Q2')
    """
    year, month = divmod(first, 12)
    if month == 0 and last == first + 11:
        return f"{year}"
    if month % 3 == 0 and last == first + 2:
        return f"{year}-Q{month // 3 + 1}"
    ends = dict.fromkeys(f"{end // 12}-{end % 12 + 1:02}" for end in (first, last))
    return "/".join(ends)


def later(period: str, years: int) -> str:
    """Give the same period some years later, or earlier."""
    first, last = months(period)
    return named(first + 12 * years, last + 12 * years)


@cache
def pieces(period: str) -> list[tuple[str, ...]]:
    """Give the ways to cut a period: into months, into quarters, or in two after some month."""
    first, last = months(period)
    ways = [tuple(named(month, month) for month in range(first, last + 1))]
    if first % 3 == 0 and last % 3 == 2:
        ways.append(tuple(named(month, month + 2) for month in range(first, last, 3)))
    ways += [(named(first, cut), named(cut + 1, last)) for cut in range(first, last)]
    return [way for way in dict.fromkeys(ways) if len(way) > 1]


def longer(used: Iterable[str]) -> dict[str, list[str]]:
    """Give, of each period below a year, the others and the years that hold it, shortest first."""
    used = set(used)
    spans = {period: months(period) for period in used | {period[:4] for period in used}}
    by_length = sorted(spans, key=lambda p: (spans[p][1] - spans[p][0], p))
    return {
        inner: [p for p in by_length if spans[p][0] <= begin and end <= spans[p][1]][1:]
        for inner, (begin, end) in spans.items()
        if end - begin < 11
    }
