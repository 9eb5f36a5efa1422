"""Looking figures up: what is found, in which currency, and what is told where nothing is."""

import csv
import math
import shutil
from datetime import date

import pandas as pd
import pytest
from samples import mean_rate

from tradelib import figures
from tradelib.ledger import data_folder, load_figures, load_reference
from tradelib.quantity import Interval
from tradelib.reference import daily_rates

pytestmark = pytest.mark.usefixtures("two_articles")
BOTH = pytest.mark.parametrize("currency", ["CNY", "USD"])


@pytest.fixture(scope="module")
def yuan(two_articles):
    return figures.load("CNY")


@pytest.fixture(scope="module")
def dollars(two_articles):
    return figures.load("USD")


def near(estimate, lower, upper, rel=5e-4):
    return math.isclose(estimate.interval.lower, lower, rel_tol=rel) and math.isclose(
        estimate.interval.upper, upper, rel_tol=rel
    )


def test_the_share_of_asean_under_the_other_reading():
    articles, _ = figures.load("CNY", "printed")
    trade = articles.by("partner", flow="trade", period=2025)
    share = trade["ASEAN"] / trade["World"]
    # 7.545 to 7.56 of 45.465 to 45.48 trillion yuan.
    assert near(share, 7.545 / 45.48, 7.56 / 45.465)


def test_imports_from_africa(yuan):
    articles, others = yuan
    grown = 1 + articles.one(flow="exports", measure="growth", partner="Africa", period=2025)
    exports = others.one(flow="exports", partner="Africa", period=2024) * grown
    imports = articles.one(flow="trade", partner="Africa", period=2025) - exports
    # 2.49 trillion yuan less 1.27225 that grew 25.8% in dollars; by customs 0.88 in all.
    assert 2.49e12 - 1.27225e12 * 1.258 * 1.061 / 1.055 in imports.interval


def test_growth_of_the_surplus_in_won(yuan):
    _, others = yuan
    won = others.by("period", flow="balance", period=[2024, 2025], currency="KRW")
    growth = won[2025] / won[2024] - 1
    rates = [mean_rate("KRW", "USD", year) for year in (2024, 2025)]
    assert 1188.98 * rates[1] / (992.6 * rates[0]) - 1 in growth.interval


def test_a_products_share_of_exports(yuan):
    articles, _ = yuan
    exports = articles.by("product", flow="exports", period=2024)
    share = exports["integrated circuits"] / exports["All"]
    assert near(share, 1.125 / 25.45, 1.135 / 25.35)


def test_a_look_up_by_two_keys_makes_a_table(dollars):
    _, others = dollars
    years = range(2021, 2026)
    flows = others.by("flow", "period", flow=["exports", "imports"], period=years).unstack("flow")
    assert flows.index.tolist() == [*years]
    assert flows.dtypes.tolist() == ["estimate", "estimate"]
    gap = flows["exports"] - flows["imports"]
    assert gap.sort_values().index[-1] == 2025
    assert near(gap[2025], 1188.9772e9, 1188.9772e9, 1e-6)


def test_keys_stand_for_what_is_meant_else(yuan):
    articles, others = yuan
    growth = articles.by("partner", flow="exports", measure="growth", period=2025)
    assert {"World", "Africa", "United States"} < {*growth.index}
    assert articles.by("period", flow="exports").index.tolist() == [2024, 2025]
    holders = articles.by(
        "reporter", flow="balance", measure="record level", period=None, currency="USD"
    )
    assert [*holders.index] == ["United States", "Japan", "Germany"]
    shares = others.by("reporter", flow="production", measure="share", product="manufactures",
        basis="world value added", period=2020)  # fmt: skip
    assert shares["China"].row["surface"] == "29%"


def test_of_several_rows_on_one_quantity_the_narrowest_counts(yuan, dollars):
    # "20%" stands thrice, "25%" and "25.8%" for Africa; the customs' table is finer than the page.
    growth = dollars[0].by("partner", flow="exports", measure="growth", period=2025)
    assert growth["Africa"].row["surface"] == "25.8%"
    assert yuan[1].one(flow="exports", period=2024).row["surface"] == "25.4545 trillion yuan"
    assert yuan[1].one(flow="exports", period=2024, vintage=2025).row["vintage"] == 2025


