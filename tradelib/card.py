"""The card a chart stands on: its style, its texts, where they go, and how it is shown.

`read` makes a table's `Row`s; `sheet` and `lanes` lay a card out by the measured extents of its
texts; a `Chart` draws rows and shows itself. All lengths are CSS pixels, which are points here.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from tradelib.scale import Scale, deflated

# Draws in the house style, whatever the reader's own settings are.
STYLE: Final = mpl.rc_params_from_file(Path(__file__).with_name("house.mplstyle"))
house: Final = partial(mpl.rc_context, {k: v for k, v in STYLE.items() if k != "backend"})
WIDTH: Final = 560  # shown at 350, a phone's column, the smallest text is 9 pixels high
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN
TITLE, TEXT, SMALL, SPACING = 20.0, 15.0, 14.5, 1.3
INK, MUTED, GREY, RULE, CARD = "#1d2329", "#545b62", "#a9b0b6", "#dfe2e4", "#fcfcfa"
ACCENT: Final = "#0b5fa5"  # no deficiency of colour vision takes this blue for a grey
ORIGINS: Final = {"printed": "printed", "computed": "computed", "reference": "other sources"}
MARKERS: Final = {"printed": "o", "computed": "D", "reference": "s"}
FORMS: Final = {
    "bar": {"printed": "filled", "computed": "striped", "reference": "outlined"},
    "dot": {"printed": "dot", "computed": "diamond", "reference": "square"},
}
OPEN: Final = 30.0  # length of an open end beyond its last known point
MOST_ALT: Final = 450  # characters of the values in an alt text; longer lists are thinned
Point = tuple[float, float]
End = tuple[float, float, float]  # a point of the value axis, and the room it needs on either side
ZERO: Final[End] = (0.0, 0.0, 0.0)


class Words(TypedDict):
    """What stands around a chart, as `tradelib.charts` says."""

    title: str
    measure: str
    unit: str
    source: str
    signed: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as it is drawn: its interval, as text too, and its place and look."""

    label: str
    value: float
    lower: float
    upper: float
    origin: str
    series: str
    highlight: bool
    text: str
    form: str  # bar, dot, or nothing but its text
    lane: float
    colour: str
    down: bool  # whether its text goes before its interval
    start: float = 0.0  # where its zero stands on the axis

    @property
    def known(self) -> list[float]:
        """Its finite points, the value first; zero where nothing is known."""
        return [v for v in (self.value, self.lower, self.upper) if math.isfinite(v)] or [0.0]

    def ends(self, room: float = 0.0) -> list[End]:
        """What its interval needs on the value axis, with room for a text beyond it."""
        low, high = self.start + min(self.known), self.start + max(self.known)
        before = 9 + OPEN * math.isinf(self.lower) + room * self.down
        after = 9 + OPEN * math.isinf(self.upper) + room * (not self.down)
        return [(low, before, 0.0), (high, 0.0, after)]


@dataclass(frozen=True, slots=True)
class Story:
    """A table read, the kind of its chart, and the words around it."""

    rows: list[Row]
    kind: str
    scale: Scale
    title: str
    subtitle: str
    source: str


