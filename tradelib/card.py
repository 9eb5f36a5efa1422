"""The card a chart stands on: what its marks tell, the words around them, and how it is shown.

`begin` makes a `Chart` with a `Mark` for each estimate; a form draws them on its axes; `finish`
lays the words around what was drawn. All lengths are CSS pixels, which are points here.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from statistics import median_low
from textwrap import fill
from typing import Any, Final, TypeAlias

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tradelib import prose
from tradelib.estimate import Estimate
from tradelib.scale import MINUS, Scale

# Draws in the house style, whatever the reader's own settings are.
STYLE: Final = mpl.rc_params_from_file(Path(__file__).with_name("house.mplstyle"))
house: Final = partial(mpl.rc_context, {k: v for k, v in STYLE.items() if k != "backend"})
WIDTH: Final = 480  # shown at 350, a phone's column, the smallest text is 11 pixels high
HEIGHT: Final = 250  # of the axes of a chart over years
MARGIN: Final = 8
# The page turns these round in the dark (house.css), which keeps each as far from the card as here.
INK, MUTED, GREY, RULE, CARD = "#1d2329", "#545b62", "#a2a9af", "#dfe2e4", "#ffffff"
ACCENT: Final = "#0b5fa5"  # no deficiency of colour vision takes this blue for a grey
ORIGINS: Final = {"printed": "printed", "computed": "computed", "reference": "other sources"}
LOOKS: Final = {
    "bar": {"printed": "solid", "computed": "pale", "reference": "outlined"},
    "dot": {"printed": "dot", "computed": "diamond", "reference": "square"},
}
REST: Final = ("All other", "Everyone else")  # what the name of those not named begins with
MOST_VALUES: Final = 40  # in an alt text; longer lists are thinned
Data: TypeAlias = "pd.Series[Any] | pd.DataFrame"
Cells: TypeAlias = dict[tuple[str, str], Any]
Names: TypeAlias = "str | int | Sequence[str | int] | None"


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure as it is drawn: what it is of, its interval (NaN if unknown), text and look."""

    label: str
    series: str
    value: float
    lower: float
    upper: float
    origin: str
    text: str
    highlight: bool
    look: str = "printed"  # the origin that it is drawn as: where all have one, that is solid

    @property
    def name(self) -> str:
        """Its series and its label."""
        return f"{self.series} {self.label}".strip()

    @property
    def rest(self) -> bool:
        """Whether it is what remains beside those that are named."""
        return self.label.startswith(REST) or self.series.startswith(REST)


@dataclass(repr=False)
class Chart:
    """A chart that displays itself, with its alt text.

    ``figure`` and ``axes`` are matplotlib's, ``alt`` tells what it shows, ``size`` is in CSS
    pixels, ``notes`` are the lines above its source.
    """

    kind: str
    title: str
    subtitle: str
    source: str
    scale: Scale
    marks: list[Mark]
    notes: list[str]
    figure: Figure
    axes: Any  # Axes, whose type stubs know less than they do
    height: float = HEIGHT  # of the axes

    def __repr__(self) -> str:
        return self.alt

    @property
    def series(self) -> dict[str, list[Mark]]:
        """Its marks by their series, in their order."""
        names = dict.fromkeys(mark.series for mark in self.marks)
        return {name: [mark for mark in self.marks if mark.series == name] for name in names}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        width, height = self.figure.get_size_inches() * 72
        return round(width), round(height)

    @property
    def alt(self) -> str:
        """The title, all values, or of very many those that tell most, and the extremes."""
        marks = [mark for marks in self.series.values() for mark in marks]
        known = [mark for mark in marks if math.isfinite(mark.value)] or marks
        low, *_, high = sorted(known * 2, key=lambda mark: mark.value)
        values = _listed(marks)
        if len(marks) > MOST_VALUES:
            telling = [mark for mark in marks if mark.highlight or mark in (low, high, marks[-1])]
            values = f"{_listed(telling)}, and {len(marks) - len(telling)} more"
        if len(marks) > 3:
            values += f". Highest: {high.name}; lowest: {low.name}"
        return f"{self.kind} chart: {self.title}. {self.subtitle}: {values}."

    @cached_property
    def png(self) -> bytes:
        """The picture in 32 colours, without metadata: the same bytes every time."""
        from PIL import Image

        canvas: Any = self.figure.canvas
        with house():
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
        return prose.bundle(self.alt, picture)


