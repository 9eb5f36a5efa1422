"""Figures as terms of identities: printed ones, and what follows from two of them at once.

A term is an amount, a rate of growth or a share, with its bounds under both readings and codes
of what it is of. Tables of terms are arrays of term numbers, joined on codes: nothing in here
loops over rows. `world` keeps apart copies of a ledger that differ in a label or a number, so
that many what-ifs are computed in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from tradelib.auditing.spans import Array, Span, add, div, sub

WORLD: Final = "World"
ALL: Final = "All"
"""The partner and the product that all others are parts of."""
FLOWS: Final = ("exports", "imports", "trade", "balance")
DEFICIT: Final = "deficit"
BOUNDS: Final = ["lower", "upper", "printed_lower", "printed_upper"]
TURNED: Final = [1, 0, 3, 2]
"""Which of them become which when a number changes its sign."""


class Flow(IntEnum):
    """The four flows that an identity ties, by their places in `FLOWS`."""

    EXPORTS, IMPORTS, TRADE, BALANCE = range(4)


class Role(IntEnum):
    """What a number says of a quantity."""

    AMOUNT, GROWTH, SHARE = range(3)


ADDITIVE: Final = ("level", "units")
"""Measures of which exports and imports make the total, and parts their whole."""
LABELS: Final = ("reporter", "partner", "product", "measure")
SERIES: Final = ("world", *LABELS)
CELL: Final = ("series", "period", "vintage", "unit")
QUANTITY: Final = (*CELL, "flow")
YEARS: Final = ("period", "vintage", "base")
IN_ANY: Final = ("series", "period", "vintage", "flow")
CODES: Final = ("series", "flow", "period", "vintage", "unit", "base", "basis")
READINGS: Final = {"r": slice(0, 2), "p": slice(2, 4)}
"""The columns of the bounds: as rounded, and as printed."""
LEAVES: Final = 4
"""At most so many figures stand in one term."""
PRINTED, BASE, SUM, PARTS = "printed", "base", "sum", "parts"


def normal(figures: pd.DataFrame, reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give the rows of the ledger and of reference.csv their normal keys.

    Parameters
    ----------
    figures, reference
        As `tradelib.load_figures` and `tradelib.load_reference` give them, with ``published``.

    Returns
    -------
    DataFrame
        One row a figure, the ledger's first: ``name``, ``is_article`` (or others'), whose and of
        what (a rate has the measure of the amount it is a rate of), ``role`` (``amount``,
        ``growth``, ``share``), ``period``, ``base`` (of growth the year compared with),
        ``basis`` (of a share its whole, of a record the year of its prices), ``vintage``,
        ``unit``, ``surface`` and the bounds ``lower, upper, printed_lower, printed_upper``.
    """
    tables = [figures.assign(name=figures["figure"], is_article=True)]
    if reference is not None and len(reference):
        tables.append(reference.assign(name=reference["reference"], is_article=False))
    rows = pd.concat(tables, ignore_index=True)
    growth, share = rows["measure"].str.endswith("growth"), rows["measure"] == "share"
    measure = rows["measure"].str.removesuffix("growth").str.strip().mask(share, "")
    basis = rows["basis"].fillna("").astype(str)
    period = rows["period"].astype("float64").fillna(0).astype(int)
    year = pd.to_numeric(basis.where(basis.str.fullmatch(r"\d{4}")), errors="coerce")
    money = rows["unit"].where(rows["unit"] != "1", "")
    # An article prints the size of a deficit: a balance below zero.
    deficit = (rows["flow"] == DEFICIT) & ~growth & ~share
    bounds = np.array(rows[BOUNDS], dtype=float)
    bounds[deficit] = -bounds[deficit][:, TURNED]
    return pd.DataFrame(
        {
            **{c: rows[c] for c in ("name", "is_article", "reporter", "partner", "product")},
            "measure": measure.mask(measure == "", "level"),
            "flow": rows["flow"].mask(deficit, "balance"),
            "role": np.select([growth, share], ["growth", "share"], "amount"),
            "period": period,
            "base": year.fillna(period - 1).astype(int).where(growth, 0),
            "basis": basis.mask(growth, ""),
            "vintage": rows["vintage"].astype(int),
            "unit": money.mask(growth, rows["currency_basis"]),
            "surface": rows["surface"],
            "published": rows["published"].astype(str),
            **dict(zip(BOUNDS, bounds.T, strict=True)),
            "world": 0,
        }
    )


