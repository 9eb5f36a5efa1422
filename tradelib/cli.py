"""The command line: ``tradelib scan FILE…``, ``verify ARTICLE.txt`` and ``audit``.

Each subcommand has a function that runs it and gives the exit status: 0, 1 where `verify` finds a
difference or a strict `audit` a contradiction, or 2 where a file could not be read or written.
Files that can be read are processed all the same, and output is written whole or not at all.
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
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

FAILED: Final = 2
FIELDS: Final = "source start end surface kind value lower upper unit hedge".split()  # noqa: SIM905
Rows = list[dict[str, Any]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    >>> main(["scan", "no-such-file.txt"])
    2
    """
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tradelib", description="Figures of trade news, as intervals.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> Any:
        new = commands.add_parser(name, help=about, description=f"{about.capitalize()}.")
        new.set_defaults(run=run)
        return new.add_argument

    def add_output(add: Any, formats: Iterable[str]) -> None:
        add("--format", choices=list(formats), default="table", help="default: table")
        add("--output", metavar="FILE", help="write here, not to standard output")

    add = command("scan", _scan, "list the figures of texts")
    add("files", nargs="+", metavar="FILE", help="UTF-8 text; - is standard input")
    add_output(add, FORMATS)

    add = command("verify", _verify, "hold articles' texts against the ledger")
    add("files", nargs="+", metavar="ARTICLE.txt", help="UTF-8 text of an article")
    add("--article", default="", help="its slug; found by itself as a rule")
    add("--data", metavar="DIR", help="folder of the tables; the project's own")

    add = command("audit", _audit, "check whether the figures of the ledger hold together")
    add("--data", metavar="DIR", help="folder of the tables; the project's own")
    add("--corrected", action="store_true", help="labels as corrections.csv says")
    either = argparse.BooleanOptionalAction
    add("--reference", action=either, default=True, help="whether others' figures count; they do")
    add_output(add, AUDIT_FORMATS)
    strict = "exit status 1 where a contradiction stands that corrections.csv does not answer"
    add("--strict", action="store_true", help=strict)
    return parser


def complain(sentence: str) -> int:
    """Say on standard error, in one sentence, what went wrong, and give the exit status."""
    print(f"tradelib: {sentence}", file=sys.stderr)
    return FAILED


