"""Emerging industries: what China sells, the new beside the old."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
        listed = self.figures["product"].isin(self.products)
        return int(self.figures.loc[listed, "period"].max())

    @cached_property
    def industry(self) -> dict[str, str]:
        """The industry of each product, empty for what belongs to none."""
        return dict(load_table("products")[["product", "industry"]].to_numpy())

    @cached_property
    def products(self) -> list[str]:
        """The products of an industry whose exports an article prints, in its order."""
        rows = self.figures.query("flow == 'exports' and measure == 'level'")
        return [product for product in rows["product"].unique() if self.industry[product]]

    def highlights(self) -> list[str]:
        """The two industries, then the products with a printed value."""
        return [*INDUSTRIES, *self.products]

    def exports(self, product: str, year: int) -> Estimate:
        """Exports of a product by the articles, in the story's currency."""
        return self.told(self.level("exports", year, product=product), year)

    def growth(self, product: str = "All") -> Estimate:
        """The printed growth of a product's exports."""
        return self.printed(flow="exports", measure="growth", product=product)

    def _ranked(self, products: Iterable[str], of: Callable[[str], Estimate]) -> pd.DataFrame:
        """A row for each product of which something is known, largest first."""
        return self.rows(((self._labels(product), of(product)) for product in products), True)

    def _labels(self, product: str) -> dict[str, Any]:
        industry = self.industry[product]
        return {"label": title(product), "product": product, "industry": industry}

    @cached_property
    def values(self) -> pd.DataFrame:
        """Exports by product, largest first."""
        return self._ranked(self.products, lambda product: self.exports(product, self.year))

    @cached_property
    def growths(self) -> pd.DataFrame:
        """Growth of exports by product and of all exports, largest first."""
        return self._ranked([*self.products, "All"], self.growth)

    @cached_property
    def both_years(self) -> pd.DataFrame:
        """Exports by product in the last year and, computed back, the year before."""
        return self.rows(
            (self._labels(product) | {"series": str(year)}, self.exports(product, year))
            for product in filter(self.growth, self.products)
            for year in (self.year - 1, self.year)
        )

    def listed(self, industry: str) -> list[str]:
        """The products of an industry whose exports are printed."""
        return [product for product in self.products if self.industry[product] == industry]

    def total(self, industry: str) -> Estimate:
        """The listed exports of an industry together, so a lower bound, in the story's currency."""
        return reduce(add, (self.exports(product, self.year) for product in self.listed(industry)))

    def share(self, industry: str) -> Estimate:
        """The listed exports of an industry as a share of all exports."""
        return self.total(industry) / self.exports("All", self.year)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The two industries: products listed, their exports together, their share of all."""
        return pd.DataFrame(
            {
                "industry": industry,
                "products": len(self.listed(industry)),
                "exports": self.total(industry).interval,
                "share of all exports": self.share(industry).interval,
            }
            for industry in INDUSTRIES
        )

    def added(self, product: str) -> Estimate:
        """What a product added to the growth of all exports, in points."""
        value = self.printed(flow="exports", product=product, unit="CNY")
        step = value * (1 - 1 / (1 + self.growth(product))) / self.level("exports", self.year - 1)
        return replace(step, unit="points")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What the products with a printed growth added to that of all exports, in points."""
        return self._ranked(self.products, self.added)

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
        return self.rows(
            (
                {"period": year, "series": title(product), "highlight": product == CHIPS},
                self.published(flow="exports", product=product, period=year, unit="USD"),
            )
            for product in (CHIPS, "mobile phones")
            for year in sorted(self.reference["period"].unique())
        )

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
