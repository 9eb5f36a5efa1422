"""The card a chart stands on: its style, its texts, where they go, and how it is shown.

`tradelib.charts` draws the forms; here is what they share. `read` checks a table and makes its
`Row`s; `lanes` and `upright` lay a card out by the measured extents of its texts, so that none
touch; a `Chart` draws marks and shows itself; `described` gives it its alt text. All lengths are
CSS pixels, which are points here.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex, to_rgb
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
End = tuple[float, float, float]
"""A point of the value axis, and the pixels it needs before and after."""
ZERO: Final[End] = (0.0, 0.0, 0.0)


class Words(TypedDict):
    """What stands around a chart, as the module says."""

    title: str
    measure: str
    unit: str
    source: str
    signed: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Row:
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
        """Whether it is below zero, so that its text goes before it."""
        return self.known[0] < 0

    @property
    def colour(self) -> str:
        """What it is drawn in."""
        return ACCENT if self.highlight else SERIES.get(self.series, GREY)

    def width(self) -> float:
        """Width of its text."""
        return width_of(self.text, self.highlight)

    def ends(self, room: float, down: bool) -> list[End]:
        """What its interval needs on the value axis, with room for a text at its end."""
        low = 9 + OPEN * math.isinf(self.lower) + room * down
        high = 9 + OPEN * math.isinf(self.upper) + room * (not down)
        return [(min(self.known), low, 0.0), (max(self.known), 0.0, high)]


@dataclass(frozen=True)
class Story:
    """A table read, and the words around it."""

    table: pd.DataFrame
    rows: list[Row]
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

        with house():
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

    def draw_bar(self, row: Row, lane: float, thick: float, start: float = 0.0) -> None:
        """A bar whose form tells its origin."""
        if not math.isfinite(row.value):
            return
        solid = row.origin == "printed"
        bar = Rectangle(self._at(lane - thick / 2, start), *self._at(thick, row.value - start))
        face = {"printed": row.colour, "computed": CARD, "reference": tint(row.colour)}[row.origin]
        bar.set(facecolor=face, edgecolor=row.colour, zorder=2)
        bar.set(linewidth=0 if solid else 1.8, hatch="////" * (row.origin == "computed"))
        bar.set_gid(f"value {row.label}")
        self.add_patch(bar)

    def draw_dot(self, row: Row, lane: float, colour: str = "") -> None:
        """A marker whose form tells its origin."""
        colour = colour or (ACCENT if row.highlight else MUTED)
        (dot,) = self.plot(*self._at(lane, row.value), MARKERS[row.origin], markeredgewidth=1.8)
        dot.set(color=colour, zorder=6, clip_on=False, gid=f"value {row.label}", markersize=7.5)
        dot.set_markerfacecolor(colour if row.origin == "printed" else CARD)

    def draw_whisker(self, row: Row, lane: float) -> None:
        """The interval as a dark line with caps; an open side is dashed and ends in an arrow."""
        if row.lower == row.upper or {-row.lower, row.upper} == {math.inf}:
            return
        arrows, cap = ("v^", "_") if self.upright else ("<>", "|")
        far = [min(row.known) - OPEN * self.pixel, max(row.known) + OPEN * self.pixel]
        bounds = [row.lower, row.upper]
        span = [b if math.isfinite(b) else f for b, f in zip(bounds, far, strict=True)]
        dash: Any = "-" if span == bounds else (0, (2, 1.4))
        self.plot(*self._at([lane] * 2, span), color=CARD, linewidth=3.6, zorder=4.5)
        (line,) = self.plot(*self._at([lane] * 2, span), color=INK, linewidth=1.6, zorder=5)
        line.set(linestyle=dash, gid=f"interval {row.label}")
        for end, bound, arrow in zip(span, bounds, arrows, strict=True):
            marker, edge = (cap, 1.6) if math.isfinite(bound) else (arrow, 0.0)
            (mark,) = self.plot(*self._at(lane, end), marker, color=INK, markersize=7, zorder=5)
            mark.set(markeredgewidth=edge, clip_on=False)

    def draw_tag(self, row: Row, lane: float, down: bool, lift: float = 0, ink: str = INK) -> None:
        """The text of a row in a lane, beyond the end of its interval."""
        (low, before, _), (high, _, after) = row.ends(0, down)
        end, away, align = (low, -before, "right") if down else (high, after, "left")
        self.draw_text(row.text, (end, lane), (away, lift), align, row.highlight, ink)

    def draw_text(
        self, text: str, at: tuple[float, float], by: tuple[float, float], align: str = "left",
        bold: bool = False, ink: str = INK,
    ) -> None:  # fmt: skip
        """A line of text, its digits centred on a place in the data, moved by pixels."""
        note = self.annotate(text, at, (by[0], by[1] - 0.36 * TEXT), textcoords="offset points")
        note.set(size=TEXT, ha=align, color=ink, zorder=7, annotation_clip=False)
        note.set(weight="bold" if bold else "normal")


@contextmanager
def house() -> Iterator[None]:
    """Draw in the house style, whatever the reader's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc_file(STYLE, use_default_template=False)
        yield


def read(
    table: pd.DataFrame,
    forms: Mapping[str, str],
    key: str = "label",
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
) -> Story:
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
        rows.append(Row(str(label), value, lower, upper, origin, series, mark, text))
    return Story(table, rows, scale, title, f"{measure}, {scale.words}", source, forms)


def order(names: Iterable[str]) -> list[str]:
    """Give each name once, as first met."""
    return list(dict.fromkeys(names))


