"""All problems of all tables at once: a sentence each, with file, line, column, found, expected."""

import csv
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.test_verify import TEXT, invented
from tradelib.check import check
from tradelib.cli import main
from tradelib.ledger import data_folder, load_figures, load_table
from tradelib.schema import DataError

EXPECTED = Path(__file__).parent / "data" / "expected_figures.csv"
ARTICLES = Path(__file__).parents[2] / "shared" / "articles"


@pytest.fixture
def folder(tmp_path):
    """A copy of the data that a test may spoil."""
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def spoil(folder, table, row, **cells):
    """Write cells into the row of this key; give the line that it stands on."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    (place,) = (place for place, cells in enumerate(rows) if cells[0] == row)
    for column, cell in cells.items():
        rows[place][header.index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return place + 2


def test_the_project_s_own_tables_hold_and_agree_with_what_was_typed_by_hand():
    assert check(expected=EXPECTED) == []


def test_the_articles_texts_agree():
    if not ARTICLES.is_dir():
        pytest.skip("the articles' texts are not in the repository: they are their publishers'")
    sums = {hashlib.sha256(path.read_bytes()).hexdigest() for path in ARTICLES.glob("*.txt")}
    assert set(load_table("articles")["sha256"][:2]) <= sums
    assert check(texts=ARTICLES) == []


@pytest.mark.parametrize(
    ("table", "row", "column", "cell", "expected"),
    [
        ("figures", "trade-2024", "paragraph", "1" * 20, "a whole number of at most 18 digits"),
        ("figures", "trade-2024", "partner", "Narnia", "a name that stands in partners.csv"),
        ("figures", "trade-2024", "surface", "43.8 billion", "words that give a figure: "),
        ("figures", "trade-2024", "note", "a\x00b", "no control characters"),
        ("figures", "trade-2024", "measure", "levels", "a name that stands in measures.csv"),
        ("figures", "partners-2025", "surface", "240%", "words for count, which the measure num"),
        ("figures", "trade-2024", "vintage", "1999", "2025, the year of publication"),
        ("figures", "trade-2024", "period", "2042", "a time up to 2025"),
        ("figures", "trade-2024", "period", "1024", "a form such as 2025, 2025-Q1"),
        ("figures", "trade-2024", "period", "2024-09/2024-01", "a period that begins before"),
        ("partners", "ASEAN", "in_words", "Africa", "a value not yet used (line "),
        ("figures", "trade-growth-2024", "basis", "2024", "an earlier period of the same length"),
        ("figures", "trade-growth-2024", "basis", "2025", "an earlier period of the same length"),
        ("figures", "cars-units-growth-2024", "basis", "2025", "an earlier period of the same len"),
        (
            "figures",
            "cars-units-growth-2024",
            "basis",
            "2023-Q1",
            "an earlier period of the same l",
        ),
        ("figures", "us-share-2025", "basis", "", "what it is a share of"),
        ("figures", "us-share-2025", "basis", "2024", "what it is a share of"),
        ("figures", "trade-2024", "surface", "43.8 zillion", "words that give a figure: cannot"),
        ("figures", "trade-2024", "surface", "43.8%", "words for money, which the"),
        ("figures", "trade-growth-2024", "surface", "5 trillion RMB", "words for percent or"),
        ("figures", "us-share-2025", "surface", "$8 billion", "words for percent or multiple"),
        ("figures", "cars-units-2024", "surface", "6.41%", "words for count, which the measure"),
        ("figures", "streak-2025", "surface", "9%", "words for count, which the measure streak"),
        ("articles", "surplus-2024", "year", "2204", "a time up to 2025"),
        (
            "articles",
            "surplus-2024",
            "published",
            "9999-01",
            "a form such as 2025-01 or 2025-01-14",
        ),
        ("articles", "surplus-2024", "sha256", "0" * 63, "[0-9a-f]{64}"),
        ("articles", "surplus-2024", "year", "24", "a year of four digits"),
        ("us-consumer-prices", "2024", "index", "1e3", "a number"),
        ("reference", "ref-trade-2015", "vintage", "2061", "2016, the year of publication"),
        ("partners", "ASEAN", "part_of", "Narnia", "a name that stands in partners.csv"),
        ("partners", "ASEAN", "part_of", "ASEAN", "no circle: ASEAN is part of ASEAN"),
        ("partners", "World", "part_of", "Africa", "no circle: World is part of Africa is part"),
        ("products", "ships", "lines", "1", "at least 2"),
        ("claims", "trade-streak", "since", "2052", "a time up to 2026"),
        ("claims", "trade-streak", "figures", "streak", "a name that stands in figures.csv"),
        (
            "claims",
            "trade-streak",
            "product",
            "All;hay",
            'a name that stands in products.csv, not "hay',
        ),
        ("claims", "trade-streak", "against", "Narnia", "a name that stands in partners.csv or"),
        ("claims", "trade-streak", "threshold", "a lot", "words that give a figure: "),
        ("corrections", "us-share-2025", "printed", "trade", '"exports", as us-share-2025 has it'),
        ("corrections", "us-share-2025", "figure", "us", "a name that stands in figures.csv"),
    ],
)
def test_one_wrong_cell_is_one_sentence(folder, table, row, column, cell, expected):
    line = spoil(folder, table, row, **{column: cell})
    told = [problem for problem in check(folder) if problem.startswith(f"{table}.csv")]
    assert len(told) == 1
    shown = cell.replace("\x00", " ")
    assert told[0].startswith(f'{table}.csv, line {line}, column {column}: found "{shown}", ')
    assert f"expected {expected}" in told[0]


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("figures", "trade-2024", {"period": "2024-03/2024-03"}),
        ("figures", "trade-2024", {"period": "2024-01/2024-09"}),
        ("figures", "trade-2024", {"period": "2025"}),
        ("figures", "trade-2024", {"note": "two\nlines\tof it"}),
        ("figures", "trade-growth-2024", {"basis": ""}),
        ("claims", "trade-streak", {"since": "2025", "threshold": "double"}),
        ("claims", "trade-streak", {"period": "", "since": "2026"}),
    ],
)
def test_what_may_stand_there_is_no_problem(folder, table, row, cells):
    spoil(folder, table, row, **cells)
    assert check(folder) == []


def test_loading_a_table_refuses_what_the_check_tells(folder):
    spoil(folder, "figures", "trade-2024", partner="Narnia", vintage="1999")
    spoil(folder, "claims", "trade-streak", threshold="a lot", since="2052")
    spoil(folder, "reference", "ref-trade-2015", vintage="2061")
    refused = []
    for name in ("figures", "claims", "reference"):
        with pytest.raises(DataError) as caught:
            load_table(name, folder)
        refused += caught.value.problems
    assert len(refused) == 5
    assert refused == check(folder)
    with pytest.raises(DataError, match="line 2, column vintage"):
        load_figures(folder=folder)


def test_labels_corrected_to_what_is_unknown_are_told(folder):
    cells = {"field": "partner", "printed": "World", "read_as": "Narnia"}
    spoil(folder, "corrections", "trade-2025", **cells)
    assert check(folder) == [
        'figures.csv as corrected, line 41, column partner: found "Narnia", expected a name that '
        "stands in partners.csv"
    ]


def test_a_second_correction_of_one_figure_and_field_is_told(folder):
    path = folder / "corrections.csv"
    first = path.read_text(encoding="utf-8").splitlines()[1]
    path.write_text(f"{path.read_text(encoding='utf-8')}{first}\n", encoding="utf-8")
    last = len(path.read_text(encoding="utf-8").splitlines())
    assert check(folder) == [
        f'corrections.csv, line {last}, column figure, field: found "trade-2025, flow", expected a '
        "value not yet used (line 2 has it)"
    ]


def test_problems_of_all_tables_are_told_at_once(folder, capsys):
    spoil(folder, "figures", "trade-2024", partner="Narnia", vintage="1999")
    spoil(folder, "figures", "exports-2024", surface="25.4 zillion")
    spoil(folder, "partners", "Africa", part_of="Africa")
    spoil(folder, "claims", "trade-streak", figures="nothing")
    (folder / "reference.csv").write_text("", encoding="utf-8")
    assert main(["check", "--data", str(folder)]) == 1
    told = capsys.readouterr()
    assert told.err == ""
    files = [line.partition(",")[0].partition(":")[0] for line in told.out.splitlines()]
    assert sorted(files) == ["claims.csv", *["figures.csv"] * 3, "partners.csv", "reference.csv"]


def test_problems_go_where_and_how_they_are_asked_for(folder, tmp_path, capsys):
    spoil(folder, "figures", "trade-2024", vintage="1999")
    target = tmp_path / "problems.jsonl"
    command = ["check", "--data", str(folder), "--format", "jsonl", "--output"]
    assert main([*command, str(target)]) == 1
    (line,) = target.read_text(encoding="utf-8").splitlines()
    assert list(json.loads(line)) == ["told"]
    assert main([*command, str(folder / "figures.csv")]) == 2
    assert "read by the same command" in capsys.readouterr().err


def test_texts_at_hand_are_held_against_their_rows(tmp_path, capsys):
    folder, texts = invented(tmp_path), tmp_path / "texts"
    texts.mkdir()
    (texts / "of something else.txt").write_text("Nothing.", encoding="utf-8")
    (texts / "test.txt").write_text(TEXT.replace("4%", "5%"), encoding="utf-8")
    assert check(folder) == []
    told = check(folder, texts=texts)
    assert [problem.partition(":")[0] for problem in told] == [
        "articles.csv, line 2, column sha256",
        "figures.csv, line 3, column surface",
        "figures.csv",
    ]


def test_a_value_typed_otherwise_is_told(tmp_path):
    lines = EXPECTED.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "typed.csv"
    wrong = (
        lines[1]
        .replace("43.8e12", "43.8e9")
        .replace("CNY", "USD")
        .replace("43.75e12", "about 4", 1)
    )
    rows = [lines[0], wrong, "nothing,money,1,1,1,1,1,CNY,exact", *lines[3:], lines[3]]
    path.write_text("\n".join(rows), encoding="utf-8")
    left_out = lines[2].partition(",")[0]
    assert check(expected=path) == [
        'typed.csv, line 2, column value: found "43.8e9", expected 4.38e+13, as '
        '"43.8 trillion RMB" reads',
        'typed.csv, line 2, column lower: found "about 4", expected 4.375e+13, as '
        '"43.8 trillion RMB" reads',
        'typed.csv, line 2, column unit: found "USD", expected CNY, as "43.8 trillion RMB" reads',
        'typed.csv, line 3, column figure: found "nothing", expected a name of figures.csv, once',
        f'typed.csv, line {len(lines) + 1}, column figure: found "{lines[3].partition(",")[0]}", '
        "expected a name of figures.csv, once",
        f"typed.csv: found no row for the figure {left_out}, expected one",
    ]


def test_what_cannot_be_read_is_one_sentence(tmp_path, capsys):
    missing = str(tmp_path / "nothing")
    for option in (["--data", missing], ["--data", __file__], ["--texts", missing],
                   ["--expected", missing]):  # fmt: skip
        assert main(["check", *option]) == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 1
        assert re.search("No such file|Not a directory", said[0])
    with pytest.raises(DataError, match=r"datapackage\.json: No such file"):
        check(tmp_path)


def test_tables_that_hold_are_followed_by_what_the_audit_finds(capsys):
    assert main(["check", "--data"]) == 0
    first, *findings = capsys.readouterr().out.splitlines()
    assert first.startswith("The tables are as they should be")
    assert any("two years in a row" in finding for finding in findings)
