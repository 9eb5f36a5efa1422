"""What the stories share: settings, looking figures up, computing with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from tradelib.ledger import load_figures, load_reference
from tradelib.prose import Number, Sentence, derived, number, say
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import annual_rate
from tradelib.tables import Table, show

CURRENCIES: Final = ("CNY", "USD")
HOME: Final = {"reporter": "China", "partner": "World", "product": "All"}
"""The key columns where a question does not name others."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, and what it rests on.

    Sums, differences, products and quotients of estimates are estimates; their name is the
    formula, and they keep the rows of both. Amounts over amounts are percentages.

    Attributes
    ----------
    interval
        In single units of ``unit``; rates and shares are fractions.
    unit
        A currency, ``percent``, ``points``, ``multiple`` or a counted noun.
    name
        The quantity in words, or the formula it was computed by.
    rows
        The rows of the ledger and of reference.csv that it rests on.

    Examples
    --------
    >>> story = Story()
    >>> growth = story.printed(flow="exports", measure="growth")
    >>> before = story.printed(flow="exports") / (1 + growth)
    >>> before.name
    'exports of 2025 ÷ (1 + growth of exports of 2025)'
    >>> str(before.live)
    '25.42 to 25.46 trillion yuan'
    """

    interval: Interval
    unit: str
    name: str
    rows: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Estimate:
        """The estimate that one row is."""
        unit = row["kind"] if row["kind"] in ("percent", "points", "multiple") else row["unit"]
        parts = [f"{row['measure']} of " if row["measure"] != "level" else "", row["flow"]]
        parts += [f" with {row['partner']}"] if row["partner"] != "World" else []
        parts += [f" of {row['product']}"] if row["product"] != "All" else []
        name = "".join(parts) + f" of {row['period']}"
        return cls(Interval(row["lower"], row["upper"]), unit, name, (row,))

    @property
    def origin(self) -> str:
        """``printed`` in an article, ``reference`` by others alone, or ``computed``."""
        if all("figure" not in row for row in self.rows):
            return "reference"
        return "printed" if len(self.rows) == 1 and not self.formula else "computed"

    @property
    def formula(self) -> str:
        """The name, if it is a formula."""
        return self.name if any(sign in self.name for sign in "+−×÷∩@") else ""

    @property
    def value(self) -> float:
        """The number as written, or the middle of a computed interval."""
        return self.interval.midpoint if self.formula else float(self.rows[0]["value"])

    @property
    def live(self) -> Number:
        """The number for a sentence, traceable to what it rests on."""
        if self.formula:
            return derived(self.interval, self.unit, self.formula, self.rows)
        return number(self.rows[0])

    def row(self, **columns: Any) -> dict[str, Any]:
        """A row for a chart or a table, with further columns put before."""
        bounds = {"lower": self.interval.lower, "upper": self.interval.upper}
        return {**columns, "value": self.value, **bounds, "origin": self.origin}

    def named(self, name: str, unit: str = "") -> Estimate:
        """The same under another name, and unit where one is given."""
        return replace(self, name=name, unit=unit or self.unit)

    def __add__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.interval + _bare(other), "+")

    def __sub__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.interval - _bare(other), "−")

    def __mul__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.interval * _bare(other), "×")

    def __truediv__(self, other: Estimate | float) -> Estimate:
        ratio = self._with(other, self.interval / _bare(other), "÷")
        same = isinstance(other, Estimate) and other.unit == self.unit != "percent"
        return replace(ratio, unit="percent") if same else ratio

    def __and__(self, other: Estimate) -> Estimate:
        """What both allow; this one alone where they share nothing."""
        if not self.interval.overlaps(other.interval):
            return self
        return self._with(other, self.interval & other.interval, "∩")

    def __radd__(self, other: float) -> Estimate:
        return replace(self, interval=other + self.interval, name=f"({other} + {self.name})")

    def __rsub__(self, other: float) -> Estimate:
        return replace(self, interval=other - self.interval, name=f"({other} − {self.name})")

    def __rtruediv__(self, other: float) -> Estimate:
        return replace(self, interval=other / self.interval, name=f"{other} ÷ {self.name}")

    def _with(self, other: Estimate | float, interval: Interval, sign: str) -> Estimate:
        if not isinstance(other, Estimate):
            name = f"{_bracketed(self.name, sign)} {sign} {other:g}"
            return replace(self, interval=interval, name=name)
        rows = {str(r.get("figure", r.get("reference"))): r for r in (*self.rows, *other.rows)}
        names = [
            f"({e.name})"
            if sign in "×÷" and any(s in e.name for s in "+−∩") and e.name[0] != "("
            else e.name
            for e in (self, other)
        ]
        return Estimate(interval, self.unit, f" {sign} ".join(names), tuple(rows.values()))


class Story:
    """Figures under one choice of settings.

    Parameters
    ----------
    currency
        ``CNY`` or ``USD``: what amounts are told in. An amount printed in that currency is taken
        as printed; any other is translated at the mean of its year's daily rates.
    reading
        ``rounded``, or ``printed``: whether a writer rounded, or may have cut digits off.
    highlight
        What the charts put forward; one of `highlights`, the first by default.

    Attributes
    ----------
    year
        The last year the ledger speaks of.

    Raises
    ------
    ValueError
        With one sentence, if a setting is none of those it may be.
    """

    def __init__(self, currency: str = "CNY", reading: Reading = "rounded", highlight: str = ""):
        _one_of("CURRENCY", currency, CURRENCIES)
        _one_of("READING", reading, READINGS)
        self.currency, self.reading = currency, reading
        self.figures = load_figures(reading=reading)
        self.reference = load_reference(reading=reading)
        self.year = int(self.figures["period"].max())
        self.highlight = highlight or self.highlights()[0]
        _one_of("HIGHLIGHT", self.highlight, self.highlights())

    def highlights(self) -> list[str]:
        """What may be highlighted, the default first."""
        return [str(self.year)]

    def find(self, table: pd.DataFrame, **keys: Any) -> list[Estimate]:
        """The rows of a table with these keys, the narrowest first.

        China, World, All, ``level`` and the story's year stand where a key is not given; None
        asks for rows without one.
        """
        keep = pd.Series(True, index=table.index)
        for column, wanted in {**HOME, "measure": "level", "period": self.year, **keys}.items():
            cells = table[column]
            keep &= cells.isna() if wanted is None else (cells == wanted).fillna(False).astype(bool)
        found = [Estimate.of(row) for row in records(table[keep])]
        return sorted(found, key=lambda estimate: estimate.interval.width)

    def printed(self, **keys: Any) -> Estimate | None:
        """What the articles print of a quantity: the narrowest of its printings."""
        return next(iter(self.find(self.figures, **keys)), None)

    def published(self, **keys: Any) -> Estimate | None:
        """What others published of a quantity: the narrowest of theirs."""
        return next(iter(self.find(self.reference, **keys)), None)

    def level(self, flow: str, year: int, **keys: Any) -> Estimate | None:
        """An amount in yuan by the articles alone: printed, or computed from what they print.

        A balance is also exports less imports; a year that is not printed is computed back from
        the year after and its growth.
        """
        own = self.printed(flow=flow, period=year, unit="CNY", **keys)
        if flow == "balance":
            sold, bought = (self.level(part, year, **keys) for part in ("exports", "imports"))
            worked = sold - bought if sold and bought else None
            return own & worked if own and worked else own or worked
        return own or self.base(flow, year + 1, **keys)

    def base(self, flow: str, year: int, **keys: Any) -> Estimate | None:
        """The amount in yuan of the year before, computed back from a level and its growth."""
        level = self.printed(flow=flow, period=year, unit="CNY", **keys)
        growth = self.printed(flow=flow, period=year, measure="growth", **keys)
        return level / (1 + growth) if level and growth else None

    def told(self, amount: Estimate, year: int, **keys: Any) -> Estimate:
        """An amount of a year in the story's currency: as printed in it, else translated."""
        if amount.unit == self.currency:
            return amount
        if keys and (own := self.printed(period=year, unit=self.currency, **keys)):
            return own
        rate = annual_rate(self.currency, amount.unit, year)
        name = f"{amount.name} @ the {rate.what}"
        return replace(amount, interval=amount.interval * rate.value, unit=self.currency, name=name)

    def say(self, template: str, **values: Estimate | Number | str | int | None) -> Sentence:
        """Say a sentence with live numbers (see `tradelib.prose.say`); it may name ``year``."""
        known = {"year": self.year, "year_before": self.year - 1, "year_first": self.year - 2}
        given = {name: v.live if isinstance(v, Estimate) else v for name, v in values.items()}
        return say(template, **known, **{name: v for name, v in given.items() if v is not None})

    def ledger(self, caption: str, keep: pd.Series[bool]) -> Table:
        """Rows of the ledger for readers: what was printed, where, and how it is read."""
        rows = self.figures[keep]
        numbers = [number(row) for row in records(rows)]
        where = rows["article"] + ", paragraph " + rows["paragraph"].astype(str)
        columns = {
            "figure": rows["figure"],
            "printed": rows["surface"],
            "where": where,
            "read as": [str(n) for n in numbers],
            "interval": [f"{n:range}" for n in numbers],
            "corrected": [
                f.replace("_", " ").replace(";", ", ") or "–" for f in rows["corrections"]
            ],
        }
        return show(pd.DataFrame(columns).reset_index(drop=True), caption=caption)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a DataFrame as mappings."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["Africa", "ASEAN", "Latin America"])
    'Africa, ASEAN and Latin America'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _bare(other: Estimate | float) -> Interval | float:
    return other.interval if isinstance(other, Estimate) else other


def _bracketed(name: str, sign: str) -> str:
    bare = name[0] != "(" and any(other in name for other in "+−∩")
    return f"({name})" if bare and sign in "×÷" else name


def _one_of(setting: str, value: str, options: Iterable[str]) -> None:
    if value not in options:
        raise ValueError(f"{setting} is {value!r}, expected one of {', '.join(options)}")
