"""Export diversification: who bought more when the United States bought less."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, reduce
from itertools import product
from operator import add, sub
from typing import Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.themes.story import Story, wide

FOCUS: Final = "United States"
REST: Final = "All others"


class Diversification(Story):
    """Tables of trade by partner; see `Story` for the settings. ``highlight`` is a partner.

    >>> shares = Diversification().shares.set_index(["label", "series"])
    >>> shares.loc[("United States", "2025"), ["lower", "upper"]].round(4).tolist()
    [0.0881, 0.0883]
    """

    def highlights(self) -> list[str]:
        """The partners the ledger names in its last year, the United States first."""
        named = self.figures.loc[self.figures["period"] == self.year, "partner"].unique()
        return [FOCUS, *(partner for partner in named if partner not in (FOCUS, "World"))]

    def growth(self, partner: str) -> Estimate:
        """The printed growth of exports to a partner, which is in dollars."""
        return self.printed(flow="exports", measure="growth", partner=partner)

    @property
    def whole(self) -> Estimate:
        """Growth of all exports in dollars, by others: the article has it in yuan alone."""
        return self.published(flow="exports", measure="growth", currency_basis="USD")

    @cached_property
    def export_growth(self) -> pd.DataFrame:
        """Growth of exports by partner in dollars, largest first; the total by others' figures."""
        known = {"All partners": self.whole}
        known |= {name: self.growth(name) for name in self.highlights()}
        return self.ranked(known, known.__getitem__)

    @property
    def risen(self) -> list[str]:
        """The partners to which exports grew for certain, fastest first."""
        return list(self.export_growth.query("origin == 'printed' and lower > 0")["label"])

    @cached_property
    def markets(self) -> list[str]:
        """The partners with known exports in the last two years, in the article's order."""
        return [name for name in self.highlights() if self.sold(name, self.year)]

    def sold(self, partner: str, year: int) -> Estimate:
        """A partner's share of all exports.

        The year before it is the customs', in yuan; since then both grew by rates in dollars.
        """
        keys = {"flow": "exports", "period": self.year - 1, "unit": "CNY"}
        before = self.published(partner=partner, **keys) / self.published(**keys)
        if year < self.year:
            return before
        return before * ((1 + self.growth(partner)) / (1 + self.whole))

    @cached_property
    def market_shares(self) -> pd.DataFrame:
        """Share of all exports by partner in the last two years, a row for each."""
        names = sorted(self.markets, key=lambda name: -self.sold(name, self.year).value)
        return self.both_of(names, self.sold)

    def given(self, partner: str) -> Estimate:
        """What a partner, or all not named, added to the growth of exports in dollars."""
        if partner == REST:
            return reduce(sub, map(self.given, self.markets), replace(self.whole, unit="points"))
        return replace(self.sold(partner, self.year - 1) * self.growth(partner), unit="points")

    @cached_property
    def export_contributions(self) -> pd.DataFrame:
        """What each partner added to the growth of exports in dollars, in points."""
        return self.ranked([*self.markets, REST], self.given)

    def others(self, american: Estimate | float) -> Estimate:
        """Growth of exports to all but the United States, if all exports grew that much."""
        share = self.sold(FOCUS, self.year - 1)
        return (american - share * self.growth(FOCUS)) / (1 - share)

    @cached_property
    def outweighed(self) -> pd.DataFrame:
        """How much exports to the others had to grow to keep exports level, and how much they did.

        In dollars, beside all exports.
        """
        known = {
            "Needed of the others to make up for the United States": self.others(0),
            "Growth to all others": self.others(self.whole),
            "Growth of all exports": self.whole,
        }
        columns = ({"label": label, "highlight": label.startswith("Needed")} for label in known)
        return self.rows(zip(columns, known.values(), strict=True))

    def square(self, partner: str, year: int) -> Estimate:
        """What a partner adds to the Herfindahl-Hirschman index of exports, to 10,000."""
        share = self.sold(partner, year)
        return replace(share * share * 10_000, unit="point")

    @cached_property
    def squares(self) -> pd.DataFrame:
        """`square` by partner in the last two years, a row for each."""
        names = sorted(self.markets, key=lambda name: -self.sold(name, self.year).value)
        return self.both_of(names, self.square)

    def concentration(self, year: int, known: bool = False) -> Estimate:
        """The Herfindahl-Hirschman index of exports by partner, on its scale to 10,000.

        From what the ``known`` partners add, the others being many and small, to what they add
        with all others as one. Groups of countries count as one partner.
        """
        own = reduce(add, (self.square(name, year) for name in self.markets))
        rest = 1 - reduce(add, (self.sold(name, year) for name in self.markets))
        most = own + replace(rest * rest * 10_000, unit="point")
        bounds = Interval(own.interval.lower, most.interval.upper)
        return own if known else replace(most, interval=bounds)

    @cached_property
    def bought(self) -> dict[str, Estimate]:
        """Growth of imports by partner in yuan, implied by that of trade and of exports.

        Exports by partner grew by rates in dollars, which become rates in yuan as they do for all
        exports, for which both are known. Imports from all partners grew as printed.
        """
        keys = {"period": self.year - 1, "unit": "CNY"}
        yuan = (1 + self.printed(flow="exports", measure="growth")) / (1 + self.whole)
        known = {"All partners": self.printed(flow="imports", measure="growth")}
        for name in self.markets:
            exports = self.published(flow="exports", partner=name, **keys)
            imports = self.published(flow="imports", partner=name, **keys)
            trade = self.printed(flow="trade", partner=name, unit="CNY")
            known[name] = (trade - exports * (1 + self.growth(name)) * yuan) / imports - 1
        return known

    @cached_property
    def imports_growth(self) -> pd.DataFrame:
        """`bought` as a chart's table, largest first."""
        return self.ranked(self.bought, self.bought.__getitem__)

    @cached_property
    def currencies(self) -> pd.DataFrame:
        """Growth of trade, exports and imports of two years, in dollars and in yuan."""
        series, known = {"USD": "in dollars", "CNY": "in yuan"}, []
        for year, flow, unit in product(self.years, ("trade", "exports", "imports"), series):
            columns = {"label": f"{flow.capitalize()} {year}", "series": series[unit]}
            known.append((columns, self.growth_of(flow, year, unit)))
        return self.rows(known)

    def trade(self, partner: str, year: int) -> Estimate:
        """Trade in yuan with a partner by the articles, else by others."""
        others = self.published(flow="trade", period=year, partner=partner, unit="CNY")
        return self.level("trade", year, partner=partner) or others

    def total(self, year: int) -> Estimate:
        """Total trade in yuan, the year before of the same vintage as the last one."""
        last = self.printed(flow="trade", unit="CNY")
        return self.base("trade", self.year) if year < self.year else last

    def share(self, partner: str, year: int) -> Estimate:
        """A partner's share of total trade, computed."""
        return self.trade(partner, year) / self.total(year)

    def trade_growth(self, partner: str) -> Estimate:
        """Growth of trade with a partner, printed or by its trade in both years."""
        before, now = (self.trade(partner, year) for year in self.years)
        return self.printed(flow="trade", measure="growth", partner=partner) or now / before - 1

    def shift(self, partner: str) -> Estimate:
        """How much a partner's share of total trade grew, in percentage points."""
        before, now = (self.share(partner, year) for year in self.years)
        return replace(now - before, unit="points")

    def added(self, partner: str) -> Estimate:
        """What trade with a partner added to the growth of total trade, in points."""
        before, now = (self.trade(partner, year) for year in self.years)
        change = self.change("trade", partner=partner) or now - before
        return replace(change / self.total(self.year - 1), unit="points")

    @cached_property
    def compared(self) -> list[str]:
        """The partners with known trade in the last two years, largest first.

        Initiatives are left out: their members stand in the other groups as well.
        """
        kinds = load_table("partners").set_index("partner")["kind"]
        known = [p for p in self.highlights() if kinds[p] != "initiative" and self.added(p)]
        return sorted(known, key=lambda partner: -self.trade(partner, self.year).value)

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """What made the last year's trade of that before, by partner, in the story's currency."""
        totals = {f"Trade {year}": self.told(self.total(year), year) for year in self.years}
        (first, before), (last, after) = totals.items()
        steps = {}
        for name in self.compared:
            ends = [self.told(self.trade(name, year), year) for year in self.years]
            steps[name] = self.change("trade", told=True, partner=name) or ends[1] - ends[0]
        rest = self.change("trade", told=True) - reduce(add, steps.values())
        known = {first: before} | steps | {REST: rest, last: after}
        return self.rows((self.labels(name), found) for name, found in known.items())

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of total trade by partner in the last two years, a row for each."""
        return self.both_of(self.compared, self.share)

    @cached_property
    def shifts(self) -> pd.DataFrame:
        """Trade by partner: growth, shares, their shift, and contribution to total growth."""
        return wide(
            {"partner": name, "growth": self.trade_growth(name)}
            | {f"share {year}": self.share(name, year) for year in self.years}
            | {"shift": self.shift(name), "contribution": self.added(name)}
            for name in self.compared
        )

    @cached_property
    def computed_back(self) -> pd.DataFrame:
        """Trade of the year before, computed back, beside what the customs had published."""
        keys = {"flow": "trade", "period": self.year - 1, "unit": "CNY"}
        rows = []
        for partner in self.highlights():
            back = self.base("trade", self.year, partner=partner)
            if back and (then := self.published(partner=partner, **keys)):
                row = {"partner": partner, "computed back": back, "published then": then}
                rows.append(row | {"agree": _agree(back, then)})
        return wide(rows)

    @cached_property
    def bases(self) -> pd.DataFrame:
        """The printed share of the United States, and the shares it may stand for."""
        trade = self.trade(FOCUS, self.year)
        dollars = {"flow": "exports", "unit": "USD"}
        printed = self.printed(partner=FOCUS, flow="trade", measure="share")
        exports = self.published(partner=FOCUS, **dollars) / self.published(**dollars)
        shares = {
            "As printed": printed,
            "Trade over total trade": trade / self.total(self.year),
            "Trade over total exports": trade / self.printed(flow="exports", unit="CNY"),
            "Exports over total exports": exports,
        }
        known = []
        for label, share in shares.items():
            columns = {"label": label, "agree": _agree(share, printed)}
            known.append((columns | {"highlight": share is printed}, share))
        return self.rows(known)


def the(partner: str) -> str:
    """A partner's name inside a sentence.

    >>> the("United States"), the("Africa")
    ('the United States', 'Africa')
    """
    return f"the {partner}" if partner.startswith(("United", "European")) else partner


def _agree(one: Estimate, other: Estimate) -> str:
    return "yes" if one.interval.overlaps(other.interval) else "no"
