"""The card a chart stands on: its style, its texts, where they go, and how it is shown.

`read` makes the `Mark`s of a chart from estimates; `sheet` lays a card out by the measured extents
of its texts; `bar`, `dot`, `whisker` and `text` draw on it. All lengths are CSS pixels, which are
points here.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from statistics import median_low
from typing import Any, Final, TypeAlias, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation

from tradelib.estimate import Estimate
from tradelib.prose import (
    DOUBT,
    HEDGES,
    Holds,
    bundle,
    certain,
    missing,
    named,
    rounded,
    short,
    sources,
)
from tradelib.scale import MINUS, Scale, deflated

# Draws in the house style, whatever the reader's own settings are.
STYLE: Final = mpl.rc_params_from_file(Path(__file__).with_name("house.mplstyle"))
house: Final = partial(mpl.rc_context, {k: v for k, v in STYLE.items() if k != "backend"})
WIDTH: Final = 480  # shown at 350, a phone's column, the smallest text is 11 pixels high
MARGIN: Final = 8
INNER: Final = WIDTH - 2 * MARGIN
TITLE, TEXT, SMALL, SPACING = 19.0, 15.5, 15.2, 1.3
# The page turns these round in the dark (house.css), which keeps each as far from the card as here.
INK, MUTED, GREY, RULE, CARD = "#1d2329", "#545b62", "#a2a9af", "#dfe2e4", "#ffffff"
ACCENT: Final = "#0b5fa5"  # no deficiency of colour vision takes this blue for a grey
ORIGINS: Final = {"printed": "printed", "computed": "computed", "reference": "other sources"}
MARKERS: Final = {"printed": "o", "computed": "D", "reference": "s"}
FORMS: Final = {
    "bar": {"printed": "solid", "computed": "pale", "reference": "outlined"},
    "dot": {"printed": "dot", "computed": "diamond", "reference": "square"},
}
REST: Final = ("All other", "Everyone else")  # what a label of those not named begins with
OPEN: Final = 30.0  # length of an open end beyond its last known point
SEEN: Final = 4.0  # the shortest interval that can be seen
MOST_ALT: Final = 450  # characters of the values in an alt text; longer lists are thinned
Point: TypeAlias = tuple[float, float]
End: TypeAlias = tuple[float, float, float]  # of a value axis, and the room needed on either side
ZERO: Final[End] = (0.0, 0.0, 0.0)
Data: TypeAlias = "pd.Series[Any] | pd.DataFrame"
Cells: TypeAlias = dict[tuple[str, str], Any]
Names: TypeAlias = "str | int | Sequence[str | int] | None"


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure as it is drawn: what it is of, its interval, its text, and its look."""

    label: str
    series: str
    value: float
    lower: float
    upper: float
    origin: str
    text: str
    highlight: bool
    solid: bool = True

    @property
    def name(self) -> str:
        """Its series and its label."""
        return f"{self.series} {self.label}".strip()

    @property
    def rest(self) -> bool:
        """Whether it is what remains beside those that are named."""
        return self.label.startswith(REST)

    @property
    def colour(self) -> str:
        """Accent if highlighted, else grey."""
        return ACCENT if self.highlight else GREY

    @property
    def known(self) -> list[float]:
        """Its finite points, the value first; zero where nothing is known."""
        return [v for v in (self.value, self.lower, self.upper) if math.isfinite(v)] or [0.0]

    def ends(self, before: float = 0.0, after: float = 0.0, start: float = 0.0) -> list[End]:
        """What its interval needs on the value axis, with room for texts beyond it."""
        low, high = start + min(self.known), start + max(self.known)
        before += 8 + OPEN * math.isinf(self.lower)
        after += 8 + OPEN * math.isinf(self.upper)
        return [(low, before, 0.0), (high, 0.0, after)]


@dataclass(frozen=True, slots=True)
class Story:
    """The marks of a chart and the words around them."""

    kind: str
    marks: list[Mark]
    scale: Scale
    title: str
    subtitle: str
    source: str

    @property
    def names(self) -> list[str]:
        """Its series, in their order."""
        return list(dict.fromkeys(mark.series for mark in self.marks))


