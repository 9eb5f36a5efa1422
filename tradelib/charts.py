"""The chart forms of the house: estimates in, finished charts out.

A form takes a Series of estimates, its index the labels or years, or a table with a column for
each series. The order is the data's. The words of every form are

- ``title``, the finding, and ``measure``, what is drawn, which makes the subtitle;
- ``unit``: another unit to name than the estimates' own, such as ``USD 2024``;
- ``highlight``: the label or series, or some of them, to put forward;
- ``holds``: what the title claims, as a comparison or a Series of them, which means all. Where it
  is not certain, the title begins with "Not certain under these settings:".

A missing value (unless ``holds`` is not certain), a second unit or a name to highlight that is not
there is a ``ValueError`` that names it.

A chart is a `Chart`, which displays itself as the last line of a cell: a picture with an alt text
computed from the data. A value's origin shows by its fill or marker, which survives greyscale;
intervals are drawn where they can be seen. ``figure`` and ``axes`` are there to change.
"""

from __future__ import annotations

import math
from collections.abc import Container
from textwrap import fill
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from tradelib import card
from tradelib.card import ACCENT, CARD, GREY, INK, MUTED, RULE, Chart, Data, Mark
from tradelib.estimate import Estimate
from tradelib.prose import named
from tradelib.scale import MINUS

LINE: Final = 20  # CSS pixels from one line of text to the next
MARKERS: Final = {"printed": "o", "computed": "D", "reference": "s"}
DASHES: Final = (0, (3, 2))
HALO: Final[list[AbstractPathEffect]] = [withStroke(linewidth=3.6, foreground=CARD)]

__all__ = ["Chart", "bars", "bridge", "lines", "strip"]


@card.house()
def bars(data: Data, **words: Any) -> Chart:
    """Draw horizontal bars from zero; those of a table stand in groups under its row's label.

    Where some are negative they diverge, and the others carry their plus. The words are ``title``,
    ``measure``, ``unit``, ``highlight`` and ``holds``.

    >>> from tradelib import figures
    >>> articles, _ = figures.load()
    >>> flows = articles.by("flow", flow=["exports", "imports"], period=2025)
    >>> bars(flows, title="Exports lead", measure="Goods in 2025")
    Bar chart: Exports lead. Goods in 2025, trillion yuan: exports 26.99, imports 18.48.
    """
    found = card.cells(data)
    signs = {np.sign(cell.value) for cell in found.values() if isinstance(cell, Estimate)}
    signed = [label for label, _ in found] if {-1, 1} <= signs else []
    chart = card.begin("Bar", found, signed=signed, **words)
    places = _rows(chart, grouped=any(chart.series))
    _bars(chart, places, np.zeros(len(places)), [mark.value for mark in chart.marks])
    chart.axes.axvline(0, color=INK, linewidth=1, zorder=4)
    return card.finish(chart)


@card.house()
def bridge(steps: pd.Series[Any], *, totals: pd.Series[Any], **words: Any) -> Chart:
    """Draw a bridge (waterfall) from the first of two totals to the second by the steps between.

    Where the steps are small beside the totals, the scale does not begin at zero, and the bars of
    the totals are cut to show it. Steps that cannot lead to the last total are a ValueError. The
    words are ``title``, ``measure``, ``unit``, ``highlight`` and ``holds``.
    """
    if len(totals) != 2:
        raise ValueError(f"a bridge needs two totals, found {len(totals)}")
    found = card.cells(pd.concat([p.astype(object) for p in (totals[:1], steps, totals[1:])]))
    chart = card.begin("Bridge", found, signed=[named(label) for label in steps.index], **words)
    first, *moves, last = chart.marks
    low, high = (sum(getattr(mark, end) for mark in (first, *moves)) for end in ("lower", "upper"))
    if high < last.lower or low > last.upper:
        led = f"the steps lead from {first.label} to {chart.scale.write(low, high)}"
        raise ValueError(f"{led}, but {last.label} is {last.text}")
    levels = np.nancumsum([first.value, *(mark.value for mark in moves)])
    cut = np.ptp(levels) < first.value / 4
    floor = levels.min() - 0.3 * np.ptp(levels) if cut else 0.0
    places = _rows(chart)
    _bars(chart, places, np.array([floor, *levels[:-1], floor]), [*levels, last.value])
    for place, level in zip(places, levels, strict=False):
        chart.axes.plot([level] * 2, [place + 0.3, place + 0.7], color=MUTED, linewidth=1)
    for place in (places[0], places[-1]) if cut else ():
        slant, sides = [0.05, 0.08], chart.axes.get_yaxis_transform()
        chart.axes.plot(slant, [place + 0.4, place - 0.4], color=CARD, linewidth=5, transform=sides)
    return card.finish(chart)


