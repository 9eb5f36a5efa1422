"""The ledger: loading, checking, correcting, and every row against expectations typed by hand."""

import csv
import hashlib
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

import tradelib
from tradelib.ledger import DataError, data_folder, load_figures, load_reference, load_table
from tradelib.wording import paragraphs, sentences

EXPECTED = Path(__file__).parent / "data" / "expected_figures.csv"
ARTICLES = Path(__file__).parents[2] / "shared" / "articles"


@pytest.fixture
def folder(tmp_path):
    """A copy of the data that a test may spoil."""
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test expects {old!r} in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(load, *args, **kwargs):
    with pytest.raises(DataError) as caught:
        load(*args, **kwargs)
    return caught.value.problems


def expectations():
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["figure"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("expected", expectations())
def test_every_figure_reads_as_typed_by_hand(expected):
    row = load_figures(corrected=False).set_index("figure").loc[expected["figure"]]
    for column in ("kind", "unit", "hedge"):
        assert row[column] == expected[column], f"{column} of {row['surface']!r}"
    for column in ("value", "lower", "upper", "printed_lower", "printed_upper"):
        assert math.isclose(row[column], float(expected[column]), rel_tol=1e-12, abs_tol=1e-15), (
            f"{column} of {row['surface']!r}: {row[column]} instead of {expected[column]}"
        )


def test_expectations_and_ledger_hold_the_same_figures():
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [row["figure"] for row in csv.DictReader(file)]
    assert expected == load_figures()["figure"].tolist()


def test_the_ledger_has_every_figure_once_with_its_quantity():
    figures = load_figures()
    assert len(figures) == 68
    assert figures["figure"].is_unique
    assert figures[["value", "lower", "upper"]].notna().all(axis=None)
    assert (figures["printed_lower"] <= figures["lower"]).all()
    assert (figures["lower"] <= figures["upper"]).all()
    assert (figures["upper"] <= figures["printed_upper"]).all()


def test_reading_chooses_the_bounds():
    rounded = load_figures().set_index("figure").loc["exports-2024"]
    printed = load_figures(reading="printed").set_index("figure").loc["exports-2024"]
    assert (rounded["lower"], rounded["upper"]) == (25.35e12, 25.45e12)
    assert (printed["lower"], printed["upper"]) == (25.35e12, 25.5e12)
    with pytest.raises(ValueError, match="unknown reading 'cut', expected one of rounded, printed"):
        load_figures(reading="cut")


def test_corrections_are_applied_and_named():
    printed = load_figures(corrected=False).set_index("figure")
    figures = load_figures().set_index("figure")
    for correction in load_table("corrections").to_dict("records"):
        where = correction["figure"], correction["field"]
        assert printed.loc[where] == correction["printed"]
        assert figures.loc[where] == correction["read_as"]
        assert correction["field"] in figures.loc[correction["figure"], "corrections"].split(";")
    untouched = ~printed.index.isin(load_table("corrections")["figure"])
    pd.testing.assert_frame_equal(printed[untouched], figures[untouched])


def test_a_correction_of_something_else_is_refused(folder):
    change(
        folder, "figures.csv", "All,exports,level,2025,,2026,,\n", "All,trade,level,2025,,2026,,\n"
    )
    assert problems(load_figures, folder=folder) == [
        'corrections.csv, line 2, column printed: found "exports", expected "trade", '
        "which figures.csv holds in column flow of trade-2025"
    ]
    assert len(load_figures(corrected=False, folder=folder)) == 68


def test_a_correction_to_an_unknown_label_is_refused(folder):
    change(
        folder, "corrections.csv", "trade-2025,flow,exports,trade", "trade-2025,flow,exports,sum"
    )
    (problem,) = problems(load_figures, folder=folder)
    assert problem.startswith(
        'corrections.csv, line 2, column read_as: found "sum", expected one of'
    )


def test_each_wrong_cell_gives_one_sentence_and_all_are_told_at_once(folder):
    change(folder, "figures.csv", "trade-2024,surplus-2024,1,1", "trade-2024,surplus-2024,first,1")
    change(
        folder,
        "figures.csv",
        "China,World,All,imports,level,2024",
        "China,Wrld,All,imports,level,2024",
    )
    change(folder, "figures.csv", "balance,level,2024,,2025,,\n", "ballance,level,24,,2025,,\n")
    change(folder, "figures.csv", "textiles-exports-2024,", "exports-2024,")
    assert problems(load_figures, folder=folder) == [
        'figures.csv, line 2, column paragraph: found "first", expected a whole number',
        'figures.csv, line 6, column partner: found "Wrld", expected a name that stands in '
        "partners.csv",
        'figures.csv, line 8, column flow: found "ballance", expected one of exports, imports, '
        "trade, balance, deficit, production, balance of payments, GDP",
        'figures.csv, line 8, column period: found "24", expected a year of four digits',
        'figures.csv, line 20, column figure: found "exports-2024", expected a value not yet used '
        "(line 4 has it)",
    ]


def test_words_that_give_no_figure_are_told_with_their_place(folder):
    change(folder, "figures.csv", "over 7%,up", "over plenty,up")
    change(folder, "figures.csv", "760 billion RMB", "760 billion")
    told = problems(load_figures, folder=folder)
    assert len(told) == 2
    assert told[0].startswith(
        'figures.csv, line 5, column surface: found "over plenty", expected words that '
        "give a figure: "
    )
    assert told[1].startswith('figures.csv, line 21, column surface: found "760 billion", expected')


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "surface,direction",
            "surfaces,direction",
            'figures.csv, line 1, column 5: found "surfaces", expected "surface"',
        ),
        (
            "1,2,over 7%,up",
            "1,2,over 7%,up,",
            "figures.csv, line 5: found 18 cells, expected 17 (a comma inside a cell needs quotes "
            "around it)",
        ),
        (
            "exports-2024,surplus-2024",
            "exports-2024 ,surplus-2024",
            'figures.csv, line 4, column figure: found "exports-2024 ", expected no white space at '
            "either end",
        ),
        (
            "5%,up,,China",
            "5%,up,,",
            'figures.csv, line 3, column reporter: found "", expected something: the column is '
            "required",
        ),
    ],
)
def test_wrong_forms(folder, old, new, sentence):
    change(folder, "figures.csv", old, new)
    assert problems(load_figures, folder=folder) == [sentence]


