"""Hostile input takes time in proportion to its length, and little of it."""

import time

import pytest

from tradelib.wording import parse, scan

SIZE = 100_000
HOSTILE = {
    "one,one,one": "1," * (SIZE // 2),
    "one. one. one": "1. " * (SIZE // 3),
    "digits": "7" * SIZE,
    "grouped digits": "7" + " 777" * (SIZE // 4),
    "dollars": "$" * SIZE,
    "hedges": "over " * (SIZE // 5),
    "hedges and a number": "over " * (SIZE // 5) + "5%",
    "nested ranges": "between 1 and " * (SIZE // 14),
    "dashed ranges": "1-" * (SIZE // 2),
    "from to": "from 1% to 2% " * (SIZE // 14),
    "list of bare numbers": "7, 8 and " * (SIZE // 9) + "9 percent",
    "money without end": "fell 5 yuan, " * (SIZE // 13),
    "signs": "-+↓" * (SIZE // 3),
    "blanks": " \u00a0" * (SIZE // 2),
    "stops": ". " * (SIZE // 2),
    "initials": "A." * (SIZE // 2),
    "initials and a stop": "A." * (SIZE // 2) + " B",
    "hyphens": "5-a" * (SIZE // 3),
    "words and a number": "word " * (SIZE // 5) + "5%",
    "one word": "x" * SIZE,
    "quotes": '."' * (SIZE // 2),
    "chinese": "亿" * SIZE,
    "number words": "twenty-" * (SIZE // 7) + "five",
    "hundreds": "one hundred and " * (SIZE // 16),
    "shared names": "paid 5 pesos here " * (SIZE // 18),
    "yen signs": "paid ¥5 here " * (SIZE // 13),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_100_kb_take_less_than_a_second(text):
    scan("5%")  # the lexicon is loaded
    start = time.process_time()
    scan(text)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_parse_refuses_100_kb_at_once(text):
    with pytest.raises(ValueError, match="expected the words of one figure"):
        parse(text)
