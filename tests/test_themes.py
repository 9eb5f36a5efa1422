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
    pinned = Surplus(reading="printed").pinned
    for row in pinned.to_dict("records"):
        assert row["articles_lower"] <= row["customs_upper"], f"{row['flow']} of {row['year']}"
        assert row["customs_lower"] <= row["articles_upper"], f"{row['flow']} of {row['year']}"


def test_the_surplus_of_2024_is_narrowed_by_what_the_two_words_share():
    # "exceeded 7 trillion" and 25.4 less 18.4 together leave 7.0 to 7.1.
    assert near(Surplus().flow("balance", 2024).interval, 7.0e12, 7.1e12)
    assert near(Surplus(reading="printed").flow("balance", 2024).interval, 7.0e12, 7.15e12)


def test_the_bridge_leads_from_one_surplus_to_the_next():
    for currency, reading in SETTINGS:
        first, *steps, last = Surplus(currency, reading=reading).bridge.to_dict("records")
        assert first["lower"] + sum(s["lower"] for s in steps) <= last["upper"]
        assert first["upper"] + sum(s["upper"] for s in steps) >= last["lower"]
        assert last["value"] == pytest.approx(
            first["value"] + sum(s["value"] for s in steps), rel=1e-3
        )
    steps = Surplus().steps
    assert near(steps["exports"].interval, 1.539e12, 1.564e12)
    assert near(steps["imports"].interval, -0.1011e12, -0.0828e12, 1e-3)


def test_former_holders_in_the_articles_dollars():
    holders = Surplus("USD").holders.set_index(["label", "origin"])
    # Balances of 1944, 1994 and 2007 at prices of 2024, as worked out from CPI-U by hand.
    assert holders.loc[("United States", "reference"), "value"] == pytest.approx(186e9, rel=2e-3)
    assert holders.loc[("Japan", "reference"), "value"] == pytest.approx(263.6e9, rel=1e-3)
    assert holders.loc[("Germany", "reference"), "value"] == pytest.approx(402.8e9, rel=1e-3)
    assert holders.loc[("Japan", "printed"), "lower"] == 200e9


def test_the_streak_counts_total_trade_in_yuan():
    story = Surplus()
    assert story.streak().interval == Interval(9, 9)
    assert story.streak("imports").value == 2  # 2023: -0.3%
    assert story.streak("imports", "USD").value == 0  # 2,582.9 after 2,583.2 billion
    assert story.growth.set_index("period").loc[2016, "upper"] < 0
    assert story.is_record


