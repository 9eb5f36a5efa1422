"""The ledger: loading, checking, correcting, and every row against expectations typed by hand."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import tradelib
from tradelib.ledger import data_folder, load_figures, load_reference, load_table, subject
from tradelib.schema import DataError


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
    assert str(caught.value).split("\n") == caught.value.problems
    return caught.value.problems


def test_the_ledger_has_every_figure_once_with_its_quantity():
    figures = load_figures()
    assert figures["figure"].is_unique
    assert figures[["value", "lower", "upper"]].notna().all(axis=None)
    assert (figures["printed_lower"] <= figures["lower"]).all()
    assert (figures["lower"] <= figures["upper"]).all()
    assert (figures["upper"] <= figures["printed_upper"]).all()


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("us-share-2025", "trade with United States as a share of trade in 2025"),
        ("cars-units-growth-2024", "units growth of exports of automobiles in 2024"),
        ("streak-2025", "streak of trade in 2025"),
        ("japan-record-balance", "record level of Japan’s balance"),
    ],
)
def test_what_a_figure_is_of_is_said_in_words(figure, told):
    assert subject(load_figures().set_index("figure").loc[figure].to_dict()) == told


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
        'corrections.csv, line 2, column printed: found "exports", expected "trade", as '
        "trade-2025 has it in column flow"
    ]
    assert len(load_figures(corrected=False, folder=folder)) == len(load_figures())


def test_a_correction_to_an_unknown_label_is_refused(folder):
    change(
        folder, "corrections.csv", "trade-2025,flow,exports,trade", "trade-2025,flow,exports,sum"
    )
    (problem,) = problems(load_figures, folder=folder)
    assert problem.startswith(
        'figures.csv as corrected, line 41, column flow: found "sum", expected one of exports'
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
        'figures.csv, line 2, column paragraph: found "first", expected a whole number of at most '
        "18 digits",
        'figures.csv, line 6, column partner: found "Wrld", expected a name that stands in '
        "partners.csv",
        'figures.csv, line 8, column flow: found "ballance", expected one of exports, imports, '
        "trade, balance, deficit, production, balance of payments, GDP",
        'figures.csv, line 8, column period: found "24", expected a form such as '
        "2025, 2025-Q1, 2025-05 or 2025-01/2025-09",
        'figures.csv, line 20, column figure: found "exports-2024", expected a value not yet used '
        "(line 4 has it)",
    ]


def test_a_key_is_no_key_twice_whatever_else_the_descriptor_says(folder):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    field(package, "figure")["constraints"].pop("unique")
    path.write_text(json.dumps(package), encoding="utf-8")
    change(folder, "figures.csv", "textiles-exports-2024,", "exports-2024,")
    (problem,) = problems(load_figures, corrected=False, folder=folder)
    assert problem.endswith("expected a value not yet used (line 4 has it)")


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
            "figures.csv, line 5: found more cells, expected 17 (a comma inside a cell needs "
            "quotes around it)",
        ),
        (
            "exports-2024,surplus-2024",
            "exports-2024 ,surplus-2024",
            'figures.csv, line 4, column figure: found "exports-2024 ", expected no control '
            "characters, and no white space at either end",
        ),
        (
            "5%,up,,China",
            "5%,up,,",
            'figures.csv, line 3, column reporter: found "", expected something: the column is '
            "required",
        ),
        (
            "1,2,over 7%,up",
            '1,2,"over 7%"x,up',
            """figures.csv, line 5: ',' expected after '"', expected CSV""",
        ),
        (
            "5%,up,,China",
            f"5%,up,,{'x' * 100}",
            f'figures.csv, line 3, column reporter: found "{"x" * 100}", expected a name that '
            "stands in partners.csv",
        ),
        (
            "5%,up,,China",
            f"5%,up,,{'x' * 101}",
            f'figures.csv, line 3, column reporter: found "{"x" * 99}…", expected a name that '
            "stands in partners.csv",
        ),
    ],
)
def test_wrong_forms(folder, old, new, sentence):
    change(folder, "figures.csv", old, new)
    assert problems(load_figures, folder=folder) == [sentence]


def test_of_several_names_the_first_that_is_unknown_is_told(folder):
    path = folder / "claims.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("balance-2024;balance-2024-usd,", "one;two,", 1), "utf-8")
    (problem,) = problems(load_table, "claims", folder)
    assert problem.endswith(
        'found "one;two", expected a name that stands in figures.csv, not "one"'
    )


def test_files_that_cannot_be_read(folder):
    (folder / "figures.csv").write_bytes(b"figure,\xff\xfe")
    assert problems(load_figures, folder=folder) == [
        f"{folder / 'figures.csv'}: byte 8 is not UTF-8, expected UTF-8 text"
    ]
    (folder / "figures.csv").unlink()
    assert problems(load_figures, folder=folder) == [
        f"{folder / 'figures.csv'}: No such file or directory, expected a file"
    ]
    (folder / "figures.csv").mkdir()
    assert problems(load_figures, folder=folder) == [
        f"{folder / 'figures.csv'}: Is a directory, expected a file"
    ]
    with pytest.raises(DataError, match=r'no table "figure", expected one of articles, figures'):
        load_table("figure")


def field(package, column):
    """A column of figures.csv in the descriptor."""
    fields = package["resources"][1]["schema"]["fields"]
    return next(field for field in fields if field["name"] == column)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: [p], 'datapackage.json: found "[{"name": "tradelib", "title": "China'),
        (
            lambda p: {"name": "none"},
            'datapackage.json: found "{"name": "none"}", expected an object with resources',
        ),
        (
            lambda p: p["resources"].append("more"),
            'datapackage.json, resources 10: found "more", expected an object with name, path and ',
        ),
        (
            lambda p: p["resources"].append(p["resources"][1]),
            'datapackage.json, resources: found "["articles", "figures", "claims", ',
        ),
        (
            lambda p: p["resources"][1].update(path="../figures.csv"),
            'datapackage.json, resources 2, path: found "../figures.csv", expected a file of the '
            "same folder",
        ),
        (
            lambda p: p["resources"][1].update(path=".."),
            'datapackage.json, resources 2, path: found "..", expected a file of the same folder',
        ),
        (
            lambda p: field(p, "period").update(type="date"),
            'datapackage.json, resources 2, schema, fields 13, type: found "date", expected one '
            "of string, integer, year, number",
        ),
        (
            lambda p: field(p, "figure")["constraints"].update(pattern="("),
            "datapackage.json, resources 2, schema, fields 1, constraints, pattern: found "
            '"(", expected a regular expression',
        ),
        (
            lambda p: field(p, "period").update(constraints={"maximum": 2100}),
            "datapackage.json, resources 2, schema, fields 13, constraints: found "
            '"{"maximum": 2100}", expected an object with no other constraints than required, '
            "unique, enum, pattern",
        ),
        (
            lambda p: field(p, "vintage").update(constraints={"enum": ["2025"]}),
            'datapackage.json, resources 2, schema, fields 15, constraints: found "{"enum": '
            '["2025"]}", expected an object with no other constraints than required, unique, '
            "minimum",
        ),
        (
            lambda p: field(p, "flow")["constraints"].update(required="no"),
            'datapackage.json, resources 2, schema, fields 11, constraints, required: found "no", '
            "expected true or false",
        ),
        (
            lambda p: p["resources"][1]["schema"]["foreignKeys"][0].update(
                fields=["article", "paragraph"]
            ),
            'datapackage.json, resources 2, schema, foreignKeys 1, fields: found "["article", '
            '"paragraph"]", expected a list of one name',
        ),
        (
            lambda p: p["resources"][1]["schema"]["foreignKeys"][0]["reference"].update(
                resource="papers"
            ),
            'datapackage.json: found no table "papers", expected one of articles, figures, ',
        ),
        (
            lambda p: p["resources"][1]["schema"].update(primaryKey=["slug"]),
            'datapackage.json, resource figures: found "slug", expected the name of a field',
        ),
        (
            lambda p: p["resources"][1]["schema"]["fields"].remove(field(p, "surface")),
            'figures.csv, line 1, column 5: found "surface", expected "direction"',
        ),
    ],
)
def test_a_descriptor_that_cannot_be_used_is_one_sentence(folder, change, sentence):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    changed = change(package)  # a new one, or the same changed in place
    path.write_text(json.dumps(changed or package), encoding="utf-8")
    assert problems(load_figures, folder=folder)[0].startswith(sentence)


def test_what_a_descriptor_must_hold_is_told_in_words():
    """Every place of its own schema that can be refused says what was expected there."""
    path = Path(tradelib.__file__).with_name("datapackage.schema.json")

    def silent(rules, place="#"):
        if rules.keys() & {"type", "enum", "required"} and not rules.get("description"):
            yield place
        named = rules.get("properties", {}) | rules.get("definitions", {})
        for name, inner in (named | {"items": rules.get("items")}).items():
            yield from silent(inner, f"{place}/{name}") if inner else ()

    assert [*silent(json.loads(path.read_text(encoding="utf-8")))] == []


def test_a_table_of_ours_is_read_whether_a_folder_describes_it_or_not(folder):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] != "corrections"]
    path.write_text(json.dumps(package), encoding="utf-8")
    pd.testing.assert_frame_equal(load_figures(folder=folder), load_figures())
    (folder / "corrections.csv").unlink()
    assert (load_figures(folder=folder)["corrections"] == "").all()


def test_a_descriptor_that_is_no_utf8_or_json_says_where(folder):
    path = folder / "datapackage.json"
    for content, told in [
        (b'{"a": "\xff', "byte 8 is not UTF-8, expected UTF-8 text"),
        (b"{,", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1), "),
    ]:
        path.write_bytes(content)
        (problem,) = problems(load_figures, folder=folder)
        assert problem.startswith(f"{path}: {told}")


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


def test_the_package_names_what_it_exports():
    for name in tradelib.__all__:
        assert getattr(tradelib, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'audits'"):
        tradelib.audits  # noqa: B018


def without(folder, name, column):
    """Take a column out of a table and of its description."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    schema = next(table["schema"] for table in package["resources"] if table["name"] == name)
    schema["fields"] = [field for field in schema["fields"] if field["name"] != column]
    keys = schema.get("foreignKeys", [])
    schema["foreignKeys"] = [key for key in keys if key["fields"] != [column]]
    path.write_text(json.dumps(package), encoding="utf-8")
    table = pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)
    table.drop(columns=column).to_csv(folder / f"{name}.csv", index=False)


@pytest.mark.parametrize("name", ["figures", "claims", "reference", "articles", "products"])
def test_a_column_that_nobody_describes_is_expected_in_the_file(folder, name):
    column = load_table(name).columns[-1]
    without(folder, name, column)
    (problem,) = problems(load_table, name, folder)
    assert f'{name}.csv, line 1, column {load_table(name).shape[1]}: found ""' in problem
    assert f'expected "{column}"' in problem


def test_a_correction_of_no_figure_is_told_without_a_foreign_key(folder):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for table in package["resources"]:
        table["schema"].pop("foreignKeys", None)
    path.write_text(json.dumps(package), encoding="utf-8")
    figure = load_table("corrections")["figure"][0]
    change(folder, "corrections.csv", f"{figure},", "nothing,")
    told = 'corrections.csv, line 2, column figure: found "nothing", expected a name of figures.csv'
    assert problems(load_figures, folder=folder) == [told]
