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
from itertools import product
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from tradelib.column import EstimateDtype
from tradelib.estimate import Estimate
from tradelib.ledger import HOME, load_figures, load_optional, load_reference
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import currencies, mean_rate
from tradelib.scale import Scale

DEFAULTS: Final = {"reporter": HOME, "partner": "World", "product": "All", "measure": "level"}
"""What is meant where a look-up does not say."""
QUANTITY: Final = (*DEFAULTS, "flow", "period", "basis")
"""Rows that differ in one of these are not on one quantity; they may differ in currency."""
COLUMNS: Final = (*QUANTITY, "currency_basis", "vintage", "article", "publisher")
"""What figures can be asked for by."""
YEARS: Final = ("period", "vintage")
"""Those of them that are numbers."""
RATE_FLOWS: Final = ("exports", "imports", "trade")
"""Flows whose amounts in two currencies tell the customs' rate: the first that is known."""
ONE_EDITION: Final = 0.001
"""Amounts of one kind that are further apart (a part of them) were revised twice: which of them
goes with which amount in another currency cannot be told. Rounded or cut off, they are closer."""
MOST_NAMES: Final = 50
"""How many of the names there are an error lists."""
Row = Mapping[Any, Any]


def load(
    currency: str = "CNY", reading: str = "rounded", folder: Path | str | None = None
) -> tuple[Figures, Figures]:
    """Load the figures of the articles and those of others, ready to be looked up.

    Amounts and growth are told in ``currency``, an ISO 4217 code; the ``reading`` is ``rounded``,
    or ``printed`` where the press may also have cut digits off; the tables' ``folder`` is the
    project's own by default. A setting that is none of those it may be is a ValueError.
    """
    _check("CURRENCY", currency, currencies())
    _check("READING", reading, READINGS)
    figures = load_figures(reading=cast(Reading, reading), folder=folder)
    reference = load_reference(reading=cast(Reading, reading), folder=folder)
    outlets = {
        row["article"]: f"{row['outlet']}’s article on {row['year']}".removeprefix("’s ")
        for row in load_optional("articles", folder).to_dict("records")
    }
    figures["publisher"] = figures["article"].map(outlets)
    names = _names((figures, reference), folder)
    rates = Rates(_records(reference))
    return (
        Figures(figures, "the articles", currency, names, rates),
        Figures(reference, "others", currency, names, rates),
    )


