"""The chart forms of the house: tables in, finished charts out.

`bars`, `columns`, `lines`, `dumbbell` and `bridge` return a `Chart`: a matplotlib Axes that
displays itself as the last line of a cell. All take, beside what their own docstrings name,

- ``table``: a row each with ``label`` (or ``period``, a year), ``value``, ``lower``, ``upper`` in
  single units (bounds may be infinite: an open end) and ``origin``: ``printed``, ``computed`` or
  ``reference``; ``series`` and ``highlight`` where wanted. Other columns are ignored;
- ``title``, the finding in words; ``measure`` and ``unit`` (see `tradelib.scale`), which make the
  subtitle; ``source``; and ``signed=True`` where labels carry their plus.

Intervals are drawn, open ends as arrows. A value's origin shows by its form, which survives
greyscale: filled, striped or outlined bars; dots, diamonds or squares. Colour has one meaning in
all charts, in `ACCENT` and `SERIES`. Texts are placed by their measured extents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np
import pandas as pd

from tradelib.card import (
    ACCENT,
    BARS,
    CARD,
    DOTS,
    GREY,
    INK,
    INNER,
    LINE,
    MUTED,
    RULE,
    ZERO,
    Chart,
    End,
    Row,
    Words,
    described,
    house,
    lanes,
    order,
    read,
    tint,
    upright,
    width_of,
    wrap,
)

__all__ = ["Chart", "Words", "bars", "bridge", "columns", "dumbbell", "lines"]


@house()
def bars(table: pd.DataFrame, *, dots: bool = False, **words: Unpack[Words]) -> Chart:
    """Draw horizontal bars from zero, a row each, in the table's order.

    A ``reference`` row with the label of another row is a square beside that row's bar.

    Parameters
    ----------
    table, words
        Rows, and ``title, measure, unit, source, signed``, as the module says.
    dots
        Draw dots instead, on a scale that need not begin at zero.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Exports", "Imports"], "value": [26.99e12, 18.48e12],
    ...     "lower": [26.985e12, 18.475e12], "upper": [26.995e12, 18.485e12],
    ...     "origin": "printed", "highlight": [True, False]})
    >>> chart = bars(table, title="Exports lead", measure="Goods", unit="CNY", source="customs")
    >>> chart.alt
    'Bar chart: Exports lead. Goods, trillion yuan: Exports 26.99, Imports 18.48.'
    """
    story = read(table, DOTS if dots else BARS, **words)
    own = [row.label for row in story.rows if row.origin != "reference"]
    beside = [row for row in story.rows if row.origin == "reference" and row.label in own]
    main = [row for row in story.rows if row not in beside]
    ends = [end for row in main for end in row.ends(row.width(), row.down)]
    ends += [end for row in beside for end in row.ends(0, False)]
    if beside and len(own) == len(main):
        story = replace(story, forms={**story.forms, "reference": "square"})
    chart = lanes(story, main, ends if dots else [*ends, ZERO], least=40 if beside else 34)
    for lane, row in enumerate(main):
        if dots:
            chart.draw_dot(row, lane)
        else:
            chart.draw_bar(row, lane, 0.6)
        chart.draw_whisker(row, lane)
        chart.draw_tag(row, lane, row.down)
    for row in beside:
        lane = [other.label for other in main].index(row.label)
        chart.draw_whisker(row, lane + 0.36)
        chart.draw_dot(row, lane + 0.36)
    if not dots:
        chart.axvline(0, color=INK, linewidth=1, zorder=4)
    return described(chart, "Dot" if dots else "Bar", story)


@house()
def bridge(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw a bridge from the first row's total to the last row's by the contributions between.

    Where the contributions are small beside the totals, the scale does not begin at zero, and
    the bars of the totals are cut to show it.

    Parameters
    ----------
    table, words
        Rows, and ``title, measure, unit, source``, as the module says.

    Raises
    ------
    ValueError
        If the contributions cannot lead from the first total to the last.
    """
    story = read(table, BARS, **words)
    first, *steps, last = story.rows
    reach = [sum(getattr(row, end) for row in (first, *steps)) for end in ("lower", "upper")]
    if not (reach[0] <= last.upper and last.lower <= reach[1]):
        raise ValueError(
            f"the contributions lead from {first.label} to {story.scale.write(*reach)}, "
            f"but {last.label} is {last.text} {story.scale.words}"
        )
    steps = [
        replace(row, text=story.scale.write(row.lower, row.upper, short=True, signed=True))
        for row in steps
    ]
    story = replace(story, rows=[first, *steps, last])
    starts = [0.0, *np.cumsum([first.value, *(row.value for row in steps)])[:-1], 0.0]
    cut = sum(abs(row.value) for row in steps) < abs(first.value) / 4
    moved = [_moved(row, start) for row, start in zip(story.rows, starts, strict=True)]
    down = [row.down for row in story.rows]
    ends = [end for row, low in zip(moved, down, strict=True) for end in row.ends(row.width(), low)]
    ends += [(start, 0.0, 0.0) for start in starts[1:-1]]
    ends.append((min(ends)[0], 60.0, 0.0) if cut else ZERO)
    chart = lanes(story, story.rows, ends)
    edge = chart.get_xlim()[0]
    for lane, (row, start) in enumerate(zip(moved, starts, strict=True)):
        total = row.label in (first.label, last.label)
        chart.draw_bar(row, lane, 0.6, edge if cut and total else start)
        chart.draw_whisker(row, lane)
        chart.draw_tag(row, lane, down[lane])
        if lane:
            level = row.value if total else start
            chart.plot([level] * 2, [lane - 0.7, lane - 0.3], color=MUTED, linewidth=1)
        if cut and total:
            slant = [edge + 16 * chart.pixel, edge + 24 * chart.pixel]
            chart.plot(slant, [lane + 0.36, lane - 0.36], color=CARD, linewidth=5, zorder=3)
    return described(chart, "Bridge", story)


