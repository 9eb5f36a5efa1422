"""Laws of the reader, on random texts and random quantities."""

import math
import random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tradelib.quantity import HEDGES
from tradelib.wording import parse, scan

FEW = settings(max_examples=120, deadline=None)
PIECES = (
    "over up to from between and at least % percent $ US$ yuan 亿 万亿元 - – 5 3.2 1,234 2024 "
    "million bn -plus or more fell rose the of them . , ( ) ↓ a half dozen twice cars 13-month "
    "pounds ¥ Jan \u00a0 ％ １２ \n ’ / : No minus countries doubled points basis"
)
WORDS = st.sampled_from(PIECES.split(" "))
SOUP = st.lists(WORDS | st.text(max_size=4), max_size=14).map(" ".join)
PLAIN = [
    "The ministry gave no reason.",
    "Officials in Hanoi declined to comment!",
    "“Trade is what it is,” a shipper said.",
    "Nobody knows why.",
]


@FEW
@given(SOUP | st.text(max_size=60))
@example("half")
@example("\x85 5%")
@example("5" * 200 + "%")
def test_any_string_gives_figures_whose_spans_slice_back(text):
    end = 0
    for mention in scan(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.lower <= mention.value <= mention.upper
        assert mention.hedge in HEDGES
        end = mention.end


@FEW
@given(SOUP | st.text(max_size=30))
def test_any_string_is_parsed_or_refused_with_one_sentence(text):
    try:
        value, refusal = parse(text).value, ""
    except ValueError as error:
        value, refusal = 0.0, str(error)
    assert math.isfinite(value)
    assert "\n" not in refusal


def agree(text):
    for found in scan(text):
        again = parse(found.surface, found.direction, found.unit_hint, context=text)
        for field in ("kind", "value", "lower", "upper", "unit", "hedge", "printed_upper"):
            assert getattr(again, field) == getattr(found, field), (found, again)


@FEW
@given(SOUP)
def test_what_scan_finds_parse_reads_with_the_same_result(text):
    agree(text)


FUZZED = [
    "a fall (-55.00-12%)",
    "202023b–24 exports2019–f20 to 4046–2%2xpo",
    "16-18-K-$ 16-18-K-$ 11-18-K-+ - business item",
    "68 to 6 bo dollars",
    "8 of a dollars",
    "7million pounds-o",
    "6 to 1t pounds of",
    "\0 " * 40 + "d over 1 Cms",
    "$2, 4billion billion",
    "percents 5billion",
    "5 and 5 xes",
    "5 and 1-cent",
    "1point to 5point%",
    "2-5billion and 2 posts",
    "Rs5-6",
    "0%to 25 to 5%",
    "paid 5-mm5 in",
    "0$to 1020 to $2.",
    "5 pesos to 1020 to 1030 pesos in Manila",
    "crude +$-5 to $2%",
    "0($6) m May",
    "by at least 0.5 $9024-25pp. mln",
    "No=5-MYR-per-120",
    "(3.1)% growth",
    "Ths($ 8.2)$Thlos",
    "era R($2) utp",
    "mens of countw more than 24 percent to over 1.3 billion;dollars",
    "25 to 5 $1/2 t to 5 1/2 t",
    "Sales are off 13%.\x1f\x1f",
    "two thousand and one to 5 percent",
    "NGN\n3/4-christmas island dollars",
    "Of 33 sectors, 21 posted gains+ nine fell,",
    "growth of 3.1% and a m. a%",
    "23-24 to 5 mils",
]


@pytest.mark.parametrize("text", FUZZED)
def test_what_fuzzing_found_is_mended(text):
    agree(text)


SCALES = {
    "": 1, " thousand": 10**3, " million": 10**6, "m": 10**6, " billion": 10**9, "bn": 10**9,
    " trillion": 10**12, "trn": 10**12, "万": 10**4, "亿": 10**8, "万亿": 10**12,
    " crore": 10**7, " lakh crore": 10**12,
}  # fmt: skip
OPENINGS = {
    "about ": (-1, 1), "over ": (0, 1), "more than ": (0, 1), "under ": (-1, 0), "": (-0.5, 0.5),
    "at least ": (0, math.inf), "up to ": (-math.inf, 0),
}  # fmt: skip


@FEW
@given(
    units=st.integers(1, 999_999),
    decimals=st.integers(0, 3),
    scale=st.sampled_from(list(SCALES)),
    opening=st.sampled_from(list(OPENINGS)),
    form=st.sampled_from(["$#", "US$#", "# yuan", "EUR #", "RMB#", "# %", "#％", "# tonnes"]),
    comma=st.sampled_from(["", ",", "\u00a0", "\u2009"]),
)
def test_a_quantity_in_random_notation_is_read_back(units, decimals, scale, opening, form, comma):
    percent = "%" in form or "％" in form
    assume(not (percent and scale))
    assume(not (form == "# tonnes" and 1500 <= units < 2200))  # may be a year
    assume(not (scale.strip() in ("万", "亿", "万亿") and comma))
    whole = f"{units:,}".replace(",", comma)
    digits = whole + (f".{'7' * decimals}" if decimals else "")
    surface = opening + form.replace("#", digits + scale)
    value = (units + (int("7" * decimals) / 10**decimals if decimals else 0)) * SCALES[scale]
    zeros = len(str(units)) - len(str(units).rstrip("0"))
    step = SCALES[scale] * (10**-decimals if decimals or percent else 10**zeros)
    if percent:
        value, step = value / 100, step / 100
    low, high = OPENINGS[opening]
    if form == "# tonnes" and value < 1000 and not scale and not opening:
        low = high = 0
    found = scan(f"The bureau put it at {surface} this time.")
    assert [m.surface for m in found] == [surface]
    lower, upper = value + low * step, value + high * step
    if opening == "up to " and not percent:
        lower = 0
    assert math.isclose(found[0].value, value, rel_tol=1e-9)
    assert math.isclose(found[0].lower, lower, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(found[0].upper, upper, rel_tol=1e-9, abs_tol=1e-12)


@FEW
@given(st.randoms(use_true_random=False), st.sampled_from(["5%", "$3bn", "12 ports", "0.3 pp"]))
def test_text_without_figures_changes_no_value(rng: random.Random, figure):
    sentence = f"Shipments fell {figure} from a year before."
    filler = " ".join(rng.choices(PLAIN, k=rng.randint(1, 5)))
    alone = scan(sentence)
    for text in (f"{filler} {sentence}", f"{sentence} {filler}", f"{filler}\n{sentence}"):
        found = scan(text)
        assert [(m.surface, m.value, m.unit) for m in found] == [
            (m.surface, m.value, m.unit) for m in alone
        ]
