"""A table in all forms of the command line, and a file written whole or not at all.

Cells come from articles and tables that others wrote: none becomes a spreadsheet's formula,
Markdown's markup or a terminal's command.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

FORMULA: Final = r"^([=+\-@\t\r\n])"
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection")."""
MARKUP: Final = r"([\\`*_\[\]<>|~&])"
Form = Callable[[pd.DataFrame], str]


def csv_text(table: pd.DataFrame, *, raw: bool = False) -> str:
    """Write CSV, an apostrophe before a text like a formula; ``raw`` is for `tradelib` to load."""
    cells = table.astype(object).map(_joined)
    harmless = cells if raw else cells.replace(FORMULA, r"'\1", regex=True)
    return harmless.to_csv(index=False, lineterminator="\n")


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
        about = [row[name] for name in ("kind", "rule", "article") if row.get(name)]
        lines = [f"{row['verdict'].upper()} ({', '.join(about)})"]
        lines += [row[name] for name in ("evidence", "explanation") if name in row]
        others = [name for name in ("suggestion", "figures", "guessed", "source") if row.get(name)]
        lines += [f"{name}: {row[name]}" for name in others]
        blocks.append("\n  ".join(lines) + "\n")
    return "\n".join(blocks)


def markdown_text(table: pd.DataFrame) -> str:
    """Write a Markdown table; every sign that could be markup is escaped."""
    cells = table.map(_shown).replace(MARKUP, r"\\\1", regex=True)
    lines = [[*map(str, table)], ["---"] * len(table.columns), *cells.to_numpy().tolist()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


FORMATS: Final[dict[str, Form]] = {
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
    try:
        if output is None:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.flush()
        else:
            _replace(Path(os.path.realpath(output)), text, inputs)
    except OSError as error:
        if output is None:  # what is left is dropped, lest Python complain of it at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whose reader, such as `head`, has seen enough
            told = error.strerror or error
            raise ValueError(f"cannot write {output or 'standard output'}: {told}") from None


def _replace(path: Path, text: str, inputs: Iterable[str | Path]) -> None:
    if os.path.lexists(path) and not (path.is_file() and os.access(path, os.W_OK)):
        found = "it is a folder, a device, a pipe or read-only"
        raise OSError(f"{found}, expected a file or a new name")
    read = [Path("/dev/stdin" if name == "-" else name) for name in inputs]
    if path.exists() and any(name.exists() and name.samefile(path) for name in read):
        raise OSError("it is read by the same command, expected another name")
    with tempfile.TemporaryDirectory(prefix=".tradelib-", dir=path.parent) as folder:
        draft = Path(folder) / "draft"
        draft.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)


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
