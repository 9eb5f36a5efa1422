"""Emerging industries: what China sells, the new beside the old."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib import charts, prose, tables
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.themes.story import (
    CUSTOMS,
    Estimate,
    Story,
    computed,
    in_words,
    ratio,
    table,
)

QUESTION: Final = "Have China’s new industries overtaken its old ones?"
SOURCE: Final = "Article surplus-2024"
INDUSTRIES: Final = ("emerging", "traditional")


class Emerging(Story):
    """Tables, sentences and charts of exports by product; see `Story` for the settings.

    ``highlight`` is an industry or a product, the emerging industries by default.

    Examples
    --------
    >>> Emerging().groups["products"].tolist()
    [6, 4]
    """

    def __init__(self, *args: Any, **kwargs: Any):
        products = load_table("products")
        self.industry = dict(zip(products["product"], products["industry"], strict=True))
        super().__init__(*args, **kwargs)

    def highlights(self) -> list[str]:
        """The two industries, then the products with a printed value."""
        return [*INDUSTRIES, *self.products()]

    def highlighted(self, product: str) -> bool:
        """Whether the highlight is a product or its industry."""
        return self.highlight in (product, self.industry[product])

    def products(self) -> list[str]:
        """The products of either industry whose exports an article prints, in its order."""
        rows = self.figures.query(
            "flow == 'exports' and measure == 'level' and reporter == 'China'"
        )
        return [p for p in rows["product"].unique() if self.industry.get(p)]

    @cached_property
    def last(self) -> int:
        """The last year for which an article prints exports by product."""
        rows = self.figures[self.figures["product"].isin(self.products())]
        return int(rows["period"].max())

    def exports(self, product: str, year: int) -> Estimate | None:
        """Exports of a product by the articles, in the story's currency."""
        return self.level(year, "exports", product=product)

    @cached_property
    def values(self) -> pd.DataFrame:
        """Exports by product in the last year, largest first, with the product's industry."""
        rows = []
        for product in self.products():
            value = self.exports(product, self.last)
            if value:
                industry = self.industry[product]
                rows.append(
                    value.row(
                        _title(product),
                        series=industry,
                        product=product,
                        highlight=self.highlighted(product),
                    )
                )
        return table(sorted(rows, key=lambda row: (-row["value"], row["label"])))

    @cached_property
    def growths(self) -> pd.DataFrame:
        """Growth of exports by product, largest first; the total beside."""
        rows = []
        for product in self.products():
            growth = self.growth(self.last, "exports", product=product)
            if growth:
                rows.append(
                    growth.row(
                        _title(product),
                        series=self.industry[product],
                        highlight=self.highlighted(product),
                    )
                )
        total = self.needed(self.growth(self.last, "exports"), "the growth of exports")
        rows.append(total.row("All exports", series="", highlight=False))
        return table(sorted(rows, key=lambda row: -row["value"]))

    @cached_property
    def both_years(self) -> pd.DataFrame:
        """Exports by product in the last year and, computed back, the year before."""
        rows = []
        for product in self.products():
            if not self.growth(self.last, "exports", product=product):
                continue
            for year in (self.last - 1, self.last):
                value = self.needed(self.exports(product, year), f"{product} of {year}")
                rows.append(
                    value.row(
                        _title(product), series=str(year), highlight=self.highlighted(product)
                    )
                )
        return table(rows)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The two industries as sums of their printed products, with their share of exports.

        The sums hold what the article lists, so they are lower bounds of each industry.
        """
        whole = self.needed(self.level(self.last, "exports"), "total exports")
        rows = []
        for industry in INDUSTRIES:
            listed = self.values[self.values["series"] == industry]
            total = Interval(listed["lower"].sum(), listed["upper"].sum())
            rows.append(
                {
                    "industry": industry,
                    "products": len(listed),
                    "exports": total,
                    "share of all exports": total / whole.interval,
                }
            )
        return table(rows)

    @cached_property
    def chips(self) -> pd.DataFrame:
        """Chip exports in yuan by year: as the article has them, and as the customs do.

        The article's are the last year and, computed back by its growth, the one before.
        """
        product = "integrated circuits"
        rows = []
        for year in range(self.last - 2, self.last + 1):
            asked = {"product": product, "flow": "exports", "measure": "level", "period": year}
            own = self.printed(**asked, unit="CNY") or self.base(
                year + 1, "exports", product=product
            )
            for series, found in (
                ("Article", own),
                ("Customs", self.published(**asked, unit="CNY")),
            ):
                if found:
                    rows.append(found.row(year, series=series, highlight=series == "Article"))
        return table(rows).rename(columns={"label": "period"})

    @cached_property
    def chips_against_phones(self) -> pd.DataFrame:
        """Exports of chips and phones in dollars by year, as the customs published them."""
        rows = []
        for product in ("integrated circuits", "mobile phones"):
            found = self.rows(
                self.reference, product=product, flow="exports", measure="level", unit="USD"
            ).sort_values("period")
            for row in found.to_dict("records"):
                bounds = {name: row[name] for name in ("value", "lower", "upper")}
                first = product == "integrated circuits"
                known = {"period": int(row["period"]), "series": _title(product), **bounds}
                rows.append({**known, "origin": "reference", "highlight": first})
        return table(rows)

    def electric_share(self) -> Estimate:
        """The share of electric vehicles among the cars exported, in units."""
        asked = {"flow": "exports", "measure": "units", "period": self.last}
        electric = self.needed(self.printed(product="electric vehicles", **asked), "electric cars")
        cars = self.needed(self.printed(product="automobiles", **asked), "cars")
        return ratio(electric, cars, "percent", "electric vehicles over cars")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What products with a printed growth added to the growth of all exports, in points."""
        whole = self.needed(self.base(self.last, "exports"), "exports of the year before")
        rows = []
        for product in self.products():
            growth = self.growth(self.last, "exports", product=product)
            value = self.printed(
                product=product, flow="exports", measure="level", period=self.last, unit="CNY"
            )
            if growth and value:
                added = value.interval * (growth.interval / (1 + growth.interval))
                part = computed(
                    added / whole.interval,
                    "points",
                    "change over all exports",
                    value,
                    growth,
                    whole,
                )
                rows.append(part.row(_title(product), highlight=self.highlighted(product)))
        return table(sorted(rows, key=lambda row: -row["value"]))

    def industry_sum(self, industry: str) -> Estimate:
        """The listed exports of an industry together, in the story's currency."""
        listed = [
            self.needed(self.exports(product, self.last), product)
            for product in self.products()
            if self.industry[product] == industry
        ]
        total = Interval(
            sum(part.interval.lower for part in listed), sum(part.interval.upper for part in listed)
        )
        names = ", ".join(
            _title(product).lower()
            for product in self.products()
            if self.industry[product] == industry
        )
        return computed(total, self.currency, f"sum of {names}", *listed)

    @cached_property
    def numbers(self) -> dict[str, prose.Number | str | int]:
        """Numbers by name: value, growth and year before of each product, sums of the industries.

        Names are those of the products in small letters: ``value_ships``, ``growth_ships``,
        ``before_ships``; chips are ``integrated_circuits``.
        """
        found: dict[str, Estimate | None] = {}
        for product in self.products():
            key = product.lower().replace(" ", "_")
            found[f"value_{key}"] = self.exports(product, self.last)
            found[f"growth_{key}"] = self.growth(self.last, "exports", product=product)
            found[f"before_{key}"] = self.exports(product, self.last - 1)
        whole = self.needed(self.level(self.last, "exports"), "total exports")
        for industry in INDUSTRIES:
            found[industry] = total = self.industry_sum(industry)
            found[f"{industry}_share"] = ratio(total, whole, "percent", "sum over total exports")
        found["exports"], found["exports_growth"] = whole, self.growth(self.last, "exports")
        found["electric_share"] = self.electric_share()
        for product in ("automobiles", "electric vehicles"):
            asked = {"flow": "exports", "measure": "units", "period": self.last}
            found[f"units_{product.replace(' ', '_')}"] = self.printed(product=product, **asked)
        asked = {"product": "integrated circuits", "flow": "exports", "period": self.last}
        found["mark"] = self.printed(**asked, measure="threshold")
        found["chips_yuan_before"] = self.base(self.last, "exports", product="integrated circuits")
        live = {name: estimate.live for name, estimate in found.items() if estimate}
        counts = {
            f"count_{name}": in_words(sum(self.industry[p] == name for p in self.products()))
            for name in INDUSTRIES
        }
        fastest = self.growths.iloc[0]
        live["fastest_growth"] = self.needed(
            self.growth(self.last, "exports", product=self._product(fastest["label"])), "growth"
        ).live
        names: dict[str, str | int] = {
            "fastest": str(fastest["label"]),
            "year": self.last,
            "year_before": self.last - 1,
        }
        return {**live, **counts, **names}

    def answer(self) -> prose.Sentence:
        """The answer in the first screen."""
        new, old = (self.industry_sum(industry).interval for industry in INDUSTRIES)
        verdict = "Yes" if new.lower > old.upper else "That cannot be told"
        return self.say(
            f"**{verdict}, among the products that were listed.** In {{year}} {{count_emerging}} "
            "new industries sold {emerging} abroad, {emerging_share} of all exports; "
            "{count_traditional} old ones sold {traditional}. {fastest} grew fastest, by "
            "{fastest_growth}, while all exports grew {exports_growth}."
        )

    def _product(self, title: str) -> str:
        return next(product for product in self.products() if _title(product) == title)

    def values_chart(self) -> charts.Chart:
        """Exports by product."""
        fresh = sum(self.values["series"].head(3) == "emerging")
        return charts.bars(
            self.values,
            title=f"{in_words(fresh).capitalize()} of the three largest products "
            f"{'is' if fresh == 1 else 'are'} new",
            measure=f"Exports of {self.last} by product",
            unit=self.currency,
            source=SOURCE,
        )

    def growth_chart(self) -> charts.Chart:
        """Growth of exports by product."""
        whole = self.growths.set_index("label").loc["All exports"]
        products = self.growths[self.growths["label"] != "All exports"]
        every = (products["lower"] > whole["upper"]).all()
        return charts.bars(
            self.growths,
            title="Each new industry whose growth is printed outgrew exports as a whole"
            if every
            else f"{products.iloc[0]['label']} grew fastest",
            measure=f"Growth of exports over {self.last - 1}",
            unit="percent",
            signed=True,
            source=SOURCE,
        )

    def both_years_chart(self) -> charts.Chart:
        """Exports by product, the year before computed back."""
        products = self.both_years.sort_values("value", kind="stable").groupby("label", sort=False)
        gains = {str(label): rows["value"].iloc[-1] - rows["value"].iloc[0] for label, rows in products}
        most = max(gains, key=lambda label: gains[label])
        return charts.dumbbell(
            self.both_years,
            title=f"{most} added most",
            measure=f"Exports of {self.last - 1}, computed back, and {self.last}",
            unit=self.currency,
            source=SOURCE,
        )

    def chips_chart(self) -> charts.Chart:
        """Chip exports against the mark of a trillion yuan."""
        mark = self.needed(
            self.printed(product="integrated circuits", flow="exports", measure="threshold",
                         period=self.last),
            "the mark",
        )  # fmt: skip
        before = self.needed(
            self.base(self.last, "exports", product="integrated circuits"), "chips of before"
        )
        where = "below" if before.interval.upper < mark.value else "not surely above"
        return charts.lines(
            self.chips,
            title=f"Chips were {where} the mark in {self.last - 1}",
            measure="Exports of integrated circuits",
            unit="CNY",
            source=f"{SOURCE}, {self.last - 1} computed back; {CUSTOMS}",
            threshold=(mark.value, "the mark"),
        )

    def phones_chart(self) -> charts.Chart:
        """Chips against phones, over the years."""
        chips, phones = (
            rows.set_index("period")["value"]
            for _, rows in self.chips_against_phones.groupby("series", sort=False)
        )
        common = [year for year in phones.index if year in chips.index]
        above = [year for year in common if chips[year] > phones[year]]
        return charts.lines(
            self.chips_against_phones,
            title=f"Chips have sold for more than phones since {above[0]}"
            if above
            else "Phones lead",
            measure=f"Exports by year (phones known from {common[0]})",
            unit="USD",
            source=CUSTOMS,
        )

    def groups_table(self) -> tables.Table:
        """The two industries as sums of what is listed."""
        return tables.show(
            self.groups,
            caption=f"New and old industries in {self.last}, as far as they are listed",
            units={"exports": self.currency, "share of all exports": "percent"},
            note="Sums of the products listed: lower bounds of each industry.",
        )

    def before_table(self) -> tables.Table:
        """The year before, computed back from value and growth."""
        wide = self.both_years.pivot_table(
            index="label", columns="series", values=["lower", "upper"], sort=False
        )
        growth = self.growths.set_index("label")
        rows = [
            {
                "product": label,
                **{
                    str(year): Interval(
                        wide.loc[label, ("lower", str(year))], wide.loc[label, ("upper", str(year))]
                    )
                    for year in (self.last - 1, self.last)
                },
                "growth": Interval(growth.loc[label, "lower"], growth.loc[label, "upper"]),
            }
            for label in wide.index
        ]
        return tables.show(
            table(rows),
            caption=f"Exports of {self.last - 1}, computed back from value and growth",
            units={
                str(self.last - 1): self.currency,
                str(self.last): self.currency,
                "growth": "percent",
            },
        )

    def printed_figures(self) -> tables.Table:
        """What the articles print on this theme."""
        rows = self.figures[~self.figures["product"].isin(["All"])]
        return self.ledger(*rows["figure"], caption="Printed on products and manufacturing")


def answer() -> prose.Sentence:
    """The theme's answer with the default settings."""
    return Emerging().answer()


def lead_chart() -> charts.Chart:
    """The chart that shows the answer, with the default settings."""
    return Emerging().values_chart()


def _title(product: str) -> str:
    names = {
        "integrated circuits": "Chips",
        "automatic data processing equipment": "Computers",
        "automobiles and parts": "Cars and parts",
        "plastic products and luggage": "Plastics, luggage",
        "clothing and footwear": "Clothing, footwear",
        "furniture and toys": "Furniture, toys",
    }
    return names.get(product, product[:1].upper() + product[1:])
