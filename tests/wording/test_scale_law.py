"""No figure is wrong by a power of ten: what stands at a number is read with it, or nothing is.

A sentence is made of a number, words of scale, a currency or a counted noun, in any order, parted
by blanks, by line ends or by nothing. Whatever was inserted, deleted or moved: a figure that comes
out has every scale beside it, and no digit of it is missing.
"""

import math
import re
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradelib.wording import scan

MANY = settings(max_examples=400, deadline=None)
SCALES = {
    "thousand": 3, "million": 6, "mn": 6, "mln": 6, "mil": 6, "billion": 9, "bn": 9, "bln": 9,
    "bil": 9, "trillion": 12, "trn": 12, "trln": 12, "lakh": 5, "crore": 7,
}  # fmt: skip
CURRENCIES = ["$", "US$", "€", "RMB", "EUR", "yuan", "dollars", "Rs", "W", "baht"]
NOUNS = ["tonnes", "cars", "bbl", "new ships"]
VALUES = {number: Decimal(number) for number in ("4.2", "683.8", "75", ".5", "9")}
VALUES |= {"1,250": Decimal(1250), "12 500": Decimal(12500)}
VALUES |= {"1.234,5": Decimal("1234.5"), "3½": Decimal("3.5")}
NUMBERS = list(VALUES)
GAPS = st.sampled_from(["", " ", "\n", " \n   ", "\r\n", "\n\n", "-"])
OPENINGS = ["Sales came to ", "It fell from ", "The bill, over ", "", "In May 2024 ", "- "]
ENDINGS = [" in May.", ", up from 3%.", "\nlast year.", "", "\n\nbillion", " (a record)."]


def written(pieces: list[str], gaps: list[str]) -> str:
    """Write pieces with gaps between; two words or two numbers never touch."""
    text = pieces[0]
    for gap, piece in zip(gaps, pieces[1:], strict=False):
        last, first = text[-1:], piece[:1]
        touch = not gap and last.isalnum() and first.isalnum() and last.isalpha() == first.isalpha()
        text += (" " if touch else gap) + piece
    return text


def told(text: str) -> list[tuple[str, Decimal]]:
    """Give the figures of money and of counts, as surface and size."""
    found = [m for m in scan(text) if m.kind in ("money", "count")]
    return [(m.surface, abs(Decimal(repr(m.value)))) for m in found]


@MANY
@given(
    st.sampled_from(OPENINGS),
    st.permutations(["number", "scale", "unit"]),
    st.sampled_from(NUMBERS),
    st.sampled_from(list(SCALES)),
    st.sampled_from(CURRENCIES + NOUNS),
    st.lists(GAPS, min_size=2, max_size=2),
    st.sampled_from(ENDINGS),
)
@example("Sales came to ", ["number", "scale", "unit"], "4.2", "billion", "$", ["\n", " "], "")
@example("Sales came to ", ["number", "unit", "scale"], "75", "million", "EUR", [" ", " "], "")
def test_a_number_has_the_scale_beside_it_or_is_left_out(
    opening, order, number, scale, unit, gaps, ending
):
    words = {"number": number, "scale": scale, "unit": unit}
    text = opening + written([words[name] for name in order], gaps) + ending
    right = VALUES[number] * 10 ** SCALES[scale]
    for surface, value in told(text):
        assert math.isclose(value, right, rel_tol=1e-9), (text, surface, value)


@MANY
@given(
    st.sampled_from(["$", "€", "RMB", "Rs", ""]),
    st.sampled_from(NUMBERS),
    st.sampled_from([*SCALES, ""]),
    st.sampled_from(["yuan", "dollars", "tonnes", ""]),
    st.lists(GAPS, min_size=4, max_size=4),
    st.integers(0, 3),
)
def test_a_piece_that_is_deleted_or_doubled_leaves_the_value_whole(
    sign, number, scale, unit, gaps, twice
):
    pieces = [sign, number, scale, unit]
    pieces.insert(twice, pieces[twice])
    gaps = [gap.replace("\n\n", "\n") for gap in gaps]  # or there are two figures
    text = f"It came to {written([piece for piece in pieces if piece], gaps)} in May."
    found = re.findall("|".join(SCALES), text.split("came to", 1)[1])
    power = sum(SCALES[word] for word in found)
    for surface, value in told(text):
        assert math.isclose(value, VALUES[number] * 10**power, rel_tol=1e-9), (text, surface)


@MANY
@given(
    st.lists(
        st.tuples(st.integers(1, 999), st.sampled_from([12, 9, 6, 3])), min_size=1, max_size=4
    ),
    st.sampled_from([" yuan", " tonnes"]),
    st.booleans(),
)
def test_a_number_of_several_scales_is_one(parts, unit, wrapped):
    names = {12: "trillion", 9: "billion", 6: "million", 3: "thousand"}
    powers = [power for _, power in parts]
    text = " ".join(f"{n} {names[power]}" for n, power in parts)
    text = text.replace(" ", "\n", 1) if wrapped else text
    found = told(f"Trade came to {text}{unit} in May.")
    right = sum(n * 10**power for n, power in parts)
    if powers == sorted(set(powers), reverse=True):
        assert [value for _, value in found] == [right]
    else:
        assert found == [], (text, found)


@MANY
@given(
    st.sampled_from(["from {} to {}", "{} and {}", "{}, against {}", "{}; {}"]),
    st.lists(
        st.tuples(st.sampled_from(NUMBERS), st.sampled_from(list(SCALES))), min_size=2, max_size=2
    ),
    st.sampled_from(["$", "€", "RMB "]),
    GAPS,
)
def test_two_figures_keep_their_scales(form, pair, sign, gap):
    (a, one), (b, two) = pair
    gap = gap if gap.strip(" -") or gap == " " else " "
    text = "Trade rose " + form.format(f"{sign}{a}{gap}{one}", f"{sign}{b}{gap}{two}") + " in May."
    right = {VALUES[a] * 10 ** SCALES[one], VALUES[b] * 10 ** SCALES[two]}
    right.add(sum(right) / 2)
    for surface, value in told(text):
        assert any(math.isclose(value, r, rel_tol=1e-9) for r in right), (text, surface, value)
