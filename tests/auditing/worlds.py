"""Random worlds: trade as it might truly have been, and what articles might print of it.

A world has a reporter, a few partners and products (parts of each other as the tables of the
data package have it), years, vintages and currencies. What it assumes of the truth is what the
audit assumes, and no more:

- a whole is the sum of its disjoint parts and a rest, but a group that of its lines; partners and
  products of a kind that overlaps others (an initiative, a class) are any of the leaves;
- every leaf of exports and of imports is revised within the allowance (so a balance may be
  revised by any share of it);
- exports and imports of a year are translated at means of the ECB's rates on some of its days,
  different ones but so that the rate of the balance lies in the year's range too; an article may
  translate amounts into a further currency at rates of the days around publication, fewer of them
  than it prints in the others;
- a rate of growth is printed without its currency only where an amount in that currency is
  printed too, and in the same one where it is printed twice.
"""

import csv
import math
import random
import shutil
from collections import Counter
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from tradelib import ledger as tables
from tradelib.ledger import load_table
from tradelib.quantity import Hedge, Quantity
from tradelib.reference import AROUND, daily_rates

REVISION = 0.018
"""What docs/audit.md tells of revisions."""

CURRENCIES = {"CNY": "yuan", "USD": "dollars", "EUR": "euros", "KRW": "won", "JPY": "yen"}
SCALES = {"trillion": 12, "billion": 9, "million": 6}
WORDS: dict[Hedge, tuple[str, ...]] = {
    "about": ("about", "approximately", "around"),
    "over": ("over", "more than", "exceeding"),
    "nearly": ("nearly", "almost", "close to"),
    "under": ("under", "less than"),
    "at_least": ("at least", "no less than"),
    "at_most": ("at most", "up to"),
}
OVERLAP = ("initiative", "class")
BOUNDS = ("lower", "upper", "printed_lower", "printed_upper")
SUBJECT = ["reporter", "partner", "product", "flow"]


class Print(NamedTuple):
    """A number in words: the surface, the direction beside it, and what the contract reads."""

    surface: str
    direction: str
    quantity: Quantity


@cache
def tree(name: str) -> dict[str, tuple[str, str]]:
    """Partners or products: of each its kind and what it is part of."""
    table = load_table(name)
    keys = table[name.removesuffix("s")]
    return dict(zip(keys, zip(table["kind"], table["part_of"], strict=True), strict=True))


@cache
def lines() -> dict[str, set[str]]:
    """The lines of each group of products that the tables have all lines of."""
    table = load_table("products")
    known = {
        group: {*table["product"][table["part_of"] == group]}
        for group in table["product"][table["lines"].notna()]
    }
    count = dict(zip(table["product"], table["lines"], strict=True))
    return {group: found for group, found in known.items() if len(found) == count[group]}


@cache
def daily(currency: str, per: str, when: str) -> list[float]:
    """The daily rates of a year, or of the days around one."""
    period = pd.Period(when)
    first, last = period.start_time.date(), period.end_time.date()
    if first == last:
        first, last = first - AROUND, last + AROUND
    return [float(rate) for rate in daily_rates(currency, per, first, last)]