@house()
def dumbbell(table: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw two periods of each label, joined; ``series`` names the period, the earlier first.

    Parameters
    ----------
    table, words
        Rows, and ``title, measure, unit, source, signed``, as the module says.

    Raises
    ------
    ValueError
        If there are not two periods, or a label does not have each of them once.
    """
    story = read(table, DOTS, **words)
    labels, periods = (order(getattr(r, n) for r in story.rows) for n in ("label", "series"))
    pairs = [[row for row in story.rows if row.label == label] for label in labels]
    if len(periods) != 2 or any(sorted(r.series for r in p) != sorted(periods) for p in pairs):
        raise ValueError(
            f"a dumbbell needs each label once in two periods, found {len(story.rows)} rows of "
            f"{', '.join(labels)} in {', '.join(periods)}"
        )
    ends: list[End] = []
    for pair in pairs:
        pair.sort(key=lambda row: row.known[0])
        for row in pair:
            ends += row.ends(max(row.width(), width_of(row.series, True)), row is pair[0])
    chart = lanes(story, [max(p, key=lambda row: row.highlight) for p in pairs], ends, top=26)
    for lane, pair in enumerate(pairs):
        chart.plot([row.known[0] for row in pair], [lane] * 2, color=RULE, linewidth=7, zorder=1)
        for row in pair:
            early = row.series == periods[0]
            chart.draw_whisker(row, lane)
            chart.draw_dot(row, lane, GREY if early else ACCENT if row.highlight else INK)
            chart.draw_tag(row, lane, row is pair[0])
            if lane == 0:
                name = replace(row, text=row.series, highlight=True)
                chart.draw_tag(name, lane, row is pair[0], 25, MUTED)
    return described(chart, "Dumbbell", story)


@house()
def columns(table: pd.DataFrame, *, height: int = 250, **words: Unpack[Words]) -> Chart:
    """Draw columns by ``period``, of one series, or of several side by side with a scale.

    A label that would touch another or a column is left out; highlighted and late ones are
    placed first.

    Parameters
    ----------
    table, words
        Rows, and ``title, measure, unit, source, signed``, as the module says.
    height
        CSS pixels of the plot.
    """
    story = read(table, BARS, "period", **words)
    names = order(row.series for row in story.rows)
    many, thick = len(names) > 1, 0.76 / len(names)
    last = _last(story.rows) if many else []
    years = [int(row.label) for row in story.rows]
    slot = INNER / (max(years) - min(years) + 1)
    texts = {
        row: [row.text] if many else wrap(row.text, slot - 6, row.highlight) for row in story.rows
    }
    room = LINE * max(map(len, texts.values()))
    ends = [end for row in story.rows for end in row.ends(room, row.down)]
    chart = upright(story, [*ends, ZERO], height, 0.5, last, many)
    (left, right), floor = chart.get_xlim(), chart.get_ylim()[0]
    taken, boxes = [], []
    for row in story.rows:
        lane = int(row.label) + (names.index(row.series) - (len(names) - 1) / 2) * thick
        chart.draw_bar(row, lane, thick)
        chart.draw_whisker(row, lane)
        x, half = (lane - left) * chart.slot, thick * chart.slot / 2
        low, high = sorted((v - floor) / chart.pixel for v in (0.0, row.known[0]))
        taken.append((x - half, low, x + half, high))
        (low, before, _), (high, _, after) = row.ends(0, row.down)
        tall = LINE * len(texts[row])
        base = (
            (low - floor) / chart.pixel - before - tall
            if row.down
            else (high - floor) / chart.pixel + after
        )
        half = max(width_of(line, row.highlight) for line in texts[row]) / 2 + 2
        x = min(max(x, half), (right - left) * chart.slot - half)
        if row not in last and 2 * half < max(chart.slot + 8, 60 * (not many)):
            boxes.append((row.highlight, row.label, (x - half, base, x + half, base + tall), row))
    for *_, box, row in sorted(boxes, key=lambda b: b[:2], reverse=True):
        if all(box[0] >= b[2] or b[0] >= box[2] or box[1] >= b[3] or b[1] >= box[3] for b in taken):
            taken.append(box)
            for i, line in enumerate(texts[row]):
                at = left + (box[0] + box[2]) / 2 / chart.slot, floor
                chart.draw_text(line, at, (0, box[3] - LINE * (i + 0.5)), "center", row.highlight)
    chart.axhline(0, color=INK, linewidth=1, zorder=4)
    return described(chart, "Column", story)


@house()
def lines(
    table: pd.DataFrame,
    *,
    zero: bool = False,
    threshold: tuple[float, str] | None = None,
    height: int = 280,
    **words: Unpack[Words],
) -> Chart:
    """Draw a line over the years for each ``series``, its intervals a band, its name at its end.

    Parameters
    ----------
    table, words
        Rows, and ``title, measure, unit, source, signed``, as the module says.
    zero
        Whether the scale takes in zero.
    threshold
        A value to draw as a dashed line, and its name.
    height
        CSS pixels of the plot.
    """
    story = read(table, {**DOTS, "range": "band"}, "period", **words)
    rows = sorted(story.rows, key=lambda row: int(row.label))
    ends = [(v, 8.0, 8.0) for row in rows for v in row.known] + [ZERO] * zero
    last = _last(rows)
    if threshold:
        value, name = threshold
        mark = replace(rows[0], value=value, lower=value, upper=value, series="", text=name)
        last.append(replace(mark, highlight=False))
        ends.append((value, 8.0, 8.0))
    chart = upright(story, ends, height, 0.2, last, True)
    for name in order(row.series for row in story.rows):
        own = [row for row in rows if row.series == name]
        strong = any(row.highlight for row in own)
        colour = ACCENT if strong else own[0].colour
        x = [int(row.label) for row in own]
        low, high = np.clip([[r.lower for r in own], [r.upper for r in own]], *chart.get_ylim())
        chart.fill_between(
            x, low, high, color=tint(colour), linewidth=0, zorder=2, gid=f"band {name}"
        )
        (line,) = chart.plot(x, [r.value for r in own], color=colour, zorder=3, gid=f"line {name}")
        line.set_linewidth(3 if strong else 2)
        for row in own:
            chart.draw_dot(row, int(row.label), colour)
    if threshold:
        chart.axhline(threshold[0], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
    return described(chart, "Line", story)


def _moved(row: Row, by: float) -> Row:
    return replace(row, value=row.value + by, lower=row.lower + by, upper=row.upper + by)


def _last(rows: Sequence[Row]) -> list[Row]:
    """The last row of each series."""
    return list({row.series: row for row in sorted(rows, key=lambda row: int(row.label))}.values())
