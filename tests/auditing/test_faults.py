"""Faults injected into the real ledger: what is caught, and that the page says so."""

import pytest

from bench import faults as bench

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results():
    return bench.run()


def test_the_page_is_what_the_code_gives_now(results):
    assert bench.page(results) == bench.PAGE.read_text(encoding="utf-8"), "run: make faults"


@pytest.mark.parametrize("name", ["with others' figures", "the articles alone"])
def test_changed_numbers_are_caught(results, name):
    result = results[name]
    some = result.slips & result.inside
    missed = result.faults[some & ~result.caught]
    assert result.caught[some].mean() >= 0.95, missed.to_string()


def test_wrong_labels_are_caught_where_something_is_known_of_what_they_say(results):
    result = results["with others' figures"]
    some = ~result.slips & result.inside & result.faults["known"]
    assert some.sum() > 50
    assert result.caught[some].mean() >= 0.95, result.faults[some & ~result.caught].to_string()


def test_most_figures_are_covered(results):
    """By any check that decides, and, fewer, by one that bounds them from both sides."""
    result = results["with others' figures"]
    unchecked = result.cover[~result.cover.drop(columns="figure").any(axis=1)]
    assert len(unchecked) <= 0.15 * len(result.cover), unchecked["figure"].tolist()
    assert result.covered.mean() >= 0.85, result.cover["figure"][~result.covered].tolist()


def test_a_fault_leaves_what_was_printed():
    figures = bench.load_figures()
    for fault in bench.faults(figures):
        own = figures.iloc[fault.row]
        if fault.kind in bench.LABELS or "surface" not in fault.changed:
            assert own[[*fault.changed]].to_dict() != fault.changed
        else:
            apart = (
                fault.changed["printed_lower"] > own["printed_upper"]
                or fault.changed["printed_upper"] < own["printed_lower"]
            )
            assert apart, (own["figure"], fault)
