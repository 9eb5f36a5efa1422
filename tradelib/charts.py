"""The chart forms of the house: tables in, finished charts out.

`bars`, `columns`, `lines`, `dumbbell` and `bridge` take a table and return a `Chart`: a matplotlib
Axes that displays itself as the last line of a cell, ``save``s itself, and knows its ``alt`` text,
its ``size`` in CSS pixels and the ``frame`` it was drawn from. All take

- ``table``, a row each with ``label`` (or ``period``, a year), ``value``, ``lower``, ``upper`` in
  single units (bounds may be infinite for an open end), ``origin``; and, where wanted, ``series``
  and ``highlight``. Other columns are ignored;
- ``title``, the finding in words; ``measure`` and ``unit``, which make the subtitle;
  ``source``, where the data come from; ``signed``, whether labels carry their plus.

What is drawn: intervals as dark lines, open ends as arrows. A value's origin shows by its form
(printed: filled; computed: striped or a hollow diamond; reference: outlined or a hollow square),
and colour has one meaning, in `ACCENT` and `SERIES`. Texts are placed by their measured extents.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from tradelib.scale import Scale

STYLE: Final = Path(__file__).with_name("house.mplstyle")
WIDTH: Final = 560
"""CSS pixels. At 350, a phone's column, the smallest text (14.5) is 9 pixels high."""
MARGIN: Final = 16
TITLE, TEXT, SMALL = 20.0, 15.0, 14.5
INK: Final = "#1d2329"
MUTED: Final = "#545b62"
GREY: Final = "#a9b0b6"
RULE: Final = "#dfe2e4"
CARD: Final = "#fcfcfa"
ACCENT: Final = "#0b5fa5"
"""What the title speaks of; a blue, told from the greys under every colour vision deficiency."""
SERIES: Final = {"exports": "#6b737b", "imports": "#bcc2c7", "trade": "#8d959c"}
"""Fixed greys of the flows; series of any other name share `GREY`."""
MARKERS: Final = {"printed": "o", "computed": "D", "reference": "s"}
OPEN: Final = 30.0
"""Length of an open end beyond its last known point, in pixels."""
ALT: Final = 600
KEYS: Final = {
    "bar": {"printed": "Filled", "computed": "striped", "reference": "outlined"},
    "dot": {"printed": "Dots", "computed": "diamonds", "reference": "squares"},
}
MEANING: Final = {
    "printed": "as printed",
    "computed": "computed from printed figures",
    "reference": "from other sources",
}


class Chart(Axes):
    """Axes that display themselves as a finished chart.

    Attributes
    ----------
    alt
        What the chart shows, in at most 600 characters, computed from the table.
    frame
        The table it was drawn from.
    """

    alt: str = ""
    frame: pd.DataFrame
    pixel: float = 1.0
    """How much of the value axis one CSS pixel is."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in CSS pixels; the picture has twice as many."""
        width, height = self._sheet().get_size_inches() * 72
        return round(width), round(height)

    def png(self) -> bytes:
        """The picture: 64 colours, no metadata, the same bytes every time."""
        from PIL import Image

        with house():
            canvas = FigureCanvasAgg(self._sheet())
            canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        image = Image.fromarray(np.ascontiguousarray(pixels)).quantize(
            64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True, dpi=(144, 144))
        return out.getvalue()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file."""
        Path(path).write_bytes(self.png())

    def _sheet(self) -> Figure:
        figure = self.get_figure(root=True)
        assert figure is not None
        return figure

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        width, height = self.size
        data = {"image/png": self.png(), "text/plain": self.alt}
        return data, {"image/png": {"width": width, "height": height}}


@contextmanager
def house() -> Iterator[None]:
    """Draw in the house style, whatever the reader's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc_file(STYLE, use_default_template=False)
        yield


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    value: float
    lower: float
    upper: float
    origin: str
    series: str
    highlight: bool
    text: str

    @property
    def colour(self) -> str:
        return ACCENT if self.highlight else SERIES.get(self.series, GREY)

    @property
    def weight(self) -> str:
        return "bold" if self.highlight else "normal"

    @property
    def known(self) -> list[float]:
        """Its finite points, the value first."""
        return [v for v in (self.value, self.lower, self.upper) if math.isfinite(v)]

    @property
    def down(self) -> bool:
        return bool(self.known) and self.known[0] < 0

    def room(self, before: float, after: float) -> list[_End]:
        """What must fit on the value axis, with pixels before and after for ends and texts."""
        ends = [(v, 0.0, 0.0) for v in self.known] or [(0.0, 0.0, 0.0)]
        low, high = min(ends)[0], max(ends)[0]
        before += OPEN if math.isinf(self.lower) else 0.0
        after += OPEN if math.isinf(self.upper) else 0.0
        return [*ends, (low, before, 0.0), (high, 0.0, after)]


