"""The chart forms of the house: estimates in, finished charts out.

A form takes a Series of estimates, its index the labels or years, or a table with a column for
each series. The order is the data's. All forms share

- ``title``, the finding in words, and ``measure``, what is drawn, which makes the subtitle;
- ``unit``: another unit to name than the estimates' own, such as ``USD 2024``;
- ``source``: another source line than the one collected from the rows behind the estimates;
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
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from tradelib import card
from tradelib.card import INNER, Chart, Data, Mark, Names, Story
from tradelib.estimate import Estimate
from tradelib.prose import Holds, named, short
from tradelib.scale import MINUS

HIGH = 250  # the height of a chart over years
Lane: TypeAlias = tuple[str, Mark | None, float]  # its label, what it shows, and where that starts

__all__ = ["Chart", "bars", "bridge", "columns", "dots", "lines", "slopes", "strip"]


@card.house()
def bars(
    data: Data,
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
) -> Chart:
    """Draw horizontal bars from zero; those of a table stand in groups under its row's label.

    Where some are negative they diverge, and the others carry their plus.

    >>> from tradelib import figures
    >>> articles, _ = figures.load()
    >>> flows = articles.by("flow", flow=["exports", "imports"], period=2025)
    >>> bars(flows, title="Exports lead", measure="Goods in 2025")
    Bar chart: Exports lead. Goods in 2025, trillion yuan: exports 26.99, imports 18.48.
    """
    found = card.cells(data)
    signs = {np.sign(cell.value) for cell in found.values() if isinstance(cell, Estimate)}
    signed = [label for label, _ in found] if {-1, 1} <= signs else []
    story = card.read("Bar", found, title, measure, unit, source, highlight, holds, signed)
    lanes: list[Lane] = [(mark.label, mark, 0.0) for mark in story.marks]
    if any(story.names):
        lanes = []
        for label in dict.fromkeys(mark.label for mark in story.marks):
            own = [mark for mark in story.marks if mark.label == label]
            lanes += [(label, None, 0.0), *((mark.series, mark, 0.0) for mark in own)]
    chart = _lanes(story, lanes, card.ZERO)
    chart.axes.axvline(0, color=card.INK, linewidth=1, zorder=4)
    return chart


@card.house()
def bridge(
    steps: pd.Series[Any],
    *,
    totals: pd.Series[Any],
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
) -> Chart:
    """Draw a bridge (waterfall) from the first of two totals to the second by the steps between.

    Where the steps are small beside the totals, the scale does not begin at zero, and the bars of
    the totals are cut to show it. Steps that cannot lead to the last total are a ValueError.
    """
    if len(totals) != 2:
        raise ValueError(f"a bridge needs two totals, found {len(totals)}")
    found = card.cells(pd.concat([p.astype(object) for p in (totals[:1], steps, totals[1:])]))
    signed = [named(label) for label in steps.index]
    story = card.read("Bridge", found, title, measure, unit, source, highlight, holds, signed)
    first, *moves, last = story.marks
    low, high = (sum(getattr(mark, end) for mark in (first, *moves)) for end in ("lower", "upper"))
    if high < last.lower or low > last.upper:
        led = f"the steps lead from {first.label} to {story.scale.write(low, high)}"
        raise ValueError(f"{led}, but {last.label} is {last.text}")
    levels = np.nancumsum([first.value, *(mark.value for mark in moves)]).tolist()
    starts = [0.0, *levels[:-1], 0.0]
    pairs = list(zip(story.marks, starts, strict=True))
    lanes: list[Lane] = [(mark.label, mark, start) for mark, start in pairs]
    lowest = min(end for mark, start in pairs for end, *_ in mark.ends(start=start))
    cut = sum(abs(mark.value) for mark in moves) < first.value / 4
    chart = _lanes(story, lanes, (lowest, 60.0, 0.0) if cut else card.ZERO)
    for lane, level in enumerate(levels, start=1):
        chart.axes.plot([level] * 2, [lane - 0.7, lane - 0.3], color=card.MUTED, linewidth=1)
    floor, per_pixel = chart.axes.get_xlim()[0], card.pixel(chart.axes)
    for lane in (0, len(levels)) if cut else ():
        slant = [floor + 16 * per_pixel, floor + 24 * per_pixel]
        chart.axes.plot(slant, [lane + 0.36, lane - 0.36], color=card.CARD, linewidth=5, zorder=3)
    return chart


@card.house()
def columns(
    data: pd.Series[Any],
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
) -> Chart:
    """Draw columns over the years of the index.

    A text that would touch another is left out; those highlighted and the late ones come first.
    """
    story = card.read("Column", card.cells(data), title, measure, unit, source, highlight, holds)
    if any(story.names):
        raise ValueError(f"columns show one series, found {', '.join(story.names)}")
    years = _years(story)
    slot = INNER / (max(years) - min(years) + 1)
    widest = max(card.width_of(mark.text, mark.highlight) for mark in story.marks)
    pad = max(0.5, (widest - card.MARGIN) / 2 / slot)
    room = card.height_of("0")
    ends = [end for mark in story.marks for end in _room(mark, room)]
    chart = _over_years(story, "bar", card.fit(HIGH, [*ends, card.ZERO]), pad=pad)
    for mark, year in zip(story.marks, years, strict=True):
        card.bar(chart.axes, mark, year, upright=True)
    taken = [one.get_window_extent() for one in chart.axes.patches]
    order = sorted(zip(years, story.marks, strict=True), key=lambda p: (p[1].highlight, p[0]))
    for year, mark in reversed(order):
        tag = _tag(chart, mark, year, upright=True)
        taken.append(tag.get_window_extent().padded(4, 0))
        if taken[-1].count_overlaps(taken[:-1]):
            taken.pop()
            tag.remove()
    chart.axes.axhline(0, color=card.INK, linewidth=1, zorder=4)
    return chart


@card.house()
def lines(
    data: Data,
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
    gap: str | None = None,
) -> Chart:
    """Draw a line over the years for each series, with its name at its end.

    Where the scale does not begin at zero, the chart says so. With ``gap``, the name of what lies
    between two series, it is shaded, and told in the first and the last year.
    """
    found = _dated(card.cells(data))
    story = card.read("Line", found, title, measure, unit, source, highlight, holds)
    if gap and len(story.names) != 2:
        raise ValueError(f"a gap lies between two series, found {', '.join(story.names)}")
    groups = [[mark for mark in story.marks if mark.series == name] for name in story.names]
    ends = [marks[-1] for marks in groups]
    called = {mark.series: card.wrap(mark.series, 0.32 * INNER, mark.highlight) for mark in ends}
    names = {mark.series: f"{called[mark.series]}\n{mark.text}".strip() for mark in ends}
    right = 10 + max(card.width_of(name, True) for name in names.values())
    gap_between = max(card.height_of(name) for name in names.values()) + 2
    chart = _over_years(story, "dot", _range(story), right=right, scaled=True, interval="band")
    edge = chart.axes.get_xlim()[1]
    for mark, place in _beside(chart, ends, gap_between):
        words, colour = names[mark.series], card.ACCENT if mark.highlight else card.INK
        card.text(chart.axes, words, (edge, place), (8, 0), bold=mark.highlight, color=colour)
    for marks in groups:
        _line(chart, marks)
    if gap:
        _gap(chart, story, found, gap)
    return chart


@card.house()
def dots(
    data: pd.Series[Any],
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
    line: pd.Series[Any] | None = None,
) -> Chart:
    """Draw dots over the years of an index of names and years, each name once, at its highest.

    A ``line``, a Series by year, is drawn among them under its own name and its last value.
    """
    found = _dated(card.cells(data))
    if line is not None:
        found |= {(str(year), str(line.name)): cell for year, cell in line.items()}
    story = card.read("Dot", found, title, measure, unit, source, highlight, holds)
    ends = [(v, 14.0 * (v < 0), 30.0) for mark in story.marks for v in mark.known]
    limits, called = card.fit(HIGH, [card.ZERO, *ends]), "dark line or band"
    chart = _over_years(story, "dot", limits, pad=4, scaled=True, interval=called)
    single, joined = story.marks[: len(data)], story.marks[len(data) :]
    if joined:
        _line(chart, joined)
    for mark in single:
        card.whisker(chart.axes, mark, int(mark.label), upright=True)
        card.dot(chart.axes, mark, (int(mark.label), mark.value), mark.colour)
    highest = {mark.series: mark for mark in sorted(single, key=lambda mark: mark.value)}
    _name_dots(chart, [*joined[-1:], *reversed(highest.values())])
    return chart


@card.house()
def slopes(
    data: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
) -> Chart:
    """Draw each row's way from the first to the second of two columns."""
    if len(data.columns) != 2:
        raise ValueError(f"slopes lead from one column to another, found {len(data.columns)}")
    story = card.read("Slope", card.cells(data), title, measure, unit, source, highlight, holds)
    count = len(data)
    before, after = story.marks[:count], story.marks[count:]
    words = {mark: mark.text for mark in before}
    words |= {m: card.wrap(f"{m.text} {m.label}", 0.42 * INNER, m.highlight) for m in after}
    heads = [str(name) for name in data.columns]
    left = 14 + max(card.width_of(text, True) for text in (heads[0], *map(words.get, before)))
    right = 14 + max(card.width_of(text, True) for text in (heads[1], *map(words.get, after)))
    gap = max(card.height_of(text) for text in words.values()) + 2
    height = max(HIGH, gap * count + 16)
    limits = _range(story, height)
    chart = card.sheet(story, "dot", height, x=(0, 1), y=limits, left=left, right=right, foot=28)
    for lane, (marks, side, by) in enumerate(((before, "right", -12), (after, "left", 12))):
        chart.axes.axvline(lane, color=card.RULE, linewidth=1, zorder=0)
        card.text(chart.axes, heads[lane], (lane, limits[0]), (by, -14), color=card.MUTED, ha=side)
        for mark, place in _beside(chart, marks, gap):
            tag = card.text(chart.axes, words[mark], (lane, place), (by, 0), bold=mark.highlight)
            tag.set(color=card.ACCENT if mark.highlight else card.INK, ha=side)
    for one, other in zip(before, after, strict=True):
        colour, dashes = (
            card.ACCENT if one.highlight else card.GREY,
            (0, (3, 2)) if one.rest else "-",
        )
        (line,) = chart.axes.plot([0, 1], [one.value, other.value], color=colour, zorder=2)
        line.set(linewidth=2.5, linestyle=dashes, gid=f"line {one.label}")
        card.dot(chart.axes, one, (0, one.value), colour)
        card.dot(chart.axes, other, (1, other.value), colour)
    return chart


