"""Tables as plain, semantic HTML: caption, scoped headers, numbers to the right, and notes."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.prose import IGNORED, Shown, folded, missing, named, short
from tradelib.scale import MINUS, Scale


class _Column(NamedTuple):
    """A column as it is written: its heading, its cells, their class, and its numbers by name."""

    title: str
    texts: list[str]
    kind: str
    numbers: list[tuple[Estimate, str]]


def show(frame: pd.DataFrame, *, caption: str) -> Shown:
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Estimates are written in the unit of their column: as printed, or ``about`` where they were
    computed; other cells as they are, missing ones as a dash. Headings are the names of columns,
    their underscores spaces. A table without rows and a column of two units are ValueErrors.

    >>> from tradelib import Interval
    >>> amount = Estimate(Interval(25.4e12, 25.4e12), "CNY", "exports")
    >>> show(pd.DataFrame({"year": [2024], "exports": [amount]}), caption="Exports")
    Exports
    Year Exports (trillion yuan)
    2024                    25.4
    """
    counts = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    table = frame if counts else frame.reset_index()
    if table.empty:
        raise ValueError(f"the table {caption!r} is empty")
    heads = [str(head) for head in table.iloc[:, 0]]
    columns = [_column(named(name).replace("_", " "), [*table[name]], heads) for name in table]
    texts = pd.DataFrame({place: column.texts for place, column in enumerate(columns)})
    plain = texts.to_string(index=False, header=[column.title for column in columns])
    return Shown(f"{caption}\n{plain}", _html(caption, columns))


def _column(heading: str, cells: list[Any], heads: list[str]) -> _Column:
    """Write a column: its heading, with the unit of estimates but for percent, and its cells."""
    estimates = [(head, c) for head, c in zip(heads, cells, strict=True) if isinstance(c, Estimate)]
    title = heading[:1].upper() + heading[1:]
    if not estimates:
        kind = ' class="tl-n"' if pd.Series(cells).dtype.kind in "iuf" else ""
        return _Column(title, [_text(cell) for cell in cells], kind, [])
    units = {one.unit: head for head, one in estimates}
    if len(units) > 1:
        told = ", ".join(f"{head} in {unit}" for unit, head in units.items())
        raise ValueError(f"the column {heading!r} has more than one unit: {told}")
    scale = Scale.of(next(iter(units)), *(one.value for _, one in estimates))
    title += "" if scale.unit == "percent" else f" ({scale.words})"
    texts = [short(cell, scale) if isinstance(cell, Estimate) else _text(cell) for cell in cells]
    numbers = [(one, f"{head}, {heading}: {one}") for head, one in estimates]
    return _Column(title, texts, ' class="tl-n"', numbers)


def _text(cell: Any) -> str:
    if missing(cell):
        return "–"
    return f"{cell:.6g}".replace("-", MINUS) if isinstance(cell, float) else str(cell)


def _html(caption: str, columns: list[_Column]) -> str:
    """The table in a box that scrolls sideways, and below it its list of notes."""
    first, *others = columns
    top = "".join(f'<th scope="col"{one.kind}>{escape(one.title)}</th>' for one in others)
    lines = [f'<thead><tr><th scope="col">{escape(first.title)}</th>{top}</tr></thead>\n<tbody>']
    for place, head in enumerate(first.texts):
        cells = "".join(f"<td{one.kind}>{escape(one.texts[place])}</td>" for one in others)
        lines.append(f'<tr><th scope="row">{escape(head)}</th>{cells}</tr>')
    title, rows = escape(caption), "\n".join(lines)
    return (
        f'<div class="tl-table {IGNORED}" tabindex="0" role="region" aria-label="{title}">'
        f"<table>\n<caption>{title}</caption>\n{rows}\n</tbody></table></div>"
        f"{folded(number for one in columns for number in one.numbers)}"
    )
