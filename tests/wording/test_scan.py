"""Scanning texts: newsroom sentences, spans, what is lent, and the two articles."""

import json
import math
from pathlib import Path

import pytest

from tradelib.wording import Mention, mentions_table, scan

HERE = Path(__file__).parent
ARTICLES = HERE.parents[2] / "shared" / "articles"
NEWSROOM = [
    json.loads(line) for line in (HERE / "newsroom.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_newsroom_sentences():
    """A guard, no measure: invented sentences, checked one by one; a ``gap`` is known and why."""
    wrong = {}
    for example in NEWSROOM:
        found = [[m.surface, m.kind, m.value, m.unit, m.hedge] for m in scan(example["text"])]
        if found != [[s, k, pytest.approx(v), u, h] for s, k, v, u, h in example["figures"]]:
            wrong[example["text"]] = found
    assert wrong.keys() == {example["text"] for example in NEWSROOM if "gap" in example}, wrong


def test_spans_slice_back_in_text_with_windows_line_ends_and_bom():
    text = "\ufeffUp 5%.\r\n\r\n  Over $3bn, or 20%↓.\u2028About 1\u00a0234 cars."
    found = scan(text)
    assert [text[m.start : m.end] for m in found] == [m.surface for m in found]
    assert [m.surface for m in found] == ["5%", "Over $3bn", "20%↓", "About 1\u00a0234 cars"]


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n"])
def test_a_wrapped_text_reads_like_one_line(end):
    text = (
        "The ministry in Hanoi said on Monday that exports of rice and coffee fell{}3.2 percent "
        "in the year to June, to no more than some 25.4 trillion{}dong, while sales of cars "
        "to all of its neighbours in the region reached 1.2{}million units."
    )
    found = scan(text.format(end, end, end))
    assert [(m.value, m.unit) for m in found] == [
        (m.value, m.unit) for m in scan(text.replace("{}", " "))
    ]
    assert [m.surface for m in found][1] == f"some 25.4 trillion{end}dong"
    assert found[0].value == -0.032


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Exports fell\n5%.", [-0.05]),
        ("Exports of rice and tea fell\nMargins 5%", [0.05]),
        ("Exports fell\n\n5% of sales", [0.05]),
        ("Exports fell\n- 5% of sales\n- 3% of jobs", [0.05, 0.03]),
        ("Exports 43.8\nImports 18.2", []),
        ("Exports\t43.8\nbillion yuan", []),
        ("Exports rose to $4.2\n\nbillion", []),
    ],
)
def test_a_line_end_is_a_blank_and_an_empty_line_or_a_bullet_is_none(text, values):
    assert [m.value for m in scan(text)] == values


def test_a_long_paragraph_gives_what_its_sentences_give():
    sentence = "Exports of cars fell 3.2% to over $5bn in May, from 6. "
    alone, many = scan(sentence), scan(sentence * 40)
    assert len(many) == 40 * len(alone)
    assert [(m.value, m.upper) for m in many[-len(alone) :]] == [(m.value, m.upper) for m in alone]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("China's exports came to ¥25.4 trn.", ["CNY"]),
        ("Japan's exports came to ¥9.4 trn.", ["JPY"]),
        ("China paid in yen: ¥9.4 trn.", ["JPY"]),
        ("Japan sold chips for ¥2bn, Beijing said, counting in yuan.", ["CNY"]),
        ("Manila will spend 1.2 trillion pesos.", ["PHP"]),
        ("Mexico will spend 1.2 trillion pesos.", ["MXN"]),
        ("Rates rose in Karachi, where Rs 500 crore were raised.", ["PKR"]),
        ("It was sold for 1.2 billion pesos.", ["MXN"]),
        ("Cairo bought wheat for 3 billion pounds.", ["EGP"]),
    ],
)
def test_shared_names_and_signs_belong_to_the_country_named(text, units):
    assert [m.unit for m in scan(text)] == units


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("A $3 billion deal and A$3 billion.", [("$3 billion", "USD"), ("A$3 billion", "AUD")]),
        ("R5bn and class R 5.", [("R5bn", "ZAR")]),
        ("TOP 10, COP 29, RMB 10.", [("RMB 10", "CNY")]),
        ("US $5bn or US$5bn", [("US $5bn", "USD"), ("US$5bn", "USD")]),
    ],
)
def test_letters_belong_to_a_sign_only_where_they_touch_it(text, surfaces):
    assert [(m.surface, m.unit) for m in scan(text)] == surfaces


def test_what_the_sentence_lends_is_told():
    text = "Trade with A and B fell 7.5 and 3.9 percent, with 190 of 240 ports shut."
    lent = [(m.surface, m.direction, m.unit_hint) for m in scan(text)]
    assert lent == [
        ("7.5", "down", "percent"),
        ("3.9 percent", "down", ""),
        ("190", "", "port"),
        ("240 ports", "", ""),
    ]


def test_printed_reading_is_wider_above():
    mention = scan("Exports rose 25%.")[0]
    assert (mention.upper, mention.printed_upper) == (0.255, 0.26)


def test_no_figure_gives_an_empty_list_and_an_empty_table():
    assert scan("") == scan("In 2024, on Jan. 14, Group of 20 ministers met.") == []
    assert list(mentions_table("")) == list(Mention._fields)


def test_table_has_a_row_each():
    table = mentions_table(scan("At least 5% of 240 countries."))
    assert table["upper"].tolist() == [math.inf, 240.0]
    assert table["surface"].tolist() == ["At least 5%", "240 countries"]


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are their publishers': not here")
def test_the_two_articles_hold_68_figures():
    counts = {}
    for path in sorted(ARTICLES.glob("*.txt")):
        found = scan(path.read_text(encoding="utf-8"))
        surfaces = [mention.surface for mention in found]
        counts["surplus" if "13 consecutive years" in surfaces else "diversification"] = len(found)
        if "190" in surfaces:
            assert [m.unit for m in found if m.surface == "190"] == ["country"]
            assert [m.value for m in found if m.surface == "20%↓"] == [-0.2]
        else:
            nearly = {m.surface for m in found if m.hedge == "nearly"}
            assert {"close to 1 trillion USD", "nearly 1 trillion USD"} <= nearly
            assert ("1 trillion RMB", "exact") in {(m.surface, m.hedge) for m in found}
    assert counts == {"surplus": 35, "diversification": 33}
