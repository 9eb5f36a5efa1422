"""Tables: semantic, escaped, the same every time, and a DataFrame underneath."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from IPython.core.formatters import DisplayFormatter
from samples import column, computed, printed, published
from test_prose import PAYLOADS

from tradelib.prose import Shown, note, show

T = 1e12
FRAME = pd.DataFrame(
    {
        "trade": column({"Africa": printed(2.1 * T, 0.05 * T), "ASEAN": computed(7.4 * T, 7.6 * T),
                         "World": published(45.47 * T, 0.005 * T)}),
        "how_it_grew": column({"Africa": printed(0.184, 0.0005, "percent"),
                          "ASEAN": printed(0.1, 0, "percent", 0.2, hedge="over"), "World": np.nan}),
        "note": ["a", "b & c", None],
    }
).rename_axis("partner")  # fmt: skip


@pytest.fixture
def table() -> Shown:
    return show(FRAME, caption="Trade")


def cells(table: Shown) -> list[list[str]]:
    rows = BeautifulSoup(table.html, "html.parser").select("tr")
    return [[cell.text for cell in row.select("th,td")] for row in rows]


def test_cells(table: Shown) -> None:
    assert cells(table) == [
        ["Partner", "Trade (trillion yuan)", "How it grew", "Note"],
        ["Africa", "2.1", "18.4%", "a"],
        ["ASEAN", "7.5", "more than 10%", "b & c"],
        ["World", "45.47", "–", "–"],
    ]


def test_html_is_semantic(table: Shown) -> None:
    page = BeautifulSoup(table.html, "html.parser")
    box = page.find("div")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Trade")
    assert page.caption.text == "Trade"
    assert {th["scope"] for th in page.select("thead th")} == {"col"}
    assert [th["scope"] for th in page.select("tbody th")] == ["row"] * 3
    assert len(page.select("td.tl-n")) == 6


def test_below_it_stands_where_its_numbers_come_from(table: Shown) -> None:
    items = [li.text for li in BeautifulSoup(table.html, "html.parser").select("details li")]
    assert len(items) == 5
    assert items[0] == f"Africa, trade: 2.1 trillion yuan: {note(FRAME['trade']['Africa'])}"


def test_plain_text_is_set_in_columns(table: Shown) -> None:
    assert repr(table).splitlines() == [
        "Trade",
        "Partner Trade (trillion yuan)   How it grew  Note",
        " Africa                   2.1         18.4%     a",
        "  ASEAN                   7.5 more than 10% b & c",
        "  World                 45.47             –     –",
    ]


def test_it_shows_both_and_the_same_every_time(table: Shown) -> None:
    data, _ = DisplayFormatter().format(table)
    assert set(data) == {"text/plain", "text/html"}
    again = show(FRAME, caption="Trade")
    assert DisplayFormatter().format(again)[0] == data


def test_estimates_in_a_form() -> None:
    rows = cells(show(FRAME[["trade"]], caption="Trade", form="range"))[1:]
    assert [row[1] for row in rows] == ["2.05 to 2.15", "7.4 to 7.6", "45.465 to 45.475"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(2024, "2024"), (1.25, "1.25"), (-1.5, "−1.5"), (np.nan, "–"), (pd.NA, "–"), (True, "True")],
)
def test_cells_without_a_unit_stay_as_they_are(cell: Any, text: str) -> None:
    frame = pd.DataFrame({"what": ["x"], "it": pd.Series([cell], dtype=object)})
    assert cells(show(frame, caption="It"))[1][1] == text


@given(PAYLOADS)
def test_what_comes_from_data_is_never_markup(payload: str) -> None:
    frame = pd.DataFrame({"a": [payload], payload + "b": [printed(T, surface=payload)]})
    page = BeautifulSoup(show(frame, caption=payload).html, "html.parser")
    tags = {tag.name for tag in page.find_all()}
    assert tags <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "details",
                    "summary", "ul", "li"}  # fmt: skip


WRONG = [
    (FRAME.head(0), {}, "'Trade' is empty"),
    (
        pd.DataFrame({"it": column({"a": printed(1, unit="USD"), "b": printed(1)})}),
        {},
        "the column 'it' has one unit, found a in USD, b in CNY",
    ),
]


@pytest.mark.parametrize(("frame", "more", "message"), WRONG)
def test_wrong_calls_are_named(frame: pd.DataFrame, more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        show(frame, caption="Trade", **more)
