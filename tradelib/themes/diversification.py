"""Export diversification: who bought more when the United States bought less."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.themes.story import Story

FOCUS: Final = "United States"


class Diversification(Story):
    """Tables of trade by partner; see `Story` for the settings. ``highlight`` is a partner.

    Examples
    --------
    >>> shares = Diversification().shares.set_index(["label", "series"])
    >>> shares.loc[("United States", "2025"), ["lower", "upper"]].round(4).tolist()
    [0.0881, 0.0883]
    """

    def highlights(self) -> list[str]:
        """The partners the ledger names in its last year, the United States first."""
        named = self.figures.loc[self.figures["period"] == self.year, "partner"].unique()
        return [FOCUS, *(partner for partner in named if partner not in (FOCUS, "World"))]

    def growth(self, partner: str) -> Estimate:
        """The printed growth of exports to a partner."""
        return self.printed(flow="exports", measure="growth", partner=partner)

    @cached_property
    def export_growth(self) -> pd.DataFrame:
        """Growth of exports by partner in dollars, largest first; the total by others' figures."""
        total = self.published(flow="exports", measure="growth", currency_basis="USD")
        known = {"All partners": total} | {name: self.growth(name) for name in self.highlights()}
        return self.ranked(known, known.__getitem__)

    @property
    def risen(self) -> list[str]:
        """The partners to which exports grew for certain, fastest first."""
        return list(self.export_growth.query("origin == 'printed' and lower > 0")["label"])

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

    def added(self, partner: str) -> Estimate:
        """What trade with a partner added to the growth of total trade, in points."""
        before, last = (self.trade(partner, year) for year in (self.year - 1, self.year))
        change = self.change("trade", partner=partner) or last - before
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
    def levels(self) -> pd.DataFrame:
        """Trade by partner in the last two years, a row for each, in the story's currency."""
        return self.both_of(self.compared, lambda p, year: self.told(self.trade(p, year), year))

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of total trade by partner in the last two years, a row for each."""
        return self.both_of(self.compared, self.share)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each partner added to the growth of total trade, in points, largest first."""
        return self.ranked(self.compared, self.added)

    @cached_property
    def computed_back(self) -> pd.DataFrame:
        """Trade of the year before, computed back, beside what the customs had published."""
        keys = {"flow": "trade", "period": self.year - 1, "unit": "CNY"}
        rows = []
        for partner in self.highlights():
            back = self.base("trade", self.year, partner=partner)
            if back and (then := self.published(partner=partner, **keys)):
                rows.append((partner, back.interval, then.interval, _agree(back, then)))
        return pd.DataFrame(rows, columns=["partner", "computed back", "published then", "agree"])

    @cached_property
    def bases(self) -> pd.DataFrame:
        """The printed share of the United States against what it may be a share of."""
        printed = self.printed(partner=FOCUS, flow="trade", measure="share")
        rows = []
        for flow in ("exports", "trade"):
            whole = self.printed(flow=flow, unit="CNY")
            share = self.trade(FOCUS, self.year) / whole
            intervals = (whole.interval, share.interval, printed.interval)
            rows.append((f"total {flow}", *intervals, _agree(share, printed)))
        return pd.DataFrame(rows, columns=["trade over", "amount", "share", "printed", "agree"])


def the(partner: str) -> str:
    """A partner's name inside a sentence.

    >>> the("United States"), the("Africa")
    ('the United States', 'Africa')
    """
    return f"the {partner}" if partner.startswith(("United", "European")) else partner


def _agree(one: Estimate, other: Estimate) -> str:
    return "yes" if one.interval.overlaps(other.interval) else "no"
