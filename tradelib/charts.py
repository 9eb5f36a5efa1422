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

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, Unpack, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from tradelib.scale import MINUS, Scale

STYLE: Final = Path(__file__).with_name("house.mplstyle")
WIDTH: Final = 560
"""CSS pixels. Shown at 350, a phone's column, the smallest text is 9 pixels high."""
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN
TITLE, TEXT, SMALL, LINE = 20.0, 15.0, 14.5, 19
INK, MUTED, GREY, RULE, CARD = "#1d2329", "#545b62", "#a9b0b6", "#dfe2e4", "#fcfcfa"
ACCENT: Final = "#0b5fa5"
"""What the title speaks of: a blue that no deficiency of colour vision takes for a grey."""
SERIES: Final = {"exports": "#6b737b", "imports": "#bcc2c7"}
"""Fixed greys of the flows; all other series share `GREY` and are told by their labels."""
MARKERS: Final = {"printed": "o", "computed": "D", "reference": "s"}
MEANING: Final = {"printed": "printed", "computed": "computed", "reference": "other sources"}
BARS: Final = {"printed": "filled", "computed": "striped", "reference": "outlined"}
DOTS: Final = {"printed": "dot", "computed": "diamond", "reference": "square"}
OPEN: Final = 30.0
"""Pixels of an open end beyond its last known point."""
MOST_ALT: Final = 600
_End = tuple[float, float, float]
"""A point of the value axis, and the pixels it needs before and after."""
ZERO: Final[_End] = (0.0, 0.0, 0.0)