_End = tuple[float, float, float]


def bars(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
    dots: bool = False,
) -> Chart:
    """Horizontal bars from zero, or dots on a free scale, a row each, in the table's order.

    A ``reference`` row with the label of another row is drawn as a square beside it.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Exports", "Imports"], "value": [26.99e12, 18.48e12],
    ...     "lower": [26.985e12, 18.475e12], "upper": [26.995e12, 18.485e12],
    ...     "origin": "printed", "highlight": [True, False]})
    >>> bars(table, title="Exports lead", measure="Trade of 2025", unit="CNY",
    ...     source="customs").alt
    'Bar chart: Exports lead. Trade of 2025, trillion yuan: Exports 26.99, Imports 18.48.'
    """
    scale, rows = _rows(table, unit, "label", signed)
    own = {row.label: row for row in reversed(rows) if row.origin != "reference"}
    main = [row for row in rows if row.origin != "reference" or row.label not in own]
    beside = [row for row in rows if row.origin == "reference" and row.label in own]
    with house():
        ends = [(0.0, 0.0, 0.0)] * (not dots)
        for row in main:
            room = _extent(row.text, TEXT, row.weight) + 10
            ends += row.room(room if row.down else 8, 8 if row.down else room)
        for row in beside:
            ends += row.room(8, 8)
        keys = _keys("dot" if dots else "bar", rows)
        chart = _lanes(table, title, f"{measure}, {scale.words}", main, ends, keys, source)
        for at, row in enumerate(main):
            if dots:
                _dots(chart, [row.value], [at], row)
            else:
                _bar(chart, row, (0.0, at - 0.31), row.value, 0.62)
            _whisker(chart, at, row)
            _tag(chart, row, at)
        for row in beside:
            at = [other.label for other in main].index(row.label)
            _whisker(chart, at + 0.31, row)
            _dots(chart, [row.value], [at + 0.31], row)
        if not dots:
            chart.axvline(0, color=INK, linewidth=1, zorder=4)
        chart.alt = _alt("Dot" if dots else "Bar", title, f"{measure}, {scale.words}", rows)
    return chart


