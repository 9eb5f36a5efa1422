"""The command line: a command gives a table, and one writer prints it in the form asked for.

The exit status is 0; 1 where `verify` finds a difference, `check` a problem or a strict `audit` a
contradiction; or 2 where something could not be read or written, which is told in one sentence.
Files that can be read are processed all the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd

from tradelib.auditing import audit
from tradelib.check import check, expected_figures
from tradelib.drafting import check_article, draft
from tradelib.ledger import data_folder
from tradelib.output import FORMATS, blocks_text, columns_text, lines_text, write
from tradelib.verify import verify
from tradelib.wording import scan

FAILED: Final = 2
FIELDS: Final = "source start end surface kind value lower upper unit hedge".split()  # noqa: SIM905
ABOUT: Final = ("article", "reporter", "year", "published", "folder")
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--article": {"default": "new", "help": "its slug, as in articles.csv"},
    "--reporter": {"default": "China", "help": "whose trade it reports; default: China"},
    "--year": {"type": int, "help": "that it reports on; default: the article's own"},
    "--published": {"help": "as 2026-01 or 2026-01-14; default: early in the year after"},
    "--expected": {"action": "store_true", "help": "what the words say as numbers, instead"},
    "--expected FILE": {"metavar": "FILE", "help": "numbers typed by hand, held against words"},
    "--texts": {"metavar": "DIR", "help": "articles' texts (*.txt), held against the tables"},
    "--corrected": {"action": "store_true", "help": "labels as corrections.csv says"},
    "--no-reference": {"action": "store_true", "help": "leave out what others published"},
    "--all": {"action": "store_true", "help": "every check, and not only what they come to"},
    "--strict": {"action": "store_true", "help": "status 1 where corrections leave anything open"},
    "--data": {
        "dest": "folder",
        "metavar": "DIR",
        "nargs": "?",
        "help": "folder of the tables; our own",
    },
    "--format": {"choices": list(FORMATS), "help": "default: what reads best"},
    "--output": {"metavar": "FILE", "help": "write here, not to standard output"},
}
Form = Callable[[pd.DataFrame], str]
Result = tuple[pd.DataFrame, Form, bool]
"""A table; the form in which it reads best; whether it says that something is wrong."""
Item = TypeVar("Item")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    >>> main(["scan", "no-such-file.txt"])
    2
    """
    try:
        asked = _parser().parse_args(argv, Namespace(files=[], folder=None, failed=False))
        table, form, wrong = asked.run(asked)
        text = FORMATS.get(asked.format, form)(table)
        write(text, asked.output, [*asked.files, *data_folder(asked.folder).iterdir()])
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return tell("interrupted") + 128  # 130, as shells have it
    except ValueError as error:
        return tell(*str(error).splitlines())
    except OSError as error:  # mostly of standard output: drop what is left, lest Python complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader, such as `head`, has seen enough
            return 0
        what = f"read {error.filename}" if error.filename else "write"
        return tell(f"cannot {what}: {error.strerror}")
    return FAILED if asked.failed else int(wrong)


