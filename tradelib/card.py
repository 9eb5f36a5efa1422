"""The card a chart stands on: what its marks tell, the words around them, and how it is shown.

`begin` makes a `Chart` with a mark for each estimate; a form draws them on its axes; `finish` lays
the words around what was drawn. All lengths are CSS pixels, which are points here.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from html import escape
from itertools import groupby
from operator import attrgetter
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
from tradelib.quantity import Interval
from tradelib.scale import Scale

# Draws in the house style, whatever the reader's own settings are.
house: Final = partial(mpl.rc_context, fname=Path(__file__).with_name("house.mplstyle"))
WIDTH: Final = 480  # shown at 350, a phone's column, the smallest text is 11 pixels high
HEIGHT: Final = 250  # of the axes of a chart over years
MARGIN: Final = 8
LINE: Final = 20  # from one line of text to the next
# The page turns these round in the dark (house.css), which keeps each as far from the card as here.
INK, MUTED, GREY, RULE, CARD = "#1d2329", "#545b62", "#a2a9af", "#dfe2e4", "#ffffff"
ACCENT: Final = "#0b5fa5"  # no deficiency of colour vision takes this blue for a grey
ORIGINS: Final = {"printed": "printed", "computed": "computed", "reference": "other sources"}
FILLS: Final = {"printed": "solid", "computed": "pale", "reference": "outlined"}
REST: Final = ("All other", "Everyone else")  # what the name of those not named begins with
PICTURE: Final = re.compile(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]*)"')
"""How a chart stands in a notebook's output: the picture and its alt text."""
UNKNOWN: Final = Estimate(Interval(-math.inf, math.inf), "", "not known")
Data: TypeAlias = "pd.Series[Any] | pd.DataFrame"
Cells: TypeAlias = dict[tuple[str, str], Any]
Names: TypeAlias = "str | int | Sequence[str | int] | None"


@dataclass(repr=False)
class Chart:
    """A chart that displays itself, with its alt text.

    ``figure`` and ``axes`` are matplotlib's, ``alt`` tells what it shows, ``notes`` are the lines
    above its source. ``marks`` is a table with a row for each figure: group and label, its value
    and interval (NaN and open if not known), its text, and how it looks.
    """

    kind: str
    title: str
    subtitle: str
    notes: list[str]
    source: str
    scale: Scale
    marks: Any  # DataFrame and Axes, whose type stubs know less than they do
    figure: Figure
    axes: Any
    height: float = HEIGHT  # of the axes

    def __repr__(self) -> str:
        return self.alt

    @property
    def alt(self) -> str:
        """Its title and all its values."""
        told = []
        for (group, look), run in groupby(self.marks.itertuples(), attrgetter("group", "look")):
            of = ", ".join(filter(None, [group, ORIGINS.get(look)]))
            told.append(f"{of}: " * bool(of) + ", ".join(f"{m.label} {m.text}" for m in run))
        values = "; ".join(told)
        for words, sign in prose.HEDGES.items():
            values = values.replace(sign, words)
        return f"{self.kind} chart: {self.title}. {self.subtitle}: {values}."

    @cached_property
    def png(self) -> bytes:
        """The picture in 32 colours, without metadata: the same bytes every time."""
        from PIL import Image

        canvas: Any = FigureCanvasAgg(self.figure)
        with house():
            canvas.draw()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image = image.quantize(32, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=9, dpi=(144, 144))
        return out.getvalue()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        data, height = base64.b64encode(self.png).decode(), self.figure.get_figheight() * 72
        picture = (
            f'<div class="tl-chart"><img src="data:image/png;base64,{data}" '
            f'alt="{escape(self.alt)}" width="{WIDTH}" height="{height:.0f}"></div>'
        )
        return prose.bundle(self.alt, picture)


def cells(data: Data) -> Cells:
    """The cells of a Series, which may have several keys, or of a table, by group and label."""
    if isinstance(data, pd.DataFrame):
        data = data.stack([*range(data.columns.nlevels)])
    keys = [key if isinstance(key, tuple) else (key,) for key in data.index]
    names = [(prose.named(key[:-1]), str(key[-1])) for key in keys]
    if twice := [" ".join(name).strip() for name in names if names.count(name) > 1]:
        raise ValueError(f"a chart shows one value of each, found more of {twice[0]}")
    return dict(zip(names, data, strict=True))