class Words(TypedDict):
    """What stands around a chart, as the module says."""

    title: str
    measure: str
    unit: str
    source: str
    signed: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table as it is drawn, its interval as text."""

    label: str
    value: float
    lower: float
    upper: float
    origin: str
    series: str
    highlight: bool
    text: str

    @property
    def known(self) -> list[float]:
        """Its finite points, the value first; zero where nothing is known."""
        return [v for v in (self.value, self.lower, self.upper) if math.isfinite(v)] or [0.0]

    @property
    def down(self) -> bool:
        return self.known[0] < 0

    @property
    def colour(self) -> str:
        return ACCENT if self.highlight else SERIES.get(self.series, GREY)

    def width(self) -> float:
        return _width(self.text, self.highlight)

    def ends(self, room: float, down: bool) -> list[_End]:
        """What its interval needs on the value axis, with room for a text at its end."""
        low = 9 + OPEN * math.isinf(self.lower) + room * down
        high = 9 + OPEN * math.isinf(self.upper) + room * (not down)
        return [(min(self.known), low, 0.0), (max(self.known), 0.0, high)]


@dataclass(frozen=True)
class _Story:
    """A table read, and the words around it."""

    table: pd.DataFrame
    rows: list[_Row]
    scale: Scale
    title: str
    subtitle: str
    source: str
    forms: Mapping[str, str]


class Chart(Axes):
    """Axes that display themselves as a finished chart.

    Attributes
    ----------
    alt
        What the chart shows, in at most 600 characters, computed from the table.
    frame
        The table it was drawn from.
    """

    alt: str
    frame: pd.DataFrame
    upright = False
    pixel = slot = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in CSS pixels; the picture has twice as many."""
        width, height = cast(Figure, self.get_figure(root=True)).get_size_inches() * 72
        return round(width), round(height)

    def png(self) -> bytes:
        """The picture in 64 colours, without metadata: the same bytes every time."""
        from PIL import Image

        with _house():
            canvas: Any = FigureCanvasAgg(cast(Figure, self.get_figure(root=True)))
            canvas.draw()
        image = Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3]))
        image = image.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True, dpi=(144, 144))
        return out.getvalue()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file."""
        Path(path).write_bytes(self.png())

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        size = dict(zip(("width", "height"), self.size, strict=True))
        return {"image/png": self.png(), "text/plain": self.alt}, {"image/png": size}

    def _at(self, lane: Any, value: Any) -> tuple[Any, Any]:
        return (lane, value) if self.upright else (value, lane)

    def _bar(self, row: _Row, lane: float, thick: float, start: float = 0.0) -> None:
        """A bar whose form tells its origin."""
        if not math.isfinite(row.value):
            return
        solid = row.origin == "printed"
        bar = Rectangle(self._at(lane - thick / 2, start), *self._at(thick, row.value - start))
        bar.set(facecolor=row.colour if solid else CARD, edgecolor=row.colour, zorder=2)
        bar.set(linewidth=0 if solid else 1.8, hatch="////" * (row.origin == "computed"))
        bar.set_gid(f"value {row.label}")
        self.add_patch(bar)

    def _dot(self, row: _Row, lane: float, colour: str = "") -> None:
        """A marker whose form tells its origin."""
        colour = colour or (ACCENT if row.highlight else MUTED)
        (dot,) = self.plot(*self._at(lane, row.value), MARKERS[row.origin], markeredgewidth=1.8)
        dot.set(color=colour, zorder=6, clip_on=False, gid=f"value {row.label}", markersize=7.5)
        dot.set_markerfacecolor(colour if row.origin == "printed" else CARD)

    def _whisker(self, row: _Row, lane: float) -> None:
        """The interval as a dark line with caps; an open side is dashed and ends in an arrow."""
        if row.lower == row.upper or {-row.lower, row.upper} == {math.inf}:
            return
        arrows, cap = ("v^", "_") if self.upright else ("<>", "|")
        far = [min(row.known) - OPEN * self.pixel, max(row.known) + OPEN * self.pixel]
        bounds = [row.lower, row.upper]
        span = [b if math.isfinite(b) else f for b, f in zip(bounds, far, strict=True)]
        dash: Any = "-" if span == bounds else (0, (2, 1.4))
        self.plot(*self._at([lane] * 2, span), color=CARD, linewidth=4.5, zorder=4.5)
        (line,) = self.plot(*self._at([lane] * 2, span), color=INK, linewidth=1.6, zorder=5)
        line.set(linestyle=dash, gid=f"interval {row.label}")
        for end, bound, arrow in zip(span, bounds, arrows, strict=True):
            marker, edge = (cap, 1.6) if math.isfinite(bound) else (arrow, 0.0)
            (mark,) = self.plot(*self._at(lane, end), marker, color=INK, markersize=7, zorder=5)
            mark.set(markeredgewidth=edge, clip_on=False)

    def _tag(self, row: _Row, lane: float, down: bool, lift: float = 0, ink: str = INK) -> None:
        """The text of a row in a lane, beyond the end of its interval."""
        (low, before, _), (high, _, after) = row.ends(0, down)
        end, away, align = (low, -before, "right") if down else (high, after, "left")
        self._text(row.text, (end, lane), (away, lift), align, row.highlight, ink)

    def _text(
        self, text: str, at: tuple[float, float], by: tuple[float, float], align: str = "left",
        bold: bool = False, ink: str = INK,
    ) -> None:  # fmt: skip
        """A line of text, its digits centred on a place in the data, moved by pixels."""
        note = self.annotate(text, at, (by[0], by[1] - 0.36 * TEXT), textcoords="offset points")
        note.set(size=TEXT, ha=align, color=ink, zorder=7, annotation_clip=False)
        note.set(weight="bold" if bold else "normal")


@contextmanager
def _house() -> Iterator[None]:
    """Draw in the house style, whatever the reader's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc_file(STYLE, use_default_template=False)
        yield


@_house()
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
    story = _read(table, DOTS if dots else BARS, **words)
    own = [row.label for row in story.rows if row.origin != "reference"]
    beside = [row for row in story.rows if row.origin == "reference" and row.label in own]
    main = [row for row in story.rows if row not in beside]
    ends = [end for row in main for end in row.ends(row.width(), row.down)]
    ends += [end for row in beside for end in row.ends(0, False)]
    if beside and len(own) == len(main):
        story = replace(story, forms={**story.forms, "reference": "square"})
    chart = _lanes(story, main, ends if dots else [*ends, ZERO], least=40 if beside else 34)
    for lane, row in enumerate(main):
        if dots:
            chart._dot(row, lane)
        else:
            chart._bar(row, lane, 0.6)
        chart._whisker(row, lane)
        chart._tag(row, lane, row.down)
    for row in beside:
        lane = [other.label for other in main].index(row.label)
        chart._whisker(row, lane + 0.36)
        chart._dot(row, lane + 0.36)
    if not dots:
        chart.axvline(0, color=INK, linewidth=1, zorder=4)
    return _described(chart, "Dot" if dots else "Bar", story)