def tell(*lines: str) -> int:
    """Say something on standard error, a sentence a line, and give the status of a failure."""
    for line in lines if sys.stderr is not None else ():
        print(f"tradelib: {line}", file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tradelib", description="Figures of trade news, as intervals.")
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, (run, files, options, example) in COMMANDS.items():
        about, example = str(run.__doc__), f"example: tradelib {name} {example}"
        new = parsers.add_parser(name, help=about, description=about, epilog=example)
        new.set_defaults(run=run)
        if files:
            new.add_argument("files", nargs=files, metavar="FILE", help="UTF-8 text; - is input")
        for option in (*options, "--format", "--output"):
            new.add_argument(option.split()[0], **OPTIONS[option])
    return parser


def read(name: str) -> bytes:
    """Read a file or, for ``-``, standard input."""
    if name == "-" and sys.stdin is None:
        raise ValueError("standard input is closed")
    content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    if b"\0" in content:
        raise ValueError(f"byte {content.index(0)} is zero, expected UTF-8 text")
    return content


def each(asked: Namespace, work: Callable[[bytes], Item]) -> list[tuple[str, Item]]:
    """Give, file by file, what ``work`` makes of its content, and tell what it cannot.

    Where it can of none, that is a ValueError. Where there are several files, a bar is drawn on the
    terminal's line and wiped at the end.
    """
    results, problems = [], []
    bar = len(asked.files) > 1 and sys.stderr is not None and sys.stderr.isatty()
    for done, name in enumerate(asked.files):
        if bar:
            drawn = f"[{'#' * (24 * done // len(asked.files)):.<24}] {done}/{len(asked.files)}"
            print(f"\r\x1b[K{drawn} {name[:40]}", end="", file=sys.stderr, flush=True)
        try:
            results.append((name, work(read(name))))
        except (OSError, ValueError) as error:
            problems.append(f"{name}: {getattr(error, 'strerror', None) or error}")
    if bar:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if not results:
        raise ValueError("\n".join(problems))
    tell(*problems)
    asked.failed, asked.files = bool(problems), [name for name, _ in results]
    return results


def _scan(asked: Namespace) -> Result:
    """List the figures of texts."""
    found = each(asked, lambda content: scan(content.decode("utf-8-sig")))
    rows = [mention._asdict() | {"source": name} for name, some in found for mention in some]
    return pd.DataFrame(rows, columns=FIELDS), columns_text, False


def _draft(asked: Namespace) -> Result:
    """Draft an article's rows of figures.csv, guesses named in the column check."""
    about = {name: getattr(asked, name) for name in ABOUT}
    ((_, table),) = each(asked, lambda content: draft(content.decode("utf-8-sig"), **about))
    return expected_figures(table) if asked.expected else table, FORMATS["raw"], False


def _verify(asked: Namespace) -> Result:
    """Hold articles' texts against the ledger."""
    rows, wrong = [], False
    for name, (article, differences) in each(asked, partial(verify, folder=asked.folder)):
        verdict = f"{'differs from' if differences else 'agrees with'} article {article}"
        rows += [(name, told) for told in (verdict, *differences)]
        wrong = wrong or bool(differences)
    return pd.DataFrame(rows, columns=("source", "told")), lines_text, wrong


def _check(asked: Namespace) -> Result:
    """Check the tables, all of them at once, or articles' texts, nothing typed."""
    if asked.files:
        return _check_articles(asked)
    if problems := check(asked.folder, texts=asked.texts, expected=asked.expected):
        return pd.DataFrame({"told": problems}), lines_text, True
    found = audit(True, folder=asked.folder)
    found = found[found["verdict"] == "contradicts"]
    more = ". What the audit contradicts, labels corrected:" if len(found) else "."
    told = [f"The tables are as they should be{more}", *found["evidence"]]
    return pd.DataFrame({"told": told}), lines_text, False


def _check_articles(asked: Namespace) -> Result:
    about = {name: getattr(asked, name) for name in ABOUT}
    tables = []
    for name, table in each(asked, lambda text: check_article(text.decode("utf-8-sig"), **about)):
        known = table.attrs
        drafted = f"{known['drafted']} figures drafted, {known['guessed']} with a guessed label"
        tell(f"{name}: {drafted}; findings: {len(table)}")
        tell(*(f"{name}: left out is {row}" for row in known["left out"]))
        tables.append(table.assign(source=name))
    found = pd.concat(tables)
    return found, blocks_text, "contradicts" in set(found["verdict"])


def _audit(asked: Namespace) -> Result:
    """Check whether the figures of the ledger hold together."""
    options = {"reference": not asked.no_reference, "folder": asked.folder}
    found = audit(asked.corrected, checks=asked.all, **options)
    wrong = asked.strict and "contradicts" in set(audit(True, **options)["verdict"])
    return found, blocks_text, wrong


NEW: Final = ("--article", "--reporter", "--year", "--published", "--data")
CHECK: Final = (*NEW, "--texts", "--expected FILE")
AUDIT: Final = ("--data", "--corrected", "--no-reference", "--all", "--strict")
COMMANDS: Final[dict[str, tuple[Any, ...]]] = {
    "scan": (_scan, "+", (), "news.txt --format csv"),
    "draft": (_draft, 1, (*NEW, "--expected"), "new.txt --article surplus-2026"),
    "verify": (_verify, "+", ("--data",), "article.txt"),
    "check": (_check, "*", CHECK, "new.txt --year 2026"),
    "audit": (_audit, 0, AUDIT, "--all --format md"),
}
"""By name: what it runs, how many files it takes, its options, an example."""
