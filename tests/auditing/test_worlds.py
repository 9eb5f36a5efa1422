"""Laws of the audit on random worlds: what is true is never doubted, what is false is found."""

from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.auditing.worlds import CURRENCIES, SUBJECT, World, frame, lines
from tradelib.auditing.bounds import Network
from tradelib.auditing.labels import suggest
from tradelib.auditing.rules import CONTRADICTS, TWO_SIDED, check
from tradelib.auditing.terms import BOUNDS, FLOWS, Role, Terms
from tradelib.quantity import Interval
from tradelib.reference import mean_rate

BATCH = 20
"""Worlds an example, audited together: 660 in all in the profile `steady`, 13,320 in `thorough`."""
seeds = st.integers(0, 2**63).map(lambda seed: [f"{seed}-{place}" for place in range(BATCH)])
fewer = settings(max_examples=settings().max_examples // 3)
CELL = [*SUBJECT, "measure", "role", "period", "base", "basis", "vintage", "unit"]


def contradictions(checks):
    """Each contradiction as its rule and the names of the figures that stand in it."""
    return [
        (str(checks.rule[k]), checks.terms.names(members(checks, k)))
        for k in np.flatnonzero(checks.level == CONTRADICTS)
    ]


def members(checks, place):
    first, *rest = (int(getattr(checks, x)[place]) for x in "abc")
    return [*checks.parts.get(first, [first]), *(term for term in rest if term >= 0)]


@fewer
@given(seeds)
def test_what_is_true_is_neither_doubted_nor_lost(names):
    """Soundness: no check contradicts, nothing is set aside, and every bound holds the truth."""
    worlds = [World(name) for name in names]
    rows = frame(worlds)
    if rows.empty:
        return
    checks = check(Terms(rows))
    assert contradictions(checks) == []
    assert suggest(rows, checks) == []
    network = Network(rows)
    network.propagate()
    assert not len(network.conflicts)
    table = network.keys.frame()
    true = [worlds[row["world"]].true(row) for row in table.to_dict("records")]
    factor = np.array(true) + (table["role"] == Role.GROWTH)
    room = 1e-9 * abs(factor)  # of binary floats
    low, high = network.lower[: len(table)], network.upper[: len(table)]
    lost = (factor < low - room) | (factor > high + room)
    told = table.assign(world=np.array(names)[table["world"]], true=true, lower=low, upper=high)
    assert not lost.any(), told[lost].to_string()


@pytest.mark.parametrize("place", range(30))
def test_their_words_are_read_as_the_contract_has_it(place):
    worlds = [World(f"words {place}")]
    pd.testing.assert_frame_equal(frame(worlds, by_words=True), frame(worlds))


def identities(rows, translated):
    """Identities between three printed figures, or two, with both accounts; written anew here.

    Amounts and rates of one vintage only: between vintages an allowance is made. A currency that
    articles only translate into is in none but repetitions and, beside one other, conversions.
    """
    found = []
    spans = {
        row["name"]: Interval(row["printed_lower"], row["printed_upper"])
        for row in rows.to_dict("records")
    }
    ours, printed = set(rows["name"][rows["is_article"]]), {}
    for row in rows.to_dict("records"):
        printed.setdefault(tuple(row[c] for c in CELL), []).append(row["name"])

    def each(key, **instead):
        return printed.get(tuple({**dict(zip(CELL, key, strict=True)), **instead}.values()), [])

    for key, names in printed.items():
        row = dict(zip(CELL, key, strict=True))
        found += [("repetition", (a, b), spans[a], spans[b]) for a in names for b in names if a < b]
        own = row["unit"] != translated
        if row["role"] == "amount" and row["flow"] == "exports" and own:
            for a in names:
                for b in each(key, flow="imports"):
                    for c in each(key, flow="trade"):
                        found.append(("balance", (a, b, c), spans[a] + spans[b], spans[c]))
                    for c in each(key, flow="balance"):
                        found.append(("balance", (a, b, c), spans[a] - spans[b], spans[c]))
        if row["role"] == "amount" and row["flow"] != "balance" and own:
            of = [each(key, product=line) for line in sorted(lines().get(row["product"], ()))]
            for parts in product(*of) if of else ():
                total = sum((spans[part] for part in parts), Interval(0, 0))
                found += [("sum", (*parts, a), total, spans[a]) for a in names]
        if row["role"] == "growth" and row["unit"]:
            amount = {"role": "amount", "base": 0}
            for rate in names:
                for now in each(key, **amount):
                    for before in each(key, **amount, period=row["base"]):
                        if spans[rate].lower > -1:
                            base = spans[now] / (1 + spans[rate])
                            found.append(("growth", (now, before, rate), base, spans[before]))
        if row["role"] == "share":
            whole = {"partner": "World"} if row["partner"] != "World" else {"product": "All"}
            amount = {"role": "amount", "basis": ""}
            for unit in set(CURRENCIES) - {translated}:
                for share in names:
                    for part in each(key, **amount, unit=unit):
                        for all_ in each(key, **amount, **whole, unit=unit, flow=row["basis"]):
                            if 0 not in spans[all_]:
                                ratio = spans[part] / spans[all_]
                                found.append(("share", (part, all_, share), ratio, spans[share]))
        said = [unit for unit in CURRENCIES if ours & set(each(key, unit=unit))]
        alone = translated not in (row["unit"], "USD") or len(said) == 2
        if row["role"] == "amount" and row["unit"] not in ("unit", "USD") and alone:
            for a in names:
                for b in each(key, unit="USD"):
                    if 0 in spans[b] or not {a, b} <= ours:
                        continue  # of others' amounts one is enough: they check each other
                    year = mean_rate(row["unit"], "USD", row["period"]).interval
                    days = mean_rate(row["unit"], "USD", f"{row['vintage']}-01-14").interval
                    either = Interval(min(year.lower, days.lower), max(year.upper, days.upper))
                    found.append(("conversion", (a, b), spans[a] / spans[b], either))
    return found


def beyond(left, right):
    """Whether two accounts lie apart by more than floats lose."""
    least = 1e-6 * max(min(map(abs, (x.lower, x.upper))) for x in (left, right))
    return max(left.lower - right.upper, right.lower - left.upper) > least


def plant(rows, random):
    """Make one figure false: another size, the other sign, or some points more."""
    rows = rows.copy()
    row = random.choice(list(rows.index))
    own = rows.loc[row, BOUNDS].to_numpy(dtype=float)
    if rows.at[row, "role"] == "amount" or random.random() < 0.3:
        size = random.choice((0.1, 0.5, 0.9, 0.98, 1.02, 1.1, 2, 10, 1000))
        rows.loc[row, BOUNDS] = own * size
    elif rows.at[row, "role"] == "growth" and random.random() < 0.3:
        rows.loc[row, BOUNDS] = -own[[1, 0, 3, 2]]
    else:
        rows.loc[row, BOUNDS] = own + random.choice((-0.1, -0.02, -0.005, 0.005, 0.02, 0.1))
    return rows, rows.at[row, "name"]


@fewer
@given(seeds, st.randoms(use_true_random=False), st.booleans())
def test_what_is_false_is_found_and_nothing_else(names, random, others):
    """A false figure in an identity of printed ones is found there, and no true ones are."""
    planted = []
    for number, name in enumerate(names[: BATCH // 4]):
        world = World(name, dense=True)
        rows = frame([world])
        if not rows.empty:
            # A rate whose currency is not said is one in any, so that it answers for others.
            rows = rows[(rows["role"] != "growth") | (rows["unit"] != "")]
            rows["is_article"] |= not others
            rows, false = plant(rows.assign(world=number), random)
            rows.loc[rows["name"] == false, "is_article"] = True
            planted.append((rows, false, world.translated))
    if not planted:
        return
    rows = pd.concat([rows for rows, *_ in planted], ignore_index=True)
    found = contradictions(check(Terms(rows)))
    false = {name for _, name, _ in planted}
    assert [one for one in found if not false & set(one[1])] == [], "invented"
    for rows, name, translated in planted:
        told = [(rule, set(figures)) for rule, figures in found if name in figures]
        for rule, figures, left, right in identities(rows, translated):
            if name in figures and beyond(left, right):
                assert any(rule == r for r, _ in told), (rule, figures, left, right, told)


def mislabel(rows, random):
    """Change one label of one figure of an article: the row, the label and what it was."""
    ours = rows.index[rows["is_article"] & rows["flow"].isin(FLOWS)]
    if not len(ours):
        return None
    row = random.choice(list(ours))
    field = random.choice(("flow", "period", "basis", "currency_basis"))
    column = {"currency_basis": "unit"}.get(field, field)
    role, was = rows.at[row, "role"], rows.at[row, column]
    if role != {"basis": "share", "currency_basis": "growth"}.get(field, role) or was == "":
        return None
    known = {
        "flow": FLOWS[:3],
        "basis": FLOWS[:3],
        "period": sorted(rows["period"].unique()),
        "currency_basis": sorted(set(rows["unit"]) & set(CURRENCIES)),
    }[field]
    others = [value for value in known if value != was]
    if not others or was == "unit" or (field == "flow" and was == "balance"):
        return None
    rows = rows.copy()
    rows.at[row, column] = now = random.choice(others)
    if field == "period" and role == "growth":
        rows.at[row, "base"] += now - was
    return rows, row, field, was


def suggestions(count, salt=""):
    """Plant single wrong labels until so many contradict; how many are suggested back, by label."""
    tried, right, number = Counter(), Counter(), 0
    while tried.total() < count:
        number += 1
        random = Random(f"{salt}{number}")
        rows = frame([World(f"label {salt}{number}", dense=True)])
        planted = None if rows.empty else mislabel(rows, random)
        if planted is None:
            continue
        rows, row, field, was = planted
        checks = check(Terms(rows))
        if any(
            rows.at[row, "name"] in names and rule in TWO_SIDED
            for rule, names in contradictions(checks)
        ):
            tried[field] += 1
            right[field] += (row, field, was) in suggest(rows, checks)
    return tried, right


def test_most_wrong_labels_are_suggested_back(capsys):
    tried, right = suggestions(30)
    with capsys.disabled():
        print(f"\nwrong labels suggested back: {dict(right)} of {dict(tried)}")
    assert right.total() > tried.total() / 2
