"""The command line. Each command is a function that gives the exit status, and its options.

The status is 0; 1 where `verify` finds a difference, `check` a problem or a strict `audit` a
contradiction; or 2 where something could not be read or written, which is told in one sentence.
Files that can be read are processed all the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tradelib.output import FORMATS, Form, Rows, csv_text, write

if TYPE_CHECKING:
    import pandas as pd

FAILED: Final = 2
FIELDS: Final = "source start end surface kind value lower upper unit hedge".split()  # noqa: SIM905
Result = TypeVar("Result")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    >>> main(["scan", "no-such-file.txt"])
    2
    """
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _forget_output()
        return 0
    except KeyboardInterrupt:
        return complain("interrupted") + 128  # 130, as shells have it
    except ValueError as error:
        return complain(str(error))
    except OSError as error:  # standard output on a full disk
        _forget_output()
        return complain(f"cannot write: {error.strerror}")
    return status


def complain(problem: str) -> int:
    """Say on standard error what went wrong, a sentence a line, and give the exit status."""
    if sys.stderr is not None:
        print(*(f"tradelib: {line}" for line in problem.splitlines()), sep="\n", file=sys.stderr)
    return FAILED


def _forget_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that nothing complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tradelib", description="Figures of trade news, as intervals.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], about: str, example: str
    ) -> argparse.ArgumentParser:
        new = commands.add_parser(
            name, help=about, description=f"{about.capitalize()}.", epilog=f"example: {example}"
        )
        new.set_defaults(run=run)
        return new

    def add_data(new: argparse.ArgumentParser) -> None:
        about = "folder of the tables; the project's own"
        new.add_argument("--data", metavar="DIR", nargs="?", help=about)

    def add_article(new: argparse.ArgumentParser) -> None:
        new.add_argument("--article", default="new", help="its slug, as in articles.csv")
        about = "whose trade it reports; default: China"
        new.add_argument("--reporter", default="China", help=about)
        about = "the year that it reports on; default: the one it names first"
        new.add_argument("--year", type=int, help=about)
        about = "when, as 2026-01 or 2026-01-14; default: early in the year after"
        new.add_argument("--published", metavar="DATE", help=about)

    def add_output(
        new: argparse.ArgumentParser, formats: Mapping[str, Form] = FORMATS, default: str = "table"
    ) -> None:
        about = f"default: {default}"
        new.add_argument("--format", choices=list(formats), default=default, help=about)
        new.add_argument("--output", metavar="FILE", help="write here, not to standard output")

    new = command("scan", _scan, "list the figures of texts", "tradelib scan news.txt --format csv")
    new.add_argument("files", nargs="+", metavar="FILE", help="UTF-8 text; - is standard input")
    add_output(new)

    about = "draft an article's rows of figures.csv, guesses named in the column check"
    new = command("draft", _draft, about, "tradelib draft new.txt --article surplus-2026")
    new.add_argument("file", metavar="ARTICLE.txt", help="UTF-8 text; - is standard input")
    add_article(new)
    about = "rows for tests/data/expected_figures.csv, to be confirmed by hand"
    new.add_argument("--expected", action="store_true", help=about)
    add_data(new)
    add_output(new, default="csv")

    about = "hold articles' texts against the ledger"
    new = command("verify", _verify, about, "tradelib verify article.txt")
    new.add_argument("files", nargs="+", metavar="ARTICLE.txt", help="UTF-8 text of an article")
    new.add_argument("--article", default="", help="its slug; found by itself as a rule")
    add_data(new)

    about = "check the tables, all of them at once, or an article's text, nothing typed"
    new = command("check", _check, about, "tradelib check new.txt --year 2026")
    about = "UTF-8 text of an article, drafted and audited; without one, the tables are checked"
    new.add_argument("files", nargs="*", metavar="ARTICLE.txt", help=about)
    add_article(new)
    add_data(new)
    about = "of the tables: folder of the articles' texts (*.txt)"
    new.add_argument("--texts", metavar="DIR", help=about)
    about = "of the tables: CSV file of intervals typed by hand, held against the words"
    new.add_argument("--expected", metavar="FILE", help=about)
    add_output(new)

    about = "check whether the figures of the ledger hold together"
    new = command("audit", _audit, about, "tradelib audit --all --format md")
    add_data(new)
    new.add_argument("--corrected", action="store_true", help="labels as corrections.csv says")
    about = "whether others' figures count; they do"
    new.add_argument("--reference", action=argparse.BooleanOptionalAction, default=True, help=about)
    about = "every check, and not only what they come to"
    new.add_argument("--all", action="store_true", help=about)
    add_output(new, AUDIT_FORMATS)
    about = "exit status 1 where a contradiction stands that corrections.csv does not answer"
    new.add_argument("--strict", action="store_true", help=about)
    return parser


