"""Counts against what they count: streaks of growth and above a mark, and things named."""

import random

import pandas as pd
import pytest

from tests.auditing.test_claims import CLAIM
from tests.auditing.test_rules import ledger, level
from tradelib.auditing.claims import Facts
from tradelib.auditing.counts import counts
from tradelib.auditing.rules import check
from tradelib.auditing.terms import Terms

NONE = pd.DataFrame(columns=[*CLAIM, "kind"])


def counted(*lines, claims=NONE, mine=None):
    """The verdicts on counts: True or False, and None where the data leave them open."""
    rows = ledger(*lines)
    if mine is not None:
        rows["is_article"] = mine
    facts = Facts(check(Terms(rows)).terms)
    return [None if c.is_open else c.fits() for c in counts(facts, claims)]


def growth(rate, year, currency="EUR", **others):
    keys = {"basis": str(year - 1), "currency_basis": currency, "vintage": year + 1}
    return rate, "exports", "growth", year, keys | others


def streak(words, year=2024, measure="streak", **others):
    return words, "exports", measure, year, {"vintage": year + 1} | others


RISES = [growth(rate, year) for year, rate in enumerate(("-1%", "3.1%", "2%", "0.4%"), 2021)]


@pytest.mark.parametrize(
    ("words", "fits"),
    [("three consecutive years", True), ("four consecutive years", False),
     ("two years", False), ("at least two years", True), ("over four years", False)],
)  # fmt: skip
def test_a_streak_of_growth_is_as_long_as_its_years(words, fits):
    assert counted(*RISES, level("9 bn euros", "exports"), streak(words)) == [fits]


def test_what_is_not_known_leaves_a_streak_open():
    known = [*RISES[2:], level("9 bn euros", "exports")]
    assert counted(*known, streak("nine consecutive years")) == [None]
    assert counted(*known, streak("two consecutive years")) == [None]
    assert counted(*known, streak("one year")) == [False]
    assert counted(level("9 bn euros", "exports"), streak("nine years")) == []


def test_a_rate_that_may_be_zero_leaves_it_open():
    rises = [*RISES[:2], growth("0%", 2023), RISES[3], level("9 bn euros", "exports")]
    assert counted(*rises, streak("three years")) == [None]
    assert counted(*rises, streak("one year")) == [None]


def test_growth_in_the_currency_in_which_it_holds():
    fell = growth("-2%", 2023, "USD"), growth("3%", 2024, "USD")
    amounts = level("9 bn euros", "exports"), level("9.8 bn dollars", "exports")
    assert counted(*RISES, *fell, *amounts, streak("three years")) == [True]
    assert counted(*RISES, *fell, *amounts, streak("one year")) == [True]
    assert counted(*RISES, *fell, *amounts, streak("two years")) == [False]


def test_a_currency_of_others_says_nothing_of_an_article():
    lines = growth("3%", 2024, "USD"), growth("-2%", 2023, "USD"), streak("three years")
    assert counted(*lines, level("9 bn dollars", "exports"), mine=[False, False, True, False]) == []


def test_growth_from_amounts_leaves_room_for_a_revision():
    one = level("100.0 bn euros", "exports", 2022, vintage=2023)
    for now, fits in (("97 bn euros", False), ("99.5 bn euros", None)):
        two = level(now, "exports", 2023, vintage=2024)
        assert counted(one, two, streak("one year", 2023)) == [fits] * (fits is False)


def test_from_its_first_year_to_its_last():
    assert counted(streak("nine years", 2025, basis="2017")) == [True]
    assert counted(streak("nine years", 2025, basis="2016")) == [False]


@pytest.mark.parametrize(
    ("before", "words", "fits"),
    [("0.95 bn euros", "one year", True), ("0.95 bn euros", "two consecutive years", False),
     ("1.2 bn euros", "two consecutive years", None), ("0.99 bn euros", "two years", None)],
)  # fmt: skip
def test_years_above_a_mark(before, words, fits):
    mark = ("1 billion euros", "exports", "threshold", 2024, {"vintage": 2025})
    lines = (
        level(before, "exports", 2023, vintage=2024),
        level("1.1 bn euros", "exports", 2024, vintage=2025),
    )
    assert counted(mark, *lines, streak(words, measure="threshold streak")) == [fits]


def test_those_named():
    claims = pd.DataFrame(
        [CLAIM | {"kind": "count", "against": "France;Spain", "figures": "f0"}]
    )  # fmt: skip
    for words, fits in (("two countries", True), ("three countries", False)):
        figure = words, "balance", "number of record holders", None, {}
        assert counted(figure, claims=claims) == [fits]


@pytest.mark.parametrize("seed", range(200))
def test_true_streaks_are_never_doubted(seed):
    """Random years, printed as rates or amounts with revisions between, some of them unknown."""
    rng = random.Random(seed)
    truth = {2010: 100.0}
    for year in range(2011, 2025):
        truth[year] = truth[year - 1] * rng.uniform(0.93, 1.12)
    lines = []
    for year in range(2011, 2025):
        rate = truth[year] / truth[year - 1] - 1
        if rng.random() < 0.7:
            lines.append(growth(f"{rate:.{rng.randint(1, 3)}%}", year))
        if rng.random() < 0.5:
            vintage = rng.randint(year + 1, 2025)
            revised = truth[year] * rng.uniform(1 - 0.018, 1 + 0.018) ** (vintage < 2025)
            lines.append(level(f"{revised:.2f} bn euros", "exports", year, vintage=vintage))
    mark = round(rng.uniform(80, 160), 1)
    held = list(range(2024, 2009, -1))
    rose = next((n for n, y in enumerate(held) if y == 2010 or truth[y] <= truth[y - 1]), 0)
    above = next((n for n, y in enumerate(held) if truth[y] < mark), len(held))
    lines += [
        ("9 bn euros", "imports", "level", 2024, {}),
        (f"{mark} bn euros", "exports", "threshold", 2024, {"vintage": 2025}),
        streak(f"{rose} years"),
        streak(f"{above} years", measure="threshold streak"),
    ]
    assert False not in counted(*lines)
