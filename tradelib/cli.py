"""The command line: a command gives a table, and one writer prints it in the form asked for.

The exit status is 0; 1 where `verify` finds a difference, `check` a problem or a strict `audit` a
contradiction; or 2 where something could not be read or written, which is told in one sentence.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

from tradelib import Mention, audit, check_article, draft, scan
from tradelib.check import check, expected_figures, verify
from tradelib.ledger import data_folder

OPTIONS: Final = pd.read_csv(Path(__file__).with_name("options.csv"), keep_default_na=False)
Form = Callable[[pd.DataFrame], str]
Result = tuple[pd.DataFrame, Form, int]  # the form is what reads best, the number a status


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status."""
    sys.stderr = sys.stderr or io.StringIO()  # where it is closed
    try:
        asked = vars(_parser().parse_args(argv))
        run, form, output = (asked.pop(name) for name in ("run", "format", "output"))
        table, best, status = run(**asked)
        read = [*asked.get("files", ()), *data_folder(asked.get("folder")).iterdir()]
        write(FORMATS.get(form, best)(table), output, read)
    except KeyboardInterrupt:
        return tell("interrupted") + 128  # 130, as shells have it
    except (OSError, ValueError) as error:
        return tell(*str(error).splitlines())
    return int(status)


def tell(*lines: str) -> int:
    """Say something on standard error, a sentence a line, and give the status of a failure."""
    for line in lines:
        print(f"tradelib: {line}", file=sys.stderr)
    return 2


