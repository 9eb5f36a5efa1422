"""Numbers in sentences: as written, traceable, escaped, and plain where markup is dropped."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from tradelib.estimate import UNKNOWN, Estimate
from tradelib.prose import say, style
from tradelib.quantity import Interval

ROW: dict[str, Any] = {
    "figure": "exports-growth-2024",
    "article": "surplus-2024",
    "paragraph": 1,
    "sentence": 2,
    "surface": "over 7%",
    "partner": "World",
    "product": "All",
    "flow": "exports",
    "measure": "growth",
    "period": 2024,
    "kind": "percent",
    "unit": "1",
    "hedge": "over",
    "value": 0.07,
    "lower": 0.07,
    "upper": 0.08,
}
SURPLUS = Estimate(Interval(7.0e12, 7.09e12), "CNY", "exports − imports")


def row(**changes: Any) -> dict[str, Any]:
    return {**ROW, **changes}


WRITTEN = [  # hedge, kind, unit, value, lower, upper, text
    ("over", "percent", "1", 0.07, 0.07, 0.08, "more than 7%"),
    ("exact", "percent", "1", 0.071, 0.07095, 0.07105, "7.10%"),
    ("exact", "money", "CNY", 25.4e12, 25.35e12, 25.45e12, "25.4 trillion yuan"),
    ("exact", "money", "CNY", 25.4e12, 25.35e12, 25.5e12, "25.4 trillion yuan"),
    ("about", "money", "USD", 992e9, 991e9, 993e9, "about 992 billion dollars"),
    ("nearly", "money", "USD", 1e12, 0.9e12, 1e12, "nearly 1 trillion dollars"),
    ("under", "count", "country", 30, 20, 30, "less than 30 countries"),
    ("at_least", "count", "vehicle", 2e6, 2e6, math.inf, "at least 2 million vehicles"),
    ("at_most", "points", "1", 0.004, -math.inf, 0.004, "at most 0.4 percentage points"),
    ("between", "percent", "1", 0.035, 0.03, 0.04, "3% to 4%"),
    ("exact", "count", "country", 240, 240, 240, "240 countries"),
    ("exact", "percent", "1", -0.2, -0.205, -0.195, "−20%"),
]


@pytest.mark.parametrize(("hedge", "kind", "unit", "value", "lower", "upper", "text"), WRITTEN)
def test_a_row_is_written_as_it_was_printed(
    hedge: str, kind: str, unit: str, value: float, lower: float, upper: float, text: str
) -> None:
    printed = row(hedge=hedge, kind=kind, unit=unit, value=value, lower=lower, upper=upper)
    assert str(Estimate.of(printed)) == text


FORMS = [
    ("", "7.0 to 7.1 trillion yuan"),
    ("range", "7.0 to 7.1 trillion yuan"),
    ("over", "more than 7 trillion yuan"),
    ("under", "less than 7.09 trillion yuan"),
    ("signed", "+7.0 to +7.1 trillion yuan"),
]


@pytest.mark.parametrize(("form", "text"), FORMS)
def test_forms(form: str, text: str) -> None:
    assert format(SURPLUS, form) == text


def test_a_fall_by_its_size() -> None:
    fall = Estimate.of(row(surface="20%↓", hedge="exact", value=-0.2, lower=-0.205, upper=-0.195))
    assert f"fell {fall:size}, by {fall:size range}, by {fall:size over}" == (
        "fell 20%, by 19.5% to 20.5%, by more than 19.5%"
    )


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown form 'loud'"):
        format(SURPLUS, "loud")


def test_notes_tell_words_place_and_interval() -> None:
    assert Estimate.of(ROW).note == (
        "printed “over 7%”, article surplus-2024, paragraph 1: 7% to 8%"
    )
    assert Estimate.of(row(publisher="Customs")).note == "printed “over 7%”, Customs: 7% to 8%"
    assert Estimate.of(row(corrections="flow;basis")).note == (
        "printed “over 7%”, article surplus-2024, paragraph 1 (corrected: flow, basis): 7% to 8%"
    )


def test_a_computed_number_tells_formula_and_inputs() -> None:
    money = {"measure": "level", "kind": "money", "unit": "CNY", "hedge": "between"}
    money |= {"figure": "balance", "flow": "balance", "surface": "7.0 to 7.09 trillion"}
    surplus = Estimate.of(row(**money, value=7.045e12, lower=7.0e12, upper=7.09e12))
    base = surplus / (1 + Estimate.of(ROW))
    assert base.note == (
        "computed as balance of 2024 ÷ (1 + growth of exports of 2024), from 7.0 to 7.1 trillion "
        "yuan (printed “7.0 to 7.09 trillion”, article surplus-2024, paragraph 1); "
        "more than 7% (printed “over 7%”, article surplus-2024, paragraph 1): "
        "6.48 to 6.63 trillion yuan"
    )
    twice = (base * 2).note
    assert twice.startswith("computed as (balance of 2024 ÷ (1 + growth of exports of 2024)) × 2,")
    assert twice.partition(", from ")[2].startswith("7.0 to 7.1 trillion yuan (printed")


def test_a_row_of_unit_1_needs_its_kind() -> None:
    with pytest.raises(ValueError, match="needs its kind"):
        Estimate.of(row(kind=""))


def test_an_interval_alone_is_no_estimate() -> None:
    with pytest.raises(TypeError, match="'unit' and 'name'"):
        Estimate(Interval(1, 2))  # type: ignore[call-arg]


class Reader(HTMLParser):
    """What the elements of some HTML are, and their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_sentence_shows_live_numbers_and_alone_is_plain() -> None:
    sentence = say("In {year} it rose **{growth}**, [they say](ledger.md).", year=2024,
                   growth=Estimate.of(ROW))  # fmt: skip
    data, _ = DisplayFormatter().format(sentence)
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "In 2024 it rose more than 7%, they say."
    html = Reader(sentence.html)
    (span,) = [attrs for tag, attrs in html.tags if tag == "span" and "tabindex" in attrs]
    assert span["tabindex"] == "0"
    assert span["data-figure"] == "exports-growth-2024"
    assert span["aria-label"] == f"more than 7%: {Estimate.of(ROW).note}"
    assert ("span", {"title": Estimate.of(ROW).note}) in html.tags
    assert ("a", {"href": "ledger.md"}) in html.tags
    assert ("li", {"data-figure": "exports-growth-2024"}) in html.tags
    assert {"strong", "details", "summary"} <= {tag for tag, _ in html.tags}