class Figures:
    """Figures to be looked up, made by `load`: `by` gives a column, `one` a single estimate.

    ``table`` is the plain DataFrame underneath, a row for each printed figure.
    """

    def __init__(
        self, table: pd.DataFrame, whose: str, currency: str,
        names: Mapping[str, Mapping[str, str]], rates: Rates,
    ):  # fmt: skip
        self.table = table
        self._rows, self._whose = _records(table), whose
        self._currency, self._names, self._rates = currency, names, rates

    def __repr__(self) -> str:
        return f"{len(self._rows)} figures of {self._whose}, in {self._currency}: .by, .one, .table"

    def by(self, *keys: str, currency: str = "", **where: Any) -> pd.Series[Any]:
        """Look up a column of estimates, indexed by one key or more.

        Parameters
        ----------
        keys
            Columns of the table: ``"partner"``, ``"period"``, …; two or more give a MultiIndex.
        currency
            Another than that of `load`. Amounts and growth printed in it are taken as printed;
            others are translated by the `Rates` of their years.
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
        flat = pd.Index([key[0] for key in found], name=keys[0]) if len(keys) == 1 else index
        return pd.Series([*found.values()], index=flat, dtype=EstimateDtype())

    def one(self, *, currency: str = "", **where: Any) -> Estimate:
        """Look up one figure, asked for as in `by`.

        >>> articles, others = load("USD")
        >>> print(articles.one(flow="balance", period=2025))
        1.189 trillion dollars
        """
        (found,) = self._find((), where, currency).values()
        return found

    def _find(
        self, keys: Sequence[str], where: Mapping[str, Any], currency: str
    ) -> dict[tuple[Any, ...], Estimate]:
        """Look estimates up by their keys."""
        currency = currency or self._currency
        _check("currency", currency, currencies())
        for name in keys:
            _check("key", name, COLUMNS)
        asked = {k: [v] for k, v in DEFAULTS.items() if k not in where and k not in keys}
        asked |= {name: self._values(name, value) for name, value in where.items()}
        for name in ("flow", "period"):
            if name not in asked and name not in keys:
                raise ValueError(f"name a {name}, as in {name}=…, or make it a key")
        rows = [row for row in self._rows if all(row[k] in v for k, v in asked.items())]
        there = {name: {row[name] for row in rows} for name in asked}
        lost = {k: [v for v in values if v not in there[k]] for k, values in asked.items()}
        if any(lost.values()):
            told = (f"{k} {' or '.join(map(str, lost[k] or v))}" for k, v in asked.items())
            raise LookupError(f"{self._whose} have no figure with {', '.join(told)}")
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
        if "period" in keys:
            place = keys.index("period")
            groups = dict(sorted(groups.items(), key=lambda group: group[0][place] or 0))
        return {key: self._narrowest(group, currency) for key, group in groups.items()}

    def _values(self, name: str, value: Any) -> list[Any]:
        """The values that a column may have, each checked to be among those there are."""
        _check("column", name, COLUMNS)
        values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else [*value]
        for one in values:
            if one is None:
                continue
            if name not in YEARS:
                _check(name, one, self._names[name])
            elif not pd.api.types.is_integer(one):
                raise ValueError(f"{name} is {one!r}, expected a whole number such as 2025")
        return values

    def _narrowest(self, rows: Sequence[Row], currency: str) -> Estimate:
        """The narrowest of some rows on one quantity: printed in a currency, else translated."""
        for name in QUANTITY:
            values = {str(row[name]): 0 for row in rows if row[name]}
            if len(values) > 1:
                raise ValueError(
                    f"{name} may be {', '.join(values)}: name one of them, or make {name} a key"
                )
        for printed in ({"", currency}, {"USD"}, {_currency_of(row) for row in rows}):
            if found := [row for row in rows if _currency_of(row) in printed]:
                break
        told = [self._told(row, currency) for row in found]
        return min(told, key=lambda estimate: estimate.interval.width)

    def _told(self, row: Row, currency: str) -> Estimate:
        """A row in a currency: as it is, or its amount or growth translated."""
        printed, growing = Estimate.of(row), row["measure"] == "growth"
        if _currency_of(row) in ("", currency):
            return printed
        base = int(row["basis"]) if str(row["basis"]).isdigit() else None
        years = [row["period"], base] if growing else [row["period"] or base]
        if None in years:
            raise ValueError(f"{printed.name} has no year to translate it: name its own currency")
        rates = self._rates(currency, _currency_of(row), cast(list[int], years))
        told = (1 + printed) * rates[0] / rates[1] - 1 if growing else printed * rates[0]
        return cast(Estimate, told)


class Rates:
    """Exchange rates of years: the customs' own where they can be told, else the ECB's mean.

    The customs publish a year's amounts in yuan and in dollars, and revise both a year later. Their
    rate is the quotient of two amounts that are both first releases or both revised; what is
    revised is printed, or follows from the next year's amount and its growth. All years of a call
    are from one source, as the two differ by a percent. A third currency goes by the dollar. A
    partner's or a product's own rate may be a tenth of a percent off: its months weigh otherwise.
    """

    def __init__(self, rows: Iterable[Row]):
        self._known: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            if all(row[k] == DEFAULTS[k] for k in ("reporter", "partner", "product")):
                key = (row["flow"], row["measure"], row["period"], _currency_of(row))
                self._known.setdefault(key, []).append(row)

    def __call__(self, to: str, per: str, years: Sequence[int]) -> list[Estimate]:
        """Give units of a currency for one of another, for each of some years."""
        own = [rate for year in years if (rate := self._customs(to, per, year))]
        if len(own) == len(years):
            return own
        if "USD" not in (to, per):
            steps = zip(self(to, "USD", years), self("USD", per, years), strict=True)
            return [first * second for first, second in steps]
        means = [Interval(*[mean_rate(to, per, year).value] * 2) for year in years]
        return [
            Estimate(mean, f"{to}/{per}", _rate_name("ECB’s mean", to, per, year))
            for year, mean in zip(years, means, strict=True)
        ]

    def _customs(self, to: str, per: str, year: int) -> Estimate | None:
        """The customs' rate of a year, where they have both currencies of one kind."""
        for flow, revised in product(RATE_FLOWS, (False, True)):
            amounts = [self._amounts(flow, year, unit, revised) for unit in (to, per)]
            if all(amounts) and all(map(_alike, amounts)):
                above, below = (min(found, key=_relative_width) for found in amounts)
                rate: Estimate = above / below
                return rate.named(_rate_name("customs’", to, per, year))
        return None

    def _amounts(self, flow: str, year: int, unit: str, revised: bool) -> list[Estimate]:
        """What the customs first published of a year, or what they have revised it to since."""
        levels = self._known.get((flow, "level", year, unit), [])
        found = [Estimate.of(row) for row in levels if (row["vintage"] > year + 1) == revised]
        after = (self._known.get((flow, m, year + 1, unit), []) for m in ("level", "growth"))
        for level, growth in product(*after) if revised else ():
            if level["vintage"] == growth["vintage"] and growth["basis"] == str(year):
                found.append(Estimate.of(level) / (1 + Estimate.of(growth)))
        return found