@dataclass(repr=False)
class Chart:
    """A chart that displays itself, with its alt text.

    ``figure`` and ``axes`` are matplotlib's, ``alt`` tells what it shows, ``size`` is in CSS
    pixels.
    """

    figure: Figure
    axes: Axes
    title: str
    alt: str
    size: tuple[int, int]

    def __repr__(self) -> str:
        return self.alt

    @cached_property
    def png(self) -> bytes:
        """The picture in 32 colours, without metadata: the same bytes every time."""
        from PIL import Image

        with house():
            canvas: Any = FigureCanvasAgg(self.figure)
            canvas.draw()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image = image.quantize(32, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=9, dpi=(144, 144))
        return out.getvalue()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        data, (width, height) = base64.b64encode(self.png).decode(), self.size
        picture = (
            f'<div class="tl-chart"><img src="data:image/png;base64,{data}" '
            f'alt="{escape(self.alt)}" width="{width}" height="{height}"></div>'
        )
        return bundle(self.alt, picture)


def stored(output: str) -> tuple[bytes, str] | None:
    """The picture and the alt text of a stored chart, by the HTML of its output."""
    found = re.search(r'src="data:image/png;base64,([^"]+)" alt="([^"]*)"', output)
    return (base64.b64decode(found[1]), unescape(found[2])) if found else None


def cells(data: Data) -> Cells:
    """The cells of a Series, which may have two keys, or of a table, by label and series."""
    if isinstance(data, pd.Series):
        if data.index.nlevels == 2:
            keys = ((str(label), str(series)) for label, series in data.index)
            return dict(zip(keys, data, strict=True))
        data = data.to_frame("")
    return {
        (named(label), named(series)): cell
        for series in data.columns
        for label, cell in data[series].items()
    }


def read(
    kind: str,
    found: Cells,
    title: str,
    measure: str,
    unit: str | None,
    source: str | None,
    highlight: Names,
    holds: Holds,
    signed: Container[str] = (),
) -> Story:
    """Check what is to be drawn, and make marks of it; labels in ``signed`` carry their plus."""
    sure = certain(holds)
    if not found:
        raise ValueError(f"the chart {title!r} has no data")
    for key, cell in found.items():
        if not isinstance(cell, Estimate) and (sure or not missing(cell)):
            told = "nothing" if missing(cell) else f"the {type(cell).__name__} {cell!r}"
            raise ValueError(f"{' '.join(key).strip()} needs an estimate, found {told}")
    known = {key: cell for key, cell in found.items() if isinstance(cell, Estimate)}
    scale, bold = _scale(unit, known), _highlighted(highlight, found)
    # What is computed has three digits at most; what is printed beside it shall not look sharper.
    digits = 4 if all(one.row for one in known.values()) else 3
    marks = [
        _mark(label, series, cell, scale, digits, bool(bold & {label, series}), label in signed)
        for (label, series), cell in found.items()
    ]
    origins = {mark.origin for mark in marks if mark.origin and not mark.rest}
    marks = [replace(m, solid=len(origins) == 1 or m.origin == "printed") for m in marks]
    source = source or sources(row for one in known.values() for row in one.rows)
    title = title if sure else f"{DOUBT} {title}"
    return Story(kind, marks, scale, title, f"{measure}, {scale.words}", source)


def _highlighted(highlight: Names, keys: Iterable[tuple[str, str]]) -> set[str]:
    """The names to highlight, each of a label or a series that is there."""
    one = isinstance(highlight, str | int)
    names = {str(name) for name in cast(Any, [highlight] if one else highlight or ())}
    have = dict.fromkeys(name for key in keys for name in key if name)
    if strange := names - {*have}:
        told = f"{', '.join(sorted(strange))}; there are {', '.join(have)}"
        raise ValueError(f"nothing to highlight by the name of {told}")
    return names


def _scale(unit: str | None, known: dict[tuple[str, str], Estimate]) -> Scale:
    """One scale for all; an error that names them where the units differ."""
    units = {one.unit: " ".join(key).strip() for key, one in known.items()}
    if len(units) > 1:
        told = ", ".join(f"{name} in {unit}" for unit, name in units.items())
        raise ValueError(f"a chart has one unit, found {told}")
    # Few large ones do not decide: 130 and 1,189 billion read better than 0.13 and 1.189 trillion.
    sizes = [abs(one.value) for one in known.values() if math.isfinite(one.value)] or [0.0]
    return Scale.of(unit or next(iter(units), "multiple"), median_low(sizes))