def read(name: str) -> tuple[bytes, str]:
    """Read a file or, for ``-``, standard input: its bytes, and the text that they are in UTF-8.

    With or without BOM; what cannot be read or is no such text is a ValueError that names it.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if b"\0" in content:
            raise ValueError(f"{name} is no text: byte {content.index(0)} is zero")
        return content, content.decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"cannot read {name}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        byte = f"byte {error.start} (0x{content[error.start]:02x})"
        raise ValueError(f"{name} is no UTF-8 text: cannot decode {byte}") from None


def write_text(content: str, output: str | None) -> int:
    """Write all of a text or nothing: to a file by way of a temporary one beside it."""
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(content)
        return 0
    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=Path(output).parent, delete=False) as file:
            draft = Path(file.name)
            file.write(content.encode("utf-8"))
        draft.chmod(0o644)
        draft.replace(output)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        return complain(f"cannot write {output}: {error.strerror}")
    return 0


def _scan(arguments: argparse.Namespace) -> int:
    from tradelib.wording import scan

    rows: Rows = []
    files, failed = arguments.files, 0
    for done, name in enumerate(files):
        _progress(done, len(files), name)
        try:
            mentions = scan(read(name)[1])
        except ValueError as error:
            _progress(len(files), len(files), "")
            failed += bool(complain(str(error)))
            continue
        rows += [{f: getattr(m, f, name) for f in FIELDS} for m in mentions]
    _progress(len(files), len(files), "")
    if failed == len(files):
        return FAILED
    written = write_text(FORMATS[arguments.format](rows), arguments.output)
    return FAILED if failed else written


def _verify(arguments: argparse.Namespace) -> int:
    """Compare texts with the ledger; the status is 1 where one differs."""
    from tradelib.verify import verify

    status = 0
    for name in arguments.files:
        try:
            article, differences = verify(read(name)[0], arguments.article, arguments.data)
        except ValueError as error:
            status = complain(str(error) if name in str(error) else f"{name}: {error}")
            continue
        print(f"{name}: {'differs from' if differences else 'agrees with'} article {article}")
        print("".join(f"  {difference}\n" for difference in differences), end="")
        status = max(status, int(bool(differences)))
    return status


def _audit(arguments: argparse.Namespace) -> int:
    """Print the checks, worst first; strict, the status is 1 where corrections leave any open."""
    from tradelib.auditing import audit

    options = {"reference": arguments.reference, "folder": arguments.data}
    try:
        checks = audit(arguments.corrected, **options)
        left = checks if arguments.corrected or not arguments.strict else audit(True, **options)
    except (ValueError, KeyError) as error:
        return complain(str(error.args[0]))
    rows = [{str(k): v for k, v in row.items()} for row in checks.to_dict("records")]
    status = write_text(AUDIT_FORMATS[arguments.format](rows), arguments.output)
    stands = arguments.strict and (left["verdict"] == "contradicts").any()
    return status or int(stands)


def _audit_table(rows: Rows) -> str:
    """Write a block a check: verdict and rule, then the arithmetic and what would mend it."""
    blocks = []
    for row in rows:
        gap = "" if math.isnan(row["gap"]) else f", gap {row['gap']:.2%}"
        mend = f"  suggestion: {row['suggestion']}\n" if row["suggestion"] else ""
        figures = f"  figures: {', '.join(row['figures'])}\n"
        head = f"{row['verdict'].upper()} ({row['rule']}{gap})\n"
        blocks.append(f"{head}  {row['explanation']}\n{mend}{figures}")
    return "\n".join(blocks)


def _audit_markdown(rows: Rows) -> str:
    lines = ["| verdict | rule | gap | check | suggestion |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        gap = "" if math.isnan(row["gap"]) else f"{row['gap']:.2%}"
        cells = (row["verdict"], row["rule"], gap, row["explanation"], row["suggestion"])
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _progress(done: int, files: int, name: str) -> None:
    """Draw a bar on the terminal's line where there are several files; wipe it at the end."""
    if files > 1 and sys.stderr.isatty():
        bar = f"[{'#' * (24 * done // files):.<24}] {done}/{files} {name[:40]}"
        print(f"\r\x1b[K{bar if done < files else ''}", end="", file=sys.stderr, flush=True)


def _table(rows: Rows) -> str:
    cells = [[f"{v:.10g}" if isinstance(v, float) else str(v) for v in r.values()] for r in rows]
    lines = [list(FIELDS), *cells]
    widths = [max(len(line[column]) for line in lines) for column in range(len(FIELDS))]
    marks = [">" if field in "start end value lower upper" else "<" for field in FIELDS]
    layout = "  ".join(f"{{:{mark}{width}}}" for mark, width in zip(marks, widths, strict=True))
    return "".join(f"{layout.format(*line).rstrip()}\n" for line in lines)


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([FIELDS, *(r.values() for r in rows)])
    return out.getvalue()


def _jsonl(rows: Rows) -> str:
    """Write one object a line; JSON has no infinity, so an open bound is null, as is NaN."""
    closed = (
        {f: None if isinstance(v, float) and not math.isfinite(v) else v for f, v in r.items()}
        for r in rows
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in closed)


FORMATS: Final[dict[str, Callable[[Rows], str]]] = {"table": _table, "csv": _csv, "jsonl": _jsonl}
AUDIT_FORMATS: Final[dict[str, Callable[[Rows], str]]] = {
    "table": _audit_table, "jsonl": _jsonl, "md": _audit_markdown,
}  # fmt: skip