class Words(dict[str, list[str]]):
    """For each column of words what its codes stand for."""

    def number(self, column: str, word: str) -> int:
        """The code of a word, −1 if no figure has it."""
        return self[column].index(word) if word in self[column] else -1


@dataclass(frozen=True)
class Figures:
    """The rows of a ledger as codes: copies of them, and other labels, cost little.

    Attributes
    ----------
    rows
        The rows as `normal` gives them; of copies none are kept.
    words
        For each column of words what its codes stand for.
    code
        For each column its codes, or whole numbers as they are.
    bounds
        Lower and upper as rounded, lower and upper as printed; shape (n, 4).
    is_article
        Whether an article prints the figure.
    """

    rows: pd.DataFrame
    words: Words
    code: dict[str, Array]
    bounds: Array
    is_article: Array

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Figures:
        """Give the words in rows their codes: flows as in `FLOWS`, others as they come."""
        words, code = Words(), {}
        for column in (*LABELS, "unit", "published"):
            code[column], found = pd.factorize(rows[column])
            words[column] = list(found)
        flows = [*FLOWS, *sorted({*rows["flow"], *rows["basis"]} - {*FLOWS})]
        roles = [role.name.lower() for role in Role]
        for column, every in (("flow", flows), ("basis", flows), ("role", roles)):
            words[column], number = every, {name: place for place, name in enumerate(every)}
            code[column] = rows[column].map(number).to_numpy(dtype=np.int64)
        numbers = (*YEARS, "world")
        code |= {c: rows[c].to_numpy(dtype=np.int64) for c in numbers}
        bounds = rows[BOUNDS].to_numpy(dtype=float)
        return cls(rows, words, code, bounds, rows["is_article"].to_numpy(dtype=bool))

    def __len__(self) -> int:
        return len(self.bounds)

    def take(self, places: Array, world: Array | int = 0) -> Figures:
        """Copies of the figures at some places, each in a world."""
        code = {c: codes[places] for c, codes in self.code.items()}
        code["world"] = np.broadcast_to(world, len(places))
        bounds, is_article = self.bounds[places], self.is_article[places]
        return Figures(self.rows[:0], self.words, code, bounds, is_article)


class Coded:
    """What is known by codes: the terms of a ledger, or the variables of a network.

    Attributes
    ----------
    words
        For each column of words what its codes stand for.
    labels
        For each of `SERIES` the codes of the series; ``world`` numbers the worlds.
    code
        For each of `CODES` an array over the members; ``series`` numbers what is in `SERIES`.
    role
        What each is: one of `Role`.
    radix, before
        For each column a number above all its codes; years are counted from the one ``before``.
    additive, money, bare
        Whether the measure of a series adds up, whether a unit is a currency; the code of no unit.
    translations, beside
        Whether articles only translate into a unit, by world and unit; and the keys (`IN_ANY` and
        the unit) of amounts that they print in two currencies.
    """

    code: dict[str, Array]
    role: Array
    translations: Array
    beside: Array

    def __init__(self, words: Words, radix: dict[str, int], before: int, labels: dict[str, Array]):
        self.words, self.radix, self.before, self.labels = words, radix, before, labels
        self.numbers = pd.Index(self.key((), SERIES, **labels))
        additive = [measure in ADDITIVE for measure in words["measure"]]
        self.additive = np.array(additive, dtype=bool)[labels["measure"]]
        self.money = np.array([len(u) == 3 and u.isupper() for u in words["unit"]], dtype=bool)
        self.bare = words.number("unit", "")

    def key(self, at: Array | tuple[()], columns: tuple[str, ...], **instead: Array) -> Array:
        """One number for the codes of members in some columns: equal where all of them are."""
        key: Array = np.zeros(1, dtype=np.int64)
        for column in columns:
            codes = instead[column] if column in instead else self.code[column][at]
            if column in YEARS:
                codes = np.maximum(codes - self.before, 0)
            key = key * self.radix[column] + codes
        return key

    def codes(self, at: Array, **instead: Array) -> dict[str, Array]:
        """The codes of members, some replaced."""
        return {c: self.code[c][at] for c in CODES} | instead

    def joined(self, one: Array, two: Array, columns: tuple[str, ...]) -> tuple[Array, Array]:
        """Every pair of members with equal codes in some columns."""
        i, j = join(self.key(one, columns), self.key(two, columns))
        return one[i], two[j]

    def by_flow(self, at: Array) -> list[Array]:
        """Members by the four flows that an identity ties."""
        return [at[self.code["flow"][at] == flow] for flow in Flow]

    def triples(self, one: Array, two: Array, three: Array) -> tuple[Array, Array, Array]:
        """Every three members of one cell."""
        one, two = self.joined(one, two, CELL)
        i, j = join(self.key(one, CELL), self.key(three, CELL))
        return one[i], two[i], three[j]

    def series_with(self, **instead: Array) -> Array:
        """For each series the number of the one with other labels, −1 where there is none."""
        keys = pd.Index(self.key((), SERIES, **self.labels | instead))
        found: Array = self.numbers.get_indexer(keys)
        return np.where(np.min([*instead.values()], axis=0) < 0, -1, found)

    def is_own(self, at: Array) -> Array:
        """Whether members are in a currency that articles do not only translate into."""
        world = self.labels["world"][self.code["series"][at]]
        own: Array = ~self.translations[world, self.code["unit"][at]]
        return own

    def are_convertible(self, one: Array, two: Array) -> Array:
        """Whether a rate ties amounts: a translation only to the one beside which it is printed."""
        tied = [np.isin(self.key(x, (*IN_ANY, "unit")), self.beside) for x in (one, two)]
        either: Array = (self.is_own(one) & self.is_own(two)) | (tied[0] & tied[1])
        return either

    def extend(self, codes: dict[str, Array], **others: Array) -> Array:
        """Add members, with all that is kept of them. Gives their numbers."""
        start = len(self.role)
        self.code = {c: np.concatenate([self.code[c], codes[c]]) for c in CODES}
        for name, values in others.items():
            setattr(self, name, np.concatenate([getattr(self, name), values]))
        return np.arange(start, len(self.role))

    def named(self, at: Array) -> pd.DataFrame:
        """Members as a table with the names that their codes stand for."""
        codes = self.codes(at)
        codes |= {c: labels[codes["series"]] for c, labels in self.labels.items()}
        words = (*LABELS, "flow", "basis", "unit")
        table = {"world": codes["world"]}
        table |= {c: np.array(self.words[c], dtype=object)[codes[c]] for c in words}
        table |= {c: codes[c] for c in YEARS}
        return pd.DataFrame(table | {"role": self.role[at]})


