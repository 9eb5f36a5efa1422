"""Export diversification: who bought more when the United States bought less."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib import charts, prose, tables
from tradelib.ledger import load_table
from tradelib.themes.story import (
    CUSTOMS,
    Estimate,
    Story,
    computed,
    joined,
    ratio,
    table,
)

QUESTION: Final = "Who bought what the United States no longer did?"
FOCUS: Final = "United States"
SOURCE: Final = "Article diversification-2025"


class Diversification(Story):
    """Tables, sentences and charts of trade by partner; see `Story` for the settings.

    ``highlight`` is a partner, the United States by default.

    Examples
    --------
    >>> shares = Diversification().shares.set_index(["label", "series"])
    >>> shares.loc[("United States", "2025"), ["lower", "upper"]].round(4).tolist()
    [0.0881, 0.0883]
    """

    def highlights(self) -> list[str]:
        """The partners the last article names, the United States first."""
        named = self.figures.loc[self.figures["period"] == self.year, "partner"].unique()
        return [FOCUS, *(partner for partner in named if partner not in (FOCUS, "World"))]

    def partners(self, flow: str, measure: str) -> list[str]:
        """The partners with a printed figure of a flow in the last year, World left out."""
        rows = self.figures.query("flow == @flow and measure == @measure and reporter == 'China'")
        rows = rows[(rows["period"] == self.year) & (rows["product"] == "All")]
        return [partner for partner in rows["partner"].unique() if partner != "World"]

    @cached_property
    def export_growth(self) -> pd.DataFrame:
        """Growth of exports by partner, largest first, in dollars; the total by others' figures."""
        rows = [
            self.needed(self.growth(self.year, "exports", partner=partner), partner).row(
                partner, highlight=partner == self.highlight
            )
            for partner in self.partners("exports", "growth")
        ]
        total = self.published(
            flow="exports", measure="growth", period=self.year, currency_basis="USD"
        )
        if total:
            rows.append(total.row("All partners", highlight=False))
        return table(sorted(rows, key=lambda row: -row["value"]))

    def trade(self, year: int, partner: str) -> Estimate | None:
        """Trade in yuan with a partner: printed, computed back, or else published by others."""
        asked = {"flow": "trade", "measure": "level", "period": year, "partner": partner}
        return (
            self.printed(**asked, unit="CNY")
            or self.base(year + 1, "trade", partner=partner)
            or self.published(**asked, unit="CNY")
        )

    def both_years(self) -> list[tuple[str, Estimate, Estimate]]:
        """Each partner with its trade of the last year and of the year before, largest first.

        Initiatives are left out: their members stand in the other groups as well.
        """
        kinds = load_table("partners").set_index("partner")["kind"]
        found = []
        for partner in self.partners("trade", "level"):
            if kinds[partner] == "initiative":
                continue
            new, old = (self.trade(year, partner) for year in (self.year, self.year - 1))
            if new and old:
                found.append((partner, new, old))
        return sorted(found, key=lambda entry: -entry[1].value)

    def total(self, year: int) -> Estimate:
        """Total trade in yuan, the year before computed back from the last one's growth."""
        if year == self.year:
            found = self.printed(flow="trade", measure="level", period=year, unit="CNY")
        else:
            found = self.base(self.year, "trade")
        return self.needed(found, f"the total trade of {year}")

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Trade by partner in the last two years, in the story's currency, two rows a partner."""
        rows = []
        for partner, new, old in self.both_years():
            for year, amount in ((self.year - 1, old), (self.year, new)):
                told = self.translated(amount, year)
                rows.append(
                    told.row(partner, series=str(year), highlight=partner == self.highlight)
                )
        return table(rows)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of total trade by partner in the last two years, two rows a partner."""
        rows = []
        for partner, new, old in self.both_years():
            for year, amount in ((self.year - 1, old), (self.year, new)):
                part = ratio(
                    amount, self.total(year), "percent", f"trade with {partner} over total trade"
                )
                rows.append(
                    part.row(partner, series=str(year), highlight=partner == self.highlight)
                )
        return table(rows)

    def share(self, partner: str, year: int) -> Estimate:
        """The share of one partner in total trade."""
        amount = self.needed(self.trade(year, partner), f"the trade with {partner} of {year}")
        return ratio(amount, self.total(year), "percent", f"trade with {partner} over total trade")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each partner added to the growth of total trade, in points, largest first."""
        total = self.total(self.year - 1)
        rows = []
        for partner, new, old in self.both_years():
            growth = self.growth(self.year, "trade", partner=partner)
            added = (
                new.interval * (growth.interval / (1 + growth.interval))
                if growth
                else new.interval - old.interval
            )
            part = computed(
                added / total.interval, "points", "change over the total of before", new, old, total
            )
            rows.append(part.row(partner, highlight=partner == self.highlight))
        return table(sorted(rows, key=lambda row: -row["value"]))

    @cached_property
    def computed_back(self) -> pd.DataFrame:
        """Trade of the year before, computed back, beside what the customs had published."""
        rows: list[dict[str, Any]] = []
        for partner in self.partners("trade", "growth"):
            back = self.needed(self.base(self.year, "trade", partner=partner), partner)
            customs = self.published(
                flow="trade", measure="level", period=self.year - 1, partner=partner, unit="CNY"
            )
            rows.append(
                {
                    "partner": partner,
                    "computed back": back.interval,
                    "published then": customs.interval if customs else None,
                    "within": ""
                    if customs is None
                    else "yes"
                    if customs.interval.overlaps(back.interval)
                    else "no: revised since",
                }
            )
        return table(rows)

    @cached_property
    def mislabelled(self) -> pd.DataFrame:
        """The printed share of the United States, and what it is a share of."""
        printed = self.needed(
            self.printed(partner=FOCUS, flow="trade", measure="share", period=self.year), "a share"
        )
        amount = self.needed(self.trade(self.year, FOCUS), FOCUS)
        rows = []
        for flow in ("exports", "trade"):
            asked = {"flow": flow, "measure": "level", "period": self.year, "unit": "CNY"}
            whole = self.needed(self.printed(**asked), flow)
            rows.append(
                {
                    "trade with the United States over": f"total {flow}",
                    "amount": whole.interval,
                    "share": amount.interval / whole.interval,
                    "printed": printed.interval,
                    "can be": "yes"
                    if (amount.interval / whole.interval).overlaps(printed.interval)
                    else "no",
                }
            )
        return table(rows)

    @cached_property
    def numbers(self) -> dict[str, prose.Number | str | int]:
        """Numbers by name: growth, trade, share and contribution of each partner.

        Names are those of the partners in small letters: ``growth_africa``, ``trade_asean``,
        ``trade_before_asean``, ``share_asean``, ``added_united_states``.
        """
        found: dict[str, Estimate | None] = {}
        for partner in self.highlights():
            key = partner.lower().replace(" ", "_")
            found[f"growth_{key}"] = self.growth(self.year, "exports", partner=partner)
            found[f"trade_growth_{key}"] = self.growth(self.year, "trade", partner=partner)
            now, before = (self.trade(year, partner) for year in (self.year, self.year - 1))
            asked = {"flow": "trade", "measure": "share", "period": self.year}
            found[f"printed_share_{key}"] = self.printed(partner=partner, **asked)
            if now and before:
                found[f"trade_{key}"] = self.translated(now, self.year)
                found[f"trade_before_{key}"] = self.translated(before, self.year - 1)
                found[f"share_{key}"] = self.share(partner, self.year)
                found[f"share_before_{key}"] = self.share(partner, self.year - 1)
        exports = {"flow": "exports", "measure": "growth", "period": self.year}
        found["growth_dollars"] = self.published(**exports, currency_basis="USD")
        found["growth_yuan"] = self.printed(**exports)
        found["trade_growth"] = self.growth(self.year, "trade")
        found["total"] = self.translated(self.total(self.year), self.year)
        total = {"measure": "level", "period": self.year, "unit": "CNY"}
        focus = self.needed(self.trade(self.year, FOCUS), FOCUS)
        whole = self.needed(self.printed(**total, flow="exports"), "exports")
        what = "trade with the United States over total exports"
        found["share_of_exports"] = ratio(focus, whole, "percent", what)
        live = {name: estimate.live for name, estimate in found.items() if estimate}
        return {**super().numbers, **live}

    @cached_property
    def risen(self) -> list[str]:
        """The partners to which exports grew for certain, fastest first."""
        growth = self.export_growth.query("origin != 'reference' and lower > 0")
        return growth["label"].tolist()

    def answer(self) -> prose.Sentence:
        """The answer in the first screen."""
        rises = [f"{{growth_{p.lower().replace(' ', '_')}:size}} to {_the(p)}" for p in self.risen]
        fall = self.needed(self.growth(self.year, "exports", partner=FOCUS), FOCUS)
        fell = "fell {growth_united_states:size}" if fall.interval.upper < 0 else "held up"
        known = "growth_dollars" in self.numbers
        return self.say(
            f"**{joined([_the(partner) for partner in self.risen])} did.** China’s exports to the "
            f"United States {fell} in {{year}}, but they grew {joined(rises)}. "
            + ("All exports together still grew {growth_dollars}, " if known else "In all, ")
            + "{growth_yuan} in yuan. The United States now make up {printed_share_united_states} "
            "of China’s trade, after {share_before_united_states} the year before."
        )

    def growth_chart(self) -> charts.Chart:
        """Growth of exports by partner."""
        growth = self.export_growth.query("origin != 'reference'").set_index("label")
        down = [_the(partner) for partner in growth.index if growth.loc[partner, "upper"] < 0]
        who = f"only {joined(down)}" if len(down) == 1 else joined(down) or "none"
        return charts.bars(
            self.export_growth,
            title=f"Of the partners named, {who} bought less in {self.year}",
            measure=f"Growth of exports over {self.year - 1}, in dollars",
            unit="percent",
            signed=True,
            source=f"{SOURCE}; all partners: press tally of customs data, reference.csv",
        )

    def shares_chart(self) -> charts.Chart:
        """Shares of total trade by partner, before and after."""
        before, now = (self.share(FOCUS, year).interval for year in (self.year - 1, self.year))
        moved = "lost" if now.upper < before.lower else "kept"
        return charts.dumbbell(
            self.shares,
            title=f"The United States {moved} "
            + (f"{(before - now).midpoint * 100:.1f} points" if moved == "lost" else "its share")
            + " of China’s trade",
            measure=f"Share of exports and imports together, {self.year - 1} and {self.year}",
            unit="percent",
            source=f"{SOURCE}; {self.year - 1} computed back, United States: {CUSTOMS}",
        )

    def contributions_chart(self) -> charts.Chart:
        """What each partner added to the growth of total trade."""
        first = self.contributions.iloc[0]["label"]
        return charts.bars(
            self.contributions,
            title=f"{_the(first)[:1].upper()}{_the(first)[1:]} added most to the growth of trade",
            measure=f"Contribution to the growth of total trade, {self.year - 1} to {self.year}",
            unit="points",
            signed=True,
            source=f"{SOURCE}; United States {self.year - 1}: {CUSTOMS}",
        )

    def levels_chart(self) -> charts.Chart:
        """Trade by partner, before and after."""
        grown = [
            partner
            for partner, rows in self.levels.groupby("label", sort=False)
            if rows["lower"].iloc[1] > rows["upper"].iloc[0]
        ]
        count = len(self.levels["label"].unique())
        return charts.dumbbell(
            self.levels,
            title=f"Trade grew with {len(grown)} of {count} named partners",
            measure=f"Exports and imports together, {self.year - 1} and {self.year}",
            unit=self.currency,
            source=f"{SOURCE}; {self.year - 1} computed back, United States: {CUSTOMS}",
        )

    def computed_back_table(self) -> tables.Table:
        """Trade of the year before, computed back, against the customs' figures."""
        return tables.show(
            self.computed_back,
            caption=f"Trade of {self.year - 1} as growth puts it, and as the customs first put it",
            units={"computed back": "CNY", "published then": "CNY"},
            note="Where the two part, the year before was revised, or the group’s list changed.",
        )

    def mislabelled_table(self) -> tables.Table:
        """What the printed share of the United States is a share of."""
        return tables.show(
            self.mislabelled,
            caption="The printed share fits total trade, not total exports",
            units={"amount": "CNY", "share": "percent", "printed": "percent"},
        )

    def printed_figures(self) -> tables.Table:
        """What the articles print on this theme."""
        rows = self.figures[
            (self.figures["article"] == self.latest)
            & (
                (self.figures["partner"] != "World")
                | self.figures["measure"].str.contains("partner")
            )
        ]
        return self.ledger(*rows["figure"], caption="Printed on partners")


def answer() -> prose.Sentence:
    """The theme's answer with the default settings."""
    return Diversification().answer()


def lead_chart() -> charts.Chart:
    """The chart that shows the answer, with the default settings."""
    return Diversification().growth_chart()


def _the(partner: str) -> str:
    """A partner's name inside a sentence."""
    return f"the {partner}" if partner in ("United States", "European Union") else partner