def bridge(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
) -> Chart:
    """A bridge from the first row's total to the last row's by the contributions between.

    Where the contributions are small beside the totals, the scale does not begin at zero, and the
    totals' bars are cut to show it.

    Raises
    ------
    ValueError
        If the contributions cannot lead from the first total to the last.
    """
    scale, rows = _rows(table, unit, "label")
    first, *steps, last = rows
    _, signed = _rows(table, unit, "label", signed=True)
    reach = [first.lower + sum(r.lower for r in steps), first.upper + sum(r.upper for r in steps)]
    if not (reach[0] <= last.upper and last.lower <= reach[1]):
        raise ValueError(
            f"the contributions lead from {first.label} to {scale.write(*reach)}, "
            f"but {last.label} is {last.text}"
        )
    starts = list(np.cumsum([first.value, *(row.value for row in steps)]))
    cut = sum(abs(row.value) for row in steps) < first.value / 4
    drawn: list[tuple[_Row, float]] = [(first, 0.0)]
    drawn += [(row, start) for row, start in zip(signed[1:-1], starts, strict=False)]
    drawn += [(last, 0.0)]
    with house():
        ends = [] if cut else [(0.0, 0.0, 0.0)]
        for row, start in drawn:
            room = _extent(row.text, TEXT, row.weight) + 10
            shifted = _shift(row, start)
            ends += shifted.room(room if row.down else 8, 8 if row.down else room)
            ends += [(start, 0.0, 0.0)] if start else []
        ends += [(min(end[0] for end in ends), 60.0, 0.0)] if cut else []
        chart = _lanes(
            table, title, f"{measure}, {scale.words}", rows, ends, _keys("bar", rows), source
        )
        edge = chart.get_xlim()[0]
        for at, (row, start) in enumerate(drawn):
            origin = start or (edge if cut else 0.0)
            shifted = _shift(row, start)
            _bar(chart, row, (origin, at - 0.31), shifted.value - origin, 0.62)
            _whisker(chart, at, shifted)
            _tag(chart, shifted, at, row.down)
            if at:
                level = starts[at - 1] if at < len(rows) - 1 else starts[-1]
                chart.plot([level, level], [at - 0.69, at - 0.31], color=MUTED, linewidth=1)
            if cut and not start:
                slant = [edge + 16 * chart.pixel, edge + 24 * chart.pixel]
                chart.plot(slant, [at + 0.36, at - 0.36], color=CARD, linewidth=5, zorder=3)
        chart.alt = _alt("Bridge", title, f"{measure}, {scale.words}", [r for r, _ in drawn])
    return chart


def columns(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
    height: int = 250,
) -> Chart:
    """Columns by ``period``, of one series or two side by side.

    Labels that do not fit are left out, the highlighted, the last and the first kept longest;
    then a scale stands at the left.
    """
    scale, rows = _rows(table, unit, "period", signed)
    names, years = _order(row.series for row in rows), sorted({int(row.label) for row in rows})
    subtitle = f"{measure}, {scale.words}"
    with house():
        ends = [(0.0, 0.0, 0.0)]
        for row in rows:
            ends += row.room(26 if row.down else 4, 4 if row.down else 26)
        limits = _fit(height, ends)
        named = _named(rows, names) if len(names) > 1 else []
        right = max((_extent(text, TEXT, row.weight) + 10 for row, text in named), default=0.0)
        inner = WIDTH - 2 * MARGIN - right
        thick = 0.74 / len(names)
        tags: list[tuple[float, _Row]] = []
        for left in (0.0, _ticks(limits, scale)[0]):
            slot = (inner - left) / (years[-1] - years[0] + 1)
            at = {
                id(r): int(r.label) + (names.index(r.series) - (len(names) - 1) / 2) * thick
                for r in rows
            }
            tags = _thin([(at[id(r)] * slot, r) for r in rows if r not in [n for n, _ in named]])
            if len(tags) + len(named) == len(rows):
                break
        full = len(tags) + len(named) == len(rows)
        chart = _sheet(table, title, subtitle, height, _keys("bar", rows), source, left, right, 24)
        chart.set(xlim=(years[0] - 0.5, years[-1] + 0.5), ylim=limits)
        chart.pixel = (limits[1] - limits[0]) / height
        _years(chart, years, slot)
        if not full:
            _grid(chart, limits, scale)
        for row in rows:
            _bar(chart, row, (at[id(row)] - thick / 2, 0.0), row.value, thick, upright=True)
            _whisker(chart, at[id(row)], row, upright=True)
        for _, row in tags:
            _tag(chart, row, at[id(row)], upright=True)
        _aside(chart, named, years[-1] + 0.5, height)
        chart.axhline(0, color=INK, linewidth=1, zorder=4)
        chart.alt = _alt("Column", title, subtitle, rows)
    return chart


