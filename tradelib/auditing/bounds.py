"""Reconciling: what all figures together say of every quantity, printed or not.

Every quantity is a variable with an interval; the identities of the audit are constraints between
three of them. Bounds are carried through all constraints until nothing moves (interval constraint
propagation: E. Davis, "Constraint propagation with interval labels", Artificial Intelligence 32,
1987). Each step keeps every value that the figures allow, so the truth is never lost; on linear
constraints the bounds may be wider than the best ones, by how much ``bench/audit.py`` shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tradelib.auditing.labels import suggest
from tradelib.auditing.report import load_rows
from tradelib.auditing.rules import (
    Hierarchy,
    check,
    line_groups,
    part_groups,
    rates_allowed,
    whole_series,
)
from tradelib.auditing.spans import Array
from tradelib.auditing.terms import (
    CELL,
    CODES,
    IN_ANY,
    QUANTITY,
    Coded,
    Figures,
    Flow,
    Role,
    Terms,
    firsts,
    join,
)
from tradelib.quantity import READINGS, Reading

MOVES: Final = 1e-6
"""A bound that moves by less than this share of its interval is left where it is."""
ROUNDS: Final = 200
ULPS: Final = 4e-16
"""Computed bounds are moved outwards by this share: what binary floats may have lost."""
Parents = tuple[tuple[Array, Array], tuple[Array, Array]]
"""For each of two operands the nodes that the lower and the upper bounds were computed of."""
COLUMNS: Final = [
    "reporter", "partner", "product", "flow", "measure", "period", "basis", "vintage", "unit",
    "lower", "upper", "lower_rests_on", "upper_rests_on", "is_printed",
]  # fmt: skip


def reconcile(
    *, reference: bool = True, corrected: bool = True, reading: Reading = "printed",
    folder: Path | str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Give the bounds that all figures together put on every quantity, printed or not.

    Parameters
    ----------
    reference
        Whether others' figures count, or the articles' alone.
    corrected
        Whether labels are read as ``corrections.csv`` says, or as printed.
    reading
        ``printed`` (rounded or cut off: what is certain) or ``rounded``.
    folder
        Folder with ``datapackage.json`` and the tables; the project's own by default.

    Returns
    -------
    DataFrame
        A row a quantity: ``reporter, partner, product, flow, measure`` (``level``, ``units``,
        ``growth``, ``units growth``, ``share``, ``exchange rate``, …), ``period``, ``basis`` (of
        growth the year compared with, of a share its whole), ``vintage``, ``unit`` (of growth the
        currency, of a rate ``CNY per USD``), ``lower, upper`` in single units or as fractions,
        ``lower_rests_on, upper_rests_on`` (tuples of the figures whose intervals set the bound)
        and ``is_printed``. ``attrs["set_aside"]`` names the figures left out because they
        contradict others; ``attrs["conflicts"]`` the groups of figures left (others', or rounded)
        that cannot all be true: bounds then follow some of them only.

    Raises
    ------
    DataError
        As `tradelib.load_figures`.
    ValueError
        If there is no such reading.

    Examples
    --------
    >>> bounds = reconcile(reference=False)
    >>> keys = {"flow": "exports", "period": 2024, "vintage": 2026, "partner": "World"}
    >>> found = bounds[(bounds[list(keys)] == pd.Series(keys)).all(axis=1)].iloc[0]
    >>> print(found["is_printed"], f"{found['lower'] / 1e12:.2f} to {found['upper'] / 1e12:.2f}")
    False 25.41 to 25.46
    """
    if reading not in READINGS:
        raise ValueError(f"unknown reading {reading!r}, expected one of {', '.join(READINGS)}")
    folder = None if folder is None else Path(folder)
    rows = load_rows(corrected, reference=reference, folder=folder)
    kept, aside = set_aside(rows, folder)
    network = Network(kept, reading, folder)
    network.propagate()
    table = network.table()
    table.attrs["set_aside"] = aside
    return table


