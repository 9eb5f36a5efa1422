"""Periods as text: ``2025``, ``2025-Q1``, ``2025-05``, or a run of months ``2025-01/2025-09``.

Every period is a run of months; the text of a run is its shortest, so that one run has one text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import cache
from typing import Final

FORM: Final = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:/(\d{4})-(0[1-9]|1[0-2]))?)?")


@cache
def months(period: str) -> tuple[int, int]:
    """Give the first and the last month of a period, counted from January of the year 0.

    >>> months("2025-Q1") == months("2025-01/2025-03") == (24300, 24302)
    True
    """
    found = FORM.fullmatch(period)
    if not found:
        raise ValueError(f"{period!r} is no period such as 2025, 2025-Q1 or 2025-01/2025-09")
    year, quarter, month, last_year, last_month = (int(part or 0) for part in found.groups())
    if quarter:
        return 12 * year + 3 * quarter - 3, 12 * year + 3 * quarter - 1
    if not month:
        return 12 * year, 12 * year + 11
    first = 12 * year + month - 1
    last = 12 * last_year + last_month - 1 if last_year else first
    if last < first:
        raise ValueError(f"{period!r} ends before it begins")
    return first, last


@cache
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
    begin = f"{year}-{month + 1:02}"
    return begin if last == first else f"{begin}/{last // 12}-{last % 12 + 1:02}"


def later(period: str, years: int) -> str:
    """Give the same period some years later, or earlier.

    >>> later("2025-Q1", -1)
    '2024-Q1'
    """
    first, last = months(period)
    return named(first + 12 * years, last + 12 * years)


@cache
def days(period: str) -> tuple[date, date]:
    """Give the first and the last day of a period."""
    first, last = months(period)
    year, month = last // 12, last % 12 + 1
    return date(first // 12, first % 12 + 1, 1), date(year, month, monthrange(year, month)[1])


@cache
def pieces(period: str) -> tuple[tuple[str, ...], ...]:
    """Give the ways to cut a period: into months, into quarters, or in two after some month.

    >>> pieces("2025-Q1")[0], len(pieces("2025"))
    (('2025-01', '2025-02', '2025-03'), 13)
    """
    first, last = months(period)
    ways = [tuple(named(m, m) for m in range(first, last + 1))]
    if first % 3 == 0 and last % 3 == 2:
        ways.append(tuple(named(m, m + 2) for m in range(first, last, 3)))
    ways += [(named(first, cut), named(cut + 1, last)) for cut in range(first, last)]
    return tuple(way for way in dict.fromkeys(ways) if len(way) > 1)