def lines(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
    zero: bool = False,
    threshold: tuple[float, str] | None = None,
    height: int = 280,
) -> Chart:
    """Lines over the years, a series each, with their intervals as bands.

    Names and last values stand at the lines' ends; so does the name of a ``threshold``, a value
    and its name, that is drawn dashed.
    """
    scale, rows = _rows(table, unit, "period", signed)
    names, years = _order(row.series for row in rows), sorted({int(row.label) for row in rows})
    subtitle = f"{measure}, {scale.words}"
    with house():
        ends = [(0.0, 0.0, 0.0)] * zero
        for row in rows:
            ends += [(v, 8.0, 8.0) for v in row.known]
        if threshold:
            ends.append((threshold[0], 8.0, 8.0))
        limits = _fit(height, ends)
        named = _named(rows, names)
        if threshold:
            line = _Row(threshold[1], *[threshold[0]] * 3, "printed", "", False, "")
            named.append((line, threshold[1]))
        right = max(_extent(text, TEXT, row.weight) for row, text in named) + 12
        left = _ticks(limits, scale)[0]
        slot = (WIDTH - 2 * MARGIN - left - right) / (years[-1] - years[0] + 0.4)
        chart = _sheet(table, title, subtitle, height, _keys("dot", rows), source, left, right, 24)
        chart.set(xlim=(years[0] - 0.2, years[-1] + 0.2), ylim=limits)
        chart.pixel = (limits[1] - limits[0]) / height
        _years(chart, years, slot)
        _grid(chart, limits, scale)
        for name in names:
            own = sorted((r for r in rows if r.series == name), key=lambda r: int(r.label))
            strong = any(row.highlight for row in own)
            colour = ACCENT if strong else own[0].colour
            x = [int(row.label) for row in own]
            low, high = np.clip([[r.lower for r in own], [r.upper for r in own]], *limits)
            chart.fill_between(x, low, high, color=_tint(colour), linewidth=0, zorder=2)
            y = [row.value for row in own]
            chart.plot(x, y, color=colour, linewidth=3 if strong else 2, zorder=3, gid=name)
            for row in own:
                _dots(chart, [int(row.label)], [row.value], row, colour)
        if threshold:
            chart.axhline(threshold[0], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
        _aside(chart, named, years[-1] + 0.2, height)
        chart.alt = _alt("Line", title, subtitle, rows)
    return chart


def dumbbell(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str,
    unit: str,
    source: str,
    signed: bool = False,
) -> Chart:
    """Two periods of each label, joined: ``series`` names the period, the earlier first.

    Raises
    ------
    ValueError
        If there are not two periods, or a label does not have both.
    """
    scale, rows = _rows(table, unit, "label", signed)
    periods, labels = _order(r.series for r in rows), _order(r.label for r in rows)
    pairs = {(row.label, row.series): row for row in rows}
    if len(periods) != 2 or len(pairs) != 2 * len(labels) or len(rows) != len(pairs):
        raise ValueError(
            f"a dumbbell needs two periods of each label, found periods {', '.join(periods)} "
            f"and {len(rows)} rows of {len(labels)} labels"
        )
    subtitle = f"{measure}, {scale.words}"
    with house():
        ends: list[_End] = []
        heads: list[_Row] = []
        for label in labels:
            for row in (pairs[label, period] for period in periods):
                other = pairs[label, periods[row.series == periods[0]]]
                lower = (row.known[:1], row.series) < (other.known[:1], other.series)
                heads.append(row)
                room = _extent(row.text, TEXT, row.weight) + 12
                if label == labels[0]:
                    room = max(room, _extent(row.series, TEXT, "bold") + 4)
                ends += row.room(room if lower else 8, 8 if lower else room)
        first = [pairs[label, periods[0]] for label in labels]
        chart = _lanes(table, title, subtitle, first, ends, _keys("dot", rows), source, top=26)
        for at, label in enumerate(labels):
            old, new = (pairs[label, period] for period in periods)
            x = [old.value, new.value]
            chart.plot(x, [at, at], color=RULE, linewidth=7, zorder=1)
            for row, other in ((old, new), (new, old)):
                lower = (row.known[:1], row.series) < (other.known[:1], other.series)
                colour = GREY if row is old else (ACCENT if row.highlight else INK)
                _whisker(chart, at, row)
                _dots(chart, [row.value], [at], row, colour, 9)
                _tag(chart, row, at, lower)
                if at == 0:
                    _text(
                        chart,
                        row.series,
                        row.known[0],
                        at,
                        4 if lower else -4,
                        24,
                        "right" if lower else "left",
                        "center",
                        weight="bold",
                        colour=MUTED,
                    )
        chart.alt = _alt("Dumbbell", title, subtitle, rows)
    return chart


def _rows(
    table: pd.DataFrame, unit: str, key: str, signed: bool = False
) -> tuple[Scale, list[_Row]]:
    """Read a table; its numbers' scale, and its rows."""
    if key == "label" and "label" not in table:
        key = "period"
    missing = [n for n in (key, "value", "lower", "upper", "origin") if n not in table]
    if missing or table.empty:
        found = ", ".join(map(str, table.columns)) if len(table) else "no rows"
        raise ValueError(f"a chart needs rows with {', '.join(missing or [key])}; found {found}")
    points = table[["value", "lower", "upper"]].to_numpy(dtype=float)
    scale = Scale.of(unit, *points.ravel())
    rows = []
    for record, (value, lower, upper) in zip(table.to_dict("records"), points, strict=True):
        if record["origin"] not in MARKERS:
            raise ValueError(
                f"{record[key]}: unknown origin {record['origin']!r}, expected one of "
                f"{', '.join(MARKERS)}"
            )
        lower = value if math.isnan(lower) else lower
        upper = value if math.isnan(upper) else upper
        series = record.get("series")
        rows.append(
            _Row(
                label=str(record[key]),
                value=float(value),
                lower=float(lower),
                upper=float(upper),
                origin=record["origin"],
                series=str(series) if isinstance(series, str | int) else "",
                highlight=record.get("highlight") in (True, np.True_),
                text=scale.write(lower, upper, short=True, signed=signed),
            )
        )
    return scale, rows


def _order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _shift(row: _Row, by: float) -> _Row:
    return replace(row, value=row.value + by, lower=row.lower + by, upper=row.upper + by)


@lru_cache(maxsize=4096)
def _extent(text: str, size: float, weight: str = "normal") -> float:
    """Width of a text in CSS pixels, as it will be drawn."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(RendererAgg(8, 8, 144).get_text_width_height_descent(text, font, False)[0]) / 2


def _wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _extent(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fit(length: float, ends: Sequence[_End]) -> tuple[float, float]:
    """Limits of the value axis of that many pixels, so that all ends have their room."""
    value, before, after = np.array(ends).T
    if np.ptp(value) == 0:
        value, before, after = np.array([*ends, (value[0] + (abs(value[0]) or 1), 0.0, 0.0)]).T
    low, high = 0.0, length / float(np.ptp(value))
    for _ in range(60):
        scale = (low + high) / 2
        wanted = np.max(value * scale + after) - np.min(value * scale - before)
        low, high = (scale, high) if wanted <= length else (low, scale)
    start = float(np.min(value * low - before)) / low
    return start, start + length / low


def _sheet(
    table: pd.DataFrame,
    title: str,
    subtitle: str,
    height: float,
    keys: str,
    source: str,
    left: float = 0.0,
    right: float = 0.0,
    bottom: float = 0.0,
) -> Chart:
    """A card with title, subtitle and notes, and axes of that height between the margins."""
    width = WIDTH - 2 * MARGIN
    head = [(line, TITLE, "bold", INK, 25) for line in _wrap(title, width, TITLE, "bold")]
    head += [(line, TEXT, "normal", MUTED, 21) for line in _wrap(subtitle, width, TEXT)]
    notes = [*_wrap(keys, width, SMALL), *_wrap(f"Source: {source}", width, SMALL)]
    foot = [(line, SMALL, "normal", MUTED, 19) for line in notes]
    top = MARGIN - 2 + sum(line[-1] for line in head) + 12
    under = bottom + 12 + sum(line[-1] for line in foot) + MARGIN - 4
    tall = math.ceil(top + height + under)
    figure = Figure(figsize=(WIDTH / 72, tall / 72))
    rect = (
        (MARGIN + left) / WIDTH,
        (tall - top - height) / tall,
        (width - left - right) / WIDTH,
        height / tall,
    )
    chart = Chart(figure, rect)
    figure.add_axes(chart)
    chart.frame = table
    for start, lines_ in ((MARGIN - 2, head), (top + height + bottom + 12, foot)):
        y = float(start)
        for line, size, weight, colour, leading in lines_:
            figure.text(
                MARGIN / WIDTH,
                1 - (y + leading * 0.76) / tall,
                line,
                size=size,
                weight=weight,
                color=colour,
            )
            y += leading
    return chart


def _lanes(
    table: pd.DataFrame,
    title: str,
    subtitle: str,
    rows: list[_Row],
    ends: Sequence[_End],
    keys: str,
    source: str,
    top: float = 0.0,
) -> Chart:
    """A card with a lane for each row: its label at the left, the value axis to the right."""
    width = WIDTH - 2 * MARGIN
    texts = [_wrap(row.label, 0.36 * width, TEXT, row.weight) for row in rows]
    left = 12 + max(
        _extent(t, TEXT, r.weight) for r, ts in zip(rows, texts, strict=True) for t in ts
    )
    lane = max(34, 19 * max(map(len, texts)) + 10)
    chart = _sheet(table, title, subtitle, lane * len(rows) + top, keys, source, left)
    chart.set(
        xlim=_fit(width - left, ends),
        ylim=(len(rows) - 0.5, -0.5 - top / lane),
        xticks=[],
        yticks=[],
    )
    chart.pixel = (chart.get_xlim()[1] - chart.get_xlim()[0]) / (width - left)
    for at, (row, lines_) in enumerate(zip(rows, texts, strict=True)):
        chart.annotate(
            "\n".join(lines_),
            (0, at),
            (-left, 0),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            size=TEXT,
            weight=row.weight,
            linespacing=1.15,
            annotation_clip=False,
        )
    return chart


def _bar(
    chart: Chart,
    row: _Row,
    start: tuple[float, float],
    size: float,
    thick: float,
    upright: bool = False,
) -> None:
    """A bar whose form tells its origin."""
    if not math.isfinite(size):
        return
    face = {"printed": row.colour, "computed": CARD, "reference": CARD}[row.origin]
    chart.add_patch(
        Rectangle(
            start,
            *((thick, size) if upright else (size, thick)),
            facecolor=face,
            edgecolor=row.colour,
            linewidth=0 if row.origin == "printed" else 1.8,
            hatch="////" if row.origin == "computed" else None,
            zorder=2,
            gid=row.label,
        )
    )


def _whisker(chart: Chart, at: float, row: _Row, upright: bool = False) -> None:
    """The interval as a dark line with ends; an open side is dashed and has an arrow."""
    if not row.known or row.lower == row.upper:
        return
    low = row.lower if math.isfinite(row.lower) else min(row.known) - OPEN * chart.pixel
    high = row.upper if math.isfinite(row.upper) else max(row.known) + OPEN * chart.pixel
    open_ = math.isinf(row.lower) or math.isinf(row.upper)
    caps = [
        ("<v"[upright] if math.isinf(row.lower) else "|_"[upright], low),
        (">^"[upright] if math.isinf(row.upper) else "|_"[upright], high),
    ]
    for colour, wide, order in ((CARD, 4.5, 4.5), (INK, 1.6, 5)):
        dash = (0, (2, 1.4)) if open_ and colour == INK else "-"
        span, place = [low, high], [at, at]
        chart.plot(
            *((place, span) if upright else (span, place)),
            color=colour,
            linewidth=wide,
            linestyle=dash,
            zorder=order,
            gid=f"interval {row.label}" if colour == INK else "",
        )
    for marker, end in caps:
        chart.plot(
            *((at, end) if upright else (end, at)),
            marker=marker,
            color=INK,
            markersize=7,
            markeredgewidth=1.6 if marker in "|_" else 0,
            zorder=5,
            clip_on=False,
        )


def _dots(
    chart: Chart,
    x: Sequence[float],
    y: Sequence[float],
    row: _Row,
    colour: str = "",
    size: float = 8,
) -> None:
    """A marker whose form tells its origin."""
    colour = colour or (ACCENT if row.highlight else MUTED)
    chart.plot(
        x,
        y,
        MARKERS[row.origin],
        markersize=size - (row.origin != "printed"),
        markerfacecolor=colour if row.origin == "printed" else CARD,
        zorder=6,
        markeredgecolor=colour,
        markeredgewidth=1.8,
        gid=row.label,
        clip_on=False,
    )


def _text(
    chart: Chart,
    text: str,
    x: float,
    y: float,
    dx: float,
    dy: float,
    ha: str,
    va: str,
    weight: str = "normal",
    colour: str = INK,
) -> None:
    chart.annotate(
        text,
        (x, y),
        (dx, dy),
        "data",
        "offset points",
        ha=ha,
        va=va,
        size=TEXT,
        weight=weight,
        color=colour,
        annotation_clip=False,
        zorder=7,
    )


def _tag(
    chart: Chart, row: _Row, at: float, down: bool | None = None, upright: bool = False
) -> None:
    """The value's label, beyond the end of bar and interval."""
    down = row.down if down is None else down
    points = row.known or [0.0]
    end = min(points) if down else max(points)
    away = 7 + (OPEN if math.isinf(row.lower if down else row.upper) else 0)
    if upright:
        _text(
            chart,
            row.text,
            at,
            end,
            0,
            -away if down else away,
            "center",
            "top" if down else "bottom",
            row.weight,
        )
    else:
        _text(
            chart,
            row.text,
            end,
            at,
            -away if down else away,
            0,
            "right" if down else "left",
            "center",
            row.weight,
        )


def _thin(tags: list[tuple[float, _Row]]) -> list[tuple[float, _Row]]:
    """Leave out labels until none touch: highlighted, last and first go before the others."""
    wanted = (
        [*reversed([t for t in tags if t[1].highlight]), tags[-1], tags[0], *reversed(tags)]
        if tags
        else []
    )
    kept: list[tuple[float, _Row]] = []
    for x, row in wanted:
        half = _extent(row.text, TEXT, row.weight) / 2 + 3
        near = [abs(x - y) < half + _extent(r.text, TEXT, r.weight) / 2 + 3 for y, r in kept]
        if not any(near):
            kept.append((x, row))
    return kept


def _named(rows: list[_Row], names: list[str]) -> list[tuple[_Row, str]]:
    """The last known row of each series, with the text for its end."""
    last = {row.series: row for row in sorted(rows, key=lambda r: int(r.label)) if row.known}
    return [(last[name], f"{name} {last[name].text}".strip()) for name in names if name in last]


def _aside(chart: Chart, named: list[tuple[_Row, str]], x: float, height: float) -> None:
    """Names at the right of their lines' ends, moved apart until they do not touch."""
    order = sorted(named, key=lambda pair: pair[0].known[0])
    floor = chart.get_ylim()[0]
    ys = [(row.known[0] - floor) / chart.pixel for row, _ in order]
    for _ in range(200):
        for i in range(len(ys) - 1):
            if (gap := 20 - (ys[i + 1] - ys[i])) > 0:
                ys[i], ys[i + 1] = ys[i] - gap / 2, ys[i + 1] + gap / 2
        if ys:
            ys[0], ys[-1] = max(ys[0], 8), min(ys[-1], height - 8)
    for (row, text), y in zip(order, ys, strict=True):
        _text(
            chart,
            text,
            x,
            floor + y * chart.pixel,
            8,
            0,
            "left",
            "center",
            row.weight,
            ACCENT if row.highlight else INK,
        )


def _ticks(limits: tuple[float, float], scale: Scale) -> tuple[float, list[tuple[float, str]]]:
    values = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits)
    ticks = [(v, scale.write(v, v, short=True)) for v in values if limits[0] <= v <= limits[1]]
    return max(_extent(text, SMALL) for _, text in ticks) + 8, ticks


