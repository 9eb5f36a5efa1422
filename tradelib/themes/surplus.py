"""The record surplus: exports, imports and their balance, against earlier years and others."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.reference import mean_rate, price_ratio
from tradelib.themes.story import Story

FIRST_YEAR: Final = 2015
"""The first year of the customs' releases in reference.csv."""


class Surplus(Story):
    """Tables of the record surplus; see `Story` for the settings. ``highlight`` is a year.

    Examples
    --------
    >>> Surplus().balances.set_index("period").loc[2024, ["lower", "upper"]].tolist()
    [7000000000000.0, 7100000000000.0]
    """

    def highlights(self) -> list[str]:
        """The years, the last one first."""
        return [str(year) for year in range(self.year, FIRST_YEAR - 1, -1)]

    def flow(self, flow: str, year: int) -> Estimate:
        """A flow of one year by the articles, in the story's currency."""
        return self.told(self.level(flow, year), year, flow=flow)

    def customs(self, flow: str, year: int) -> Estimate:
        """A flow of one year by others than the articles, in the story's currency."""
        for unit in (self.currency, "CNY"):
            keys = {"period": year, "unit": unit}
            found = self.published(flow=flow, **keys)
            if flow == "balance" and not found:
                exports = self.published(flow="exports", **keys)
                found = exports - self.published(flow="imports", **keys)
            if found:
                break
        return self.told(found, year)

    @cached_property
    def balances(self) -> pd.DataFrame:
        """The balance by year: by the articles, before them by the customs."""
        return self.rows(
            ({"period": year}, self.flow("balance", year) or self.customs("balance", year))
            for year in range(FIRST_YEAR, self.year + 1)
        )

    @property
    def is_record(self) -> bool:
        """Whether the last balance is above every one before, whatever the intervals hide."""
        return bool(self.balances["upper"][:-1].max() < self.balances["lower"].iloc[-1])

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Exports, imports and balance of three years by the articles, beside the customs'."""
        rows = []
        for year in range(self.year - 2, self.year + 1):
            for flow in ("exports", "imports", "balance"):
                own, customs = self.flow(flow, year), self.customs(flow, year)
                rows.append((str(year), flow, own.interval, own.origin, customs.interval))
        return pd.DataFrame(rows, columns=["year", "flow", "articles", "how", "customs"])

    @cached_property
    def steps(self) -> dict[str, Estimate]:
        """How much exports and imports each added to the last year's balance."""
        steps = {"exports": self.change("exports"), "imports": 0 - self.change("imports")}
        return {flow: self.told(step, self.year) for flow, step in steps.items()}

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """What made the last balance of the one before: two totals, and two changes between.

        The year before is computed back by the growth printed with the last one, so that both
        are of one vintage; both are translated at the last year's rate.
        """
        before = self.base("exports", self.year) - self.base("imports", self.year)
        after = self.printed(flow="exports", unit="CNY") - self.printed(flow="imports", unit="CNY")
        known = {f"Surplus {self.year - 1}": self.told(before, self.year)}
        known |= {flow.capitalize(): step for flow, step in self.steps.items()}
        known |= {f"Surplus {self.year}": self.told(after, self.year)}
        return self.rows(({"label": label}, found) for label, found in known.items())

    @cached_property
    def holders(self) -> pd.DataFrame:
        """Former record holders beside China, in dollars.

        For each country what the article says, at prices of its day (``origin`` printed), and the
        largest balance that reference.csv has, brought to those prices (``origin`` reference).
        """
        known: list[tuple[dict[str, Any], Estimate]] = []
        former = self.figures[self.figures["measure"] == "record level"]
        for reporter, base in zip(former["reporter"], former["basis"].astype(int), strict=True):
            real = []
            for year in self.reference.loc[self.reference["reporter"] == reporter, "period"]:
                balance = self.published(reporter=reporter, flow="balance", period=year)
                columns = {"label": reporter, "year": year, "highlight": False}
                real.append((columns, balance * price_ratio(year, base)))
            known.append(({"label": reporter}, self.record(reporter)))
            known += sorted(real, key=lambda row: -row[1].value)[:1]
        for year in (self.year - 1, self.year):
            balance = self.printed(flow="balance", unit="USD", period=year)
            known.append(({"label": f"China {year}", "year": year}, balance))
        return self.rows(known)

    @property
    def former(self) -> pd.DataFrame:
        """`holders` without China."""
        return self.holders[~self.holders["label"].str.startswith("China")]

    @property
    def most(self) -> Estimate:
        """The largest surplus that a former holder can have had, by the article or others."""
        bound = Interval(0, float(self.former["upper"].max()))
        return Estimate(bound, "USD", "the largest upper bound in the table of former holders")

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
        newsroom computed, beside the rates around publication.
        """
        published = load_table("articles").set_index("year")["published"][self.year]
        known = []
        for year in (self.year - 1, self.year):
            rate = mean_rate("CNY", "USD", year)
            known.append(("Yuan to the dollar", f"balance of {year}", self.implied(year), rate))
        for flow, per, name in (("trade", "CNY", "yuan"), ("balance", "USD", "dollar")):
            implied = self.printed(flow=flow, unit="KRW") / self.printed(flow=flow, unit=per)
            rate = mean_rate("KRW", per, published)
            known.append((f"Won to the {name}", f"{flow} of {self.year}", implied, rate))
        return pd.DataFrame(
            (name, basis, implied.interval, Interval(rate.value, rate.value), rate.interval)
            for name, basis, implied, rate in known
        ).set_axis(["rate", "by the", "implied", "ECB", "ECB range"], axis=1)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Growth of total trade in yuan by year: the articles', before them the customs'.

        Years in which it grew for certain are highlighted.
        """
        known = []
        for year in range(FIRST_YEAR, self.year + 1):
            keys = {"flow": "trade", "measure": "growth", "period": year}
            found = self.printed(**keys) or self.published(**keys, currency_basis="CNY")
            known.append(({"period": year, "highlight": found.interval.lower > 0}, found))
        return self.rows(known)

    @property
    def streak(self) -> int:
        """Years in a row, up to the last, in which trade certainly grew."""
        return int(self.growth["highlight"][::-1].cummin().sum())
