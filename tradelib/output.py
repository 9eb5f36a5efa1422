"""Rows as table, CSV, JSON lines or Markdown, and a file written whole or not at all.

Cells come from articles and tables that others wrote: none becomes a spreadsheet's formula,
Markdown's markup or a terminal's command.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

Rows = Sequence[Mapping[str, Any]]


def harmless(cell: Any) -> Any:
    """Give a cell that a spreadsheet will not take for a formula.

    A text that begins like one (OWASP, "CSV injection") gets an apostrophe before it; numbers stay
    numbers.

    >>> harmless("=HYPERLINK(1)"), harmless("a=b"), harmless(-1.5)
    ("'=HYPERLINK(1)", 'a=b', -1.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r\n") else cell


def csv_text(columns: Sequence[str], rows: Rows, *, raw: bool = False) -> str:
    """Write rows as CSV; ``raw`` keeps every text as it is, for tables that `tradelib` loads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (_plain(row[column]) for column in columns)
        writer.writerow(cell if raw else harmless(cell) for cell in cells)
    return out.getvalue()


def jsonl_text(columns: Sequence[str], rows: Rows) -> str:
    """Write one object a line; JSON has no infinity, so an open bound is null, as is NaN."""
    lines = []
    for row in rows:
        cells = {column: row[column] for column in columns}
        for column, cell in cells.items():
            if _missing(cell) or cell in (math.inf, -math.inf):
                cells[column] = None
        lines.append(json.dumps(cells, ensure_ascii=False, default=_number) + "\n")
    return "".join(lines)


def table_text(columns: Sequence[str], rows: Rows) -> str:
    """Write rows in columns of equal width, numbers to the right."""
    lines = [list(columns), *([_shown(row[column]) for column in columns] for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    right = [bool(rows) and not any(isinstance(row[c], str) for row in rows) for c in columns]
    text = ""
    for cells in lines:
        padded = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(cells, widths, right, strict=True)
        )
        text += "  ".join(padded).rstrip() + "\n"
    return text


def markdown_text(columns: Sequence[str], rows: Rows) -> str:
    """Write rows as a Markdown table; every sign that could be markup is escaped."""
    markup = re.compile(r"([\\`*_\[\]<>|~&])")
    lines = [list(columns), ["---"] * len(columns)]
    lines += ([markup.sub(r"\\\1", _shown(row[column])) for column in columns] for row in rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


Form = Callable[[Sequence[str], Rows], str]
FORMATS: Final[dict[str, Form]] = {
    "table": table_text,
    "csv": csv_text,
    "jsonl": jsonl_text,
    "md": markdown_text,
}


def write(text: str, output: str | None = None, inputs: Iterable[str | Path] = ()) -> None:
    """Write all of a text or nothing: to standard output, or to a regular file or a new one.

    A file keeps its permissions, a new one gets those that the umask leaves; symbolic links are
    followed. What is neither, or is one of the ``inputs`` (``-`` is standard input), is refused.
    That, a full disk and every other reason not to write are a ValueError of one sentence.
    """
    if output is None:
        if sys.stdout is None:
            raise ValueError("cannot write: standard output is closed")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(text)
        return
    try:
        path = Path(os.path.realpath(output))
        if os.path.lexists(path):  # a link that leads round in a circle stays one
            _refuse(path, inputs)
        with tempfile.TemporaryDirectory(prefix=".tradelib-", dir=path.parent) as folder:
            draft = Path(folder) / "draft"
            draft.write_text(text, encoding="utf-8", newline="")
            if path.exists():
                shutil.copymode(path, draft)
            draft.replace(path)
    except OSError as error:
        raise ValueError(f"cannot write {output}: {error.strerror or error}") from None


def _refuse(path: Path, inputs: Iterable[str | Path]) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is a folder, a device or a pipe, expected a file or a new name")
    if not os.access(path, os.W_OK):
        raise OSError("permission denied")
    for name in inputs:
        try:
            read = os.fstat(0) if name == "-" else Path(name).stat()
        except OSError:  # it could not be read either
            continue
        if os.path.samestat(read, found):
            raise OSError("it is read by the same command, expected another name")


def _missing(cell: Any) -> bool:
    """Whether a cell is NaN or pandas' NA, the values that are not equal to themselves."""
    return type(cell).__name__ == "NAType" or (isinstance(cell, float) and math.isnan(cell))


def _plain(cell: Any) -> Any:
    """Join lists with semicolons, as the tables of ``data/`` do; write nothing for what is not."""
    if isinstance(cell, (list, tuple)):
        return ";".join(map(str, cell))
    return "" if cell is None or _missing(cell) else cell


def _shown(cell: Any) -> str:
    """Give a cell for the eye: ten digits, on one line, without control characters."""
    cell = _plain(cell)
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _number(cell: Any) -> Any:
    """Give a number of numpy as Python's own."""
    return cell.item()
