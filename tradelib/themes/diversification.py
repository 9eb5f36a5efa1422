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
        known = [({"label": partner}, self.growth(partner)) for partner in self.highlights()]
        return self.rows([({"label": "All partners"}, total), *known], ranked=True)

    @property
    def risen(self) -> list[str]:
        """The partners to which exports grew for certain, fastest first."""
        return self.export_growth.query("origin == 'printed' and lower > 0")["label"].tolist()

    def trade(self, partner: str, year: int) -> Estimate:
        """Trade in yuan with a partner by the articles, else by others."""
        others = self.published(flow="trade", period=year, partner=partner, unit="CNY")
        return self.level("trade", year, partner=partner) or others

    @cached_property
    def compared(self) -> list[str]:
        """The partners with known trade in the last two years, largest first.

        Initiatives are left out: their members stand in the other groups as well.
        """
        kinds = load_table("partners").set_index("partner")["kind"]
        partners = [
            partner
            for partner in self.highlights()
            if kinds[partner] != "initiative" and self.share(partner, self.year)
            if self.share(partner, self.year - 1)
        ]
        return sorted(partners, key=lambda partner: -self.trade(partner, self.year).value)

    def total(self, year: int) -> Estimate:
        """Total trade in yuan, the year before of the same vintage as the last one."""
        before = year < self.year
        return self.base("trade", self.year) if before else self.printed(flow="trade", unit="CNY")

    def share(self, partner: str, year: int) -> Estimate:
        """A partner's share of total trade, computed."""
        return self.trade(partner, year) / self.total(year)

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Trade by partner in the last two years, a row for each, in the story's currency."""
        return self.rows(
            ({"label": partner, "series": str(year)}, self.told(self.trade(partner, year), year))
            for partner in self.compared
            for year in (self.year - 1, self.year)
        )

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of total trade by partner in the last two years, a row for each."""
        return self.rows(
            ({"label": partner, "series": str(year)}, self.share(partner, year))
            for partner in self.compared
            for year in (self.year - 1, self.year)
        )

    def added(self, partner: str) -> Estimate:
        """What trade with a partner added to the growth of total trade, in points."""
        old, new = (self.trade(partner, year) for year in (self.year - 1, self.year))
        growth = self.printed(flow="trade", measure="growth", partner=partner)
        # With a printed growth each figure stands in the formula once: the bounds are sharp.
        change = new * (1 - 1 / (1 + growth)) or new - old
        return replace(change / self.total(self.year - 1), unit="points")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each partner added to the growth of total trade, in points, largest first."""
        known = (({"label": partner}, self.added(partner)) for partner in self.compared)
        return self.rows(known, ranked=True)

    @cached_property
    def computed_back(self) -> pd.DataFrame:
        """Trade of the year before, computed back, beside what the customs had published."""
        keys = {"flow": "trade", "period": self.year - 1, "unit": "CNY"}
        return pd.DataFrame(
            {
                "partner": partner,
                "computed back": back.interval,
                "published then": then.interval,
                "agree": "yes" if back.interval.overlaps(then.interval) else "no",
            }
            for partner in self.highlights()
            if (back := self.base("trade", self.year, partner=partner))
            and (then := self.published(partner=partner, **keys))
        )

    @cached_property
    def bases(self) -> pd.DataFrame:
        """The printed share of the United States against what it may be a share of."""
        printed = self.printed(partner=FOCUS, flow="trade", measure="share").interval
        wholes = ((flow, self.printed(flow=flow, unit="CNY")) for flow in ("exports", "trade"))
        return pd.DataFrame(
            {
                "trade over": f"total {flow}",
                "amount": whole.interval,
                "share": (share := (self.trade(FOCUS, self.year) / whole).interval),
                "printed": printed,
                "agree": "yes" if share.overlaps(printed) else "no",
            }
            for flow, whole in wholes
        )


def the(partner: str) -> str:
    """A partner's name inside a sentence.

    >>> the("United States"), the("Africa")
    ('the United States', 'Africa')
    """
    return f"the {partner}" if partner.startswith(("United", "European")) else partner
