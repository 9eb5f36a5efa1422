"""What the audit finds in the two articles, and in a ledger it has never seen."""

import json
import shutil

import pandas as pd
import pytest

import tradelib
from tradelib.cli import main
from tradelib.ledger import data_folder, load_table

VERDICTS = {"agrees", "agrees if cut off", "contradicts", "undecidable", "not checkable"}


@pytest.fixture(scope="module")
def printed():
    return tradelib.audit()


@pytest.fixture(scope="module")
def corrected():
    return tradelib.audit(corrected=True)


def rows(checks, *figures, rule=None, verdict=None):
    keep = checks["figures"].map(lambda names: set(figures) <= set(names))
    for column, value in (("rule", rule), ("verdict", verdict)):
        if value:
            keep &= checks[column] == value
    return checks[keep]


def test_a_table_with_the_words_of_the_design(printed, corrected):
    for checks in (printed, corrected):
        assert list(checks) == ["rule", "figures", "verdict", "gap", "explanation", "suggestion"]
        assert set(checks["verdict"]) <= VERDICTS
        assert checks["explanation"].str.endswith(".").all()
        order = checks["verdict"].map(
            ["contradicts", "undecidable", "agrees if cut off", "not checkable", "agrees"].index
        )
        assert order.is_monotonic_increasing


def test_the_amount_labelled_exports_is_trade(printed):
    wrong = rows(printed, "trade-2025", "exports-2025", rule="repetition", verdict="contradicts")
    assert "trade-2025 reads as flow trade" in wrong.iloc[0]["suggestion"]
    assert "68.39% apart" in wrong.iloc[0]["explanation"]


def test_corrected_the_sum_is_written_out(corrected):
    sums = rows(corrected, "exports-2025", "imports-2025", "trade-2025", rule="balance")
    assert (
        "“26.99 trillion yuan” + “18.48 trillion yuan” = 45.46 to 45.48 trillion yuan; trade in "
        "2025 is printed as “45.47 trillion yuan”: they agree."
    ) in sums["explanation"].tolist()


def test_the_share_is_of_trade_and_not_of_exports(printed, corrected):
    wrong = rows(printed, "us-trade-2025", "exports-2025", "us-share-2025", verdict="contradicts")
    assert wrong.iloc[0]["suggestion"] == "us-share-2025 reads as basis trade"
    right = rows(corrected, "us-trade-2025", "trade-2025", "us-share-2025", rule="share")
    assert right["verdict"].tolist() == ["agrees"]


@pytest.mark.parametrize("reference", [True, False])
def test_chips_were_not_above_a_trillion_two_years_running(reference):
    checks = tradelib.audit(corrected=True, reference=reference)
    claim = rows(checks, "chips-threshold", "chips-threshold-streak", rule="claims")
    assert claim["verdict"].tolist() == ["contradicts"]
    assert "2023" in claim.iloc[0]["explanation"]


def test_larger_products_than_chips_are_printed_in_the_same_article(corrected):
    claims = corrected[corrected["explanation"].str.startswith("Chips were the largest")]
    assert claims["verdict"].tolist() == ["contradicts"]
    why = claims.iloc[0]["explanation"]
    assert "automatic data processing equipment (1.4 trillion RMB)" in why
    assert "as sums of lines, clothing and footwear" in why


@pytest.mark.parametrize(
    ("figure", "other"),
    [
        ("africa-exports-growth-2025-headline", "africa-exports-growth-2025"),
        ("exports-2024", "ref-exports-2024-table"),
        ("chips-exports-2024", "ref-integrated-circuits-exports-2024"),
    ],
)
def test_cut_off_and_not_rounded(corrected, figure, other):
    (found,) = rows(corrected, figure, other, rule="repetition").to_dict("records")
    assert found["verdict"] == "agrees if cut off"
    surface = tradelib.load_figures().set_index("figure").loc[figure, "surface"]
    assert f"only if “{surface}” was cut off" in found["explanation"]


@pytest.mark.parametrize("partner", ["us", "africa", "asean", "eu", "latin-america"])
def test_growth_by_partner_is_in_dollars(printed, partner):
    found = rows(printed, f"{partner}-exports-growth-2025", rule="repetition")
    assert any("reads as currency basis USD" in mend for mend in found["suggestion"])


def test_manufacturing_against_the_sources(printed):
    (count,) = rows(printed, "manufacturing-streak-2024", rule="repetition").to_dict("records")
    assert (count["verdict"], count["suggestion"]) == (
        "contradicts",
        "manufacturing-streak-2024 reads as period 2022",
    )
    (share,) = rows(printed, "manufacturing-share-2024", rule="repetition").to_dict("records")
    assert share["verdict"] == "undecidable"
    assert "“29%” of world value added in 2020" in share["explanation"]


