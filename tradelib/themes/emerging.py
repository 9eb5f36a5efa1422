"""Emerging industries: what China sells, the new beside the old."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property, reduce
from operator import add
from typing import Any, Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import load_table
from tradelib.quantity import Interval
from tradelib.themes.story import Story, wide
from tradelib.wording import parse

INDUSTRIES: Final = ("emerging", "traditional")
CHIPS: Final = "integrated circuits"
PHONES: Final = "mobile phones"
CARS: Final = "automobiles"
CARS_PARTS: Final = "automobiles and parts"
ELECTRIC: Final = "electric vehicles"
TITLES: Final = {
    "All": "All exports",
    CHIPS: "Chips",
    "automatic data processing equipment": "Computers",
    "automatic data processing equipment and parts": "Computers and parts",
    CARS: "Cars",
    CARS_PARTS: "Cars and parts",
    "plastic products and luggage": "Plastics, luggage",
    "clothing and footwear": "Clothing, footwear",
    "furniture and toys": "Furniture, toys",
}
"""Short names for charts, where the table of products has long ones."""


class Emerging(Story):
    """Tables of exports by product; see `Story` for the settings.

    ``highlight`` is an industry or a product, the emerging industries by default.

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
        """What a product added to the growth of all exports, in points.

        Without a printed rate, the most that the claim on the traditional industries leaves.
        """
        change = self.change("exports", product=product)
        if not change and self.industry[product] == "traditional":
            change = self.level("exports", self.year, product=product) * (1 - self.slowest)
        return replace(change / self.level("exports", self.year - 1), unit="points")

    def together(self, industry: str) -> Estimate:
        """What the products of an industry added together, as far as anything is known of each."""
        return reduce(add, filter(None, map(self.added, self.listed(industry))))

    @cached_property
    def slowest(self) -> Estimate:
        """The year before over the year, for products that grew by less than a tenth or shrank."""
        claim = load_table("claims").set_index("claim").loc["traditional-slow-growth"]
        most = parse(str(claim["threshold"])).value
        return Estimate(Interval(1 / (1 + most), math.inf), "", f"1 ÷ (1 + {claim['threshold']})")

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
        return wide(
            {"product": title(name)}
            | {f"exports {year}": self.exports(name, year) for year in self.years}
            for name in filter(self.growth, self.products)
        )

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
        return wide(
            {"industry": name, "products": len(self.listed(name)), "exports": self.total(name)}
            | {"share of all exports": self.share(name)}
            for name in INDUSTRIES
        )

    @cached_property
    def weights(self) -> pd.DataFrame:
        """The share of all exports of both industries, as far as listed, and of what is not."""
        known = {f"{name.capitalize()}, as listed": self.share(name) for name in INDUSTRIES}
        known["Not listed"] = 1 - reduce(add, known.values())
        columns = ({"label": label, "industry": label.split(",")[0].lower()} for label in known)
        return self.rows(zip(columns, known.values(), strict=True))

    def customs(self, product: str, year: int) -> Estimate:
        """Exports of a product by others, or computed back from theirs of the year after."""
        keys: dict[str, Any] = {"flow": "exports", "product": product}
        for unit in (self.currency, "CNY", "USD"):
            if found := self.published(period=year, unit=unit, **keys):
                return self.told(found, year)
        after = self.published(period=year + 1, unit="USD", **keys)
        return self.told(after / (1 + self.grew(product, year + 1)), year)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Exports by single line of the customs' tables, largest first."""
        listed = [name for name in self.reference["product"].unique() if self.industry[name]]
        return self.ranked(listed, lambda product: self.customs(product, self.year))

    @cached_property
    def after(self) -> pd.DataFrame:
        """Growth in dollars in the year after, by product, as others published it."""
        names = [*(name for name in self.industry if self.industry[name]), "All"]
        return self.ranked(names, lambda name: self.grew(name, self.year + 1))

    def grew(self, product: str, year: int, currency: str = "USD") -> Estimate:
        """Growth of exports of a product by others."""
        keys = {"flow": "exports", "product": product, "measure": "growth", "period": year}
        return self.published(currency_basis=currency, **keys)

    def grown(self, industry: str, sign: int) -> bool:
        """Whether all products of an industry certainly grew (1) or shrank (-1) the year after."""
        rows = self.after[self.after["industry"] == industry]
        return bool((rows[["lower", "upper"]] * sign > 0).all(axis=None))

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
        """Exports of chips and phones by year, as the customs published them."""
        known = []
        for product in (CHIPS, PHONES):
            columns = {"series": title(product), "highlight": product == CHIPS}
            years = sorted(self.reference["period"].unique())
            known += [({"period": year} | columns, self.customs(product, year)) for year in years]
        return self.rows(known)

    def units(self, product: str, year: int) -> Estimate:
        """The number exported by the article, as printed or computed back by its growth."""
        keys = {"flow": "exports", "product": product}
        own, after = (self.printed(measure="units", period=y, **keys) for y in (year, year + 1))
        growth = self.printed(measure="units growth", period=year + 1, **keys)
        return own or after / (1 + growth)

    @cached_property
    def cars(self) -> pd.DataFrame:
        """Cars exported in the last two years, and electric ones, beside the customs' numbers."""
        known = []
        for name, product in (("Cars", CARS), ("Electric", ELECTRIC)):
            for year in self.years:
                columns = {"label": f"{name} {year}", "product": product, "industry": "emerging"}
                keys = {"flow": "exports", "product": product, "measure": "units", "period": year}
                known.append((columns, self.units(product, year)))
                known.append((columns, self.published(**keys)))
        return self.rows(known)

    @cached_property
    def car_prices(self) -> pd.DataFrame:
        """What a car brought: by the customs' value of cars, at most by the article's of more."""
        value, cars = self.exports(CARS_PARTS, self.year), self.units(CARS, self.year)
        most = replace(value / cars, interval=Interval(-math.inf, (value / cars).interval.upper))
        what = f"Cars and parts {self.year}, article"
        rows = [{"what": what, "exports": value, "cars": cars, "per car": most}]
        for year in self.years:
            value = self.customs(CARS, year)
            cars = self.published(flow="exports", product=CARS, measure="units", period=year)
            row = {"what": f"Cars {year}, customs", "exports": value, "cars": cars}
            rows.append(row | {"per car": value / cars})
        return wide(rows)

    @property
    def electric_share(self) -> Estimate:
        """The share of electric vehicles among the cars exported, in units."""
        return self.units(ELECTRIC, self.year) / self.units(CARS, self.year)

    def made(self, basis: str, year: int, rivals: bool = False) -> Estimate:
        """The share of the world's manufacturing of China, or of its rivals together, by others."""
        names = self.rivals if rivals else ["China"]
        keys: dict[str, Any] = {"product": "manufactures", "flow": "production"}
        keys |= {"measure": "share", "period": year, "basis": basis}
        return reduce(add, (self.published(reporter=name, **keys) for name in names))

    @cached_property
    def factories(self) -> pd.DataFrame:
        """`made` by measure and year, China and its rivals, below what the article says."""
        own = self.printed(product="manufactures", flow="production", measure="share")
        known = [({"label": "The article", "highlight": True}, own)]
        rows = self.reference.query("product == 'manufactures' and measure == 'share'")
        for basis, year in rows[["basis", "period"]].drop_duplicates().itertuples(index=False):
            what = f"{year}, {basis.removeprefix('world ')}"
            known.append(({"label": f"China {what}"}, self.made(basis, year)))
            known.append(({"label": f"Five others {what}"}, self.made(basis, year, rivals=True)))
        return self.rows(known)

    @cached_property
    def rivals(self) -> list[str]:
        """The countries whose manufacturing together the article says China's exceeds."""
        claims = load_table("claims").set_index("claim")["against"]
        return str(claims["manufacturing-above-five"]).split(";")


def title(product: str) -> str:
    """A product's short name, as a heading.

    >>> title("integrated circuits"), title("ships"), title("All")
    ('Chips', 'Ships', 'All exports')
    """
    return TITLES.get(product, product[:1].upper() + product[1:])