def stored(output: str) -> tuple[bytes, str] | None:
    """The picture and the alt text of a stored chart, by the HTML of its output."""
    found = re.search(r'src="data:image/png;base64,([^"]+)" alt="([^"]*)"', output)
    return (base64.b64decode(found[1]), unescape(found[2])) if found else None


def cells(data: Data) -> Cells:
    """The cells of a Series, which may have two keys, or of a table, by label and series."""
    if isinstance(data, pd.Series):
        if data.index.nlevels == 2:
            keys = data.index.map(lambda key: tuple(map(str, key)))
            return dict(zip(keys, data, strict=True))
        data = data.to_frame("")
    return {
        (prose.named(label), prose.named(series)): cell
        for series in data.columns
        for label, cell in data[series].items()
    }


def begin(
    kind: str,
    found: Cells,
    *,
    title: str,
    measure: str,
    unit: str | None = None,
    highlight: Names = None,
    holds: prose.Holds = None,
    signed: Container[str] = (),
) -> Chart:
    """Check what is to be drawn, and make marks of it; labels in ``signed`` carry their plus."""
    sure = prose.certain(holds)
    if not found:
        raise ValueError(f"the chart {title!r} has no data")
    for key, cell in found.items():
        if not isinstance(cell, Estimate) and (sure or not prose.missing(cell)):
            told = "nothing" if prose.missing(cell) else f"the {type(cell).__name__} {cell!r}"
            raise ValueError(f"{' '.join(key).strip()} needs an estimate, found {told}")
    known = {key: cell for key, cell in found.items() if isinstance(cell, Estimate)}
    scale, bold = _scale(unit, known), _highlighted(highlight, found)
    # What is computed has three digits at most; what is printed beside it shall not look sharper.
    scale = replace(scale, digits=4 if all(one.row for one in known.values()) else 3)
    marks = [
        _mark(label, series, cell, scale, bool(bold & {label, series}), label in signed)
        for (label, series), cell in found.items()
    ]
    if len({mark.origin for mark in marks if mark.origin and not mark.rest}) > 1:
        marks = [replace(mark, look=mark.origin or "printed") for mark in marks]
    source = prose.sources(row for one in known.values() for row in one.rows)
    title = title if sure else f"{prose.DOUBT} {title}"
    figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
    FigureCanvasAgg(figure)  # which measures texts
    axes = figure.add_axes((0, 0, 1, 1))
    return Chart(kind, title, f"{measure}, {scale.words}", source, scale, marks, [], figure, axes)


def _highlighted(highlight: Names, keys: Iterable[tuple[str, str]]) -> set[str]:
    """The names to highlight, each of a label or a series that is there."""
    names = {str(name) for name in np.ravel([] if highlight is None else highlight)}
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


def _mark(label: str, series: str, cell: Any, scale: Scale, highlight: bool, signed: bool) -> Mark:
    if not isinstance(cell, Estimate):
        return Mark(label, series, math.nan, math.nan, math.nan, "", "not known", highlight)
    text = prose.short(cell, scale, signed=signed)
    if not signed and MINUS not in text:
        text = text.replace("% to ", "–").replace(" to ", "–")
    lower, upper = cell.interval.lower, cell.interval.upper
    value = next(filter(math.isfinite, (cell.value, lower, upper)), math.nan)
    return Mark(label, series, value, lower, upper, cell.origin, text, highlight)


