"""Hostile input gives well-formed figures, and work in proportion to its length.

Work is counted in lines of Python run, which no clock and no other program disturbs; how long it
takes is the matter of ``bench/scan.py``.
"""

import sys

import pytest

from tradelib.wording import parse, scan

HOSTILE = {
    "one,one,one": ("1,", ""),
    "one. one. one": ("1. ", ""),
    "digits": ("7", ""),
    "grouped digits": (" 777", ""),
    "dollars": ("$", ""),
    "hedges": ("over ", ""),
    "hedges and a number": ("over ", "5%"),
    "nested ranges": ("between 1 and ", ""),
    "dashed ranges": ("1-", ""),
    "from to": ("from 1% to 2% ", ""),
    "list of bare numbers": ("7, 8 and ", "9 percent"),
    "money without end": ("fell 5 yuan, ", ""),
    "signs": ("-+↓", ""),
    "blanks": (" \u00a0", ""),
    "stops": (". ", ""),
    "initials": ("A.", ""),
    "initials and a stop": ("A.", " B"),
    "hyphens": ("5-a", ""),
    "words and a number": ("word ", "5%"),
    "one word": ("x", ""),
    "quotes": ('."', ""),
    "chinese": ("亿", ""),
    "number words": ("twenty-", "five"),
    "hundreds": ("one hundred and ", ""),
    "shared names": ("paid 5 pesos here ", ""),
    "yen signs": ("paid ¥5 here ", ""),
    "dollar signs": ("US$1 $5 here ", ""),
    "lines": ("5\n", ""),
    "bullets": ("- 5\n", ""),
    "scales": ("million ", "5"),
    "wholes": ("of 5 cars, 3 fell, ", ""),
}

each_text = pytest.mark.parametrize(("unit", "tail"), HOSTILE.values(), ids=list(HOSTILE))


def text(unit: str, tail: str, size: int) -> str:
    return unit * (size // len(unit)) + tail


def work(words: str) -> int:
    """Count the lines of Python that a scan runs, singulars and places it remembers included."""
    lines, before = 0, sys.gettrace()

    def trace(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        return trace

    sys.settrace(trace)
    try:
        scan(words)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.slow
@each_text
def test_100_kb_give_well_formed_figures(unit, tail):
    words, end = text(unit, tail, 100_000), 0
    for mention in scan(words):
        assert end <= mention.start < mention.end <= len(words)
        assert words[mention.start : mention.end] == mention.surface
        assert mention.lower <= mention.value <= mention.upper
        end = mention.end


@each_text
def test_work_grows_no_faster_than_the_text(unit, tail):
    scan("5% of 5 pesos")  # the lexicon is loaded
    once, twice = (work(text(unit, tail, size)) for size in (6_000, 12_000))
    assert twice <= 2.2 * once + 100


@each_text
def test_parse_refuses_100_kb_at_once(unit, tail):
    with pytest.raises(ValueError, match="expected the words of one figure"):
        parse(text(unit, tail, 100_000))