class Terms(Coded):
    """All terms of a ledger, and the tables of them that the rules join.

    Attributes
    ----------
    figures, rows
        The figures, and their rows as `normal` gives them; they are the first terms.
    bounds
        Lower and upper as rounded, lower and upper as printed; shape (n, 4).
    room
        For each series how far two vintages may lie apart, as a share; set by the rules.
    leaves
        The rows that each term rests on, padded with −1; shape (n, `LEAVES`).
    how, one, two, sign
        How a term came about, the terms it was computed of (−1 for none), the sign between.
    """

    def __init__(self, rows: pd.DataFrame | Figures):
        self.figures = figures = rows if isinstance(rows, Figures) else Figures.of(rows)
        self.rows, size = figures.rows, len(figures)
        years = np.concatenate([figures.code[c] for c in YEARS])
        before = int(years[years > 0].min(initial=9999)) - 1
        self.radix = radix = {c: max(len(words), 1) for c, words in figures.words.items()}
        radix |= dict.fromkeys(YEARS, max(int(years.max(initial=0)) - before, 0) + 1)
        radix["world"] = int(figures.code["world"].max(initial=0)) + 1
        series, keys = pd.factorize(self.key((), SERIES, **figures.code))
        labels = np.unravel_index(keys, [radix[c] for c in SERIES])
        radix["series"] = len(keys)
        super().__init__(figures.words, radix, before, dict(zip(SERIES, labels, strict=True)))
        self.code = {c: series if c == "series" else figures.code[c] for c in CODES}
        self.role, self.bounds = figures.code["role"], figures.bounds
        self.is_article = figures.is_article
        self.assumed = np.zeros(size, dtype=bool)
        self.room = np.zeros(len(keys))
        self.how = np.full(size, PRINTED, dtype=object)
        self.sign = np.full(size, "", dtype=object)
        self.one, self.two = np.full(size, -1), np.full(size, -1)
        self.leaves = np.full((size, LEAVES), -1)
        self.leaves[:, 0] = np.arange(size)
        self.translations, self.beside = self._translations()
        chosen = self._representatives()
        role = self.role[chosen]
        amounts = chosen[(role == Role.AMOUNT) & self.additive[series[chosen]]]
        own = self.is_own(amounts)
        self.amounts, self.translated = amounts[own], amounts[~own]
        self.shares = chosen[role == Role.SHARE]
        self.growth = self._with_units(chosen[role == Role.GROWTH])
        bases = self._bases()
        new = ~np.isin(self.key(bases, QUANTITY), self.key(self.amounts, QUANTITY))
        self.levels = np.concatenate([self.amounts, bases[new]])
        self.known = np.concatenate([self.levels, *self._sums()])

    def span(self, terms: Array, reading: str) -> Span:
        """The bounds of terms under a reading, ``r`` rounded or ``p`` printed."""
        low, high = self.bounds[terms, READINGS[reading]].T
        return low, high

    def width(self, terms: Array) -> Array:
        """The widths of terms as printed."""
        width: Array = self.bounds[terms, 3] - self.bounds[terms, 2]
        return width

    def narrowest(self, terms: Array, columns: tuple[str, ...]) -> Array:
        """Of the terms with equal codes the narrowest."""
        ordered = terms[np.argsort(self.width(terms), kind="stable")]
        return np.sort(firsts(ordered, self.key(ordered, columns)))

    def preferred(self, terms: Array, columns: tuple[str, ...] = QUANTITY) -> Array:
        """What articles say where they say something, else the narrowest of what others do."""
        ours = terms[self.is_article[terms]]
        others = self.narrowest(terms[~self.is_article[terms]], columns)
        unsaid = ~np.isin(self.key(others, columns), self.key(ours, columns))
        return np.concatenate([ours, others[unsaid]])

    def both_accounts(self, terms: Array, columns: tuple[str, ...] = QUANTITY) -> Array:
        """What articles say, and beside it what others say that does not follow from that."""
        ours, others = (terms[self.is_article[terms] == whose] for whose in (True, False))
        best = self.narrowest(ours, columns)
        i, j = join(self.key(others, columns), self.key(best, columns))
        (low, high), (least, most) = self.span(others[i], "p"), self.span(best[j], "p")
        return np.concatenate([ours, np.delete(others, i[(low <= least) & (high >= most)])])

    def _translations(self) -> tuple[Array, Array]:
        """By world and unit, whether articles only translate into a currency; and beside what.

        That is one in which nobody prints a rate of growth, nor others anything, and articles only
        amounts beside the same ones in another; the most frequent one is none. Amounts translated
        one by one, at rates of their own, need not add up. Also gives the keys (`IN_ANY` and the
        unit) of amounts that articles print in two currencies.
        """
        printed, unit, size = np.arange(len(self.figures)), self.code["unit"], self.radix["unit"]
        amount = self.is_article & (self.role == Role.AMOUNT) & self.money[unit]
        said = np.unique(self.key(printed, (*IN_ANY, "unit"))[amount])
        cells, count = np.unique(said // size, return_counts=True)
        beside = amount & np.isin(self.key(printed, IN_ANY), cells[count > 1])
        at = self.figures.code["world"] * size + unit
        shape = (self.radix["world"], size)
        often = np.bincount(at, minlength=shape[0] * size).reshape(shape)
        others = np.bincount(at[~beside], minlength=shape[0] * size).reshape(shape)
        found = (others == 0) & (often < often.max(axis=1, keepdims=True, initial=0))
        return found, said[np.isin(said // size, cells[count == 2])]

    def _representatives(self) -> Array:
        """Of printings that can all be true the narrowest and the tightest; of others each."""
        terms = np.arange(len(self.figures))
        keys = self.key(terms, CODES) * 6 + self.role * 2 + self.is_article
        _, groups = np.unique(keys, return_inverse=True)
        ordered = terms[np.argsort(self.width(terms), kind="stable")]
        chosen = [firsts(ordered, groups[ordered])]
        ends = []
        for size in self.bounds.T * [[-1], [1], [-1], [1]]:
            tight = ordered[np.argsort(size[ordered], kind="stable")]
            chosen.append(firsts(tight, groups[tight]))
            ends.append(size[chosen[-1]][groups])
        apart = (-ends[0] > ends[1]) | (-ends[2] > ends[3])
        return np.unique(np.concatenate([*chosen, terms[apart]]))

    def _with_units(self, growth: Array) -> Array:
        """Rates whose currency nobody printed, once for each unit an amount of theirs has."""
        is_bare, columns = self.code["unit"][growth] == self.bare, ("series", "flow")
        without = growth[is_bare]
        amounts = firsts(self.amounts, self.key(self.amounts, (*columns, "unit")))
        without, amounts = self.joined(without, amounts, columns)
        codes = self.codes(without, unit=self.code["unit"][amounts])
        added = self.add(codes, self.bounds[without], self.leaves[without], without)
        self.role[added] = Role.GROWTH
        self.assumed[added] = self.money[codes["unit"]]
        return np.concatenate([growth[~is_bare], added])

    def _bases(self) -> Array:
        """Amounts of the year before, computed back from a level and its growth."""
        levels = self.preferred(self.amounts)
        rates = self.preferred(self.growth, (*QUANTITY, "base"))
        levels, rates = self.joined(levels, rates, QUANTITY)
        ones = np.ones(len(levels)), np.ones(len(levels))
        spans = [div(self.span(levels, x), add(ones, self.span(rates, x))) for x in READINGS]
        codes = self.codes(levels, period=self.code["base"][rates])
        return self._computed(codes, spans, levels, rates, BASE, "÷")

    def _sums(self) -> list[Array]:
        """Flows that nobody printed, from two others of the same cell."""
        found, known = [], self.by_flow(self.levels)
        levels = self.by_flow(self.preferred(self.levels))
        exports, imports, trade, balance = Flow
        for flow, one, sign, two in (
            (trade, exports, "+", imports), (balance, exports, "−", imports),
            (imports, trade, "−", exports), (exports, trade, "−", imports),
        ):  # fmt: skip
            unsaid = ~np.isin(self.key(levels[one], CELL), self.key(known[flow], CELL))
            first, second = self.joined(levels[one][unsaid], levels[two], CELL)
            compute = add if sign == "+" else sub
            spans = [compute(self.span(first, x), self.span(second, x)) for x in READINGS]
            codes = self.codes(first, flow=np.full(len(first), flow))
            found.append(self._computed(codes, spans, first, second, SUM, sign))
        return found

    def _computed(
        self,
        codes: dict[str, Array],
        spans: list[Span],
        one: Array,
        two: Array,
        how: str,
        sign: str,
    ) -> Array:
        """Keep terms that were computed of two others."""
        leaves = -np.sort(-np.hstack([self.leaves[one], self.leaves[two]]), axis=1)[:, :LEAVES]
        bounds = np.column_stack([bound for span in spans for bound in span])
        added = self.add(codes, bounds, leaves, one)
        self.is_article[added] = self.is_article[one] | self.is_article[two]
        self.assumed[added] = self.assumed[one] | self.assumed[two]
        self.how[added], self.sign[added] = how, sign
        self.one[added], self.two[added] = one, two
        return added

    def add(self, codes: dict[str, Array], bounds: Array, leaves: Array, like: Array) -> Array:
        """Add terms; what is not given they have from others. Gives their numbers."""
        copied = ("is_article", "assumed", "how", "sign", "one", "two")
        return self.extend(
            codes, bounds=bounds, leaves=leaves, role=np.full(len(like), Role.AMOUNT),
            **{name: getattr(self, name)[like] for name in copied},
        )  # fmt: skip

    def frame(self, at: Array) -> pd.DataFrame:
        """Terms as a table with the names that their codes stand for."""
        table = self.named(at)
        for name in ("how", "assumed", "is_article"):
            table[name] = getattr(self, name)[at]
        table[BOUNDS] = self.bounds[at]
        return table.assign(term=at)

    def names(self, terms: list[int]) -> list[str]:
        """The figures that terms rest on, each once, in the order of the terms."""
        leaves = [leaf for term in terms for leaf in np.sort(self.leaves[term]) if leaf >= 0]
        return list(dict.fromkeys(self._names[leaf] for leaf in leaves))

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.rows["name"]]


def firsts(members: Array, keys: Array) -> Array:
    """Of members with equal keys the first, in the order of the keys."""
    found: Array = members[np.unique(keys, return_index=True)[1]]
    return found


def distinct(*columns: Array) -> Array:
    """The places of rows without repetition, the first of equals, in the order of the columns.

    >>> distinct(np.array([2, 1, 2, 1]), np.array([0, 7, 0, 5]))
    array([3, 1, 0])
    """
    order = np.lexsort(columns[::-1])
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any([c[order[1:]] != c[order[:-1]] for c in columns], axis=0)
    found: Array = order[new]
    return found


def join(left: Array, right: Array) -> tuple[Array, Array]:
    """Every pair of places with equal keys.

    >>> join(np.array([1, 2, 3]), np.array([3, 1, 3]))
    (array([0, 2, 2]), array([1, 0, 2]))
    """
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    first, last = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
    counts = last - first
    i = np.repeat(np.arange(len(left)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return i, order[np.repeat(first, counts) + np.arange(len(i)) - starts]