def read(name: str) -> tuple[bytes, str]:
    """Read a file or, for ``-``, standard input: its bytes, and the text that they are in UTF-8.

    With or without BOM; what cannot be read or is no such text is a ValueError that names it.
    """
    try:
        if name == "-" and sys.stdin is None:
            raise ValueError("cannot read -: standard input is closed")
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if b"\0" in content:
            raise ValueError(f"{name} is no text: byte {content.index(0)} is zero")
        return content, content.decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"cannot read {name}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        byte = f"byte {error.start} (0x{content[error.start]:02x})"
        raise ValueError(f"{name} is no UTF-8 text: cannot decode {byte}") from None


def each(names: Sequence[str], work: Callable[[str], Result]) -> list[tuple[str, Result]]:
    """Give, file by file, what ``work`` makes of it, and tell what it cannot (a ValueError).

    Where there are several files, a bar is drawn on the terminal's line and wiped at the end.
    """
    results = []
    bar = len(names) > 1 and sys.stderr is not None and sys.stderr.isatty()
    for done, name in enumerate(names):
        if bar:
            drawn = f"[{'#' * (24 * done // len(names)):.<24}] {done}/{len(names)} {name[:40]}"
            print(f"\r\x1b[K{drawn}", end="", file=sys.stderr, flush=True)
        problem = ""
        try:
            results.append((name, work(name)))
        except ValueError as error:
            problem = str(error) if name in str(error) else f"{name}: {error}"
        if bar:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        if problem:
            complain(problem)
    return results


def _write_table(
    table: pd.DataFrame,
    arguments: argparse.Namespace,
    inputs: Iterable[str | Path],
    forms: Mapping[str, Form] = FORMATS,
) -> None:
    """Write a table in the format and to the file that are asked for."""
    rows = [{str(k): cell for k, cell in row.items()} for row in table.to_dict("records")]
    write(forms[arguments.format](list(table.columns), rows), arguments.output, inputs)


def _tables(arguments: argparse.Namespace) -> list[Path]:
    """Give the files that are read as the ledger's, which no output may overwrite."""
    from tradelib.ledger import data_folder

    return list(data_folder(arguments.data).iterdir())


def _scan(arguments: argparse.Namespace) -> int:
    from tradelib.wording import scan

    found = each(arguments.files, lambda name: scan(read(name)[1]))
    rows = [{f: getattr(m, f, name) for f in FIELDS} for name, mentions in found for m in mentions]
    if found:
        write(FORMATS[arguments.format](FIELDS, rows), arguments.output, arguments.files)
    return 0 if len(found) == len(arguments.files) else FAILED


def _draft(arguments: argparse.Namespace) -> int:
    """Print drafted rows, or what their words say, as `tradelib` loads them."""
    from tradelib.drafting import draft, expected

    rows = draft(read(arguments.file)[1], **_about(arguments))
    rows = expected(rows) if arguments.expected else rows
    forms: dict[str, Form] = {**FORMATS, "csv": partial(csv_text, raw=True)}
    _write_table(rows, arguments, [arguments.file, *_tables(arguments)], forms)
    return 0


def _about(arguments: argparse.Namespace) -> dict[str, Any]:
    """Give what is known of an article, as `tradelib.draft` takes it."""
    names = ("article", "reporter", "year", "published")
    return {name: getattr(arguments, name) for name in names} | {"folder": arguments.data}


def _verify(arguments: argparse.Namespace) -> int:
    """Compare texts with the ledger; the status is 1 where one differs."""
    from tradelib.verify import verify

    found = each(
        arguments.files, lambda name: verify(read(name)[0], arguments.article, arguments.data)
    )
    text = ""
    for name, (article, differences) in found:
        text += f"{name}: {'differs from' if differences else 'agrees with'} article {article}\n"
        text += "".join(f"  {difference}\n" for difference in differences)
    write(text)
    if len(found) < len(arguments.files):
        return FAILED
    return int(any(differences for _, (_, differences) in found))


