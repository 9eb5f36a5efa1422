"""Tables as plain, semantic HTML, with a DataFrame underneath.

`show` gives a `Table` that displays itself: ``text/html`` with caption, scoped headers and aligned
numbers, and ``text/plain``, the same cells in columns. Units stand once, in the header.
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


class Table:
    """A table that displays itself; ``.frame`` is its DataFrame as it came, to compute with."""

    def __init__(
        self, frame: pd.DataFrame, caption: str, note: str, columns: list[tuple[bool, list[str]]]
    ) -> None:
        self.frame, self.caption, self.note = frame, caption, note
        self._columns = columns

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Save the DataFrame underneath, unrounded, without its index if that only counts."""
        self.frame.to_csv(path, index=not _counts(self.frame))

    @property
    def html(self) -> str:
        """The table as HTML, escaped, in a box that scrolls by itself."""
        name = escape(self.caption)
        head, *body = zip(*(cells for _, cells in self._columns), strict=True)
        align = [' class="tl-n"' if number else "" for number, _ in self._columns]
        rows = [[f'<th scope="col"{a}>{escape(c)}</th>' for a, c in zip(align, head, strict=True)]]
        for cells in body:
            row = [f"<td{a}>{escape(c)}</td>" for a, c in zip(align, cells, strict=True)]
            rows.append([f'<th scope="row">{escape(cells[0])}</th>', *row[1:]])
        top, *rest = [f"<tr>{''.join(row)}</tr>" for row in rows]
        lines = "\n".join(rest)
        return (
            '<div class="tl-table mathjax_ignore tex2jax_ignore" tabindex="0" role="region" '
            f'aria-label="{name}"><table>\n<caption>{name}</caption>\n<thead>{top}</thead>\n'
            f"<tbody>\n{lines}\n</tbody></table>"
            f"{f'<p>{escape(self.note)}</p>' if self.note else ''}</div>"
        )

    def __repr__(self) -> str:
        columns = []
        for number, cells in self._columns:
            width = max(map(len, cells))
            columns.append([f"{cell:{'>' if number else '<'}{width}}" for cell in cells])
        lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join([self.caption, *lines, *([self.note] * bool(self.note))])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": f"<style>{style()}</style>{self.html}"}


def show(
    frame: pd.DataFrame,
    *,
    caption: str,
    units: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    note: str = "",
) -> Table:
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Columns ``value``, ``lower`` and ``upper`` become one named ``value``; so do ``x_lower`` and
    ``x_upper``, named ``x``. A cell may be an `Interval`.

    Parameters
    ----------
    frame
        The data, numbers in single units.
    caption, note
        What the table says, and a line below it.
    units
        The unit of a column by its name (see `tradelib.scale`); others are written as they are.
    names
        Headings by column name; without, the name with spaces for underscores.

    Raises
    ------
    ValueError
        If the table is empty, or ``units`` or ``names`` speak of a column that is not there.

    Examples
    --------
    >>> exports = pd.DataFrame({"year": [2024], "x_lower": [25.35e12], "x_upper": [25.45e12]})
    >>> show(exports, caption="Exports", units={"x": "CNY"}, names={"x": "exports"})
    Exports
    Year  Exports (trillion yuan)
    2024                     25.4
    """
    units, names = units or {}, names or {}
    columns = _columns(frame if _counts(frame) else frame.reset_index())
    if frame.empty:
        raise ValueError(f"the table {caption!r} is empty")
    if strange := sorted({*units, *names} - columns.keys()):
        have = ", ".join(columns)
        raise ValueError(f"the table {caption!r} has no column {', '.join(strange)}; it has {have}")
    written: list[tuple[bool, list[str]]] = []
    for name, cells in columns.items():
        if name in units:
            numbers = [isinstance(cell, Real) and cell == cell for cell in cells]
            cells = [Interval(c, c) if n else c for c, n in zip(cells, numbers, strict=True)]
        pairs = [cell for cell in cells if isinstance(cell, Interval)]
        ends = [end for pair in pairs for end in (pair.lower, pair.upper)]
        scale = Scale.of(units.get(name, "multiple"), *ends)
        heading = names.get(name, name.replace("_", " "))
        heading = heading[:1].upper() + heading[1:] + f" ({scale.words})" * (name in units)
        number = bool(pairs) or pd.api.types.is_numeric_dtype(pd.Series(cells))
        number &= bool(written)  # the first column heads the rows
        written.append((number, [heading, *(_cell(cell, scale) for cell in cells)]))
    return Table(frame, caption, note, written)


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The columns to write, in their order, with pairs of bounds made intervals."""
    columns: dict[str, list[Any]] = {}
    for column in frame.columns:
        stem = re.sub("^(lower|upper)$", "value", re.sub("_(lower|upper)$", "", str(column)))
        ends = ("lower", "upper") if stem == "value" else (f"{stem}_lower", f"{stem}_upper")
        if {*ends} <= {*frame.columns}:
            pairs = zip(frame[ends[0]], frame[ends[1]], strict=True)
            columns[stem] = [math.nan if a != a else Interval(a, b) for a, b in pairs]
        else:
            columns[str(column)] = list(frame[column])
    return columns


def _cell(cell: Any, scale: Scale) -> str:
    if isinstance(cell, Interval):
        # The unit stands in the header, and a dash is hard to read aloud.
        return scale.write(cell.lower, cell.upper, short=True).replace("%", "").replace("–", " to ")
    if cell is None or cell is pd.NA or cell != cell:
        return "–"
    return f"{cell:.6g}".replace("-", MINUS) if isinstance(cell, float) else str(cell)


def _counts(frame: pd.DataFrame) -> bool:
    """Whether the index only counts the rows."""
    return isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
