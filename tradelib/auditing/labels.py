"""Which single change of a label would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from tradelib.auditing.rules import CONTRADICTS, TWO_SIDED, Checks, Hierarchy, check
from tradelib.auditing.spans import Array
from tradelib.auditing.terms import (
    ALL,
    DEFICIT,
    FLOWS,
    LABELS,
    TURNED,
    WORLD,
    Figures,
    Flow,
    Role,
    Terms,
)

COLUMNS: Final = {"currency_basis": "unit", "flow": "flow", "basis": "basis", "period": "period"}
"""The labels that may be read otherwise, and where `normal` keeps them."""


class Change(NamedTuple):
    """A label read otherwise: the row of the figure, its column in figures.csv, and as what."""

    row: int
    field: str
    value: Any


def suggest(rows: pd.DataFrame, checks: Checks, folder: Path | None = None) -> list[Change]:
    """Find changes of label that together leave no check of their figures contradicting.

    Each is found with those before it made: the one that ends most contradictions comes first,
    and a change counts only if a check of its figure then agrees.

    Parameters
    ----------
    rows, checks
        The figures (`tradelib.auditing.terms.normal`), and what was found about them.
    folder
        Of the data package.
    """
    found: list[Change] = []
    figures = Figures.of(rows)
    hierarchy = Hierarchy(figures.words, folder)
    while suspects := _suspects(checks):
        changes = [change for row in suspects for change in _changes(figures, row)]
        # A year is seldom what a writer confuses: it is asked only where nothing else helps.
        years = [change for change in changes if change.field == "period"]
        others = [change for change in changes if change.field != "period"]
        best = _best(figures, others, hierarchy) or _best(figures, years, hierarchy)
        if best is None:
            break
        found.append(best)
        figures = _changed(figures, [best])
        checks = check(Terms(figures), folder, hierarchy)
    # With all of them made, a figure that still contradicts was not mended.
    return [change for change in found if change.row not in suspects]


def _suspects(checks: Checks) -> list[int]:
    """The articles' figures that stand in a contradiction."""
    rows = checks.in_doubt()
    return [int(row) for row in rows[checks.terms.is_article[rows]]]


def _changes(figures: Figures, row: int) -> list[Change]:
    """The labels that a figure could have borne instead."""
    code, words = figures.code, figures.words
    own = {column: codes[row] for column, codes in code.items()}
    alike = np.all([code[c] == own[c] for c in (*LABELS, "flow")], axis=0)
    changes = []
    if own["flow"] < len(Flow):
        changes += [Change(row, "flow", flow) for flow in FLOWS]
    if own["flow"] == Flow.BALANCE and own["role"] == Role.AMOUNT:
        changes.append(Change(row, "flow", DEFICIT))
    if own["role"] == Role.SHARE:
        changes += [Change(row, "basis", flow) for flow in FLOWS[:3]]
    if own["role"] == Role.GROWTH:
        units = [words["unit"][unit] for unit in pd.unique(code["unit"][alike])]
        changes += [Change(row, "currency_basis", unit) for unit in units if unit]
    years = np.unique(code["period"][alike])
    changes += [Change(row, "period", int(year)) for year in years if year > 0]
    labels = {c: words[c][own[c]] if c in words else own[c] for c in COLUMNS.values()}
    return [change for change in changes if change.value != labels[COLUMNS[change.field]]]


def _changed(figures: Figures, changes: list[Change]) -> Figures:
    """Read labels otherwise, each change at its row."""
    figures = figures.take(np.arange(len(figures)), figures.code["world"])
    code, bounds = figures.code, figures.bounds
    for row, field, value in changes:
        if field == "period":
            if code["role"][row] == Role.GROWTH:
                code["base"][row] += value - code["period"][row]
            code["period"][row] = value
        elif value == DEFICIT:
            bounds[row] = -bounds[row, TURNED]
        else:
            code[COLUMNS[field]][row] = figures.words[COLUMNS[field]].index(value)
    return figures


def _best(figures: Figures, changes: list[Change], hierarchy: Hierarchy) -> Change | None:
    """Try all changes at once, each in a world of its own, beside one without any."""
    if not changes:
        return None
    near = [places for change in changes for places in 2 * [_near(figures, change)]]
    sizes = np.array([len(places) for places in near])
    every = figures.take(np.concatenate(near), np.repeat(np.arange(len(near)), sizes))
    own = np.cumsum(sizes) - sizes
    own += [np.searchsorted(near[n], changes[n // 2].row) for n in range(len(near))]
    made = [c._replace(row=int(row)) for c, row in zip(changes, own[1::2], strict=True)]
    checks = check(Terms(_changed(every, made)), hierarchy=hierarchy)
    at, size = checks.world(), len(near)
    counts = np.isin(checks.rule, TWO_SIDED)
    wrong = np.bincount(at[counts & (checks.level == CONTRADICTS)], minlength=size)
    held = counts & (checks.level < CONTRADICTS) & checks.touches(own[at])
    agree = np.bincount(at[held], minlength=size)
    scores = list(zip(wrong[::2] - wrong[1::2], agree[1::2], strict=True))
    best = max(range(len(changes)), key=lambda number: (all(scores[number]), *scores[number]))
    return changes[best] if min(scores[best]) > 0 else None


def _near(figures: Figures, change: Change) -> Array:
    """The places of the rows that checks of a figure may rest on, before and after a change."""
    code, row = figures.code, change.row
    near = code["reporter"] == code["reporter"][row]
    for column, word in (("partner", WORLD), ("product", ALL)):
        whole = figures.words.number(column, word)
        near &= np.isin(code[column], [code[column][row], whole])
    years = [code["period"][row], code["base"][row]]
    years += [change.value] * (change.field == "period")
    ages = [year + step for year in years if year for step in (-1, 0, 1)]
    near &= np.isin(code["period"], ages) | np.isin(code["base"], ages)
    near[row] = True
    places: Array = np.flatnonzero(near)
    return places