def set_aside(rows: pd.DataFrame, folder: Path | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Leave out figures that contradict others: the mislabelled one where it can be told."""
    figures = Figures.of(rows)
    hierarchy = Hierarchy(figures.words, folder)
    checks = check(Terms(figures), folder, hierarchy)
    out = {change.row for change in suggest(rows, checks, folder)}
    while True:
        kept = np.delete(np.arange(len(rows)), list(out))
        checks = check(Terms(figures.take(kept)), folder, hierarchy)
        more = {int(row) for row in kept[checks.in_doubt()]}
        if not more:
            aside = [str(rows.at[row, "name"]) for row in sorted(out)]
            return rows.iloc[kept].reset_index(drop=True), aside
        out |= more


class Network:
    """Variables with intervals, and the constraints between them.

    Attributes
    ----------
    lower, upper
        The bounds of the variables.
    sums, products
        Constraints ``z = x + y`` and ``z = x × y``: variables, shape (n, 3).
    conflicts
        Bounds that had nothing in common: the node of one, and the two that another follows from.
    """

    def __init__(
        self, rows: pd.DataFrame, reading: Reading = "printed", folder: Path | None = None
    ):
        self.terms = terms = Terms(rows)
        hierarchy = Hierarchy(terms.words, folder)
        self.names = rows["name"].to_numpy()
        self.keys = keys = Variables(terms)
        products = [*self._rates_and_shares()]
        groups = [
            (lines, keys.at(keys.codes(lines[:, 0], series=whole)))
            for lines, whole in line_groups(keys, keys.flows(), hierarchy)
        ]
        keys.complete()
        one, two, low, high = self._conversions()
        rates = keys.rates(one, two)
        products.append(np.column_stack([one, two, rates]))
        # Behind the quantities stand helping variables: room for revisions, sums of some parts.
        one, two = keys.pairs(("series", "period", "unit", "flow"))
        flows = keys.code["flow"][one] != Flow.BALANCE  # which may be revised by any share
        one, two = one[flows], two[flows]
        self.size = size = len(keys)
        revision = self._helping(len(one))
        products.append(np.column_stack([one, two, revision]))
        parts, (trade, exports) = self._part_sums(hierarchy), keys.sums()
        lines = [sums for group in groups for sums in self._line_sums(*group)]
        # Trade and balance are twice the exports, trade without it twice the imports: this says
        # nothing new, but bounds carried from three to one at a time would not find it.
        i, j = join(trade[:, 1], exports[:, 0])
        (whole, out, into), balance = trade[i].T, exports[j, 2]
        out_twice, into_twice, two_times = map(self._helping, (len(i), len(i), 1))
        twice = [(out_twice, whole, balance), (whole, into_twice, balance)]
        self.sums = np.vstack([trade, exports, parts, *lines, *map(np.column_stack, twice)])
        times = np.repeat(two_times, len(i))
        twice = [(out_twice, out, times), (into_twice, into, times)]
        self.products = np.vstack([*products, *map(np.column_stack, twice)])
        total = self.size
        self.lower, self.upper = np.zeros(total), np.full(total, np.inf)
        # A balance may be below zero; growth is kept as a factor.
        balance = (keys.code["flow"] == Flow.BALANCE) & (keys.role == Role.AMOUNT)
        self.lower[:size][balance] = -np.inf
        self.lower[rates], self.upper[rates] = low, high
        room = hierarchy.room[terms.labels["partner"]][keys.code["series"][one]]
        self.lower[revision], self.upper[revision] = 1 - room, 1 + room
        self.lower[two_times] = self.upper[two_times] = 2
        # A node is a figure, or a bound at one time, with the two that it was computed of.
        self.parents = [np.full((len(rows) + 2 * total, 2), -1)]
        self.node = len(rows) + np.arange(2 * total).reshape(2, total)
        self.conflicts = np.empty((0, 3), dtype=int)
        printed, none = np.arange(len(rows)), np.full(len(rows), -1)
        is_rate = terms.role[printed] == Role.GROWTH
        factor = np.column_stack([end + is_rate for end in terms.span(printed, reading[0])])
        self._tighten(keys.of_rows, factor, ((printed, printed), (none, none)))

    def _rates_and_shares(self) -> Iterator[Array]:
        """A level is its base times one and its growth, a part its whole times its share."""
        keys, terms, code = self.keys, self.terms, self.terms.code
        rows = np.arange(len(terms.rows))
        is_rate = (terms.role[rows] == Role.GROWTH) & (code["unit"][rows] != terms.bare)
        rates = rows[is_rate & terms.additive[code["series"][rows]]]
        level = keys.at(terms.codes(rates))
        base = keys.at(terms.codes(rates, period=code["base"][rates]))
        yield np.column_stack([level, base, keys.of_rows[rates]])
        shares = rows[terms.role[rows] == Role.SHARE]
        whole = whole_series(terms)[code["series"][shares]]
        shares, whole = shares[whole >= 0], whole[whole >= 0]
        for unit in np.flatnonzero(terms.money):
            part = terms.codes(shares, unit=np.full(len(shares), unit))
            total = part | {"series": whole, "flow": code["basis"][shares]}
            there = keys.has(part) & keys.has(total)
            there &= ~terms.translations[terms.labels["world"][part["series"]], unit]
            amounts = [keys.at({c: x[there] for c, x in a.items()}) for a in (part, total)]
            yield np.column_stack([*amounts, keys.of_rows[shares[there]]])

    def _conversions(self) -> tuple[Array, Array, Array, Array]:
        """Amounts in two currencies, and the range of the rates that may lie between."""
        keys = self.keys
        one, two = keys.pairs(IN_ANY)
        units, names = keys.code["unit"], np.array(keys.words["unit"], dtype=object)
        money = keys.money[units[one]] & keys.money[units[two]]
        money &= keys.are_convertible(one, two)
        one, two = one[money], two[money]
        swap = names[units[one]] > names[units[two]]
        one, two = np.where(swap, two, one), np.where(swap, one, two)
        asked = zip(names[units[one]], names[units[two]], keys.code["period"][one], strict=True)
        allowed = np.array([rates_allowed(a, b, int(year)) for a, b, year in asked], dtype=float)
        low, high = allowed.reshape(-1, 2).T
        there = ~np.isnan(low)
        return one[there], two[there], low[there], high[there]

    def _helping(self, count: int) -> Array:
        """Numbers of new helping variables, behind those there are."""
        self.size += count
        return np.arange(self.size - count, self.size)

    def _line_sums(self, lines: Array, total: Array) -> Iterator[Array]:
        """A group is the sum of its lines, two at a time through helping variables."""
        both, *others = lines.T
        for place, more in enumerate(others, 1):
            whole = total if place == len(others) else self._helping(len(total))
            yield np.column_stack([whole, both, more])
            both = whole

    def _part_sums(self, hierarchy: Hierarchy) -> Array:
        """Parts and a rest make their whole: sums of two at a time, through helping variables."""
        found, keys = [np.empty((0, 3), dtype=int)], self.keys
        for members, wholes in part_groups(keys, keys.flows(), hierarchy):
            while len(wholes):
                order = np.argsort(wholes, kind="stable")
                members, wholes = members[order], wholes[order]
                first = np.searchsorted(wholes, wholes, "left")
                place = np.arange(len(wholes)) - first
                count = np.searchsorted(wholes, wholes, "right") - first
                alone = count == 1
                rest = self._helping(int(alone.sum()))
                found.append(np.column_stack([wholes[alone], members[alone], rest]))
                members, wholes, place, count = (x[~alone] for x in (members, wholes, place, count))
                left = np.flatnonzero((place % 2 == 0) & (place + 1 < count))
                odd = (place % 2 == 0) & (place + 1 == count)
                both = self._helping(len(left))
                found.append(np.column_stack([both, members[left], members[left + 1]]))
                members = np.concatenate([both, members[odd]])
                wholes = np.concatenate([wholes[left], wholes[odd]])
        return np.concatenate(found)

    def propagate(self, rounds: int = ROUNDS) -> int:
        """Carry bounds through all constraints until nothing moves; gives the rounds it took."""
        moved = np.ones(len(self.lower), dtype=bool)
        for turn in range(rounds):
            before = self.node.copy()
            for table, project in ((self.sums, _sum), (self.products, _product)):
                active = table[moved[table].any(axis=1)]
                if len(active):
                    for target, bounds, parents in project(
                        active, self.lower, self.upper, self.node
                    ):
                        bounds += ULPS * abs(bounds) * [-1, 1]
                        self._tighten(target, bounds, parents)
            moved = (before != self.node).any(axis=0)
            if not moved.any():
                return turn + 1
        return rounds

    def _tighten(self, target: Array, bounds: Array, parents: Parents) -> None:
        """Move bounds inwards, and keep what each rests on."""
        for side, sign in ((0, 1.0), (1, -1.0)):
            ours, others = (self.lower, self.upper) if side == 0 else (self.upper, self.lower)
            value = bounds[:, side]
            # The best of the new bounds of each variable, the first of equals.
            order = np.argsort(-sign * value, kind="stable")
            first = firsts(order, target[order])
            at, new = target[first], value[first]
            with np.errstate(invalid="ignore"):
                room = abs(others[at] - ours[at])
                beyond = sign * (new - others[at])
            room = np.where(np.isfinite(room), room, 0.0)
            slack = 1e-9 * np.maximum(abs(new), abs(others[at]))
            beside = (ends[side][first] for ends in parents)
            nodes = np.column_stack([self.node[1 - side, at], *beside])[beyond > slack]
            self.conflicts = np.vstack([self.conflicts, nodes])
            moves = np.isfinite(new) & (beyond <= slack)
            moves[moves] = sign * (new[moves] - ours[at][moves]) > MOVES * room[moves]
            at, new, first = at[moves], new[moves], first[moves]
            ours[at] = np.where(beyond[moves] > 0, others[at], new)
            start = sum(map(len, self.parents))
            self.node[side, at] = np.arange(start, start + len(at))
            self.parents.append(np.column_stack([ends[side][first] for ends in parents]))

    def table(self) -> pd.DataFrame:
        """The quantities with their bounds, as `reconcile` gives them."""
        size = len(self.keys)
        table = self.keys.frame()
        growth = table["role"].to_numpy() == Role.GROWTH
        table["lower"] = self.lower[:size] - growth
        table["upper"] = self.upper[:size] - growth
        sets = self._sets()
        for side, nodes in zip(("lower", "upper"), self.node[:, :size].tolist(), strict=True):
            table[f"{side}_rests_on"] = [self._named(sets[node]) for node in nodes]
        known = np.isfinite(table["lower"]) & (table["lower"] != 0) | np.isfinite(table["upper"])
        table = pd.DataFrame(table.loc[known, COLUMNS]).reset_index(drop=True)
        found = {frozenset[int]().union(*(sets[node] for node in nodes if node >= 0))
                 for nodes in self.conflicts.tolist()}  # fmt: skip
        least = [some for some in found if not any(other < some for other in found)]
        table.attrs["conflicts"] = sorted(map(self._named, least))
        return table

    def _sets(self) -> list[frozenset[int]]:
        """The figures behind each node."""
        sets = [frozenset((figure,)) for figure in range(len(self.names))]
        for one, two in np.concatenate(self.parents)[len(sets) :].tolist():
            found = sets[one] if one >= 0 else frozenset()
            sets.append(found | sets[two] if two >= 0 else found)
        return sets

    def _named(self, figures: frozenset[int]) -> tuple[str, ...]:
        """Figures by name, in the order of the ledger."""
        return tuple(self.names[sorted(figures)])


class Variables(Coded):
    """The quantities of a network by their codes: numbered as they are asked for.

    Attributes
    ----------
    of_rows
        For each row of the ledger the quantity that it is a printing of.
    printed
        Whether a quantity is printed.
    per
        Of exchange rates the code of the unit below, of other quantities −1.
    """

    def __init__(self, terms: Terms):
        super().__init__(terms.words, terms.radix, terms.before, terms.labels)
        self.translations, self.beside = terms.translations, terms.beside
        rows = np.arange(len(terms.rows))
        key = terms.key(rows, (*QUANTITY, "base", "basis")) * 3 + terms.role[rows]
        _, first, self.of_rows = np.unique(key, return_index=True, return_inverse=True)
        self.code, self.role = terms.codes(first), terms.role[first]
        self.printed, self.per = np.ones(len(first), dtype=bool), np.full(len(first), -1)

    def __len__(self) -> int:
        return len(self.role)

    def amounts(self) -> Array:
        """The quantities that identities tie: amounts, but for counts and exchange rates."""
        additive = self.additive[self.code["series"]] & (self.per < 0)
        amounts: Array = np.flatnonzero(additive & (self.role == Role.AMOUNT))
        return amounts

    def summed(self) -> Array:
        """The amounts that add up: not those that were translated one by one."""
        amounts = self.amounts()
        some: Array = amounts[self.is_own(amounts)]
        return some

    def flows(self) -> Array:
        """Those of them that parts make up: balances may be below zero."""
        amounts = self.summed()
        some: Array = amounts[self.code["flow"][amounts] != Flow.BALANCE]
        return some

    def has(self, codes: dict[str, Array]) -> Array:
        """Whether the amounts at some codes are quantities already."""
        asked, known = self.key((), QUANTITY, **codes), self.key(self.amounts(), QUANTITY)
        there: Array = np.isin(asked, known)
        return there

    def at(self, codes: dict[str, Array]) -> Array:
        """The amounts at some codes; new ones are added."""
        asked, unknown = self.key((), QUANTITY, **codes), np.flatnonzero(~self.has(codes))
        new = firsts(unknown, asked[unknown])
        self._add({c: codes[c][new] for c in CODES}, np.full(len(new), -1))
        amounts = self.amounts()
        known = self.key(amounts, QUANTITY)
        order = np.argsort(known)
        numbers: Array = amounts[order[np.searchsorted(known[order], asked)]]
        return numbers

    def _add(self, codes: dict[str, Array], per: Array) -> Array:
        role, printed = np.full(len(per), Role.AMOUNT), np.zeros(len(per), dtype=bool)
        return self.extend(codes, role=role, printed=printed, per=per)

    def complete(self) -> None:
        """Add the flows that are missing where two of a cell are known."""
        amounts = self.summed()
        amounts = amounts[self.code["flow"][amounts] <= Flow.BALANCE]
        cell = self.key(amounts, CELL)
        _, first, count = np.unique(cell, return_index=True, return_counts=True)
        cells = amounts[first[count >= 2]]
        for flow in Flow:
            self.at(self.codes(cells, flow=np.full(len(cells), flow)))

    def sums(self) -> Iterator[Array]:
        """Trade as exports and imports, exports as imports and the balance."""
        exports, imports, trade, balance = self.by_flow(self.summed())
        yield np.column_stack(self.triples(trade, exports, imports))
        yield np.column_stack(self.triples(exports, imports, balance))

    def pairs(self, columns: tuple[str, ...]) -> tuple[Array, Array]:
        """Pairs of amounts that differ in the column left out, each once."""
        one, two = self.joined(self.amounts(), self.amounts(), columns)
        return one[one < two], two[one < two]

    def rates(self, one: Array, two: Array) -> Array:
        """A new quantity for the rate between each pair of amounts."""
        return self._add(self.codes(one), self.code["unit"][two])

    def frame(self) -> pd.DataFrame:
        """The quantities with the names by which `reconcile` gives them."""
        table = self.named(np.arange(len(self)))
        growth, share, rate = self.role == Role.GROWTH, self.role == Role.SHARE, self.per >= 0
        base, basis = table["base"].astype(str), table["basis"]
        table["basis"] = np.select([growth, share], [base, basis], "")
        of_level = growth & (table["measure"] == "level")
        units = np.array([*self.words["unit"], ""], dtype=object)
        table["unit"] += np.where(rate, " per " + units[self.per], "")
        table["measure"] = np.select(
            [share, rate, of_level, growth],
            ["share", "exchange rate", "growth", table["measure"] + " growth"], table["measure"],
        )  # fmt: skip
        return table.assign(is_printed=self.printed)


Projection = tuple[Array, Array, Parents]
"""Variables, their new bounds (n, 2), and where these come from."""


def _sum(table: Array, lower: Array, upper: Array, node: Array) -> Iterator[Projection]:
    """Project ``z = x + y`` onto each of its three."""
    z, x, y = table.T
    yield z, np.column_stack([lower[x] + lower[y], upper[x] + upper[y]]), (
        (node[0, x], node[1, x]), (node[0, y], node[1, y]),
    )  # fmt: skip
    for target, other in ((x, y), (y, x)):
        bounds = np.column_stack([lower[z] - upper[other], upper[z] - lower[other]])
        yield target, bounds, ((node[0, z], node[1, z]), (node[1, other], node[0, other]))


def _product(table: Array, lower: Array, upper: Array, node: Array) -> Iterator[Projection]:
    """Project ``z = x × y`` onto each of its three."""
    z, x, y = table.T
    yield z, *_corners((lower[x], upper[x]), (lower[y], upper[y]), node[:, x], node[:, y])
    for target, other in ((x, y), (y, x)):
        positive = lower[other] > 0
        with np.errstate(divide="ignore"):
            inverse = (
                np.where(positive, 1 / upper[other], np.nan),
                np.where(positive, 1 / lower[other], np.nan),
            )
        bounds, parents = _corners((lower[z], upper[z]), inverse, node[:, z], node[::-1, other])
        bounds[~positive] = -np.inf, np.inf
        yield target, bounds, parents


def _corners(
    a: tuple[Array, Array], b: tuple[Array, Array], node_a: Array, node_b: Array
) -> tuple[Array, Parents]:
    """The product of two spans, and which ends of them make its ends."""
    with np.errstate(invalid="ignore"):
        corners = np.array([x * y for x in a for y in b])
    corners = np.where(np.isnan(corners), 0.0, corners)
    least, most = corners.argmin(axis=0), corners.argmax(axis=0)
    at = np.arange(corners.shape[1])
    bounds = np.column_stack([corners[least, at], corners[most, at]])
    ends = [(node_a[end // 2, at], node_b[end % 2, at]) for end in (least, most)]
    return bounds, ((ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]))