@pytest.mark.parametrize(
    ("one", "two"), [("trade-2025", "trade-2025-krw"), ("balance-2025-usd", "balance-2025-krw")]
)
def test_won_and_dollars_against_the_rates_of_those_days(corrected, one, two):
    found = rows(corrected, one, two, rule="conversion")
    assert set(found["verdict"]) == {"agrees"}


def test_what_holds(corrected):
    for figures in (["belt-road-share-2025"], ["belt-road-trade-growth-2025"], ["balance-2024"]):
        found = rows(corrected, *figures)
        assert set(found["verdict"]) == {"agrees"}
    streaks = corrected[corrected["explanation"].str.startswith("Total trade grew")]
    assert streaks["verdict"].tolist() == ["agrees"]
    why = streaks.iloc[0]["explanation"]
    assert "Trade in yuan grew in each year" in why
    assert "imports in yuan fell in 2020 and 2023" in why
    assert "in dollars fell in 2023" in why


def test_a_revision_is_told_apart_from_an_error(corrected):
    found = rows(corrected, "belt-road-trade-growth-2025", "ref-trade-with-belt-and-road-2024")
    assert "a revision of 0.24% between the two releases allowed for" in "".join(
        found["explanation"]
    )


def test_no_false_alarm(corrected):
    """After corrections only what is wrong contradicts: three claims, the years of two streaks."""
    wrong = corrected[corrected["verdict"] == "contradicts"]
    assert sorted(wrong["rule"]) == ["claims", "claims", "claims", "count", "repetition"]
    alone = tradelib.audit(corrected=True, reference=False)
    wrong = alone[alone["verdict"] == "contradicts"]
    assert sorted(wrong["rule"]) == ["claims", "claims", "count"]


def test_suggestions_are_what_the_corrections_say(printed):
    mends = {mend for told in printed["suggestion"] for mend in told.split("; ") if mend}
    labels = load_table("corrections").query("field != 'currency_basis'")
    for row in labels.to_dict("records"):
        assert f"{row['figure']} reads as {row['field']} {row['read_as']}" in mends
    named = {mend.split(" reads as ")[0] for mend in mends}
    assert named <= {*load_table("corrections")["figure"], "manufacturing-streak-2024"}


def test_every_figure_is_in_the_report(printed):
    told = {name for names in printed["figures"] for name in names}
    assert set(tradelib.load_figures()["figure"]) <= told
    alone = tradelib.audit(reference=False)
    silent = rows(alone, "eu-exports-growth-2025", rule="none")
    assert silent["verdict"].tolist() == ["not checkable"]


# A ledger for another country.


@pytest.fixture
def japan(tmp_path):
    """Japan's trade with two partners, in yen: one sum is wrong, one share is of exports."""
    for path in data_folder().iterdir():
        shutil.copy(path, tmp_path)
    for name in ("claims", "corrections", "reference"):
        head = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (tmp_path / f"{name}.csv").write_text(f"{head}\n", encoding="utf-8")
    articles = load_table("articles").iloc[:1].assign(article="yen-2023", published="2024-01")
    articles.to_csv(tmp_path / "articles.csv", index=False)
    lines = [
        ("exports", "100.9 trillion yen", "World", "exports", "level", 2023, ""),
        ("imports", "110.2 trillion yen", "World", "imports", "level", 2023, ""),
        ("balance", "9.3 trillion yen", "World", "balance", "level", 2023, ""),
        ("growth", "2.8%", "World", "exports", "growth", 2023, "2022"),
        ("before", "98.2 trillion yen", "World", "exports", "level", 2022, ""),
        ("us", "20.3 trillion yen", "United States", "exports", "level", 2023, ""),
        ("us-share", "20.1%", "United States", "exports", "share", 2023, "trade"),
        ("eu", "$73.2 billion", "European Union", "exports", "level", 2023, ""),
        ("eu-yen", "10.3 trillion yen", "European Union", "exports", "level", 2023, ""),
        ("dollars", "$717 billion", "World", "exports", "level", 2023, ""),
    ]
    table = pd.DataFrame(
        {
            "figure": name, "article": "yen-2023", "paragraph": 1, "sentence": 1,
            "surface": surface, "direction": "up" if measure == "growth" else "", "unit_hint": "",
            "reporter": "Japan", "partner": partner, "product": "All", "flow": flow,
            "measure": measure, "period": period, "basis": basis, "vintage": 2024,
            "currency_basis": "JPY" if measure == "growth" else "", "note": "",
        }
        for name, surface, partner, flow, measure, period, basis in lines
    )  # fmt: skip
    table.to_csv(tmp_path / "figures.csv", index=False)
    return tmp_path


