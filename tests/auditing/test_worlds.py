"""Laws of the audit on random worlds: what is true is never doubted, what is false is found.

Every world is written as a data package and audited through the public functions. A few are tried
here; ``WORLDS=10000 pytest tests/auditing/test_worlds.py`` tries so many sound ones, and a quarter
as many with a false figure.
"""

import math
import os
from itertools import product
from random import Random

import pytest

import tradelib
from tests.auditing.worlds import CURRENCIES, World, daily, lines, new_folder, print_number, write
from tradelib.quantity import Interval

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("WORLDS", "80"))
BATCH = 20
"""Worlds in one ledger, each of a reporter of its own."""
CELL = ("reporter", "partner", "product", "flow", "measure", "period", "basis", "vintage", "unit")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return new_folder(tmp_path_factory.mktemp("world"))


def contradictions(folder):
    checks = tradelib.audit(folder=folder, checks=True)
    wrong = checks[checks["verdict"] == "contradicts"]
    return [(row.rule, set(row.figures), row.explanation) for row in wrong.itertuples()]


def worlds(name, **how):
    """Some worlds, of one reporter each, so that one ledger holds them all."""
    found = {}
    for number in range(3 * BATCH):
        world = World(f"{name}-{number}", **how)
        if world.figures and len(found) < BATCH:
            found.setdefault(world.reporter, world)
    return found


@pytest.mark.parametrize("batch", range(math.ceil(COUNT / BATCH)))
def test_what_is_true_is_neither_doubted_nor_lost(folder, batch):
    """Soundness: no check contradicts, nothing is set aside, and every bound holds the truth."""
    made = worlds(f"sound {batch}")
    write([figure for world in made.values() for figure in world.figures], folder)
    assert contradictions(folder) == []
    bounds = tradelib.reconcile(folder=folder)
    assert bounds.attrs == {"conflicts": [], "set_aside": []}
    for row in bounds.to_dict("records"):
        true = made[row["reporter"]].true(row)
        room = 1e-9 * abs(true + row["measure"].endswith("growth"))  # of binary floats
        lost = true < row["lower"] - room or true > row["upper"] + room
        assert not lost, (made[row["reporter"]].seed, true, row)


def key(figure):
    """What a figure is of, in words of the contract: written anew here."""
    flow = figure["flow"].replace("deficit", "balance")
    unit = figure["currency_basis"] if figure["measure"].endswith("growth") else figure["unit"]
    own = figure | {"flow": flow, "unit": unit}
    return tuple(own[column] for column in CELL)


def interval(figure):
    ends = Interval(figure["printed_lower"], figure["printed_upper"])
    return -ends if figure["flow"] == "deficit" and figure["measure"] == "level" else ends


def identities(figures, translated):
    """Identities between printed figures of one release, with both accounts; written anew here.

    A currency that articles only translate into is in none but repetitions and, beside one other,
    conversions.
    """
    found, printed = [], {}
    spans = {figure["name"]: interval(figure) for figure in figures}
    ours = {figure["name"] for figure in figures if figure["is_article"]}
    for figure in figures:
        printed.setdefault(key(figure), []).append(figure["name"])

    def each(at, **instead):
        return printed.get(tuple({**dict(zip(CELL, at, strict=True)), **instead}.values()), [])

    for at, names in printed.items():
        row = dict(zip(CELL, at, strict=True))
        found += [((a, b), spans[a], spans[b]) for a in names for b in names if a < b]
        level, own = row["measure"] in ("level", "units"), row["unit"] != translated
        if level and row["flow"] == "exports" and own:
            for a, b in product(names, each(at, flow="imports")):
                found += [
                    ((a, b, c), spans[a] + spans[b], spans[c]) for c in each(at, flow="trade")
                ]
                balance = each(at, flow="balance")
                found += [((a, b, c), spans[a] - spans[b], spans[c]) for c in balance]
        if level and row["flow"] != "balance" and own:
            of = [each(at, product=line) for line in sorted(lines().get(row["product"], ()))]
            for parts in product(*of) if of else ():
                total = sum((spans[part] for part in parts), Interval(0, 0))
                found += [((*parts, a), total, spans[a]) for a in names]
        if row["measure"] == "growth" and row["unit"] and row["flow"] != "balance":
            amount = {"measure": "level", "basis": ""}
            then = amount | {"period": int(row["basis"])}
            for rate, now, before in product(names, each(at, **amount), each(at, **then)):
                if spans[rate].lower > -1:
                    base = spans[now] / (1 + spans[rate])
                    found.append(((now, before, rate), base, spans[before]))
        if row["measure"] == "level" and row["unit"] != "USD":
            said = [unit for unit in CURRENCIES if ours & set(each(at, unit=unit))]
            alone = translated not in (row["unit"], "USD") or len(said) == 2
            for a, b in product(names, each(at, unit="USD") if alone else ()):
                if 0 not in spans[b] and {a, b} <= ours:
                    when = (str(row["period"]), f"{row['vintage']}-01-14")
                    rates = [rate for day in when for rate in daily(row["unit"], "USD", day)]
                    found.append(((a, b), spans[a] / spans[b], Interval(min(rates), max(rates))))
    return found


def beyond(left, right):
    """Whether two accounts lie apart by more than floats lose."""
    least = 1e-6 * max(min(map(abs, (x.lower, x.upper))) for x in (left, right))
    return max(left.lower - right.upper, right.lower - left.upper) > least


def plant(figures, random):
    """Print one figure of an article anew so that it is false: another size, or the other sign."""
    place = random.choice([n for n, figure in enumerate(figures) if figure["is_article"]])
    own = figures[place]
    is_rate = own["measure"].endswith(("growth", "share"))
    kind, true = (
        ("percent" if is_rate else "money" if own["unit"].isupper() else "count"),
        own["true"],
    )
    if is_rate and random.random() < 0.7:
        false = true + random.choice((-0.1, -0.02, 0.02, 0.1))
    else:
        false = true * random.choice((-1, 0.1, 0.5, 0.9, 0.98, 1.02, 1.1, 2, 10, 1000))
    told = print_number(random, kind, false, "1" if is_rate else own["unit"])
    if told is None:
        return None
    new = own | {"surface": told.surface, "direction": told.direction}
    new |= {
        c: getattr(told.quantity, c) for c in ("lower", "upper", "printed_lower", "printed_upper")
    }
    return [*figures[:place], new, *figures[place + 1 :]], own["name"]


@pytest.mark.parametrize("batch", range(math.ceil(COUNT / BATCH / 4)))
def test_what_is_false_is_found_and_nothing_else(folder, batch):
    """A false figure in an identity of printed ones is found, and no true ones are."""
    printed, planted = [], []
    for world in worlds(f"false {batch}", dense=True).values():
        random = Random(world.seed)
        # A rate whose currency is not said may be in any: it is never doubted.
        figures = [f for f in world.figures if f["measure"] != "growth" or f["currency_basis"]]
        if any(figure["is_article"] for figure in figures) and (found := plant(figures, random)):
            printed += found[0]
            planted.append((world, *found))
    write(printed, folder)
    found = contradictions(folder)
    false = {name for *_, name in planted}
    assert [one for one in found if not false & one[1]] == [], "invented"
    for world, figures, name in planted:
        caught = any(name in figures for _, figures, _ in found)
        for names, left, right in identities(figures, world.translated):
            if name in names and beyond(left, right):
                assert caught, (world.seed, name, names, left, right)
