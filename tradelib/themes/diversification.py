"""Export diversification: who bought more when the United States bought less."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from tradelib.ledger import load_table
from tradelib.themes.story import Estimate, Story

FOCUS = "United States"


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

    def growth(self, partner: str) -> Estimate | None:
        """The printed growth of exports to a partner."""
        return self.printed(flow="exports", measure="growth", partner=partner)

    @cached_property
    def export_growth(self) -> pd.DataFrame:
        """Growth of exports by partner in dollars, largest first; the total by others' figures."""
        total = self.published(flow="exports", measure="growth", currency_basis="USD")
        known = [("All partners", total), *((p, self.growth(p)) for p in self.highlights())]
        rows = [
            growth.row(label=partner, highlight=partner == self.highlight)
            for partner, growth in known
            if growth
        ]
        return pd.DataFrame(rows).sort_values("value", ascending=False, ignore_index=True)

    @property
    def risen(self) -> list[str]:
        """The partners to which exports grew for certain, fastest first."""
        named = self.export_growth.query("origin == 'printed' and lower > 0")
        return [str(label) for label in named["label"]]

    def trade(self, partner: str, year: int) -> Estimate | None:
        """Trade in yuan with a partner by the articles, else by others."""
        own = self.level("trade", year, partner=partner)
        return own or self.published(flow="trade", period=year, partner=partner, unit="CNY")

    @cached_property
    def pairs(self) -> dict[str, tuple[Estimate, Estimate]]:
        """Trade of the year before and of the last year by partner, largest first.

        Initiatives are left out: their members stand in the other groups as well.
        """
        kinds = load_table("partners").set_index("partner")["kind"]
        pairs = {}
        for partner in self.highlights():
            old, new = (self.trade(partner, year) for year in (self.year - 1, self.year))
            if kinds[partner] != "initiative" and old and new:
                pairs[partner] = old, new
        return dict(sorted(pairs.items(), key=lambda pair: -pair[1][1].value))

    def total(self, year: int) -> Estimate:
        """Total trade in yuan, the year before of the same vintage as the last one."""
        total = self.printed(flow="trade", unit="CNY")
        if year < self.year:
            total = self.base("trade", self.year)
        if total is None:
            raise ValueError(f"the ledger does not give the total trade of {year}")
        return total

    def share(self, partner: str, year: int) -> Estimate | None:
        """A partner's share of total trade, computed."""
        trade = self.trade(partner, year)
        return trade / self.total(year) if trade else None

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Trade by partner in the last two years, a row for each, in the story's currency."""
        return self._both_years(lambda amount, year: self.told(amount, year))

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of total trade by partner in the last two years, a row for each."""
        return self._both_years(lambda amount, year: amount / self.total(year))

    def _both_years(self, of: Any) -> pd.DataFrame:
        return pd.DataFrame(
            of(amount, year).row(
                label=partner, series=str(year), highlight=partner == self.highlight
            )
            for partner, pair in self.pairs.items()
            for year, amount in zip((self.year - 1, self.year), pair, strict=True)
        )

    def added(self, partner: str) -> Estimate | None:
        """What trade with a partner added to the growth of total trade, in points."""
        if partner not in self.pairs:
            return None
        old, new = self.pairs[partner]
        growth = self.printed(flow="trade", measure="growth", partner=partner)
        # With a printed growth each figure stands in the formula once: the bounds are sharp.
        change = new * (1 - 1 / (1 + growth)) if growth else new - old
        step = change / self.total(self.year - 1)
        return step.named(step.name, "points")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each partner added to the growth of total trade, in points, largest first."""
        rows = [
            added.row(label=partner, highlight=partner == self.highlight)
            for partner in self.pairs
            if (added := self.added(partner))
        ]
        return pd.DataFrame(rows).sort_values("value", ascending=False, ignore_index=True)

    @cached_property
    def computed_back(self) -> pd.DataFrame:
        """Trade of the year before, computed back, beside what the customs had published."""
        rows = []
        for partner in self.highlights():
            back = self.base("trade", self.year, partner=partner)
            then = self.published(flow="trade", period=self.year - 1, partner=partner, unit="CNY")
            if back and then:
                rows.append(
                    {
                        "partner": partner,
                        "computed back": back.interval,
                        "published then": then.interval,
                        "agree": "yes" if back.interval.overlaps(then.interval) else "no",
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def bases(self) -> pd.DataFrame:
        """The printed share of the United States against what it may be a share of."""
        trade, printed = (
            self.trade(FOCUS, self.year),
            self.printed(partner=FOCUS, flow="trade", measure="share"),
        )
        wholes = ((flow, self.printed(flow=flow, unit="CNY")) for flow in ("exports", "trade"))
        return pd.DataFrame(
            {
                "trade over": f"total {flow}",
                "amount": whole.interval,
                "share": (share := (trade / whole).interval),
                "printed": printed.interval,
                "agree": "yes" if share.overlaps(printed.interval) else "no",
            }
            for flow, whole in wholes
            if trade and printed and whole
        )


def the(partner: str) -> str:
    """A partner's name inside a sentence.

    >>> the("United States"), the("Africa")
    ('the United States', 'Africa')
    """
    return f"the {partner}" if partner.startswith(("United", "European")) else partner
