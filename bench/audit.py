"""Measure the audit: its time as ledgers grow, and how sharp the reconciled bounds are.

Run ``python bench/audit.py`` from the repository's root; it prints two tables. The ledgers are made
up (years × partners × products, all true, printed to four digits) and audited through the public
functions, after exchange rates were read once; times are processor seconds. The best bounds are
those of HiGHS (through scipy) on the linear part of the relations: sums, and products of an amount
and a rate that is bounded by what is printed of it.
"""

import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import lil_array

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tradelib  # noqa: E402
from tradelib.auditing.bounds import Bounds, set_aside  # noqa: E402
from tradelib.auditing.checks import Network  # noqa: E402
from tradelib.auditing.report import load  # noqa: E402
from tradelib.ledger import data_folder  # noqa: E402
from tradelib.periods import days  # noqa: E402
from tradelib.quantity import Reading  # noqa: E402
from tradelib.reference import daily_rates  # noqa: E402

SIZES = {1_000: (2, 10, 10), 10_000: (4, 20, 25)}
"""Figures, and the years, partners and products they are of: five figures a cell."""
FIRST = 2015


def generated(years: int, partners: int, products: int, folder: Path) -> None:
    """Write a true ledger, printed to four digits, with tables of its parts."""
    shutil.copytree(data_folder(), folder, dirs_exist_ok=True)
    places = ["World", *(f"Partner {number}" for number in range(partners - 1))]
    goods = ["All", *(f"product {number}" for number in range(products - 1))]
    tables = {
        "partners": [
            {"partner": p, "kind": "country", "part_of": "World" * (p != "World"), "in_words": p}
            for p in [*places, "Here"]
        ],
        "products": [
            {"product": p, "kind": "line", "part_of": "All" * (p != "All"), "short": p}
            for p in goods
        ],
        "articles": [
            {"article": f"news-{y}", "published": f"{y}-01", "year": y - 1}
            | {"sha256": "0" * 64, "language": "en", "summary": "x"}
            for y in range(FIRST + 1, FIRST + years + 1)
        ],
        "figures": list(figures(years, places, goods)),
    }
    tables |= {"claims": [], "corrections": [], "reference": []}
    for name, rows in tables.items():
        table = pd.DataFrame(rows, columns=tradelib.load_table(name).columns, dtype=object)
        table.fillna("").to_csv(folder / f"{name}.csv", index=False)


