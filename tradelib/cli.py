"""The command line: a command gives a table, and one writer prints it in the form asked for.

The exit status is 0; 1 where `verify` finds a difference, `check` a problem or a strict `audit` a
contradiction; or 2 where something could not be read or written, which is told in one sentence.
Files that can be read are processed all the same.
"""

from __future__ import annotations

import csv
import io
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.auditing import audit
from tradelib.check import check, expected_figures, verify
from tradelib.drafting import check_article, draft
from tradelib.ledger import data_folder
from tradelib.output import FORMATS, Form, blocks_text, columns_text, lines_text, write
from tradelib.wording import scan

FAILED: Final = 2
FIELDS: Final = "source start end surface kind value lower upper unit hedge".split()  # noqa: SIM905
OPTIONS: Final[list[dict[str, str]]] = [
    *csv.DictReader(Path(__file__).with_name("options.csv").read_text("utf-8").splitlines())
]
"""Which commands take an argument or option, and its settings."""
Result = tuple[pd.DataFrame, Form, int]
"""A table; the form in which it reads best; the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    >>> main(["scan", "no-such-file.txt"])
    2
    """
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
    return FAILED


def _parser() -> ArgumentParser:
    parser = ArgumentParser("tradelib", description="Figures of trade news, as intervals.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for run, example in COMMANDS.items():
        name, about = run.__name__.removeprefix("_"), str(run.__doc__)
        example = f"example: tradelib {name} {example}"
        command = commands.add_parser(name, help=about, description=about, epilog=example)
        command.register("type", "int", int)
        command.set_defaults(run=run)
        for row in OPTIONS:
            settings: dict[str, Any] = {key: cell for key, cell in row.items() if cell}
            if name in settings.pop("commands").split():
                command.add_argument(settings.pop("option"), **settings)
        command.add_argument("--format", choices=[*FORMATS], help="default: what reads best")
        command.add_argument("--output", metavar="FILE", help="write here, not to standard output")
    return parser


def each(files: list[str], work: Callable[[Any], Any], *, raw: bool = False) -> tuple[Any, int]:
    """Give, file by file, its name and what ``work`` makes of its text or ``raw`` bytes; a status.

    What cannot be read is told; where nothing can, that is a ValueError. On a terminal a line that
    is wiped at the end says which of several files is read.
    """
    results, problems = [], []
    for number, name in enumerate(files, 1):
        _show(f"{number}/{len(files)} {name[:60]}" if len(files) > 1 else "")
        try:
            content = _content(name)
            results.append((name, work(content if raw else content.decode("utf-8-sig"))))
        except (OSError, ValueError) as error:
            problems.append(f"{name}: {getattr(error, 'strerror', None) or error}")
    _show("")
    if not results:
        raise ValueError("\n".join(problems))
    return results, tell(*problems) if problems else 0


def _show(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def _content(name: str) -> bytes:
    if name == "-" and sys.stdin is None:
        raise ValueError("standard input is closed")
    content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    if b"\0" in content:
        raise ValueError(f"byte {content.index(0)} is zero, expected UTF-8 text")
    return content


def _scan(files: list[str]) -> Result:
    """List the figures of texts."""
    found, status = each(files, scan)
    rows = [mention._asdict() | {"source": name} for name, some in found for mention in some]
    return pd.DataFrame(rows, columns=FIELDS), columns_text, status


def _draft(files: list[str], expected: bool, **about: Any) -> Result:
    """Draft an article's rows of figures.csv, guesses named in the column check."""
    ((_, table),), status = each(files, partial(draft, **about))
    return expected_figures(table) if expected else table, FORMATS["raw"], status


def _verify(files: list[str], folder: str | None) -> Result:
    """Hold articles' texts against the ledger."""
    held, status = each(files, partial(verify, folder=folder), raw=True)
    rows = []
    for name, (article, differences) in held:
        verdict = f"{'differs from' if differences else 'agrees with'} article {article}"
        rows += [(name, told) for told in (verdict, *differences)]
    table = pd.DataFrame(rows, columns=("source", "told"))
    return table, lines_text, status or len(rows) > len(held)


def _check(files: list[str], texts: str | None, expected: str | None, **about: Any) -> Result:
    """Check the tables, all of them at once, or articles' texts, nothing typed."""
    if files:
        return _check_articles(files, **about)
    if problems := check(about["folder"], texts=texts, expected=expected):
        return pd.DataFrame({"told": problems}), lines_text, 1
    found = audit(True, folder=about["folder"])
    found = found[found["verdict"] == "contradicts"]
    more = ". What the audit contradicts, labels corrected:" if len(found) else "."
    told = [f"The tables are as they should be{more}", *found["evidence"]]
    return pd.DataFrame({"told": told}), lines_text, 0


def _check_articles(files: list[str], **about: Any) -> Result:
    checked, status = each(files, partial(check_article, **about))
    for name, table in checked:
        known = table.attrs
        drafted = f"{known['drafted']} figures drafted, {known['guessed']} with a guessed label"
        tell(f"{name}: {drafted}; findings: {len(table)}")
        tell(*(f"{name}: left out is {row}" for row in known["left out"]))
    found = pd.concat([table.assign(source=name) for name, table in checked])
    return found, blocks_text, status or "contradicts" in set(found["verdict"])


def _audit(folder: str | None, corrected: bool, reference: bool, all: bool, strict: bool) -> Result:
    """Check whether the figures of the ledger hold together."""
    found = audit(corrected, reference=reference, checks=all, folder=folder)
    left = audit(True, reference=reference, folder=folder) if strict else found[:0]
    return found, blocks_text, "contradicts" in set(left["verdict"])


COMMANDS: Final[dict[Callable[..., Result], str]] = {
    _scan: "news.txt --format csv",
    _draft: "new.txt --article surplus-2026",
    _verify: "article.txt",
    _check: "new.txt --year 2026",
    _audit: "--all --format md",
}
"""What a command runs, and an example."""
