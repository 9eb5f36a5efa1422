"""The rules: identities that follow from the key columns, each checked wherever its terms stand.

A check compares two accounts of one quantity: one computed from some terms, the other stated by
a further term or by exchange rates. No rule names an article, a figure or a product.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from tradelib.auditing.spans import Array, Span, add, div, sub, widen
from tradelib.auditing.terms import (
    ALL,
    CODES,
    IN_ANY,
    LEAVES,
    PARTS,
    QUANTITY,
    WORLD,
    Coded,
    Flow,
    Role,
    Terms,
    Words,
    distinct,
    firsts,
    join,
)
from tradelib.ledger import load_optional
from tradelib.reference import mean_rate

REVISION: Final = 0.018
"""How far two vintages of one amount may lie apart, as a share of it. The customs revise a year
after its release; the largest revision in reference.csv is that of chip exports of 2022, printed as
1,025.4 billion yuan in 2023 and implied at 1,006.6 to 1,007.7 a year later: 1.7 percent. (Of the
totals it is that of exports of 2022: 1.3 percent.)"""
CHANGING: Final = {"initiative": 0.07}
"""The same for kinds of partners whose list of members changes: trade with the Belt and Road of
2023 was printed as 19.47 trillion yuan, and is implied at 20.73 to 20.76 a year later: 6.4 percent.
``tests/auditing/test_rules.py`` computes both."""
CLOSE: Final = 1e-9
"""Relative room for the rounding of binary floats."""
RULES: Final = ("repetition", "balance", "growth", "share", "conversion", "sum", "parts")
TWO_SIDED: Final = RULES[:6]
"""Rules that bound a figure from both sides; parts bound it from one."""
PART_MEASURES: Final = {"number of growing partners": "number of partners"}
"""Counts of some, and the counts of all that they are some of."""
AGREES, CUT_OFF, CONTRADICTS = range(3)
EMPTY: Final[dict[str, Any]] = {
    "rule": "", "sign": "", "a": -1, "b": -1, "c": -1, "room": 0.0, "low": np.nan,
    "high": np.nan, "alternative": -1,
}  # fmt: skip
"""The columns of checks, and what stands where a rule gives nothing."""
Found: TypeAlias = dict[str, Any]
"""What a rule gives: some of these columns, or one value for all of its checks."""


class Checks:
    """Checks as arrays, one place a check.

    Attributes
    ----------
    rule, sign
        Which rule, and how the first account is computed of the terms.
    a, b, c
        The terms, −1 for none; ``c`` is the second account.
    room
        The allowance for revisions, as a share.
    low, high
        What exchange rates allow; NaN where the second account is a term.
    level
        `AGREES` as rounded, `CUT_OFF` only if something was cut off, or `CONTRADICTS`.
    gap, amount
        How far the accounts lie apart: as a share, and in units.
    alternative
        Checks with the same number are alternatives of which the best one counts; −1 for none.
    parts
        For terms that are sums of parts, those.
    """

    rule: Array
    sign: Array
    a: Array
    b: Array
    c: Array
    room: Array
    low: Array
    high: Array
    alternative: Array
    level: Array
    gap: Array
    amount: Array

    def __init__(self, found: list[Found], terms: Terms, parts: dict[int, list[int]]):
        self.terms, self.parts = terms, parts
        columns = {
            name: np.concatenate([np.broadcast_to(f.get(name, none), f["a"].shape) for f in found])
            for name, none in EMPTY.items()
        }
        ids = np.column_stack([columns[x] for x in "abc"])
        ours = (terms.is_article[ids] & (ids >= 0)).any(axis=1)
        # Two flows may be revised against each other, a balance by any share of itself.
        balance = (terms.code["flow"][columns["a"]] == Flow.BALANCE) & (columns["room"] > 0)
        self._keep(columns, ours & ~balance)
        self._judge()
        self._keep(vars(self), ~self._is_open())
        # Of alternatives (a currency nobody printed, a year's rate or a day's) the best one counts.
        order = np.lexsort((self.gap, self.level))
        code = pd.factorize(self.rule)[0]
        with_one = order[self.alternative[order] >= 0]
        best = firsts(with_one, self.alternative[with_one] * 16 + code[with_one])
        keep = self.alternative < 0
        keep[best] = True
        self._keep(vars(self), keep)

    def _is_open(self) -> Array:
        """Contradictions only if a rate was in one currency of several that it may be in."""
        terms, unit = self.terms, self.terms.code["unit"]
        amounts = np.concatenate([terms.amounts, terms.translated])
        ids = self._members()
        assumed = terms.assumed[ids] & (ids >= 0)
        assumed[:, 1] &= self.alternative < 0
        found = assumed.any(axis=1)
        for rule in ("growth", "repetition"):
            own = (self.rule == rule) & (self.alternative >= 0) & ~found
            tried = self.alternative[own] * len(terms.money) + unit[self.c[own]]
            rates, on = np.unique(self.alternative[own]), ("series", "flow")
            i, j = join(terms.key(rates, on), terms.key(amounts, on))
            may = np.where(terms.money, np.arange(len(terms.money)), -1)[unit[amounts[j]]]
            untried = (may >= 0) & ~np.isin(rates[i] * len(terms.money) + may, tried)
            found |= own & np.isin(self.alternative, rates[i][untried])
        is_open: Array = found & (self.level == CONTRADICTS)
        return is_open

    def _keep(self, columns: dict[str, Array], keep: Array) -> None:
        for name, values in list(columns.items()):
            if isinstance(values, np.ndarray):
                setattr(self, name, values[keep])

    def __len__(self) -> int:
        return len(self.a)

    def _members(self) -> Array:
        return np.column_stack([self.a, self.b, self.c])

    def sides(self, readings: str) -> tuple[Span, Span]:
        """Both accounts of each check; ``readings`` tells how a, b and c are read, as ``rrp``."""
        a, b, c = (
            self.terms.span(getattr(self, x), r) for x, r in zip("abc", readings, strict=True)
        )
        ones = np.ones(len(self)), np.ones(len(self))
        ways: dict[str, Span] = {
            "=": a, "+": add(a, b), "−": sub(a, b), "÷": div(a, b), "÷1+": div(a, add(ones, b)),
            "1+÷1+": div(add(ones, a), add(ones, b)), "≤": (a[0], np.full(len(self), np.inf)),
        }  # fmt: skip
        is_way = [self.sign == sign for sign in ways]
        low, high = (np.select(is_way, [way[i] for way in ways.values()]) for i in (0, 1))
        fixed = ~np.isnan(self.low)
        return (low, high), (np.where(fixed, self.low, c[0]), np.where(fixed, self.high, c[1]))

    def _judge(self) -> None:
        self.level = np.full(len(self), CONTRADICTS)
        # It is the factor of growth that is revised by a share.
        growth = (self.terms.role[self.c] == Role.GROWTH) & (self.c >= 0)
        one = np.where(growth, 1.0, 0.0), np.where(growth, 1.0, 0.0)
        for level, reading in ((CUT_OFF, "p"), (AGREES, "r")):
            left, right = self.sides(reading * 3)
            size = np.max([np.where(np.isfinite(end), abs(end), 0) for end in right], axis=0)
            size = np.where(size > 0, size, 1.0)
            between = apart(left, sub(widen(add(right, one), self.room), one))
            # As rounded, accounts that share no more than an end do not agree, unless one is a
            # point: 25.40 may have been rounded to 25.4, 25.45 hardly was.
            point = (left[0] == left[1]) | (right[0] == right[1])
            limit = np.where(point | (level == CUT_OFF), CLOSE, -CLOSE) * size
            agree = between <= limit
            self.level = np.where(agree, level, self.level)
            distance = np.maximum(apart(left, right), 0)
            if reading == "p":
                amount, whole = distance, size
            else:
                amount = np.where(self.level == CUT_OFF, distance, amount)
        self.amount = np.where(amount <= CLOSE * whole, 0.0, amount)
        self.gap = self.amount / whole

    def in_doubt(self) -> Array:
        """The rows that contradictions rest on, of rules that bound a figure from both sides."""
        wrong = (self.level == CONTRADICTS) & np.isin(self.rule, TWO_SIDED)
        terms = self._members()[wrong]
        rows = np.unique(self.terms.leaves[terms[terms >= 0]])
        return rows[rows >= 0]

    def touches(self, rows: Array) -> Array:
        """Whether each check rests on a row, for one row a check; shape (n,)."""
        ids = self._members()
        leaves = np.where(ids[:, :, None] >= 0, self.terms.leaves[ids], -1)
        found: Array = (leaves.reshape(len(self), -1) == rows[:, None]).any(axis=1)
        return found

    def world(self) -> Array:
        """The world of each check."""
        own: Array = self.terms.labels["world"][self.terms.code["series"][self.a]]
        return own


def apart(left: Span, right: Span) -> Array:
    """How far two spans lie apart, in their unit; below zero by how much they overlap."""
    distance: Array = np.maximum(left[0] - right[1], right[0] - left[1])
    return distance


class Hierarchy:
    """Of what partners and products are parts, and how far two vintages of theirs may lie apart.

    Attributes
    ----------
    above
        By ``partner`` and by ``product``: for each code that of the nearest whole above, or −1.
    group, place, lines
        For each code of a product the group of which it is a line, and its place among those, or
        −1; and of how many lines it is itself the sum, 0 for none.
    room
        For each code of a partner its allowance for revisions, as a share.
    """

    def __init__(self, words: Words, folder: Path | None = None):
        tables = {c: load_optional(f"{c}s", folder).set_index(c) for c in ("partner", "product")}
        self.above: dict[str, Array] = {}
        for column, table in tables.items():
            overlap = table["kind"].isin(["initiative", "class"])
            parent = table["part_of"][~overlap].to_dict()
            number = {word: place for place, word in enumerate(words[column])}
            codes = []
            for word in words[column]:
                up = parent.get(word, "")
                while up and up not in number:
                    up = parent.get(up, "")
                codes.append(number.get(up, -1))
            self.above[column] = np.array(codes, dtype=np.int64)
        products = tables["product"]
        lines = products["lines"].dropna().to_dict()
        group = products["part_of"][products["part_of"].isin(lines)]
        place = group.groupby(group).cumcount()
        above = [words.number("product", group.get(word, "")) for word in words["product"]]
        self.group = np.array(above, dtype=np.int64)
        self.place, self.lines = (
            np.array([known.get(word, none) for word in words["product"]], dtype=np.int64)
            for known, none in ((place, -1), (lines, 0))
        )
        kind = tables["partner"]["kind"].to_dict()
        room = [CHANGING.get(kind.get(partner, ""), REVISION) for partner in words["partner"]]
        self.room = np.array(room, dtype=float)


def check(terms: Terms, folder: Path | None = None, hierarchy: Hierarchy | None = None) -> Checks:
    """Check every identity that involves a figure of an article.

    The hierarchy is read from the folder where it is not given.
    """
    parts: dict[int, list[int]] = {}
    hierarchy = hierarchy or Hierarchy(terms.words, folder)
    terms.room = hierarchy.room[terms.labels["partner"]]
    groups = np.concatenate([*_sums_of_lines(terms, parts, hierarchy), np.array([], dtype=int)])
    terms.known = np.concatenate([terms.known, groups])
    found = [
        *_repetitions(terms), *_balances(terms), *_growth(terms), *_shares(terms),
        *_conversions(terms), *_groups(terms, groups), *_parts(terms, parts, hierarchy),
        *_some_of_all(terms),
    ]  # fmt: skip
    return Checks(found, terms, parts)


def _room(terms: Terms, one: Array, two: Array, times: Array | int = 1) -> Array:
    """The allowance for revisions: none between figures of one vintage."""
    vintage, room = terms.code["vintage"], terms.room[terms.code["series"][one]]
    allowed: Array = np.where(vintage[one] == vintage[two], 0.0, (1 + room) ** times - 1)
    return allowed


def _repetitions(terms: Terms) -> Iterator[Found]:
    """Each printing of a quantity against those that bound it most tightly."""
    columns = tuple(c for c in CODES if c != "vintage")
    printed, role = np.arange(len(terms.figures)), terms.role
    # Others' printings with the same bounds say the same.
    others = printed[~terms.is_article[printed]]
    others = others[distinct(terms.key(others, CODES) * 3 + role[others], *terms.bounds[others].T)]
    printed = np.concatenate([printed[terms.is_article[printed]], others])
    growth = role[printed] == Role.GROWTH
    # A rate whose currency nobody printed may repeat a rate in any.
    without = printed[growth & (terms.code["unit"][printed] == terms.bare)]
    with_unit = printed[growth & (terms.code["unit"][printed] != terms.bare)]
    loose = tuple(c for c in columns if c != "unit")
    without, with_unit = terms.joined(without, with_unit, loose)
    pairs = [np.stack([without, with_unit, without])]
    # So may a count whose beginning nobody printed: a streak to a year has one length.
    counted = ~terms.additive[terms.code["series"]] & (role == Role.AMOUNT)
    counts = printed[counted[printed] & (terms.code["period"][printed] > 0)]
    since = terms.code["basis"][counts] != terms.words.number("basis", "")
    loose = tuple(c for c in columns if c != "basis")
    counts, others = terms.joined(counts[~since], counts[since], loose)
    pairs.append(np.stack([counts, others, np.full(len(counts), -1)]))
    for within in (columns, CODES):
        keys = terms.key(printed, within) * 3 + role[printed]
        for bound in range(4):
            value = terms.bounds[printed, bound]
            order = np.argsort(value if bound % 2 else -value, kind="stable")
            tight = firsts(order, keys[order])
            i, j = join(keys, keys[tight])
            low, high = np.sort([printed[i], printed[tight[j]]], axis=0)
            pairs.append(np.stack([low, high, np.full(len(low), -1)])[:, low != high])
    every = np.hstack(pairs)
    a, c, alternative = every[:, distinct(*every)]
    times = np.where(role[a] == Role.AMOUNT, np.where(counted[a], 0, 1), 2)
    yield {
        "rule": "repetition", "sign": "=", "a": a, "c": c,
        "room": _room(terms, a, c, times), "alternative": alternative,
    }  # fmt: skip


def _balances(terms: Terms) -> Iterator[Found]:
    """Exports and imports make trade, and exports less imports the balance."""
    exports, imports, trade, balance = terms.by_flow(terms.both_accounts(terms.levels))
    for sign, flow in (("+", trade), ("−", balance)):
        a, b, c = terms.triples(exports, imports, flow)
        yield {"rule": "balance", "sign": sign, "a": a, "b": b, "c": c}


def _growth(terms: Terms) -> Iterator[Found]:
    """A level over one and its growth is the level of the year before."""
    levels = terms.both_accounts(terms.known)
    rates = terms.both_accounts(terms.growth, (*QUANTITY, "base"))
    a, b = terms.joined(levels, rates, QUANTITY)
    # A base that was itself computed back by a rate of growth would check nothing.
    before = terms.known[terms.how[terms.known] != "base"]
    at = ("series", "period", "unit", "flow")
    i, j = join(terms.key(a, at, period=terms.code["base"][b]), terms.key(before, at))
    a, b, c = a[i], b[i], before[j]
    away = abs(terms.code["vintage"][a] - terms.code["vintage"][c])
    keys = (a * len(terms.bounds) + b) * 2 + terms.is_article[c]
    _, groups = np.unique(keys, return_inverse=True)
    nearest = np.full(len(groups) + 1, 10**6)
    np.minimum.at(nearest, groups, away)
    near = away == nearest[groups]
    a, b, c = a[near], b[near], c[near]
    alternative = np.where(terms.assumed[b], terms.leaves[b, 0], -1)
    yield {
        "rule": "growth", "sign": "÷1+", "a": a, "b": b, "c": c,
        "room": _room(terms, a, c), "alternative": alternative,
    }  # fmt: skip


def _shares(terms: Terms) -> Iterator[Found]:
    """A part over its whole is its share: of all partners, or of all products."""
    shares, levels = terms.shares, terms.both_accounts(terms.known)
    levels = levels[terms.money[terms.code["unit"][levels]]]
    c, a = terms.joined(shares, levels, IN_ANY)
    whole = whole_series(terms)[terms.code["series"][a]]
    key = terms.key(a, (*IN_ANY, "unit"), series=whole, flow=terms.code["basis"][c])
    i, j = join(key, terms.key(levels, (*IN_ANY, "unit")))
    known = (whole[i] >= 0) & (levels[j] != a[i])
    a, b, c = (x[known] for x in (a[i], levels[j], c[i]))
    yield {"rule": "share", "sign": "÷", "a": a, "b": b, "c": c}


def whole_series(items: Coded) -> Array:
    """For each series that of all partners or, for all partners, of all products; −1 for none."""
    partner, product = items.labels["partner"], items.labels["product"]
    world, every = items.words.number("partner", WORLD), items.words.number("product", ALL)
    return items.series_with(
        partner=np.full(len(partner), world), product=np.where(partner == world, every, product)
    )


def _conversions(terms: Terms) -> Iterator[Found]:
    """An amount over the same one in another currency is a rate that there was."""
    unit, vintage = terms.code["unit"], terms.code["vintage"]
    names, days = (np.array(terms.words[c], dtype=object) for c in ("unit", "published"))
    published = terms.figures.code["published"][terms.leaves[:, 0]]
    cell = ("series", "period", "flow")
    for table, sign, on in (
        (np.concatenate([terms.known, terms.translated]), "÷", cell),
        (terms.growth, "1+÷1+", (*cell, "base")),
    ):
        money = table[terms.money[unit[table]] & ~terms.assumed[table]]
        money = terms.preferred(money, (*on, "vintage", "unit"))
        a, b = terms.joined(money, money, on)
        at = terms.key(a, (*on, "unit")) * len(names) + unit[b]
        same = vintage[a] == vintage[b]
        paired = np.isin(at, at[same])
        ours = terms.is_article[a] & terms.is_article[b]
        either = terms.is_article[a] | terms.is_article[b]
        # What an article prints beside an amount is its translation: it says no more of others.
        beside = np.unique(np.concatenate([a[ours & (a != b)], b[ours & (a != b)]]))
        article = np.where(terms.is_article[a], a, b)
        keep = names[unit[a]] < names[unit[b]]
        keep &= terms.are_convertible(a, b) & (same | (terms.is_own(a) & terms.is_own(b)))
        keep &= (same | ~paired) & (ours | (either & ~np.isin(article, beside)))
        a, b = a[keep], b[keep]
        years = terms.code["period"][a]
        pairs = list(zip(names[unit[a]], names[unit[b]], strict=True))
        if sign == "÷":
            ways = [[_rates(*p, str(year)) for p, year in zip(pairs, years, strict=True)]]
            ways.append([
                _rates(*p, days[one]) if one == two else (np.nan, np.nan)
                for p, one, two in zip(pairs, published[a], published[b], strict=True)
            ])  # fmt: skip
        else:
            bases = terms.code["base"][a]
            ways = [[_change(*p, y, b) for p, y, b in zip(pairs, years, bases, strict=True)]]
        for limits in ways:
            low, high = np.array(limits, dtype=float).reshape(-1, 2).T
            known = ~np.isnan(low)
            yield {
                "rule": "conversion", "sign": sign,
                "a": a[known], "b": b[known],
                "room": _room(terms, a, b, 1 if sign == "÷" else 2)[known],
                "low": low[known], "high": high[known],
                "alternative": (a * len(terms.bounds) + b)[known],
            }  # fmt: skip


@cache
def _rates(currency: str, per: str, when: str) -> tuple[float, float]:
    """The range of daily rates of a year or of the days around one; NaN where none is known."""
    try:
        interval = mean_rate(currency, per, when).interval
    except (ValueError, KeyError):
        return np.nan, np.nan
    return interval.lower, interval.upper


def rates_allowed(currency: str, per: str, year: int) -> tuple[float, float]:
    """The range of daily rates of a year, a year's end included: NaN where none is known.

    An amount of a year may have been translated on the days its figures came out, early in the
    year after, and a flow month by month.
    """
    own, after = _rates(currency, per, str(year)), _rates(currency, per, f"{year + 1}-01")
    return float(np.fmin(own[0], after[0])), float(np.fmax(own[1], after[1]))


@cache
def _change(currency: str, per: str, year: int, base: int) -> tuple[float, float]:
    """By what factor a rate can have changed from a year to another."""
    (low, high), (low_before, high_before) = (_rates(currency, per, str(y)) for y in (year, base))
    return low / high_before, high / low_before


def line_groups(
    items: Coded, amounts: Array, hierarchy: Hierarchy
) -> Iterator[tuple[Array, Array]]:
    """Groups whose lines are all known in a cell: the lines, shape (n, lines), the groups' series.

    By the number of their lines.
    """
    product, series = items.labels["product"], items.code["series"]
    whole = items.series_with(product=hierarchy.group[product])[series[amounts]]
    amounts, whole = amounts[whole >= 0], whole[whole >= 0]
    size, key = hierarchy.lines[product[whole]], items.key(amounts, QUANTITY, series=whole)
    place = hierarchy.place[product[series[amounts]]]
    for lines in np.unique(size):
        first, *others = (np.flatnonzero((size == lines) & (place == at)) for at in range(lines))
        found = first[:, None]
        for more in others:
            i, j = join(key[found[:, 0]], key[more])
            found = np.column_stack([found[i], more[j]])
        yield amounts[found], whole[found[:, 0]]


def _sums_of_lines(
    terms: Terms, parts: dict[int, list[int]], hierarchy: Hierarchy
) -> Iterator[Array]:
    """Groups as the sums of all their lines: another account of them."""
    levels = terms.preferred(terms.levels[terms.code["flow"][terms.levels] != Flow.BALANCE])
    for lines, whole in line_groups(terms, levels, hierarchy):
        leaves = np.concatenate([*terms.leaves[lines].swapaxes(0, 1)], axis=1)
        leaves = -np.sort(-leaves, axis=1)
        few = (leaves >= 0).sum(axis=1) <= LEAVES
        lines, whole, leaves = lines[few], whole[few], leaves[few, :LEAVES]
        first = lines[:, 0]
        bounds = terms.bounds[lines].sum(axis=1)
        totals = terms.add(terms.codes(first, series=whole), bounds, leaves, first)
        terms.how[totals] = PARTS
        terms.is_article[totals] = terms.is_article[lines].any(axis=1)
        terms.assumed[totals] = terms.assumed[lines].any(axis=1)
        parts |= dict(zip(totals.tolist(), lines.tolist(), strict=True))
        yield totals


def _groups(terms: Terms, totals: Array) -> Iterator[Found]:
    """A group of lines is their sum."""
    at = ("series", "period", "unit", "flow")
    a, c = terms.joined(totals, terms.both_accounts(terms.levels), at)
    yield {"rule": "sum", "sign": "=", "a": a, "c": c, "room": _room(terms, a, c)}


def part_groups(
    items: Coded, amounts: Array, hierarchy: Hierarchy
) -> Iterator[tuple[Array, Array]]:
    """Disjoint parts and their wholes, place by place: by partner, then by product.

    A part counts towards the nearest whole above it of which an amount is known.
    """
    key, series = items.key(amounts, QUANTITY), items.code["series"][amounts]
    for column in ("partner", "product"):
        above, wholes = hierarchy.above[column], np.full(len(amounts), -1)
        up = above[items.labels[column]]
        while (up >= 0).any():  # one step up the tree a turn
            at = items.series_with(**{column: up})[series]
            i, j = join(items.key(amounts, QUANTITY, series=at), key)
            new = wholes[i] < 0
            wholes[i[new]] = amounts[j[new]]
            up = np.where(up < 0, -1, above[up])
        yield amounts[wholes >= 0], wholes[wholes >= 0]


def _parts(terms: Terms, parts: dict[int, list[int]], hierarchy: Hierarchy) -> Iterator[Found]:
    """Disjoint parts together do not exceed their whole."""
    amounts = terms.preferred(terms.amounts[terms.code["flow"][terms.amounts] != Flow.BALANCE])
    amounts = terms.narrowest(amounts, QUANTITY)
    for disjoint, wholes in part_groups(terms, amounts, hierarchy):
        if not len(wholes):
            continue
        order = np.argsort(wholes, kind="stable")
        members = disjoint[order]
        whole, starts = np.unique(wholes[order], return_index=True)
        totals = terms.add(
            terms.codes(whole),
            np.add.reduceat(terms.bounds[members], starts), terms.leaves[whole], whole,
        )  # fmt: skip
        terms.how[totals] = PARTS
        terms.is_article[totals] = np.logical_or.reduceat(terms.is_article[members], starts)
        split = np.split(members, starts[1:])
        parts |= {int(t): m.tolist() for t, m in zip(totals, split, strict=True)}
        yield {"rule": "parts", "sign": "≤", "a": totals, "c": whole}


def _some_of_all(terms: Terms) -> Iterator[Found]:
    """A count of some does not exceed the count of all."""
    ours, labels = np.flatnonzero(terms.figures.is_article), terms.labels["measure"]
    measure, at = labels[terms.code["series"][ours]], ("series", "flow", "period")
    for names in PART_MEASURES.items():
        some, every = (terms.words.number("measure", name) for name in names)
        above = terms.series_with(measure=np.where(labels == some, every, labels))
        a, c = ours[measure == some], ours[measure == every]
        i, j = join(terms.key(a, at, series=above[terms.code["series"][a]]), terms.key(c, at))
        yield {"rule": "parts", "sign": "≤", "a": a[i], "c": c[j]}