def figures(years: int, places: list[str], goods: list[str]) -> Iterator[dict[str, Any]]:
    """Exports, imports, trade in yuan and in dollars, and growth of exports, of every cell."""
    rng = np.random.default_rng(20)
    amount = np.zeros((2, years + 1, len(places), len(goods)))
    amount[:, 0, 1:, 1:] = 10 ** rng.uniform(8, 11, (2, len(places) - 1, len(goods) - 1))
    for year in range(years):
        factor = 1 + np.maximum(rng.normal(0.05, 0.1, amount[:, 0, 1:, 1:].shape), -0.5)
        amount[:, year + 1, 1:, 1:] = amount[:, year, 1:, 1:] * factor
    amount[..., 0, 1:] = 1.1 * amount[..., 1:, 1:].sum(axis=2)  # something is left over
    amount[..., 0] = 1.1 * amount[..., 1:].sum(axis=3)
    exports, imports = amount
    number = 0
    for year, place, good in np.ndindex(years, len(places), len(goods)):
        before, out = exports[year : year + 2, place, good]
        into = imports[year + 1, place, good]
        when = FIRST + year
        rate = daily_rates("CNY", "USD", *days(f"{when}")).mean()
        growth = out / before - 1
        for flow, surface, measure in (
            ("exports", f"{out:.4g}", "level"),
            ("imports", f"{into:.4g}", "level"),
            ("trade", f"{out + into:.4g}", "level"),
            ("trade", f"{(out + into) / rate:.4g}", "dollars"),
            ("exports", f"{abs(growth):.2%}", "growth"),
        ):
            words = surface if measure == "growth" else f"{float(surface) / 1e6:.10g} million "
            words += {"level": "yuan", "dollars": "dollars"}.get(measure, "")
            row = {"figure": f"f{number}", "article": f"news-{when + 1}", "surface": words}
            row |= {"paragraph": 1, "sentence": 1, "reporter": "Here", "flow": flow}
            row |= {"partner": places[place], "product": goods[good]}
            row |= {"measure": measure.replace("dollars", "level")}
            row |= {"period": when, "vintage": when + 1}
            if measure == "growth":
                row |= {"basis": when - 1, "currency_basis": "CNY"}
                row["direction"] = "down" if growth < 0 else ""
            yield row
            number += 1


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def ratios(
    reading: Reading = "printed", folder: Path | None = None, *, reference: bool = False
) -> Any:
    """How much wider bounds are than the best ones, and by how much they leave these out (0).

    Of all quantities of the linear part that are bounded from both sides at best.
    """
    network, _ = set_aside(load(True, reference=reference, folder=folder)[0])
    bounds = Bounds(network, reading)
    start = Bounds(Network([], network.tree), reading)  # for what is assumed
    start.network = network
    printed = {key: start.first(key) for key in bounds.known}
    for key, accounts in network.keys.items():
        for account in accounts:
            own = getattr(account, reading)
            printed[key] &= own if printed[key].overlaps(own) else printed[key]
    place = {key: number for number, key in enumerate(printed)}
    size = max(abs(e) for i in printed.values() for e in (i.lower, i.upper) if math.isfinite(e))
    rows, used = [], set()
    for relation in network.relations:
        linear = not relation.times or (len(relation.left) <= 2 and len(relation.right) == 1)
        if not linear or (not relation.times and relation.room):
            continue
        if relation.times:  # lower × base <= level <= upper × base
            *factor, base = relation.left[::-1] if relation.rule in ("growth",) else relation.left
            ends = printed[factor[0]] if factor else tradelib.Interval(1, 1)
            room = tradelib.Interval(1 - relation.room, 1 + relation.room)
            ends = ends / room if 0 not in ends else ends
            if printed[base].lower < 0:
                continue
            used |= {base, relation.right[0]}
            rows.append({relation.right[0]: -1.0, base: max(ends.lower, 0)})
            if math.isfinite(ends.upper):
                rows.append({relation.right[0]: 1.0, base: -ends.upper})
        else:
            sides = dict.fromkeys(relation.members, 0.0)
            for key in relation.left:
                sides[key] += 1
            for key in relation.right:
                sides[key] -= 1
            used |= set(sides)
            rows += [sides, {key: -value for key, value in sides.items()}]
    matrix = lil_array((len(rows), len(place)))
    for number, row in enumerate(rows):
        for key, value in row.items():
            matrix[number, place[key]] = value
    scaled = [(max(i.lower / size, -9.0), min(i.upper / size, 9.0)) for i in printed.values()]
    found, lost = [], []
    for key in sorted(used):
        own = bounds.known[key]
        goal = np.zeros(len(place))
        goal[place[key]] = 1
        ends = [
            linprog(s * goal, matrix.tocsr(), np.zeros(len(rows)), bounds=scaled).fun
            for s in (1, -1)
        ]
        if None in ends or not math.isfinite(own.width):
            continue
        best = ends[0] * size, -ends[1] * size
        if best[1] - best[0] > 1e-7 * size and best[1] < 8 * size:
            found.append(own.width / (best[1] - best[0]))
            lost.append(max(own.lower - best[0], best[1] - own.upper) / size)
    return np.array(found), np.array(lost)


def main() -> None:
    """Print the tables."""
    print("| ledger | figures | findings | checks | reconcile |")
    print("| --- | ---: | ---: | ---: | ---: |")
    times = {}
    with tempfile.TemporaryDirectory() as place:
        folders: dict[str, Path | None] = {"the project's": None}
        for size, shape in SIZES.items():
            folders[f"{size:,} generated"] = Path(place) / str(size)
            generated(*shape, Path(place) / str(size))
        for name, folder in folders.items():
            tradelib.audit(folder=data_folder())  # rates and tables are read once
            loaders = tradelib.load_figures, tradelib.load_reference
            count = sum(len(loader(folder=folder)) for loader in loaders)
            once, found = seconds(lambda folder=folder: tradelib.audit(folder=folder))
            assert folder is None or not (found["verdict"] == "contradicts").any()
            every, _ = seconds(lambda folder=folder: tradelib.audit(folder=folder, checks=True))
            bounds, table = seconds(lambda folder=folder: tradelib.reconcile(folder=folder))
            assert folder is None or not table.attrs["conflicts"]
            times[name] = once, bounds
            taken = f"{once:.2f} s | {every:.2f} s | {bounds:.2f} s"
            print(f"| {name} | {count:,} | {taken} |", flush=True)
    (small, _), (large, _) = list(times.values())[1:]
    print(f"\nTen times the figures take {large / small:.1f} times as long.")
    print("\n| sharpness | quantities | median | mean | largest | best |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    ratio, _ = ratios()
    widths = " | ".join(f"{of(ratio):.3f}" for of in (np.median, np.mean, np.max))
    print(f"| the articles alone | {len(ratio)} | {widths} | {(ratio < 1.001).mean():.0%} |")


if __name__ == "__main__":
    main()
