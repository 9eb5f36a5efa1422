"""The record surplus: exports, imports and their balance, against earlier years and others."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

import tradelib
from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.reference import mean_rate, price_ratio
from tradelib.themes.story import KEYS, Story, wide

FIRST_YEAR: Final = 2015
"""The first year of the customs' releases in reference.csv."""
FLOWS: Final = ("exports", "imports", "balance")
NAMES: Final = {"CNY": "yuan", "USD": "dollars"}


class Surplus(Story):
    """Tables of the record surplus; see `Story` for the settings. ``highlight`` is a year.

    >>> Surplus().balances.set_index("period").loc[2024, ["lower", "upper"]].tolist()
    [7000000000000.0, 7100000000000.0]
    """

    def highlights(self) -> list[str]:
        """The years, the last one first."""
        return [str(year) for year in range(self.year, FIRST_YEAR - 1, -1)]

    def flow(self, flow: str, year: int) -> Estimate:
        """A flow of one year by the articles, in the story's currency and prices."""
        return self.told(self.level(flow, year), year, flow=flow)

    def customs(self, flow: str, year: int) -> Estimate:
        """A flow of one year by others than the articles, in the story's currency and prices."""
        own, yuan = (self.released(flow, year, unit) for unit in (self.currency, "CNY"))
        return self.told(own or yuan, year)

    def by_year(self, *flows: str) -> pd.DataFrame:
        """Flows by year: by the articles, before them by the customs."""
        pairs = [(flow, year) for flow in flows for year in range(FIRST_YEAR, self.year + 1)]
        columns = ({"period": year, "series": flow.capitalize()} for flow, year in pairs)
        known = (self.flow(*pair) or self.customs(*pair) for pair in pairs)
        return self.rows(zip(columns, known, strict=True))

    @cached_property
    def balances(self) -> pd.DataFrame:
        """The balance `by_year`."""
        return self.by_year("balance").drop(columns="series")

    @cached_property
    def both_flows(self) -> pd.DataFrame:
        """Exports and imports `by_year`; exports are highlighted."""
        table = self.by_year("exports", "imports")
        return table.assign(highlight=table["series"] == "Exports")

    @property
    def is_record(self) -> bool:
        """Whether the last balance is above every one before, whatever the intervals hide."""
        return bool(self.balances["upper"][:-1].max() < self.balances["lower"].iloc[-1])

    @property
    def base_year(self) -> int:
        """The year whose prices constant dollars are told at, the last one by default."""
        return self.year if self.prices == "current" else int(self.prices)

    @cached_property
    def real(self) -> pd.DataFrame:
        """The balance by year in dollars of its day, and in those of `base_year`."""
        day = self.retold("USD").balances.assign(series="current dollars", highlight=False)
        real = self.retold("USD", self.base_year).balances
        real = real.assign(series=f"{self.base_year} dollars", highlight=True)
        return pd.concat([day, real], ignore_index=True)

    @cached_property
    def pinned(self) -> pd.DataFrame:
        """What all figures of the articles leave of each flow and year, beside the customs'.

        ``room`` is how much they leave open. ``known_in`` is the year by which a number stood as
        it is, for customs revise: the base of a growth is the year before as it was known when
        the growth was published.
        """
        rows = []
        found = tradelib.reconcile(reference=False, reading=self.reading)
        found = found[(found[[*KEYS]] == pd.Series(KEYS)).all(axis=1) & found["flow"].isin(FLOWS)]
        for _, group in found.groupby(["period", "vintage", "flow"]):
            year, known_in, flow = group.iloc[0][["period", "vintage", "flow"]]
            bounds = group.set_index("unit")[["lower", "upper"]]
            unit = self.currency if self.currency in bounds.index else "CNY"
            left = Estimate(Interval(*bounds.loc[unit]), unit, "what all figures leave")
            room = replace(left, interval=Interval(*[left.interval.width] * 2))
            row = {"year": str(year), "flow": flow, "articles": self.told(left, year)}
            row |= {"room": self.told(room, year), "customs": self.customs(flow, year)}
            printed = "yes" if group["is_printed"].any() else "no"
            rows.append(row | {"known_in": str(known_in), "printed": printed})
        return wide(rows)

    @cached_property
    def steps(self) -> dict[str, Estimate]:
        """How much exports and imports each added to the last year's balance."""
        return {
            "exports": self.change("exports", told=True),
            "imports": 0 - self.change("imports", told=True),
        }

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """What made the last balance of the one before: two totals, and two changes between.

        The year before is computed back by the growth printed with the last one, so that both
        are of one vintage.
        """
        first, last = self.years
        before = [self.told(self.base(flow, last), first) for flow in ("exports", "imports")]
        after = [self.told(self.printed(flow=f, unit="CNY"), last) for f in ("exports", "imports")]
        known = {
            f"Surplus {first}": before[0] - before[1],
            "Exports": self.steps["exports"],
            "Imports": self.steps["imports"],
            f"Surplus {last}": after[0] - after[1],
        }
        return self.rows(({"label": label}, found) for label, found in known.items())

    @cached_property
    def _largest(self) -> dict[str, list[dict[str, Any]]]:
        """The four largest balances of each former holder at the article's prices."""
        largest = {}
        former = self.figures[self.figures["measure"] == "record level"]
        for reporter, base in former[["reporter", "basis"]].itertuples(index=False):
            rows: list[dict[str, Any]] = []
            known = self.reference.query("reporter == @reporter and flow == 'balance'")
            for year in known["period"].unique():
                then = self.published(reporter=reporter, flow="balance", period=year)
                row = {"country": reporter, "year": str(year), "then": then}
                row |= {"real": then * price_ratio(year, int(base))}
                rows.append(row | {"article": self.record(reporter)})
            largest[reporter] = sorted(rows, key=lambda row: -row["real"].value)[:4]
        return largest

    @cached_property
    def statistics(self) -> pd.DataFrame:
        """The largest balances of the former holders by statistics, and by the article.

        In dollars: ``then`` of the year, ``real`` at the prices of the article's day.
        """
        return wide(row for rows in self._largest.values() for row in rows)

    @cached_property
    def holders(self) -> pd.DataFrame:
        """Former record holders beside China.

        For each country what the article says, at prices of its day (``origin`` printed), and the
        largest balance that reference.csv has, brought to those prices (``origin`` reference).
        """
        known: list[tuple[dict[str, Any], Estimate]] = []
        for country, (first, *_) in self._largest.items():
            base = int(first["article"].row["basis"])
            columns = {"label": country, "year": first["year"], "highlight": False}
            known.append(({"label": country}, self.told(first["article"], base)))
            known.append((columns, self.told(first["real"], base)))
        for year in self.years:
            columns = {"label": f"China {year}", "year": year}
            known.append((columns, self.flow("balance", year)))
        return self.rows(known)

    @property
    def former(self) -> pd.DataFrame:
        """`holders` without China."""
        return self.holders[~self.holders["label"].str.startswith("China")]

    @property
    def most(self) -> Estimate:
        """The largest surplus that a former holder can have had, by the article or others."""
        bound = Interval(0, float(self.former["upper"].max()))
        return Estimate(bound, self.unit, "the largest upper bound in the table of former holders")

    def record(self, reporter: str) -> Estimate:
        """The record surplus that the article gives a former holder."""
        return self.printed(reporter=reporter, flow="balance", measure="record level", period=None)

    @property
    def rise(self) -> Estimate:
        """How much the last year's balance is above that of the year before, relative."""
        return self.flow("balance", self.year) / self.flow("balance", self.year - 1) - 1

    def implied(self, year: int) -> Estimate:
        """Yuan to the dollar by the balance of a year, known in both."""
        return self.level("balance", year) / self.printed(flow="balance", unit="USD", period=year)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Exchange rates implied by amounts known in two currencies, against the ECB's.

        Yuan to the dollar of a year's flow stand beside that year's daily rates; won, which the
        newsroom computed, beside the rates around publication. ``ECB`` is the mean of the daily
        rates, ``days`` their range.
        """
        published = load_table("articles").set_index("year")["published"][self.year]
        known = [
            ("Yuan to the dollar", f"balance {year}", self.implied(year), ("CNY", "USD", year))
            for year in self.years
        ]
        for flow, per, name in (("trade", "CNY", "yuan"), ("balance", "USD", "dollar")):
            implied = self.printed(flow=flow, unit="KRW") / self.printed(flow=flow, unit=per)
            of = ("KRW", per, published)
            known.append((f"Won to the {name}", f"{flow} {self.year}", implied, of))
        rows = []
        for name, by, implied, of in known:
            rate = mean_rate(*of)
            mean = Estimate(Interval(rate.value, rate.value), of[0], rate.what)
            days = Estimate(rate.interval, of[0], rate.what)
            row = {"rate": name, "by_the": by, "implied": implied}
            rows.append(row | {"ECB": mean, "days": days})
        return wide(rows)

    @cached_property
    def rate_gaps(self) -> pd.DataFrame:
        """`rates` over the ECB's mean, less one: what is implied, and (``reference``) its days."""
        labels, mean = self.rates["rate"] + ", " + self.rates["by_the"], self.rates["ECB_lower"]
        tables = []
        for name, origin in (("implied", "computed"), ("days", "reference")):
            bounds = self.rates[[f"{name}_lower", f"{name}_upper"]]
            bounds = bounds.set_axis(["lower", "upper"], axis=1).div(mean, axis=0) - 1
            middle = bounds.mean(axis=1) * (origin == "computed")
            tables.append(bounds.assign(value=middle, origin=origin, label=labels))
        return pd.concat(tables)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Growth of total trade in yuan by year: the articles', before them the customs'.

        Years in which it grew for certain are highlighted.
        """
        known = []
        for year in range(FIRST_YEAR, self.year + 1):
            grown = self.growth_of("trade", year, "CNY")
            known.append(({"period": year, "highlight": grown.interval.lower > 0}, grown))
        return self.rows(known)

    def streak(self, flow: str = "trade", currency: str = "CNY") -> Estimate:
        """Years in a row, up to the last, in which a flow certainly grew; open, where data end."""
        grown: list[Estimate] = []
        for year in range(self.year, FIRST_YEAR - 1, -1):
            if not (found := self.growth_of(flow, year, currency)).interval.lower > 0:
                break
            grown.append(found)
        most = len(grown) if found else math.inf
        rows = tuple(row for growth in grown for row in growth.rows)
        name = f"years in a row in which {flow} in {NAMES[currency]} grew"
        return Estimate(Interval(len(grown), most), "year", name, rows, "#")

    @cached_property
    def streaks(self) -> pd.DataFrame:
        """Years of growth in a row, by flow and currency."""
        known = {
            f"{flow.capitalize()} in {name}": self.streak(flow, unit)
            for unit, name in NAMES.items()
            for flow in ("trade", "exports", "imports")
        }
        return self.rows(({"label": label}, streak) for label, streak in known.items())
