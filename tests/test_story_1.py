"""The first story: its lead against plain arithmetic on the tables, and what it suggests to try."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tradelib.ledger import data_folder

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "1-record-surplus.ipynb"
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def story() -> dict[str, Any]:
    """The notebook's names after its cells have run, in order and as they stand."""
    space: dict[str, Any] = {}
    for cell in CELLS:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    return space


def rows(table: str) -> dict[str, str]:
    """What stands in a table, by the name or year that its rows begin with."""
    told = {"reference": "surface", "us-consumer-prices": "index"}[table]
    with (data_folder() / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return {next(iter(row.values())): row[told] for row in csv.DictReader(handle)}


def number(text: str) -> float:
    """The number that a cell begins with or holds, without its words."""
    found = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


def test_the_lead_is_what_plain_numbers_make(story: dict[str, Any]) -> None:
    printed = {name: number(text) for name, text in rows("reference").items()}
    prices = {year: number(text) for year, text in rows("us-consumer-prices").items()}
    china = printed["ref-balance-2025-release-usd"] / 10  # a hundred million dollars each
    germany = printed["ref-germany-balance-2007-usd"] * prices["2025"] / prices["2007"]
    assert float(story["times"]) == pytest.approx(china / germany, rel=1e-3)
    assert float(story["adjusted"].max()) == pytest.approx(germany * 1e9)
    sold, bought = printed["ref-exports-2025-release"], printed["ref-imports-2025-release"]
    own = (sold - bought) / 1e4 / printed["ref-gdp-2025"]
    assert float(story["own_share"][2025]) == pytest.approx(own)
    theirs = printed["ref-germany-balance-2015-usd"] / printed["ref-germany-gdp-2015-usd"]
    assert float(story["share"]["Germany"][2015]) == pytest.approx(theirs)


def test_what_made_it_is_what_plain_numbers_make(story: dict[str, Any]) -> None:
    printed = {name: number(text) for name, text in rows("reference").items()}
    for flow in ("exports", "imports"):
        now, then = printed[f"ref-{flow}-2025-usd"] / 1e3, printed[f"ref-{flow}-2021-usd"]
        assert float(story["changed"][flow]) == pytest.approx((now - then) * 1e9, rel=1e-3)


SNIPPETS = re.findall(r"```python\n(.*?)```", "\n".join("".join(c["source"]) for c in CELLS), re.S)
RESULTS = [  # the numbers by hand, and how near
    (1.189e12 / 365, 0.001),
    (1.189e12 * 17.6 / 321.943, 0.01),
    (0.248, 0.05),
]


@pytest.mark.parametrize(
    ("snippet", "by_hand", "room"), [(s, *r) for s, r in zip(SNIPPETS, RESULTS, strict=True)]
)
def test_what_it_suggests_to_try_runs_as_written(
    story: dict[str, Any], snippet: str, by_hand: float, room: float
) -> None:
    assert len(snippet.splitlines()) <= 3
    *steps, last = snippet.strip().splitlines()
    space = dict(story)
    exec("\n".join(steps), space)
    assert float(eval(last, space)) == pytest.approx(by_hand, rel=room)
