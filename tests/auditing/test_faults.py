"""Faults injected into the real ledger: a sample of what docs/faults.md tells of all."""

import re

import pytest

from bench import faults as bench

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample():
    return bench.measure(reference=True, every=16)


def test_changed_numbers_are_caught_and_wrong_labels_named(sample):
    found, cover = sample
    inside = found["figure"].isin(cover["figure"][cover["covered"]])
    numbers, labels = (found["kind"].isin(kinds) for kinds in (bench.NUMBERS, bench.LABELS))
    missed = found[numbers & inside & ~found["caught"]]
    assert len(missed) <= 0.05 * (numbers & inside).sum(), missed.to_string()
    misled = found[numbers & (found["first"] != "") & ~found["right"]]
    assert len(misled) <= 0.05 * numbers.sum(), misled.to_string()
    wrong = found[labels & found["caught"] & ~found["right"]]
    assert len(wrong) <= 0.2 * (labels & found["caught"]).sum(), wrong.to_string()


def test_most_figures_are_covered_as_the_page_says(sample):
    _, cover = sample
    assert cover["covered"].mean() >= 0.85, cover["figure"][~cover["covered"]].tolist()
    page = bench.PAGE.read_text(encoding="utf-8")
    told = re.search(r"(\d+) of (\d+) figures \(\d+%\) are checked from both\s+sides", page)
    if int(told[2]) != len(cover):
        pytest.skip("docs/faults.md was made with further articles")
    assert int(told[1]) == cover["covered"].sum()
    assert int(re.search(r"first suggestion for (\d+)%", page)[1]) >= 90


def test_a_fault_leaves_what_was_printed():
    figures = bench.tradelib.load_figures()
    figures["period"] = figures["period"].astype(object).fillna("").astype(str)
    rows = figures.set_index("figure")
    planted = bench.faults(figures)
    assert {kind for _, kind, _ in planted} == {*bench.NUMBERS, *bench.LABELS}
    for name, kind, change in planted:
        own = rows.loc[name]
        assert own[[*change]].to_dict() != change
        if kind in bench.NUMBERS and "surface" in change:
            now = {**own, **change}
            read = bench.tradelib.parse(now["surface"], now["direction"], now["unit_hint"])
            apart = (
                read.printed_lower > own["printed_upper"]
                or read.printed_upper < own["printed_lower"]
            )
            assert apart, (name, change)
