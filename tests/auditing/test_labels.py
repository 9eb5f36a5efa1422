"""Labels read otherwise in codes are labels read otherwise in words."""

import numpy as np
import pytest

from tests.auditing.worlds import World, frame
from tradelib.auditing.labels import COLUMNS, _changed, _changes
from tradelib.auditing.rules import check
from tradelib.auditing.terms import BOUNDS, TURNED, Figures, Terms


def in_words(rows, change):
    """The rows with a label as it would have been printed."""
    rows, row = rows.copy(), change.row
    if change.value == "deficit":
        rows.loc[row, BOUNDS] = -rows.loc[row, BOUNDS].to_numpy(dtype=float)[TURNED]
        return rows
    if change.field == "period" and rows.at[row, "role"] == "growth":
        rows.at[row, "base"] += change.value - rows.at[row, "period"]
    rows.at[row, COLUMNS[change.field]] = change.value
    return rows


def found(checks):
    """Each check by the figures that it rests on, however its terms are numbered."""
    leaves = [np.sort(checks.terms.leaves[x], axis=1) for x in (checks.a, checks.b, checks.c)]
    columns = [checks.rule, checks.sign, checks.level, checks.amount.round(6), *np.hstack(leaves).T]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("place", range(5))
def test_a_change_in_codes_is_one_in_words(place):
    rows = frame([World(f"codes {place}-{number}") for number in range(3)])
    figures = Figures.of(rows)
    changes = [change for row in rows.index[::5] for change in _changes(figures, row)]
    assert {change.field for change in changes} >= {"flow", "period"}
    for change in changes[::7]:
        ours = check(Terms(_changed(figures, [change])))
        assert found(ours) == found(check(Terms(in_words(rows, change)))), change
    assert found(check(Terms(figures))) == found(check(Terms(rows)))


def test_copies_keep_apart_what_they_are_of():
    rows = frame([World("copies")])
    once, size = check(Terms(rows)), len(rows)
    places = np.tile(np.arange(size), 3)
    copies = check(Terms(Figures.of(rows).take(places, np.repeat(np.arange(3), size))))
    assert np.bincount(copies.world(), minlength=3).tolist() == 3 * [len(once)]
    assert sorted(copies.level.tolist()) == sorted(3 * once.level.tolist())
