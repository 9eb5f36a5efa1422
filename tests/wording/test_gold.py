"""The reader against the gold sets: kind, signed value, both bounds, unit, hedge and span."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tradelib.wording import Mention, scan

GOLD = Path(__file__).parent / "gold"
KINDS = ("money", "percent", "points", "count", "multiple")
GAPS: dict[str, str] = {}
"""Passages that the reader is known to get wrong, each with the reason."""

SETS = {
    file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for file in sorted(GOLD.glob("*.jsonl"))
}


def expected(passage: dict[str, Any]) -> list[tuple]:
    found, end = [], 0
    for figure in passage["figures"]:
        start = figure.get("start", passage["text"].find(figure["surface"], end))
        end = start + len(figure["surface"])
        lower, upper = figure["lower"], figure["upper"]
        bounds = -math.inf if lower is None else lower, math.inf if upper is None else upper
        found.append(
            (start, end, figure["kind"], figure["value"], *bounds, figure["unit"], figure["hedge"])
        )
    return found


def same(gold: tuple, mention: Mention) -> bool:
    numbers = zip(gold[3:6], (mention.value, mention.lower, mention.upper), strict=True)
    words = (mention.start, mention.end, mention.kind, mention.unit, mention.hedge)
    return words == (*gold[:3], *gold[6:]) and all(math.isclose(a, b) for a, b in numbers)


@pytest.mark.parametrize("name", SETS)
def test_at_least_97_percent_are_fully_right(name, record_property):
    counts = {kind: [0, 0, 0] for kind in KINDS}
    wrong = []
    for passage in SETS[name]:
        found = scan(passage["text"])
        for gold in expected(passage):
            match = next((m for m in found if same(gold, m)), None)
            if match is None:
                counts[gold[2]][2] += 1
                wrong.append(f"{passage['id']}: missed {passage['text'][gold[0] : gold[1]]!r}")
            else:
                counts[gold[2]][0] += 1
                found.remove(match)
        for mention in found:
            counts[mention.kind][1] += 1
            wrong.append(f"{passage['id']}: not in the gold set: {mention}")
    record_property("gold", (name, counts))
    right, extra, missed = (sum(column) for column in zip(*counts.values(), strict=True))
    assert 2 * right / (2 * right + extra + missed) >= 0.97, "\n".join(wrong)


def _marked(passage: dict[str, Any]) -> Any:
    reason = GAPS.get(passage["id"])
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(passage, id=passage["id"], marks=marks)


@pytest.mark.parametrize("passage", [_marked(p) for passages in SETS.values() for p in passages])
def test_passage(passage):
    found, gold = scan(passage["text"]), expected(passage)
    wrong = [m for m in found if not any(same(g, m) for g in gold)]
    missed = [g for g in gold if not any(same(g, m) for m in found)]
    assert (wrong, missed) == ([], []), passage["text"]
