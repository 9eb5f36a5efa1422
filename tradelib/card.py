"""The card a chart stands on. All lengths are CSS pixels, which are points here."""

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
from textwrap import fill
from typing import Any, Final, TypeAlias

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from tradelib import prose
from tradelib.estimate import Estimate
from tradelib.quantity import expect
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
FILLS: Final = {"printed": "solid", "computed": "pale", "other sources": "outlined"}
REST: Final = ("All other", "Everyone else")  # what the name of those not named begins with
PICTURE: Final = re.compile(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]*)"')
"""How a chart stands in a notebook's output: the picture and its alt text."""
Data: TypeAlias = "pd.Series[Any] | pd.DataFrame"


@dataclass(repr=False)
class Chart:
    """A chart that displays itself, with its alt text.

    ``figure`` and ``axes`` are matplotlib's, ``alt`` tells what it shows, ``marks`` is a table with
    a row for each figure: group and label, value and interval, its text, and how it looks.
    """

    kind: str
    title: str
    subtitle: str
    notes: list[str]
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
            values = ", ".join(f"{mark.label} {mark.text}" for mark in run)
            of = ", ".join(filter(None, [group, look]))
            told.append(f"{of}: {values}" if of else values)
        return f"{self.kind} chart: {self.title}. {self.subtitle}: {'; '.join(told)}."

    @cached_property
    def png(self) -> bytes:
        """The picture in 32 colours, without metadata: the same bytes every time."""
        drawn, out = io.BytesIO(), io.BytesIO()
        with house():
            self.figure.savefig(drawn)
        image = Image.open(drawn).convert("RGB").quantize(32, dither=Image.Dither.NONE)
        image.save(out, "PNG", compress_level=9, dpi=(144, 144))
        return out.getvalue()

    def _repr_html_(self) -> str:
        data, height = base64.b64encode(self.png).decode(), self.figure.get_figheight() * 72
        return (
            f'<style>{prose.STYLE}</style><div class="tl-chart"><img '
            f'src="data:image/png;base64,{data}" alt="{escape(self.alt)}" '
            f'width="{WIDTH}" height="{height:.0f}"></div>'
        )


def cells(data: Data) -> Any:
    """The cells of a Series, which may have several keys, or of a table, by group and label."""
    if isinstance(data, pd.DataFrame):
        data = data.stack([*range(data.columns.nlevels)])
    keys = [key if isinstance(key, tuple) else (key,) for key in data.index]
    names = [(", ".join(map(str, group)), str(label)) for *group, label in keys]
    return pd.DataFrame(names, columns=["group", "label"]).assign(estimate=[*data])


def begin(
    kind: str,
    marks: Any,
    *,
    title: str,
    measure: str,
    highlight: str | int | Sequence[str | int] = (),
    holds: prose.Holds = True,
) -> Chart:
    """Check the cells that are to be drawn, and make marks of them."""
    if marks.empty:
        raise ValueError(f"the chart {title!r} has no data")
    marks["name"] = (marks.group + " " + marks.label).str.strip()
    for name, cell, twice in zip(marks.name, marks.estimate, marks.name.duplicated(), strict=True):
        if not isinstance(cell, Estimate):
            raise ValueError(f"{name} needs an estimate, found the {type(cell).__name__} {cell!r}")
        if twice:
            raise ValueError(f"a chart shows one value of each, found more of {name}")
    estimates = [*zip(marks.name, marks.estimate, strict=True)]
    scale = replace(prose.shared_scale("a chart", estimates), digits=3)
    names = [*map(str, np.ravel(highlight))]
    for name in names:
        expect("name to highlight", name, filter(None, [*marks.group, *marks.label]))
    marks["highlight"] = marks.group.isin(names) | marks.label.isin(names)
    marks["text"] = [prose.short(one, scale) for one in marks.estimate]
    ends = [(float(one), one.interval.lower, one.interval.upper) for one in marks.estimate]
    marks[["value", "lower", "upper"]] = ends
    marks["rest"] = marks.group.str.startswith(REST) | marks.label.str.startswith(REST)
    marks["look"] = [one.origin.replace("reference", "other sources") for one in marks.estimate]
    if marks.look[~marks.rest].nunique() < 2:
        marks["look"] = ""
    looks = [f"{drawn}: {look}" for look, drawn in FILLS.items() if look in {*marks.look}]
    notes = [f"{'; '.join(looks)}.".capitalize()] if looks else []
    title = title if prose.certain(holds) else f"{prose.DOUBT} {title}"
    subtitle, figure = f"{measure}, {scale.words}", Figure(figsize=(WIDTH / 72, HEIGHT / 72))
    return Chart(kind, title, subtitle, notes, scale, marks, figure, figure.add_subplot())


def finish(chart: Chart) -> Chart:
    """Lay title, subtitle, notes and source around the axes."""
    axes, figure = chart.axes, chart.figure
    source = prose.sources(row for one in chart.marks.estimate for row in one.rows)
    notes = [*dict.fromkeys(chart.notes), f"Source: {source}."]
    foot = _block(figure, notes, 57, color=MUTED, size=15.2)
    subtitle = _block(figure, [chart.subtitle], 57, color=MUTED)
    title = _block(figure, [chart.title], 38, size=19, weight="bold")
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


def _block(figure: Figure, lines: list[str], most: int, **look: Any) -> Any:
    """Lines at the card's left, broken into parts that are alike, of some ``most`` letters."""
    broken = [fill(line, len(line) // math.ceil(len(line) / most) + 5) for line in lines]
    look |= {"va": "bottom", "linespacing": 1.3, "wrap": True}
    return figure.text(MARGIN / WIDTH, 0, "\n".join(broken), **look)