def _alike(amounts: Sequence[Estimate]) -> bool:
    """Whether amounts are of one edition, as far as their intervals tell."""
    gap = max(one.interval.lower for one in amounts) - min(one.interval.upper for one in amounts)
    return gap <= ONE_EDITION * amounts[0].interval.midpoint


def _relative_width(amount: Estimate) -> float:
    return amount.interval.width / abs(amount.interval.midpoint)


def _names(tables: Iterable[pd.DataFrame], folder: Path | str | None) -> dict[str, dict[str, str]]:
    """The names that a column of text may hold, by what they are called in small letters."""
    names = {
        column: {name.lower(): name for table in tables for name in table.get(column, ()) if name}
        for column in COLUMNS
        if column not in YEARS
    }
    for column in ("partner", "product"):
        for row in load_optional(f"{column}s", folder).to_dict("records"):
            called = (row[column], row.get("short", ""), *row.get("aliases", "").split(";"))
            names[column] |= {other.lower(): row[column] for other in called if other}
    return names


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a table, None for what is missing or empty."""
    cells = table.astype(object)
    return cells.where(cells.notna() & (cells != ""), None).to_dict("records")


def _currency_of(row: Row) -> str:
    """The currency of an amount or of a growth; empty for what has none."""
    if row["kind"] == "money":
        return str(row["unit"])
    return str(row["currency_basis"] or "") if row["measure"] == "growth" else ""


def _rate_name(whose: str, to: str, per: str, year: int) -> str:
    return f"{whose} rate of {year} ({Scale.of(f'{to}/{per}').words})"


def _check(what: str, found: Any, names: Iterable[str] | Mapping[str, str]) -> None:
    """Raise a ValueError for what is none of some names, with the nearest of them.

    Names may come with what else they are called, in small letters.
    """
    called = names if isinstance(names, Mapping) else {name.lower(): name for name in names}
    if found not in (there_are := sorted({*called.values()})):
        near = get_close_matches(str(found).lower(), called, 1)
        meant = f" (did you mean {called[near[0]]!r}?)" if near else ""
        told = ", ".join(there_are[:MOST_NAMES]) + ", …" * (len(there_are) > MOST_NAMES)
        raise ValueError(f"unknown {what} {found!r}{meant}, expected one of {told}")