def _parser() -> ArgumentParser:
    parser = ArgumentParser("tradelib", description="Figures of trade news, as intervals.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for run, example in COMMANDS.items():
        name, about = run.__name__.removeprefix("_"), str(run.__doc__)
        example = f"example: tradelib {name} {example}"
        command = commands.add_parser(name, help=about, description=about, epilog=example)
        command.register("type", "int", int)
        command.set_defaults(run=run)
        for row in OPTIONS.to_dict("records"):
            settings = {str(setting): cell for setting, cell in row.items() if cell}
            if name in settings.pop("commands").split():
                command.add_argument(settings.pop("option"), **settings)
        command.add_argument("--format", choices=[*FORMATS], help="default: what reads best")
    return parser


def each(files: list[str], work: Callable[[Any], Any], *, raw: bool = False) -> tuple[Any, int]:
    """Give each file's name and what ``work`` makes of its text or ``raw`` bytes, and a status.

    What cannot be read is told, the rest is done; where nothing can, that is a ValueError.
    """
    results, problems = [], []
    for number, name in enumerate(files, 1):
        if len(files) > 1 and sys.stderr.isatty():
            print(f"{number}/{len(files)} {name}", file=sys.stderr)
        try:
            if name == "-" and sys.stdin is None:
                raise ValueError("standard input is closed")
            content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            if b"\0" in content:
                raise ValueError(f"byte {content.index(0)} is zero, expected UTF-8 text")
            results.append((name, work(content if raw else content.decode("utf-8-sig"))))
        except (OSError, ValueError) as error:
            problems.append(f"{name}: {getattr(error, 'strerror', None) or error}")
    if not results:
        raise ValueError("\n".join(problems))
    return results, tell(*problems) if problems else 0


def _scan(files: list[str]) -> Result:
    """List the figures of texts."""
    found, status = each(files, scan)
    rows = [(name, *mention[:9]) for name, mentions in found for mention in mentions]
    return pd.DataFrame(rows, columns=("source", *Mention._fields[:9])), columns_text, status


def _draft(files: list[str], expected: bool, **about: Any) -> Result:
    """Draft an article's rows of figures.csv, guesses named in the column check."""
    ((_, table),), status = each(files, partial(draft, **about))
    return expected_figures(table) if expected else table, partial(csv_text, raw=True), status


def _verify(files: list[str], folder: str | None) -> Result:
    """Hold articles' texts against the ledger."""
    held, status = each(files, partial(verify, folder=folder), raw=True)
    rows = []
    for name, (article, differences) in held:
        verdict = f"{'differs from' if differences else 'agrees with'} article {article}"
        rows += [(name, told) for told in (verdict, *differences)]
    wrong = len(rows) > len(held)
    return pd.DataFrame(rows, columns=("source", "told")), lines_text, status or wrong


def _check(files: list[str], texts: str | None, expected: str | None, **about: Any) -> Result:
    """Check the tables, all of them at once, or articles' texts, nothing typed."""
    if files:
        checked, status = each(files, partial(check_article, **about))
        for name, table in checked:
            known = table.attrs
            drafted = f"{known['drafted']} figures drafted, {known['guessed']} with a guessed label"
            tell(f"{name}: {drafted}; findings: {len(table)}")
        found = pd.concat([table.assign(source=name) for name, table in checked])
        return found, blocks_text, status or "contradicts" in set(found["verdict"])
    if problems := check(about["folder"], texts=texts, expected=expected):
        return pd.DataFrame({"told": problems}), lines_text, 1
    found = audit(True, folder=about["folder"]).query("verdict == 'contradicts'")
    more = ". What the audit contradicts, labels corrected:" if len(found) else "."
    told = [f"The tables are as they should be{more}", *dict.fromkeys(found["evidence"])]
    return pd.DataFrame({"told": told}), lines_text, 0


def _audit(folder: str | None, corrected: bool, reference: bool, all: bool, strict: bool) -> Result:
    """Check whether the figures of the ledger hold together."""
    found = audit(corrected, reference=reference, checks=all, folder=folder)
    left = audit(True, reference=reference, folder=folder) if strict else found[:0]
    return found, blocks_text, "contradicts" in set(left["verdict"])


COMMANDS: Final[dict[Callable[..., Result], str]] = {  # what a command runs, and an example
    _scan: "news.txt --format csv",
    _draft: "new.txt --article surplus-2026",
    _verify: "article.txt",
    _check: "new.txt --year 2026",
    _audit: "--all --format md",
}


def csv_text(table: pd.DataFrame, *, raw: bool = False) -> str:
    """Write CSV; ``raw`` is for `tradelib` to load, else no text is a formula (OWASP's list)."""
    cells = table.astype(object).map(_joined)
    if not raw:
        cells = cells.replace(r"^([=+\-@\t\r\n])", r"'\1", regex=True)
    return cells.to_csv(index=False, lineterminator="\n")


def jsonl_text(table: pd.DataFrame) -> str:
    """Write one object a line; JSON has no infinity, so an open bound is null, as is NaN."""
    text = table.to_json(orient="records", lines=True, force_ascii=False, double_precision=15)
    return str(text).replace("\\/", "/")  # which need no escape


def columns_text(table: pd.DataFrame) -> str:
    """Write columns of equal width, numbers to the right."""
    padded = []
    for name in table:
        cells = [str(name), *map(_shown, table[name])]
        width, numbers = max(map(len, cells)), is_numeric_dtype(table[name])
        padded.append([cell.rjust(width) if numbers else cell.ljust(width) for cell in cells])
    return "".join("  ".join(line).rstrip() + "\n" for line in zip(*padded, strict=True))


def markdown_text(table: pd.DataFrame) -> str:
    """Write a Markdown table; every sign that could be markup is escaped."""
    cells = table.map(_shown).replace(r"([\\`*_\[\]<>|~&])", r"\\\1", regex=True)
    lines = [[*map(str, table)], ["---"] * len(table.columns), *cells.to_numpy().tolist()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def lines_text(table: pd.DataFrame) -> str:
    """Write a row a line, its cells parted by colons."""
    return "".join(": ".join(row) + "\n" for row in table.map(_shown).to_numpy())


def blocks_text(table: pd.DataFrame) -> str:
    """Write a block a finding, or a check: verdict, what is found, then what else is said of it."""
    blocks = []
    for row in table.map(_shown).to_dict("records"):
        about = [row[name] for name in ("kind", "rule", "article") if row.get(name)]
        said = [row[name] for name in ("evidence", "explanation") if name in row]
        more = [name for name in ("suggestion", "figures", "guessed", "source") if row.get(name)]
        lines = [f"{row['verdict'].upper()} ({', '.join(about)})", *said]
        blocks.append("\n  ".join([*lines, *(f"{name}: {row[name]}" for name in more)]) + "\n")
    return "\n".join(blocks)


FORMATS: Final = {"table": columns_text, "csv": csv_text, "jsonl": jsonl_text, "md": markdown_text}


def _joined(cell: Any) -> Any:
    if isinstance(cell, (list, tuple)):
        return ";".join(map(str, cell))
    return "" if pd.isna(cell) else cell


def _shown(cell: Any) -> str:
    """Give a cell for the eye: ten digits, on one line, without a terminal's commands."""
    cell = _joined(cell)
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)


def write(text: str, output: str | None, inputs: Iterable[str | Path]) -> None:
    """Write all of a text or nothing: to standard output, or to a regular file or a new one.

    A file keeps its permissions; symbolic links are followed. What is neither, or one of the
    ``inputs`` (``-`` is standard input), or a full disk, is a ValueError of one sentence.
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
        raise OSError("it is a folder, a device, a pipe or read-only, expected a file")
    read = [Path("/dev/stdin" if name == "-" else name) for name in inputs]
    if path.exists() and any(name.exists() and name.samefile(path) for name in read):
        raise OSError("it is read by the same command, expected another name")
    with tempfile.TemporaryDirectory(prefix=".tradelib-", dir=path.parent) as folder:
        draft = Path(folder) / "draft"
        draft.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