def _grid(chart: Chart, limits: tuple[float, float], scale: Scale) -> None:
    places, texts = zip(*_ticks(limits, scale)[1], strict=True)
    chart.set_yticks(places, texts)
    chart.grid(axis="y")


def _years(chart: Chart, years: list[int], slot: float) -> None:
    """Years below, in full where they fit, else their last two digits, else every other."""
    full, short = _extent("2024", SMALL) + 8, _extent("’24", SMALL) + 6
    every = 1 if slot >= short else math.ceil(short / slot)
    shown = [year for year in years if (years[-1] - year) % every == 0]
    texts = [str(y) if slot * every >= full else f"’{y % 100:02d}" for y in shown]
    chart.set_xticks(shown, texts)
    chart.set_yticks([])


def _tint(colour: str) -> tuple[float, float, float]:
    one, two = (np.array(mpl.colors.to_rgb(c)) for c in (colour, CARD))
    r, g, b = 0.25 * one + 0.75 * two
    return float(r), float(g), float(b)


def _keys(form: str, rows: Sequence[_Row]) -> str:
    """One line that says how to read the forms that are there."""
    origins = [origin for origin in MARKERS if any(r.origin == origin for r in rows)]
    parts = []
    if origins != ["printed"]:
        parts.append(", ".join(f"{KEYS[form][o]}: {MEANING[o]}" for o in origins))
    if any(row.lower < row.upper for row in rows):
        parts.append("dark lines: the range the words leave" if form == "bar" else "lines: range")
    if any(math.isinf(row.lower) or math.isinf(row.upper) for row in rows):
        parts.append("arrows: open end")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "." if text else ""


def _alt(form: str, title: str, subtitle: str, rows: Sequence[_Row]) -> str:
    """Title, measure and values: all, or the telling ones, in the table's order."""
    items = []
    for row in rows:
        name = f"{row.series} {row.label}".strip()
        text = row.text.replace("≥", "at least").replace("≤", "at most").replace("–", " to ")
        items.append(f"{name} {text}" + (f" ({row.origin})" if row.origin != "printed" else ""))
    head = f"{form} chart: {title}. {subtitle}: "
    sized = sorted((i for i in range(len(rows)) if rows[i].known), key=lambda i: rows[i].known[0])
    marked = [i for i in range(len(rows)) if rows[i].highlight]
    chosen: list[int] = []
    for i in dict.fromkeys([*marked, *sized[-1:], *sized[:1], 0, len(rows) - 1, *range(len(rows))]):
        if len(head) + sum(len(items[j]) + 2 for j in [*chosen, i]) <= ALT - 20:
            chosen.append(i)
    more = f", and {len(rows) - len(chosen)} more" if len(chosen) < len(rows) else ""
    return head + ", ".join(items[i] for i in sorted(chosen)) + more + "."