class Chart(Axes):
    """Axes that display themselves; ``alt`` tells what they show, ``size`` is in CSS pixels."""

    alt: str
    size: tuple[int, int]
    upright: bool
    floor: float  # where the value axis begins
    pixel: float  # what a pixel of it stands for

    def png(self) -> bytes:
        """The picture in 24 colours, without metadata: the same bytes every time."""
        from PIL import Image

        with house():
            canvas: Any = FigureCanvasAgg(cast(Figure, self.get_figure(root=True)))
            canvas.draw()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image = image.quantize(24, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=7, dpi=(144, 144))
        return out.getvalue()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        size = dict(zip(("width", "height"), self.size, strict=True))
        return {"image/png": self.png(), "text/plain": self.alt}, {"image/png": size}

    def _at(self, lane: Any, value: Any) -> tuple[Any, Any]:
        return (lane, value) if self.upright else (value, lane)

    def draw_row(self, row: Row) -> None:
        """A bar or dot whose form tells its origin; its interval, open ends dashed to an arrow."""
        name, printed = f"value {row.label}", row.origin == "printed"
        if row.form == "bar" and math.isfinite(row.value):
            face = {"printed": row.colour, "computed": CARD, "reference": (row.colour, 0.25)}
            draw = getattr(self, "bar" if self.upright else "barh")
            (bar,) = draw(row.lane, row.value, 0.76 if self.upright else 0.6, row.start, zorder=2)
            bar.set(facecolor=face[row.origin], edgecolor=row.colour, gid=name)
            bar.set(linewidth=1.8 * (not printed), hatch="////" * (row.origin == "computed"))
        elif row.form == "dot":
            dot = self._line(row, [row.value], marker=MARKERS[row.origin], gid=name, zorder=6)
            dot.set(color=row.colour, markerfacecolor=row.colour if printed else CARD)
            dot.set(markersize=7.5, markeredgewidth=1.8, clip_on=False)
        bounds = row.start + np.array([row.lower, row.upper])
        shut = np.isfinite(bounds)
        if not (row.form and row.lower < row.upper and shut.any()):
            return
        (low, *_), (high, *_) = row.ends()
        span = np.clip(bounds, low - OPEN * self.pixel, high + OPEN * self.pixel)
        self._line(row, span, color=CARD, linewidth=3.6, zorder=4.5)
        line = self._line(row, span, color=INK, linewidth=1.6, zorder=5)
        line.set(gid=f"interval {row.label}", linestyle="-" if shut.all() else (0, (2, 1.4)))
        caps = [("_" if self.upright else "|", shut)]
        caps += zip("v^" if self.upright else "<>", np.diag(~shut), strict=True)
        for marker, where in caps:
            if where.any():
                cap = self._line(row, span[where], marker=marker, color=INK, zorder=5)
                cap.set(linestyle="", markersize=7, clip_on=False)
                cap.set_markeredgewidth(1.6 * (marker in "_|"))

    def _line(self, row: Row, values: Any, **look: Any) -> Line2D:
        """A line or its markers in the lane of a row."""
        return self.add_line(Line2D(*self._at([row.lane] * len(values), values), **look))

    def draw_tag(self, row: Row) -> Annotation:
        """The text of a row, beyond the end of its interval."""
        (low, before, _), (high, _, after) = row.ends(height_of(row.text) / 2 * self.upright)
        end, away = (low, -before) if row.down else (high, after)
        side = "center" if self.upright else "right" if row.down else "left"
        at, by = self._at(row.lane, end), self._at(0, away)
        return self.draw_text(row.text, at, by, row.highlight, ha=side)

    def draw_text(self, text: str, at: Point, by: Point, bold: bool, **look: Any) -> Annotation:
        """Lines of text, their middle at a place in the data, moved by pixels."""
        by = by[0], by[1] + 0.29 * TEXT - height_of(text) / 2  # where the last line stands
        note = self.annotate(text, at, by, textcoords="offset points", annotation_clip=False)
        note.set(weight="bold" if bold else "normal", linespacing=SPACING, zorder=7, **look)
        return note


