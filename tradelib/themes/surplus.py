"""The record surplus: exports, imports and their balance, against earlier years and others."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib.ledger import load_table
from tradelib.prose import Number, number
from tradelib.quantity import Interval
from tradelib.reference import annual_rate, price_ratio, rate_at_publication
from tradelib.themes.story import Estimate, Story

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

    def flow(self, flow: str, year: int) -> Estimate | None:
        """A flow of one year by the articles, in the story's currency."""
        own = self.level(flow, year)
        return self.told(own, year, flow=flow) if own else None

    def customs(self, flow: str, year: int) -> Estimate | None:
        """A flow of one year by others than the articles, in the story's currency."""
        for unit in (self.currency, "CNY"):
            keys = {"period": year, "unit": unit}
            sold, bought = (self.published(flow=f, **keys) for f in ("exports", "imports"))
            worked = sold - bought if flow == "balance" and sold and bought else None
            if found := self.published(flow=flow, **keys) or worked:
                return self.told(found, year)
        return None

    @cached_property
    def balances(self) -> pd.DataFrame:
        """The balance by year: by the articles, before them by the customs."""
        known = (
            (year, self.flow("balance", year) or self.customs("balance", year))
            for year in range(FIRST_YEAR, self.year + 1)
        )
        return pd.DataFrame(
            found.row(period=year, highlight=str(year) == self.highlight)
            for year, found in known
            if found
        )

    @property
    def is_record(self) -> bool:
        """Whether the last balance is above every one before, whatever the intervals hide."""
        *before, last = self.balances.index
        return bool(self.balances["upper"][before].max() < self.balances["lower"][last])

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Exports, imports and balance of three years by the articles, beside the customs'."""
        rows = []
        for year in range(self.year - 2, self.year + 1):
            for flow in ("exports", "imports", "balance"):
                own, customs = self.flow(flow, year), self.customs(flow, year)
                row: dict[str, Any] = {"year": str(year), "flow": flow}
                row |= {"articles": own and own.interval, "how": own and own.origin}
                rows.append({**row, "customs": customs and customs.interval})
        return pd.DataFrame(rows)

    @cached_property
    def steps(self) -> dict[str, Estimate]:
        """How much exports and imports each added to the last year's balance."""
        steps = {}
        for flow, sign in (("exports", 1), ("imports", -1)):
            level = self.printed(flow=flow, unit="CNY")
            growth = self.printed(flow=flow, measure="growth")
            if level and growth:
                # Each stands in the formula once, so the bounds are as sharp as they can be.
                step = level * (1 - 1 / (1 + growth)) * sign
                steps[flow] = self.told(step, self.year)
        return steps

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """What made the last balance of the one before: two totals, and two changes between.

        The year before is computed back by the growth printed with the last one, so that both
        are of one vintage; both are translated at the last year's rate.
        """
        old = [self.base(flow, self.year) for flow in ("exports", "imports")]
        new = [self.printed(flow=flow, unit="CNY") for flow in ("exports", "imports")]
        before, after = (
            self.told(sold - bought, self.year).row(label=f"Surplus {year}")
            for year, (sold, bought) in ((self.year - 1, old), (self.year, new))
            if sold and bought
        )
        changes = [step.row(label=flow.capitalize()) for flow, step in self.steps.items()]
        return pd.DataFrame([before, *changes, after])

    @cached_property
    def holders(self) -> pd.DataFrame:
        """Former record holders beside China, in dollars.

        For each country what the article says, at prices of its day (``origin`` printed), and the
        largest balance that reference.csv has, brought to those prices (``origin`` reference).
        """
        former = self.figures[self.figures["measure"] == "record level"]
        rows: list[dict[str, Any]] = []
        for reporter, base in zip(former["reporter"], former["basis"].astype(int), strict=True):
            keys = {"reporter": reporter, "flow": "balance"}
            said = self.find(self.figures, **keys, measure="record level", period=None)
            rows += [own.row(label=reporter, highlight=False) for own in said]
            known = self.reference[self.reference["reporter"] == reporter]
            real = [
                (balance * price_ratio(year, base)).row(label=reporter, highlight=False, year=year)
                for year in known["period"].astype(int)
                for balance in self.find(self.reference, **keys, period=year)
            ]
            rows += sorted(real, key=lambda row: -row["value"])[:1]
        for year in (self.year - 1, self.year):
            if balance := self.printed(flow="balance", unit="USD", period=year):
                mark = str(year) == self.highlight
                rows.append(balance.row(label=f"China {year}", highlight=mark))
        return pd.DataFrame(rows)

    @property
    def former(self) -> pd.DataFrame:
        """`holders` without China."""
        return self.holders[~self.holders["label"].str.startswith("China")]

    @property
    def most(self) -> Number:
        """The largest surplus that a former holder can have had, by the article or others."""
        bound = Interval(0, float(self.former["upper"].max()))
        return number(bound, "USD", origin="the largest upper bound in the table of former holders")

    def record(self, reporter: str) -> Estimate | None:
        """The record surplus that the article gives a former holder."""
        keys = {"flow": "balance", "measure": "record level", "period": None}
        return self.printed(reporter=reporter, **keys)

    @property
    def rise(self) -> Estimate | None:
        """How much the last year's balance is above that of the year before, relative."""
        last, before = (self.flow("balance", year) for year in (self.year, self.year - 1))
        return last / before - 1 if last and before else None

    def implied(self, year: int) -> Estimate | None:
        """Yuan to the dollar by the balance of a year, known in both."""
        yuan = self.level("balance", year)
        dollars = self.printed(flow="balance", unit="USD", period=year)
        if not (yuan and dollars):
            return None
        return (yuan / dollars).named(f"({yuan.name}) ÷ that in dollars", "CNY")

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Exchange rates implied by amounts known in two currencies, against the ECB's.

        Yuan to the dollar of a year's flow stand beside that year's daily rates; won, which the
        newsroom computed, beside the rates around publication.
        """
        rows = [
            ("Yuan to the dollar", self.implied(year), annual_rate("CNY", "USD", year))
            for year in (self.year - 1, self.year)
        ]
        published = load_table("articles").set_index("year")["published"]
        for flow, per, name in (("trade", "CNY", "yuan"), ("balance", "USD", "dollar")):
            won, other = (self.printed(flow=flow, unit=unit) for unit in ("KRW", per))
            implied = won / other if won and other else None
            rate = rate_at_publication("KRW", per, published[self.year])
            rows.append((f"Won to the {name}", implied, rate))
        return pd.DataFrame(
            {
                "rate": name,
                "implied": implied.interval,
                "from": f"{implied.rows[-1]['flow']} of {implied.rows[-1]['period']}",
                "ECB": rate.value,
                "ECB range": rate.interval,
                "which is the": rate.what,
            }
            for name, implied, rate in rows
            if implied
        )

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Growth of total trade in yuan by year: the articles', before them the customs'."""
        rows = []
        for year in range(FIRST_YEAR, self.year + 1):
            keys = {"flow": "trade", "measure": "growth", "period": year}
            if found := self.printed(**keys) or self.published(**keys, currency_basis="CNY"):
                rows.append(found.row(period=year, highlight=found.interval.lower > 0))
        return pd.DataFrame(rows)

    @property
    def streak(self) -> int:
        """Years in a row, up to the last, in which trade certainly grew."""
        grew = self.growth["highlight"].tolist()[::-1]
        return grew.index(False) if False in grew else len(grew)