def test_what_is_printed_in_the_currency_is_taken_as_printed(yuan, dollars):
    for articles, others in (yuan, dollars):
        trade = articles.one(flow="trade", period=2025, currency="KRW")
        assert trade.row["surface"] == "about 9,632 trillion won"
        assert others.one(flow="balance", period=2025, currency="USD").row["unit"] == "USD"
    assert dollars[0].one(flow="trade", period=2025).unit == "USD"


def test_a_rate_is_of_one_vintage(yuan):
    # By hand, yuan and dollars of one release. 26.9892 trillion yuan of 2025 had grown 6.1%; trade
    # of 2021 leaves less open than exports.
    by_hand = {
        2019: (17.225 / 2.499029, 17.235 / 2.499029),
        2021: (39.05 / 6.055, 39.15 / 6.045),
        2022: (23.965 / 3.595, 23.975 / 3.585),
        2023: (23.76555 / 3.3790445, 23.76565 / 3.3790435),
        2024: (26.9892 / 1.0615 / 3.57585, 26.9892 / 1.0605 / 3.57575),
        2025: (26.9892 / 3.7718733, 26.9892 / 3.7718733),
    }
    for year, (low, high) in by_hand.items():
        printed, told = (yuan[1].one(flow="GDP", period=year, currency=c) for c in ("CNY", "USD"))
        ends = printed.interval.lower / high, printed.interval.upper / low
        assert near(told, *ends, rel=1e-5), year
        assert told.unit == "USD"
        assert told.name.endswith(f" × customs’ rate of {year} (dollars per yuan)")
    # 23.97 trillion was the first release of 2022, 3,544.4 billion dollars the revision.
    assert not by_hand[2022][0] <= 23.97 / 3.5444 <= by_hand[2022][1]


def test_a_third_currency_goes_by_the_dollar(yuan):
    won, dollars = (yuan[1].one(flow="GDP", period=2025, currency=c) for c in ("KRW", "USD"))
    assert float(won) == pytest.approx(float(dollars) * mean_rate("KRW", "USD", 2025))
    assert "ECB’s mean rate of 2025 (won per dollar) × customs’ rate of 2025 (doll" in won.name


def test_both_years_of_a_growth_are_translated_from_one_source(dollars):
    # 2021 is known by the customs, 2020 is not: both by the central bank.
    told = dollars[1].one(flow="trade", measure="growth", period=2021)
    rates = {year: mean_rate("USD", "CNY", year) for year in (2020, 2021)}
    assert near(told, *((g * rates[2021] / rates[2020] - 1) for g in (1.2135, 1.2145)))
    assert told.name.count("ECB’s mean rate") == 2
    # 2025 and 2024 are: 5.5% in dollars was published, too.
    told = dollars[0].one(flow="exports", measure="growth", period=2025)
    assert 0.055 in told.interval
    assert told.name.count("customs’ rate") == 2


def test_growth_is_translated_both_ways(yuan, dollars):
    for partner in ("United States", "Africa", "ASEAN"):
        asked = {"flow": "exports", "measure": "growth", "partner": partner, "period": 2025}
        printed, told = dollars[0].one(**asked), yuan[0].one(**asked)
        assert printed.origin == "printed"
        assert told.origin == "computed"
        now, before = (
            dollars[1].one(flow="GDP", period=year) / yuan[1].one(flow="GDP", period=year)
            for year in (2025, 2024)
        )
        back = (1 + told) * now / before - 1
        assert back.interval.lower < printed.interval.lower
        assert printed.interval.upper < back.interval.upper


@BOTH
def test_levels_and_growth_agree_in_either_currency(currency):
    articles, others = figures.load(currency, "printed")
    before, now = (others.one(flow="exports", period=year) for year in (2024, 2025))
    growth = articles.one(flow="exports", measure="growth", period=2025)
    # The growth is over the revision of 2024, which was 0.06% below the first release.
    assert float(before * (1 + growth) / now) == pytest.approx(1, abs=2e-3)
    assert before.unit == now.unit == currency


def test_shares_and_counts_have_no_currency(yuan, dollars):
    for asked in (
        {"measure": "share", "flow": "trade", "partner": "United States", "period": 2025},
        {"measure": "units", "flow": "exports", "product": "automobiles", "period": 2024},
        {"measure": "units growth", "flow": "exports", "product": "automobiles", "period": 2024},
        {"measure": "streak", "flow": "trade", "period": 2025},
    ):
        assert yuan[0].one(**asked) == dollars[0].one(**asked)