def begin(
    kind: str,
    found: Cells,
    *,
    title: str,
    measure: str,
    highlight: Names = None,
    holds: prose.Holds = None,
) -> Chart:
    """Check what is to be drawn, and make marks of it."""
    sure = prose.certain(holds)
    if not found:
        raise ValueError(f"the chart {title!r} has no data")
    known = {key: cell for key, cell in found.items() if isinstance(cell, Estimate)}
    for key, cell in found.items():
        if key not in known and (sure or not prose.missing(cell)):
            told = "nothing" if prose.missing(cell) else f"the {type(cell).__name__} {cell!r}"
            raise ValueError(f"{' '.join(key).strip()} needs an estimate, found {told}")
    scale = _scale(known)
    marks = _marks(found, scale)
    marks["highlight"] = marks[["group", "label"]].isin(_highlighted(highlight, found)).any(axis=1)
    title, subtitle = title if sure else f"{prose.DOUBT} {title}", f"{measure}, {scale.words}"
    looks = [f"{FILLS[one]}: {told}" for one, told in ORIGINS.items() if one in {*marks.look}]
    notes = [f"{'; '.join(looks)}.".capitalize()] if looks else []
    source = prose.sources(row for one in known.values() for row in one.rows)
    figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
    axes = figure.add_subplot()
    return Chart(kind, title, subtitle, notes, source, scale, marks, figure, axes)


def _scale(known: Cells) -> Scale:
    """One scale for all; an error that names them where the units differ."""
    units = {one.unit: " ".join(key).strip() for key, one in known.items()}
    if len(units) > 1:
        told = ", ".join(f"{name} in {unit}" for unit, name in units.items())
        raise ValueError(f"a chart has one unit, found {told}")
    # Few large ones do not decide: 130 and 1,189 billion read better than 0.13 and 1.189 trillion.
    sizes = [abs(one.value) for one in known.values() if math.isfinite(one.value)] or [0.0]
    scale = Scale.of(next(iter(units), "multiple"), median_low(sizes))
    # What is computed has three digits at most; what is printed beside it shall not look sharper.
    return replace(scale, digits=4 if all(one.row for one in known.values()) else 3)


def _marks(found: Cells, scale: Scale) -> Any:
    """A row for each cell, a group after the other; of an open interval the value is its end."""
    groups = [group for group, _ in found]
    found = {key: found[key] for key in sorted(found, key=lambda key: groups.index(key[0]))}
    known = [cell if isinstance(cell, Estimate) else UNKNOWN for cell in found.values()]
    marks = pd.DataFrame(found.keys(), columns=["group", "label"])
    marks["name"] = (marks.group + " " + marks.label).str.strip()
    marks["rest"] = marks.group.str.startswith(REST) | marks.label.str.startswith(REST)
    marks["text"] = [prose.short(one, scale) for one in known]
    marks[["lower", "upper"]] = [(one.interval.lower, one.interval.upper) for one in known]
    marks["value"] = [one.value for one in known]
    finite = marks[["value", "lower", "upper"]].replace([-math.inf, math.inf], math.nan)
    marks["value"] = finite.bfill(axis="columns").value
    marks["origin"] = [one.origin for one in known]
    named = marks.origin[~marks.rest & marks.value.notna()]
    marks["look"] = marks.origin if named.nunique() > 1 else ""
    return marks


def _highlighted(highlight: Names, keys: Cells) -> set[str]:
    """The names to highlight, each of a group or a label that is there."""
    names = {str(name) for name in np.ravel([] if highlight is None else highlight)}
    have = dict.fromkeys(name for key in keys for name in key if name)
    if strange := names - {*have}:
        told = f"{', '.join(sorted(strange))}; there are {', '.join(have)}"
        raise ValueError(f"nothing to highlight by the name of {told}")
    return names


def finish(chart: Chart) -> Chart:
    """Lay title, subtitle, notes and source around the axes, on a card that holds all."""
    axes, figure = chart.axes, chart.figure
    notes = [*dict.fromkeys(chart.notes), f"Source: {chart.source}."]
    foot = _block(figure, notes, color=MUTED, size=15.2)
    subtitle = _block(figure, [chart.subtitle], color=MUTED)
    title = _block(figure, [chart.title], size=19, weight="bold")
    blocks = [foot, subtitle, title]
    low, middle, high = (block.get_window_extent().height / 2 for block in blocks)
    body = chart.height + (axes.get_tightbbox().height - axes.bbox.height) / 2
    *edges, top = np.cumsum([MARGIN, low + 10, body + 12, middle + 4, high + MARGIN])
    tall = math.ceil(top)
    figure.set_size_inches(WIDTH / 72, tall / 72)
    for block, edge in zip(blocks, (edges[0], *edges[2:]), strict=True):
        block.set_y(edge / tall)
    place = (MARGIN / WIDTH, edges[1] / tall, 1 - 2 * MARGIN / WIDTH, body / tall)
    figure.set_layout_engine("constrained", rect=place, w_pad=0, h_pad=0)
    return chart


def _block(figure: Figure, lines: list[str], **look: Any) -> Any:
    """Lines at the card's left, each broken into as few as may be, and these alike."""
    block = figure.text(MARGIN / WIDTH, 0, "", va="bottom", linespacing=1.3, **look)
    broken = []
    for line in lines:
        for count in range(1, len(line)):
            block.set_text(fill(line, len(line) // count + 5))
            if block.get_window_extent().width <= 2 * (WIDTH - 2 * MARGIN):
                break
        broken.append(block.get_text())
    block.set_text("\n".join(broken))
    return block
