"""Look figures up, those of the articles and those that others published, in one currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_list_like

from tradelib.estimate import Estimate
from tradelib.ledger import HOME, load_figures, load_reference, load_table
from tradelib.periods import days
from tradelib.quantity import Interval, Reading, expect
from tradelib.reference import daily_rates, euro_rates
from tradelib.scale import Scale

WHOLE: Final = {"reporter": HOME, "partner": "World", "product": "All"}
DEFAULTS: Final = WHOLE | {"measure": "level"}  # meant where a look-up does not say
QUANTITY: Final = (*DEFAULTS, "flow", "period", "basis")  # alike in rows on one quantity
COLUMNS: Final = (*QUANTITY, "currency_basis", "vintage", "article", "publisher")
WIDTH: Final = attrgetter("interval.width")
Row = Mapping[Any, Any]


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
    expect("currency", currency, euro_rates())
    figures = load_figures(reading=reading, folder=folder)
    reference = load_reference(reading=reading, folder=folder)
    outlets = load_table("articles", folder).set_index("article")
    whose = outlets["outlet"] + "’s article on " + outlets["year"].astype(str)
    figures["publisher"] = figures["article"].map(whose.str.removeprefix("’s "))
    printed, published = _rows(figures), _rows(reference)
    shared = currency, _names([*printed, *published], folder), _customs_rates(reference)
    articles = Figures(figures, "the articles", printed, *shared)
    return articles, Figures(reference, "others", published, *shared)


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures to be looked up, made by `load`: `by` gives a column, `one` a single estimate.

    ``table`` is the plain DataFrame underneath, a row for each printed figure.
    """

    table: pd.DataFrame
    _whose: str
    _rows: Sequence[Row]
    _currency: str
    _names: Mapping[str, Mapping[str, Any]]
    _customs: Mapping[tuple[str, str, str], Estimate]

    def __repr__(self) -> str:
        return f"{len(self._rows)} figures of {self._whose}, in {self._currency}: .by, .one, .table"

    def by(self, *keys: str, currency: str = "", **where: Any) -> pd.Series[Any]:
        """Look up a column of estimates, indexed by one key (a column of the table) or more.

        ``where`` tells what the rows shall be, by column: a value, a list of values that must all
        be found, or None for "no value". China, World, All and ``level`` are meant where they are
        neither named nor keys; flow and period have to be. What is printed in ``currency``, by
        default that of `load`, is taken as printed, other money and its growth translated by the
        customs' own rates where they can be told, else by the ECB's mean; of several rows on one
        quantity the narrowest counts. A column or a value that there is not is a ValueError, a
        figure that there is not a LookupError.

        >>> articles, others = load()
        >>> growth = articles.by("partner", flow="exports", measure="growth", period=2025)
        >>> growth.drop("World").idxmax()
        'Africa'
        """
        if not keys:
            raise ValueError('name a key, as in by("partner", …); one(…) gives a single figure')
        found = self._find(keys, where, currency)
        index = pd.Index([*found]).set_names([*keys])
        return pd.Series([*found.values()], index=index, dtype="estimate")

    def one(self, *, currency: str = "", **where: Any) -> Estimate:
        """Look up one figure, asked for as in `by`."""
        return self._find((), where, currency)[()]

    def _find(self, keys: Sequence[str], where: Row, currency: str) -> dict[Any, Estimate]:
        currency = currency or self._currency
        expect("currency", currency, euro_rates())
        for name in (*keys, *where):
            expect("column", name, COLUMNS)
        if lacks := [name for name in ("flow", "period") if name not in (*keys, *where)]:
            raise ValueError(f"name a {lacks[0]}, as in {lacks[0]}=…, or make it a key")
        meant = {name: value for name, value in DEFAULTS.items() if name not in keys}
        asked = {k: [*v] if is_list_like(v) else [v] for k, v in {**meant, **where}.items()}
        for name in where:
            for value in asked[name]:
                expect(name, value, self._names[name].values(), self._names[name])
        rows = [row for row in self._rows if all(row.get(name) in asked[name] for name in asked)]
        lost = {name: {*asked[name]}.difference(row.get(name) for row in rows) for name in asked}
        if any(lost.values()):
            told = (f"{k} {' or '.join(sorted(map(str, lost[k] or asked[k])))}" for k in asked)
            raise LookupError(f"{self._whose} have no figure with {', '.join(told)}")
        groups = defaultdict[Any, list[Row]](list)
        for row in sorted(rows, key=lambda row: str(row["period"])):  # 2025 before 2025-Q1
            groups[row.get(keys[0]) if len(keys) == 1 else tuple(map(row.get, keys))].append(row)
        return {key: self._told(group, currency) for key, group in groups.items()}

    def _told(self, rows: Sequence[Row], currency: str) -> Estimate:
        """What rows on one quantity tell in a currency, printed in it if any is: the narrowest."""
        for name in QUANTITY:
            values = dict.fromkeys(str(row[name]) for row in rows if row[name])
            if len(values) > 1:
                some = ", ".join(values)
                raise ValueError(f"{name} may be {some}: name one of them, or make {name} a key")
        printed = [Estimate.of(row) for row in rows if row["currency"] in (None, currency)]
        dollars = [row for row in rows if row["currency"] == "USD"]
        told = printed or [self._translated(row, currency) for row in dollars or rows]
        return min(told, key=WIDTH)

    def _translated(self, row: Row, currency: str) -> Estimate:
        printed, growing = Estimate.of(row), row["measure"] == "growth"
        times = [row["period"], row["basis"]] if growing else [row["period"] or row["basis"]]
        if not all(times):
            raise ValueError(f"{printed.name} has no year to translate it: name its own currency")
        try:
            rates = self._rates(currency, row["currency"], [str(time) for time in times])
        except ValueError as error:
            raise ValueError(f"{printed.name}: {error}; name its own currency") from None
        told: Estimate = (1 + printed) * rates[0] / rates[1] - 1 if growing else printed * rates[0]
        return told

    def _rates(self, currency: str, per: str, times: Sequence[str]) -> list[Estimate]:
        """Units of a currency for one of another, all of one source: they differ by a percent."""
        keys = [(currency, per, time) for time in times]
        if all(key in self._customs for key in keys):
            return [self._customs[key] for key in keys]
        if "USD" not in (currency, per):
            firsts, seconds = self._rates(currency, "USD", times), self._rates("USD", per, times)
            return [one * other for one, other in zip(firsts, seconds, strict=True)]
        means = [daily_rates(currency, per, *days(time)).mean() for time in times]
        rates = [Estimate(Interval(mean, mean), f"{currency}/{per}", "") for mean in means]
        return [_named(rate, "ECB’s mean", time) for rate, time in zip(rates, times, strict=True)]