def print_number(
    rng: random.Random, kind: str, true: float, unit: str = "1", hedge: Hedge | None = None
) -> Print | None:
    """Print a number at a random precision, rounded, cut off or hedged; None if it shows nothing.

    What is printed holds the truth in the contract's ``printed`` reading.
    """
    size, places = abs(Decimal(true)), 0
    if not size:
        return None
    if kind == "percent":
        size *= 100
        tail = "%"
    else:
        fits = [n for n, p in SCALES.items() if size >= Decimal(10) ** (p - 1)] or ["million"]
        scale = rng.choice(fits[:2])
        size /= Decimal(10) ** SCALES[scale]
        tail = f" {scale} {CURRENCIES.get(unit, 'units')}"
    # So many digits are told, but no more decimals than a reader would bear.
    digits = rng.choice((1, 2, 2, 3, 3, 4, 5, 6))
    places = min(digits - 1 - size.adjusted(), 4)
    if kind == "percent":
        places = max(places, 0)  # of a percentage the units digit tells, a zero too
    unit_step = Decimal(1).scaleb(-places)
    if hedge is None:
        hedges = ("exact", "exact", "exact", "cut", *WORDS, "between")
        hedge = rng.choice(hedges)  # type: ignore[assignment]

    def at(rounding: str, off: int = 0) -> Decimal:
        return ((size / unit_step).to_integral_value(rounding) + off) * unit_step

    high = None
    if hedge in ("exact", "cut"):
        told = at(ROUND_HALF_UP if hedge == "exact" else ROUND_FLOOR)
        hedge = "exact"
    elif hedge == "about":
        told = at(rng.choice((ROUND_FLOOR, ROUND_CEILING)))
    elif hedge in ("over", "at_least"):
        told = at(ROUND_FLOOR, -rng.randrange(3) if hedge == "at_least" else 0)
    else:
        told = at(ROUND_CEILING, rng.randrange(3) if hedge == "at_most" else 0)
        if hedge == "nearly" and size < told * Decimal("0.9"):
            return None
        if hedge == "between":
            told, high = at(ROUND_FLOOR, -rng.randrange(2)), told + rng.randrange(2) * unit_step
    if told <= 0:
        return None
    told, high = (None if x is None else round(x, max(places, 0)) for x in (told, high))
    if told == high:
        return None
    text = f"{told:f}" if rng.random() < 0.5 else f"{told:,f}"
    if hedge == "between":
        joined = rng.choice(("between {} and {}", "from {} to {}"))
        text = joined.format(f"{text}{'%' * (kind == 'percent')}", f"{high:f}{tail}")
    else:
        text = f"{text}{tail}"
    if hedge in WORDS:
        text = f"{rng.choice(WORDS[hedge])} {text}"
    # The contract: the last decimal tells, or the last digit that is not zero.
    step = Decimal(1).scaleb(told.as_tuple().exponent)  # type: ignore[arg-type]
    if step == 1 and kind != "percent":
        step = Decimal(1).scaleb(told.normalize().as_tuple().exponent)  # type: ignore[arg-type]
    power = Decimal("0.01") if kind == "percent" else Decimal(10) ** SCALES[scale]
    quantity = Quantity.of(
        kind,
        told * power,
        step * power,
        hedge,
        unit,  # type: ignore[arg-type]
        negative=kind == "percent" and true < 0,
        high=None if high is None else high * power,
    )
    direction = "" if kind != "percent" else "down" if true < 0 else rng.choice(("up", ""))
    return Print(text, direction, quantity)


