"""The ledger's page and file: whatever the data hold, it is shown as text and does nothing."""

import csv
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import tradelib
import verdicts
from ledger_page import interval, link, picture, subject, table, write_csv
from tradelib.ledger import data_folder, load_table

EVIL = '<script>alert(1)</script> "quoted" & =HYPERLINK("x")'


@pytest.fixture
def evil() -> tuple[pd.DataFrame, pd.DataFrame]:
    figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
    for column in ("surface", "note", "article", "reporter", "partner", "product", "basis"):
        figures.loc[0, column] = EVIL
    for column in ("field", "printed", "read_as", "reason", "evidence"):
        corrections.loc[0, column] = EVIL
    corrections.loc[0, "figure"] = figures.loc[0, "figure"]
    return figures, corrections


def test_text_from_the_data_is_escaped(evil: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    page = BeautifulSoup(table(*evil), "html.parser")
    assert page.find("script") is None
    row = page.find("tbody").find("tr")
    assert row.find("q").text == EVIL
    assert row.find(class_="note").text == EVIL
    assert row.text.count("<script>alert(1)</script>") == 12


def test_text_of_the_audit_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = {"kind": "number", "figures": ("a", "b"), "verdict": "contradicts", "evidence": EVIL}
    monkeypatch.setattr(verdicts, "of", lambda figure: [finding])
    page = BeautifulSoup(verdicts.cell("a", {"a": "1", "b": EVIL}), "html.parser")
    assert page.find("script") is None
    assert page.find("details").li.text == f"Contradicts. {EVIL} (b)"


def test_verdicts_are_the_findings_with_labels_as_corrected() -> None:
    found = tradelib.audit(corrected=True)
    figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
    rows = BeautifulSoup(table(figures, corrections), "html.parser").select("tbody tr")
    for row in rows:
        own = found[[row["id"] in names for names in found["figures"]]]
        told = [item.text for item in row.select(".verdicts li")]
        assert [name.removeprefix("claim ") for name in told] == list(
            dict.fromkeys(own["verdict"])
        ) or (own.empty and told == ["agrees"])
        for item, evidence in zip(row.select("details li"), own["evidence"], strict=True):
            assert evidence in item.text
        assert {link["href"][1:] for link in row.select("a")} <= set(figures["figure"])


def test_a_label_that_the_audit_contradicts_says_so() -> None:
    printed = tradelib.audit(corrected=False)
    (label,) = printed[["us-share-2025" in names for names in printed["figures"]]].to_dict(
        "records"
    )
    told = verdicts.against("us-share-2025")
    assert told.startswith(f" {label['checks']} checks contradict the label as printed: ")
    assert verdicts.against("exports-2025") == ""


def test_figures_are_ranked_by_their_findings() -> None:
    found, ranks = tradelib.audit(corrected=True), verdicts.rank()
    assert min(ranks, key=ranks.get) == found["figures"].iloc[0][0]
    assert max(ranks.values()) < 0  # all others agree
    assert verdicts.counted("exports-2025") == "agrees"
    assert verdicts.counted("streak-2025-quote").startswith("claim contradicts")


def test_what_is_wrong_is_what_the_audit_finds() -> None:
    page = BeautifulSoup(verdicts.wrong(), "html.parser")
    linked = {a["href"].partition("#")[2] for a in page.select("a")}
    surfaces = load_table("figures").set_index("figure")["surface"]
    corrected = load_table("corrections")["figure"]
    assert {surfaces[name] for name in corrected} <= {surfaces[name] for name in linked}
    printed = tradelib.audit(corrected=False)
    told = printed[
        (printed["verdict"] == "contradicts") | printed["kind"].isin(["currency", "outdated"])
    ]
    assert len(page.select("li")) == len(told)


def test_a_loaded_table_reaches_the_page_escaped(tmp_path: Path) -> None:
    """All the way from a CSV file that holds markup and a formula in a note."""
    shutil.copytree(data_folder(), tmp_path / "data")
    path = tmp_path / "data" / "figures.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("note")] = EVIL
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    figures = tradelib.load_figures(corrected=False, folder=tmp_path / "data")
    page = BeautifulSoup(table(figures, load_table("corrections")), "html.parser")
    assert page.find("script") is None
    assert page.find(class_="note").text == EVIL


def test_the_file_holds_every_figure_and_column(
    tmp_path: Path, evil: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    figures, _ = evil
    figures.loc[1, "surface"] = "=1+1"
    write_csv(figures, tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == list(figures.columns)
    assert [row[0] for row in rows] == list(figures["figure"])
    at = header.index("surface")
    assert (rows[0][at], rows[1][at]) == (EVIL, "'=1+1")
    lower = header.index("lower")
    assert [float(row[lower]) for row in rows] == list(figures["lower"])


def row_of(surface: str, direction: str = "", unit: str = "") -> dict[str, object]:
    quantity = tradelib.parse(surface, direction, unit)
    return {name: getattr(quantity, name) for name in quantity.__slots__}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (row_of("over 7%"), "7% to 8%"),
        (row_of("2.3%"), "2.25% to 2.35%"),
        (row_of("20%", "down"), "−20.5% to −19.5%"),
        (row_of("25.4 trillion RMB"), "25.35 to 25.45 trillion yuan"),
        (row_of("close to 1 trillion USD"), "0.9 to 1 trillion dollars"),
        (row_of("approximately 992 billion USD"), "991 to 993 billion dollars"),
        (row_of("240 countries"), "240 countries"),
        (row_of("at least 2 million units"), "at least 2 million units"),
        (row_of("6.41 million units"), "6.405 to 6.415 million units"),
        (row_of("45.47 trillion yuan"), "45.465 to 45.475 trillion yuan"),
        (row_of("9,632 trillion won"), "9,631.5 to 9,632.5 trillion won"),
        (row_of("at most 5%", "up"), "at most 5%"),
    ],
)
def test_intervals_in_words_are_exact(row: dict[str, object], words: str) -> None:
    assert interval(row) == words


def test_a_correction_tells_what_is_read_and_leads_to_its_evidence() -> None:
    figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
    page = BeautifulSoup(table(figures, corrections), "html.parser")
    fixes = page.select(".fix")
    assert len(fixes) == len(corrections)
    assert {a["href"][1:] for a in page.select(".fix a")} <= set(figures["figure"])
    printed = corrections[corrections["printed"] != ""].iloc[0]
    text = page.find(id=printed["figure"]).find(class_="fix").text
    assert f"“{printed['read_as']}” instead of “{printed['printed']}”" in text


def drawn(row: dict[str, object]) -> tuple[float, float, float, bool]:
    """Where the bar begins and ends and where the dot is, and whether there is a line beyond."""
    image = ET.fromstring(picture(row))
    (bar,) = image.iterfind(".//path[@class='bar']")
    left, _, right = bar.attrib["d"].lstrip("M").replace("H", " ").split()
    dot = image.find("circle").attrib["cx"]
    return float(left), float(dot), float(right), image.find(".//path[@class='cut']") is not None


@pytest.mark.parametrize(
    ("row", "left", "right", "cut"),
    [
        (row_of("2.3%"), -0.5, 0.5, True),
        (row_of("20%", "down"), -0.5, 0.5, True),
        (row_of("over 7%"), 0, 1, False),
        (row_of("over 7%", "down"), -1, 0, False),
        (row_of("about 7%"), -1, 1, False),
        (row_of("close to 1 trillion USD"), -1, 0, False),
        (row_of("240 countries"), 0, 0, False),
    ],
)
def test_pictures_show_the_interval_in_steps(
    row: dict[str, object], left: float, right: float, cut: bool
) -> None:
    begin, dot, end, beyond = drawn(row)
    step = 50  # from the dot to either side of the picture's scale
    assert (begin - dot) / step == pytest.approx(left)
    assert (end - dot) / step == pytest.approx(right)
    assert beyond is cut


def test_an_open_end_is_drawn_open() -> None:
    image = ET.fromstring(picture(row_of("at least 2 million units")))
    assert len(image.findall(".//path[@class='tip']")) == 1
    begin, dot, end, _ = drawn(row_of("at least 2 million units"))
    assert begin == dot < end


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("Trade", "China · 2024")),
        (
            {"flow": "exports", "measure": "growth", "partner": "Africa", "basis": "2023"},
            ("Exports, growth", "China with Africa · 2024 against 2023"),
        ),
        (
            {"measure": "share", "basis": "exports", "product": "ships"},
            ("Trade, share of exports", "China · ships · 2024"),
        ),
        ({"measure": "streak", "basis": "2017"}, ("Trade, streak", "China · 2024 since 2017")),
        ({"period": pd.NA, "currency_basis": "USD"}, ("Trade", "China · in USD")),
    ],
)
def test_what_a_figure_is_about(changes: dict[str, object], expected: tuple[str, str]) -> None:
    row: dict[str, object] = {
        "flow": "trade",
        "measure": "level",
        "reporter": "China",
        "partner": "World",
        "product": "All",
        "period": 2024,
        "basis": "",
        "currency_basis": "",
    }
    assert subject({**row, **changes}) == expected


def test_only_web_addresses_become_links() -> None:
    assert link("https://example.org/a?b&c", "T & U") == (
        '<a href="https://example.org/a?b&amp;c">T &amp; U</a>'
    )
    for source in ("javascript:alert(1)", "owner/name:file.csv @abc", "https://a.org b"):
        assert "<a " not in link(source, "title")