def test_files_that_cannot_be_read(folder):
    (folder / "figures.csv").write_bytes(b"figure,\xff\xfe")
    assert problems(load_figures, folder=folder) == [
        "figures.csv: byte 8 is not UTF-8, expected UTF-8 text"
    ]
    (folder / "figures.csv").unlink()
    assert problems(load_figures, folder=folder) == ["figures.csv: not found in data/"]
    with pytest.raises(KeyError, match=r"no table 'figure' in datapackage\.json"):
        load_table("figure")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder):
    path = folder / "figures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(load_figures(folder=folder), load_figures())


def test_reference_rows_are_read_and_cited():
    reference = load_reference()
    assert reference["reference"].is_unique
    assert reference[["value", "lower", "upper"]].notna().all(axis=None)
    totals = reference.query("product == 'All' and partner == 'World' and reporter == 'China'")
    yuan = totals.query("measure == 'level' and unit == 'CNY'")
    assert set(yuan.query("flow == 'trade'")["period"]) == set(range(2015, 2026))


def test_names_in_lists_are_known():
    figures = set(load_figures()["figure"])
    products, partners = (
        set(load_table("products")["product"]),
        set(load_table("partners")["partner"]),
    )
    for claim in load_table("claims").to_dict("records"):
        assert set(filter(None, claim["figures"].split(";"))) <= figures, claim["claim"]
        assert set(claim["product"].split(";")) <= products, claim["claim"]
        assert set(filter(None, claim["against"].split(";"))) <= products | partners, claim["claim"]


def articles():
    return load_table("articles")["article"].tolist()


@pytest.mark.parametrize("article", articles())
def test_every_surface_stands_at_its_place_in_the_text(article):
    if not ARTICLES.is_dir():
        pytest.skip("the articles' texts are not in the repository: they are their publishers'")
    digest = load_table("articles").set_index("article").loc[article, "sha256"]
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in ARTICLES.glob("*.txt")}
    assert digest in texts, f"no text in the folder has the checksum of {article}"
    text = texts[digest].read_text(encoding="utf-8")
    lines = [paragraph for _, paragraph in paragraphs(text)]
    figures = load_table("figures").query("article == @article")
    claims = load_table("claims").query("article == @article")
    for row in figures.to_dict("records"):
        found = [sentence for _, sentence in sentences(lines[row["paragraph"] - 1])]
        assert row["surface"] in found[row["sentence"] - 1], row["figure"]
    for row in claims.to_dict("records"):
        assert row["sentence"] <= len(sentences(lines[row["paragraph"] - 1])), row["claim"]


def test_the_package_names_what_it_exports():
    for name in tradelib.__all__:
        assert getattr(tradelib, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'audits'"):
        tradelib.audits  # noqa: B018
