"""Tables as plain, semantic HTML, with a DataFrame underneath.

`show` gives a `Table` that displays itself: ``text/html`` with caption, scoped headers and aligned
numbers, and ``text/plain``, the same cells in columns. Units stand once, in the header.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from numbers import Real
from os import PathLike
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from tradelib.prose import Shown
from tradelib.quantity import Interval
from tradelib.scale import MINUS, Scale, deflated


@dataclass(frozen=True, repr=False)
class Table(Shown):
    """A table that displays itself; ``.frame`` is its DataFrame as it came, to compute with."""

    frame: pd.DataFrame

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Save the DataFrame underneath, unrounded, without its index if that only counts."""
        self.frame.to_csv(path, index=not _counts(self.frame))


def show(
    frame: pd.DataFrame, *, caption: str, units: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None, note: str = "",
) -> Table:  # fmt: skip
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Columns ``value``, ``lower`` and ``upper`` become one named ``value``; so do ``x_lower`` and
    ``x_upper``, named ``x``. A cell may be an `Interval`.

    Numbers of a column that has a unit by its name in ``units`` (see `tradelib.scale`) are in
    single units; others are written as they are. Headings are the ``names`` of columns, or without
    one the column's own, with spaces for underscores. The ``note`` is a line below the table. An
    empty table is a ValueError, and so are units or names of a column that is not there.

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
    note = " ".join(filter(None, [note, *dict.fromkeys(map(deflated, units.values()))]))
    html, plain = list[list[str]](), list[list[str]]()  # the cells by column
    for name, cells in columns.items():
        if name in units:
            cells = [
                Interval(float(c), float(c)) if isinstance(c, Real) and c == c else c for c in cells
            ]
        ends = [end for c in cells if isinstance(c, Interval) for end in (c.lower, c.upper)]
        scale = Scale.of(units.get(name, "multiple"), *ends)
        heading = names.get(name, name.replace("_", " "))
        heading = heading[:1].upper() + heading[1:] + f" ({scale.words})" * (name in units)
        texts = [heading, *(_cell(cell, scale) for cell in cells)]
        # The first column heads the rows.
        number = bool(html) and (bool(ends) or is_numeric_dtype(pd.Series(cells)))
        kind = ' class="tl-n"' if number else ""
        tags = ['th scope="col"', *["td" if html else 'th scope="row"'] * len(cells)]
        html.append([f"<{t}{kind}>{escape(c)}</{t[:2]}>" for t, c in zip(tags, texts, strict=True)])
        width = max(map(len, texts))
        plain.append([text.rjust(width) if number else text.ljust(width) for text in texts])
    lines = ["  ".join(row).rstrip() for row in zip(*plain, strict=True)]
    head, *body = (f"<tr>{''.join(row)}</tr>" for row in zip(*html, strict=True))
    title, rows, below = escape(caption), "\n".join(body), f"<p>{escape(note)}</p>" * bool(note)
    page = (
        '<div class="tl-table mathjax_ignore tex2jax_ignore" tabindex="0" role="region" '
        f'aria-label="{title}"><table>\n<caption>{title}</caption>\n<thead>{head}</thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>{below}</div>"
    )
    return Table("\n".join([caption, *lines, *[note] * bool(note)]), page, frame)


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The columns to write, in their order, with pairs of bounds made intervals."""
    columns: dict[str, list[Any]] = {}
    for column in frame.columns:
        stem = re.sub("(^|_)(lower|upper)$", "", str(column)) or "value"
        ends = ["lower", "upper"] if stem == "value" else [f"{stem}_lower", f"{stem}_upper"]
        if {*ends} <= {*frame.columns}:
            pairs = zip(*(frame[end] for end in ends), strict=True)
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