@pytest.mark.parametrize("reading", ["rounded", "printed"])
def test_a_mark_is_exact_by_its_meaning(reading):
    asked = {"flow": "exports", "product": "integrated circuits", "period": 2024}
    for currency, exact in (("CNY", 1e12), ("USD", 140.6e9)):
        articles, _ = figures.load(currency, reading)
        mark, sold = articles.one(measure="threshold", **asked), articles.one(**asked)
        assert near(mark, exact, exact, rel=1.1e-3)
        before = sold / (1 + articles.one(measure="growth", currency="CNY", **asked))
        assert sold > mark
        assert before < mark or currency == "USD"


def test_before_there_was_a_rate_of_the_yuan(yuan):
    asked = {"reporter": "Japan", "flow": "balance", "period": 1994}
    assert yuan[1].one(**asked, currency="USD").unit == "USD"
    with pytest.raises(
        ValueError,
        match=r"^Japan’s balance in 1994 .*: the rates of CNY for USD .* name its own currency",
    ):
        yuan[1].one(**asked)


TYPOS = [  # what is asked, kind of error, sentence
    ({"partner": "Asean"}, ValueError, r"unknown partner 'Asean' \(did you mean 'ASEAN'\?\)"),
    ({"flow": "import"}, ValueError, r"unknown flow 'import' \(did you mean 'imports'\?\), exp"),
    ({"period": "2025"}, ValueError, r"unknown period '2025' \(did you mean 2025\?\), expected"),
    ({"partnr": "ASEAN"}, ValueError, r"unknown column 'partnr' \(did you mean 'partner'\?\)"),
    ({"product": "chips"}, ValueError, r"'chips' \(did you mean 'integrated circuits'\?\), expe"),
    ({"partner": "the USA"}, ValueError, r"'the USA' \(did you mean 'United States'\?\), expected"),
    ({"basis": 2024}, ValueError, r"unknown basis 2024 \(did you mean '2024'\?\)"),
    ({"currency": "dollar"}, ValueError, "unknown currency 'dollar', expected one of .*USD"),
    ({"period": 1066}, ValueError, "unknown period 1066, expected one of .*, 2024, 2025"),
    ({"partner": "France"}, LookupError, "the articles have no figure with .*partner France"),
    ({"period": [2025, 2023]}, LookupError, "no figure with reporter China.*period 2023"),
    ({"period": [2024, 2025]}, ValueError, "period may be 2024, 2025: name one of them, or make"),
]


@pytest.mark.parametrize(("wrong", "kind", "sentence"), TYPOS)
def test_typos_are_told(yuan, wrong, kind, sentence):
    with pytest.raises(kind, match=sentence) as told:
        yuan[0].one(**({"flow": "exports", "period": 2025} | wrong))
    assert "\n" not in str(told.value)