def test_another_country(japan):
    checks = tradelib.audit(folder=japan)
    verdict = {(row.rule, *row.figures): row.verdict for row in checks.itertuples()}
    assert verdict["balance", "exports", "imports", "balance"] == "contradicts"
    (mend,) = rows(checks, "balance", rule="balance")["suggestion"]
    assert mend == "balance reads as flow deficit"
    assert verdict["growth", "exports", "growth", "before"] == "agrees"
    assert verdict["conversion", "eu-yen", "eu"] == "agrees"
    assert verdict["conversion", "exports", "dollars"] == "agrees"
    wrong = rows(checks, "us-share", rule="share").iloc[0]
    assert (wrong["verdict"], wrong["suggestion"]) == (
        "contradicts",
        "us-share reads as basis exports",
    )
    bounds = tradelib.reconcile(folder=japan)
    assert bounds.attrs["set_aside"] == ["balance", "us-share"]
    found = bounds.query("flow == 'trade' and unit == 'JPY' and period == 2023").iloc[0]
    assert found["lower"] <= 211.1e12 <= found["upper"]


def test_ledgers_without_figures_or_without_further_tables(japan):
    package = json.loads((japan / "datapackage.json").read_text(encoding="utf-8"))
    listed = [r for r in package["resources"] if r["name"] in ("articles", "figures", "partners")]
    for resource in listed:
        resource["schema"]["foreignKeys"] = []
    for path in japan.glob("*.csv"):
        if path.stem not in ("articles", "figures", "partners"):
            path.unlink()
    text = json.dumps(package | {"resources": listed})
    (japan / "datapackage.json").write_text(text, encoding="utf-8")
    assert "contradicts" in set(tradelib.audit(folder=japan)["verdict"])
    head = (japan / "figures.csv").read_text(encoding="utf-8").splitlines()[0]
    (japan / "figures.csv").write_text(f"{head}\n", encoding="utf-8")
    assert tradelib.audit(folder=japan).empty
    assert tradelib.reconcile(folder=japan).empty


# The command line.


def test_json_lines(capsys):
    assert main(["audit", "--format", "jsonl", "--corrected"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(lines[0]) == ["rule", "figures", "verdict", "gap", "explanation", "suggestion"]
    assert lines[0]["verdict"] == "contradicts"
    assert all(isinstance(line["figures"], list) and line["figures"] for line in lines)
    assert {line["gap"] for line in lines if line["rule"] == "claims"} == {None}


@pytest.mark.parametrize(
    ("form", "first"), [("table", "CONTRADICTS ("), ("md", "| rule | figures | verdict | gap |")]
)
def test_other_formats(capsys, form, first):
    assert main(["audit", "--no-reference", "--format", form]) == 0
    assert capsys.readouterr().out.startswith(first)


def test_a_deficit_is_a_balance_below_zero(japan):
    table = pd.read_csv(japan / "figures.csv", dtype=str, keep_default_na=False)
    table["flow"] = table["flow"].mask(table["figure"] == "balance", "deficit")
    table.to_csv(japan / "figures.csv", index=False)
    found = rows(tradelib.audit(folder=japan), "balance", rule="balance")
    assert found["verdict"].tolist() == ["agrees"]
    assert "printed as −“9.3 trillion yen”" in found.iloc[0]["explanation"]


def test_strict_counts_what_no_correction_answers(japan, capsys):
    assert main(["audit", "--strict", "--output", str(japan / "audit.txt")]) == 1
    assert (japan / "audit.txt").read_text(encoding="utf-8").startswith("CONTRADICTS")
    assert main(["audit", "--data", str(japan)]) == 0
    assert main(["audit", "--data", str(japan), "--strict"]) == 1
    table = pd.read_csv(japan / "figures.csv", dtype=str, keep_default_na=False)
    table[~table["figure"].isin(["balance", "us-share"])].to_csv(japan / "figures.csv", index=False)
    capsys.readouterr()
    assert main(["audit", "--data", str(japan), "--strict"]) == 0
    assert "CONTRADICTS" not in capsys.readouterr().out


def test_no_ledger(tmp_path, capsys):
    assert main(["audit", "--data", str(tmp_path)]) == 2
    assert "datapackage.json: not found" in capsys.readouterr().err
