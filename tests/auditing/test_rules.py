"""The allowance, the arithmetic on columns, and each rule on a few typed figures."""

import math

import numpy as np
import pandas as pd
import pytest

from tradelib import load_reference, load_table
from tradelib.auditing.report import load_rows
from tradelib.auditing.rules import AGREES, CHANGING, CONTRADICTS, CUT_OFF, REVISION, check
from tradelib.auditing.spans import add, div, mul, sub
from tradelib.auditing.terms import CODES, Terms, join, normal
from tradelib.quantity import Interval
from tradelib.wording import parse


def ledger(*lines):
    """Rows as `normal` gives them, from ``(surface, flow, measure, period, others)``."""
    table = []
    for number, (surface, flow, measure, period, others) in enumerate(lines):
        quantity = parse(surface, others.pop("direction", ""))
        row = {
            "figure": f"f{number}", "article": "a", "surface": surface, "reporter": "Italy",
            "partner": "World", "product": "All", "flow": flow, "measure": measure,
            "period": period, "basis": "", "vintage": 2025, "currency_basis": "",
            "published": "2025-01", "unit": quantity.unit, "lower": quantity.lower,
            "upper": quantity.upper, "printed_lower": quantity.printed_lower,
            "printed_upper": quantity.printed_upper,
        }  # fmt: skip
        table.append(row | others)
    return normal(pd.DataFrame(table))


def verdicts(*lines):
    checks = check(Terms(ledger(*lines)))
    return sorted(zip(checks.rule.tolist(), checks.level.tolist(), strict=True))


def level(surface, flow, period=2024, **others):
    return surface, flow, "level", period, others


@pytest.mark.parametrize(
    ("trade", "expected"),
    [("45.47 bn euros", AGREES), ("45.4 bn euros", CUT_OFF), ("45.5 bn euros", AGREES),
     ("45.7 bn euros", CONTRADICTS), ("over 45 bn euros", AGREES),
     ("under 45 bn euros", CONTRADICTS)],
)  # fmt: skip
def test_balance(trade, expected):
    lines = [level("26.99 bn euros", "exports"), level("18.48 bn euros", "imports")]
    assert verdicts(*lines, level(trade, "trade")) == [("balance", expected)]


def test_one_exact_and_one_at_its_end():
    """25.45 is the end of what rounds to 25.4; an exact count at its end agrees."""
    lines = level("25.4 bn euros", "exports"), level("25.45 bn euros", "exports")
    assert verdicts(*lines) == [("repetition", AGREES)]
    lines = level("25.4 bn euros", "exports"), level("25.4545 bn euros", "exports")
    assert verdicts(*lines) == [("repetition", CUT_OFF)]


@pytest.mark.parametrize(
    ("rate", "before", "expected"),
    [("6.1%", "25.4 bn euros", AGREES), ("16.1%", "25.4 bn euros", CONTRADICTS),
     ("6.1%", "25.8 bn euros", AGREES), ("6.1%", "26.2 bn euros", CONTRADICTS)],
)  # fmt: skip
def test_growth_with_room_for_a_revision(rate, before, expected):
    growth = (rate, "exports", "growth", 2024, {"basis": "2023", "currency_basis": "EUR"})
    now, then = level("26.99 bn euros", "exports"), level(before, "exports", 2023, vintage=2024)
    found = verdicts(now, growth, then)
    assert ("growth", expected) in found


def test_growth_without_a_currency_may_be_in_any():
    growth = ("6.1%", "exports", "growth", 2024, {"basis": "2023"})
    euros = level("26.99 bn euros", "exports"), level("25.4 bn euros", "exports", 2023)
    dollars = level("$29 bn", "exports"), level("$29 bn", "exports", 2023)
    assert ("growth", AGREES) in verdicts(growth, *euros, *dollars)
    assert ("growth", CONTRADICTS) in verdicts(growth, *dollars)


@pytest.mark.parametrize(("basis", "expected"), [("exports", AGREES), ("imports", CONTRADICTS)])
def test_share_of_all_partners(basis, expected):
    share = ("14.9%", "exports", "share", 2024, {"basis": basis, "partner": "France"})
    lines = [
        level("4.01 bn euros", "exports", partner="France"),
        level("26.99 bn euros", "exports"),
    ]
    assert ("share", expected) in verdicts(*lines, level("18.48 bn euros", "imports"), share)


def test_share_of_all_products():
    share = ("20%", "exports", "share", 2024, {"basis": "exports", "product": "ships"})
    lines = level("5.4 bn euros", "exports", product="ships"), level("26.99 bn euros", "exports")
    assert ("share", AGREES) in verdicts(*lines, share)


@pytest.mark.parametrize(("dollars", "expected"), [("$29.2 bn", AGREES), ("$19.2 bn", CONTRADICTS)])
def test_conversion(dollars, expected):
    lines = level("26.99 bn euros", "exports"), level(dollars, "exports")
    assert verdicts(*lines) == [("conversion", expected)]


def test_a_translation_at_the_rate_of_the_day():
    """1,475 won a dollar in January 2026, outside the range of 2019."""
    lines = [
        level("$1.189 trillion", "balance", 2019, published="2026-01"),
        level("1,757 trillion won", "balance", 2019, published="2026-01"),
    ]
    assert verdicts(*lines) == [("conversion", AGREES)]
    late = [(*line[:4], line[4] | {"published": "2019-06"}) for line in lines]
    assert verdicts(*late) == [("conversion", CONTRADICTS)]