class World:
    """True trade, and figures printed of it.

    Attributes
    ----------
    figures
        What is printed: rows with the columns of figures.csv or reference.csv that the audit
        reads, the bounds, ``is_article``, and the ``true`` number.
    """

    def __init__(self, seed: str, *, dense: bool = False):
        self.seed, self.rng = seed, (rng := random.Random(seed))
        self.dense = dense
        countries = [name for name, (kind, _) in tree("partners").items() if kind == "country"]
        self.reporter = rng.choice(countries)
        self.years = list(range(start := rng.randrange(2012, 2023), start + rng.randrange(1, 4)))
        others = [name for name in tree("partners") if name not in ("World", self.reporter)]
        self.partners = self._leaves("partners", "World", rng.sample(others, rng.randrange(5)))
        others = [name for name in tree("products") if name != "All"]
        chosen = rng.sample(others, rng.randrange(4))
        if rng.random() < 0.3:
            group = rng.choice(sorted(lines()))
            chosen = [*dict.fromkeys([*chosen, group, *sorted(lines()[group])])]
        self.products = self._leaves("products", "All", chosen)
        self.units = rng.sample(list(CURRENCIES), rng.choice((1, 1, 2, 2, 3)))
        self.small: dict[Any, float] = {}
        self._draw()
        self.figures: list[dict[str, Any]] = []
        self._print()
        for number, figure in enumerate(self.figures):
            kind = "f" if figure["is_article"] else "ref"
            figure["name"] = f"{kind}-{self.reporter.lower().replace(' ', '-')}-{number}"

    def _leaves(self, table: str, whole: str, chosen: list[str]) -> dict[str, list[str]]:
        """Each of the chosen with the leaves it is made of; a leaf is a node's own rest."""
        kinds, nodes = tree(table), [whole, *chosen]
        leaves = [name for name in nodes if kinds[name][0] not in OVERLAP]
        made = {name: [name] for name in leaves}
        for name in nodes:
            if table == "products" and lines().get(name, {""}) <= {*nodes}:
                leaves.remove(name)
                made[name] = []
        for leaf in leaves:
            above = kinds[leaf][1]
            while above:
                if above in made:
                    made[above].append(leaf)
                above = kinds[above][1]
        for name in nodes:
            if name not in made:
                made[name] = self.rng.sample(leaves, self.rng.randrange(1, len(leaves) + 1))
        return made

    def _draw(self) -> None:
        """Draw the leaves: exports and imports by partner, product, year and vintage; rates."""
        rng, self.leaf = self.rng, {}
        size = 10 ** rng.uniform(7, 13)
        for partner in self.partners["World"]:
            for product in self.products["All"]:
                # A room about the smallest allowance; kinds that change have more of it.
                for flow in ("exports", "imports"):
                    nothing = rng.random() < 0.1 and (partner, product) != ("World", "All")
                    amount = 0.0 if nothing else size * rng.lognormvariate(0, 1)
                    price = 10 ** rng.uniform(2, 5)
                    for year in range(self.years[0] - 2, self.years[-1] + 1):
                        amount *= 1 + max(rng.gauss(0.05, 0.2), -0.9)
                        for late in (1, 2, 3):
                            # Two of them lie apart by no more than the allowance, either way.
                            most = math.log1p(REVISION) / 2 * rng.choice((0, 0.3, 1))
                            revised = amount * math.exp(rng.uniform(-most, most))
                            self.leaf[partner, product, flow, year, year + late] = revised
                            units = revised / price
                            self.leaf[partner, product, flow, year, year + late, "units"] = units
        self.rate: dict[Any, float] = {}
        others = [unit for unit in CURRENCIES if unit not in self.units]
        self.translated = rng.choice(others) if rng.random() < 0.4 else ""
        self.translation: dict[Any, tuple[str, float]] = {}
        for year in range(self.years[0] - 2, self.years[-1] + 1):
            days = len(daily("USD", "EUR", str(year)))
            # Each flow is translated on some days of the year, into every currency on the same.
            on = [[(rng.randrange(days), rng.random()) for _ in range(3)] for _ in range(2)]
            for unit in self.units:
                self.rate[unit, year] = [self._mean(unit, year, some) for some in on]
            pairs = [(a, b) for a in self.units for b in self.units if a < b]
            if not all(self._fits(*p, year, *cell) for p in pairs for cell in self._cells()):
                for unit in self.units:
                    self.rate[unit, year] = self.rate[unit, year][:1] * 2

    def _mean(self, unit: str, year: int, days: list[tuple[int, float]]) -> float:
        """Units of a currency for one of the first, on some days, weighted."""
        if unit == self.units[0]:
            return 1.0
        rates = daily(unit, self.units[0], str(year))
        weight = sum(share for _, share in days)
        return sum(rates[day % len(rates)] * share for day, share in days) / weight

    def _cells(self) -> list[tuple[str, str, int]]:
        return [(p, q, late) for p in self.partners for q in self.products for late in (1, 2, 3)]

    def _fits(self, one: str, two: str, year: int, partner: str, product: str, late: int) -> bool:
        """Whether the rate between a balance in two currencies was one of the year's."""
        at = (partner, product, "balance", "level", year, year + late)
        first, second = self.amount(*at, one), self.amount(*at, two)
        if first == second == 0:
            return True
        rates = daily(one, two, str(year))
        return second != 0 and min(rates) <= first / second <= max(rates)

    def amount(
        self,
        partner: str,
        product: str,
        flow: str,
        measure: str,
        year: int,
        vintage: int,
        unit: str,
    ) -> float:
        """An amount as it truly was in the release of a year."""
        if unit == self.translated:
            at = (partner, product, flow, year, vintage)
            source, rate = self.translation.get(at, ("", math.nan))
            return rate * self.amount(*at[:3], measure, year, vintage, source) if source else rate
        if flow == "trade":
            both = [
                self.amount(partner, product, f, measure, year, vintage, unit)
                for f in ("exports", "imports")
            ]
            return both[0] + both[1]
        if flow == "balance":
            exports, imports = (
                self.amount(partner, product, f, measure, year, vintage, unit)
                for f in ("exports", "imports")
            )
            return exports - imports
        key = (partner, product, flow, measure, year, vintage)
        if key not in self.small:
            tail = ("units",) if measure == "units" else ()
            self.small[key] = sum(
                self.leaf[(p, q, flow, year, vintage, *tail)]
                for p in self.partners[partner]
                for q in self.products[product]
            )
        if measure == "units":
            return self.small[key]
        return self.small[key] * self.rate[unit, year][flow == "imports"]

    def true(self, row: dict[str, Any]) -> float:
        """The truth of a quantity, named as `tradelib.reconcile` names it; NaN if there is none."""
        measure, year, vintage = row["measure"], int(row["period"]), int(row["vintage"])
        of = (row["partner"], row["product"], row["flow"].replace("deficit", "balance"))
        kind = "units" if measure.startswith("units") else "level"
        if not row["unit"] and measure != "share":
            return math.nan  # a rate of growth in a currency that nobody said
        if row["product"] not in self.products:
            return math.nan  # a group of lines that the world does not know as one
        if measure in ("level", "units"):
            return self.amount(*of, kind, year, vintage, row["unit"])
        if measure.endswith("growth"):
            base = int(row["basis"])
            now, before = (self.amount(*of, kind, y, vintage, row["unit"]) for y in (year, base))
            return now / before - 1 if before else math.nan
        if measure == "share":
            unit, (_, product, _) = self.units[0], of
            product = product if of[0] != "World" else "All"
            whole = self.amount("World", product, row["basis"], kind, year, vintage, unit)
            return self.amount(*of, kind, year, vintage, unit) / whole if whole else math.nan
        if measure == "exchange rate":
            one, two = row["unit"].split(" per ")
            above, below = (self.amount(*of, kind, year, vintage, unit) for unit in (one, two))
            return above / below if below else math.nan
        return math.nan

    def _print(self) -> None:
        """Print some of what is true: dense about a few cells, so that identities are met."""
        rng = self.rng
        for _ in range(rng.randrange(1, 4)):
            partner = rng.choice(list(self.partners))
            product = rng.choice(list(self.products))
            year, late = rng.choice(self.years), rng.choice((1, 1, 1, 2))
            often = 1.0 if self.dense else rng.uniform(0.2, 0.8)
            for what in self._quantities(partner, product, year, year + late):
                while rng.random() < often * (0.3 if what[0] == "parts" else 1):
                    self._figure(what)
                    if rng.random() < 0.8:
                        break
        self._leave_bare()
        # Translations are told from other amounts by being fewer in their article.
        often = Counter(
            (f["vintage"], f["currency_basis"] or f["unit"])
            for f in self.figures
            if f["is_article"]
        )
        most = Counter()
        for (vintage, unit), count in often.items():
            if unit in self.units:
                most[vintage] = max(most[vintage], count)
        self.figures = [
            f
            for f in self.figures
            if f["unit"] != self.translated or often[f["vintage"], f["unit"]] < most[f["vintage"]]
        ]

    def _quantities(self, partner: str, product: str, year: int, vintage: int) -> list[Any]:
        """The quantities about a cell."""
        cells, whole = [(partner, product)], ("World", product if partner != "World" else "All")
        rest = [(p, product) for p in self.partners] + [(partner, q) for q in self.products]
        found: list[Any] = []
        for flow in ("exports", "imports", "trade", "balance"):
            for p, q in dict.fromkeys((*cells, whole)):
                for unit in self.units:
                    found.append(("level", p, q, flow, "level", year, vintage, unit, ""))
                    if vintage == year + 1:
                        before = (year - 1, vintage - self.rng.randrange(2))
                        found.append(("level", p, q, flow, "level", *before, unit, ""))
                    base = year - (1 if self.rng.random() < 0.8 else 2)
                    if vintage - base <= 3:
                        found.append(
                            ("growth", p, q, flow, "growth", year, vintage, unit, str(base))
                        )
                if flow != "balance" and q != "All":
                    found.append(("level", p, q, flow, "units", year, vintage, "unit", ""))
                    base = str(year - 1)
                    found.append(
                        ("growth", p, q, flow, "units growth", year, vintage, "unit", base)
                    )
            if flow != "balance" and (partner, product) != whole:
                share = ("share", *cells[0], flow, "share", year, vintage, self.units[0])
                found += [(*share, basis) for basis in ("exports", "imports", "trade")]
            for p, q in dict.fromkeys(rest):
                found.append(("parts", p, q, flow, "level", year, vintage, self.units[0], ""))
        return found

    def _figure(self, what: Any) -> None:
        role, partner, product, flow, measure, year, vintage, unit, basis = what
        one_rate = all(a == b for a, b in self.rate.values())
        if role == "share" and (flow != basis or flow == "trade") and not one_rate:
            return  # a share of both flows is one number only at one rate for both
        row = {
            "reporter": self.reporter,
            "partner": partner,
            "product": product,
            "flow": flow,
            "measure": measure,
            "period": year,
            "vintage": vintage,
            "basis": basis,
            "unit": unit,
        }
        true = self.true(row)
        if flow == "balance" and role == "growth":
            of = (partner, product, flow, "level")
            both = [self.amount(*of, y, vintage, unit) for y in (year, int(basis))]
            if max(both) < 0:
                row["flow"] = "deficit"
            elif min(both) <= 0:
                return
        kind = "percent" if role in ("growth", "share") else "money" if unit != "unit" else "count"
        if math.isnan(true):
            return
        told = print_number(self.rng, kind, true, "1" if kind == "percent" else unit)
        if told is None:
            return
        if kind == "money" and flow == "balance" and true < 0:
            row["flow"] = "deficit"
        # Others' tables have no column for the direction that a sentence gives.
        ours = unit == self.translated or self.rng.random() < 0.6 or told.direction == "down"
        row |= {
            "unit": told.quantity.unit,
            "surface": told.surface,
            "direction": told.direction,
            "currency_basis": unit if role == "growth" and unit != "unit" else "",
            "published": f"{vintage}-01-14",
            "is_article": ours,
            "true": true,
            **{bound: getattr(told.quantity, bound) for bound in BOUNDS},
        }
        self.figures.append(row)
        if measure == "level" and vintage == year + 1 and ours and unit in self.units:
            self._translate(what)

    def _translate(self, what: Any) -> None:
        """Print an amount in another currency too, as a newsroom does, at a rate of those days."""
        _, partner, product, flow, _, year, vintage, unit, _ = what
        if not self.translated or self.rng.random() < 0.5:
            return
        rates = daily(self.translated, unit, f"{vintage}-01-14")
        at = (partner, product, flow, year, vintage)
        if self.translation.setdefault(at, (unit, self.rng.choice(rates)))[0] == unit:
            self._figure((*what[:-2], self.translated, ""))

    def _leave_bare(self) -> None:
        """Leave the currency of some rates unsaid where it can be told from others."""
        said = {
            (*(f[c].replace("deficit", "balance") for c in SUBJECT), f["unit"])
            for f in self.figures
            if f["measure"] == "level"
        }
        bare: dict[Any, str] = {}
        for figure in self.figures:
            unit = figure["currency_basis"]
            if not unit or self.rng.random() < 0.7 or not figure["is_article"]:
                continue
            subject = tuple(figure[c] for c in SUBJECT)
            quantity = (*subject, *(figure[c] for c in ("measure", "period", "basis")))
            if (*subject, unit) in said and bare.setdefault(quantity, unit) == unit:
                figure["currency_basis"] = ""