def test_what_has_to_be_named(yuan):
    articles, others = yuan
    for asked, name in (({"period": 2025}, "flow"), ({"flow": "exports"}, "period")):
        with pytest.raises(ValueError, match=f"name a {name}, as in {name}=…, or make it a key"):
            articles.one(**asked)
    with pytest.raises(LookupError, match=r"others have no figure with .*article surplus-2024"):
        others.one(flow="exports", period=2024, article="surplus-2024")
    with pytest.raises(ValueError, match="name a key"):
        articles.by(flow="exports", period=2025)
    with pytest.raises(ValueError, match="unknown column 'partners'"):
        articles.by("partners", flow="exports", period=2025)
    with pytest.raises(ValueError, match=r"basis may be world .*: name one of them, or make basis"):
        others.one(flow="production", measure="share", product="manufactures", period=2020)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (("usd",), r"unknown currency 'usd' \(did you mean 'USD'\?\)"),
        ((5,), "unknown currency 5, expected one of "),
        (
            ("CNY", "print"),
            r"unknown reading 'print' \(did you mean 'printed'\?\), expected one of ",
        ),
        (("CNY", 1), "unknown reading 1, expected one of rounded, printed"),
        (("CNY", None), "unknown reading None"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        figures.load(*settings)


def test_completion_gives_a_handful_of_names(yuan):
    assert [name for name in dir(yuan[0]) if not name.startswith("_")] == ["by", "one", "table"]
    assert repr(yuan[0]) == "68 figures of the articles, in CNY: .by, .one, .table"
    assert isinstance(yuan[0].table, pd.DataFrame)
    assert len(yuan[1].table) == len(load_reference())


def appended(folder, file, **cells):
    """Add a row to a table of a copy of the data, like its last row but for some cells."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as handle:
        *_, last = csv.DictReader(handle)
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, [*last], lineterminator="\n").writerow(last | cells)


def asked_by_name(articles, others):
    """Look-ups that name all they mean, as the stories do."""
    exports, growth = {"flow": "exports"}, {"flow": "exports", "measure": "growth"}
    pinned = {"article": "surplus-2024"}
    yield from others.by("partner", period=2024, **exports).items()
    yield from articles.by("partner", period=2025, **growth).items()
    yield from articles.by("product", period=2024, **exports, **pinned).items()
    yield from others.by("period", flow="balance", period=range(2021, 2025)).items()
    yield 0, articles.one(flow="balance", period=2025)
    yield 0, articles.one(period=2024, **growth)


@BOTH
@pytest.mark.parametrize("reading", ["rounded", "printed"])
def test_further_articles_and_years_change_no_answer(tmp_path, currency, reading):
    before = [*asked_by_name(*figures.load(currency, reading))]
    shutil.copytree(data_folder(), tmp_path / "data")
    more = {"partner": "World", "measure": "level", "basis": "", "currency_basis": "", "note": ""}
    more |= {"direction": "", "unit_hint": "", "article": "another"}
    appended(tmp_path / "data", "articles.csv", article="another", year="2026", published="2027-01")
    new = {"product": "hovercraft", "short": "hovercraft", "aliases": ""}
    appended(tmp_path / "data", "products.csv", **new)
    for year, surface in (("2023", "23.8 trillion yuan"), ("2026", "28 trillion yuan")):
        rows = more | {"period": year, "flow": "exports", "vintage": "2027", "surface": surface}
        appended(tmp_path / "data", "figures.csv", **rows, figure=f"new-{year}")
        del rows["direction"], rows["article"]
        rows |= {"product": "All", "published": "2027-01", "reference": f"ref-new-{year}"}
        appended(tmp_path / "data", "reference.csv", **rows)
    hovercraft = more | {
        "measure": "growth",
        "product": "hovercraft",
        "surface": "30%",
        "basis": "2023",
    }
    hovercraft |= {"flow": "exports", "period": "2024", "currency_basis": "CNY", "direction": "up"}
    appended(
        tmp_path / "data", "figures.csv", **hovercraft, figure="new-hovercraft", vintage="2027"
    )
    articles, others = figures.load(currency, reading, tmp_path / "data")
    assert len(articles.table) == len(load_figures(folder=data_folder())) + 3
    assert [*asked_by_name(articles, others)] == before
    assert 28e12 in others.one(flow="exports", period=2026, currency="CNY").interval
    assert articles.one(
        flow="exports", measure="growth", product="hovercraft", period=2024, currency="CNY"
    ).interval == Interval(*((0.295, 0.305) if reading == "rounded" else (0.295, 0.31)))


def test_an_amount_is_translated_by_the_rate_of_its_time(tmp_path):
    shutil.copytree(data_folder(), tmp_path / "data")
    row = {"partner": "World", "product": "All", "flow": "exports", "measure": "level", "basis": ""}
    row |= {"surface": "850 billion dollars", "vintage": "2025"}
    quarter = {"period": "2025-Q1", "published": "2025", "note": "", "reference": "ref-new-quarter"}
    appended(tmp_path / "data", "reference.csv", **row, **quarter)
    record = {"period": "", "measure": "record level", "direction": "", "figure": "new-record"}
    record |= {"article": "surplus-2024", "paragraph": "1", "currency_basis": "", "unit_hint": ""}
    appended(tmp_path / "data", "figures.csv", **row | record)
    articles, others = figures.load("CNY", folder=tmp_path / "data")
    told = others.one(flow="exports", period="2025-Q1")
    rates = daily_rates("CNY", "USD", date(2025, 1, 1), date(2025, 3, 31))
    assert float(told) == pytest.approx(850e9 * rates.mean())
    assert told.name.endswith(" × ECB’s mean rate of 2025-Q1 (yuan per dollar)")
    with pytest.raises(ValueError, match="has no year to translate it: name its own currency"):
        articles.one(flow="exports", measure="record level", period=None)
