"""Story 3: its numbers against plain floats from the tables, and its suggestions as written."""

import ast
import csv
import json
import re
from pathlib import Path

import pytest

from tradelib.ledger import data_folder

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "3-emerging-industries.ipynb"
POWERS = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "亿": 1e8, "%": 0.01}
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def story():
    """The variables of the notebook after its last cell."""
    names = {}
    for cell in CELLS:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return names


@pytest.fixture(scope="module")
def plain():
    """The first number of each row's words, in single units and without the library."""
    found = {}
    for table, key in (("figures", "figure"), ("reference", "reference")):
        with (data_folder() / f"{table}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                words = f"{row['surface']} {row['unit_hint']}"
                if number := re.search(r"[-+]?\d[\d,]*\.?\d*", words):
                    power = next((POWERS[word] for word in POWERS if word in words), 1)
                    found[row[key]] = float(number[0].replace(",", "")) * power
    return found


NEW = ["chips", "cars-parts", "computers", "phones", "ships", "lcd"]
NARROW = ["chips", "cars-parts", "ships", "lcd"]
OLD = ["plastics-luggage", "clothing-footwear", "furniture-toys"]


@pytest.mark.parametrize(
    ("name", "parts", "more"),
    [("new", NEW, []), ("narrow", NARROW, []), ("old", OLD, ["ref-textiles-exports-2024"])],
)
def test_the_lead_adds_up_what_is_printed(story, plain, name, parts, more):
    total = sum(plain[slug] for slug in [*(f"{part}-exports-2024" for part in parts), *more])
    found = story[name].interval
    # "Over 300 billion" and the like are open upwards, "nearly" downwards: up to 0.3 trillion.
    assert found.lower <= total <= found.upper <= total + 0.45e12


def test_the_lead_claims_what_the_sums_say(story):
    assert story["order"].all()
    assert story["share"] > 1 / 5
    assert 0.115 < float(story["narrow_share"]) < 0.135  # about an eighth


def test_of_the_rise_by_plain_floats(story, plain):
    rise = plain["ref-exports-2024"] - plain["ref-exports-2023-table"]
    added = 0
    for name in ("chips", "cars-parts", "computers", "ships"):
        grown = 1 + plain[f"{name}-exports-growth-2024"]
        added += plain[f"{name}-exports-2024"] * (1 - 1 / grown)
    assert added / rise in story["part"].interval


def test_phones_of_2022_follow_and_were_fewer_than_chips(story, plain):
    fell = plain["ref-mobile-phones-exports-growth-2023-usd"]
    phones = plain["ref-mobile-phones-exports-2023-usd"] / (1 + fell)
    assert phones in story["phones"][2022].interval
    assert plain["ref-integrated-circuits-exports-2022-usd"] > phones
    assert (story["phones"].loc[2022:].diff().dropna().astype(float) < 0).all()
    assert story["sold"]["automobiles and parts"] > story["sold"][story["CHIPS"]]


def test_electric_cars_and_the_price_of_a_car(story, plain):
    sold = plain["ref-electric-vehicles-exports-units-2023"]
    sold *= 1 + plain["ref-electric-vehicles-exports-units-growth-2024"]
    cars = plain["ref-automobiles-exports-units-2024"]
    assert sold / cars in story["electric"].interval
    assert f"{story['electric']:about}" == "about 31.2%"


def test_what_it_suggests_to_try_runs_as_written(story):
    text = "\n".join("".join(c["source"]) for c in CELLS if c["cell_type"] == "markdown")
    snippets = re.findall(r"```python\n(.*?)```", text, re.S)
    results = []
    for snippet in snippets:
        assert len(snippet.splitlines()) <= 3
        *lines, last = ast.parse(snippet).body
        exec(compile(ast.Module(lines, []), "snippet", "exec"), story)
        results.append(eval(ast.unparse(last), story))
    ahead, share, footwear = results
    assert ahead
    assert share.interval.lower <= 0.0446 <= share.interval.upper
    assert str(footwear).startswith("−")