def test_shares_and_what_the_share_was_of():
    story = Diversification()
    assert near(story.share("United States", 2025).interval, 0.08807, 0.08831)
    assert story.bases.set_index("label")["agree"].to_dict() == {
        "As printed": "yes",
        "Trade over total trade": "yes",
        "Trade over total exports": "no",
        "Exports over total exports": "no",
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
    told = story(currency, reading=reading)
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
        ({"prices": "real"}, "PRICES is 'real', expected current or a year from 2005 to 2025"),
        ({"prices": 1947}, "PRICES is '1947', expected current or a year from 2005 to 2025"),
        ({"currency": "USD", "prices": 1939}, "PRICES is '1939', .* a year from 1940 to 2025"),
        ({"reading": "cut"}, "READING is 'cut', expected one of rounded, printed"),
        ({"highlight": "Mars"}, "HIGHLIGHT is 'Mars', expected one of "),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(story, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        story(**settings)


@pytest.mark.parametrize("story", STORIES)
def test_a_highlight_marks_something(story):
    for highlight in story().highlights()[::3]:
        told = story(highlight=highlight)
        tables = [getattr(told, name) for name in dir(story)]
        marked = [t for t in tables if hasattr(t, "columns") and "highlight" in t.columns]
        assert marked
        if highlight not in ("Belt and Road", "European Union"):
            assert any(t["highlight"].any() for t in marked), highlight


def test_a_rate_in_dollars_computes_no_base_in_yuan():
    assert Diversification().base("trade", 2025, partner="Africa")
    story = Diversification()
    rates = story.figures["currency_basis"] == "CNY"
    story.figures.loc[rates, "currency_basis"] = "USD"
    assert not story.base("trade", 2025, partner="Africa")
    assert not story.change("trade", partner="Africa")


def test_constant_dollars_are_deflated_by_us_consumer_prices():
    # 1,189 billion of 2025 by 313.689 over 321.943, the index of 2024 over that of 2025.
    real = Surplus("USD", 2024).flow("balance", 2025)
    assert real.unit == "USD 2024"
    assert near(real.interval, 1188.5e9 * 313.689 / 321.943, 1189.5e9 * 313.689 / 321.943, 1e-9)
    assert "US consumer prices of 2024 over 2025" in real.name
    assert Surplus("USD", "2024").flow("balance", 2024).interval == Interval(991e9, 993e9)


def test_constant_yuan_are_constant_dollars_at_the_rate_of_their_year():
    dollars, yuan = (Surplus(currency, 2024) for currency in ("USD", "CNY"))
    rate = dollars.rate("CNY", "USD", 2024).interval
    assert near(rate, 25.445e12 / 3575.85e9, 25.455e12 / 3575.75e9)
    for year in (2015, 2019, 2023):
        told = dollars.customs("exports", year).interval * rate
        own = yuan.customs("exports", year).interval
        assert own.overlaps(told), year
        assert own.width < 2.5 * max(told.width, 1e9), year


def test_amounts_are_translated_at_the_customs_rate_where_it_is_known():
    story = Surplus("USD")
    # 26.99 and 18.48 trillion yuan at the customs' rate are what the customs published in dollars.
    assert near(story.told(story.level("exports", 2025), 2025).interval, 3771.9e9, 3771.9e9, 1e-3)
    assert near(story.told(story.level("imports", 2025), 2025).interval, 2582.9e9, 2582.9e9, 1e-3)
    assert "daily rates of 2016" in story.rate("USD", "CNY", 2016).name


def test_a_flow_that_nobody_published_follows_from_the_others():
    # 27.79 and 2.9: exports of 2017 are half of their sum, imports half of their difference.
    assert near(Surplus().customs("exports", 2017).interval, 15.345e12, 15.345e12, 2e-3)
    assert near(Surplus().customs("imports", 2017).interval, 12.445e12, 12.445e12, 3e-3)


def test_market_shares_agree_with_the_customs_dollars():
    story = Diversification()
    # 420.05 of 3,771.87 billion dollars.
    assert 0.11136 in story.sold("United States", 2025).interval
    assert near(story.sold("United States", 2024).interval, 3733.72 / 25455, 3733.72 / 25445)


def test_what_the_others_had_to_grow():
    story = Diversification()
    # A fifth of 14.67% over the 85.33% that the others are.
    assert 0.2 * 0.14671 / 0.85329 in story.others(0).interval
    # (5.5% + 2.93%) over 85.33%.
    assert (0.055 + 0.2 * 0.14671) / 0.85329 in story.others(story.whole).interval


def test_imports_follow_from_trade_and_exports():
    # Africa: 2.49 - 1.2723 x 1.258 x 1.061 / 1.055 trillion, over 0.83096.
    bought = Diversification().bought
    by_hand = (2.49 - 1.27225 * 1.258 * 1.061 / 1.055) / 0.83096 - 1
    assert by_hand in bought["Africa"].interval
    assert 0.054 * 1.0057 + 0.0057 in bought["Africa"].interval  # published: +5.4% in dollars


def test_the_concentration_is_bounded_by_what_is_not_known():
    story = Diversification()
    squares = [story.sold(name, 2025).value ** 2 * 1e4 for name in story.markets]
    rest = 1 - sum(story.sold(name, 2025).value for name in story.markets)
    index = story.concentration(2025).interval
    assert index.lower == pytest.approx(sum(squares), rel=0.01)
    assert index.upper == pytest.approx(sum(squares) + rest**2 * 1e4, rel=0.01)


def test_old_products_added_at_most_what_a_tenth_more_adds():
    story = Emerging()
    added = story.contributions.set_index("product").loc["furniture and toys"]
    assert added["lower"] == -math.inf
    # 765 billion less 765 / 1.1, over 23.472 trillion, the least that exports of 2023 can be.
    assert added["upper"] == pytest.approx(765e9 * (1 - 1 / 1.1) / 23.472e12, rel=1e-3)


def test_cars_were_worth_what_the_customs_say():
    prices = Emerging("USD").car_prices.set_index("what")
    assert prices.loc["Cars 2023, customs", "per car_lower"] == pytest.approx(19_460, rel=2e-3)
    assert prices.loc["Cars 2024, customs", "per car_lower"] == pytest.approx(18_310, rel=2e-3)
    assert prices.loc["Cars and parts 2024, article", "per car_lower"] == -math.inf
