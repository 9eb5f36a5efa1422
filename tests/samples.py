"""Estimates for the tests of charts, sentences and tables, each with rows like the ledger's."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradelib.estimate import Estimate, EstimateDtype
from tradelib.periods import days
from tradelib.quantity import Interval
from tradelib.reference import daily_rates

KEYS: dict[str, Any] = {
    "reporter": "China",
    "partner": "World",
    "product": "All",
    "flow": "exports",
    "measure": "level",
    "period": 2025,
    "basis": "",
    "paragraph": 2,
    "surface": "26.99 trillion",
    "corrections": "",
}
ARTICLE = {"article": "diversification-2025", "publisher": "Hankyung’s article on 2025"}
CUSTOMS = {"publisher": "GACC via a trade paper"}


def row(unit: str, value: float, lower: float, upper: float, **more: Any) -> dict[str, Any]:
    kind = unit if unit in ("percent", "points", "multiple") else "money"
    bounds = {"value": value, "lower": lower, "upper": upper}
    named = {"figure": "exports-2025"} if "article" in more else {"reference": "ref-exports"}
    return {**KEYS, "hedge": "exact", "kind": kind, "unit": unit, **bounds, **named, **more}


def printed(
    value: float, room: float = 0.0, unit: str = "CNY", upper: float | None = None, **more: Any
) -> Estimate:
    """What an article prints: a value that may be off by some room, or more up to an end."""
    low, high = (value - room, value + room) if upper is None else (value, upper)
    return Estimate.of(row(unit, value, low, high, **{**ARTICLE, **more}))


def published(value: float, room: float = 0.0, unit: str = "CNY", **more: Any) -> Estimate:
    """What others print."""
    return Estimate.of(row(unit, value, value - room, value + room, **{**CUSTOMS, **more}))


def computed(lower: float, upper: float, unit: str = "CNY") -> Estimate:
    """What follows from a figure of an article and one of others."""
    rows = tuple(row(unit, lower, lower, upper, **of) for of in (ARTICLE, CUSTOMS))
    return Estimate(Interval(lower, upper), unit, "a − b", rows, "−")


def column(cells: dict[Any, Any]) -> pd.Series[Any]:
    return pd.Series(cells, dtype=EstimateDtype())


def mean_rate(currency: str, per: str, year: int) -> float:
    return float(daily_rates(currency, per, *days(f"{year}")).mean())