def _listed(marks: list[Mark]) -> str:
    """Marks as words; series and origin said once for each run of them."""
    runs = []
    for (series, origin), run in groupby(marks, key=lambda mark: (mark.series, mark.origin)):
        values = ", ".join(f"{mark.label} {mark.text}" for mark in run)
        for words, sign in {**prose.HEDGES, " to ": "–"}.items():
            values = values.replace(sign, words)
        runs.append(", ".join(filter(None, [series, ORIGINS.get(origin, "")])) + f": {values}")
    return "; ".join(runs).removeprefix("printed: ").removeprefix(": ")


def fit(chart: Chart) -> None:
    """Move the sides of the axes in, until all that stands beside them is on the card."""
    for _ in range(3):  # what stands at values moves along
        inner, outer, place = chart.axes.bbox, chart.axes.get_tightbbox(), chart.axes.get_position()
        left = MARGIN + (inner.x0 - outer.x0) / 2  # a CSS pixel is two of the picture
        right = MARGIN + (outer.x1 - inner.x1) / 2
        chart.axes.set_position((left / WIDTH, place.y0, 1 - (left + right) / WIDTH, place.height))


def finish(chart: Chart, look: str = "bar") -> Chart:
    """Lay title, subtitle, notes and source around the axes, on a card that holds all."""
    axes, figure, height = chart.axes, chart.figure, chart.height
    figure.set_size_inches(WIDTH / 72, height / 72)
    fit(chart)
    inner, outer = axes.bbox, axes.get_tightbbox()
    head, foot = (outer.y1 - inner.y1) / 2 + 12, (outer.y0 - inner.y0) / 2 - 10
    over = _block(axes, [chart.subtitle], "axes fraction", (1, head), color=MUTED)
    _block(axes, [chart.title], over, (1, 4), size=19, weight="bold")
    notes = [*_legend(chart, look), *dict.fromkeys(chart.notes), f"Source: {chart.source}."]
    _block(axes, notes, "axes fraction", (0, foot), va="top", color=MUTED, size=15.2)
    inner, outer, place = axes.bbox, axes.get_tightbbox(), axes.get_position()
    bottom, top = (MARGIN + gap / 2 for gap in (inner.y0 - outer.y0, outer.y1 - inner.y1))
    tall = math.ceil(bottom + height + top)
    figure.set_size_inches(WIDTH / 72, tall / 72)
    axes.set_position((place.x0, bottom / tall, place.width, height / tall))
    return chart


def _block(axes: Any, lines: list[str], over: Any, at: tuple[float, float], **look: Any) -> Any:
    """Lines at the card's left, as few as may be, and these alike: no last word alone.

    ``at`` is a height, as a part of the axes or of what they stand over, and pixels above that.
    """
    look = {"va": "bottom", "linespacing": 1.3, "textcoords": "offset points"} | look
    block = axes.annotate("", (MARGIN, at[0]), (0, at[1]), ("figure points", over), **look)
    for most in range(64, 9, -1):
        block.set_text("\n".join(_balanced(line, most) for line in lines))
        if block.get_window_extent().x1 <= 2 * (WIDTH - MARGIN):
            break
    return block


def _balanced(text: str, most: int) -> str:
    """Break a text into lines of so many characters, as few as may be and alike."""
    tried = [fill(text, width) for width in range(max(10, most // 2), most + 1)]
    return next(one for one in tried if one.count("\n") == tried[-1].count("\n"))


def _legend(chart: Chart, look: str) -> list[str]:
    """How to read what is drawn, if not all is printed and exact."""
    if look not in LOOKS:
        return []
    there = {mark.origin for mark in chart.marks if mark.origin and not mark.rest}
    parts = [f"{LOOKS[look][one]}: {told}" for one, told in ORIGINS.items() if one in there]
    parts = parts if len(there) > 1 else ["all computed"] if "computed" in there else []
    parts += ["dashed: the rest"] if any(mark.rest for mark in chart.marks) else []
    return [f"{'; '.join(parts)}.".capitalize()] if parts else []
