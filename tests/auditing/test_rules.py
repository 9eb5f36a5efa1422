"""Each rule, each kind of claim and each count, on a few typed figures."""

import pytest

import tradelib

AGREES, CUT_OFF, CONTRADICTS = "agrees", "agrees if cut off", "contradicts"
OPEN, UNCHECKED = "undecidable", "not checkable"


def level(surface, flow="exports", **others):
    return {"surface": surface, "flow": flow} | others


def growth(surface, flow="exports", period=2024, **others):
    keys = {"measure": "growth", "basis": str(period - 1), "period": period, "flow": flow}
    return {"surface": surface} | keys | others


def verdicts(folder, rule=None):
    checks = tradelib.audit(folder=folder, checks=True)
    checks = checks[checks["rule"] == rule] if rule else checks
    return checks["verdict"].tolist()


@pytest.mark.parametrize(
    ("trade", "expected"),
    [
        ("45.47 bn euros", AGREES),
        ("45.4 bn euros", CUT_OFF),
        ("45.5 bn euros", AGREES),
        ("45.7 bn euros", CONTRADICTS),
        ("over 45 bn euros", AGREES),
        ("under 45 bn euros", CONTRADICTS),
    ],
)
def test_balance(ledger, trade, expected):
    lines = [level("26.99 bn euros"), level("18.48 bn euros", "imports"), level(trade, "trade")]
    assert verdicts(ledger(*lines)) == [expected]


@pytest.mark.parametrize(
    ("two", "expected"),
    [
        ("25.45 bn euros", AGREES),
        ("25.4545 bn euros", CUT_OFF),
        ("25.5 bn euros", CUT_OFF),
        ("26.5 bn euros", CONTRADICTS),
    ],
)
def test_repetition(ledger, two, expected):
    """25.45 is the end of what rounds to 25.4; one at its end agrees where it is a point."""
    folder = ledger(level("25.4 bn euros"), level(two))
    assert verdicts(folder) == [expected]
    evidence = tradelib.audit(folder=folder)["evidence"].tolist()
    told = [one for one in evidence if "They agree only if “25.4 bn euros” was cut off" in one]
    assert len(told) == (expected == CUT_OFF)


def test_what_is_none_is_held_against_what_is_some(ledger):
    """The gap is a share of what is printed; of none it is as large as the number itself."""
    cars = {"measure": "units", "product": "automobiles"}
    checks = tradelib.audit(
        folder=ledger(level("5 cars", **cars), level("0 cars", **cars)), checks=True
    )
    assert checks["verdict"].tolist() == [CONTRADICTS]
    assert checks["gap"].tolist() in ([1.0], [5.0])


@pytest.mark.parametrize(
    ("rate", "before", "expected"),
    [
        ("6.1%", "25.4 bn euros", AGREES),
        ("16.1%", "25.4 bn euros", CONTRADICTS),
        ("6.1%", "25.8 bn euros", AGREES),
        ("6.1%", "26.2 bn euros", CONTRADICTS),
    ],
)
def test_growth_with_room_for_a_revision(ledger, rate, before, expected):
    lines = [level("26.99 bn euros"), growth(rate), level(before, period=2023, vintage=2024)]
    assert verdicts(ledger(*lines), "growth") == [expected]


def test_growth_told_as_a_multiple(ledger):
    lines = [level("20.0 bn euros"), growth("doubled"), level("18 bn euros", period=2023)]
    assert verdicts(ledger(*lines), "growth") == [CONTRADICTS]
    assert verdicts(ledger(*lines[:2], level("10 bn euros", period=2023)), "growth") == [AGREES]


def test_a_rate_without_its_currency_is_never_doubted(ledger):
    """It agrees where one currency fits; else it is left open, since another may be meant."""
    euros = level("26.99 bn euros"), level("25.4 bn euros", period=2023)
    rate = growth("6.1%", currency_basis="")
    (check,) = tradelib.audit(folder=ledger(*euros, rate), checks=True).to_dict("records")
    assert check["verdict"] == AGREES
    assert check["suggestion"] == "f2 reads as currency basis EUR"
    assert verdicts(ledger(*euros, growth("9%", currency_basis=""))) == [OPEN]


@pytest.mark.parametrize(("basis", "expected"), [("exports", AGREES), ("imports", CONTRADICTS)])
def test_share_of_all_partners(ledger, basis, expected):
    share = {"surface": "14.9%", "measure": "share", "basis": basis, "partner": "France"}
    lines = [level("4.01 bn euros", partner="France"), level("26.99 bn euros"), share]
    assert verdicts(ledger(*lines, level("18.48 bn euros", "imports")), "share") == [expected]


def test_share_of_all_products(ledger):
    share = {"surface": "20%", "measure": "share", "basis": "exports", "product": "ships"}
    lines = [level("5.4 bn euros", product="ships"), level("26.99 bn euros"), share]
    assert verdicts(ledger(*lines), "share") == [AGREES]