def _customs_rates(reference: pd.DataFrame) -> dict[tuple[str, str, str], Estimate]:
    """The customs' rates, by currency, the one they are told for, and time.

    Each is the quotient of two amounts of one release that leaves least open. A release also has
    the amounts of the year before: in print, or by the growth since.
    """
    whole = (reference[[*WHOLE]] == [*WHOLE.values()]).all(axis=1)
    rows = reference[whole & reference["flow"].isin(["exports", "imports", "trade"])]
    rates = defaultdict[tuple[str, str, str], list[Estimate]](list)
    for _, release in rows.groupby(["flow", "vintage"]):
        told = release.to_dict("records")
        levels, growth = ([r for r in told if r["measure"] == m] for m in ("level", "growth"))
        amounts = [(str(row["period"]), Estimate.of(row)) for row in levels]
        for now, row in product(levels, growth):
            if (now["period"], now["unit"]) == (row["period"], row["currency_basis"]):
                amounts.append((row["basis"], Estimate.of(now) / (1 + Estimate.of(row))))
        for (time, one), (same, other) in permutations(amounts, 2):
            if time == same and one.unit != other.unit:
                rates[one.unit, other.unit, time].append(one / other)
    return {key: _named(min(some, key=WIDTH), "customs’", key[2]) for key, some in rates.items()}


def _named(rate: Estimate, whose: str, time: str) -> Estimate:
    return replace(rate, name=f"{whose} rate of {time} ({Scale.of(rate.unit).words})", sign="=")


def _rows(table: pd.DataFrame) -> Sequence[Row]:
    """The rows of a table, None for what has no value, with the currency of amounts and growth."""
    cells = table.astype(object)
    of_growth = cells["currency_basis"].where(cells["measure"] == "growth")
    cells["currency"] = cells["unit"].where(cells["kind"] == "money", of_growth)
    return cells.where(cells.notna() & (cells != ""), None).to_dict("records")


def _names(rows: Sequence[Row], folder: Path | str | None) -> dict[str, dict[str, Any]]:
    """The values of columns by small letters, those of partners and products by more names."""
    found = {c: sorted({row.get(c) for row in rows}, key=str) for c in COLUMNS}
    names = {c: {str(value).lower(): value for value in found[c]} for c in COLUMNS}
    for column in ("partner", "product"):
        for row in load_table(f"{column}s", folder).to_dict("records"):
            called = (row[column], row.get("short", ""), *row.get("aliases", "").split(";"))
            names[column] |= {other.lower(): row[column] for other in called if other}
    return names