def _mark(
    label: str, series: str, cell: Any, scale: Scale, digits: int, highlight: bool, signed: bool
) -> Mark:
    if not isinstance(cell, Estimate):
        return Mark(label, series, math.nan, math.nan, math.nan, "", "not known", highlight)
    text = rounded(short(cell, scale, signed=signed), digits)
    if not signed and MINUS not in text:
        text = text.replace("% to ", "–").replace(" to ", "–")
    lower, upper = cell.interval.lower, cell.interval.upper
    known = [v for v in (cell.value, lower, upper) if math.isfinite(v)] or [math.nan]
    return Mark(label, series, known[0], lower, upper, cell.origin, text, highlight)


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


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move rising places at least a gap apart, each as little as may be, within limits.

    >>> apart([10, 11, 50], 20, 0, 100)
    [0.5, 20.5, 50.0]
    """
    steps = gap * np.arange(len(places))
    level = np.asarray(places, dtype=float) - steps
    level = (np.maximum.accumulate(level) + np.minimum.accumulate(level[::-1])[::-1]) / 2
    moved: list[float] = (np.clip(level, low, max(low, high - steps[-1])) + steps).tolist()
    return moved


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
    story: Story,
    form: str,
    height: float,
    *,
    x: Point,
    y: Point,
    left: float = 0.0,
    right: float = 0.0,
    foot: float = 0.0,
    notes: Iterable[str] = (),
) -> Chart:
    """A card with title, subtitle, notes and bare axes of a height, with room on three sides."""
    widths = range(200, INNER + 1, 8)  # the narrowest without a further line: no last single word
    title = min((wrap(story.title, w, True, TITLE) for w in widths), key=lambda t: t.count("\n"))
    subtitle = wrap(story.subtitle, INNER)
    under = MARGIN + height_of(title, TITLE) + 4
    top = under + height_of(subtitle) + 12
    below = top + height + foot + 10
    told = [*_legend(story, form), *notes, f"Source: {story.source}."]
    last = "\n".join(wrap(note, INNER, size=SMALL) for note in told)
    tall = math.ceil(below + height_of(last, SMALL) + MARGIN)
    figure = Figure(figsize=(WIDTH / 72, tall / 72))
    texts = (MARGIN, title, TITLE, INK), (under, subtitle, TEXT, MUTED), (below, last, SMALL, MUTED)
    for place, words, size, ink in texts:
        block = figure.text(MARGIN / WIDTH, 1 - place / tall, words, size=size, color=ink, va="top")
        block.set(linespacing=SPACING, weight="bold" if words is title else "normal")
    box = np.divide(
        (MARGIN + left, tall - top - height, INNER - left - right, height), (WIDTH, tall) * 2
    )
    axes = figure.add_axes(tuple(box))
    axes.set(xlim=x, ylim=y, xticks=[], yticks=[])
    return Chart(figure, axes, story.title, _alt(story), (WIDTH, tall))


def _legend(story: Story, form: str) -> list[str]:
    """How to read the forms that are there, if not all is printed and exact."""
    if not form:
        return []
    there = {mark.origin for mark in story.marks if mark.origin and not mark.rest}
    parts = [f"{FORMS[form][o]}: {ORIGINS[o]}" for o in ORIGINS if o in there]
    parts = parts if len(there) > 1 else ["all computed"] if "computed" in there else []
    if any(mark.rest for mark in story.marks) and form == "bar":
        parts.append("dashed: the rest")
    notes = [f"{'; '.join(parts).capitalize()}."] if parts else []
    return [*notes, *filter(None, [deflated(story.scale.unit)])]


def _alt(story: Story) -> str:
    """The title, all values, or in a long table those that tell most, and the extremes."""
    first = [mark.series for mark in story.marks].index
    marks = sorted(story.marks, key=lambda mark: first(mark.series))
    low, *_, high = sorted(marks * 2, key=lambda mark: mark.known[0])
    values = _listed(marks)
    if len(values) > MOST_ALT:
        telling = [mark for mark in marks if mark.highlight or mark in (low, high, marks[-1])]
        values = f"{_listed(telling)}, and {len(marks) - len(telling)} more"
    if len(marks) > 3:
        values += f". Highest: {high.name}; lowest: {low.name}"
    return f"{story.kind} chart: {story.title}. {story.subtitle}: {values}."


def _listed(marks: list[Mark]) -> str:
    """Marks as words; series and origin said once for each run of them."""
    runs = []
    for (series, origin), run in groupby(marks, key=lambda mark: (mark.series, mark.origin)):
        values = ", ".join(f"{mark.label} {mark.text}" for mark in run)
        for words, sign in {**HEDGES, " to ": "–"}.items():
            values = values.replace(sign, words)
        runs.append(", ".join(filter(None, [series, ORIGINS.get(origin, "")])) + f": {values}")
    return "; ".join(runs).removeprefix("printed: ").removeprefix(": ")


def pixel(axes: Axes, upright: bool = False) -> float:
    """What a CSS pixel of the value axis stands for."""
    box, limits = axes.bbox, axes.get_ylim() if upright else axes.get_xlim()
    return float(np.ptp(limits) / (box.height if upright else box.width) * 2)


def seen(mark: Mark, unit: float) -> bool:
    """Whether its interval can be seen where a pixel stands for that."""
    shut = math.isfinite(mark.lower) or math.isfinite(mark.upper)
    return shut and mark.upper - mark.lower >= SEEN * unit


def ranges(story: Story, limits: Point, length: float, called: str = "dark line") -> list[str]:
    """How to read intervals, if some can be seen on an axis of that length."""
    shown = [mark for mark in story.marks if seen(mark, np.ptp(limits) / length)]
    arrows = any(math.inf in (-mark.lower, mark.upper) for mark in shown)
    note = f"{called}: possible range" + "; arrow: open end" * arrows
    return [f"{note.capitalize()}."] if shown else []


def bar(axes: Axes, mark: Mark, lane: float, *, start: float = 0.0, upright: bool = False) -> None:
    """A bar whose fill tells its origin; that of those not named is dashed."""
    if not math.isfinite(mark.value):
        return
    draw = axes.bar if upright else axes.barh
    (drawn,) = cast(Any, draw)(lane, mark.value, 0.76 if upright else 0.6, start, zorder=2)
    face = CARD if mark.origin == "reference" else (mark.colour, 0.45)
    face = RULE if mark.rest else mark.colour if mark.solid else face
    drawn.set(facecolor=face, gid=f"value {mark.name}")
    drawn.set(edgecolor=MUTED if mark.rest else mark.colour, linewidth=1.6)
    drawn.set(linestyle=(0, (3, 2)) if mark.rest else "-")
    whisker(axes, mark, lane, start=start, upright=upright)


def dot(axes: Axes, mark: Mark, at: Point, colour: str) -> None:
    """A marker whose form tells its origin."""
    if math.isfinite(mark.value):
        form = "o" if mark.solid else MARKERS[mark.origin]
        (drawn,) = axes.plot(*at, marker=form, color=colour, zorder=6)
        drawn.set(markerfacecolor=colour if mark.solid else CARD, clip_on=False)
        drawn.set(markersize=7.5, markeredgewidth=1.8, gid=f"value {mark.name}")


def whisker(
    axes: Axes, mark: Mark, lane: float, *, start: float = 0.0, upright: bool = False
) -> None:
    """The interval of a mark where it can be seen; an open end has an arrow."""
    unit = pixel(axes, upright)
    if not seen(mark, unit):
        return
    bounds = start + np.array([mark.lower, mark.upper])
    shut = np.isfinite(bounds)
    (low, *_), (high, *_) = mark.ends(start=start)
    span = np.clip(bounds, low - OPEN * unit, high + OPEN * unit)

    def draw(values: Any, **look: Any) -> None:
        across = [lane] * len(values)
        axes.plot(*((across, values) if upright else (values, across)), **look)

    draw(span, color=CARD, linewidth=3.6, zorder=4.5)
    line = "-" if shut.all() else (0, (2, 1.4))
    draw(span, color=INK, linewidth=1.6, zorder=5, linestyle=line, gid=f"interval {mark.name}")
    for marker, end in zip("v^" if upright else "<>", (0, 1), strict=True):
        cap = ("_" if upright else "|") if shut[end] else marker
        draw(span[[end]], color=INK, marker=cap, markersize=7, zorder=5, clip_on=False)


def text(
    axes: Axes, words: str, at: Point, by: Point = (0.0, 0.0), *, bold: bool = False, **look: Any
) -> Annotation:
    """Lines of text, their middle at a place in the data, moved by pixels."""
    by = by[0], by[1] + 0.29 * TEXT - height_of(words) / 2  # where the last line stands
    note = axes.annotate(words, at, by, textcoords="offset points", annotation_clip=False)
    note.set(weight="bold" if bold else "normal", linespacing=SPACING, zorder=7, **look)
    return note
