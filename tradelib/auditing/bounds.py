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
    CONTRADICTS,
    TWO_SIDED,
    check,
    part_groups,
    rates_allowed,
    revisions,
    whole_series,
)
from tradelib.auditing.spans import Array
from tradelib.auditing.terms import CELL, IN_ANY, QUANTITY, Flow, Role, Terms, join
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
        contradict others.

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
    checks = check(Terms(rows), folder)
    out = {change.row for change in suggest(rows, checks, folder)}
    while True:
        kept = rows.drop(index=list(out))
        checks = check(Terms(kept.reset_index(drop=True)), folder)
        wrong = (checks.level == CONTRADICTS) & np.isin(checks.rule, TWO_SIDED)
        ids = np.column_stack([checks.a, checks.b, checks.c])[wrong]
        leaves = np.unique(checks.terms.leaves[ids[ids >= 0]])
        more = {int(kept.index[leaf]) for leaf in leaves[leaves >= 0]}
        if not more:
            return kept.reset_index(drop=True), [str(rows.at[row, "name"]) for row in sorted(out)]
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
        Variables of which two accounts had nothing in common.
    """

    def __init__(
        self, rows: pd.DataFrame, reading: Reading = "printed", folder: Path | None = None
    ):
        self.terms = terms = Terms(rows)
        self.names = rows["name"].to_numpy()
        printed = np.arange(len(rows))
        self.keys = keys = _Keys(terms, printed)
        products = [*self._rates_and_shares()]
        keys.complete()
        one, two, low, high = self._conversions()
        rates = keys.rates(one, two)
        products.append(np.column_stack([one, two, rates]))
        # Behind the quantities stand helping variables: room for revisions, sums of some parts.
        one, two = keys.pairs(("series", "period", "unit", "flow"))
        flows = keys.code["flow"][one] != Flow.BALANCE  # which may be revised by any share
        one, two = one[flows], two[flows]
        size, more = len(keys), len(one)
        products.append(np.column_stack([one, two, np.arange(size, size + more)]))
        parts, rest = self._part_sums(size + more, folder)
        trade, exports = keys.sums()
        # Trade and balance are twice the exports, trade without it twice the imports: this says
        # nothing new, but bounds carried from three to one at a time would not find it.
        i, j = join(trade[:, 1], exports[:, 0])
        (whole, out, into), balance = trade[i].T, exports[j, 2]
        double = size + more + rest + np.arange(2 * len(i)).reshape(2, -1)
        number = size + more + rest + 2 * len(i)
        twice = [(double[0], whole, balance), (whole, double[1], balance)]
        products += [
            np.column_stack([d, x, np.full(len(i), number)])
            for d, x in zip(double, (out, into), strict=True)
        ]
        self.sums = np.concatenate([trade, exports, parts, *map(np.column_stack, twice)]).astype(
            int
        )
        self.products = np.concatenate(products).astype(int)
        total = number + 1
        self.lower, self.upper = np.zeros(total), np.full(total, np.inf)
        self.lower[:size][keys.signed()] = -np.inf
        self.lower[rates], self.upper[rates] = low, high
        room = revisions(terms, folder)[keys.code["series"][one]]
        self.lower[size : size + more], self.upper[size : size + more] = 1 - room, 1 + room
        self.lower[number] = self.upper[number] = 2
        # A node is a bound at one time: which two it was computed of, or which figure it is.
        self.parents = [np.full((2 * total, 2), -1)]
        self.figure = [np.full(2 * total, -1)]
        self.node = np.arange(2 * total).reshape(2, total)
        self.conflicts = np.zeros(total, dtype=bool)
        bounds = terms.bounds[:, :2] if reading == "rounded" else terms.bounds[:, 2:]
        one = np.where(terms.role[printed] == Role.GROWTH, 1.0, 0.0)[:, None]
        self._tighten(self.keys.of_rows, bounds[printed] + one, None, printed)

    def _rates_and_shares(self) -> Iterator[Array]:
        """A level is its base times one and its growth, a part its whole times its share."""
        keys, terms, code = self.keys, self.terms, self.terms.code
        rows = np.arange(len(terms.rows))
        rates = rows[
            (terms.role[rows] == Role.GROWTH) & keys.is_additive & (code["unit"][rows] != keys.bare)
        ]
        level = keys.amount(rates, {})
        base = keys.amount(rates, {"period": code["base"][rates]})
        yield np.column_stack([level, base, keys.of_rows[rates]])
        shares = rows[terms.role[rows] == Role.SHARE]
        whole = whole_series(terms)[code["series"][shares]]
        shares, whole = shares[whole >= 0], whole[whole >= 0]
        for unit in np.flatnonzero(terms.money):
            part = {"unit": np.full(len(shares), unit)}
            total = part | {"series": whole, "flow": code["basis"][shares]}
            there = keys.has(shares, part) & keys.has(shares, total)
            there &= ~terms.translations[terms.world[terms.code["series"][shares]], unit]
            asked = [{c: x[there] for c, x in codes.items()} for codes in (part, total)]
            amounts = [keys.amount(shares[there], codes) for codes in asked]
            yield np.column_stack([*amounts, keys.of_rows[shares[there]]])

    def _conversions(self) -> tuple[Array, Array, Array, Array]:
        """Amounts in two currencies, and the range of the rates that may lie between."""
        keys, terms = self.keys, self.terms
        one, two = keys.pairs(IN_ANY)
        units, names = keys.code["unit"], np.array(terms.units, dtype=object)
        money = terms.money[units[one]] & terms.money[units[two]]
        # A translation is tied to the one amount beside which it is printed.
        tied = [np.isin(keys.codes_of(x, (*IN_ANY, "unit")), terms.beside) for x in (one, two)]
        money &= ~(keys.is_translation(one) | keys.is_translation(two)) | (tied[0] & tied[1])
        one, two = one[money], two[money]
        swap = names[units[one]] > names[units[two]]
        one, two = np.where(swap, two, one), np.where(swap, one, two)
        asked = zip(names[units[one]], names[units[two]], keys.code["period"][one], strict=True)
        allowed = np.array([rates_allowed(a, b, int(year)) for a, b, year in asked], dtype=float)
        low, high = allowed.reshape(-1, 2).T
        there = ~np.isnan(low)
        return one[there], two[there], low[there], high[there]

    def _part_sums(self, start: int, folder: Path | None) -> tuple[Array, int]:
        """Parts and a rest make their whole: sums of two at a time, through helping variables."""
        found, size = [np.empty((0, 3), dtype=int)], start
        for members, wholes in part_groups(self.terms, self.keys, folder):
            order = np.argsort(wholes, kind="stable")
            members, wholes = members[order], wholes[order]
            while len(wholes):
                place = np.arange(len(wholes)) - np.searchsorted(wholes, wholes, "left")
                count = np.searchsorted(wholes, wholes, "right") - np.searchsorted(
                    wholes, wholes, "left"
                )
                alone = count == 1
                rest = np.arange(size, size + alone.sum())
                found.append(np.column_stack([wholes[alone], members[alone], rest]))
                size += len(rest)
                members, wholes, place, count = (x[~alone] for x in (members, wholes, place, count))
                left = np.flatnonzero((place % 2 == 0) & (place + 1 < count))
                odd = (place % 2 == 0) & (place + 1 == count)
                both = np.arange(size, size + len(left))
                found.append(np.column_stack([both, members[left], members[left + 1]]))
                size += len(both)
                members = np.concatenate([both, members[odd]])
                wholes = np.concatenate([wholes[left], wholes[odd]])
                order = np.argsort(wholes, kind="stable")
                members, wholes = members[order], wholes[order]
        return np.concatenate(found), size - start

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
                        self._tighten(target, bounds, parents)
            moved = (before != self.node).any(axis=0)
            if not moved.any():
                return turn + 1
        return rounds

    def _tighten(
        self, target: Array, bounds: Array, parents: Parents | None,
        figures: Array | None = None,
    ) -> None:  # fmt: skip
        """Move bounds inwards, and keep what each rests on."""
        for side, sign in ((0, 1.0), (1, -1.0)):
            ours, others = (self.lower, self.upper) if side == 0 else (self.upper, self.lower)
            value = bounds[:, side]
            if figures is None:
                value = value - sign * ULPS * abs(value)
            # The best of the new bounds of each variable, the first of equals.
            order = np.lexsort((-sign * value, target))
            first = (
                order[np.r_[True, target[order][1:] != target[order][:-1]]] if len(order) else order
            )
            at, new = target[first], value[first]
            with np.errstate(invalid="ignore"):
                room = abs(others[at] - ours[at])
                beyond = sign * (new - others[at])
            room = np.where(np.isfinite(room), room, 0.0)
            slack = 1e-9 * np.maximum(abs(new), abs(others[at]))
            self.conflicts[at[beyond > slack]] = True
            least = MOVES * room if figures is None else np.zeros(len(at))
            moves = np.isfinite(new) & (beyond <= slack)
            moves[moves] = sign * (new[moves] - ours[at][moves]) > least[moves]
            at, new, first = at[moves], new[moves], first[moves]
            ours[at] = np.where(beyond[moves] > 0, others[at], new)
            start = sum(len(block) for block in self.figure)
            self.node[side, at] = np.arange(start, start + len(at))
            none = np.full((len(at), 2), -1)
            self.parents.append(
                none if parents is None else np.column_stack([p[side][first] for p in parents])
            )
            self.figure.append(none[:, 0] if figures is None else figures[first])

    def table(self) -> pd.DataFrame:
        """The quantities with their bounds, as `reconcile` gives them."""
        size = len(self.keys)
        table = self.keys.frame()
        growth = table["role"].to_numpy() == Role.GROWTH
        table["lower"] = self.lower[:size] - growth
        table["upper"] = self.upper[:size] - growth
        rests = self._rests(self.node[:, :size])
        table["lower_rests_on"], table["upper_rests_on"] = rests
        known = np.isfinite(table["lower"]) & (table["lower"] != 0) | np.isfinite(table["upper"])
        return pd.DataFrame(table.loc[known, COLUMNS]).reset_index(drop=True)

    def _rests(self, nodes: Array) -> list[list[tuple[str, ...]]]:
        """The figures behind each bound, in the order of the ledger."""
        parents, figure = np.concatenate(self.parents), np.concatenate(self.figure)
        sets: list[frozenset[int]] = []
        for (one, two), own in zip(parents.tolist(), figure.tolist(), strict=True):
            found = frozenset((own,)) if own >= 0 else frozenset()
            if one >= 0:
                found |= sets[one]
            if two >= 0:
                found |= sets[two]
            sets.append(found)
        return [[tuple(self.names[sorted(sets[node])]) for node in side] for side in nodes.tolist()]


class _Keys:
    """Quantities by their codes: numbered as they are asked for."""

    def __init__(self, terms: Terms, printed: Array):
        self.terms = terms
        self.bare = terms.units.index("") if "" in terms.units else -1
        measure = terms.rows["measure"].isin(("level", "units")).to_numpy()
        self.is_additive = measure
        columns = (*QUANTITY, "base", "basis")
        self.code = {c: terms.code[c][printed] for c in columns}
        self.role = terms.role[printed]
        key = terms.key(printed, columns) * 3 + self.role
        _, first, self.of_rows = np.unique(key, return_index=True, return_inverse=True)
        self.code = {c: codes[first] for c, codes in self.code.items()}
        self.role = self.role[first]
        self.additive = measure[first] & (self.role == Role.AMOUNT)
        self.printed = np.ones(len(first), dtype=bool)
        self.per: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.role)

    def signed(self) -> Array:
        """Whether a quantity may be below zero: balances only (growth is kept as a factor)."""
        signed: Array = (self.code["flow"] == Flow.BALANCE) & (self.role == Role.AMOUNT)
        return signed

    def _key(self, codes: dict[str, Array], columns: tuple[str, ...]) -> Array:
        size = len(next(iter(codes.values())))
        return self.terms.key(np.zeros(size, dtype=int), columns, **{c: codes[c] for c in columns})

    def _amounts(self) -> Array:
        amounts: Array = np.flatnonzero(self.additive)
        return amounts

    def _asked(self, rows: Array, instead: dict[str, Array]) -> dict[str, Array]:
        return {c: instead.get(c, self.terms.code[c][rows]) for c in QUANTITY}

    def _summed(self) -> Array:
        """The amounts that add up: not those that were translated one by one."""
        amounts = self._amounts()
        some: Array = amounts[~self.is_translation(amounts)]
        return some

    def is_translation(self, amounts: Array) -> Array:
        """Whether amounts are in a currency that articles only translate into."""
        series, unit = self.code["series"][amounts], self.code["unit"][amounts]
        found: Array = self.terms.translations[self.terms.world[series], unit]
        return found

    def summable(self) -> Array:
        """The amounts that parts may be of: all but balances."""
        amounts = self._summed()
        some: Array = amounts[self.code["flow"][amounts] != Flow.BALANCE]
        return some

    def key_of(self, amounts: Array, instead: dict[str, Array]) -> Array:
        """One number for the codes of amounts, some replaced."""
        codes = {c: self.code[c][amounts] for c in QUANTITY} | instead
        return self._key(codes, QUANTITY)

    def codes_of(self, amounts: Array, columns: tuple[str, ...]) -> Array:
        """One number for the codes of amounts in some columns."""
        return self._key({c: self.code[c][amounts] for c in QUANTITY}, columns)

    def has(self, rows: Array, instead: dict[str, Array]) -> Array:
        """Whether the amounts at some codes are quantities already."""
        amounts = self._amounts()
        known = self._key({c: self.code[c][amounts] for c in QUANTITY}, QUANTITY)
        there: Array = np.isin(self._key(self._asked(rows, instead), QUANTITY), known)
        return there

    def amount(self, rows: Array, instead: dict[str, Array]) -> Array:
        """The amounts at the codes of rows, some replaced; new ones are added."""
        return self._numbered(self._asked(rows, instead))

    def _numbered(self, codes: dict[str, Array]) -> Array:
        asked = self._key(codes, QUANTITY)
        amounts = self._amounts()
        known = self._key({c: self.code[c][amounts] for c in QUANTITY}, QUANTITY)
        unknown = np.flatnonzero(~np.isin(asked, known))
        places = unknown[np.unique(asked[unknown], return_index=True)[1]]
        self._add({c: codes[c][places] for c in QUANTITY}, Role.AMOUNT, additive=True)
        amounts = self._amounts()
        known = self._key({c: self.code[c][amounts] for c in QUANTITY}, QUANTITY)
        order = np.argsort(known)
        numbers: Array = amounts[order[np.searchsorted(known[order], asked)]]
        return numbers

    def _add(self, codes: dict[str, Array], role: int, additive: bool) -> Array:
        start, size = len(self), len(next(iter(codes.values())))
        for column, values in self.code.items():
            self.code[column] = np.concatenate([values, codes.get(column, np.zeros(size, int))])
        self.role = np.concatenate([self.role, np.full(size, role)])
        self.additive = np.concatenate([self.additive, np.full(size, additive)])
        self.printed = np.concatenate([self.printed, np.zeros(size, dtype=bool)])
        return np.arange(start, start + size)

    def complete(self) -> None:
        """Add the flows that are missing where two of a cell are known."""
        amounts = self._summed()
        amounts = amounts[self.code["flow"][amounts] <= Flow.BALANCE]
        cell = self._key({c: self.code[c][amounts] for c in QUANTITY}, CELL)
        _, first, count = np.unique(cell, return_index=True, return_counts=True)
        rows = amounts[first[count >= 2]]
        for flow in (Flow.EXPORTS, Flow.IMPORTS, Flow.TRADE, Flow.BALANCE):
            codes = {c: self.code[c][rows] for c in CELL} | {"flow": np.full(len(rows), flow)}
            self._numbered(codes)

    def sums(self) -> Iterator[Array]:
        """Trade as exports and imports, exports as imports and the balance."""
        amounts = self._summed()
        cell = self._key({c: self.code[c][amounts] for c in QUANTITY}, CELL)
        flow = self.code["flow"][amounts]
        exports, imports, trade, balance = Flow
        by = [(amounts[flow == f], cell[flow == f]) for f in Flow]
        for whole, one, two in ((trade, exports, imports), (exports, imports, balance)):
            i, j = join(by[whole][1], by[one][1])
            found, at = np.column_stack([by[whole][0][i], by[one][0][j]]), by[whole][1][i]
            i, j = join(at, by[two][1])
            yield np.column_stack([found[i], by[two][0][j]])

    def pairs(self, columns: tuple[str, ...]) -> tuple[Array, Array]:
        """Pairs of amounts that differ in the column left out, each once."""
        amounts = self._amounts()
        key = self._key({c: self.code[c][amounts] for c in QUANTITY}, columns)
        i, j = join(key, key)
        return amounts[i[i < j]], amounts[j[i < j]]

    def rates(self, one: Array, two: Array) -> Array:
        """A new quantity for the rate between each pair of amounts."""
        codes = {c: self.code[c][one] for c in QUANTITY}
        rates = self._add(codes, Role.AMOUNT, additive=False)
        names = self.terms.units
        units = self.code["unit"]
        self.per |= {
            int(rate): f"{names[a]} per {names[b]}"
            for rate, a, b in zip(rates, units[one], units[two], strict=True)
        }
        return rates

    def frame(self) -> pd.DataFrame:
        """The quantities with the names that their codes stand for."""
        series = self.terms.series.to_frame(index=False).iloc[self.code["series"]]
        table = series.reset_index(drop=True)
        flows, units = np.array(self.terms.flows), np.array(self.terms.units, dtype=object)
        table["flow"], table["unit"] = flows[self.code["flow"]], units[self.code["unit"]]
        table["period"], table["vintage"] = self.code["period"], self.code["vintage"]
        table["role"], table["is_printed"] = self.role, self.printed
        base = self.code["base"].astype(str)
        is_growth, is_share = self.role == Role.GROWTH, self.role == Role.SHARE
        basis = flows[self.code["basis"]]
        table["basis"] = np.select([is_growth, is_share], [base, basis], "")
        of_level = is_growth & (table["measure"] == "level")
        growth = table["measure"] + " growth"
        table["measure"] = np.select(
            [is_share, of_level, is_growth], ["share", "growth", growth], table["measure"]
        )
        for place, name in self.per.items():
            table.loc[place, ["measure", "unit"]] = ["exchange rate", name]
        return table


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
