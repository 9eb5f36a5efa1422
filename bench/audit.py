"""Measure how sharp the reconciled bounds are: ``python bench/audit.py`` prints it.

The best bounds are those of HiGHS (through scipy) on the linear part of the relations: sums, and
products of an amount and a rate that is bounded by what is printed of it.
"""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tradelib  # noqa: E402
from tradelib.auditing.bounds import Bounds, set_aside  # noqa: E402
from tradelib.auditing.checks import Network  # noqa: E402
from tradelib.auditing.report import load  # noqa: E402
from tradelib.quantity import Reading  # noqa: E402


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
    """Print how much wider the bounds are than the best ones, as a table."""
    ratio, _ = ratios()
    print("| sharpness | quantities | median | mean | largest | best |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| the articles alone | {len(ratio)} | {np.median(ratio):.3f} | {ratio.mean():.3f} | "
        f"{ratio.max():.3f} | {(ratio < 1.001).mean():.0%} |"
    )


if __name__ == "__main__":
    main()