@card.house()
def lines(data: Data, *, dots: pd.Series[Any] | None = None, **words: Any) -> Chart:
    """Draw a line over the years for each series, with its name and last value at its end.

    Over two years these are slopes, which tell their first values too. Where the scale does not
    begin at zero, the chart says so. ``dots``, a Series by names and years, stand among the lines,
    each name once, at its highest. The words are ``title``, ``measure``, ``unit``, ``highlight``
    and ``holds``.
    """
    if isinstance(data, pd.Series) and data.index.nlevels == 1:
        data = data.to_frame(data.name or "")
    found = _dated(card.cells(data))
    single = {} if dots is None else _dated(card.cells(dots))
    chart = card.begin("Line", single | found, **words)
    years = _years(chart)
    joined = {
        name: marks for name, marks in chart.series.items() if (marks[0].label, name) in found
    }
    for name, marks in chart.series.items():
        _points(chart, marks, name in joined)
    _scale_values(chart)
    ends = {marks[-1]: fill(f"{name} {marks[-1].text}", 22) for name, marks in joined.items()}
    chart.height = max(chart.height, LINE * sum(text.count("\n") + 1 for text in ends.values()))
    if len(set(years)) == 2:
        chart.axes.set_yticks([])
        _beside(chart, {marks[0]: marks[0].text for marks in joined.values() if marks[1:]}, 0)
    if single:
        _name_dots(chart, joined)
    else:
        _beside(chart, ends, 1)
    return card.finish(chart, "dot")


@card.house()
def strip(data: pd.DataFrame, **words: Any) -> Chart:
    """Draw the intervals that the columns give for each row's quantity, one below the other.

    Each quantity has its own scale, so that its intervals can be compared, however narrow. The
    words are ``title``, ``measure``, ``unit``, ``highlight`` and ``holds``.
    """
    found = card.cells(data)
    chart = card.begin("Interval", found, **words)
    places = _rows(chart, grouped=True)
    chart.axes.set_xlim(0, 1)
    for place, mark in zip(places, chart.marks, strict=True):
        ends = [end for m in chart.marks if m.label == mark.label for end in (m.lower, m.upper)]
        low, high = (way([end for end in ends if math.isfinite(end)] or [0]) for way in (min, max))
        span = (np.clip([mark.lower, mark.upper], low, high) - low) / ((high - low) or 1)
        (bar,) = chart.axes.plot(span, [place] * 2, linewidth=7, gid=f"interval {mark.name}")
        bar.set_color(ACCENT if mark.highlight else MUTED)
        if span[1] - span[0] < 0.02:  # too narrow to be seen
            bar.set(marker="D", markersize=7)
        told = f"{found[mark.label, mark.series]:range}" if mark.origin else mark.text
        told = told.removesuffix(f" {chart.scale.words}").replace(" to ", "–")
        _text(chart, told, (1, place), (12, 0), mark, xycoords=chart.axes.get_yaxis_transform())
    return card.finish(chart, look="")


