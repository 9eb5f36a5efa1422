"""Look figures up: those of the articles, and those that others published.

>>> articles, others = load("CNY", "printed")
>>> articles.one(flow="exports", period=2025)
26.99 trillion yuan = exports in 2025 (yuan)
>>> others.by("partner", flow="exports", period=2024)["Africa"]
1.272 trillion yuan = exports to Africa in 2024 (yuan)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from tradelib import column  # the dtype "estimate"
from tradelib.estimate import Estimate
from tradelib.ledger import HOME, load_figures, load_optional, load_reference
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import currencies, mean_rate
from tradelib.scale import Scale

__all__ = ["Figures", "load"]

DEFAULTS: Final = {"reporter": HOME, "partner": "World", "product": "All", "measure": "level"}
"""What is meant where a look-up does not say."""
QUANTITY: Final = (*DEFAULTS, "flow", "period", "basis")
"""Rows that differ in one of these are not on one quantity; they may differ in currency."""
COLUMNS: Final = (*QUANTITY, "currency_basis", "vintage", "article", "publisher")
"""What figures can be asked for by."""
RATE_FLOWS: Final = ("exports", "imports", "trade")
"""Flows whose amounts in two currencies tell the customs' rate, the first known one first."""
Row = Mapping[Any, Any]


def load(
    currency: str = "CNY", reading: str = "rounded", folder: Path | str | None = None
) -> tuple[Figures, Figures]:
    """Load the figures of the articles and those of others, ready to be looked up.

    Parameters
    ----------
    currency
        ISO 4217 code in which amounts and rates of growth are told: ``CNY``, ``USD``, or any other
        of which the European Central Bank has rates.
    reading
        ``rounded``, or ``printed`` where the press may also have cut digits off.
    folder
        Of the tables; the project's own by default.

    Raises
    ------
    ValueError
        If a setting is none of those it may be; `DataError` where a table is not in order.
    """
    _check("READING", reading, READINGS)
    _check("CURRENCY", currency, currencies())
    kind: Reading = "printed" if reading == "printed" else "rounded"
    figures = load_figures(reading=kind, folder=folder)
    reference = load_reference(reading=kind, folder=folder)
    told = {
        row["article"]: f"{row['outlet']}’s article on {row['year']}".removeprefix("’s ")
        for row in load_optional("articles", folder).to_dict("records")
    }
    figures["publisher"] = figures["article"].map(told)
    tables = (figures, reference)
    known: dict[str, set[Any]] = {
        name: {value for table in tables if name in table for value in table[name]}
        for name in COLUMNS
    }
    known["partner"] |= {*load_optional("partners", folder)["partner"]}
    known["product"] |= {*load_optional("products", folder)["product"]}
    rates = Rates(_records(reference))
    return (
        Figures(figures, "the articles", currency, known, rates),
        Figures(reference, "others", currency, known, rates),
    )


