"""The gold sets are well formed; whether their judgements are right is for people to read."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.numbers import list_currencies

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))
LINES = {file.stem: file.read_text(encoding="utf-8").split("\n") for file in GOLD}
SETS = {name: [json.loads(line) for line in lines[:-1]] for name, lines in LINES.items()}
PASSAGES = [passage for passages in SETS.values() for passage in passages]
FIELDS = ["surface", "kind", "value", "lower", "upper", "unit", "hedge"]
SIGNED = {"percent", "points", "multiple"}
KINDS = SIGNED | {"money", "count"}
HEDGES = {"exact", "about", "over", "nearly", "under", "at_least", "at_most", "between"}
SCALE = re.compile(r"thousand|million|billion|trillion|lakh|crore|万|亿|\d(k|m|mn|bn|b|tn)\b")
SINGULAR_IN_S = ("ss", "us", "is")
CURRENCIES = list_currencies()


def test_every_passage_is_well_formed():
    """One test for thousands of lines: it names those that are not, each with the first reason."""
    wrong = []
    for passage in PASSAGES:
        for law in (surfaces_are_in_the_text_in_order, fields_are_valid, bounds_hold_the_value):
            try:
                law(passage)
            except AssertionError as error:
                wrong.append(f"{passage['id']}, {law.__name__}: {error}")
    assert wrong == []


def spans(passage: dict) -> list[tuple[int, int]]:
    """Find each surface as the README says: from the end of the one before, or at ``start``."""
    found, end = [], 0
    for figure in passage["figures"]:
        start = figure.get("start", passage["text"].find(figure["surface"], end))
        assert start >= end, f"{figure['surface']!r} is not in the text after character {end}"
        end = start + len(figure["surface"])
        found.append((start, end))
    return found


@pytest.mark.parametrize("name", SETS)
def test_file_is_lines_of_compact_json(name):
    assert LINES[name][-1] == ""
    for number, (line, passage) in enumerate(zip(LINES[name], SETS[name], strict=False), start=1):
        assert list(passage) == ["id", "text", "figures"], f"line {number}"
        text = json.dumps(passage["text"], ensure_ascii=False)
        assert line.startswith(f'{{"id":"{passage["id"]}","text":{text},"figures":['), number


def test_ids_and_texts_are_unique():
    for key in ("id", "text"):
        repeated = [k for k, n in Counter(p[key] for p in PASSAGES).items() if n > 1]
        assert repeated == []


@pytest.mark.parametrize("name", SETS)
def test_every_kind_and_hedge_occurs(name):
    figures = [figure for passage in SETS[name] for figure in passage["figures"]]
    assert {figure["kind"] for figure in figures} == KINDS
    assert {figure["hedge"] for figure in figures} == HEDGES
    assert any(passage["figures"] == [] for passage in SETS[name])


def surfaces_are_in_the_text_in_order(passage):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", passage["id"]), "the id"
    for (start, end), figure in zip(spans(passage), passage["figures"], strict=True):
        surface = figure["surface"]
        assert passage["text"][start:end] == surface, surface
        assert surface == surface.strip() != "", surface


def fields_are_valid(passage):
    for figure in passage["figures"]:
        name = figure["surface"]
        assert [key for key in figure if key != "start"] == FIELDS, name
        assert figure["kind"] in KINDS, name
        assert figure["hedge"] in HEDGES, name
        unit = figure["unit"]
        if figure["kind"] == "money":
            assert unit in CURRENCIES, name
        elif figure["kind"] == "count":
            assert re.fullmatch(r"[a-z]+(/d)?|[\u4e00-\u9fff]+", unit), name
            assert not unit.endswith("s") or unit.endswith(SINGULAR_IN_S), name
        else:
            assert unit == "1", name


def bounds_hold_the_value(passage):
    for figure in passage["figures"]:
        name, hedge = figure["surface"], figure["hedge"]
        value, lower, upper = figure["value"], figure["lower"], figure["upper"]
        lower = -math.inf if lower is None else lower
        upper = math.inf if upper is None else upper
        assert lower <= value <= upper, name
        assert value >= 0 or figure["kind"] in SIGNED or re.search(r"^[-−(]|[$€£¥]\(", name), name
        is_open = math.isinf(lower) or math.isinf(upper)
        opens = hedge == "at_least" or (hedge == "at_most" and figure["kind"] in SIGNED)
        assert is_open == opens, name
        scaled = SCALE.search(name) or value >= 1000
        whole = float(value).is_integer() and "." not in name
        if figure["kind"] == "count" and hedge == "exact" and whole and not scaled:
            assert lower == value == upper, name
        else:
            assert lower < upper, name
