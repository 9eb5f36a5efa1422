"""The chart forms of the house: tables in, finished charts out.

`bars`, `columns`, `lines`, `dumbbell` and `bridge` return a `Chart`: a matplotlib Axes that
displays itself as the last line of a cell. All take

- ``table``: a row each with ``label`` (`columns`, `lines`: ``period``, a year), ``value``,
  ``lower`` and ``upper`` in single units, infinite for an open end, and ``origin``: ``printed``,
  ``computed`` or ``reference``; ``series`` and ``highlight`` where wanted. A table that lacks
  these, or that does not fit the form, is a ``ValueError``;
- ``title``, the finding in words; ``measure`` and ``unit`` (see `tradelib.scale`), which make the
  subtitle; ``source``; and ``signed=True`` where labels carry their plus.

Intervals are drawn, open ends as arrows. A value's origin shows by its form, which survives
greyscale; `ACCENT` is what is highlighted. Texts are placed by their measured extents.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from tradelib import card
from tradelib.card import ACCENT, CARD, GREY, INK, INNER, MUTED, RULE, SMALL, ZERO, Chart, Words
from tradelib.scale import MINUS

__all__ = ["Chart", "Words", "bars", "bridge", "columns", "dumbbell", "lines"]


@card.house()
def bars(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw horizontal bars from zero, a row each, in the table's order.

    A ``reference`` row with the label of another row is a square beside that row's bar.

    >>> table = pd.DataFrame({"label": ["Exports", "Imports"], "value": [26.99e12, 18.48e12],
    ...     "lower": [26.985e12, 18.475e12], "upper": [26.995e12, 18.485e12], "origin": "printed"})
    >>> chart = bars(table, title="Exports lead", measure="Goods", unit="CNY", source="customs")
    >>> chart.alt
    'Bar chart: Exports lead. Goods, trillion yuan: Exports 26.99, Imports 18.48.'
    """
    story = card.read(table, "Bar", **words)
    own = {row.label for row in story.rows if row.origin != "reference"}
    main = [row for row in story.rows if row.origin != "reference" or row.label not in own]
    marks = [replace(row, lane=lane) for lane, row in enumerate(main)]
    place = {row.label: row.lane + 0.38 for row in marks}
    square: Any = {"form": "dot", "colour": MUTED, "text": ""}
    marks += [replace(r, lane=place[r.label], **square) for r in story.rows if r not in main]
    chart = card.lanes(story, main, marks, ZERO)
    chart.axvline(0, color=INK, linewidth=1, zorder=4)
    return chart


