"""The stories' tables: against numbers worked out by hand, under every setting."""

import itertools
import math

import pytest

from tradelib.estimate import UNKNOWN, Estimate
from tradelib.quantity import Interval
from tradelib.themes.diversification import Diversification
from tradelib.themes.emerging import CHIPS, Emerging
from tradelib.themes.story import Story
from tradelib.themes.surplus import Surplus

STORIES = [Surplus, Diversification, Emerging]
SETTINGS = list(itertools.product(["CNY", "USD"], ["rounded", "printed"]))


def near(interval, lower, upper, rel=5e-4):
    return math.isclose(interval.lower, lower, rel_tol=rel) and math.isclose(
        interval.upper, upper, rel_tol=rel
    )


def estimate(lower, upper, unit="CNY", name="a", figure="a"):
    row = {"figure": figure, "value": (lower + upper) / 2}
    return Estimate(Interval(lower, upper), unit, name, (row,))


def test_formulas_are_written_as_they_are_computed():
    sold, bought = estimate(20, 21, name="sold"), estimate(10, 11, name="bought", figure="b")
    growth = estimate(0.04, 0.05, "percent", "growth", "c")
    assert (sold - bought).name == "sold − bought"
    assert ((sold - bought) / bought).name == "(sold − bought) ÷ bought"
    assert (sold / (1 + growth)).name == "sold ÷ (1 + growth)"
    assert (sold * (1 - 1 / (1 + growth))).name == "sold × (1 − 1 ÷ (1 + growth))"
    assert (sold + bought).interval == Interval(30, 32)
    assert (sold / bought).unit == "percent"
    assert (sold / growth).unit == "CNY"
    assert [row["figure"] for row in ((sold - bought) / bought).rows] == ["a", "b"]
    assert (sold & estimate(20.5, 30, figure="b")).interval == Interval(20.5, 21)
    assert (sold & bought) is sold
    assert (sold - (bought - sold)).name == "sold − (bought − sold)"
    assert (sold / (bought / sold)).name == "sold ÷ (bought ÷ sold)"
    assert (sold & UNKNOWN) is sold


def test_of_the_unknown_nothing_is_known():
    sold = estimate(20, 21)
    assert sold
    for unknown in (sold + UNKNOWN, sold / UNKNOWN, 1 / (1 + UNKNOWN), UNKNOWN * 0, UNKNOWN - sold):
        assert not unknown
    assert (UNKNOWN & sold) is sold
    assert str(UNKNOWN) == "not known"


def test_an_estimate_tells_where_it_comes_from():
    story = Story()
    assert story.printed(flow="exports").origin == "printed"
    assert story.published(flow="exports").origin == "reference"
    assert story.level("exports", 2023).origin == "computed"
    assert story.level("exports", 2023).name == "exports of 2024 ÷ (1 + growth of exports of 2024)"
    assert story.printed(flow="exports", period=1999) is UNKNOWN


def test_2023_is_computed_back_as_by_hand():
    story = Surplus()
    # 25.35 / 1.08 and 25.45 / 1.07; 18.35 / 1.0235 and 18.45 / 1.0225
    assert near(story.flow("exports", 2023).interval, 23.472e12, 23.785e12)
    assert near(story.flow("imports", 2023).interval, 17.929e12, 18.044e12)
    assert near(story.flow("balance", 2023).interval, 5.428e12, 5.856e12)


def test_the_articles_intervals_hold_what_the_customs_published():
    flows = Surplus(reading="printed").flows
    for row in flows.to_dict("records"):
        assert row["articles"].overlaps(row["customs"]), f"{row['flow']} of {row['year']}"


def test_the_surplus_of_2024_is_narrowed_by_what_the_two_words_share():
    # "exceeded 7 trillion" and 25.4 less 18.4 together leave 7.0 to 7.1.
    assert near(Surplus().flow("balance", 2024).interval, 7.0e12, 7.1e12)
    assert near(Surplus(reading="printed").flow("balance", 2024).interval, 7.0e12, 7.15e12)


def test_the_bridge_leads_from_one_surplus_to_the_next():
    for currency, reading in SETTINGS:
        first, *steps, last = Surplus(currency, reading).bridge.to_dict("records")
        assert first["lower"] + sum(s["lower"] for s in steps) <= last["upper"]
        assert first["upper"] + sum(s["upper"] for s in steps) >= last["lower"]
        assert last["value"] == pytest.approx(
            first["value"] + sum(s["value"] for s in steps), rel=1e-3
        )
    steps = Surplus().steps
    assert near(steps["exports"].interval, 1.539e12, 1.564e12)
    assert near(steps["imports"].interval, -0.1011e12, -0.0828e12, 1e-3)