class Figures:
    """Figures that can be looked up: `by` gives a column, `one` a single estimate.

    ``table`` is the plain DataFrame underneath, a row for each printed figure.
    """

    def __init__(
        self, table: pd.DataFrame, whose: str, currency: str,
        known: Mapping[str, set[Any]], rates: Rates,
    ):  # fmt: skip
        self.table = table
        self._rows, self._whose = _records(table), whose
        self._currency, self._known, self._rates = currency, known, rates

    def by(self, *keys: str, currency: str = "", **where: Any) -> pd.Series[Any]:
        """Look up a column of estimates, indexed by one or more keys.

        Parameters
        ----------
        keys
            Columns of the table: ``"partner"``, ``"period"``, …; two or more give a MultiIndex.
        currency
            Instead of that of `load`. Amounts printed in it are taken as printed; others are
            translated at the customs' own rate of the year, where they published both currencies,
            else at the ECB's mean. Growth is translated by the change of that rate.
        where
            What the rows shall be, by column: a value, a list of values, or None for "no value".
            China, World, All and ``level`` are meant where they are neither named nor keys; flow
            and period have to be.

        Returns
        -------
        Series
            Of dtype ``estimate``, in the table's order, sorted where a key is the period. Of
            several rows on one quantity the narrowest counts.

        Raises
        ------
        ValueError
            For a column or a value that there is not, with those there are.
        LookupError
            If nothing is found, with what was asked.

        Examples
        --------
        >>> articles, others = load()
        >>> growth = articles.by("partner", flow="exports", measure="growth", period=2025)
        >>> growth.drop("World").idxmax()
        'Africa'
        """
        if not keys:
            raise ValueError('name a key, as in by("partner", …); one(…) gives a single figure')
        found = self._find(keys, where, currency)
        index = pd.MultiIndex.from_tuples(found, names=keys)
        flat = index if len(keys) > 1 else pd.Index([key for (key,) in found], name=keys[0])
        return pd.Series([*found.values()], index=flat, dtype=column.EstimateDtype())

    def one(self, *, currency: str = "", **where: Any) -> Estimate:
        """Look up one figure, asked for as in `by`.

        >>> articles, others = load("USD")
        >>> print(articles.one(flow="balance", period=2025))
        1.189 trillion dollars
        """
        (found,) = self._find((), where, currency).values()
        return found

    def __repr__(self) -> str:
        return f"{len(self._rows)} figures of {self._whose}, in {self._currency}: .by, .one, .table"

    def _find(
        self, keys: Sequence[str], where: Mapping[str, Any], currency: str
    ) -> dict[tuple[Any, ...], Estimate]:
        """The estimates by their keys."""
        _check("currency", currency or self._currency, currencies())
        asked = {name: self._values(name, value) for name, value in where.items()}
        for name in keys:
            _check("key", name, self._known)
        for name in ("flow", "period"):
            if name not in asked and name not in keys:
                raise ValueError(f"name a {name}, as in {name}=…, or make it a key")
        asked = {k: [v] for k, v in DEFAULTS.items() if k not in where and k not in keys} | asked
        rows = [row for row in self._rows if all((row[k] or None) in v for k, v in asked.items())]
        self._check_found(rows, asked)
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
        if "period" in keys:
            place = keys.index("period")
            groups = dict(sorted(groups.items(), key=lambda group: group[0][place] or 0))
        return {k: self._narrowest(g, currency or self._currency) for k, g in groups.items()}

    def _values(self, name: str, value: Any) -> list[Any]:
        """The values that a column may have, each checked to be among those there are."""
        _check("column", name, self._known)
        values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else [*value]
        years = pd.api.types.is_integer_dtype(self.table[name])
        for one in values:
            if years and one is not None and not pd.api.types.is_integer(one):
                raise ValueError(f"{name} is {one!r}, expected a whole number such as 2025")
            if not years and one is not None:
                _check(name, one, self._known[name])
        return values

    def _check_found(self, rows: Sequence[Row], asked: Mapping[str, Sequence[Any]]) -> None:
        """Raise a LookupError where nothing was found, or nothing of a value that was listed."""
        for name, values in asked.items():
            lost = [v for v in values if v not in {row[name] or None for row in rows}]
            if not rows or lost:
                told = ", ".join(
                    f"{k} {' or '.join(map(str, lost if rows and k == name else v))}"
                    for k, v in asked.items()
                )
                raise LookupError(f"{self._whose} have no figure with {told}")

    def _narrowest(self, rows: Sequence[Row], currency: str) -> Estimate:
        """The narrowest of some rows on one quantity: printed in a currency, else translated."""
        for name in QUANTITY:
            if len(values := {str(row[name]): 0 for row in rows if row[name]}) > 1:
                told = ", ".join(values)
                raise ValueError(f"{name} may be {told}: name one of them, or make {name} a key")
        own = [row for row in rows if _currency_of(row) in ("", currency)]
        found = [Estimate.of(row) for row in own] or [self._told(row, currency) for row in rows]
        return min(found, key=lambda estimate: estimate.interval.width)

    def _told(self, row: Row, currency: str) -> Estimate:
        """An amount or a growth in another currency than it was printed in."""
        printed, base = Estimate.of(row), str(row["basis"] or "")
        year = row["period"] or (int(base) if base.isdigit() else None)
        growing = row["measure"] == "growth"
        if year is None or (growing and not base.isdigit()):
            raise ValueError(f"{printed.name} has no year to translate it: name its own currency")
        years = [year, int(base)] if growing else [year]
        rates = self._rates(currency, _currency_of(row), years)
        told = (1 + printed) * rates[0] / rates[1] - 1 if growing else printed * rates[0]
        return cast(Estimate, told)


