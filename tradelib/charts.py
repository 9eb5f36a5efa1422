"""The chart forms of the house: estimates in, finished charts out.

A form takes a Series of estimates or a table, in the data's order. Its words are ``title``, the
finding; ``measure``, what is drawn; ``highlight``, a label or series or some of them; ``holds``,
what the title claims, as in `tradelib.prose.say`. A missing value, a second unit or a name to
highlight that is not there is a ValueError. A value's origin shows by its fill, which survives
greyscale; its interval is drawn where it can be seen and has two ends.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from textwrap import fill
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import MaxNLocator

from tradelib import card
from tradelib.card import ACCENT, CARD, GREY, INK, LINE, MUTED, RULE, Chart, Data

DASHES: Final = (0, (3, 2))
HALO: Final[list[AbstractPathEffect]] = [withStroke(linewidth=3.6, foreground=CARD)]

__all__ = ["Chart", "bars", "bridge", "lines"]


@card.house()
def bars(data: Data, **words: Any) -> Chart:
    """Draw horizontal bars from zero; those of a table stand in groups under its row's label.

    The words are ``title``, ``measure``, ``highlight`` and ``holds``.

    >>> from tradelib import figures
    >>> articles, _ = figures.load()
    >>> flows = articles.by("flow", flow=["exports", "imports"], period=2025)
    >>> bars(flows, title="Exports lead", measure="Goods in 2025")
    Bar chart: Exports lead. Goods in 2025, trillion yuan: exports 27.0, imports 18.5.
    """
    chart = card.begin("Bar", card.cells(data), **words)
    if (chart.marks.value < 0).any():
        _add_plus(chart.marks, chart.marks.index)
    _bars(chart, 0 * chart.marks.value, chart.marks.value)
    chart.axes.axvline(0, color=INK, linewidth=1, zorder=4)
    return card.finish(chart)


@card.house()
def bridge(steps: pd.Series[Any], *, totals: pd.Series[Any], **words: Any) -> Chart:
    """Draw a bridge (waterfall) from the first of two totals to the second by the steps between.

    Steps that cannot lead there are a ValueError. The bars of the totals are cut, for the scale
    does not begin at zero. The words are ``title``, ``measure``, ``highlight`` and ``holds``.
    """
    whole = pd.concat([totals[:1], steps, totals[1:]])
    chart = card.begin("Bridge", card.cells(whole), **words)
    marks, axes = chart.marks, chart.axes
    first, last = marks.iloc[0], marks.iloc[-1]
    low, high = marks[["lower", "upper"]][:-1].sum()
    if high < last.lower or low > last.upper:
        led = f"the steps lead from {first.label} to {chart.scale.write(low, high)}"
        raise ValueError(f"{led}, but {last.label} is {last.text}")
    levels = marks.value[:-1].cumsum()
    floor = levels.min() - 0.3 * np.ptp(levels)
    _add_plus(marks, marks.index[1:-1])
    places = np.array(_bars(chart, [floor, *levels[:-1], floor], [*levels, last.value])[:-1])
    axes.vlines(levels, places + 0.3, places + 0.7, color=MUTED, linewidth=1)
    axes.axvline(floor + 0.1 * np.ptp(levels), color=CARD, linewidth=5)
    return card.finish(chart)


@card.house()
def lines(data: Data, *, dots: pd.Series[Any] | None = None, **words: Any) -> Chart:
    """Draw a line for each series, with its name and last value at its end; of two years, slopes.

    A table has a row for each year and a column for each series; a Series has names and years, as
    ``dots`` that stand among the lines have, each name told once, at its highest. The words are
    ``title``, ``measure``, ``highlight`` and ``holds``.
    """
    joined = card.cells(data.T if isinstance(data, pd.DataFrame) else data)
    single = joined[:0] if dots is None else card.cells(dots)
    chart = card.begin("Line", pd.concat([single, joined], ignore_index=True), **words)
    for label in chart.marks.label:
        if not label.isdigit():
            raise ValueError(f"the chart {chart.title!r} stands on years, found {label!r}")
    years = chart.marks["year"] = chart.marks.label.astype(int)
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if np.ptp(years) / n <= 6)
    chart.axes.set_xticks(range(years.max(), years.min() - 1, -every))
    in_line = chart.marks.group.isin(joined.group)
    for _, marks in chart.marks.groupby("group", sort=False):
        _points(chart, marks, in_line[marks.index[0]])
    _scale_values(chart)
    ends = chart.marks[in_line].drop_duplicates("group", keep="last")
    highest = chart.marks[~in_line].sort_values("value").drop_duplicates("group", keep="last")
    last = pd.concat([highest, ends])
    _tell(chart, last, last.group + " " + last.text, "right" if single.empty else "above")
    if years.nunique() == 2:
        chart.axes.set_yticks([])
        starts = chart.marks[in_line].drop(ends.index)
        _tell(chart, starts, starts.text, "left")
    return card.finish(chart)


def _add_plus(marks: Any, rows: Any) -> None:
    above = rows[marks.value[rows] > 0]
    marks.loc[above, "text"] = marks.text[above].str.replace(r"\d", r"+\g<0>", n=1, regex=True)


def _rows(chart: Chart) -> list[int]:
    """Put the labels one below the other, those of a group under its name; give their places."""
    rows, places = list[tuple[str, str]](), list[int]()
    for group, run in groupby(chart.marks.itertuples(), attrgetter("group")):
        rows += [(group, "bold")] if group else []
        labels = [(mark.label, "bold" if mark.highlight else "normal") for mark in run]
        places += range(len(rows), len(rows) + len(labels))
        rows += labels
    axes, texts = chart.axes, [fill(text, 20) for text, _ in rows]
    axes.set(xticks=[], ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), texts, size="medium", color=INK, ha="left")
    for tick, (_, weight) in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_weight(weight)
    widest = max(tick.get_window_extent().width for tick in axes.get_yticklabels())
    axes.tick_params(axis="y", pad=widest / 2 + 12)  # a CSS pixel is two of the picture
    chart.height = len(rows) * max(32, *(LINE * text.count("\n") + 28 for text in texts))
    return places


def _bars(chart: Chart, starts: Any, ends: Any) -> list[int]:
    places, lengths = _rows(chart), np.subtract(ends, starts)
    least = np.ptp([*starts, *ends]) / 60
    drawn = chart.axes.barh(places, lengths, 0.7, starts, linewidth=1.6, zorder=2)
    for bar, mark, place, end in zip(drawn, chart.marks.itertuples(), places, ends, strict=True):
        colour = ACCENT if mark.highlight else GREY
        bar.set(facecolor=_fill(mark, colour), edgecolor=colour, gid=f"value {mark.name}")
        if mark.rest:
            bar.set(facecolor=RULE, edgecolor=MUTED, linestyle=DASHES)
        right = max(bar.get_bbox().xmax, _whisker(chart, mark, {"x": end, "y": place}, "x", least))
        _text(chart, mark.text, (right, place), (8, 0), mark)
    return places


def _fill(mark: Any, colour: str) -> Any:
    tint = {"computed": 0.45, "other sources": 0}.get(mark.look, 1)
    return 1 - tint * (1 - np.array(to_rgb(colour)))


def _whisker(chart: Chart, mark: Any, at: dict[str, float], along: str, least: float) -> float:
    """Draw a mark's interval if it has two ends and can be seen; give where the mark ends."""
    if not least <= mark.upper - mark.lower < np.inf:
        return at[along]
    reach = {f"{along}err": [[mark.value - mark.lower], [mark.upper - mark.value]]}
    look = {"color": INK, "elinewidth": 1.6, "path_effects": HALO, "zorder": 5}
    chart.axes.errorbar(**at, **reach, **look, fmt="none", gid=f"interval {mark.name}")
    chart.notes.append("Thin line: possible range.")
    return at[along] + float(mark.upper - mark.value) + least


