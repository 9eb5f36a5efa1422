"""Which single change of a label would make every check of a figure agree.

The audit never applies such a change: ``corrections.csv`` does, by a person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from tradelib.auditing.rules import CONTRADICTS, TWO_SIDED, Checks, check
from tradelib.auditing.spans import Array
from tradelib.auditing.terms import ALL, DEFICIT, FLOWS, WORLD, Terms, signed

ALIKE: Final = ["reporter", "partner", "product", "measure", "flow"]
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
    while suspects := _suspects(rows, checks):
        changes = [change for row in suspects for change in _changes(rows, row)]
        # A year is seldom what a writer confuses: it is asked only where nothing else helps.
        years = [change for change in changes if change.field == "period"]
        others = [change for change in changes if change.field != "period"]
        best = _best(rows, others, folder) or _best(rows, years, folder)
        if best is None:
            break
        found.append(best)
        rows = _changed(rows, [best])
        checks = check(Terms(rows), folder)
    # With all of them made, a figure that still contradicts was not mended.
    return [change for change in found if change.row not in suspects]


def _suspects(rows: pd.DataFrame, checks: Checks) -> list[int]:
    """The articles' figures that stand in a contradiction."""
    wrong = (checks.level == CONTRADICTS) & np.isin(checks.rule, TWO_SIDED)
    ids = np.column_stack([checks.a, checks.b, checks.c])[wrong]
    leaves = np.unique(checks.terms.leaves[ids[ids >= 0]])
    return [int(leaf) for leaf in leaves[leaves >= 0] if rows["is_article"].iloc[leaf]]


def _changes(rows: pd.DataFrame, row: int) -> list[Change]:
    """The labels that a figure could have borne instead."""
    own = rows.loc[row]
    alike = (rows[ALIKE] == own[ALIKE]).all(axis=1)
    changes = [Change(row, "flow", flow) for flow in FLOWS if own["flow"] in FLOWS]
    if own["flow"] == "balance" and own["role"] == "amount":
        changes.append(Change(row, "flow", DEFICIT))
    if own["role"] == "share":
        changes += [Change(row, "basis", flow) for flow in FLOWS[:3]]
    if own["role"] == "growth":
        units = rows.loc[alike & (rows["unit"] != ""), "unit"].unique()
        changes += [Change(row, "currency_basis", unit) for unit in units]
    years = rows.loc[alike & (rows["period"] > 0), "period"].unique()
    changes += [Change(row, "period", int(year)) for year in sorted(years)]
    return [change for change in changes if change.value != own[COLUMNS[change.field]]]


def _changed(rows: pd.DataFrame, changes: list[Change]) -> pd.DataFrame:
    """Read labels otherwise, each change at its row."""
    rows = rows.copy()
    for change in changes:
        if change.field == "period" and rows.at[change.row, "role"] == "growth":
            rows.at[change.row, "base"] += change.value - rows.at[change.row, "period"]
        rows.at[change.row, COLUMNS[change.field]] = change.value
    return signed(rows)


def _best(rows: pd.DataFrame, changes: list[Change], folder: Path | None) -> Change | None:
    """Try all changes at once, each in a world of its own, beside one without any."""
    if not changes:
        return None
    near = [place for change in changes for place in 2 * [_near(rows, change)]]
    world = np.repeat(np.arange(len(near)), [len(places) for places in near])
    every = rows.iloc[np.concatenate(near)].assign(world=world).rename_axis("row").reset_index()
    place = pd.Series(every.index, pd.MultiIndex.from_arrays([world, every.pop("row")]))
    made = [
        change._replace(row=int(place[2 * number + 1, change.row]))
        for number, change in enumerate(changes)
    ]
    checks = check(Terms(_changed(every, made)), folder)
    at, size = checks.world(), len(near)
    about = np.array([change.row for change in changes])[at // 2]
    own = place.reindex(pd.MultiIndex.from_arrays([at, about])).to_numpy()
    counts = np.isin(checks.rule, TWO_SIDED)
    wrong = np.bincount(at[counts & (checks.level == CONTRADICTS)], minlength=size)
    held = counts & (checks.level < CONTRADICTS) & checks.touches(own)
    scores = list(
        zip(wrong[::2] - wrong[1::2], np.bincount(at[held], minlength=size)[1::2], strict=True)
    )
    best = max(range(len(changes)), key=lambda number: (all(scores[number]), *scores[number]))
    return changes[best] if min(scores[best]) > 0 else None


def _near(rows: pd.DataFrame, change: Change) -> Array:
    """The places of the rows that checks of a figure may rest on, before and after a change."""
    own = rows.loc[change.row]
    years = {own["period"], own["base"], change.value} - {0}
    near = rows["partner"].isin([own["partner"], WORLD]) & (rows["reporter"] == own["reporter"])
    near &= rows["product"].isin([own["product"], ALL])
    ages = {year + step for year in years if not isinstance(year, str) for step in (-1, 0, 1)}
    near &= rows["period"].isin(ages) | rows["base"].isin(ages) | (rows.index == change.row)
    places: Array = np.flatnonzero(near)
    return places
