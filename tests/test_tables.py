"""Tables: semantic, escaped, the same every time, and a DataFrame underneath."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.formatters import DisplayFormatter

from tradelib.quantity import Interval
from tradelib.tables import Table, show

FRAME = pd.DataFrame(
    {
        "partner": ["Africa", "ASEAN", "World"],
        "value": [2.1e12, 7.5e12, 45.5e12],
        "lower": [2.0e12, 7.5e12, 45.465e12],
        "upper": [2.11e12, math.inf, 45.475e12],
        "growth": [Interval(0.183, 0.185), Interval(-0.1, 0.05), None],
        "note": ["a", "b & c", None],
    }
)
UNITS = {"value": "CNY", "growth": "percent"}


@pytest.fixture
def table() -> Table:
    return show(FRAME, caption="Trade", units=UNITS, names={"value": "trade"}, note="By us.")


def cells(table: Table) -> list[list[str]]:
    return [
        [c.text for c in r.select("th,td")]
        for r in BeautifulSoup(table.html, "html.parser").select("tr")
    ]


def test_cells(table: Table) -> None:
    assert cells(table) == [
        ["Partner", "Trade (trillion yuan)", "Growth (percent)", "Note"],
        ["Africa", "2.00 to 2.11", "18.3 to 18.5", "a"],
        ["ASEAN", "≥ 7.5", "−10 to 5", "b & c"],
        ["World", "45.47", "–", "–"],
    ]


def test_html_is_semantic(table: Table) -> None:
    page = BeautifulSoup(table.html, "html.parser")
    box = page.find("div")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Trade")
    assert page.caption.text == "Trade"
    assert {th["scope"] for th in page.select("thead th")} == {"col"}
    assert [th["scope"] for th in page.select("tbody th")] == ["row"] * 3
    assert all("tl-n" in td.get("class", []) for td in page.select("tbody td:nth-child(2)"))
    assert not page.select("tbody td:nth-child(4).tl-n")
    assert page.p.text == "By us."


def test_plain_text_is_set_in_columns(table: Table) -> None:
    assert repr(table).splitlines() == [
        "Trade",
        "Partner  Trade (trillion yuan)  Growth (percent)  Note",
        "Africa            2.00 to 2.11      18.3 to 18.5  a",
        "ASEAN                    ≥ 7.5          −10 to 5  b & c",
        "World                    45.47                 –  –",
        "By us.",
    ]


def test_it_shows_both_and_the_same_every_time(table: Table) -> None:
    data, _ = DisplayFormatter().format(table)
    assert set(data) == {"text/plain", "text/html"}
    again = show(FRAME, caption="Trade", units=UNITS, names={"value": "trade"}, note="By us.")
    assert again._repr_mimebundle_() == data


def test_the_frame_stays_as_it_came_and_can_be_saved(table: Table, tmp_path: Path) -> None:
    assert table.frame is FRAME
    table.to_csv(tmp_path / "trade.csv")
    saved = pd.read_csv(tmp_path / "trade.csv")
    assert list(saved.columns) == list(FRAME.columns)
    assert saved["lower"].tolist() == FRAME["lower"].tolist()


def test_an_index_that_names_rows_is_shown_and_saved(tmp_path: Path) -> None:
    named = pd.DataFrame({"exports": [1e12]}, index=pd.Index([2024], name="year"))
    table = show(named, caption="Exports", units={"exports": "USD"})
    assert cells(table) == [["Year", "Exports (trillion dollars)"], ["2024", "1"]]
    table.to_csv(tmp_path / "exports.csv")
    assert (tmp_path / "exports.csv").read_text().startswith("year,exports")


def test_pairs_of_bounds_become_one_column() -> None:
    frame = pd.DataFrame({"year": [2023], "a_lower": [0.1], "a_upper": [0.2], "b": [3]})
    table = show(frame, caption="A", units={"a": "percent"})
    assert cells(table) == [["Year", "A (percent)", "B"], ["2023", "10 to 20", "3"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(2024, "2024"), (1.25, "1.25"), (-1.5, "−1.5"), (np.nan, "–"), (pd.NA, "–"), (True, "True")],
)
def test_cells_without_a_unit_stay_as_they_are(cell: Any, text: str) -> None:
    frame = pd.DataFrame({"what": ["x"], "it": pd.Series([cell], dtype=object)})
    assert cells(show(frame, caption="It"))[1][1] == text


def test_everything_from_data_is_escaped() -> None:
    evil = "<script>alert('1')</script>\"&"
    table = show(pd.DataFrame({evil: [evil], "b": [evil]}), caption=evil, note=evil)
    page = BeautifulSoup(table.html, "html.parser")
    assert not page.select("script")
    assert page.find("div")["aria-label"] == evil
    assert page.caption.text == page.td.text == page.p.text == evil


@pytest.mark.parametrize(
    ("frame", "units", "message"),
    [
        (FRAME.head(0), {}, "'Trade' is empty"),
        (FRAME, {"valeu": "CNY"}, "has no column valeu; it has partner, value, growth, note"),
    ],
)
def test_wrong_calls_are_named(frame: pd.DataFrame, units: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        show(frame, caption="Trade", units=units)
