"""The command line: ``tradelib scan FILE…`` and its kin.

Each subcommand is one function that registers itself with the parser (`COMMANDS`) and one that
runs and gives the exit status: 0, or 2 where a file could not be read or written. Files that can
be read are processed all the same, and output is written whole or not at all.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tradelib.wording import Mention

FAILED: Final = 2
FIELDS: Final = (
    "source", "start", "end", "surface", "kind", "value", "lower", "upper", "unit", "hedge",
)  # fmt: skip
STDIN: Final = "-"

Subparsers = Any  # argparse keeps the type of its subparsers private


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    Examples
    --------
    >>> main(["scan", "no-such-file.txt"])
    2
    """
    parser = argparse.ArgumentParser(
        prog="tradelib", description="Figures of trade news, as intervals."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for register in COMMANDS:
        register(commands)
    arguments = parser.parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def complain(sentence: str) -> None:
    """Say on standard error, in one sentence, what went wrong."""
    print(f"tradelib: {sentence}", file=sys.stderr)


def read_text(name: str) -> str:
    """Read a UTF-8 text, with or without BOM, from a file or, for ``-``, standard input.

    Raises
    ------
    OSError
        If the file is missing, a directory, or not to be read.
    ValueError
        If its bytes are no UTF-8 text; the message names the file and the byte.
    """
    content = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    if b"\0" in content:
        raise ValueError(f"{name} is no text: byte {content.index(0)} is zero")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{name} is no UTF-8 text: cannot decode byte {error.start}"
            f" (0x{content[error.start]:02x})"
        ) from None


def _register_scan(commands: Subparsers) -> None:
    scan = commands.add_parser(
        "scan", help="list the figures of texts", description="List the figures of texts."
    )
    scan.add_argument("files", nargs="+", metavar="FILE", help="UTF-8 text; - for standard input")
    scan.add_argument("--format", choices=list(FORMATS), default="table", help="default: table")
    scan.add_argument("--output", metavar="FILE", help="write here instead of standard output")
    scan.set_defaults(run=_scan)


def _scan(arguments: argparse.Namespace) -> int:
    from tradelib.wording import scan

    rows: list[dict[str, Any]] = []
    status, files = 0, arguments.files
    bar = len(files) > 1 and sys.stderr.isatty()
    for done, name in enumerate(files):
        if bar:
            _progress(done, len(files), name)
        try:
            text = read_text(name)
        except (OSError, ValueError) as error:
            reason = f"{name}: {error.strerror}" if isinstance(error, OSError) else str(error)
            complain(f"cannot read {reason}" if isinstance(error, OSError) else reason)
            status = FAILED
            continue
        rows += [_row(name, mention) for mention in scan(text)]
    if bar:
        _progress(len(files), len(files), "")
    return max(status, _deliver(FORMATS[arguments.format](rows), arguments.output))


def _row(source: str, mention: Mention) -> dict[str, Any]:
    return {"source": source} | {field: getattr(mention, field) for field in FIELDS[1:]}


def _progress(done: int, files: int, name: str) -> None:
    """Draw the bar on the terminal's line; wipe it at the end."""
    width = 24
    full = width * done // files
    line = f"[{'#' * full}{'.' * (width - full)}] {done}/{files} {name[:40]}"
    print(f"\r\x1b[K{line if done < files else ''}", end="", file=sys.stderr, flush=True)


def _table(rows: list[dict[str, Any]]) -> str:
    head = [field for field in FIELDS if field != "end"]
    lines = [head] + [
        [f"{row[f]:.10g}" if isinstance(row[f], float) else str(row[f]) for f in head]
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    numbers = {head.index(field) for field in ("start", "value", "lower", "upper")}
    return "".join(
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _jsonl(rows: list[dict[str, Any]]) -> str:
    def finite(value: Any) -> Any:
        return None if isinstance(value, float) and math.isinf(value) else value

    clean = ({field: finite(value) for field, value in row.items()} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in clean)


def _deliver(content: str, output: str | None) -> int:
    """Write the whole content, or nothing: to a file by way of a temporary one beside it."""
    data = content.encode("utf-8")
    if output is None:
        sys.stdout.buffer.write(data)
        return 0
    target = Path(output)
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
            draft.write(data)
    except OSError as error:
        complain(f"cannot write {output}: {error.strerror}")
        return FAILED
    try:
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(target)
    except OSError as error:
        Path(draft.name).unlink()
        complain(f"cannot write {output}: {error.strerror}")
        return FAILED
    return 0


FORMATS: Final[dict[str, Callable[[list[dict[str, Any]]], str]]] = {
    "table": _table,
    "csv": _csv,
    "jsonl": _jsonl,
}
COMMANDS: Final[tuple[Callable[[Subparsers], None], ...]] = (_register_scan,)
"""What each subcommand adds to the parser; a new one is a function here."""