@card.house()
def strip(
    data: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    source: str | None = None,
    highlight: Names = None,
    holds: Holds = None,
) -> Chart:
    """Draw the intervals that the columns give for each row's quantity, one below the other.

    Each quantity has its own scale, so that its intervals can be compared, however narrow.
    """
    story = card.read("Interval", card.cells(data), title, measure, unit, source, highlight, holds)
    labels = dict.fromkeys(mark.label for mark in story.marks)
    groups = [[mark for mark in story.marks if mark.label == label] for label in labels]
    lanes = sum(len(group) + 1.4 for group in groups) - 0.4
    texts = {mark: _ends(mark, story) for mark in story.marks}
    left = 12 + max(card.width_of(mark.series, mark.highlight) for mark in story.marks)
    right = 12 + max(card.width_of(text, mark.highlight) for mark, text in texts.items())
    chart = card.sheet(
        story, "", lanes * 26, x=(0, 1), y=(lanes - 0.5, -0.5), left=left, right=right
    )
    lane = 0.0
    for group in groups:
        card.text(chart.axes, group[0].label, (0, lane), (-left, 0), bold=True)
        low, high = min(m.lower for m in group), max(m.upper for m in group)
        for mark in group:
            lane += 1
            span = [(end - low) / ((high - low) or 1) for end in (mark.lower, mark.upper)]
            colour = card.ACCENT if mark.highlight else card.MUTED
            card.text(chart.axes, mark.series, (0, lane), (-left, 0), bold=mark.highlight)
            (drawn,) = chart.axes.plot(span, [lane] * 2, color=colour, linewidth=7, zorder=3)
            drawn.set(solid_capstyle="butt", gid=f"interval {mark.name}")
            if span[1] - span[0] < 0.02:  # too narrow to be seen
                drawn.set(marker="D", markersize=7)
            card.text(chart.axes, texts[mark], (1, lane), (12, 0), bold=mark.highlight)
        lane += 1.4
    return chart


