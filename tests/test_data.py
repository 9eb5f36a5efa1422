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