@pytest.mark.parametrize(("dollars", "expected"), [("$29.2 bn", AGREES), ("$19.2 bn", CONTRADICTS)])
def test_conversion(ledger, dollars, expected):
    assert verdicts(ledger(level("26.99 bn euros"), level(dollars))) == [expected]


def test_a_translation_at_the_rate_of_the_day(ledger):
    """1,475 won a dollar in January 2026, outside the range of 2019."""
    lines = [
        level(surface, "balance", period=2019, vintage=2026, article="late", reporter="China")
        for surface in ("$1.189 trillion", "1,757 trillion won")
    ]
    for published, expected in (("2026-01", AGREES), ("2026-11", CONTRADICTS)):
        article = {"article": "late", "published": published}
        assert verdicts(ledger(*lines, articles=[article])) == [expected]


def test_growth_in_two_currencies(ledger):
    """The euro lost some 5 percent against the dollar in 2015's yearly ranges: 20 is impossible."""
    for dollars, expected in (("5%", AGREES), ("60%", CONTRADICTS)):
        both = [growth("6.1%"), growth(dollars, currency_basis="USD")]
        assert verdicts(ledger(*both), "conversion") == [expected]


def test_the_customs_own_rate_is_narrower_than_that_of_the_markets(ledger):
    """7.12 yuan a dollar for all exports: ships in both currencies must come near it."""
    keys = {"reporter": "China"}
    totals = [level("25.4545 trillion yuan", **keys), level("$3575.0 billion", **keys)]
    ships = [level("300.0 billion yuan", product="ships", **keys)]
    for dollars, expected in (("$42.13 billion", AGREES), ("$41.2 billion", CONTRADICTS)):
        folder = ledger(*ships, others=[*totals, level(dollars, product="ships", **keys)])
        checks = tradelib.audit(folder=folder, checks=True).query("rule == 'conversion'")
        assert checks["verdict"].tolist() == [expected]
        assert "the customs’ own rate" in checks["explanation"].iloc[0]


@pytest.mark.parametrize(
    ("africa", "expected"), [("6.2 bn euros", AGREES), ("9.2 bn euros", CONTRADICTS)]
)
def test_parts(ledger, africa, expected):
    lines = [
        level("20.1 bn euros", partner="ASEAN"),
        level(africa, partner="Africa"),
        level("1 bn euros", partner="South Africa"),  # in Africa already
        level("25 bn euros", partner="Belt and Road"),  # overlaps them all
        level("26.99 bn euros"),
    ]
    told = verdicts(ledger(*lines), "parts")
    assert sorted(told)[-1:] == [expected]
    again = verdicts(ledger(*lines, level("20.2 bn euros", partner="ASEAN")), "parts")
    assert len(again) == len(told)  # a part that is printed twice is held against the whole once


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("1.47 bn euros", AGREES),
        ("1.4 bn euros", CUT_OFF),
        ("1.3 bn euros", CONTRADICTS),
        ("over 1.4 bn euros", AGREES),
    ],
)
def test_a_group_is_the_sum_of_its_lines(ledger, group, expected):
    lines = [
        level("1.13 bn euros", product="clothing"),
        level("0.34 bn euros", product="footwear"),
        level(group, product="clothing and footwear"),
    ]
    assert verdicts(ledger(*lines), "sum") == [expected]
    assert verdicts(ledger(*lines[1:]), "sum") == []


def test_some_of_all(ledger):
    some = {"surface": "240 countries", "measure": "number of growing partners", "flow": "trade"}
    all_ = {"surface": "190 countries", "measure": "number of partners", "flow": "trade"}
    assert verdicts(ledger(some, all_)) == [CONTRADICTS]


def test_flows_that_the_audit_does_not_know_take_no_part(ledger):
    lines = [
        level("$19 trillion", "GDP"),
        growth("5%", "GDP"),
        level("$10 trillion", "GDP", period=2023),
    ]
    assert set(verdicts(ledger(*lines))) <= {UNCHECKED}


# Periods finer than a year.


@pytest.mark.parametrize(
    ("year", "expected"), [("100 bn euros", AGREES), ("80 bn euros", CONTRADICTS)]
)
def test_a_year_is_the_sum_of_its_quarters(ledger, year, expected):
    quarters = [level(f"{n}.0 bn euros", period=f"2024-Q{n - 22}") for n in range(23, 27)]
    quarters[3]["surface"] = "28.0 bn euros"
    assert verdicts(ledger(*quarters, level(year)), "sum") == [expected]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["2024-04", "2024-05", "2024-06"], "2024-Q2"),
        (["2024-Q3", "2024-Q4"], "2024-07/2024-12"),
        (["2024-01/2024-11", "2024-12"], 2024),
    ],
)
def test_a_period_is_the_sum_of_its_pieces_and_holds_each(ledger, pieces, whole):
    """Each is held against the shortest period that holds it, not against itself."""
    lines = [level("20.0 bn euros", period=piece) for piece in pieces]
    for total, expected in ((20 * len(pieces), AGREES), (19, CONTRADICTS)):
        folder = ledger(*lines, level(f"{total}.0 bn euros", period=whole))
        assert verdicts(folder, "sum") == [expected]
        assert verdicts(folder, "parts") == [expected] * len(pieces)