def tint(colour: str) -> str:
    """A quarter of a colour on the card."""
    red, green, blue = 0.25 * np.array(to_rgb(colour)) + 0.75 * np.array(to_rgb(CARD))
    return to_hex((red, green, blue))


@lru_cache(maxsize=4096)
def width_of(text: str, bold: bool = False, size: float = TEXT) -> float:
    """Width of a text in CSS pixels, as it will be drawn."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    renderer: Any = cast(Any, RendererAgg)(8, 8, 144)
    return float(renderer.get_text_width_height_descent(text, font, False)[0]) / 2


def wrap(text: str, width: float, bold: bool = False, size: float = TEXT) -> list[str]:
    """Lines of at most that width, broken at spaces and after dashes."""
    broken = [""]
    for part in re.findall(r"[^\s–]+–?\s*|–\s*", text):
        if broken[-1] and width_of((broken[-1] + part).rstrip(), bold, size) > width:
            broken.append("")
        broken[-1] += part
    return [line.rstrip() for line in broken]


def _fit(length: float, ends: Sequence[End]) -> tuple[float, float]:
    """Limits of a value axis of that many pixels, so that all ends have their room."""
    value, before, after = np.array(ends).T
    if not np.ptp(value):
        value, before, after = np.array([*ends, (value[0] + (abs(value[0]) or 1), 0.0, 0.0)]).T
    low, high = 0.0, length / float(np.ptp(value))
    for _ in range(60):
        scale = (low + high) / 2
        wanted = np.max(value * scale + after) - np.min(value * scale - before)
        low, high = (scale, high) if wanted <= length else (low, scale)
    low = low or length / float(np.ptp(value)) / 4  # no room at all: texts may run out of the card
    start = float(np.min(value - before / low))
    return start, start + length / low


def _sheet(
    story: Story, height: float, left: float = 0.0, right: float = 0.0, below: float = 0.0
) -> Chart:
    """A card with title, subtitle and notes, and bare axes of that height between the margins."""
    wide = INNER
    count = len(wrap(story.title, wide, True, TITLE))
    while count > 1 and len(wrap(story.title, wide - 8, True, TITLE)) == count:
        wide -= 8  # lines of even length: no last line of one word
    head = [(line, TITLE, "bold", INK, 25) for line in wrap(story.title, wide, True, TITLE)]
    head += [(line, TEXT, "normal", MUTED, 21) for line in wrap(story.subtitle, INNER)]
    notes = [line for n in _notes(story) for line in wrap(n, INNER, size=SMALL)]
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


def lanes(
    story: Story, main: Sequence[Row], ends: Sequence[End], top: float = 0, least: float = 34
) -> Chart:
    """A card with a lane for each row: its label at the left, the value axis to the right."""
    texts = [wrap(row.label, 0.36 * INNER, row.highlight) for row in main]
    left = 12 + max(
        width_of(t, row.highlight) for row, ts in zip(main, texts, strict=True) for t in ts
    )
    lane = max(least, LINE * max(map(len, texts)) + 10)
    chart = _sheet(story, lane * len(main) + top, left)
    chart.set(xlim=_fit(INNER - left, ends), ylim=(len(main) - 0.5, -0.5 - top / lane))
    chart.set(xticks=[], yticks=[])
    chart.pixel = float(np.ptp(chart.get_xlim())) / (INNER - left)
    for at, (row, broken) in enumerate(zip(main, texts, strict=True)):
        for i, line in enumerate(broken):
            drop = LINE * (i - (len(broken) - 1) / 2)
            chart.draw_text(line, (chart.get_xlim()[0], at), (-left, -drop), "left", row.highlight)
    return chart


def upright(
    story: Story, ends: Sequence[End], height: float, pad: float, last: Sequence[Row], axis: bool
) -> Chart:
    """A card with years below, a scale at the left, and names at the right, moved apart."""
    years = [int(row.label) for row in story.rows]
    floor, ceiling = _fit(height, ends)
    values = np.asarray(MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(floor, ceiling))
    values = values[(values >= floor) & (values <= ceiling)] / story.scale.factor
    place = max(0, -math.floor(math.log10(values[1] - values[0]) + 1e-9))
    mark = "%" * (story.scale.unit == "percent")
    texts = [f"{value:,.{place}f}{mark}".replace("-", MINUS) for value in values]
    left = max(width_of(text, size=SMALL) for text in texts) + 8 if axis else 0.0
    names = [f"{row.series} {row.text}".strip() for row in last]
    right = max(
        (width_of(n, r.highlight) + 10 for n, r in zip(names, last, strict=True)), default=0.0
    )
    chart = _sheet(story, height, left, right, 24)
    chart.set(xlim=(min(years) - pad, max(years) + pad), ylim=(floor, ceiling), yticks=[])
    chart.upright, chart.pixel = True, (ceiling - floor) / height
    chart.slot = (INNER - left - right) / float(np.ptp(chart.get_xlim()))
    if axis:
        chart.set_yticks(values * story.scale.factor, texts)
        chart.grid(axis="y")
    every = math.ceil((width_of("’24", size=SMALL) + 6) / chart.slot)
    full = chart.slot * every >= width_of("2024", size=SMALL) + 8
    shown = range(max(years), min(years) - 1, -every)[::-1]
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
        chart.draw_text(names[i], at, (8, 0), "left", last[i].highlight, ink)
    return chart


def _notes(story: Story) -> list[str]:
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


def described(chart: Chart, form: str, story: Story) -> Chart:
    """Give a chart its alt text: all values, or the telling ones, and the extremes."""
    series = order(row.series for row in story.rows)
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


def _listed(rows: Sequence[Row], of: int) -> str:
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