@_house()
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
    story = _read(table, BARS, **words)
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
    chart = _lanes(story, story.rows, ends)
    edge = chart.get_xlim()[0]
    for lane, (row, start) in enumerate(zip(moved, starts, strict=True)):
        total = row.label in (first.label, last.label)
        chart._bar(row, lane, 0.6, edge if cut and total else start)
        chart._whisker(row, lane)
        chart._tag(row, lane, down[lane])
        if lane:
            level = row.value if total else start
            chart.plot([level] * 2, [lane - 0.7, lane - 0.3], color=MUTED, linewidth=1)
        if cut and total:
            slant = [edge + 16 * chart.pixel, edge + 24 * chart.pixel]
            chart.plot(slant, [lane + 0.36, lane - 0.36], color=CARD, linewidth=5, zorder=3)
    return _described(chart, "Bridge", story)


@_house()
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
    story = _read(table, DOTS, **words)
    labels, periods = (_order(getattr(r, n) for r in story.rows) for n in ("label", "series"))
    pairs = [[row for row in story.rows if row.label == label] for label in labels]
    if len(periods) != 2 or any(sorted(r.series for r in p) != sorted(periods) for p in pairs):
        raise ValueError(
            f"a dumbbell needs each label once in two periods, found {len(story.rows)} rows of "
            f"{', '.join(labels)} in {', '.join(periods)}"
        )
    ends: list[_End] = []
    for pair in pairs:
        pair.sort(key=lambda row: row.known[0])
        for row in pair:
            ends += row.ends(max(row.width(), _width(row.series, True)), row is pair[0])
    chart = _lanes(story, [max(p, key=lambda row: row.highlight) for p in pairs], ends, top=26)
    for lane, pair in enumerate(pairs):
        chart.plot([row.known[0] for row in pair], [lane] * 2, color=RULE, linewidth=7, zorder=1)
        for row in pair:
            early = row.series == periods[0]
            chart._whisker(row, lane)
            chart._dot(row, lane, GREY if early else ACCENT if row.highlight else INK)
            chart._tag(row, lane, row is pair[0])
            if lane == 0:
                name = replace(row, text=row.series, highlight=True)
                chart._tag(name, lane, row is pair[0], 25, MUTED)
    return _described(chart, "Dumbbell", story)


@_house()
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
    story = _read(table, BARS, "period", **words)
    names = _order(row.series for row in story.rows)
    many, thick = len(names) > 1, 0.76 / len(names)
    last = _last(story.rows) if many else []
    years = [int(row.label) for row in story.rows]
    slot = INNER / (max(years) - min(years) + 1)
    texts = {
        row: [row.text] if many else _wrap(row.text, slot - 6, row.highlight) for row in story.rows
    }
    room = LINE * max(map(len, texts.values()))
    ends = [end for row in story.rows for end in row.ends(room, row.down)]
    chart = _upright(story, [*ends, ZERO], height, 0.5, last, many)
    (left, right), floor = chart.get_xlim(), chart.get_ylim()[0]
    taken, boxes = [], []
    for row in story.rows:
        lane = int(row.label) + (names.index(row.series) - (len(names) - 1) / 2) * thick
        chart._bar(row, lane, thick)
        chart._whisker(row, lane)
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
        half = max(_width(line, row.highlight) for line in texts[row]) / 2 + 2
        x = min(max(x, half), (right - left) * chart.slot - half)
        if row not in last and 2 * half < max(chart.slot + 8, 60 * (not many)):
            boxes.append((row.highlight, row.label, (x - half, base, x + half, base + tall), row))
    for *_, box, row in sorted(boxes, key=lambda b: b[:2], reverse=True):
        if all(box[0] >= b[2] or b[0] >= box[2] or box[1] >= b[3] or b[1] >= box[3] for b in taken):
            taken.append(box)
            for i, line in enumerate(texts[row]):
                at = left + (box[0] + box[2]) / 2 / chart.slot, floor
                chart._text(line, at, (0, box[3] - LINE * (i + 0.5)), "center", row.highlight)
    chart.axhline(0, color=INK, linewidth=1, zorder=4)
    return _described(chart, "Column", story)


