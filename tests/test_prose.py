"""Numbers in sentences: as written, traceable, escaped, and marked where they are not certain."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from samples import ARTICLE, CUSTOMS, column, computed, printed, published

from tradelib.prose import DOUBT, STYLE, certain, note, say, short, sources
from tradelib.scale import Scale

T, B = 1e12, 1e9
GROWTH = printed(0.061, 0.0005, "percent", surface="6.1%", measure="growth")
SALES = column({"United States": computed(360.6 * B, 361.2 * B, "USD"),
                "Africa": printed(280 * B, 0.5 * B, "USD")})  # fmt: skip
YEARS = pd.DataFrame({2024: SALES, 2025: SALES * 2})
MISSING = float("nan")


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


SAID = [  # template, what is read
    ("It rose {GROWTH}.", "It rose 6.1%."),
    ("It rose **{GROWTH}**, [they say](../ledger.html).", "It rose 6.1%, they say."),
    ("{SALES[United States]:about}", "361 billion dollars"),
    ("{YEARS[2025][Africa]:about}", "about 560 billion dollars"),
    ("{{}} {year}", "{} 2025"),
    ("{GROWTH}, or {SALES[Africa]}", "6.1%, or 280 billion dollars"),
]


@pytest.mark.parametrize(("template", "text"), SAID)
def test_fields_are_the_callers_names_or_keywords(template: str, text: str) -> None:
    year = 2025  # noqa: F841  (a name of the caller)
    assert say(template).plain == text


def test_a_keyword_goes_before_a_name() -> None:
    assert say("{GROWTH}", GROWTH="so much").plain == "so much"


HOLDS = [
    (True, True),
    (np.True_, True),
    (False, False),
    (np.False_, False),
    (pd.Series([True, True]), True),
    (pd.Series([True, False]), False),
    (pd.Series([True, pd.NA], dtype="boolean"), False),
    (pd.Series([], dtype=bool), False),
    (pd.NA, False),
    (SALES["United States"] > SALES["Africa"], True),
    (SALES["United States"] < MISSING, False),
    (YEARS[2025] > YEARS[2024], True),
]


@pytest.mark.parametrize(("holds", "sure"), HOLDS)
def test_what_is_not_certain_is_marked(holds: Any, sure: bool) -> None:
    assert certain(holds) is sure
    sentence = say("It is so.", holds=holds)
    assert sentence.plain == ("It is so." if sure else f"{DOUBT} It is so.")
    assert ("tl-doubt" in sentence.html) is not sure


def test_holds_is_a_comparison() -> None:
    with pytest.raises(TypeError, match=r"holds is a comparison or a Series of them, found 6\.1%"):
        say("It is so.", holds=GROWTH)  # type: ignore[arg-type]


WRONG = [
    ("{it}", 7.05, r"found the float 7\.05"),
    ("Sold {it}.", MISSING, r"\{it\} in 'Sold \{it\}\.' needs an estimate, .* the float nan"),
    ("{it}", None, "found the NoneType None"),
    ("{it}", pd.NA, "found the NAType <NA>"),
    ("{it}", SALES, "found the Series"),
    ("{it}", print, "found the builtin_function_or_method"),
    ("{thta}", 1, "there is no thta"),
    ("{it[Afrika]}", SALES, "there is no Afrika"),
    ("{it[2026][Africa]}", YEARS, "there is no 2026"),
]


@pytest.mark.parametrize(("template", "value", "message"), WRONG)
def test_what_a_sentence_cannot_tell_is_named(template: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        say(template, it=value)
    with pytest.raises(ValueError, match=message):
        say(template, it=value, holds=False)


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown form 'loud'"):
        say("{GROWTH:loud}")


def test_a_sentence_shows_live_numbers_and_alone_is_plain() -> None:
    sentence = say("In {year} it rose **{GROWTH}**, [they say](../ledger.html).", year=2025)
    data, _ = DisplayFormatter().format(sentence)
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == repr(sentence) == "In 2025 it rose 6.1%, they say."
    html = Reader(sentence.html)
    (span,) = [attrs for tag, attrs in html.tags if tag == "span" and "tabindex" in attrs]
    assert span["tabindex"] == "0"
    assert span["aria-label"] == f"6.1%: {note(GROWTH)}"
    assert ("span", {"title": note(GROWTH)}) in html.tags
    assert ("a", {"href": "../ledger.html"}) in html.tags
    assert ("li", {"data-figures": "exports-2025"}) in html.tags
    assert {"strong", "details", "summary"} <= {tag for tag, _ in html.tags}


def test_all_markup_dropped_the_sentence_reads_alike() -> None:
    sentence = say("It rose *{GROWTH}* in 2024.\n\nAnd then?", holds=False)
    paragraphs = re.findall("<p>.*?</p>", sentence.html)
    assert "\n\n".join("".join(Reader(p).text) for p in paragraphs) == sentence.plain


def test_each_note_is_listed_once() -> None:
    assert say("{GROWTH}, {GROWTH} and {GROWTH:range}").html.count("<li") == 2


PAYLOADS = st.one_of(
    st.sampled_from(["<img src=x onerror=alert(1)>", "a|b`c`", "**b**", "[a](b)", "{x}", "</li>"]),
    st.text("<>&\"'`|*[]()_{}$\\#\n\0 abc", max_size=30),
)


@given(PAYLOADS)
def test_what_comes_from_data_is_never_markup(payload: str) -> None:
    estimate = printed(T, surface=payload, figure=payload, partner=payload)
    sentence = say("A *word*: {who} sold {it}.", who=payload, it=estimate)
    html = Reader(sentence.html)
    tags = [tag for tag, _ in html.tags]
    assert tags == ["div", "p", "em", "span", "span", "details", "summary", "ul", "li"]
    assert html.tags[-1][1].get("data-figures", "") == payload
    assert sentence.plain == f"A word: {payload} sold 1 trillion yuan."


def test_a_template_is_text_but_for_its_marks() -> None:
    assert {tag for tag, _ in Reader(say("<script>1</script> {GROWTH}").html).tags} == {
        "div", "p", "span", "details", "summary", "ul", "li",
    }  # fmt: skip


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_only_links_to_pages(url: str) -> None:
    assert "<a" not in say(f"[click]({url})").html


SHORT = [  # estimate, size of the scale, text
    (printed(25.4 * T, 0.05 * T), T, "25.4"),
    (printed(992 * B, B, "USD", hedge="about"), T, "0.992"),
    (printed(1.189 * T, 0.0005 * T, "USD"), B, "1,189"),
    (printed(130 * B, 0, "USD", 200 * B, hedge="over"), B, "more than 130"),
    (computed(104.6 * B, 105.3 * B, "USD"), B, "105"),
    (computed(-105.3 * B, -104.6 * B, "USD"), B, "−105"),
    (printed(-0.2, 0.005, "percent"), 1, "−20%"),
    (computed(0.07, 0.08, "percent"), 1, "7.5%"),
]


@pytest.mark.parametrize(("estimate", "size", "text"), SHORT)
def test_numbers_of_charts_and_cells(estimate: Any, size: float, text: str) -> None:
    assert short(estimate, Scale.of(estimate.unit, size)) == text


def test_sources_are_named_in_plain_words() -> None:
    world_bank = {"publisher": "World Bank WDI (WTO)"}
    assert sources([CUSTOMS, world_bank, world_bank, ARTICLE]) == (
        "Hankyung’s article on 2025; World Bank WDI; China’s customs"
    )
    many = [{"publisher": name} for name in "ABCDEF"]
    assert sources([*many, ARTICLE]) == "Hankyung’s article on 2025; A; B; and 4 others"
    assert sources([published(1).rows[0], {"publisher": "GACC"}]) == "China’s customs"


def test_the_style_sheet_is_one_line_without_comments() -> None:
    assert "\n" not in STYLE
    assert "/*" not in STYLE
