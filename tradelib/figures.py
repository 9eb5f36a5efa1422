"""Look figures up: those of the articles, and those that others published.

>>> articles, others = load("CNY", "printed")
>>> articles.one(flow="exports", period=2025)
26.99 trillion yuan = exports in 2025 (yuan)
>>> print(others.by("partner", flow="exports", period=2024)["Africa"])
1.272 trillion yuan
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from tradelib.column import EstimateDtype
from tradelib.estimate import Estimate
from tradelib.ledger import load_figures, load_optional, load_reference
from tradelib.quantity import READINGS, Reading
from tradelib.reference import WHOLE, Rates, Row, currencies, currency_of

DEFAULTS: Final = WHOLE | {"measure": "level"}
"""What is meant where a look-up does not say."""
QUANTITY: Final = (*DEFAULTS, "flow", "period", "basis")
"""Rows that differ in one of these are not on one quantity; they may differ in currency."""
COLUMNS: Final = (*QUANTITY, "currency_basis", "vintage", "article", "publisher")
"""What figures can be asked for by."""
Names = dict[str, Any]
"""The names that there are, by what they are called in small letters."""


def load(
    currency: str = "CNY", reading: str = "rounded", folder: Path | str | None = None
) -> tuple[Figures, Figures]:
    """Load the figures of the articles and those of others, ready to be looked up.

    Amounts and growth are told in ``currency``, an ISO 4217 code; the ``reading`` is ``rounded``,
    or ``printed`` where the press may also have cut digits off; the tables' ``folder`` is the
    project's own by default. A setting that is none of those it may be is a ValueError.
    """
    _check("CURRENCY", currency, _called(currencies()))
    _check("READING", reading, _called(READINGS))
    figures = load_figures(reading=cast(Reading, reading), folder=folder)
    reference = load_reference(reading=cast(Reading, reading), folder=folder)
    outlets = {
        row["article"]: f"{row['outlet']}’s article on {row['year']}".removeprefix("’s ")
        for row in load_optional("articles", folder).to_dict("records")
    }
    figures["publisher"] = figures["article"].map(outlets)
    names, rates = _names((figures, reference), folder), Rates(reference)
    return (
        Figures("the articles", figures, currency, names, rates),
        Figures("others", reference, currency, names, rates),
    )


class Figures:
    """Figures to be looked up, made by `load`: `by` gives a column, `one` a single estimate.

    ``table`` is the plain DataFrame underneath, a row for each printed figure.
    """

    def __init__(
        self, whose: str, table: pd.DataFrame, currency: str, names: dict[str, Names], rates: Rates
    ):
        self.table = table
        self._whose, self._currency, self._names, self._rates = whose, currency, names, rates
        cells = table.astype(object)
        self._rows = cells.where(cells.notna() & (cells != ""), None).to_dict("records")

    def __repr__(self) -> str:
        return f"{len(self._rows)} figures of {self._whose}, in {self._currency}: .by, .one, .table"

    def by(self, *keys: str, currency: str = "", **where: Any) -> pd.Series[Any]:
        """Look up a column of estimates, indexed by one key (a column of the table) or more.

        ``where`` tells what the rows shall be, by column: a value, a list of values that must all
        be found, or None for "no value". China, World, All and ``level`` are meant where they are
        neither named nor keys; flow and period have to be. Amounts and growth printed in
        ``currency``, by default that of `load`, are taken as printed, others translated by the
        `Rates` of their years; of several rows on one quantity the narrowest counts. The order is
        that of the table, or of the years. A column or a value that there is not is a ValueError
        that tells those there are, a figure that there is not a LookupError.

        >>> articles, others = load()
        >>> growth = articles.by("partner", flow="exports", measure="growth", period=2025)
        >>> growth.drop("World").idxmax()
        'Africa'
        """
        if not keys:
            raise ValueError('name a key, as in by("partner", …); one(…) gives a single figure')
        found = self._find(keys, where, currency)
        index = pd.MultiIndex.from_tuples(found, names=keys)
        flat = pd.Index([key[0] for key in found], name=keys[0]) if len(keys) == 1 else index
        return pd.Series([*found.values()], index=flat, dtype=EstimateDtype())

    def one(self, *, currency: str = "", **where: Any) -> Estimate:
        """Look up one figure, asked for as in `by`.

        >>> articles, others = load("USD")
        >>> print(articles.one(flow="balance", period=2025))
        1.189 trillion dollars
        """
        return self._find((), where, currency)[()]

    def _find(
        self, keys: Sequence[str], where: Mapping[str, Any], currency: str
    ) -> dict[tuple[Any, ...], Estimate]:
        """Look estimates up by their keys."""
        currency = currency or self._currency
        _check("currency", currency, _called(currencies()))
        asked = self._asked(keys, where)
        rows = [row for row in self._rows if all(row[k] in v for k, v in asked.items())]
        there = {name: {row[name] for row in rows} for name in asked}
        lost = {k: [v for v in values if v not in there[k]] for k, values in asked.items()}
        if any(lost.values()):
            told = (f"{k} {' or '.join(map(str, lost[k] or v))}" for k, v in asked.items())
            raise LookupError(f"{self._whose} have no figure with {', '.join(told)}")
        if "period" in keys:
            rows.sort(key=lambda row: str(row["period"] or ""))  # 2025 before 2025-Q1
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
        return {key: self._narrowest(group, currency) for key, group in groups.items()}

    def _asked(self, keys: Sequence[str], where: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The values that each column may have, checked to be among those there are."""
        for name in (*keys, *where):
            _check("column", name, _called(COLUMNS))
        asked: dict[str, list[Any]] = {k: [v] for k, v in DEFAULTS.items() if k not in keys}
        for name, value in where.items():
            several = isinstance(value, Iterable) and not isinstance(value, str)
            asked[name] = [*value] if several else [value]
            for one in asked[name]:
                if one is not None:
                    _check(name, one, self._names[name])
        for name in ("flow", "period"):
            if name not in asked and name not in keys:
                raise ValueError(f"name a {name}, as in {name}=…, or make it a key")
        return asked

    def _narrowest(self, rows: Sequence[Row], currency: str) -> Estimate:
        """The narrowest of some rows on one quantity: printed in a currency, else translated."""
        for name in QUANTITY:
            values = dict.fromkeys(str(row[name]) for row in rows if row[name])
            if len(values) > 1:
                told = ", ".join(values)
                raise ValueError(f"{name} may be {told}: name one of them, or make {name} a key")
        printed = [row for row in rows if currency_of(row) in ("", currency)]
        dollars = [row for row in rows if currency_of(row) == "USD"]
        found = [self._translated(row, currency) for row in printed or dollars or rows]
        return min(found, key=lambda estimate: estimate.interval.width)

    def _translated(self, row: Row, currency: str) -> Estimate:
        """A row in a currency: as it is, or its amount or growth times the rates of its years."""
        printed, per = Estimate.of(row), currency_of(row)
        if per in ("", currency):
            return printed
        growing, year, base = row["measure"] == "growth", row["period"], row["basis"]
        years = [year, base] if growing else [year or base]
        if not all(str(one).isdigit() for one in years):
            raise ValueError(f"{printed.name} has no year to translate it: name its own currency")
        rates = self._rates.of(currency, per, [int(one) for one in years])
        told = (1 + printed) * rates[0] / rates[1] - 1 if growing else printed * rates[0]
        return cast(Estimate, told)


def _names(tables: Iterable[pd.DataFrame], folder: Path | str | None) -> dict[str, Names]:
    """The values that each column may have; partners and products by their other names, too."""
    names: dict[str, Names] = {}
    for column in COLUMNS:
        known = pd.concat([table[column] for table in tables if column in table]).dropna()
        names[column] = _called(name for name in known.tolist() if name != "")
    for column in ("partner", "product"):
        for row in load_optional(f"{column}s", folder).to_dict("records"):
            called = (row[column], row.get("short", ""), *row.get("aliases", "").split(";"))
            names[column] |= {other.lower(): row[column] for other in called if other}
    return names


def _called(names: Iterable[Any]) -> dict[str, Any]:
    return {str(name).lower(): name for name in names}


def _check(what: str, found: Any, names: Names) -> None:
    """Raise a ValueError for what is none of some names, with the nearest of them."""
    if found not in (there_are := sorted({*names.values()}, key=str)):
        near = get_close_matches(str(found).lower(), names, 1)
        meant = f" (did you mean {names[near[0]]!r}?)" if near else ""
        told = ", ".join(map(str, there_are))
        raise ValueError(f"unknown {what} {found!r}{meant}, expected one of {told}")
