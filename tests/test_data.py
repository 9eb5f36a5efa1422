"""The data package, by a validator that is not ours."""

import json
from pathlib import Path

import pytest

from tradelib.ledger import data_folder, load_table

PACKAGE = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("default")
def test_the_package_is_valid():
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(data_folder() / "datapackage.json"))
    assert report.valid, report.to_summary()


def test_every_table_is_described_and_every_description_has_its_table():
    described = {resource["path"] for resource in PACKAGE["resources"]}
    assert described == {path.name for path in data_folder().glob("*.csv")}


def test_every_column_says_what_it_is():
    for resource in PACKAGE["resources"]:
        for field in resource["schema"]["fields"]:
            assert field.get("description"), f"{field['name']} of {resource['path']}"


@pytest.mark.parametrize("resource", [resource["name"] for resource in PACKAGE["resources"]])
def test_our_loader_agrees(resource):
    assert not load_table(resource).empty


def test_files_end_as_text_files_do():
    for path in Path(data_folder()).iterdir():
        content = path.read_bytes()
        assert content.endswith(b"\n"), path.name
        assert b"\r" not in content, path.name


def test_a_second_hand_figure_names_whose_it_is():
    """Confidence is told for each row, and growth names the year it is against."""
    reference = load_table("reference")
    growth = reference[reference["measure"] == "growth"]
    assert (growth["basis"].astype(int) == growth["period"] - 1).all()
    assert (growth["currency_basis"] != "").all()
    assert reference["source"].str.len().min() > 5


@pytest.mark.filterwarnings("ignore")  # the source says that its last year is not this one
def test_us_consumer_prices_are_those_of_their_source():
    cpi = pytest.importorskip("cpi")
    prices = load_table("us-consumer-prices")
    for year, index in zip(prices["year"], prices["index"], strict=True):
        assert cpi.get(int(year)) == pytest.approx(float(index), abs=0.0005), year


def test_a_vintage_is_the_year_of_publication():
    reference = load_table("reference")
    other = reference["published"].str[:4] != reference["vintage"].astype(str)
    assert reference["reference"][other].tolist() == []


EVERYDAY = """
as at be by can for if in is it may no not of on or so the us was we will
cases deals displays energy equipment fuels goods industry items lines machines makes metal metals
models oil parts plants power products shows states supplies trade turns works
"""
"""Words that an article uses of anything; an alias is more particular."""


def aliases(kind):
    """For each name that stands for a partner or product, its row's name."""
    for row in load_table(f"{kind}s").to_dict("records"):
        for name in [row[kind], *filter(None, row["aliases"].split(";"))]:
            yield name, row[kind]


@pytest.mark.parametrize("kind", ["partner", "product"])
def test_a_name_means_one_row(kind):
    """Case does not tell names apart, nor, of products, whether there is one or many."""
    rows = {}
    for name, row in aliases(kind):
        assert name == name.strip(), f"{row}: {name!r}"
        key = name.casefold().removesuffix("s" if kind == "product" else "")
        assert rows.setdefault(key, row) == row, f"{name!r} of {row} and of {rows[key]}"


@pytest.mark.parametrize("kind", ["partner", "product"])
def test_no_name_is_an_everyday_word(kind):
    """Partners are found as they are written, products in whatever case."""
    names = {name if kind == "partner" else name.casefold() for name, _ in aliases(kind)}
    assert not names & {*EVERYDAY.split()}


@pytest.mark.parametrize("kind", ["partner", "product"])
def test_a_part_has_its_whole_in_the_table(kind):
    table = load_table(f"{kind}s").set_index(kind)
    for name in table.index:
        path = [name]
        while whole := table["part_of"][path[-1]]:
            assert whole not in path, f"{name} is a part of itself: {path}"
            assert table["kind"].get(whole) not in (None, "initiative", "class"), f"{name}: {whole}"
            path.append(whole)
        top = "World" if kind == "partner" else "All"
        assert path[-1] == top, f"{name} ends at {path[-1]}"


def test_codes_tell_countries_apart():
    table = load_table("partners")
    for code in ("iso3", "m49"):
        given = table[code][table[code] != ""]
        assert given.is_unique, code
        assert (table[code][table["kind"] == "country"] != "").all(), code
