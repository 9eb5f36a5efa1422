"""Reading one expression: the tables of the contract, row by row, and clear refusals."""

import math

import pytest

from tradelib.wording import parse

INF = math.inf


def told(surface, direction="", unit_hint=""):
    q = parse(surface, direction, unit_hint)
    return q.kind, q.value, q.lower, q.upper, q.unit, q.hedge


KINDS = [
    ("43.8 trillion RMB", "money", 43.8e12, 43.75e12, 43.85e12, "CNY"),
    ("$1.189 trillion", "money", 1.189e12, 1.1885e12, 1.1895e12, "USD"),
    ("US$992bn", "money", 992e9, 991.5e9, 992.5e9, "USD"),
    ("9,632 trillion won", "money", 9632e12, 9631.5e12, 9632.5e12, "KRW"),
    ("€1.2 bn", "money", 1.2e9, 1.15e9, 1.25e9, "EUR"),
    ("RMB 955.9 billion", "money", 955.9e9, 955.85e9, 955.95e9, "CNY"),
    ("¥25.4 trn", "money", 25.4e12, 25.35e12, 25.45e12, "JPY"),
    ("25.45万亿元", "money", 25.45e12, 25.445e12, 25.455e12, "CNY"),
    ("992亿美元", "money", 99.2e9, 99.15e9, 99.25e9, "USD"),
    ("Rs 1.2 lakh crore", "money", 1.2e12, 1.15e12, 1.25e12, "INR"),
    ("1,23,456 crore rupees", "money", 1.23456e12, 1.234555e12, 1.234565e12, "INR"),
    ("CHF 2.1bn", "money", 2.1e9, 2.05e9, 2.15e9, "CHF"),
    ("R$57.2 million", "money", 57.2e6, 57.15e6, 57.25e6, "BRL"),
    ("A$8.5bn", "money", 8.5e9, 8.45e9, 8.55e9, "AUD"),
    ("12 billion Hong Kong dollars", "money", 12e9, 11.5e9, 12.5e9, "HKD"),
    ("3.1 billion Swiss francs", "money", 3.1e9, 3.05e9, 3.15e9, "CHF"),
    ("-$4.2bn", "money", -4.2e9, -4.25e9, -4.15e9, "USD"),
    ("300 billion yuan", "money", 300e9, 250e9, 350e9, "CNY"),
    ("760 billion yuan", "money", 760e9, 755e9, 765e9, "CNY"),
    ("5%", "percent", 0.05, 0.045, 0.055, "1"),
    ("６.１％", "percent", 0.061, 0.0605, 0.0615, "1"),
    ("7.10 per cent", "percent", 0.071, 0.07095, 0.07105, "1"),
    ("20%", "percent", 0.2, 0.195, 0.205, "1"),
    ("20%↓", "percent", -0.2, -0.205, -0.195, "1"),
    ("−3.2 pct", "percent", -0.032, -0.0325, -0.0315, "1"),
    ("▲ 3.2%", "percent", 0.032, 0.0315, 0.0325, "1"),
    ("0.4 percentage points", "points", 0.004, 0.0035, 0.0045, "1"),
    ("50 basis points", "points", 0.005, 0.00495, 0.00505, "1"),
    ("1.2 pp", "points", 0.012, 0.0115, 0.0125, "1"),
    ("6.41 million units", "count", 6.41e6, 6.405e6, 6.415e6, "unit"),
    ("240 countries", "count", 240, 240, 240, "country"),
    ("nine consecutive years", "count", 9, 9, 9, "year"),
    ("1.2m vehicles", "count", 1.2e6, 1.15e6, 1.25e6, "vehicle"),
    ("1,200 vehicles", "count", 1200, 1150, 1250, "vehicle"),
    ("12\u202f500 tonnes", "count", 12500, 12450, 12550, "tonne"),
    ("27 Indian anti-dumping duties", "count", 27, 27, 27, "duty"),
    ("two hundred and fifty-five firms", "count", 255, 255, 255, "firm"),
    ("a dozen countries", "count", 12, 12, 12, "country"),
    ("half a million people", "count", 5e5, 4.5e5, 5.5e5, "person"),
    ("13-month", "count", 13, 13, 13, "month"),
    ("190个国家", "count", 190, 190, 190, "国家"),
    ("doubled", "multiple", 2, 1.5, 2.5, "1"),
    ("threefold", "multiple", 3, 2.5, 3.5, "1"),
    ("2.5 times", "multiple", 2.5, 2.45, 2.55, "1"),
    ("3.2-fold", "multiple", 3.2, 3.15, 3.25, "1"),
    ("halved", "multiple", 0.5, 0.45, 0.55, "1"),
]


@pytest.mark.parametrize(("surface", "kind", "value", "lower", "upper", "unit"), KINDS)
def test_kinds_scales_and_steps(surface, kind, value, lower, upper, unit):
    assert told(surface) == (
        kind,
        *(pytest.approx(number, rel=1e-12) for number in (value, lower, upper)),
        unit,
        "exact",
    )


