"""The ledger's page and file: whatever the data hold, it is shown as text and does nothing."""

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import tradelib
import verdicts
from ledger_page import link, picture, table, write_csv
from tradelib.ledger import load_table

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
    assert row.text.count("<script>alert(1)</script>") > 8


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
    ("figure", "read_as"),
    [
        ("exports-2025", "Exports in 2025|26.985 to 26.995 trillion yuan"),
        ("us-exports-growth-2025", "Growth of exports to United States in 2025|−20.5% to −19.5%"),
        ("trade-growth-2024", "Growth of trade in 2024|against 2023 · in CNY|4.5% to 5.5%"),
        ("germany-record-balance", "at prices of 2024|320 to 330 billion dollars"),
    ],
)
def test_a_row_says_what_it_is_of_and_how_it_is_read(figure: str, read_as: str) -> None:
    figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
    row = BeautifulSoup(table(figures, corrections), "html.parser").find(id=figure)
    for words in read_as.split("|"):
        assert words in row.text


def test_a_correction_tells_what_is_read_and_leads_to_its_evidence() -> None:
    figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
    page = BeautifulSoup(table(figures, corrections), "html.parser")
    fixes = page.select(".fix")
    assert len(fixes) == len(corrections)
    led = {a["href"][1:] for a in page.select(".fix a")}
    assert led
    assert led <= set(figures["figure"])
    assert not [fix.text for fix in fixes if "<" in fix.text]
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


def test_only_web_addresses_become_links() -> None:
    assert link("https://example.org/a?b&c", "T & U") == (
        '<a href="https://example.org/a?b&amp;c">T &amp; U</a>'
    )
    for source in ("javascript:alert(1)", "owner/name:file.csv @abc", "https://a.org b"):
        assert "<a " not in link(source, "title")
