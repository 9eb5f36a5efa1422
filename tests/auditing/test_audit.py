"""What the audit finds in the two articles, and what it refuses to read."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import tradelib
from tests.auditing.worlds import write_table
from tradelib import ledger as tables
from tradelib.cli import main
from tradelib.ledger import DataError, load_table
from tradelib.quantity import Interval

FINDINGS = ["kind", "article", "figures", "verdict", "evidence", "checks", "suggestion"]
CHECKS = ["rule", "figures", "verdict", "gap", "explanation", "suggestion"]
ORDER = ["contradicts", "undecidable", "agrees if cut off", "not checkable", "agrees"]


@pytest.fixture(scope="module")
def printed():
    return tradelib.audit()


@pytest.fixture(scope="module")
def corrected():
    return tradelib.audit(corrected=True)


def of(findings, figure, kind=None):
    """The findings on a figure, of one kind if it is named."""
    keep = findings["figures"].map(lambda names: figure in names)
    return findings[keep & (findings["kind"] == kind) if kind else keep]


def test_findings_and_checks_worst_first(printed):
    checks = tradelib.audit(checks=True)
    for table, columns, told in ((printed, FINDINGS, "evidence"), (checks, CHECKS, "explanation")):
        assert list(table) == columns
        assert table["verdict"].map(ORDER.index).is_monotonic_increasing
        assert table[told].str.endswith(".").all()
    assert (printed["checks"].sum(), len(printed)) < (len(checks), 25)


def test_a_folder_of_the_same_name_does_not_hide_the_function():
    import tradelib.auditing.rules

    assert callable(tradelib.audit)
    assert not tradelib.audit(reference=False).empty


# What must be found in the two articles.


def test_the_amount_labelled_exports_is_trade(printed):
    (finding,) = of(printed, "trade-2025", "label").to_dict("records")
    assert finding["figures"] == ("trade-2025", "trade-2025-krw", "trade-growth-2025")
    assert finding["evidence"] == (
        "Exports in 2025: “45.47 trillion yuan” and “26.99 trillion yuan”. They cannot both be "
        "true: they lie 18.46 trillion yuan (68.4%) apart."
    )
    assert finding["checks"] > 20
    assert printed.index[0] == of(printed, "trade-2025", "label").index[0]


def test_the_share_is_of_trade_and_not_of_exports(printed, corrected):
    (finding,) = of(printed, "us-share-2025", "label").to_dict("records")
    assert finding["suggestion"] == "us-share-2025 reads as basis trade"
    assert of(corrected, "us-share-2025").empty


@pytest.mark.parametrize("reference", [True, False])
def test_chips_were_not_above_a_trillion_two_years_running(reference):
    findings = tradelib.audit(corrected=True, reference=reference)
    (finding,) = of(findings, "chips-threshold-streak").to_dict("records")
    assert (finding["kind"], finding["verdict"]) == ("claim", "contradicts")
    assert finding["checks"] == 2  # the count and the claim that says the same
    assert "945 to 970 billion yuan (2023), below 1 trillion RMB" in finding["evidence"]


def test_nine_years_are_those_of_the_total_and_of_exports_in_yuan(printed):
    (claim,) = of(printed, "streak-2025-quote", "claim").to_dict("records")
    assert claim["verdict"] == "contradicts"
    assert "Imports in yuan fell in 2020 and 2023" in claim["evidence"]
    (total,) = of(printed, "streak-2025", "depends").to_dict("records")
    assert "Trade in yuan grew in each year; trade in dollars fell in 2023" in total["evidence"]
    (imports,) = of(printed, "imports-2025", "depends").to_dict("records")
    assert "in dollars" in imports["evidence"]


def test_what_is_said_of_claims_can_be_read_by_whoever_reads_english(printed):
    claims = printed[printed["kind"].isin(["claim", "open", "depends"])]
    assert not claims["evidence"].str.contains("[\u2e80-\u9fff]").any()
    assert claims["evidence"].str.contains("153.9 billion dollars, above").any()


def test_the_largest_single_product_is_left_open(printed):
    chips = of(printed, "chips-exports-2024", "open")
    (finding,) = chips[chips["evidence"].str.contains("largest single")].to_dict("records")
    assert finding["verdict"] == "undecidable"
    assert "“1.4 trillion RMB” (automatic data processing equipment)" in finding["evidence"]


def test_thirteen_years_are_an_old_count(printed):
    (finding,) = of(printed, "manufacturing-streak-2024").to_dict("records")
    assert (finding["kind"], finding["verdict"]) == ("outdated", "undecidable")
    assert finding["suggestion"] == "manufacturing-streak-2024 reads as period 2022"


def test_the_share_of_manufacturing_depends_on_the_measure(printed):
    (finding,) = of(printed, "manufacturing-share-2024").to_dict("records")
    assert (finding["kind"], finding["verdict"]) == ("open", "undecidable")
    assert "(world value added in 2020). It depends on the measure." in finding["evidence"]


def test_two_hundred_and_forty_partners_were_249(printed):
    (finding,) = of(printed, "partners-2025").to_dict("records")
    assert (finding["kind"], finding["verdict"]) == ("number", "contradicts")
    assert "249" in finding["evidence"]


def test_digits_cut_off(printed):
    cut = printed[printed["kind"] == "cut off"]
    assert {name for names in cut["figures"] for name in names} >= {
        "exports-2024",
        "chips-exports-2024",
        "computers-exports-2024",
        "africa-exports-growth-2025-headline",
    }


def test_growth_by_partner_is_in_dollars(printed):
    (finding,) = printed[printed["kind"] == "currency"].to_dict("records")
    assert finding["verdict"] == "undecidable"  # an omission, and no error
    rates = load_table("corrections").query("field == 'currency_basis'")["figure"]
    assert set(finding["figures"]) == set(rates)


def test_what_holds(corrected):
    told = set(corrected.query("verdict != 'agrees'")["figures"].explode())
    holds = {
        "belt-road-share-2025",
        "belt-road-trade-growth-2025",
        "balance-2024",
        "balance-2025-usd",
        "trade-2025-krw",
        "balance-2025-krw",
        "streak-2025",
    }
    assert not told & holds
    checks = tradelib.audit(corrected=True, checks=True)
    assert (
        "Trade in 2025: “26.99 trillion yuan” + “18.48 trillion yuan” = 45.46 to 45.48 trillion "
        "yuan; printed is “45.47 trillion yuan”. They agree."
    ) in set(checks["explanation"])


def test_no_false_alarm(corrected):
    """With labels corrected only what is wrong contradicts: three claims and a count."""
    wrong = corrected[corrected["verdict"] == "contradicts"]
    assert sorted(wrong["kind"]) == ["claim", "claim", "claim", "number"]
    alone = tradelib.audit(corrected=True, reference=False)
    assert alone[alone["verdict"] == "contradicts"]["kind"].tolist() == ["claim"]


def test_suggestions_are_what_the_corrections_say(printed):
    mends = {mend for told in printed["suggestion"] for mend in told.split("; ") if mend}
    for row in load_table("corrections").to_dict("records"):
        field = row["field"].replace("_", " ")
        assert f"{row['figure']} reads as {field} {row['read_as']}" in mends
    named = {mend.split(" reads as ")[0] for mend in mends}
    known = {*load_table("corrections")["figure"], "manufacturing-streak-2024", "partners-2025"}
    assert named == known


def test_every_figure_is_in_the_report():
    told = {name for names in tradelib.audit(checks=True)["figures"] for name in names}
    assert set(tradelib.load_figures()["figure"]) <= told
    alone = tradelib.audit(reference=False)
    assert not of(alone, "eu-exports-growth-2025", "unchecked").empty


def test_the_room_for_revisions_is_the_largest_there_was():
    """Of all levels that a later release's growth implies anew, in reference.csv."""
    reference = tradelib.load_reference().query(
        "measure in ('level', 'growth') and flow != 'balance'"
    )
    kind = load_table("partners").set_index("partner")["kind"]
    keys = ["reporter", "partner", "product", "flow", "vintage", "period", "money"]
    levels = reference.query("measure == 'level'").rename(columns={"unit": "money"})
    growth = reference.query("measure == 'growth'").rename(columns={"currency_basis": "money"})
    both = levels.merge(growth, on=keys, suffixes=("", "_growth"))
    both["period"] -= 1
    both = both.merge(levels, on=[key for key in keys if key != "vintage"], suffixes=("", "_then"))
    both = both[both["vintage"] > both["vintage_then"]]
    moved = {"initiative": {}, "others": {}}
    for row in both.to_dict("records"):
        rate = Interval(row["lower_growth"], row["upper_growth"])
        base = Interval(row["lower"], row["upper"]) / (1 + rate)
        apart = max(base.lower - row["upper_then"], row["lower_then"] - base.upper)
        group = "initiative" if kind[row["partner"]] == "initiative" else "others"
        moved[group][row["reference_then"]] = apart / row["lower_then"]
    page = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
    for group, room in (("others", 0.018), ("initiative", 0.07)):
        largest = max(moved[group].values())
        assert largest < room < 1.1 * largest, (group, largest)
        assert f"{room:.1%}".replace(".0%", "%") in page