def test_pieces_that_reach_beyond_a_period_are_no_sum(ledger):
    pieces = [level("20.0 bn euros", period=p) for p in ("2024-02/2024-04", "2024-05/2024-07")]
    assert verdicts(ledger(*pieces, level("30.0 bn euros", period="2024-02/2024-06")), "sum") == []
    quarters = [level("20.0 bn euros", period=p) for p in ("2024-Q1", "2024-Q2")]
    five = level("34.0 bn euros", period="2024-01/2024-05")
    assert verdicts(ledger(*quarters, five), "sum") == []


def test_nine_months_are_no_year(ledger):
    """Of the year, of nine months and of their growth: each against its own time only."""
    nine = "2024-01/2024-09"
    lines = [
        level("100.0 bn euros"),
        level("75.0 bn euros", period=nine),
        level("30.0 bn euros", period="2024-Q4"),
        growth("10%", period=2024) | {"period": nine, "basis": "2023-01/2023-09"},
        level("68.0 bn euros", period="2023-01/2023-09"),
    ]
    checks = tradelib.audit(folder=ledger(*lines), checks=True)
    assert dict(zip(checks["rule"], checks["verdict"], strict=True)) == {
        "sum": CONTRADICTS,
        "growth": AGREES,
        "parts": AGREES,
    }
    bounds = tradelib.reconcile(folder=ledger(*lines[1:]))
    year = bounds[(bounds["period"] == 2024) & (bounds["measure"] == "level")].iloc[0]
    assert year["lower"] <= 105e9 <= year["upper"]
    assert "2024-Q4" in set(bounds["period"])


# What is said beyond figures.


def years(*surfaces):
    """Amounts of the years up to 2024, each of a release of its own."""
    first = 2025 - len(surfaces)
    return [
        level(surface, period=first + n, vintage=first + n + 1, published=f"{first + n + 1}-01")
        for n, surface in enumerate(surfaces)
    ]


def judged(ledger, kind, others, **claim):
    folder = ledger(others=others, claims=[{"kind": kind} | claim])
    checks = tradelib.audit(folder=folder, checks=True)
    return checks[checks["rule"] == "claims"].iloc[0]


SHARE = {"measure": "share", "flow": "production", "product": "manufactures", "period": 2024}
CLAIMS = [
    ("record", years("20.1 bn euros", "25.4 bn euros", "26.1 bn euros"), {}, AGREES),
    ("record", years("20.1 bn euros", "27.4 bn euros", "26.1 bn euros"), {}, CONTRADICTS),
    ("record", years("26 bn euros", "26.1 bn euros"), {}, OPEN),
    ("record", years("26 bn euros"), {}, UNCHECKED),
    (
        "streak",
        [growth(r, period=2022 + n) for n, r in enumerate(("3.1%", "2%", "0.4%"))],
        {"measure": "growth", "years": 3},
        AGREES,
    ),
    (
        "streak",
        [
            *years("9 bn euros"),
            *(
                growth(r, period=2022 + n, vintage=2023 + n, published=str(2023 + n))
                for n, r in enumerate(("3.1%", "2%", "0.4%"))
            ),
        ],
        {"measure": "growth", "years": 3},
        AGREES,
    ),
    (
        "streak",
        [
            *years("9 bn euros"),
            *(
                growth(r, period=2022 + n, vintage=2023 + n, published=str(2023 + n))
                for n, r in enumerate(("3.1%", "-2%", "0.4%"))
            ),
        ],
        {"measure": "growth", "years": 3},
        CONTRADICTS,
    ),
    (
        "streak",
        years("10.0 bn euros", "14.0 bn euros", "11.0 bn euros"),
        {"measure": "growth", "years": 1},
        CONTRADICTS,
    ),
    (
        "streak",
        years("1.4 bn euros", "1.13 bn euros"),
        {"years": 2, "threshold": "1 bn euros"},
        AGREES,
    ),
    (
        "streak",
        years("0.8 bn euros", "1.13 bn euros"),
        {"years": 2, "threshold": "1 bn euros"},
        CONTRADICTS,
    ),
    ("first above", years("1.77 bn euros", "over 2 bn euros"), {"threshold": "2 bn euros"}, AGREES),
    (
        "first above",
        years("2.1 bn euros", "over 2 bn euros"),
        {"threshold": "2 bn euros"},
        CONTRADICTS,
    ),
    (
        "rank",
        [level("1.13 bn euros", product="ships"), level("0.9 bn euros", product="toys")],
        {"product": "ships"},
        AGREES,
    ),
    (
        "rank",
        [level("1.13 bn euros", product="ships"), level("1.9 bn euros", product="toys")],
        {"product": "ships"},
        OPEN,
    ),
    (
        "larger than sum",
        [
            {"surface": own, "basis": basis, **SHARE} | who
            for own, basis, who in (
                ("35%", "gross", {}),
                ("27%", "gross", {"reporter": "Japan"}),
                ("29%", "value added", {}),
                ("33%", "value added", {"reporter": "Japan"}),
            )
        ],
        SHARE | {"against": "Japan"},
        OPEN,
    ),
]