def test_all_markup_dropped_the_sentence_reads_alike() -> None:
    sentence = say("It rose *{growth}* in {year}.", growth=Estimate.of(ROW), year=2024)
    paragraph = re.search("<p>.*?</p>", sentence.html)
    assert paragraph is not None
    assert "".join(Reader(paragraph[0]).text) == sentence.plain


def test_each_note_is_listed_once() -> None:
    sentence = say("{a}, {a} and {a:range}", a=Estimate.of(ROW))
    assert sentence.html.count("<li") == 2


def test_everything_from_data_is_escaped() -> None:
    evil = '<script>alert("1")</script>\'&'
    sentence = say(
        evil.replace("{", "") + " {a} {who}",
        a=Estimate.of(row(surface=evil, figure=evil)),
        who=evil,
    )
    tags = {tag for tag, _ in Reader(sentence.html).tags}
    assert tags == {"div", "p", "span", "details", "summary", "ul", "li"}
    (span,) = [a for t, a in Reader(sentence.html).tags if t == "span" and "tabindex" in a]
    assert span["data-figure"] == evil
    assert sentence.plain.endswith(evil)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_only_links_to_pages(url: str) -> None:
    assert "<a" not in say(f"[click]({url})").html


def test_marks_in_values_are_text() -> None:
    assert say("{who}", who="**[a](b)**").plain == "**[a](b)**"


def test_paragraphs() -> None:
    assert say("One.\n\nTwo.").html.count("<p>") == 2


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({}, "found nothing"),
        ({"a": UNKNOWN}, "found nothing"),
        ({"a": 7.05}, "found the float 7.05"),
        ({"a": 0.0}, "found the float 0.0"),
    ],
)
def test_a_number_from_nowhere_is_an_error(value: dict[str, Any], found: str) -> None:
    with pytest.raises(ValueError, match=rf"\{{a\}} in .* {found}"):
        say("It is {a}.", **value)


def test_no_dollar_sign_that_jupyter_takes_for_mathematics() -> None:
    text = str(Estimate(Interval(1.1885e12, 1.1895e12), "USD", "press"))
    assert text == "1.189 trillion dollars"


def test_the_style_sheet_is_one_line_without_comments() -> None:
    assert "\n" not in style()
    assert "/*" not in style()
