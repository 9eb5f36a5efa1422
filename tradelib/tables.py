"""Tables as plain, semantic HTML, with a DataFrame underneath.

`show` gives a `Table` that displays itself: ``text/html`` with caption, scoped headers, aligned
numbers and a folded list of where they come from, and ``text/plain``, the same cells in columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from os import PathLike
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from tradelib.estimate import Estimate
from tradelib.prose import IGNORED, Shown, folded, missing, named, noted, short
from tradelib.scale import MINUS, Scale, deflated


@dataclass(frozen=True, repr=False)
class Table(Shown):
    """A table that displays itself; ``.frame`` is its DataFrame as it came, to compute with."""

    frame: pd.DataFrame

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Save the DataFrame underneath, without its index if that only counts."""
        self.frame.to_csv(path, index=not _counts(self.frame))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as it is written."""

    heading: str
    texts: list[str]
    number: bool
    notes: list[str]


def show(
    frame: pd.DataFrame,
    *,
    caption: str,
    units: Mapping[Any, str] | None = None,
    names: Mapping[Any, str] | None = None,
    note: str = "",
) -> Table:
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Parameters
    ----------
    frame
        Columns of estimates, which are written in the unit they know: as printed, or ``about``
        where they were computed. Other cells are written as they are, missing ones as a dash.
    caption
        What the table shows.
    units
        Another unit to write a column of estimates in, by its name: ``{"adds": "points"}``.
    names
        Headings by the names of columns; without one it is the name, its underscores spaces.
    note
        A line below the table.

    Raises
    ------
    ValueError
        If the table is empty, a column has two units, or a unit or a name has no column to be of.

    Examples
    --------
    >>> from tradelib import Interval
    >>> amount = Estimate(Interval(25.4e12, 25.4e12), "CNY", "exports")
    >>> show(pd.DataFrame({"year": [2024], "exports": [amount]}), caption="Exports")
    Exports
    Year  Exports (trillion yuan)
    2024                     25.4
    """
    units, names = dict(units or {}), dict(names or {})
    table = frame if _counts(frame) else frame.reset_index()
    if table.empty:
        raise ValueError(f"the table {caption!r} is empty")
    if strange := [name for name in (*units, *names) if name not in table.columns]:
        have = ", ".join(map(str, table.columns))
        told = ", ".join(map(str, strange))
        raise ValueError(f"the table {caption!r} has no column {told}; it has {have}")
    heads = [str(head) for head in table.iloc[:, 0]]
    columns = [
        _column(name, list(table[name]), heads, units.get(name), names.get(name))
        for name in table.columns
    ]
    used = {one.unit for name in table for one in table[name] if isinstance(one, Estimate)}
    note = " ".join(filter(None, [note, *(deflated(unit) for unit in sorted(used))]))
    return Table(_plain(caption, columns, note), _html(caption, columns, note), frame)


def _column(
    name: Any, cells: list[Any], heads: list[str], unit: str | None, heading: str | None
) -> _Column:
    """Write a column: the unit of estimates in its heading, percent signs in its cells."""
    heading = heading or named(name).replace("_", " ")
    estimates = {head: c for head, c in zip(heads, cells, strict=True) if isinstance(c, Estimate)}
    if unit and not estimates:
        raise ValueError(f"the column {name!r} has no estimates to write in {unit}")
    if not estimates:
        number = is_numeric_dtype(pd.Series(cells)) and not isinstance(cells[0], bool)
        return _Column(_capital(heading), [_text(cell) for cell in cells], number, [])
    units = {one.unit: head for head, one in estimates.items()}
    if len(units) > 1:
        told = ", ".join(f"{head} in {of}" for of, head in units.items())
        raise ValueError(f"the column {name!r} has more than one unit: {told}")
    scale = Scale.of(unit or next(iter(units)), *(one.value for one in estimates.values()))
    texts = [short(c, scale) if isinstance(c, Estimate) else _text(c) for c in cells]
    notes = [noted(one, f"{head}, {heading}: {one}") for head, one in estimates.items()]
    told = "" if scale.unit == "percent" else f" ({scale.words})"
    return _Column(_capital(heading) + told, texts, True, notes)


def _plain(caption: str, columns: list[_Column], note: str) -> str:
    """The table in columns of characters."""
    set_out = []
    for column in columns:
        texts = [column.heading, *column.texts]
        width = max(map(len, texts))
        right = column.number and column is not columns[0]
        set_out.append([text.rjust(width) if right else text.ljust(width) for text in texts])
    lines = ["  ".join(row).rstrip() for row in zip(*set_out, strict=True)]
    return "\n".join(filter(None, [caption, *lines, note]))


def _html(caption: str, columns: list[_Column], note: str) -> str:
    """The table in a box that scrolls sideways, what stands below it, and its list of notes."""
    kinds = [' class="tl-n"' if c.number and c is not columns[0] else "" for c in columns]
    head = _row([f' scope="col"{kind}' for kind in kinds], [c.heading for c in columns], "th")
    body = "\n".join(
        _row(kinds, list(cells)) for cells in zip(*(c.texts for c in columns), strict=True)
    )
    title, below = escape(caption), f'<p class="tl-below">{escape(note)}</p>' if note else ""
    return (
        f'<div class="tl-table {IGNORED}" tabindex="0" role="region" aria-label="{title}"><table>\n'
        f"<caption>{title}</caption>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table></div>"
        f"{below}{folded(note for column in columns for note in column.notes)}"
    )


def _row(attributes: list[str], cells: list[str], first: str = "") -> str:
    """A row of a table; the first cell of its body heads it."""
    tags = [first or "td"] * len(cells)
    if not first:
        tags[0], attributes = "th", [' scope="row"', *attributes[1:]]
    written = (
        f"<{tag}{more}>{escape(cell)}</{tag}>"
        for tag, more, cell in zip(tags, attributes, cells, strict=True)
    )
    return f"<tr>{''.join(written)}</tr>"


def _text(cell: Any) -> str:
    if missing(cell):
        return "–"
    return f"{cell:.6g}".replace("-", MINUS) if isinstance(cell, float) else str(cell)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(frame: pd.DataFrame) -> bool:
    """Whether the index only counts the rows."""
    return isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