def _rows(chart: Chart, grouped: bool = False) -> list[int]:
    """Put the marks' labels one below the other, and give their places.

    Grouped, the marks of one label stand together under it, each named by its series.
    """
    rows: list[tuple[str, Mark | None]] = []
    for label in dict.fromkeys(mark.label for mark in chart.marks):
        own = [mark for mark in chart.marks if mark.label == label]
        rows += [(label, None), *((m.series, m) for m in own)] if grouped else [(label, own[0])]
    chart.marks = [mark for _, mark in rows if mark]
    axes, texts = chart.axes, [fill(label, 20) for label, _ in rows]
    axes.set(xticks=[], ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), texts, size="medium", color=INK, ha="left")
    for tick, (_, mark) in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if mark is None or mark.highlight else "normal")
        tick.set_fontstyle("italic" if mark and mark.rest else "normal")
    widest = max(tick.get_window_extent().width for tick in axes.get_yticklabels())
    axes.tick_params(axis="y", pad=widest / 2 + 12)
    chart.height = len(rows) * max(32, *(LINE * text.count("\n") + 28 for text in texts))
    return [place for place, (_, mark) in enumerate(rows) if mark]


def _bars(chart: Chart, places: list[int], starts: Any, levels: list[float]) -> None:
    """Bars to the levels of the marks, their intervals, and their texts at the right.

    A bar's fill tells its origin; that of those not named is dashed.
    """
    ends = np.where(np.isnan(levels), starts, levels)
    drawn = chart.axes.barh(places, ends - starts, 0.7, starts, zorder=2)
    least = np.ptp([*starts, *ends]) / 60
    for bar, mark, place, end in zip(drawn, chart.marks, places, ends, strict=True):
        colour = ACCENT if mark.highlight else GREY
        faces = {"printed": colour, "computed": (colour, 0.45), "reference": CARD}
        bar.set(facecolor=RULE if mark.rest else faces[mark.look], linewidth=1.6)
        bar.set(edgecolor=MUTED if mark.rest else colour, linestyle=DASHES if mark.rest else "-")
        bar.set(gid=f"value {mark.name}", clip_on=False)
        right = max(bar.get_bbox().xmax, _whisker(chart, mark, place, end, least))
        _text(chart, mark.text, (right, place), (8, 0), mark)


def _whisker(
    chart: Chart, mark: Mark, place: int, end: float, least: float, upright: bool = False
) -> float:
    """Draw a mark's interval if it is long enough to be seen; give where it ends.

    An open end goes on for a bit, and has an arrow.
    """
    reach = [mark.value - mark.lower, mark.upper - mark.value]
    below, above = (6 * least if math.isinf(gap) else gap for gap in reach)
    if not below + above >= least:
        return end
    span, (shut, *arrows) = [end - below, end + above], list("_v^" if upright else "|<>")
    caps = [arrow if math.isinf(gap) else shut for gap, arrow in zip(reach, arrows, strict=True)]
    parts = [("interval", span, "-"), ("end", span[:1], caps[0]), ("end", span[1:], caps[1])]
    for kind, values, form in parts:
        across = [place] * len(values)
        (part,) = chart.axes.plot(*((across, values) if upright else (values, across)), form)
        part.set(color=INK, linewidth=1.6, zorder=5, path_effects=HALO, gid=f"{kind} {mark.name}")
    chart.notes += ["Dark line: possible range.", *["Arrow: open end."] * (math.inf in reach)]
    return span[1]


def _dated(found: card.Cells) -> card.Cells:
    """Cells by year and name, whichever of both came first."""
    if all(series.isdigit() for _, series in found):
        return {(series, label): cell for (label, series), cell in found.items()}
    return found


def _years(chart: Chart) -> list[int]:
    """Give the years that marks stand on; they count along the lower edge, the last one named."""
    if strange := [mark.label for mark in chart.marks if not mark.label.isdigit()]:
        raise ValueError(f"the chart {chart.title!r} stands on years, found {strange[0]!r}")
    years = [int(mark.label) for mark in chart.marks]
    first, last = min(years), max(years)
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / n <= 6)
    chart.axes.set_xticks(range(last, first - 1, -every))
    return years


