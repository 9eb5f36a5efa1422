"""Tables as plain, semantic HTML, with a DataFrame underneath.

`show` gives a `Table` that displays itself: ``text/html`` with caption, scoped headers and aligned
numbers, and ``text/plain``, the same cells in columns. ``.frame`` is the DataFrame as it came, to
sort and to compute with; ``.to_csv(path)`` saves it. Units stand once, in the header.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from html import escape
from numbers import Real
from os import PathLike
from typing import Any

import pandas as pd

from tradelib.prose import style
from tradelib.quantity import Interval
from tradelib.scale import MINUS, Scale

Cells = list[tuple[str, bool, list[str]]]
"""Columns as written: heading, whether of numbers, cells."""


class Table:
    """A table that displays itself; made by `show`.

    Attributes
    ----------
    frame
        The DataFrame as it was given.
    caption, note
        What the table says, and what a reader should know.
    """

    def __init__(self, frame: pd.DataFrame, caption: str, note: str, columns: Cells) -> None:
        self.frame, self.caption, self.note, self._columns = frame, caption, note, columns

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Save the DataFrame underneath, unrounded, without its index if that only counts."""
        self.frame.to_csv(path, index=not _counts(self.frame))

    @property
    def html(self) -> str:
        """The table as HTML, escaped, in a box that scrolls by itself."""
        aligned = [' class="tl-n"' if number else "" for _, number, _ in self._columns]
        head = "".join(
            f'<th scope="col"{align}>{escape(name)}</th>'
            for align, (name, *_) in zip(aligned, self._columns, strict=True)
        )
        body = ""
        for first, *others in zip(*(cells for *_, cells in self._columns), strict=True):
            body += f'<tr><th scope="row">{escape(first)}</th>' + "".join(
                f"<td{align}>{escape(cell)}</td>"
                for align, cell in zip(aligned[1:], others, strict=True)
            )
            body += "</tr>\n"
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f'<div class="tl-table mathjax_ignore tex2jax_ignore" tabindex="0" role="region" '
            f'aria-label="{escape(self.caption)}"><table>\n'
            f"<caption>{escape(self.caption)}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>{note}</div>"
        )

    @property
    def plain(self) -> str:
        """The table as text, numbers set right."""
        columns = []
        for name, number, cells in self._columns:
            width = max(map(len, [name, *cells]))
            columns.append([f"{c:>{width}}" if number else f"{c:<{width}}" for c in [name, *cells]])
        lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join([self.caption, *lines, *([self.note] if self.note else [])])

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": f"<style>{style()}</style>{self.html}"}


def show(
    frame: pd.DataFrame,
    *,
    caption: str,
    units: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    note: str = "",
) -> Table:
    """Show a table.

    Columns ``value``, ``lower`` and ``upper`` become one, headed by the name of ``value``; so do
    ``x``, ``x_lower`` and ``x_upper`` (``x`` itself may be missing). A cell may be an `Interval`.
    An index that only counts is left out; the first column heads the rows.

    Parameters
    ----------
    frame
        The data, numbers in single units.
    caption
        What the table says.
    units
        The unit of a column by its name (see `tradelib.scale`); others are written as they are.
    names
        Headings by column name; without, the name with spaces for underscores.
    note
        A line below.

    Raises
    ------
    ValueError
        If the table is empty, or ``units`` or ``names`` speak of a column that is not there.

    Examples
    --------
    >>> exports = pd.DataFrame({"year": [2024], "exports_lower": [25.35e12],
    ...     "exports_upper": [25.45e12]})
    >>> show(exports, caption="Exports", units={"exports": "CNY"})
    Exports
    Year  Exports (trillion yuan)
    2024                     25.4
    """
    units, names = units or {}, names or {}
    wide = frame if _counts(frame) else frame.reset_index()
    columns = _columns(wide)
    if wide.empty:
        raise ValueError(f"the table {caption!r} is empty")
    if strange := sorted({*units, *names} - columns.keys()):
        raise ValueError(
            f"the table {caption!r} has no column {', '.join(strange)}; it has {', '.join(columns)}"
        )
    written: Cells = []
    for place, (name, cells) in enumerate(columns.items()):
        heading = names.get(name, name.replace("_", " "))
        heading = heading[:1].upper() + heading[1:]
        bounds = [_bounds(cell) for cell in cells] if name in units else cells
        pairs = [cell for cell in bounds if isinstance(cell, Interval)]
        scale = Scale.of(
            units.get(name, "multiple"), *(e for p in pairs for e in (p.lower, p.upper))
        )
        if name in units:
            heading += f" ({scale.words})"
        number = place > 0 and (bool(pairs) or pd.api.types.is_numeric_dtype(pd.Series(cells)))
        written.append((heading, number, [_cell(cell, scale) for cell in bounds]))
    return Table(frame, caption, note, written)


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The columns to write, in their order, with pairs of bounds made intervals."""
    columns: dict[str, list[Any]] = {}
    for name in map(str, frame.columns):
        stem = "value" if name in ("lower", "upper") else re.sub("_(lower|upper)$", "", name)
        ends = ("lower", "upper") if stem == "value" else (f"{stem}_lower", f"{stem}_upper")
        if {*ends} <= {*frame.columns}:
            pairs = zip(frame[ends[0]], frame[ends[1]], strict=True)
            columns[stem] = [math.nan if a != a else Interval(a, b) for a, b in pairs]
        else:
            columns[name] = list(frame[name])
    return columns


def _bounds(cell: object) -> object:
    number = isinstance(cell, Real) and not isinstance(cell, bool) and cell == cell
    return Interval(float(cell), float(cell)) if number and isinstance(cell, Real) else cell


def _cell(cell: object, scale: Scale) -> str:
    if isinstance(cell, Interval):
        # The unit stands in the header, and a dash beside a minus sign misleads.
        return scale.write(cell.lower, cell.upper, short=True).replace("%", "").replace("–", " to ")
    if cell is None or cell is pd.NA or cell != cell:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.6g}".replace("-", MINUS)
    return str(cell)


def _counts(frame: pd.DataFrame) -> bool:
    """Whether the index only counts the rows."""
    return isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