@_house()
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
    story = _read(table, {**DOTS, "range": "band"}, "period", **words)
    rows = sorted(story.rows, key=lambda row: int(row.label))
    ends = [(v, 8.0, 8.0) for row in rows for v in row.known] + [ZERO] * zero
    last = _last(rows)
    if threshold:
        value, name = threshold
        mark = replace(rows[0], value=value, lower=value, upper=value, highlight=False, text=name)
        last.append(mark)
        ends.append((value, 8.0, 8.0))
    chart = _upright(story, ends, height, 0.2, last, True)
    for name in _order(row.series for row in story.rows):
        own = [row for row in rows if row.series == name]
        strong = any(row.highlight for row in own)
        colour = ACCENT if strong else own[0].colour
        x = [int(row.label) for row in own]
        low, high = np.clip([[r.lower for r in own], [r.upper for r in own]], *chart.get_ylim())
        tint = tuple(0.25 * np.array(to_rgb(colour)) + 0.75 * np.array(to_rgb(CARD)))
        chart.fill_between(x, low, high, color=tint, linewidth=0, zorder=2, gid=f"band {name}")
        (line,) = chart.plot(x, [r.value for r in own], color=colour, zorder=3, gid=f"line {name}")
        line.set_linewidth(3 if strong else 2)
        for row in own:
            chart._dot(row, int(row.label), colour)
    if threshold:
        chart.axhline(threshold[0], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
    return _described(chart, "Line", story)


def _read(
    table: pd.DataFrame,
    forms: Mapping[str, str],
    key: str = "label",
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
) -> _Story:
    """Check a table and read its rows."""
    if key not in table:
        key = "period" if key == "label" else "label"
    needed = (key, "value", "lower", "upper", "origin")
    if table.empty or not {*needed} <= {*table.columns}:
        found = ", ".join(map(str, table.columns)) if len(table) else "no rows"
        raise ValueError(f"a chart needs rows with {', '.join(needed)}; found {found}")
    points = table[["value", "lower", "upper"]].to_numpy(dtype=float)
    scale = Scale.of(unit, *points.ravel())
    rows = []
    for record, point in zip(table.to_dict("records"), points, strict=True):
        value, lower, upper = (float(v) for v in np.where(np.isnan(point), point[0], point))
        label, origin, series = (record.get(n, "") for n in (key, "origin", "series"))
        if origin not in MARKERS:
            known = ", ".join(MARKERS)
            raise ValueError(f"{label}: unknown origin {origin!r}, expected one of {known}")
        series = "" if pd.isna(series) else str(series)
        mark = record.get("highlight") in (True, np.True_)
        text = scale.write(lower, upper, short=True, signed=signed)
        rows.append(_Row(str(label), value, lower, upper, origin, series, mark, text))
    return _Story(table, rows, scale, title, f"{measure}, {scale.words}", source, forms)


def _order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _moved(row: _Row, by: float) -> _Row:
    return replace(row, value=row.value + by, lower=row.lower + by, upper=row.upper + by)


def _last(rows: Sequence[_Row]) -> list[_Row]:
    """The last row of each series."""
    return list({row.series: row for row in sorted(rows, key=lambda row: int(row.label))}.values())


@lru_cache(maxsize=4096)
def _width(text: str, bold: bool = False, size: float = TEXT) -> float:
    """Width of a text in CSS pixels, as it will be drawn."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    renderer: Any = cast(Any, RendererAgg)(8, 8, 144)
    return float(renderer.get_text_width_height_descent(text, font, False)[0]) / 2


def _wrap(text: str, width: float, bold: bool = False, size: float = TEXT) -> list[str]:
    """Lines of at most that width, broken at spaces and after dashes."""
    broken = [""]
    for part in re.findall(r"[^\s–]*–?\s*", text):
        if broken[-1] and _width((broken[-1] + part).rstrip(), bold, size) > width:
            broken.append("")
        broken[-1] += part
    return [line.rstrip() for line in broken]


def _fit(length: float, ends: Sequence[_End]) -> tuple[float, float]:
    """Limits of a value axis of that many pixels, so that all ends have their room."""
    value, before, after = np.array(ends).T
    if not np.ptp(value):
        value, before, after = np.array([*ends, (value[0] + (abs(value[0]) or 1), 0.0, 0.0)]).T
    low, high = 0.0, length / float(np.ptp(value))
    for _ in range(60):
        scale = (low + high) / 2
        wanted = np.max(value * scale + after) - np.min(value * scale - before)
        low, high = (scale, high) if wanted <= length else (low, scale)
    start = float(np.min(value - before / low))
    return start, start + length / low


def _sheet(
    story: _Story, height: float, left: float = 0.0, right: float = 0.0, below: float = 0.0
) -> Chart:
    """A card with title, subtitle and notes, and bare axes of that height between the margins."""
    wide = INNER
    count = len(_wrap(story.title, wide, True, TITLE))
    while count > 1 and len(_wrap(story.title, wide - 8, True, TITLE)) == count:
        wide -= 8  # lines of even length: no last line of one word
    head = [(line, TITLE, "bold", INK, 25) for line in _wrap(story.title, wide, True, TITLE)]
    head += [(line, TEXT, "normal", MUTED, 21) for line in _wrap(story.subtitle, INNER)]
    notes = [line for n in _notes(story) for line in _wrap(n, INNER, size=SMALL)]
    foot = [(line, SMALL, "normal", MUTED, LINE) for line in notes]
    top = MARGIN + sum(line[-1] for line in head) + 12
    bottom = top + height + below + 10
    tall = math.ceil(bottom + LINE * len(foot) + MARGIN - 4)
    figure = Figure(figsize=(WIDTH / 72, tall / 72))
    rect = np.divide((MARGIN + left, tall - top - height, INNER - left - right, height),
                     (WIDTH, tall, WIDTH, tall))  # fmt: skip
    chart = Chart(figure, tuple(rect))
    figure.add_axes(chart)
    chart.frame = story.table
    for y, block in ((MARGIN - 2.0, head), (bottom, foot)):
        for line, size, weight, ink, leading in block:
            y += leading
            at = MARGIN / WIDTH, 1 - (y - 0.24 * leading) / tall
            figure.text(*at, line, size=size, weight=weight, color=ink)
    return chart


def _lanes(
    story: _Story, main: Sequence[_Row], ends: Sequence[_End], top: float = 0, least: float = 34
) -> Chart:
    """A card with a lane for each row: its label at the left, the value axis to the right."""
    texts = [_wrap(row.label, 0.36 * INNER, row.highlight) for row in main]
    left = 12 + max(
        _width(t, row.highlight) for row, ts in zip(main, texts, strict=True) for t in ts
    )
    lane = max(least, LINE * max(map(len, texts)) + 10)
    chart = _sheet(story, lane * len(main) + top, left)
    chart.set(xlim=_fit(INNER - left, ends), ylim=(len(main) - 0.5, -0.5 - top / lane))
    chart.set(xticks=[], yticks=[])
    chart.pixel = float(np.ptp(chart.get_xlim())) / (INNER - left)
    for at, (row, broken) in enumerate(zip(main, texts, strict=True)):
        for i, line in enumerate(broken):
            drop = LINE * (i - (len(broken) - 1) / 2)
            chart._text(line, (chart.get_xlim()[0], at), (-left, -drop), "left", row.highlight)
    return chart


def _upright(
    story: _Story, ends: Sequence[_End], height: float, pad: float, last: Sequence[_Row], axis: bool
) -> Chart:
    """A card with years below, a scale at the left, and names at the right, moved apart."""
    years = [int(row.label) for row in story.rows]
    floor, ceiling = _fit(height, ends)
    values = np.asarray(MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(floor, ceiling))
    values = values[(values >= floor) & (values <= ceiling)] / story.scale.factor
    place = max(0, -math.floor(math.log10(values[1] - values[0]) + 1e-9))
    mark = "%" * (story.scale.unit == "percent")
    texts = [f"{value:,.{place}f}{mark}".replace("-", MINUS) for value in values]
    left = max(_width(text, size=SMALL) for text in texts) + 8 if axis else 0.0
    names = [f"{row.series} {row.text}".strip() for row in last]
    right = max(
        (_width(n, r.highlight) + 10 for n, r in zip(names, last, strict=True)), default=0.0
    )
    chart = _sheet(story, height, left, right, 24)
    chart.set(xlim=(min(years) - pad, max(years) + pad), ylim=(floor, ceiling), yticks=[])
    chart.upright, chart.pixel = True, (ceiling - floor) / height
    chart.slot = (INNER - left - right) / float(np.ptp(chart.get_xlim()))
    if axis:
        chart.set_yticks(values * story.scale.factor, texts)
        chart.grid(axis="y")
    every = math.ceil((_width("’24", size=SMALL) + 6) / chart.slot)
    full = chart.slot * every >= _width("2024", size=SMALL) + 8
    shown = range(max(years), min(years) - 1, -every)
    chart.set_xticks(shown, [str(y) if full else f"’{y % 100:02}" for y in shown])
    order = sorted(range(len(last)), key=lambda i: last[i].known[0])
    ys = np.array([(last[i].known[0] - floor) / chart.pixel for i in order])
    for _ in range(200):
        push = np.maximum(0, 20 - np.diff(ys)) / 2
        ys = np.clip(
            ys - np.append(push, 0)[: len(ys)] + np.append(0, push)[: len(ys)], 8, height - 8
        )
    for i, y in zip(order, ys, strict=True):
        ink = ACCENT if last[i].highlight else INK
        at = max(years) + pad, floor + float(y) * chart.pixel
        chart._text(names[i], at, (8, 0), "left", last[i].highlight, ink)
    return chart


def _notes(story: _Story) -> list[str]:
    """How to read the forms that are there, if not all is printed and exact; and the source."""
    there = {row.origin for row in story.rows}
    parts = [
        f"{story.forms[o]}: {MEANING[o]}" for o in MARKERS if o in there and there != {"printed"}
    ]
    if any(row.lower < row.upper for row in story.rows):
        parts.append(f"{story.forms.get('range', 'dark line')}: possible range")
    if any(math.isinf(row.lower) or math.isinf(row.upper) for row in story.rows):
        parts.append("arrow: open end")
    key = "; ".join(parts)
    return [f"{key[:1].upper()}{key[1:]}."] * bool(key) + [f"Source: {story.source}"]


def _described(chart: Chart, form: str, story: _Story) -> Chart:
    """Give a chart its alt text: all values, or the telling ones, and the extremes."""
    series = _order(row.series for row in story.rows)
    rows = sorted(story.rows, key=lambda row: series.index(row.series))
    sized = sorted(range(len(rows)), key=lambda i: rows[i].known[0])
    names = [f"{rows[i].series} {rows[i].label}".strip() for i in (sized[-1], sized[0])]
    head = f"{form} chart: {story.title}. {story.subtitle}: "
    tail = f". Highest: {names[0]}; lowest: {names[1]}." if len(rows) > 3 else "."
    marked = [i for i, row in enumerate(rows) if row.highlight]
    body = ""
    kept: list[int] = []
    for i in dict.fromkeys([*marked, sized[-1], sized[0], len(rows) - 1, *range(len(rows))]):
        longer = _listed([rows[j] for j in sorted([*kept, i])], len(rows))
        if len(head + longer + tail) <= MOST_ALT:
            body, kept = longer, [*kept, i]
    chart.alt = head + body + tail
    return chart


def _listed(rows: Sequence[_Row], of: int) -> str:
    """Rows as words; series and origin said once for each run of them."""
    text, before = "", ("", "printed")
    for row in rows:
        run = (row.series, row.origin)
        lead = ", ".join(filter(None, [row.series, MEANING[row.origin]])) if run != before else ""
        value = row.text.replace("≥", "at least").replace("≤", "at most").replace("–", " to ")
        text += ("; " if lead else ", ") * bool(text) + f"{lead}: " * bool(lead)
        text += f"{row.label} {value}"
        before = run
    return text + f", and {of - len(rows)} more" * (len(rows) < of)
