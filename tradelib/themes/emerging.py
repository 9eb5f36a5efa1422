"""Emerging industries: what China sells, the new beside the old."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import add
from typing import Any, Final

import pandas as pd

from tradelib.ledger import load_table
from tradelib.themes.story import Estimate, Story

INDUSTRIES: Final = ("emerging", "traditional")
CHIPS: Final = "integrated circuits"
TITLES: Final = {
    CHIPS: "Chips",
    "automatic data processing equipment": "Computers",
    "automobiles and parts": "Cars and parts",
    "plastic products and luggage": "Plastics, luggage",
    "clothing and footwear": "Clothing, footwear",
    "furniture and toys": "Furniture, toys",
}
"""Short names for charts, where the table of products has long ones."""


class Emerging(Story):
    """Tables of exports by product; see `Story` for the settings.

    ``highlight`` is an industry or a product, the emerging industries by default.

    Examples
    --------
    >>> Emerging().groups["products"].tolist()
    [6, 4]
    """

    def __init__(self, *settings: Any, **named: Any):
        table = load_table("products").set_index("product")
        self.industry = {str(p): str(i) for p, i in table["industry"].items() if i}
        super().__init__(*settings, **named)
        listed = self.figures["product"].isin(self.products)
        self.year = int(self.figures.loc[listed, "period"].max())

    @cached_property
    def products(self) -> list[str]:
        """The products of an industry whose exports an article prints, in its order."""
        rows = self.figures.query("flow == 'exports' and measure == 'level'")
        return [str(p) for p in rows["product"].unique() if p in self.industry]

    def highlights(self) -> list[str]:
        """The two industries, then the products with a printed value."""
        return [*INDUSTRIES, *self.products]

    def exports(self, product: str, year: int) -> Estimate | None:
        """Exports of a product by the articles, in the story's currency."""
        own = self.level("exports", year, product=product)
        return self.told(own, year) if own else None

    def growth(self, product: str = "All") -> Estimate | None:
        """The printed growth of a product's exports."""
        return self.printed(flow="exports", measure="growth", product=product)

    def _labels(self, product: str) -> dict[str, Any]:
        industry = self.industry.get(product, "")
        marked = self.highlight in (product, industry)
        return {"label": title(product), "highlight": marked, "industry": industry}

    @cached_property
    def values(self) -> pd.DataFrame:
        """Exports by product, largest first."""
        known = {product: self.exports(product, self.year) for product in self.products}
        rows = [found.row(**self._labels(product)) for product, found in known.items() if found]
        return pd.DataFrame(rows).sort_values(
            "value", ascending=False, kind="stable", ignore_index=True
        )

    @cached_property
    def growths(self) -> pd.DataFrame:
        """Growth of exports by product and of all exports, largest first."""
        known = {product: self.growth(product) for product in (*self.products, "All")}
        rows = [found.row(**self._labels(product)) for product, found in known.items() if found]
        return pd.DataFrame(rows).sort_values("value", ascending=False, ignore_index=True)

    @cached_property
    def both_years(self) -> pd.DataFrame:
        """Exports by product in the last year and, computed back, the year before."""
        return pd.DataFrame(
            found.row(**self._labels(product), series=str(year))
            for product in self.products
            for year in (self.year - 1, self.year)
            if self.growth(product) and (found := self.exports(product, year))
        )

    def total(self, industry: str) -> Estimate:
        """The listed exports of an industry together, in the story's currency.

        A sum of what is listed, so a lower bound of the industry.
        """
        listed = [p for p in self.products if self.industry[p] == industry]
        return reduce(add, [e for p in listed if (e := self.exports(p, self.year))])

    def share(self, industry: str) -> Estimate | None:
        """The listed exports of an industry as a share of all exports."""
        whole = self.exports("All", self.year)
        return self.total(industry) / whole if whole else None

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The two industries: products listed, their exports together, their share of all."""
        return pd.DataFrame(
            {
                "industry": industry,
                "products": sum(self.industry[p] == industry for p in self.products),
                "exports": self.total(industry).interval,
                "share of all exports": share.interval,
            }
            for industry in INDUSTRIES
            if (share := self.share(industry))
        )

    def added(self, product: str) -> Estimate | None:
        """What a product added to the growth of all exports, in points."""
        value = self.printed(flow="exports", product=product, unit="CNY")
        growth, whole = self.growth(product), self.level("exports", self.year - 1)
        if not (value and growth and whole):
            return None
        step = value * (1 - 1 / (1 + growth)) / whole
        return step.named(step.name, "points")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What the products with a printed growth added to that of all exports, in points."""
        known = {product: self.added(product) for product in self.products}
        rows = [found.row(**self._labels(product)) for product, found in known.items() if found]
        return pd.DataFrame(rows).sort_values("value", ascending=False, ignore_index=True)

    @cached_property
    def chips(self) -> pd.DataFrame:
        """Chip exports in yuan by year: by the article, and by the customs."""
        rows = []
        for year in range(self.year - 2, self.year + 1):
            own = self.level("exports", year, product=CHIPS)
            customs = self.published(flow="exports", product=CHIPS, period=year, unit="CNY")
            for series, found in (("Article", own), ("Customs", customs)):
                if found:
                    rows.append(
                        found.row(period=year, series=series, highlight=series == "Article")
                    )
        return pd.DataFrame(rows)

    @cached_property
    def chips_and_phones(self) -> pd.DataFrame:
        """Exports of chips and phones in dollars by year, as the customs published them."""
        years = sorted(self.reference["period"].unique())
        return pd.DataFrame(
            found.row(period=int(year), series=title(product), highlight=product == CHIPS)
            for product in (CHIPS, "mobile phones")
            for year in years
            if (found := self.published(flow="exports", product=product, period=year, unit="USD"))
        )

    @property
    def electric_share(self) -> Estimate | None:
        """The share of electric vehicles among the cars exported, in units."""
        keys = {"flow": "exports", "measure": "units"}
        electric = self.printed(product="electric vehicles", **keys)
        cars = self.printed(product="automobiles", **keys)
        return electric / cars if electric and cars else None


def title(product: str) -> str:
    """A product's short name, as a heading.

    >>> title("integrated circuits"), title("ships"), title("All")
    ('Chips', 'Ships', 'All exports')
    """
    if product == "All":
        return "All exports"
    return TITLES.get(product, product[:1].upper() + product[1:])
