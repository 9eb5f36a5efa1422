"""Each kind of claim, on a few known amounts."""

import pandas as pd
import pytest

from tests.auditing.test_rules import ledger, level
from tradelib.auditing.claims import Facts, judge
from tradelib.auditing.terms import Terms
from tradelib.ledger import load_table

CLAIM = {
    "claim": "c", "statement": "", "reporter": "Italy", "partner": "World", "product": "All",
    "flow": "exports", "measure": "level", "period": 2024, "years": pd.NA, "since": pd.NA,
    "threshold": "", "against": "", "figures": "",
}  # fmt: skip


def judged(kind, lines, **claim):
    claims = pd.DataFrame([CLAIM | {"kind": kind} | claim])
    ((_, finding, _),) = judge(claims, Facts(Terms(ledger(*lines))), load_table("products"))
    return finding.truth if finding.checked else "not checkable", finding.why


def years(*surfaces, **keys):
    """Amounts of the years up to 2024, each of a release of its own."""
    first = 2025 - len(surfaces)
    return [
        level(surface, "exports", first + place, vintage=first + place + 1, **keys)
        for place, surface in enumerate(surfaces)
    ]


@pytest.mark.parametrize(
    ("before", "now", "truth"),
    [("25.4 bn euros", "26.1 bn euros", True), ("26.4 bn euros", "26.1 bn euros", False),
     ("26 bn euros", "26.1 bn euros", None)],
)  # fmt: skip
def test_record(before, now, truth):
    assert judged("record", years("20.1 bn euros", before, now))[0] is truth


def test_record_needs_an_earlier_year():
    assert judged("record", years("26 bn euros"))[0] == "not checkable"


@pytest.mark.parametrize(("middle", "truth"), [("2%", True), ("-2%", False), ("0%", None)])
def test_streak_of_growth(middle, truth):
    rates = ("3.1%", middle, "0.4%")
    lines = [
        (rate, "exports", "growth", year, {"basis": str(year - 1), "currency_basis": "EUR"})
        for year, rate in enumerate(rates, 2022)
    ]
    assert judged("streak", lines, measure="growth", years=3)[0] is truth


@pytest.mark.parametrize(
    ("now", "truth"), [("1.13 bn euros", True), ("0.97 bn euros", False), ("1 bn euros", None)]
)
def test_streak_above_a_mark(now, truth):
    lines = years("1.4 bn euros", now)
    assert judged("streak", lines, years=2, threshold="1 bn euros")[0] is truth


@pytest.mark.parametrize(
    ("words", "truth"), [("992 bn euros", True), ("1,020 bn euros", False), ("990 bn euros", True)]
)
def test_close_to_a_mark(words, truth):
    assert judged("threshold", years(words), threshold="1 trillion euros")[0] is truth


def test_first_above():
    lines = years("1.77 bn euros", "over 2 bn euros")
    assert judged("first above", lines, threshold="2 bn euros")[0] is True
    lines = years("2.1 bn euros", "over 2 bn euros")
    assert judged("first above", lines, threshold="2 bn euros")[0] is False


def test_rank_among_lines_and_sums_of_lines():
    chips = level("1.13 bn euros", "exports", product="integrated circuits")
    phones = level("0.96 bn euros", "exports", product="mobile phones")
    group = level("1.4 bn euros", "exports", product="clothing and footwear")
    ships = level("1.3 bn euros", "exports", product="ships")
    claim = {"product": "integrated circuits"}
    assert judged("rank", [chips, phones], **claim)[0] is True
    assert judged("rank", [chips, phones, group], **claim)[0] is None
    truth, why = judged("rank", [chips, phones, group, ships], **claim)
    assert truth is False
    assert why.startswith("larger are ships (1.3 bn euros)")


def test_larger_than_the_sum_of_others_depends_on_the_measure():
    def shares(own, others, basis):
        keys = {"basis": basis, "product": "manufactures"}
        yield own, "production", "share", 2024, keys.copy()
        for reporter, share in others.items():
            yield share, "production", "share", 2024, keys | {"reporter": reporter}

    gross = list(shares("35%", {"Japan": "6%", "France": "2%"}, "gross"))
    value = list(shares("29%", {"Japan": "27%", "France": "12%"}, "value added"))
    claim = {"product": "manufactures", "flow": "production", "against": "Japan;France"}
    assert judged("larger than sum", gross, **claim)[0] is True
    assert judged("larger than sum", value, **claim)[0] is False
    truth, why = judged("larger than sum", [*gross, *value], **claim)
    assert truth is None
    assert why.startswith("depends on the measure: of gross in 2024 35%, more than")


def test_a_share_declined_where_the_part_grew_less_than_its_whole():
    def growth(rate, **keys):
        return rate, "exports", "growth", 2024, {"basis": "2023", "currency_basis": "EUR"} | keys

    lines = [growth("-20%", partner="France"), growth("6.1%")]
    claim = {"partner": "France", "measure": "share"}
    assert judged("decline", lines, **claim)[0] is True
    assert judged("decline", lines[:1], **claim)[0] == "not checkable"


def test_rates_below_a_mark():
    growth = {"basis": "2023", "currency_basis": "EUR", "product": "textiles"}
    lines = [("7%", "exports", "growth", 2024, growth)]
    claim = {"measure": "growth", "threshold": "10%"}
    assert judged("range", lines, product="textiles", **claim)[0] is True
    truth, why = judged("range", lines, product="textiles;ships", **claim)
    assert (truth, why) == (None, "textiles 7%; not known: ships")