def _lanes(story: Story, lanes: list[Lane], *ends: card.End) -> Chart:
    """Bars one below the other, each with its label at the left; lanes without one are headings."""
    marks = [(mark, start) for _, mark, start in lanes if mark]
    widest = 0.36 * INNER
    labels = [card.wrap(text, widest, mark is None or mark.highlight) for text, mark, _ in lanes]
    left = 12 + max(card.width_of(text, True) for text in labels)
    height = max(32.0, *(card.height_of(text) + 6 for text in labels))
    rooms = [end for mark, start in marks for end in _room(mark, _width(mark), start)]
    limits = card.fit(INNER - left, [*ends, *rooms])
    y = (len(lanes) - 0.5, -0.5)
    notes = card.ranges(story, limits, INNER - left)
    chart = card.sheet(story, "bar", len(lanes) * height, x=limits, y=y, left=left, notes=notes)
    for lane, (label, (_, mark, start)) in enumerate(zip(labels, lanes, strict=True)):
        strong = mark is None or mark.highlight
        head = card.text(chart.axes, label, (limits[0], lane), (-left, 0), bold=strong)
        if mark:
            head.set_fontstyle("italic" if mark.rest else "normal")
            card.bar(chart.axes, mark, lane, start=start)
            _tag(chart, mark, lane, start=start)
    return chart