def _scale_values(chart: Chart) -> None:
    axes, bare = chart.axes, replace(chart.scale, words="")
    low, high = axes.dataLim.intervaly
    if 0 < low < high / 2:
        axes.set_ylim(bottom=0)
    elif low > 0:
        chart.notes += ["The scale does not begin at zero."]
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: bare.write(value, value))
    axes.grid(axis="y")


def _points(chart: Chart, marks: Any, joined: bool) -> None:
    axes, strong = chart.axes, marks.highlight.any()
    colour = ACCENT if strong else MUTED if joined else GREY
    if joined:
        (line,) = axes.plot(marks.year, marks.value, color=colour, zorder=3)
        line.set(linewidth=3 if strong else 2, linestyle=DASHES if marks.rest.all() else "-")
        line.set_gid(f"line {marks.group.iloc[0]}")
    least = np.ptp(chart.marks.value) / 20
    for mark in marks.itertuples():
        (dot,) = axes.plot(mark.year, mark.value, "o", color=colour, zorder=6, clip_on=False)
        dot.set(markerfacecolor=_fill(mark, colour), gid=f"value {mark.name}")
        _whisker(chart, mark, {"x": mark.year, "y": mark.value}, "y", least)


def _tell(chart: Chart, marks: Any, texts: Any, side: str) -> None:
    """Write texts at a side of the axes, level with their marks, or above these; moved apart."""
    (left, right), (low, high) = chart.axes.get_xlim(), chart.axes.get_ylim()
    marks = marks.assign(told=[fill(text.strip(), 22) for text in texts]).sort_values("value")
    sizes = LINE * (marks.told.str.count("\n") + 1)
    chart.height = max(chart.height, sizes.sum())
    levels = (marks.value - low) / (high - low) * chart.height
    sides = {"left": (left, (-8, 0), "right"), "right": (right, (8, 0), "left")}
    across = chart.axes.get_xaxis_transform()
    for mark, level in zip(marks.itertuples(), _apart(levels, sizes, chart.height), strict=True):
        inward = "left" if mark.year < (left + right) / 2 else "right"
        x, by, align = sides.get(side, (mark.year, (0, 17), inward))
        _text(chart, mark.told, (x, level / chart.height), by, mark, xycoords=across, ha=align)


def _apart(levels: Any, sizes: Any, most: float) -> Any:
    """Levels from low to high, moved as little as it takes for things of these sizes."""
    steps = np.cumsum(sizes) - sizes / 2
    free = np.asarray(levels - steps)
    free = (np.maximum.accumulate(free) + np.minimum.accumulate(free[::-1])[::-1]) / 2
    return np.clip(free, 0, most - sizes.sum()) + steps


def _text(chart: Chart, words: str, at: Any, by: Any, mark: Any, **look: Any) -> None:
    look |= {"weight": "bold", "color": ACCENT} if mark.highlight else {"color": INK}
    look |= {"va": "center_baseline", "zorder": 7, "path_effects": HALO}
    chart.axes.annotate(words, at, by, textcoords="offset points", **look)
