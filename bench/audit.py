"""Measure the audit: time, memory and growth, and how sharp the reconciled bounds are.

Run ``python bench/audit.py`` from the repository's root; it prints two tables. The ledgers are made
up (years × partners × products, all true, printed to four digits), each measured in a process of
its own. The exact optimum is that of HiGHS (through scipy) on the linear part: sums, and products
of a variable and one that is bounded by what is printed of it. In the big ledgers it is asked for
some variables only, and the time for both bounds of all of them extrapolated.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tradelib.auditing.bounds import Network, set_aside  # noqa: E402
from tradelib.auditing.report import _Report, load_rows  # noqa: E402
from tradelib.auditing.rules import CONTRADICTS, check  # noqa: E402
from tradelib.auditing.spans import Array  # noqa: E402
from tradelib.auditing.terms import Terms  # noqa: E402
from tradelib.ledger import data_folder  # noqa: E402
from tradelib.reference import mean_rate  # noqa: E402

SIZES = {1_000: (2, 10, 10), 10_000: (4, 20, 25), 100_000: (10, 40, 50)}
"""Figures, and the years, partners and products they are of: five figures a cell."""
SAMPLE = {1_000: 40, 10_000: 12, 100_000: 4}
OPEN = 100.0
"""In units of the largest amount printed: what can be larger is open above."""


class Exact(NamedTuple):
    """The linear part of a network: its variables, in units of ``scale``, and their best bounds."""

    variables: Array
    scale: Array
    lower: Array
    upper: Array


def linear(network: Network) -> Array:
    """Leave in a network, before it propagates, its linear part; gives the variables in it.

    A product ``z = x × y`` is linear in x and z where x is not below zero and y stands in no other
    product (or is a number): then it says no more than ``lower(y) × x <= z <= upper(y) × x``.
    """
    products = network.products[network.lower[network.products[:, 1]] >= 0]
    factor = products[:, 2]
    known = network.lower[factor] == network.upper[factor]
    known[np.unique(factor, return_index=True)[1]] = True
    network.products = products = products[known]
    factors = np.zeros(len(network.lower), dtype=bool)
    factors[products[:, 2]] = True
    used = np.zeros(len(network.lower), dtype=bool)
    for table in (network.sums, products):
        used[table] = True
    found: Array = np.flatnonzero(used & ~factors)
    return found


def program(
    network: Network, variables: Array, low: Array, high: Array
) -> tuple[Any, Array, Array]:
    """The linear part as rows ``A x <= 0``, with scale and block of each variable."""
    place = np.full(len(network.lower), -1)
    place[variables] = np.arange(len(variables))
    z, x, y = (place[network.sums[:, 0]], place[network.sums[:, 1]], place[network.sums[:, 2]])
    size = len(z)
    entries = []
    for sign, start in ((1.0, 0), (-1.0, size)):
        row = np.arange(start, start + size)
        entries += [(row, z, np.full(size, sign)), (row, x, np.full(size, -sign))]
        entries += [(row, y, np.full(size, -sign))]
    z, x, factor = network.products.T
    start = 2 * size
    for sign, bound in ((-1.0, low[factor]), (1.0, high[factor])):
        known = np.isfinite(bound)
        row = np.arange(start, start + known.sum())
        entries += [(row, place[z[known]], np.full(known.sum(), sign))]
        entries += [(row, place[x[known]], -sign * bound[known])]
        start += known.sum()
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    graph = coo_array(
        (np.ones(len(row)), (row, column + start)), shape=(start + len(variables),) * 2
    )
    block = connected_components(graph, directed=False)[1][start:]
    _, block = np.unique(block, return_inverse=True)
    # Each variable is counted in what it can be at most, or the largest of its block.
    ends = np.abs(np.column_stack([network.lower[variables], network.upper[variables]]))
    size = np.where(np.isfinite(ends), ends, 0).max(axis=1)
    largest = np.zeros(block.max() + 1)
    np.maximum.at(largest, block, size)
    scale = np.where(np.isfinite(ends).all(axis=1) & (size > 0), size, largest[block])
    scale = np.where(scale > 0, scale, 1.0)
    matrix = coo_array((value * scale[column], (row, column)), shape=(start, len(variables)))
    norm = np.abs(matrix).max(axis=1).toarray().ravel()
    matrix = matrix.tocsr().multiply(1 / norm[:, None]).tocsr()
    return matrix, scale, block


def exact(network: Network, variables: Array, low: Array, high: Array) -> Exact:
    """The best bounds of all variables: one of each block at a time, since blocks are apart."""
    matrix, scale, block = program(network, variables, low, high)
    low, high = low[variables] / scale, high[variables] / scale
    box = np.column_stack([np.maximum(low, -10 * OPEN), np.minimum(high, 10 * OPEN)])
    order = np.argsort(block, kind="stable")
    turn = np.empty(len(block), dtype=int)
    turn[order] = np.arange(len(block)) - np.searchsorted(block[order], block[order])
    best = np.empty((2, len(variables)))
    for number in range(turn.max() + 1):
        asked = turn == number
        for side, sign in ((0, 1.0), (1, -1.0)):
            found = linprog(sign * asked, matrix, np.zeros(matrix.shape[0]), bounds=box)
            if found.status != 0:
                raise ValueError(f"the solver gave up: {found.message}")
            best[side, asked] = found.x[asked]
    return Exact(variables, scale, best[0], best[1])


def ratios(network: Network) -> tuple[Array, Array]:
    """How much wider propagated bounds are than the best ones, and how far they leave these out.

    Returns
    -------
    tuple of arrays
        The ratios of widths, of all variables that are bounded from both sides at best; and by how
        much of the largest amount the bounds leave the best ones out: zero, but for floats.
    """
    variables, low, high = linear(network), network.lower.copy(), network.upper.copy()
    network.propagate()
    best = exact(network, variables, low, high)
    low = network.lower[best.variables] / best.scale
    high = network.upper[best.variables] / best.scale
    lost = np.maximum(low - best.lower, best.upper - high)
    bounded = (best.lower > -OPEN) & (best.upper < OPEN) & (best.upper - best.lower > 1e-6)
    return (high - low)[bounded] / (best.upper - best.lower)[bounded], lost


def generated(years: int, partners: int, products: int, folder: Path) -> pd.DataFrame:
    """A true ledger, printed to four digits; ``folder`` gets the tables of its parts."""
    shutil.copytree(data_folder(), folder, dirs_exist_ok=True)
    places = ["World", *(f"Partner {number}" for number in range(partners - 1))]
    goods = ["All", *(f"product {number}" for number in range(products - 1))]
    for table, column, every in (("partners", "partner", places), ("products", "product", goods)):
        header = (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        lines = pd.DataFrame("", index=range(len(every)), columns=header)
        kinds = {"partner": ("world", "country"), "product": ("all", "line")}[column]
        lines[column], lines["kind"] = every, [kinds[0], *[kinds[1]] * (len(every) - 1)]
        lines["part_of"] = ["", *[every[0]] * (len(every) - 1)]
        lines.to_csv(folder / f"{table}.csv", index=False)
    rng = np.random.default_rng(20)
    shape = (2, years + 1, partners, products)
    amount = np.zeros(shape)
    growth = 1 + np.maximum(rng.normal(0.05, 0.1, (2, years, partners - 1, products - 1)), -0.5)
    amount[:, 0, 1:, 1:] = 10 ** rng.uniform(8, 11, (2, partners - 1, products - 1))
    for year in range(years):
        amount[:, year + 1, 1:, 1:] = amount[:, year, 1:, 1:] * growth[:, year]
    # Something is left over that no part is named for.
    amount[..., 0, 1:] = 1.1 * amount[..., 1:, 1:].sum(axis=2)
    amount[..., 0] = 1.1 * amount[..., 1:].sum(axis=3)
    exports, imports = amount
    first = 2015
    rate = np.array([mean_rate("CNY", "USD", first + year).value for year in range(years)])
    at = np.indices((years, partners, products)).reshape(3, -1)
    told = {
        ("exports", "amount", "CNY"): exports[1:], ("imports", "amount", "CNY"): imports[1:],
        ("trade", "amount", "CNY"): (exports + imports)[1:],
        ("trade", "amount", "USD"): (exports + imports)[1:] / rate[:, None, None],
        ("exports", "growth", "CNY"): exports[1:] / exports[:-1] - 1,
    }  # fmt: skip
    tables = []
    for (flow, role, unit), true in told.items():
        value = true.ravel()
        step = 10.0 ** (np.floor(np.log10(np.abs(value))) - 3)
        printed = np.round(value / step) * step
        year = first + at[0]
        tables.append(
            pd.DataFrame({
                "is_article": True, "reporter": "Here", "partner": np.array(places)[at[1]],
                "product": np.array(goods)[at[2]], "measure": "level", "flow": flow, "role": role,
                "period": year, "base": (year - 1) * (role == "growth"), "basis": "",
                "vintage": year + 1, "unit": unit, "surface": pd.Series(printed).astype(str),
                "published": (year + 1).astype(str), "lower": printed - step / 2,
                "upper": printed + step / 2,
                "printed_lower": printed - step * np.where(printed < 0, 1, 0.5),
                "printed_upper": printed + step * np.where(printed < 0, 0.5, 1), "world": 0,
            })
        )  # fmt: skip
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(name=[f"f{number}" for number in range(len(rows))])


def seconds(start: float) -> float:
    return time.perf_counter() - start


def one(size: int) -> dict[str, float]:
    """Measure a ledger of one size."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = generated(*SIZES[size], folder)
        check(Terms(rows.iloc[:100]), folder)  # rates and tables are read once
        start = time.perf_counter()
        checks = check(Terms(rows), folder)
        result = {"figures": len(rows), "checks": len(checks), "audit": seconds(start)}
        assert not (checks.level == CONTRADICTS).any()
        start = time.perf_counter()
        report = _Report(checks, [])
        for number in range(len(checks)):
            report.row(number)
        result["words"] = seconds(start)
        start = time.perf_counter()
        network = Network(rows, folder=folder)
        built = seconds(start)
        variables = linear(network)
        first = network.lower.copy(), network.upper.copy()
        start = time.perf_counter()
        result["rounds"] = network.propagate()
        result["reconcile"] = built + seconds(start)
        result["variables"] = len(variables)
        result["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert not len(network.conflicts)
        sample = np.random.default_rng(1).choice(len(variables), SAMPLE[size], replace=False)
        matrix, scale, _ = program(network, variables, *first)
        bounds = np.column_stack([end[variables] / scale for end in first])
        nothing = np.zeros(matrix.shape[0])
        start = time.perf_counter()
        for number in sample:
            for sign in (1.0, -1.0):
                asked = np.zeros(len(variables))
                asked[number] = sign
                linprog(asked, matrix, nothing, bounds=bounds)
        result["solver"] = seconds(start) / len(sample) * len(variables)
        return result


def main() -> None:
    """Print the tables."""
    if len(sys.argv) > 1:
        print(json.dumps(one(int(sys.argv[1]))))
        return
    print(
        "| figures | checks | audit | in words | variables | reconcile | memory | HiGHS | ratio |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        run = [sys.executable, __file__, str(size)]
        found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
        print(
            f"| {found['figures']:,} | {found['checks']:,} | {found['audit']:.2f} s | "
            f"{found['words']:.2f} s | {found['variables']:,} | {found['reconcile']:.2f} s | "
            f"{found['memory']:,.0f} MB | {found['solver']:,.0f} s | "
            f"{found['solver'] / found['reconcile']:,.0f} |",
            flush=True,
        )
    from tests.auditing.worlds import World, frame

    print("\n| sharpness | variables | median | mean | 95% | largest | exact |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    ledger = {
        "the articles alone": set_aside(load_rows(True, reference=False))[0],
        "150 random worlds": frame([World(f"sharp {number}") for number in range(150)]),
    }
    for name, rows in ledger.items():
        ratio, _ = ratios(Network(rows))
        finite = ratio[np.isfinite(ratio)]
        print(
            f"| {name} | {len(ratio):,} | {np.median(ratio):.3f} | {finite.mean():.3f} | "
            f"{np.quantile(ratio, 0.95):.3f} | {ratio.max():.3f} | {(ratio < 1.001).mean():.0%} |"
        )


if __name__ == "__main__":
    main()