def _width(mark: Mark) -> float:
    return card.width_of(mark.text, mark.highlight)


def _room(mark: Mark, length: float, start: float = 0.0) -> list[card.End]:
    """What a bar needs with its text beyond its end."""
    down = mark.value < 0
    return mark.ends(length * down, length * (not down), start)


def _tag(
    chart: Chart, mark: Mark, lane: float, *, start: float = 0.0, upright: bool = False
) -> Any:
    """The text of a bar, beyond the end of its interval."""
    length = card.height_of(mark.text) / 2 if upright else 0.0
    (low, before, _), (high, _, after) = _room(mark, length, start)
    end, away = (low, -before) if mark.value < 0 else (high, after)
    at, by = ((lane, end), (0, away)) if upright else ((end, lane), (away, 0))
    side = "center" if upright else "right" if mark.value < 0 else "left"
    return card.text(chart.axes, mark.text, at, by, bold=mark.highlight, ha=side)


def _dated(found: card.Cells) -> card.Cells:
    """Cells by year and name, whichever of both came first."""
    if all(label.isdigit() for label, _ in found):
        return found
    return {(series, label): cell for (label, series), cell in found.items()}


def _years(story: Story) -> list[int]:
    if strange := [mark.label for mark in story.marks if not mark.label.isdigit()]:
        raise ValueError(f"the chart {story.title!r} stands on years, found {strange[0]!r}")
    return [int(mark.label) for mark in story.marks]


def _over_years(
    story: Story,
    form: str,
    limits: card.Point,
    *,
    right: float = 0.0,
    pad: float = 0.2,
    scaled: bool = False,
    interval: str = "dark line",
) -> Chart:
    """A card whose lower edge counts years, and its left one values where it is scaled."""
    years = _years(story)
    first, last = min(years), max(years)
    values, texts = _ticks(story, limits) if scaled else ([], [])
    left = 8 + max(card.width_of(text, size=card.SMALL) for text in texts) if texts else 0.0
    notes = card.ranges(story, limits, HIGH, interval)
    notes += ["The scale does not begin at zero."] if scaled and limits[0] > 0 else []
    x = (first - pad, last + pad)
    chart = card.sheet(
        story, form, HIGH, x=x, y=limits, left=left, right=right, foot=24, notes=notes
    )
    room = (INNER - left - right) / (card.width_of("2024", size=card.SMALL) + 10)
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100) if (x[1] - x[0]) / n < room)
    base = last if every < 5 else last - last % every  # the last year is named, or round ones are
    chart.axes.set_xticks(range(base, first - 1, -every)[::-1])
    chart.axes.set_yticks(values, texts)
    chart.axes.grid(axis="y")
    return chart


def _ticks(story: Story, limits: card.Point) -> tuple[list[float], list[str]]:
    """Round values of an axis and their texts, none among the years below it."""
    low, high = (limit / story.scale.factor for limit in limits)
    ticks = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
    place = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    shown = [
        tick for tick in ticks if low + (high - low) * 12 / HIGH <= tick <= high or tick == low == 0
    ]
    mark = "%" if story.scale.unit == "percent" else ""
    texts = [f"{tick:z,.{place}f}{mark}".replace("-", MINUS) for tick in shown]
    return [tick * story.scale.factor for tick in shown], texts