def _scale_values(chart: Chart) -> None:
    """An axis of values, from zero unless all are far above it."""
    axes, factor = chart.axes, chart.scale.factor
    low, high = axes.dataLim.intervaly
    if 0 < low < high / 2:
        axes.set_ylim(0, high * 1.12)  # as much room as the style leaves
    elif low > 0:
        chart.notes += ["The scale does not begin at zero."]
    mark = "%" if chart.scale.unit == "percent" else ""
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda v, _: f"{v / factor:,g}{mark}".replace("-", MINUS))
    axes.grid(axis="y")


def _points(chart: Chart, marks: list[Mark], joined: bool) -> None:
    """Markers, whose form tells their origin, their intervals, and a line if they are joined."""
    axes, strong = chart.axes, any(mark.highlight for mark in marks)
    colour = ACCENT if strong else MUTED if joined else GREY
    if joined:
        line = ([int(mark.label) for mark in marks], [mark.value for mark in marks])
        look = {"linewidth": 3 if strong else 2, "linestyle": DASHES if marks[0].rest else "-"}
        axes.plot(*line, color=colour, zorder=3, gid=f"line {marks[0].series}", **look)
    least = np.ptp([mark.value for mark in chart.marks if math.isfinite(mark.value)] or [0]) / 20
    for mark in marks:
        year, plain = int(mark.label), mark.look == "printed"
        (point,) = axes.plot(year, mark.value, MARKERS[mark.look], color=colour, zorder=6)
        point.set(markerfacecolor=colour if plain else CARD, gid=f"value {mark.name}")
        point.set(markersize=7.5, markeredgewidth=1.8, clip_on=False)
        _whisker(chart, mark, year, mark.value, least, upright=True)


def _text(chart: Chart, words: str, at: Any, by: Any, mark: Mark, **look: Any) -> Any:
    """A mark's words beside a place."""
    look |= {"weight": "bold", "color": ACCENT} if mark.highlight else {"color": INK}
    look |= {"va": "center_baseline", "zorder": 7}
    return chart.axes.annotate(words, at, by, textcoords="offset points", **look)


def _beside(chart: Chart, texts: dict[Mark, str], side: int) -> None:
    """Write texts at a side of the axes, level with their marks, or moved apart."""
    low, high = chart.axes.get_ylim()
    marks = sorted(texts, key=lambda mark: np.nan_to_num(mark.value, nan=low))
    values = np.nan_to_num([mark.value for mark in marks], nan=low)
    sizes = [LINE * (texts[mark].count("\n") + 1) for mark in marks]
    steps = np.cumsum(sizes) - np.divide(sizes, 2)
    level = (values - low) / (high - low) * chart.height - steps
    level = (np.maximum.accumulate(level) + np.minimum.accumulate(level[::-1])[::-1]) / 2
    places = np.clip(level, 0, chart.height - sum(sizes)) + steps
    for mark, place in zip(marks, places, strict=True):
        look = {"xycoords": "axes fraction", "ha": "left" if side else "right"}
        at = side, place / chart.height
        _text(chart, texts[mark], at, (8 if side else -8, 0), mark, **look)


def _name_dots(chart: Chart, joined: Container[str]) -> None:
    """Name lines at their ends and other series at their highest, where nothing else is."""
    axes, middle = chart.axes, sum(chart.axes.get_xlim()) / 2
    card.fit(chart)
    there = [line for line in axes.lines if line.get_marker() != "None"]
    taken = [artist.get_window_extent() for artist in (*there, *axes.get_xticklabels())]
    taken += [Bbox.from_bounds(x, 0, 999, 999) for x in (axes.bbox.x0 - 999, axes.bbox.x1)]
    for name, marks in reversed(chart.series.items()):
        mark = marks[-1] if name in joined else max(marks, key=lambda mark: mark.value)
        inward = "left" if int(mark.label) < middle else "right"
        for x, y, side in ((0, 17, inward), (12, 0, "left"), (-12, 0, "right"), (0, -17, inward)):
            words, at = fill(f"{name} {mark.text}", 22), (int(mark.label), mark.value)
            tag = _text(chart, words, at, (x, y), mark, ha=side)
            box = tag.get_window_extent().padded(4, 0)
            if not box.count_overlaps(taken):
                taken.append(box)
                break
            tag.remove()
