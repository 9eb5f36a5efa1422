"""Paragraphs, sentences and tokens: the ledger's locators and the scanner's offsets."""

import pytest

from tradelib.wording import paragraphs, sentences
from tradelib.wording.lexicon import Line


def test_paragraphs_are_the_lines_that_hold_something():
    text = "\ufeffSummary\r\n \u00a0\r\n- First.\rSecond. \n\n\tThird\u2029Fourth"
    found = paragraphs(text)
    assert [line for _, line in found] == ["Summary", "- First.", "Second.", "Third", "Fourth"]
    assert all(text[start : start + len(line)] == line for start, line in found)


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("Up 2.5 percent. 3 ports shut.", ["Up 2.5 percent.", "3 ports shut."]),
        ("Mr. Li and J. Wu met U.S. officials.", ["Mr. Li and J. Wu met U.S. officials."]),
        ("On Jan. 14, No. 61 came. It bites.", ["On Jan. 14, No. 61 came.", "It bites."]),
        ("It fell to 5. “Bad,” he said.", ["It fell to 5.", "“Bad,” he said."]),
        ("e.g. steel. approx. half", ["e.g. steel. approx. half"]),
        ("出口增长。进口下降！", ["出口增长。", "进口下降！"]),
        ("No stop at all", ["No stop at all"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_at_a_stop_and_a_new_beginning(paragraph, expected):
    found = sentences(paragraph)
    assert [sentence for _, sentence in found] == expected
    assert all(paragraph[start : start + len(s)] == s for start, s in found)


@pytest.mark.parametrize(
    "text", ["", "  5% \u00a0of 1,2 ", "海关总署5.3％增长", "a\u2009b\x1fc 1'000"]
)
def test_tokens_tile_the_line(text):
    line = Line(text)
    assert "".join(line.raw[: line.size]) == text
    assert [text[line.start[i] : line.end(i)] for i in range(line.size)] == line.tok[: line.size]