@card.house()
def bridge(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw a bridge from the first row's total to the last row's by the contributions between.

    Where the contributions are small beside the totals, the scale does not begin at zero, and
    the bars of the totals are cut to show it. An error, if they cannot lead to the last total.
    """
    story = card.read(table, "Bridge", **words)
    first, *steps, last = story.rows
    low, high = (sum(getattr(row, end) for row in (first, *steps)) for end in ("lower", "upper"))
    if not (low <= last.upper and last.lower <= high):
        raise ValueError(
            f"the contributions lead from {first.label} to {story.scale.write(low, high)}, "
            f"but {last.label} is {last.text} {story.scale.words}"
        )
    levels = np.cumsum([first.value, *(row.value for row in steps)]).tolist()
    for i, row in enumerate(steps):
        text = story.scale.write(row.lower, row.upper, short=True, signed=True)
        steps[i] = replace(row, text=text, start=levels[i])
    story = replace(story, rows=[first, *steps, last])
    ends = [end for row in story.rows for end in row.ends()]
    cut = sum(abs(row.value) for row in steps) < first.value / 4
    chart = card.lanes(story, story.rows, story.rows, (min(ends)[0], 60, 0) if cut else ZERO)
    for lane, level in enumerate(levels, start=1):
        chart.plot([level] * 2, [lane - 0.7, lane - 0.3], color=MUTED, linewidth=1)
    for lane in (0, len(levels)) if cut else ():
        slant = [chart.floor + 16 * chart.pixel, chart.floor + 24 * chart.pixel]
        chart.plot(slant, [lane + 0.36, lane - 0.36], color=CARD, linewidth=5, zorder=3)
    return chart


@card.house()
def dumbbell(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw each label's two periods, joined; ``series`` names the period, the earlier first."""
    story = card.read(table, "Dumbbell", "dot", **words)
    labels, periods = ({getattr(row, n): 0 for row in story.rows} for n in ("label", "series"))
    pairs = [[row for row in story.rows if row.label == label] for label in labels]
    if len(periods) != 2 or any({r.series for r in p} != {*periods} or len(p) > 2 for p in pairs):
        found = f"{len(story.rows)} rows of {', '.join(labels)} in {', '.join(periods)}"
        raise ValueError(f"a dumbbell needs each label once in two periods, found {found}")
    marks, early = [], story.rows[0].series
    for lane, pair in enumerate(pairs, start=1):
        pair.sort(key=lambda row: row.known[0])
        for row in pair:
            colour = GREY if row.series == early else ACCENT if row.highlight else INK
            marks.append(replace(row, lane=lane, colour=colour, down=row is pair[0]))
    names = [replace(row, lane=0, form="", text=row.series, highlight=True) for row in marks[:2]]
    heads = [max(pair, key=lambda row: row.highlight) for pair in pairs]
    chart = card.lanes(story, [replace(heads[0], label=""), *heads], [*marks, *names])
    for lane, pair in enumerate(pairs, start=1):
        chart.plot([row.known[0] for row in pair], [lane] * 2, color=RULE, linewidth=7, zorder=1)
    return chart


@card.house()
def columns(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw columns, a row and a year each.

    A label that would touch another or a column is left out; highlighted and late ones are
    placed first.
    """
    story = card.read(table, "Column", key="period", **words)
    years = [row.lane for row in story.rows]
    if len({*years}) < len(years):
        raise ValueError(f"columns need each period once, found {', '.join(map(str, years))}")
    slot = INNER / (max(years) - min(years) + 1)
    rows = [replace(r, text=card.wrap(r.text, slot - 6, r.highlight)) for r in story.rows]
    ends = [end for row in rows for end in row.ends(card.height_of(row.text))]
    widest = max(card.width_of(row.text, row.highlight) for row in rows)
    pad = max(0.5, (widest - card.MARGIN) / 2 / slot)
    chart = card.sheet(story, rows, card.fit(250, [*ends, ZERO]), 250, pad=pad)
    for row in rows:
        chart.draw_row(row)
    taken = [bar.get_window_extent() for bar in chart.patches]
    for row in sorted(rows, key=lambda row: (row.highlight, row.lane), reverse=True):
        tag = chart.draw_tag(row)
        taken.append(tag.get_window_extent().padded(4, 0))
        if taken[-1].count_overlaps(taken[:-1]):
            taken.pop()
            tag.remove()
    chart.axhline(0, color=INK, linewidth=1, zorder=4)
    return chart


@card.house()
def lines(
    table: pd.DataFrame, *, threshold: tuple[float, str] | None = None, **words: Unpack[Words]
) -> Chart:
    """Draw a line over the years for each ``series``, its intervals a band, its name at its end.

    A ``threshold``, a value in single units and its name, is a dashed line.
    """
    story = card.read(table, "Line", "dot", "period", **words)
    rows = sorted(story.rows, key=lambda row: row.lane)
    last = {row.series: row for row in rows}
    names = [(r.known[0], f"{r.series} {r.text}".strip(), r.highlight) for r in last.values()]
    names = sorted([*names, *([(*threshold, False)] if threshold else [])])
    known = [value for row in rows for value in row.known] + [value for value, *_ in names]
    height, factor = 280, story.scale.factor
    floor, ceiling = card.fit(height, [(value, 8.0, 8.0) for value in known])
    ticks = np.array(MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(floor, ceiling)) / factor
    place = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    low = floor + 12 * (ceiling - floor) / height  # no text of the scale among the years below it
    ticks = ticks[(ticks * factor >= low) & (ticks * factor <= ceiling)]
    mark = "%" if story.scale.unit == "percent" else ""
    texts = [f"{tick:z,.{place}f}{mark}".replace("-", MINUS) for tick in ticks]
    left = 8 + max(card.width_of(text, size=SMALL) for text in texts)
    right = 10 + max(card.width_of(name, bold) for _, name, bold in names)
    chart = card.sheet(story, rows, (floor, ceiling), height, left=left, right=right, pad=0.2)
    chart.set_yticks(ticks * factor, texts)
    chart.grid(axis="y")
    # Names keep 22 pixels apart, each as near to its value from below as from above.
    apart = 22.0 * np.arange(len(names))
    level = (np.array([value for value, *_ in names]) - floor) / chart.pixel - apart
    level = (np.maximum.accumulate(level) + np.minimum.accumulate(level[::-1])[::-1]) / 2
    level = np.clip(level, 8, height - 8 - apart[-1]) + apart
    for (_, name, bold), y in zip(names, level.tolist(), strict=True):
        at, ink = (chart.get_xlim()[1], floor + y * chart.pixel), ACCENT if bold else INK
        chart.draw_text(name, at, (8, 0), bold, color=ink)
    for series in last:
        own = [row for row in rows if row.series == series]
        years, strong = [row.lane for row in own], any(row.highlight for row in own)
        colour, thick = (ACCENT, 3) if strong else (GREY, 2)
        bounds = np.clip([[row.lower for row in own], [row.upper for row in own]], floor, ceiling)
        band = chart.fill_between(years, *bounds, color=colour, alpha=0.25, linewidth=0, zorder=2)
        band.set_gid(f"band {series}")
        (line,) = chart.plot(years, [row.value for row in own], color=colour, linewidth=thick)
        line.set(gid=f"line {series}", zorder=3)
        for row in own:
            chart.draw_row(replace(row, colour=colour, lower=row.value, upper=row.value))
    if threshold:
        chart.axhline(threshold[0], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
    return chart
