"""A table in all forms of the command line, and a file written whole or not at all.

Cells come from articles and tables that others wrote: none becomes a spreadsheet's formula,
Markdown's markup or a terminal's command.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_numeric_dtype


def harmless(cell: Any) -> Any:
    """Give a cell that a spreadsheet will not take for a formula.

    A text that begins like one (OWASP, "CSV injection") gets an apostrophe before it; numbers stay
    numbers.

    >>> harmless("=HYPERLINK(1)"), harmless("a=b"), harmless(-1.5)
    ("'=HYPERLINK(1)", 'a=b', -1.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r\n") else cell


def csv_text(table: pd.DataFrame, *, raw: bool = False) -> str:
    """Write CSV; ``raw`` keeps every text as it is, for tables that `tradelib` loads."""
    cells = table.astype(object).map(_joined)
    return (cells if raw else cells.map(harmless)).to_csv(index=False, lineterminator="\n")


def jsonl_text(table: pd.DataFrame) -> str:
    """Write one object a line; JSON has no infinity, so an open bound is null, as is NaN."""
    text = table.to_json(orient="records", lines=True, force_ascii=False, double_precision=15)
    return str(text).replace("\\/", "/")  # which need no escape


def columns_text(table: pd.DataFrame) -> str:
    """Write columns of equal width, numbers to the right."""
    padded = []
    for name, cells in table.map(_shown).items():
        width = max(map(len, [str(name), *cells]))
        right = is_numeric_dtype(table[name])
        padded.append([f"{cell:{'>' if right else '<'}{width}}" for cell in (str(name), *cells)])
    return "".join("  ".join(line).rstrip() + "\n" for line in zip(*padded, strict=True))


def lines_text(table: pd.DataFrame) -> str:
    """Write rows as sentences: their cells, where there is something in them, behind colons."""
    rows = table.map(_shown).to_numpy().tolist()
    return "".join(f"{': '.join(filter(None, cells))}\n" for cells in rows)


def blocks_text(table: pd.DataFrame) -> str:
    """Write a block a finding, or a check: verdict, what is found, then what else is said of it."""
    blocks = []
    for row in table.map(_shown).to_dict("records"):
        about = [row[name] for name in ("kind", "rule", "article", "beside") if row.get(name)]
        lines = [f"{row['verdict'].upper()} ({', '.join(about)})"]
        lines += [row[name] for name in ("evidence", "explanation", "finding") if name in row]
        others = [name for name in ("suggestion", "figures", "guessed", "source") if row.get(name)]
        lines += [f"{name}: {row[name]}" for name in others]
        blocks.append("\n  ".join(lines) + "\n")
    return "\n".join(blocks)


def markdown_text(table: pd.DataFrame) -> str:
    """Write a Markdown table; every sign that could be markup is escaped."""
    escaped = table.map(lambda cell: re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", _shown(cell)))
    lines = [[*map(str, table)], ["---"] * len(table.columns), *escaped.to_numpy().tolist()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


FORMATS: Final[Mapping[str, Callable[[pd.DataFrame], str]]] = {
    "table": columns_text,
    "csv": csv_text,
    "raw": partial(csv_text, raw=True),
    "jsonl": jsonl_text,
    "md": markdown_text,
}


def write(text: str, output: str | None = None, inputs: Iterable[str | Path] = ()) -> None:
    """Write all of a text or nothing: to standard output, or to a regular file or a new one.

    A file keeps its permissions, a new one gets those that the umask leaves; symbolic links are
    followed. What is neither, or is one of the ``inputs`` (``-`` is standard input), is refused.
    That, a full disk and every other reason not to write are a ValueError of one sentence.
    """
    if output is None and sys.stdout is None:
        raise ValueError("cannot write: standard output is closed")
    if output is None:
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
        if os.path.samestat(os.fstat(0) if name == "-" else Path(name).stat(), found):
            raise OSError("it is read by the same command, expected another name")


def _joined(cell: Any) -> Any:
    """Join lists with semicolons, as the tables of ``data/`` do; write nothing for what is not."""
    if isinstance(cell, (list, tuple)):
        return ";".join(map(str, cell))
    return "" if pd.isna(cell) else cell


def _shown(cell: Any) -> str:
    """Give a cell for the eye: ten digits, on one line, without control characters."""
    cell = _joined(cell)
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)