def read(
    table: pd.DataFrame, kind: str, form: str = "bar", key: str = "label", *,
    title: str, measure: str, unit: str, source: str, signed: bool = False,
) -> Story:  # fmt: skip
    """Check a table and read its rows, into lanes in its order or by years."""
    needed = (key, "value", "lower", "upper", "origin")
    if table.empty or not {*needed} <= {*table.columns}:
        found = ", ".join(map(str, table.columns)) if len(table) else "no rows"
        raise ValueError(f"a chart needs rows with {', '.join(needed)}; found {found}")
    points = table[["value", "lower", "upper"]].to_numpy(dtype=float)
    # The largest counts a tenth: 130 and 1,189 billion read better than 0.13 and 1.189 trillion.
    sizes = np.sort(np.max(np.abs(points), axis=1, where=np.isfinite(points), initial=0))
    scale = Scale.of(unit, sizes[-2:][0], sizes[-1] / 10)
    rows = []
    for lane, (record, point) in enumerate(zip(table.to_dict("records"), points, strict=True)):
        value, lower, upper = (float(v) for v in np.where(np.isnan(point), point[0], point))
        label, origin, series = (record.get(n, "") for n in (key, "origin", "series"))
        if origin not in ORIGINS:
            raise ValueError(f"{label}: unknown origin {origin!r}, not one of {', '.join(ORIGINS)}")
        series = "" if pd.isna(series) else str(series)
        bold = record.get("highlight") in (True, np.True_)
        place, colour = int(label) if key == "period" else lane, ACCENT if bold else GREY
        text = scale.write(lower, upper, short=True, signed=signed)
        look = bold, text, form, place, colour, value < 0
        rows.append(Row(str(label), value, lower, upper, origin, series, *look))
    return Story(rows, kind, scale, title, f"{measure}, {scale.words}", source)