# What cannot be read ends in one sentence.


def figure(**changes):
    return lambda rows: rows[0].update(changes)


REFUSED = [
    ("partners", lambda rows: rows[5].update(part_of=rows[5]["partner"]), "expected no circle"),
    (
        "partners",
        lambda rows: (
            rows[5].update(part_of=rows[6]["partner"]),
            rows[6].update(part_of=rows[5]["partner"]),
        ),
        "expected no circle",
    ),
    ("products", lambda rows: rows[3].update(part_of="Nothing"), 'found "Nothing", expected a'),
    ("figures", figure(measure="share", surface="5%"), "expected what it is a share of"),
    ("figures", figure(measure="growth", surface="5%", basis="2024"), "expected an earlier period"),
    ("figures", figure(measure="growth", basis="2023"), "expected words for percent"),
    ("figures", figure(surface="5%"), "expected words for money, which the measure level has"),
    ("figures", figure(vintage="1999"), 'column vintage: found "1999", expected 2025'),
    ("figures", figure(vintage="9999"), 'column vintage: found "9999", expected 2025'),
    ("figures", figure(period="2024-09/2024-01"), "expected a period that begins before it ends"),
    ("claims", figure(figures="exports-2042"), 'found "exports-2042", expected a name'),
    ("claims", figure(product="unobtainium"), 'found "unobtainium", expected a name'),
    (
        "corrections",
        figure(printed="imports"),
        'column printed: found "imports", expected "exports"',
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("flags", [[], ["--corrected"]])
@pytest.mark.parametrize(("table", "spoil", "sentence"), REFUSED)
def test_labels_that_cannot_be(tmp_path, capsys, table, spoil, sentence, flags):
    folder = shutil.copytree(tables.data_folder(), tmp_path / "data")
    rows = load_table(table).astype(object).fillna("").to_dict("records")
    spoil(rows)
    write_table(folder, table, rows)
    with pytest.raises(DataError, match=r"\.csv") as caught:
        tradelib.audit("--corrected" in flags, folder=folder)
    assert sentence in caught.value.problems[0]
    assert main(["audit", "--data", str(folder), *flags]) == 2
    told = capsys.readouterr().err.splitlines()
    assert sentence in told[0]
    assert len(told) <= 2


# The command line.


@pytest.mark.parametrize(("flags", "columns"), [([], FINDINGS), (["--all"], CHECKS)])
def test_json_lines(capsys, flags, columns):
    assert main(["audit", "--format", "jsonl", *flags]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(list(line) == columns for line in lines)
    assert lines[0]["verdict"] == "contradicts"
    assert all(isinstance(line["figures"], list) for line in lines)


@pytest.mark.parametrize("flags", [[], ["--all"]])
@pytest.mark.parametrize(("form", "first"), [([], "CONTRADICTS ("), (["--format", "md"], "| ")])
def test_other_formats(capsys, form, first, flags):
    assert main(["audit", "--no-reference", *form, *flags]) == 0
    assert capsys.readouterr().out.startswith(first)


@pytest.mark.slow
def test_strict_counts_what_no_correction_answers(ledger, capsys):
    three = [
        "26.99 bn euros",
        {"surface": "18.48 bn euros", "flow": "imports"},
        {"surface": "45.47 bn euros", "flow": "balance"},
    ]
    fix = {
        "figure": "f2",
        "field": "flow",
        "printed": "balance",
        "read_as": "trade",
        "reason": "x",
        "evidence": "x",
    }
    assert main(["audit", "--strict"]) == 1
    assert main(["audit", "--data", str(ledger(*three)), "--strict"]) == 1
    assert main(["audit", "--data", str(ledger(*three))]) == 0
    capsys.readouterr()
    assert main(["audit", "--data", str(ledger(*three, corrections=[fix])), "--strict"]) == 0
    assert "CONTRADICTS (label" in capsys.readouterr().out


def test_two_wrong_numbers_are_two_findings(ledger):
    partners = {"measure": "number of partners", "flow": "trade"}
    cars = {"measure": "units", "product": "automobiles"}
    folder = ledger(
        partners | {"surface": "240 countries"},
        cars | {"surface": "5.10 million units"},
        others=[
            partners | {"surface": "249 countries"},
            cars | {"surface": "6.20 million units"},
        ],
    )
    found = tradelib.audit(folder=folder).query("kind == 'number'")
    assert sorted(found["figures"]) == [("f0",), ("f1",)]
    evidence = dict(zip(found["figures"], found["evidence"], strict=True))
    assert "240 countries" in evidence["f0",]
    assert "5.10 million units" in evidence["f1",]


def test_no_ledger(tmp_path, capsys):
    assert main(["audit", "--data", str(tmp_path)]) == 2
    assert "datapackage.json: No such file" in capsys.readouterr().err


def test_ledgers_without_figures_or_without_further_tables(ledger):
    folder = ledger("26.99 bn euros", "28 bn euros")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    listed = [r for r in package["resources"] if r["name"] in ("articles", "figures", "partners")]
    for resource in listed:
        resource["schema"]["foreignKeys"] = []
    text = json.dumps(package | {"resources": listed})
    bare = shutil.copytree(folder, folder / "bare")
    (bare / "datapackage.json").write_text(text, encoding="utf-8")
    for path in bare.glob("*.csv"):
        if path.stem not in ("articles", "figures", "partners"):
            path.unlink()
    assert tradelib.audit(folder=bare)["kind"].tolist() == ["conflict"]
    write_table(bare, "figures", [])
    assert tradelib.audit(folder=bare).empty
    assert tradelib.audit(folder=bare, checks=True).empty
    assert tradelib.reconcile(folder=bare).empty
    assert isinstance(tradelib.reconcile(folder=bare), pd.DataFrame)


def test_the_label_that_mends_most_is_blamed(ledger):
    """The total is called exports, and so is its growth: of what that breaks nothing else is."""
    growth = {"measure": "growth", "basis": "2023"}
    folder = ledger(
        "45.47 bn euros",
        {"surface": "3.8%", **growth},
        "26.99 bn euros",
        {"surface": "6.1%", **growth},
        {"surface": "18.48 bn euros", "flow": "imports"},
        {"surface": "0.5%", "flow": "imports", **growth},
        {"surface": "23.6 bn euros", "flow": "trade", "partner": "Belt and Road"},
        {"surface": "51.9%", "flow": "trade", "partner": "Belt and Road"}
        | {"measure": "share", "basis": "trade"},
    )
    (finding,) = tradelib.audit(folder=folder).query("verdict == 'contradicts'").to_dict("records")
    assert (finding["kind"], finding["figures"]) == ("label", ("f0", "f1"))
    assert finding["suggestion"] == "f0 reads as flow trade; f1 reads as flow trade"


def test_a_label_is_judged_by_the_checks_of_its_own_figure(ledger):
    """A total called exports; that the article has the total in two ways is not its fault."""
    totals = [
        {"surface": surface, "flow": "trade"} for surface in ("43.7 bn euros", "43.9 bn euros") * 2
    ]
    folder = ledger("43.8 bn euros", *totals, others=["25.4 bn euros"])
    (finding,) = tradelib.audit(folder=folder).query("kind == 'label'").to_dict("records")
    assert finding["suggestion"] == "f0 reads as flow trade"


def test_of_two_labels_that_which_leaves_least_is_suggested(ledger):
    """Called imports it would fit their growth and contradict the balance; as trade it fits all."""
    rate, before = {"measure": "growth", "basis": "2023"}, {"period": 2023}
    folder = ledger(
        "45.47 bn euros",
        {"surface": "6.1%"} | rate,
        others=[
            "26.99 bn euros",
            {"surface": "25.4 bn euros"} | before,
            {"surface": "8.51 bn euros", "flow": "balance"},
            {"surface": "17.4 bn euros", "flow": "imports"} | before,
            {"surface": "at least 5%", "flow": "imports"} | rate,
            {"surface": "43.8 bn euros", "flow": "trade"} | before,
            {"surface": "3.8%", "flow": "trade"} | rate,
        ],
    )
    labels = tradelib.audit(folder=folder).query("kind == 'label'")
    assert labels["suggestion"].tolist() == ["f0 reads as flow trade"]


def test_changes_of_labels_come_to_an_end(ledger):
    """Figures that no label mends: each is changed at most once, and none is suggested."""
    surfaces = ("45.47 bn euros", "26.99 bn euros", "18.48 bn euros", "31.2 bn euros")
    found = tradelib.audit(
        folder=ledger(*surfaces, *({"surface": s, "flow": "trade"} for s in surfaces))
    )
    assert set(found["verdict"]) == {"contradicts"}
    assert not found["suggestion"].str.contains("reads as flow").any()