@pytest.mark.parametrize(
    ("africa", "expected"), [("6.2 bn euros", AGREES), ("9.2 bn euros", CONTRADICTS)]
)
def test_parts(africa, expected):
    lines = [
        level("20.1 bn euros", "exports", partner="ASEAN"),
        level(africa, "exports", partner="Africa"),
        level("1 bn euros", "exports", partner="South Africa"),  # in Africa already
        level("25 bn euros", "exports", partner="Belt and Road"),  # overlaps them all
        level("26.99 bn euros", "exports"),
    ]  # fmt: skip
    assert ("parts", expected) in verdicts(*lines)


@pytest.mark.parametrize(
    ("group", "expected"), [("1.47 bn euros", AGREES), ("1.4 bn euros", CUT_OFF),
                            ("1.3 bn euros", CONTRADICTS), ("over 1.4 bn euros", AGREES)],
)  # fmt: skip
def test_a_group_is_the_sum_of_its_lines(group, expected):
    found = verdicts(
        level("1.13 bn euros", "exports", product="clothing"),
        level("0.34 bn euros", "exports", product="footwear"),
        level(group, "exports", product="clothing and footwear"),
    )
    assert ("sum", expected) in found


def test_one_line_is_no_sum():
    found = verdicts(
        level("1.11 bn euros", "exports", product="clothing"),
        level("0.9 bn euros", "exports", product="electric vehicles"),
        level("0.3 bn euros", "exports", product="auto parts"),
        level("1.44 bn euros", "exports", product="clothing and footwear"),
        level("1.44 bn euros", "exports", product="automobiles and parts"),
    )
    assert "sum" not in {rule for rule, _ in found}


def test_some_of_all():
    measures = ("number of partners", "number of growing partners")
    counts = zip(("190 countries", "240 countries"), measures, strict=True)
    lines = [(words, "trade", measure, 2024, {}) for words, measure in counts]
    assert verdicts(*lines) == [("parts", CONTRADICTS)]


def test_the_room_for_revisions_is_the_largest_there_was():
    """Of all levels that a later release's growth implies anew, in reference.csv."""
    reference = load_reference().query("measure in ('level', 'growth') and flow != 'balance'")
    kind = load_table("partners").set_index("partner")["kind"]
    keys = ["reporter", "partner", "product", "flow", "vintage", "period", "money"]
    levels = reference.query("measure == 'level'").rename(columns={"unit": "money"})
    growth = reference.query("measure == 'growth'").rename(columns={"currency_basis": "money"})
    both = levels.merge(growth, on=keys, suffixes=("", "_growth"))
    both["period"] -= 1
    then = [key for key in keys if key != "vintage"]
    both = both.merge(levels, on=then, suffixes=("", "_then"))
    both = both[both["vintage"] > both["vintage_then"]]
    moved: dict[str, dict[str, float]] = {"initiative": {}, "others": {}}
    for row in both.to_dict("records"):
        rate = Interval(row["lower_growth"], row["upper_growth"])
        base = Interval(row["lower"], row["upper"]) / (1 + rate)
        apart = max(base.lower - row["upper_then"], row["lower_then"] - base.upper)
        group = "initiative" if kind[row["partner"]] == "initiative" else "others"
        moved[group][row["reference_then"]] = apart / row["lower_then"]
    for group, room in (("others", REVISION), *CHANGING.items()):
        largest = max(moved[group].values())
        assert largest < room < 1.1 * largest, group
    assert max(moved["others"], key=moved["others"].get) == "ref-integrated-circuits-exports-2022"


def test_the_arithmetic_is_that_of_intervals():
    ends = [-2.0, -0.5, 0.0, 1.0, 3.0]
    pairs = [Interval(a, b) for a in ends for b in ends if a <= b]
    both = [(a, b) for a in pairs for b in pairs]
    left = np.array([(a.lower, a.upper) for a, _ in both]).T
    right = np.array([(b.lower, b.upper) for _, b in both]).T
    for many, one in ((add, Interval.__add__), (sub, Interval.__sub__), (mul, Interval.__mul__)):
        low, high = many((left[0], left[1]), (right[0], right[1]))
        found = [(one(a, b).lower, one(a, b).upper) for a, b in both]
        assert np.allclose(np.column_stack([low, high]), found)
    low, high = div((left[0], left[1]), (right[0], right[1]))
    for place, (a, b) in enumerate(both):
        if 0 in b:
            assert (low[place] <= 0 <= high[place]) or np.isinf([low[place], high[place]]).any()
        else:
            assert (low[place], high[place]) == pytest.approx(((a / b).lower, (a / b).upper))


def test_keys_of_large_ledgers_fit_into_whole_numbers():
    terms = Terms(load_rows(True))
    others = math.prod(terms.radix[column] for column in CODES if column != "series")
    assert 10_000_000 * others * 6 < 2**63  # so many series, the roles, others' and articles'


def test_joining():
    left, right = np.array([5, 1, 5, 9]), np.array([5, 5, 1, 2])
    i, j = join(left, right)
    assert {(left[a], right[b]) for a, b in zip(i, j, strict=True)} == {(5, 5), (1, 1)}
    assert len(i) == 5