def _check(arguments: argparse.Namespace) -> int:
    """Print every problem of the tables; where there is none, what the audit still contradicts."""
    if arguments.files:
        return _check_articles(arguments)
    import pandas as pd

    from tradelib.auditing import audit
    from tradelib.check import check

    problems = check(arguments.data, texts=arguments.texts, expected=arguments.expected)
    text = "".join(f"{problem}\n" for problem in problems)
    told = pd.DataFrame({"problem": problems})
    if not problems:
        told = audit(True, folder=arguments.data)
        told = told[told["verdict"] == "contradicts"]
        more = ". What the audit contradicts, labels corrected:" if len(told) else "."
        text = f"The tables are as they should be{more}\n"
        text += "".join(f"  {evidence}\n" for evidence in told["evidence"])
    forms = {**FORMATS, "table": lambda columns, rows: text}
    _write_table(told, arguments, _tables(arguments), forms)
    return int(bool(problems))


def _check_articles(arguments: argparse.Namespace) -> int:
    """Print what an audit of drafted rows contradicts; the status is 1 where it does for sure."""
    from tradelib.drafting import check_article

    about, rows, told = _about(arguments), [], ""
    found = each(arguments.files, lambda name: check_article(read(name)[1], **about))
    for name, table in found:
        known = table.attrs
        told += f"{name}: {known['drafted']} figures drafted, {known['guessed']} with a guessed "
        told += f"label; findings: {len(table)}\n"
        told += "".join(f"  left out is {row}\n" for row in known["left out"])
        records = table.assign(source=name).to_dict("records")
        rows += [{str(key): cell for key, cell in row.items()} for row in records]
    if arguments.format == "table":
        write(_findings([], rows) + told, arguments.output, arguments.files)
    elif found:
        columns = ["source", *found[0][1].columns]
        write(FORMATS[arguments.format](columns, rows), arguments.output, arguments.files)
    if len(found) < len(arguments.files):
        return FAILED
    return int(any(row["verdict"] == "contradicts" for row in rows))


def _findings(columns: Sequence[str], rows: Rows) -> str:
    """Write a block a finding: what contradicts what, and on which labels that rests."""
    text = ""
    for row in rows:
        text += f"{row['source']}: {row['verdict'].upper()} beside {row['beside']}\n"
        text += f"  {row['finding']}\n"
        text += f"  suggestion: {row['suggestion']}\n" if row["suggestion"] else ""
        guessed = f", {', '.join(row['guessed'])} guessed" if row["guessed"] else ""
        text += f"  by drafted labels of {', '.join(row['figures'])}{guessed}\n\n"
    return text


def _audit(arguments: argparse.Namespace) -> int:
    """Print the findings, worst first; strict, the status is 1 where corrections leave any open."""
    from tradelib.auditing import audit

    options = {"reference": arguments.reference, "folder": arguments.data}
    found = audit(arguments.corrected, checks=arguments.all, **options)
    left = found if arguments.corrected or not arguments.strict else audit(True, **options)
    _write_table(found, arguments, _tables(arguments), AUDIT_FORMATS)
    return int(arguments.strict and bool((left["verdict"] == "contradicts").any()))


def _blocks(columns: Sequence[str], rows: Rows) -> str:
    """Write a block a finding, or a check: verdict, arithmetic, what would mend it."""
    blocks = []
    for row in rows:
        told = [row["kind"], row["article"]] if "kind" in columns else [row["rule"]]
        told += [f"{row['checks']} checks"] if row.get("checks", 0) > 1 else []
        told += [f"gap {row['gap']:.2%}"] if row.get("gap", 0) > 0 else []
        mend = f"  suggestion: {row['suggestion']}\n" if row["suggestion"] else ""
        figures = f"  figures: {', '.join(row['figures'])}\n" if row["figures"] else ""
        head = f"{row['verdict'].upper()} ({', '.join(told)})\n"
        blocks.append(f"{head}  {row.get('evidence', row.get('explanation'))}\n{mend}{figures}")
    return "\n".join(blocks)


AUDIT_FORMATS: Final[dict[str, Form]] = {**FORMATS, "table": _blocks}