@pytest.mark.parametrize(("kind", "others", "claim", "expected"), CLAIMS)
def test_claims(ledger, kind, others, claim, expected):
    assert judged(ledger, kind, others, **claim)["verdict"] == expected


def test_things_named_are_counted(ledger):
    for words, expected in (("two countries", AGREES), ("three countries", CONTRADICTS)):
        figure = {
            "surface": words,
            "measure": "number of record holders",
            "flow": "balance",
            "period": "",
        }
        claim = {"kind": "count", "against": "France;Japan", "figures": "f0", "period": ""}
        assert expected in verdicts(ledger(figure, claims=[claim]), "claims")


RISES = [
    growth(rate, period=2021 + n, vintage=2022 + n, published=str(2022 + n))
    for n, rate in enumerate(("-1%", "3.1%", "2%", "0.4%"))
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("three consecutive years", AGREES),
        ("four consecutive years", CONTRADICTS),
        ("two years", CONTRADICTS),
        ("at least two years", AGREES),
        ("nine years", CONTRADICTS),
    ],
)
def test_a_streak_of_growth_is_as_long_as_its_years(ledger, words, expected):
    streak = {"surface": words, "measure": "streak"}
    folder = ledger(streak, level("9 bn euros"), others=RISES)
    assert verdicts(folder, "count") == [expected]


def test_a_run_of_surpluses_need_not_grow(ledger):
    streak = {"surface": "44 consecutive months", "measure": "streak", "flow": "balance"}
    others = [level("4.0 bn euros", "balance", period=2023), level("3.0 bn euros", "balance")]
    assert verdicts(ledger(streak, "9 bn euros", others=others), "count") == []
    claim = {"flow": "balance", "years": 2}
    assert judged(ledger, "streak", others, **claim)["verdict"] == UNCHECKED
    grew = judged(ledger, "streak", others, **claim | {"measure": "growth"})
    assert grew["verdict"] == CONTRADICTS


def test_months_in_a_row_are_no_years(ledger):
    """Fifteen months of growth to December say nothing of the Decembers before."""
    streak = {"surface": "15 consecutive months", "measure": "streak", "period": "2024-12"}
    fell = growth("-9.5%", period=2022) | {"period": "2022-12", "basis": "2021-12"}
    assert verdicts(ledger(streak, "9 bn euros", others=[fell]), "count") == []


def test_a_count_is_told_with_the_first_claim_that_says_it(ledger):
    streak = {"surface": "nine years", "measure": "streak"}
    claim = {"kind": "streak", "measure": "growth", "years": 9, "figures": "f0"}
    claims = [claim | {"statement": statement} for statement in ("It grew", "It rose")]
    folder = ledger(streak, level("9 bn euros"), others=RISES, claims=claims)
    checks = tradelib.audit(folder=folder, checks=True).query("rule == 'count'")
    assert checks["explanation"].str.startswith("It grew.").tolist() == [True]


def test_an_old_count_is_outdated_and_not_wrong(ledger):
    """Others counted 13 by 2022 and 15 by 2024; the article does not say which year it means."""
    keys = {"measure": "streak", "flow": "production", "product": "manufactures"}
    counts = [
        {
            "surface": f"{n} years",
            "period": 2009 + n,
            "vintage": 2010 + n,
            "published": str(2010 + n),
        }
        for n in (13, 15)
    ]
    article = keys | {"surface": "13 consecutive years"}
    (finding,) = tradelib.audit(folder=ledger(article, others=[keys | c for c in counts])).to_dict(
        "records"
    )
    assert (finding["kind"], finding["verdict"]) == ("outdated", OPEN)
    assert finding["suggestion"] == "f0 reads as period 2022"
    wrong = article | {"surface": "12 consecutive years"}
    found = tradelib.audit(folder=ledger(wrong, others=[keys | c for c in counts]))
    assert found["verdict"].tolist() == [CONTRADICTS]
