"""Emerging industries: what China sells, the new beside the old."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, reduce
from operator import add
from typing import Any, Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.themes.story import Story

INDUSTRIES: Final = ("emerging", "traditional")
CHIPS: Final = "integrated circuits"
TITLES: Final = {
    "All": "All exports",
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

    @cached_property
    def year(self) -> int:
        """The last year of which products are listed."""
        return int(self.figures["period"][self.figures["product"].isin(self.products)].max())

    @cached_property
    def industry(self) -> dict[str, str]:
        """The industry of each product, empty for what belongs to none."""
        return dict(load_table("products")[["product", "industry"]].to_numpy())

    @cached_property
    def products(self) -> list[str]:
        """The products of an industry whose exports an article prints, in its order."""
        rows = self.figures.query("flow == 'exports' and measure == 'level'")
        return [product for product in rows["product"].unique() if self.industry[product]]

    def listed(self, industry: str) -> list[str]:
        """The products of one industry."""
        return [product for product in self.products if self.industry[product] == industry]

    def highlights(self) -> list[str]:
        """The two industries, then the products with a printed value."""
        return [*INDUSTRIES, *self.products]

    def labels(self, product: str) -> dict[str, Any]:
        """The columns that tell what a row is of."""
        return {"label": title(product), "product": product, "industry": self.industry[product]}

    def exports(self, product: str, year: int) -> Estimate:
        """Exports of a product by the articles, in the story's currency."""
        return self.told(self.level("exports", year, product=product), year)

    def growth(self, product: str = "All") -> Estimate:
        """The printed growth of a product's exports."""
        return self.printed(flow="exports", measure="growth", product=product)

    def added(self, product: str) -> Estimate:
        """What a product added to the growth of all exports, in points."""
        change = self.change("exports", product=product)
        return replace(change / self.level("exports", self.year - 1), unit="points")

    @cached_property
    def values(self) -> pd.DataFrame:
        """Exports by product, largest first."""
        return self.ranked(self.products, lambda product: self.exports(product, self.year))

    @cached_property
    def growths(self) -> pd.DataFrame:
        """Growth of exports by product and of all exports, largest first."""
        return self.ranked([*self.products, "All"], self.growth)

    @cached_property
    def both_years(self) -> pd.DataFrame:
        """Exports by product in the last year and, computed back, the year before."""
        return self.both_of(filter(self.growth, self.products), self.exports)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What the products with a printed growth added to that of all exports, in points."""
        return self.ranked(self.products, self.added)

    def total(self, industry: str) -> Estimate:
        """The listed exports of an industry together, so a lower bound, in the story's currency."""
        return reduce(add, (self.exports(product, self.year) for product in self.listed(industry)))

    def share(self, industry: str) -> Estimate:
        """The listed exports of an industry as a share of all exports."""
        return self.total(industry) / self.exports("All", self.year)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The two industries: products listed, their exports together, their share of all."""
        rows = [
            (name, len(self.listed(name)), self.total(name).interval, self.share(name).interval)
            for name in INDUSTRIES
        ]
        return pd.DataFrame(
            rows, columns=["industry", "products", "exports", "share of all exports"]
        )

    @cached_property
    def chips(self) -> pd.DataFrame:
        """Chip exports in yuan by year: by the article, and by the customs."""
        known = []
        for year in range(self.year - 2, self.year + 1):
            own = self.level("exports", year, product=CHIPS)
            customs = self.published(flow="exports", product=CHIPS, period=year, unit="CNY")
            known.append(({"period": year, "series": "Article", "highlight": True}, own))
            known.append(({"period": year, "series": "Customs"}, customs))
        return self.rows(known)

    @cached_property
    def chips_and_phones(self) -> pd.DataFrame:
        """Exports of chips and phones in dollars by year, as the customs published them."""
        known = []
        for product in (CHIPS, "mobile phones"):
            columns = {"series": title(product), "highlight": product == CHIPS}
            for year in sorted(self.reference["period"].unique()):
                found = self.published(flow="exports", product=product, period=year, unit="USD")
                known.append(({"period": year, **columns}, found))
        return self.rows(known)

    @property
    def electric_share(self) -> Estimate:
        """The share of electric vehicles among the cars exported, in units."""
        keys = {"flow": "exports", "measure": "units"}
        electric = self.printed(product="electric vehicles", **keys)
        return electric / self.printed(product="automobiles", **keys)


def title(product: str) -> str:
    """A product's short name, as a heading.

    >>> title("integrated circuits"), title("ships"), title("All")
    ('Chips', 'Ships', 'All exports')
    """
    return TITLES.get(product, product[:1].upper() + product[1:])
