"""Look figures up: those of the articles, and those that others published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_list_like

from tradelib.column import EstimateDtype
from tradelib.estimate import Estimate
from tradelib.ledger import load_figures, load_reference, load_table
from tradelib.quantity import READINGS, Reading
from tradelib.reference import WHOLE, Rates, Row, euro_rates

DEFAULTS: Final = WHOLE | {"measure": "level"}  # meant where a look-up does not say
QUANTITY: Final = (*DEFAULTS, "flow", "period", "basis")  # alike in rows on one quantity
COLUMNS: Final = (*QUANTITY, "currency_basis", "vintage", "article", "publisher")


def load(
    currency: str = "CNY", reading: Reading = "rounded", folder: Path | str | None = None
) -> tuple[Figures, Figures]:
    """Load the figures of the articles and those of others, ready to be looked up.

    Amounts and growth are told in ``currency``, an ISO 4217 code; the ``reading`` is ``rounded``,
    or ``printed`` where the press may also have cut digits off; the tables' ``folder`` is the
    project's own by default. A setting that is none of those it may be is a ValueError.

    >>> articles, others = load("CNY", "printed")
    >>> articles.one(flow="exports", period=2025)
    26.99 trillion yuan = exports in 2025 (yuan)
    """
    _check("CURRENCY", currency, _called(euro_rates()))
    _check("READING", reading, _called(READINGS))
    figures = load_figures(reading=reading, folder=folder)
    reference = load_reference(reading=reading, folder=folder)
    outlets = {
        row["article"]: f"{row['outlet']}’s article on {row['year']}".removeprefix("’s ")
        for row in load_table("articles", folder).to_dict("records")
    }
    figures["publisher"] = figures["article"].map(outlets)
    rows = _rows(figures), _rows(reference)
    names, rates = _names([*rows[0], *rows[1]], folder), Rates(reference)
    articles = Figures(figures, "the articles", rows[0], currency, names, rates)
    return articles, Figures(reference, "others", rows[1], currency, names, rates)


@dataclass(frozen=True, repr=False, eq=False)
class Figures:
    """Figures to be looked up, made by `load`: `by` gives a column, `one` a single estimate.

    ``table`` is the plain DataFrame underneath, a row for each printed figure.
    """

    table: pd.DataFrame
    _whose: str
    _rows: Sequence[Row]
    _currency: str
    _names: Mapping[str, Mapping[str, Any]]
    _rates: Rates

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
        index = pd.Index([*found]).set_names([*keys])
        return pd.Series([*found.values()], index=index, dtype=EstimateDtype())

    def one(self, *, currency: str = "", **where: Any) -> Estimate:
        """Look up one figure, asked for as in `by`.

        >>> articles, others = load("USD")
        >>> print(articles.one(flow="balance", period=2025))
        1.189 trillion dollars
        """
        return self._find((), where, currency)[()]

    def _find(self, keys: Sequence[str], where: dict[str, Any], money: str) -> dict[Any, Estimate]:
        """Look estimates up by one key, or by a tuple of them."""
        _check("currency", money := money or self._currency, _called(euro_rates()))
        asked = self._asked(keys, where)
        rows = [row for row in self._rows if all(row.get(name) in asked[name] for name in asked)]
        lost = {name: {*asked[name]}.difference(row.get(name) for row in rows) for name in asked}
        if any(lost.values()):
            told = (f"{k} {' or '.join(sorted(map(str, lost[k] or asked[k])))}" for k in asked)
            raise LookupError(f"{self._whose} have no figure with {', '.join(told)}")
        if "period" in keys:
            rows.sort(key=lambda row: str(row["period"] or ""))  # 2025 before 2025-Q1
        groups: dict[Any, list[Row]] = {}
        for row in rows:
            key = row.get(keys[0]) if len(keys) == 1 else tuple(map(row.get, keys))
            groups.setdefault(key, []).append(row)
        return {key: self._told(group, money) for key, group in groups.items()}

    def _asked(self, keys: Sequence[str], where: dict[str, Any]) -> dict[str, list[Any]]:
        """The values that each column may have, checked to be among those there are."""
        for name in (*keys, *where):
            _check("column", name, _called(COLUMNS))
        for name in ("flow", "period"):
            if name not in (*keys, *where):
                raise ValueError(f"name a {name}, as in {name}=…, or make it a key")
        meant = {name: value for name, value in DEFAULTS.items() if name not in keys} | where
        asked = {name: [*v] if is_list_like(v) else [v] for name, v in meant.items()}
        for name in where:
            for value in asked[name]:
                _check(name, value, self._names[name])
        return asked

    def _told(self, rows: Sequence[Row], currency: str) -> Estimate:
        """What rows tell that are all on one quantity, in a currency."""
        for name in QUANTITY:
            values = dict.fromkeys(str(row[name]) for row in rows if row[name])
            if len(values) > 1:
                told = ", ".join(values)
                raise ValueError(f"{name} may be {told}: name one of them, or make {name} a key")
        return self._rates.narrowest(rows, currency)


def _rows(table: pd.DataFrame) -> Sequence[Row]:
    """The rows of a table, in which None is what has no value."""
    cells = table.astype(object)
    return cells.where(cells.notna() & (cells != ""), None).to_dict("records")


def _names(rows: Iterable[Row], folder: Path | str | None) -> dict[str, dict[str, Any]]:
    """The values that each column may have; partners and products by their other names, too."""
    names = {c: _called(row.get(c) for row in rows) for c in COLUMNS}
    for column in ("partner", "product"):
        for row in load_table(f"{column}s", folder).to_dict("records"):
            called = (row[column], row.get("short", ""), *row.get("aliases", "").split(";"))
            names[column] |= {other.lower(): row[column] for other in called if other}
    return names


def _called(names: Iterable[Any]) -> dict[str, Any]:
    """Names by what they are called in small letters."""
    return {str(name).lower(): name for name in names}


def _check(what: str, found: Any, names: Mapping[str, Any]) -> None:
    """Raise a ValueError for what is none of some names, with the nearest of them."""
    if found not in (there_are := sorted({*names.values()}, key=str)):
        near = get_close_matches(str(found).lower(), names, 1)
        meant = f" (did you mean {names[near[0]]!r}?)" if near else ""
        told = ", ".join(map(str, there_are))
        raise ValueError(f"unknown {what} {found!r}{meant}, expected one of {told}")