HEDGES = [
    ("about 300 firms", "about", 200, 400),
    ("an estimated 320 firms", "about", 310, 330),
    ("~ 320 firms", "about", 310, 330),
    ("over 240 countries", "over", 240, 250),
    ("more than 20 states", "over", 20, 30),
    ("exceeded 7 trillion RMB", "over", 7e12, 8e12),
    ("surpassing 7 trillion RMB", "over", 7e12, 8e12),
    ("in excess of 5%", "over", 0.05, 0.06),
    ("upwards of $90bn", "over", 90e9, 100e9),
    ("topped the $60 billion", "over", 60e9, 70e9),
    ("$1 trillion-plus", "over", 1e12, 2e12),
    ("100-plus countries", "over", 100, 200),
    ("nearly 1 trillion USD", "nearly", 0.9e12, 1e12),
    ("close to 5.5%", "nearly", 0.054, 0.055),
    ("just short of $95bn", "nearly", 94e9, 95e9),
    ("approached 30 million tonnes", "nearly", 27e6, 30e6),
    ("under 5%", "under", 0.04, 0.05),
    ("fewer than 300 firms", "under", 200, 300),
    ("at least 5%", "at_least", 0.05, INF),
    ("no less than 40 firms", "at_least", 40, INF),
    ("1,000 tonnes or more", "at_least", 1000, INF),
    ("12 or more countries", "at_least", 12, INF),
    ("up to 5%", "at_most", -INF, 0.05),
    ("as much as $5bn", "at_most", 0, 5e9),
    ("a maximum of 40 firms", "at_most", 0, 40),
    ("40 firms or less", "at_most", 0, 40),
    ("between 3 and 4 percent", "between", 0.03, 0.04),
    ("from 3% to 5%", "between", 0.03, 0.05),
    ("$3-4 billion", "between", 3e9, 4e9),
    ("$900 million to $1.2 billion", "between", 0.9e9, 1.2e9),
    ("US$38 billion–42 billion", "between", 38e9, 42e9),
    ("500 to 1,000 tonnes", "between", 500, 1000),
    ("超过3000亿美元", "over", 300e9, 400e9),
]


@pytest.mark.parametrize(("surface", "hedge", "lower", "upper"), HEDGES)
def test_hedges_open_the_interval(surface, hedge, lower, upper):
    _, _, low, high, _, found = told(surface)
    assert (found, low, high) == (hedge, pytest.approx(lower), pytest.approx(upper))


@pytest.mark.parametrize(
    ("surface", "lower", "upper"),
    [
        ("more than 20%", -0.21, -0.20),
        ("nearly 20%", -0.20, -0.19),
        ("3-4 percent", -0.04, -0.03),
        ("up to 8%", -0.08, INF),
        ("at least 8%", -INF, -0.08),
    ],
)
def test_a_fall_mirrors_the_interval(surface, lower, upper):
    assert told(surface, "down")[2:4] == (pytest.approx(lower), pytest.approx(upper))


def test_direction_gives_way_to_a_sign_and_leaves_levels_alone():
    assert parse("+5%", "down").value == 0.05
    assert parse("$5bn", "down").value == 5e9
    assert parse("5 cars", "down").value == 5


@pytest.mark.parametrize(
    ("surface", "hint", "value", "unit"),
    [
        ("190", "country", 190, "country"),
        ("7.55", "trillion yuan", 7.55e12, "CNY"),
        ("7.55", "CNY", 7.55, "CNY"),
        ("5bn", "USD", 5e9, "USD"),
        ("3", "percent", 0.03, "1"),
        ("6.8", "%", 0.068, "1"),
        ("0.3", "percentage points", 0.003, "1"),
        ("$3.2", "billion USD", 3.2e9, "USD"),
        ("over 40", "member states", 40, "state"),
        ("Rs 5", "PKR", 5, "PKR"),
        ("42,000 pounds", "pound", 42000, "pound"),
    ],
)
def test_unit_may_stand_elsewhere_in_the_sentence(surface, hint, value, unit):
    quantity = parse(surface, unit_hint=hint)
    assert (quantity.value, quantity.unit) == (pytest.approx(value), unit)


def test_context_settles_a_shared_sign():
    assert parse("¥5bn", context="China's exports").unit == "CNY"
    assert parse("5 million pesos", context="Bogota and all Colombia").unit == "COP"


@pytest.mark.parametrize(
    ("surface", "sentence"),
    [
        ("", "expected the words of one figure, found ''"),
        ("some of it", "no number in 'some of it'"),
        ("1.2.3%", "no number in '1.2.3%'"),
        ("45", "no unit in '45': give it as unit_hint if the sentence has it"),
        ("5% in May", "cannot read 'in May' at character 3 of '5% in May' as part of the figure"),
        ("roughly speaking 5%", "cannot read 'roughly speaking ' at character 0"),
        ("5% 6%", "cannot read '6%' at character 3 of '5% 6%'"),
        ("5 trillion of", "cannot read 'of' at character 11"),
        ("9" * 60 + "%", "no number in"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(surface, sentence):
    with pytest.raises(ValueError, match=r"^[^\n]+$") as refusal:
        parse(surface)
    assert sentence in str(refusal.value)


def test_unknown_direction_is_refused():
    with pytest.raises(ValueError, match=r"^direction 'sideways' is none of"):
        parse("5%", "sideways")


@pytest.mark.parametrize(
    ("surface", "unit_hint", "lower", "upper", "unit"),
    [
        ("3-4 billion", "USD", 3e9, 4e9, "USD"),
        ("3-4", "percent", 0.03, 0.04, "1"),
        ("between 3 and 4", "country", 3, 4, "country"),
        ("1-50k", "USD", 1e3, 50e3, "USD"),
    ],
)
def test_a_range_takes_the_unit_that_stands_elsewhere(surface, unit_hint, lower, upper, unit):
    found = parse(surface, unit_hint=unit_hint)
    assert (found.lower, found.upper, found.unit, found.hedge) == (lower, upper, unit, "between")
