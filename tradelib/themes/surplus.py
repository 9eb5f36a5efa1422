"""The record surplus: exports, imports and their balance, against earlier years and others."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib import charts, prose, tables
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.reference import annual_rate, price_ratio, rate_at_publication
from tradelib.themes.story import (
    ARTICLES,
    CUSTOMS,
    Estimate,
    Story,
    change,
    computed,
    difference,
    in_words,
    ratio,
    table,
)

QUESTION: Final = "Is China’s trade surplus the largest the world has seen?"
FIRST_YEAR: Final = 2015
"""The first year of the customs' releases in reference.csv."""
FORMER: Final = ("United States", "Japan", "Germany")
"""Who held the record before, by the article's own account, in its order."""


TIMES: Final = {2: "More than twice", 3: "More than three times"}


class Surplus(Story):
    """Tables, sentences and charts of the record surplus; see `Story` for the settings.

    ``highlight`` is a year of the series, the last one by default.

    Examples
    --------
    >>> Surplus().balances.set_index("period").loc[2024, ["lower", "upper"]].tolist()
    [7000000000000.0, 7100000000000.0]
    """

    def highlights(self) -> list[str]:
        """The years, the last one first."""
        return [str(year) for year in range(self.year, FIRST_YEAR - 1, -1)]

    def flow(self, flow: str, year: int) -> Estimate:
        """A flow of one year: by the articles, else by others, in the story's currency."""
        return self.needed(
            self.level(year, flow) or self.customs(flow, year), f"the {flow} of {year}"
        )

    def customs(self, flow: str, year: int) -> Estimate | None:
        """A flow of one year by others than the articles, in the story's currency."""
        asked = {"flow": flow, "measure": "level", "period": year}
        direct = self.published(**asked, unit=self.currency)
        if direct is not None:
            return direct
        yuan = self.published(**asked, unit="CNY")
        if yuan is not None:
            return self.translated(yuan, year)
        if flow == "balance":
            sold, bought = self.customs("exports", year), self.customs("imports", year)
            if sold and bought:
                return difference(sold, bought, "exports less imports")
        return None

    @cached_property
    def balances(self) -> pd.DataFrame:
        """The balance by year, one row a year, in the story's currency."""
        years = range(FIRST_YEAR, self.year + 1)
        return table(
            self.flow("balance", year).row(year, highlight=str(year) == self.highlight)
            for year in years
        ).rename(columns={"label": "period"})

    @cached_property
    def is_record(self) -> bool:
        """Whether the last year's balance is above that of every year before, whatever is true."""
        *before, last = self.balances.to_dict("records")
        return all(row["upper"] < last["lower"] for row in before)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Exports, imports and balance by the articles, beside what the customs published."""
        rows: list[dict[str, Any]] = []
        for year in range(self.year - 2, self.year + 1):
            for flow in ("exports", "imports", "balance"):
                own, customs = self.level(year, flow), self.customs(flow, year)
                if own is not None:
                    rows.append(
                        {
                            "year": str(year),
                            "flow": flow,
                            "articles": own.interval,
                            "how": own.origin,
                            "customs": customs.interval if customs else None,
                        }
                    )
        return table(rows)

    @cached_property
    def steps(self) -> dict[str, Estimate]:
        """How much each flow added to the balance of the last year, in the story's currency."""
        steps = {}
        for flow, sign in (("exports", 1), ("imports", -1)):
            asked = {"flow": flow, "period": self.year}
            level = self.needed(self.printed(**asked, measure="level", unit="CNY"), flow)
            growth = self.needed(self.printed(**asked, measure="growth"), f"growth of {flow}")
            # The level stands in the change once: level × growth ÷ (1 + growth) is its sharp bound.
            step = level.interval * (growth.interval / (1 + growth.interval)) * sign
            part = computed(step, "CNY", f"change of {flow}", level, growth)
            steps[flow] = self.translated(part, self.year)
        return steps

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """What made the balance of the last year out of the one before, in the story's currency.

        Both years are of one vintage: the earlier is computed back from the later by the growth
        printed with it. The first and the last row are totals, those between are changes.
        """
        rows = [step.row(flow.capitalize()) for flow, step in self.steps.items()]
        for year in (self.year - 1, self.year):
            asked = {"measure": "level", "period": self.year, "unit": "CNY"}
            sold, bought = (
                self.base(self.year, flow) if year < self.year else self.printed(**asked, flow=flow)
                for flow in ("exports", "imports")
            )
            whole = difference(
                self.needed(sold, f"exports of {year}"),
                self.needed(bought, f"imports of {year}"),
                "exports less imports",
            )
            row = self.translated(whole, self.year).row(f"Surplus {year}")
            rows.insert(0 if year < self.year else len(rows), row)
        return table(rows)

    @cached_property
    def holders(self) -> pd.DataFrame:
        """The record holders as the article puts them, in dollars of its day, and what others say.

        ``origin`` is ``printed`` for the article, ``reference`` for the largest balance that
        reference.csv has of the country, brought to the same prices by US consumer prices.
        """
        rows: list[dict[str, Any]] = []
        for reporter in FORMER:
            said = self.needed(
                self.printed(reporter=reporter, flow="balance", measure="record level"), reporter
            )
            base = int(said.inputs[0]["basis"])
            rows.append(said.row(reporter))
            others = self.rows(
                self.reference, reporter=reporter, flow="balance", measure="level", unit="USD"
            )
            real = []
            for row in others.to_dict("records"):
                factor = price_ratio(int(row["period"]), base)
                bounds = Interval(row["lower"], row["upper"]) * factor
                real.append((bounds.midpoint, bounds, int(row["period"])))
            for middle, bounds, year in sorted(real, reverse=True)[:1]:
                rows.append(
                    {
                        "label": reporter,
                        "value": middle,
                        "lower": bounds.lower,
                        "upper": bounds.upper,
                        "origin": "reference",
                        "year": year,
                    }
                )
        for year in (self.year - 1, self.year):
            own = self.needed(
                self.printed(flow="balance", measure="level", period=year, unit="USD"),
                f"the balance of {year} in dollars",
            )
            rows.append(own.row(f"China {year}", highlight=str(year) == self.highlight))
        frame = table(rows)
        return frame.assign(highlight=frame["highlight"].fillna(False).astype(bool))

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Exchange rates implied by one amount printed in two currencies, against the ECB's.

        Yuan to the dollar of a year's flow stand beside the mean of that year's daily rates and
        their range; won, which the newsroom computed, beside the rates around publication.
        """
        rows = []
        for year in (self.year - 1, self.year):
            dollars = self.printed(flow="balance", measure="level", period=year, unit="USD")
            yuan = self.yuan_balance(year)
            rate = annual_rate("CNY", "USD", year)
            if dollars and yuan:
                rows.append(("Yuan to the dollar", f"surplus {year}", yuan, dollars, rate))
        articles = load_table("articles").set_index("article")
        published = str(articles.loc[self.latest, "published"])
        for flow, per in (("trade", "CNY"), ("balance", "USD")):
            won = self.printed(flow=flow, measure="level", period=self.year, unit="KRW")
            other = self.printed(flow=flow, measure="level", period=self.year, unit=per)
            if won and other:
                name = {"CNY": "Won to the yuan", "USD": "Won to the dollar"}[per]
                rate = rate_at_publication("KRW", per, published)
                rows.append((name, f"{flow} {self.year}", won, other, rate))
        return table(
            {
                "rate": name,
                "from": what,
                "implied": top.interval / bottom.interval,
                "ECB": rate.value,
                "ECB range": rate.interval,
                "ECB rate is the": rate.what,
            }
            for name, what, top, bottom, rate in rows
        )

    def yuan_balance(self, year: int) -> Estimate | None:
        """The balance of a year in yuan, whatever the currency of the story."""
        own = self.printed(flow="balance", measure="level", period=year, unit="CNY")
        asked = {"measure": "level", "period": year, "unit": "CNY"}
        sold, bought = (self.printed(flow=flow, **asked) for flow in ("exports", "imports"))
        if not (sold and bought):
            return own
        worked = difference(sold, bought, "exports less imports")
        if own and own.interval.overlaps(worked.interval):
            whole = own.interval & worked.interval
            return computed(whole, "CNY", "as printed, and exports less imports", own, worked)
        return worked

    @cached_property
    def growth_by_year(self) -> pd.DataFrame:
        """Growth of total trade in yuan by year: the articles', and the customs' before them."""
        rows = []
        for year in range(FIRST_YEAR, self.year + 1):
            own = self.growth(year, "trade") or self.published(
                flow="trade", measure="growth", period=year, currency_basis="CNY"
            )
            if own:
                rows.append(own.row(year, highlight=own.interval.lower > 0))
        return table(rows).rename(columns={"label": "period"})

    @cached_property
    def streak(self) -> int:
        """Years in a row, up to the last, in which trade certainly grew."""
        years = 0
        for lower in reversed(self.growth_by_year["lower"].tolist()):
            if lower <= 0:
                break
            years += 1
        return years

    @cached_property
    def numbers(self) -> dict[str, prose.Number | str | int]:
        """Numbers by name: flows of each year, changes, former holders, rates and the streak."""
        found: dict[str, Estimate | None] = {}
        for name, year in (("", self.year), ("_before", self.year - 1), ("_first", self.year - 2)):
            for flow in ("exports", "imports", "balance"):
                found[f"{flow}{name}"] = self.level(year, flow)
            asked = {"flow": "balance", "measure": "level", "period": year}
            found[f"dollars{name}"] = self.printed(**asked, unit="USD")
            found[f"yuan{name}"] = self.yuan_balance(year)
            for flow in ("exports", "imports", "trade"):
                found[f"{flow}_growth{name}"] = self.growth(year, flow)
        found["other"] = found["dollars" if self.currency == "CNY" else "yuan"]
        last, before = (self.flow("balance", year) for year in (self.year, self.year - 1))
        what = f"surplus of {self.year} over that of {self.year - 1}, less one"
        found["rise"] = change(last, before, what)
        for flow, step in self.steps.items():
            found[f"more_{flow}"] = step
        for reporter in FORMER:
            key = reporter.lower().replace(" ", "_")
            asked = {"reporter": reporter, "flow": "balance", "measure": "record level"}
            found[key] = self.printed(**asked)
        for name, year in (("", self.year), ("_before", self.year - 1)):
            yuan, dollars = found[f"yuan{name}"], found[f"dollars{name}"]
            if yuan and dollars:
                what = f"the surplus of {year} in yuan over that in dollars"
                found[f"implied{name}"] = ratio(yuan, dollars, "multiple", what)
        others = self.holders[~self.holders["label"].str.startswith("China")]
        most = prose.number(
            Interval(0, others["upper"].max()),
            "USD",
            origin="largest upper bound among the former holders, as printed or by statistics",
        )
        live = {name: estimate.live for name, estimate in found.items() if estimate}
        streak = in_words(self.streak)
        return {
            **super().numbers,
            "year_first": self.year - 2,
            "streak": streak,
            "most": most,
            **live,
        }

    def answer(self) -> prose.Sentence:
        """The answer in the first screen."""
        dollars, most = self.numbers["dollars"], self.numbers["most"]
        assert isinstance(dollars, prose.Number)
        assert isinstance(most, prose.Number)
        world = dollars.lower > most.upper
        return self.say(
            f"**{'Yes, and by far' if world else 'Not by every figure'}.** In {{year}} China sold "
            "{balance} more to the world than it bought there, or {other}. That is {rise:size} "
            "more than in {year_before}, when the gap was {balance_before}. "
            + (
                "No country came close before it: the largest surplus of a former record holder, "
                "at prices of {year_before}, stays at {most:under}, even by the statistics."
                if world
                else "Former record holders came to {most:under} at prices of {year_before}."
            )
        )

    def balance_chart(self) -> charts.Chart:
        """The balance by year since the first release: a record, or not."""
        finding = "reaches a new record" if self.is_record else "is no record beyond doubt"
        return charts.columns(
            self.balances,
            title=f"China’s surplus of {self.year} {finding}",
            measure="Exports less imports",
            unit=self.currency,
            source=f"{ARTICLES}; before {self.year - 2}: {CUSTOMS}",
        )

    def bridge_chart(self) -> charts.Chart:
        """What grew the surplus: more exports, or fewer imports."""
        steps = self.bridge.set_index("label")
        sold, bought = steps.loc["Exports"], steps.loc["Imports"]
        total = sold["value"] + bought["value"]
        share = sold["value"] / total if total else 0.0
        finding = (
            "Exports alone made the surplus grow: imports grew too"
            if sold["lower"] > 0 > bought["upper"]
            else f"Exports made {share:.0%} of the change in the surplus"
        )
        return charts.bridge(
            self.bridge,
            title=finding,
            measure=f"From the surplus of {self.year - 1} to that of {self.year}",
            unit=self.currency,
            source="Article diversification-2025; the year before computed back by growth",
        )

    def holders_chart(self) -> charts.Chart:
        """China beside the former record holders, in dollars of the article's day."""
        china = self.holders[self.holders["label"].str.startswith("China")]
        others = self.holders[~self.holders["label"].str.startswith("China")]
        times = int(china["lower"].min() // others["upper"].max())
        finding = (
            f"Over {times} times any earlier record"
            if times > 1
            else "China against former records"
        )
        base = self.year - 1
        return charts.bars(
            self.holders,
            title=f"{finding}, in dollars of {base}",
            measure=f"Largest trade surplus of a year, at US prices of {base} (China: of its year)",
            unit="USD",
            source=f"{ARTICLES}; squares: balances in reference.csv at US consumer prices",
        )

    def growth_chart(self) -> charts.Chart:
        """Growth of total trade in yuan, year by year."""
        return charts.columns(
            self.growth_by_year,
            title=f"Trade in yuan has grown {in_words(self.streak)} years in a row",
            measure="Growth of exports and imports together over the year before",
            unit="percent",
            source=f"{ARTICLES}; before {self.year - 1}: {CUSTOMS}",
        )

    def flows_table(self) -> tables.Table:
        """Exports, imports and balance of three years: what the articles say, and the customs."""
        return tables.show(
            self.flows,
            caption="What two articles pin down, and what the customs published",
            units={"articles": self.currency, "customs": self.currency},
            names={"articles": "By the articles", "how": "Which is", "customs": "By the customs"},
            note=f"{self.year - 2} is computed back from {self.year - 1} and its growth.",
        )

    def rates_table(self) -> tables.Table:
        """Implied exchange rates against the European Central Bank's."""
        return tables.show(
            self.rates,
            caption="Amounts printed in two currencies imply a rate",
            units={"implied": "multiple", "ECB": "multiple", "ECB range": "multiple"},
            names={"ECB": "ECB’s", "ECB range": "Its range"},
            note="The customs translate month by month at rates of their own.",
        )

    def printed_figures(self) -> tables.Table:
        """What the articles print on this theme."""
        rows = self.figures[
            (self.figures["partner"] == "World")
            & (self.figures["product"] == "All")
            & self.figures["flow"].isin(["exports", "imports", "trade", "balance"])
            & self.figures["kind"].isin(["money", "percent"])
        ]
        return self.ledger(*rows["figure"], caption="Printed on the totals and the surplus")


def answer() -> prose.Sentence:
    """The theme's answer with the default settings."""
    return Surplus().answer()


def lead_chart() -> charts.Chart:
    """The chart that shows the answer, with the default settings."""
    return Surplus().balance_chart()