@lru_cache(maxsize=4096)
def width_of(text: str, bold: bool = False, size: float = TEXT) -> float:
    """Width of the longest line of a text in CSS pixels, as it will be drawn."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    measure = cast(Any, RendererAgg)(8, 8, 144).get_text_width_height_descent
    return max(float(measure(line, font, False)[0]) for line in text.split("\n")) / 2


def height_of(text: str, size: float = TEXT) -> float:
    """Height of the lines of a text in CSS pixels."""
    return SPACING * size * (1 + text.count("\n"))


def wrap(text: str, width: float, bold: bool = False, size: float = TEXT) -> str:
    """Break a text at spaces and after dashes, where it is wider than that."""
    lines = [""]
    for part in re.split(r"(?<=[\s–])", text):
        if lines[-1] and width_of((lines[-1] + part).rstrip(), bold, size) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def fit(length: float, ends: list[End]) -> tuple[float, float]:
    """Limits of a value axis of that length, so that all ends have their room, if there is any."""
    value, before, after = np.array(ends).T
    span = np.subtract.outer(value, value)
    if not span.any():
        return fit(length, [*ends, (value[0] + (abs(value[0]) or 1), 0.0, 0.0)])
    room = length - np.add.outer(after, before)
    scale = max(np.min(room[span > 0] / span[span > 0]), length / span.max() / 100)
    start = float(np.min(value - before / scale))
    return start, start + float(length / scale)


def sheet(
    story: Story, marks: list[Row], limits: tuple[float, float], height: float,
    *, left: float = 0.0, right: float = 0.0, pad: float = 0.0,
) -> Chart:  # fmt: skip
    """A card with title, subtitle, notes and bare axes; with padding they stand on years."""
    widths = range(200, INNER + 1, 8)  # the narrowest without a further line: no last single word
    title = min((wrap(story.title, w, True, TITLE) for w in widths), key=lambda t: t.count("\n"))
    subtitle, notes = wrap(story.subtitle, INNER), _notes(story, marks)
    under = MARGIN + height_of(title, TITLE)
    top = under + height_of(subtitle) + 12
    foot = top + height + 24 * bool(pad) + 10
    tall = math.ceil(foot + height_of(notes, SMALL) + MARGIN - 4)
    figure = Figure(figsize=(WIDTH / 72, tall / 72))
    texts = (MARGIN, title, TITLE, INK), (under, subtitle, TEXT, MUTED), (foot, notes, SMALL, MUTED)
    for y, text, size, ink in texts:
        block = figure.text(MARGIN / WIDTH, 1 - y / tall, text, size=size, color=ink, va="top")
        block.set(linespacing=SPACING, weight="bold" if text is title else "normal")
    wide = INNER - left - right
    rect = np.divide((MARGIN + left, tall - top - height, wide, height), (WIDTH, tall) * 2)
    chart = Chart(figure, tuple(rect))
    figure.add_axes(chart)
    chart.set(**{"ylim" if pad else "xlim": limits}, xticks=[], yticks=[])
    chart.alt, chart.size, chart.upright = _alt(story), (WIDTH, tall), bool(pad)
    chart.floor, chart.pixel = limits[0], np.ptp(limits) / (height if pad else wide)
    if pad:
        first, *_, last = sorted(int(row.lane) for row in [*marks, *marks])
        chart.set(xlim=(first - pad, last + pad))
        every = math.ceil((width_of("2024", size=SMALL) + 8) * np.ptp(chart.get_xlim()) / wide)
        chart.set_xticks(range(last, first - 1, -every)[::-1])  # the last is always named
    return chart


def lanes(story: Story, heads: list[Row], marks: list[Row], *ends: End) -> Chart:
    """A card with a lane for each head, its label at the left, and with the marks drawn."""
    heads = [replace(row, text=wrap(row.label, 0.36 * INNER, row.highlight)) for row in heads]
    left = 12 + max(width_of(row.text, row.highlight) for row in heads)
    height = len(heads) * max(36, *(height_of(row.text) + 10 for row in heads))
    rooms = [end for row in marks for end in row.ends(width_of(row.text, row.highlight))]
    chart = sheet(story, marks, fit(INNER - left, [*ends, *rooms]), height, left=left)
    chart.set(ylim=(len(heads) - 0.5, -0.5))
    for lane, row in enumerate(heads):
        chart.draw_text(row.text, (chart.floor, lane), (-left, 0), row.highlight)
    for row in marks:
        chart.draw_row(row)
        chart.draw_tag(row)
    return chart


def _notes(story: Story, marks: list[Row]) -> str:
    """How to read the forms that are there, if not all is printed and exact; and the source."""
    there = {(row.form, row.origin) for row in marks}
    named = [f"{FORMS[f][o]}: {ORIGINS[o]}" for o in ORIGINS for f in FORMS if (f, o) in there]
    parts = named * any(row.origin != "printed" for row in marks)
    band = "band" if story.kind == "Line" else "dark line"
    parts += [f"{band}: possible range"] * any(row.lower < row.upper for row in story.rows)
    parts += ["arrow: open end"] * any(math.inf in (-row.lower, row.upper) for row in story.rows)
    notes = ["; ".join(parts).capitalize() + "."] * bool(parts)
    notes += filter(None, [deflated(story.scale.unit), f"Source: {story.source}"])
    return "\n".join(wrap(note, INNER, size=SMALL) for note in notes)


def _alt(story: Story) -> str:
    """The title, all values, or in a long table those that tell most, and the extremes."""
    first = [row.series for row in story.rows].index
    rows = sorted(story.rows, key=lambda row: first(row.series))
    low, *_, high = sorted(rows * 2, key=lambda row: row.known[0])
    values = _listed(rows)
    if len(values) > MOST_ALT:
        telling = [row for row in rows if row.highlight or row in (low, high, rows[-1])]
        values = f"{_listed(telling)}, and {len(rows) - len(telling)} more"
    if len(rows) > 3:
        names = [f"{row.series} {row.label}".strip() for row in (high, low)]
        values += f". Highest: {names[0]}; lowest: {names[1]}"
    return f"{story.kind} chart: {story.title}. {story.subtitle}: {values}."


def _listed(rows: list[Row]) -> str:
    """Rows as words; series and origin said once for each run of them."""
    runs = []
    spoken = str.maketrans({"≥": "at least", "≤": "at most", "–": " to "})
    for (series, origin), run in groupby(rows, key=lambda row: (row.series, row.origin)):
        values = ", ".join(f"{row.label} {row.text.translate(spoken)}" for row in run)
        runs.append(", ".join(filter(None, [series, ORIGINS[origin]])) + f": {values}")
    return "; ".join(runs).removeprefix("printed: ")