def new_folder(folder: Path) -> Path:
    """A copy of the data package without figures, for worlds to be written into."""
    shutil.copytree(tables.data_folder(), folder, dirs_exist_ok=True)
    for name in ("claims", "corrections", "reference", "figures", "articles"):
        write_table(folder, name, [])
    return folder


def write_table(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write rows as a table of the data package; what they do not say stays empty."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *([row.get(column, "") for column in columns] for row in rows)])


def write(figures: list[dict[str, Any]], folder: Path) -> None:
    """Write what is printed: an article a year of publication, and what others published."""
    rows = [
        {
            **figure,
            "figure": figure["name"],
            "reference": figure["name"],
            "paragraph": 1,
            "sentence": 1,
            "article": f"news-{figure['vintage']}",
            "source": "x",
            "note": "",
            "publisher": "x",
            "accessed": "2026-01",
            "confidence": "high",
            "unit_hint": "",
        }
        for figure in figures
    ]
    ours = [row for row in rows if row["is_article"]]
    articles = [
        {
            "article": f"news-{year}",
            "published": f"{year}-01-14",
            "year": year - 1,
            "sha256": "0" * 64,
            "language": "en",
            "summary": "x",
        }
        for year in sorted({row["vintage"] for row in ours})
    ]
    write_table(folder, "articles", articles)
    write_table(folder, "figures", ours)
    write_table(folder, "reference", [row for row in rows if not row["is_article"]])
