"""Interval arithmetic on whole columns at once: the inner step of audit and reconciling.

A span is a pair of arrays, the lower and the upper bounds of many intervals. The operations are
those of `tradelib.quantity.Interval`; what cannot be known (a divisor that may be zero) is open
on both sides.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Span: TypeAlias = tuple[Array, Array]


def add(a: Span, b: Span) -> Span:
    """Sums, interval by interval."""
    return a[0] + b[0], a[1] + b[1]


def sub(a: Span, b: Span) -> Span:
    """Differences, interval by interval."""
    return a[0] - b[1], a[1] - b[0]


def mul(a: Span, b: Span) -> Span:
    """Products, interval by interval; zero times an open end is zero, as for `Interval`.

    >>> mul((np.array([2.0]), np.array([3.0])), (np.array([-1.0]), np.array([4.0])))
    (array([-3.]), array([12.]))
    """
    with np.errstate(invalid="ignore"):
        corners = np.nan_to_num([x * y for x in a for y in b], posinf=np.inf, neginf=-np.inf)
    return corners.min(axis=0), corners.max(axis=0)


def div(a: Span, b: Span) -> Span:
    """Quotients, interval by interval."""
    holds_zero = (b[0] <= 0) & (b[1] >= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(holds_zero, -np.inf, 1 / b[1]), np.where(holds_zero, np.inf, 1 / b[0])
    return mul(a, inverse)


def widen(a: Span, share: Array) -> Span:
    """Each interval with room on either side, a share of its bounds."""
    with np.errstate(invalid="ignore"):
        room = [np.where(np.isfinite(end), abs(end) * share, 0.0) for end in a]
    return a[0] - room[0], a[1] + room[1]
