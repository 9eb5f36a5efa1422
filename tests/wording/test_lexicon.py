"""The tables: well formed, with a reason each, in step with CLDR."""

import csv
import re
from importlib.resources import files

import pytest
from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_symbol
from babel.numbers import get_territory_currencies as current

from tradelib.quantity import HEDGES, KINDS
from tradelib.wording.lexicon import BEFORE, SHARED, UNITS, W, cut, singular
from tradelib.wording.lexicon import HEDGES as HEDGE_WORDS
from tradelib.wording.numerals import written
from tradelib.wording.scanning import currency

TABLES = sorted(
    (file for file in (files("tradelib.wording") / "tables").iterdir()), key=lambda f: f.name
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_has_its_reason(table):
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows
    assert list(rows[0])[-1] == "reason"
    for row in rows:
        assert None not in row, f"too many cells: {row}"
        assert row["reason"], row
        words = row["words"].split("|") if "words" in row else []
        assert all(words), row
        assert len(words) == len(set(words)), row


def test_words_of_context_are_single_tokens():
    table = files("tradelib.wording") / "tables" / "context.csv"
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        for word in row["words"].split("|"):
            plain = word.lstrip("@!") if len(word) > 1 else word
            assert plain == word or plain in vars(W), word
            assert len(cut(word)) == 1 or "-" in word or plain != word, word


def test_every_class_of_words_is_used_and_every_class_used_is_there():
    modules = [m for m in files("tradelib.wording").iterdir() if m.name.endswith(".py")]
    code = " ".join(module.read_text(encoding="utf-8") for module in modules)
    table = (files("tradelib.wording") / "tables" / "context.csv").read_text(encoding="utf-8")
    used = {*re.findall(r"\bW\.([a-z_]+)", code), *re.findall(r"[@!]([a-z_]+)", table)}
    assert set(vars(W)) == used


def test_hedges_and_kinds_are_those_of_the_contract():
    assert {hedge for hedge, _ in HEDGE_WORDS.entries.values()} <= set(HEDGES)
    assert {kind for kind, *_ in UNITS.entries.values()} <= set(KINDS)


@pytest.mark.parametrize(
    ("code", "locale"),
    [("THB", "th"), ("RUB", "ru"), ("TRY", "tr"), ("MYR", "ms"), ("IDR", "id"), ("PHP", "fil"),
     ("KZT", "kk"), ("PLN", "pl"), ("UAH", "uk"), ("VND", "vi"), ("ILS", "he"), ("NGN", "yo")],
)  # fmt: skip
def test_signs_of_the_press_are_those_of_the_country(code, locale):
    sign = cut(get_currency_symbol(code, locale))
    assert code in (BEFORE.entries.get(sign), UNITS.entries.get(sign, ("", ""))[1])


def test_every_current_currency_is_read_by_code_and_by_full_name():
    """The table is no older than the CLDR of the Babel that is installed."""
    paid = {code for place in get_global("territory_currencies") for code in current(place)}
    assert len(paid) > 150
    for code in paid:
        _, name, _ = UNITS.entries[cut(get_currency_name(code, 2, "en").lower())]
        assert BEFORE.entries[code,] == code
        assert name == code or code in SHARED[name][1], code


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("countries", "country"), ("duties", "duty"), ("boxes", "box"), ("taxes", "tax"),
        ("businesses", "business"), ("losses", "loss"), ("buses", "bus"), ("bases", "base"),
        ("surpluses", "surplus"), ("warehouses", "warehouse"), ("licences", "licence"),
        ("branches", "branch"), ("potatoes", "potato"), ("shoes", "shoe"), ("halves", "half"),
        ("executives", "executive"), ("people", "person"), ("aircraft", "aircraft"),
        ("series", "series"), ("TEUs", "teu"), ("tonnes", "tonne"), ("quizzes", "quiz"),
        ("prizes", "prize"), ("gas", "gas"), ("Indices", "index"), ("ties", "tie"),
    ],
)  # fmt: skip
def test_singular(plural, expected):
    assert singular(plural) == expected


@pytest.mark.parametrize(
    ("token", "size"),
    [
        ("1,234,567.5", "1234567.5"), ("1,23,456", "123456"), ("1.234.567", "1234567"),
        ("3,5", "3.5"), ("12 500", "12500"), ("1'250", "1250"), ("１，２３４", "1234"),
        ("0.5", "0.5"), (".5", "0.5"), ("1.234,5", "1234.5"),
        ("0", "0"), ("007", None), ("1,1,1", None), ("1.2.3", None),
        ("1,2345", None), ("9" * 41, None), ("2024,12", "2024.12"),
    ],
)  # fmt: skip
def test_written_numbers(token, size):
    number = written(token)
    assert (None if number is None else str(number)) == size


def test_codes_and_plain_names_need_no_country():
    assert currency("USD", "Canada and Australia") == "USD"
    assert currency("krone", "no country at all") == "NOK"
    assert currency("krone", "Denmark's exports") == "DKK"