class Rates:
    """Exchange rates of a year: the customs' own where they can be told, else the ECB's mean.

    The customs publish each year's amounts in yuan and in dollars, and revise both a year later;
    their rate is the quotient of two amounts of one kind, first releases or revisions. A revision
    is printed, or follows from the next year's amount and its growth. All years of one call are
    from one source, as the two differ by about one percent. A third currency goes by the dollar.
    """

    def __init__(self, rows: Iterable[Row]):
        whole = {**DEFAULTS, "measure": None}
        self._rows = [r for r in rows if all(v in (None, r[k]) for k, v in whole.items())]
        self._customs = lru_cache(maxsize=None)(self._find)

    def __call__(self, to: str, per: str, years: Sequence[int]) -> list[Estimate]:
        """Units of a currency for one of another, for each of some years."""
        own = [rate for year in years if (rate := self._customs(to, per, year))]
        if len(own) == len(years):
            return own
        if "USD" not in (to, per):
            steps = zip(self(to, "USD", years), self("USD", per, years), strict=True)
            return [first * second for first, second in steps]
        means = (mean_rate(to, per, year).value for year in years)
        return [
            Estimate(Interval(mean, mean), f"{to}/{per}", _rate_name("ECB’s mean", to, per, year))
            for year, mean in zip(years, means, strict=True)
        ]

    def _find(self, to: str, per: str, year: int) -> Estimate | None:
        """The customs' rate of a year, where they have both currencies of one kind."""
        for flow in RATE_FLOWS:
            pairs: list[Estimate] = [
                above / below
                for revised in (False, True)
                for above in self._amounts(flow, year, to, revised)
                for below in self._amounts(flow, year, per, revised)
            ]
            if pairs:
                rate = min(pairs, key=lambda pair: pair.interval.width)
                return rate.named(_rate_name("customs’", to, per, year))
        return None

    def _amounts(self, flow: str, year: int, unit: str, revised: bool) -> list[Estimate]:
        """What the customs first published of a year, or what they revised it to."""
        keys = {"flow": flow, "measure": "level", "unit": unit}
        own = self._of(keys, year)
        if not revised:
            return [Estimate.of(row) for row in own if row["vintage"] <= year + 1]
        rates = {"flow": flow, "measure": "growth", "currency_basis": unit, "basis": str(year)}
        return [Estimate.of(row) for row in own if row["vintage"] > year + 1] + [
            Estimate.of(level) / (1 + Estimate.of(growth))
            for level in self._of(keys, year + 1)
            for growth in self._of(rates, year + 1)
            if level["vintage"] == growth["vintage"]
        ]

    def _of(self, keys: Mapping[str, str], year: int) -> list[Row]:
        rows = (row for row in self._rows if row["period"] == year)
        return [row for row in rows if all(row[k] == v for k, v in keys.items())]


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a table, None for what is missing."""
    cells = table.astype(object)
    return cells.where(cells.notna(), None).to_dict("records")


def _currency_of(row: Row) -> str:
    """The currency of an amount or of a growth; empty for what has none."""
    if row["kind"] == "money":
        return str(row["unit"])
    return str(row["currency_basis"] or "") if row["measure"] == "growth" else ""


def _rate_name(whose: str, to: str, per: str, year: int) -> str:
    return f"{whose} rate of {year} ({Scale.of(f'{to}/{per}').words})"


def _check(what: str, found: Any, there_are: Iterable[Any]) -> None:
    """Raise a ValueError for what is none of those there are, with the nearest of them."""
    names = sorted({str(name) for name in there_are if name})
    if found in names:
        return
    lower = {name.lower(): name for name in names}
    near = get_close_matches(str(found).lower(), lower, 1)
    meant = f" (did you mean {lower[near[0]]!r}?)" if near else ""
    more = ", …" if len(names) > 40 else ""
    raise ValueError(f"{what} is {found!r}{meant}, expected one of {', '.join(names[:40])}{more}")