def test_former_holders_in_the_articles_dollars():
    holders = Surplus().holders.set_index(["label", "origin"])
    # Balances of 1944, 1993 and 2007 at prices of 2024, as worked out from CPI-U by hand.
    assert holders.loc[("United States", "reference"), "value"] == pytest.approx(186e9, rel=2e-3)
    assert holders.loc[("Japan", "reference"), "value"] == pytest.approx(259.6e9, rel=1e-3)
    assert holders.loc[("Germany", "reference"), "value"] == pytest.approx(402.8e9, rel=1e-3)
    assert holders.loc[("Japan", "printed"), "lower"] == 200e9


def test_the_streak_counts_total_trade_in_yuan():
    story = Surplus()
    assert story.streak == 9
    assert story.growth.set_index("period").loc[2016, "upper"] < 0
    assert story.is_record


def test_shares_and_what_the_share_was_of():
    story = Diversification()
    assert near(story.share("United States", 2025).interval, 0.08807, 0.08831)
    assert story.bases.set_index("trade over")["agree"].to_dict() == {
        "total exports": "no",
        "total trade": "yes",
    }
    assert story.added("United States").interval.upper < 0 < story.added("Africa").interval.lower
    assert near(story.added("Africa").interval, 0.00880, 0.00887, 2e-3)


def test_trade_computed_back_agrees_with_the_customs_but_for_the_belt_and_road():
    back = Diversification().computed_back.set_index("partner")["agree"].to_dict()
    assert back == {"ASEAN": "yes", "Latin America": "yes", "Africa": "yes", "Belt and Road": "no"}


def test_initiatives_stay_out_of_what_is_compared():
    story = Diversification()
    assert "Belt and Road" in story.highlights()
    assert "Belt and Road" not in story.compared


def test_industries_as_sums_of_what_is_listed():
    story = Emerging()
    # 1.125 + 1.45 + 1.35 + 0.95585 + 0.3 + 0.2 and 1.135 + 1.55 + 1.45 + 0.95595 + 0.4 + 0.3
    assert near(story.total("emerging").interval, 5.38085e12, 5.79095e12)
    # 0.9 + 1.35 + 0.5 + 0.755 and 1.0 + 1.45 + 1.5 + 0.765
    assert near(story.total("traditional").interval, 3.505e12, 4.715e12)
    assert near(story.electric_share.interval, 2 / 6.415, 3 / 6.405)


def test_chips_of_2023_were_below_the_mark():
    story = Emerging()
    before = story.level("exports", 2023, product=CHIPS)
    assert near(before.interval, 1.125e12 / 1.185, 1.135e12 / 1.175)
    assert before.interval.upper < 1e12
    assert 956.77e9 in before.interval


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("currency", "reading"), SETTINGS)
def test_every_table_is_whole_under_every_setting(story, currency, reading):
    told = story(currency, reading)
    for name in dir(story):
        table = getattr(told, name)
        if hasattr(table, "columns") and name not in ("figures", "reference"):
            assert not table.empty, name
            if {"lower", "value", "upper"} <= {*table.columns}:
                assert (table["lower"] <= table["value"]).all(), name
                assert (table["value"] <= table["upper"]).all(), name


@pytest.mark.parametrize("story", STORIES)
def test_the_printed_reading_never_narrows(story):
    rounded, printed = story(reading="rounded"), story(reading="printed")
    for name in dir(story):
        table = getattr(rounded, name)
        if hasattr(table, "columns") and {"lower", "upper"} <= {*table.columns}:
            key = [c for c in ("figure", "reference", "label", "period", "series") if c in table][
                :2
            ]
            if name in ("figures", "reference"):
                key = key[:1]
            wide = getattr(printed, name).set_index([*key, "origin"] if "origin" in table else key)
            narrow = table.set_index([*key, "origin"] if "origin" in table else key)
            assert (wide["lower"].sort_index() <= narrow["lower"].sort_index() + 1e-9).all(), name
            assert (wide["upper"].sort_index() >= narrow["upper"].sort_index() - 1e-9).all(), name


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"currency": "EUR"}, "CURRENCY is 'EUR', expected one of CNY, USD"),
        ({"reading": "cut"}, "READING is 'cut', expected one of rounded, printed"),
        ({"highlight": "Mars"}, "HIGHLIGHT is 'Mars', expected one of "),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(story, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        story(**settings)


@pytest.mark.parametrize("story", STORIES)
def test_a_highlight_marks_something(story):
    for highlight in story().highlights():
        told = story(highlight=highlight)
        tables = [getattr(told, name) for name in dir(story)]
        marked = [t for t in tables if hasattr(t, "columns") and "highlight" in t.columns]
        assert marked
        if highlight not in ("Belt and Road", "European Union"):
            assert any(t["highlight"].any() for t in marked), highlight


def test_a_rate_in_dollars_computes_no_base_in_yuan():
    story = Diversification()
    rates = story.figures["currency_basis"] == "CNY"
    assert story.base("trade", 2025, partner="Africa")
    story.figures.loc[rates, "currency_basis"] = "USD"
    assert not story.base("trade", 2025, partner="Africa")
    assert not story.change("trade", partner="Africa")