def _range(story: Story, height: float = HIGH) -> card.Point:
    """Limits for lines: from zero, unless all values are far above it."""
    values = [value for mark in story.marks for value in mark.known]
    ends = [(value, 12.0, 12.0) for value in values]
    return card.fit(height, [*ends, card.ZERO] if 0 < min(values) < max(values) / 2 else ends)


def _beside(chart: Chart, marks: list[Mark], gap: float) -> list[tuple[Mark, float]]:
    """Marks with places for their names on the value axis, which do not touch."""
    (floor, ceiling), unit = chart.axes.get_ylim(), card.pixel(chart.axes, upright=True)
    marks = sorted(marks, key=lambda mark: mark.known[0])
    levels = [(mark.known[0] - floor) / unit for mark in marks]
    places = card.apart(levels, gap, gap / 2 - 4, (ceiling - floor) / unit - gap / 2 + 4)
    return [(mark, floor + place * unit) for mark, place in zip(marks, places, strict=True)]


def _line(chart: Chart, marks: list[Mark]) -> None:
    """A line with its markers, and its intervals as a band."""
    years, strong = [int(mark.label) for mark in marks], any(mark.highlight for mark in marks)
    colour, name = card.ACCENT if strong else card.MUTED, marks[0].series
    bounds = [[m.lower for m in marks], [m.upper for m in marks]]
    band = chart.axes.fill_between(years, *np.clip(bounds, *chart.axes.get_ylim()))
    band.set(facecolor=colour, alpha=0.25, linewidth=0, zorder=2, gid=f"band {name}")
    (line,) = chart.axes.plot(years, [m.value for m in marks], color=colour, zorder=3)
    line.set(linewidth=3 if strong else 2, gid=f"line {name}")
    for mark, year in zip(marks, years, strict=True):
        card.dot(chart.axes, mark, (year, mark.value), colour)


def _gap(chart: Chart, story: Story, found: card.Cells, name: str) -> None:
    """Shade what lies between two series, and tell it in the first and the last year."""
    upper, lower = story.names
    years = sorted({mark.label for mark in story.marks})
    values = {(mark.label, mark.series): mark.value for mark in story.marks}
    one, other = ([values[year, series] for year in years] for series in (lower, upper))
    chart.axes.fill_between(list(map(int, years)), one, other, color=card.ACCENT, alpha=0.12)
    for year, by, side in ((years[0], 8, "left"), (years[-1], -8, "right")):
        between = found[year, upper] - found[year, lower]
        if isinstance(between, Estimate):
            at = (int(year), (values[year, upper] + values[year, lower]) / 2)
            words = f"{name}\n{short(between, story.scale)}"
            card.text(chart.axes, words, at, (by, 0), bold=True, color=card.ACCENT, ha=side)


def _name_dots(chart: Chart, marks: list[Mark]) -> None:
    """Put each dot's name where nothing else is; one without such a place stays nameless."""
    axes = chart.axes
    taken = [one.get_window_extent().padded(4) for one in axes.lines if one.get_marker() != "None"]
    taken += [text.get_window_extent() for text in axes.texts]
    places = [(12, 0, "left"), (-12, 0, "right"), (0, 20, "center"), (0, -20, "center")]
    places += [(8, 20, "left"), (-8, 20, "right"), (8, -20, "left"), (-8, -20, "right")]
    for mark in marks:
        words, at = f"{mark.series} {mark.text}", (int(mark.label), mark.value)
        colour = card.ACCENT if mark.highlight else card.INK
        for x, y, side in places:
            name = card.text(axes, words, at, (x, y), bold=mark.highlight, color=colour, ha=side)
            box = name.get_window_extent()
            inside = axes.bbox.x0 <= box.x0 and box.x1 <= chart.size[0] * 2
            inside = inside and axes.bbox.y0 <= box.y0 and box.y1 <= axes.bbox.y1
            if inside and not box.count_overlaps(taken):
                taken.append(box)
                break
            name.remove()


def _ends(mark: Mark, story: Story) -> str:
    """Both ends of an interval, or the one value that it is."""
    text = story.scale.write(mark.lower, mark.upper, both=mark.lower < mark.upper)
    if mark.lower >= 0:
        text = text.replace("% to ", "–").replace(" to ", "–")
    text = text.replace("at least ", "≥ ").replace("at most ", "≤ ")
    return text.removesuffix(f" {story.scale.words}")
