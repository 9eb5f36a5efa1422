"""Check the tables before anything is computed from them: all problems of all tables at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.ledger import Tables, read_lines
from tradelib.schema import DataError, Row, quantity, sentence
from tradelib.verify import verify

SAYS: Final = ("kind", "value", "lower", "upper", "printed_lower", "printed_upper", "unit", "hedge")
"""What the words of a figure say, as it is typed by hand."""


def check(
    folder: Path | str | None = None,
    *,
    texts: Path | str | None = None,
    expected: Path | str | None = None,
) -> list[str]:
    """Give a sentence for each thing that is wrong in the tables, with file, line and column.

    They are what `tradelib.load_table` and the like refuse, of all tables at once; the ``folder``
    is as there. Besides, once the tables hold, each row of ``expected``, a CSV file of values and
    intervals typed by hand, is held against what the words say, and each text (``*.txt``) of the
    folder ``texts`` that is an article's against its rows, as by `verify`. If ``datapackage.json``
    cannot be used, or a file or folder named is not there, that is a DataError.

    >>> check()
    []
    """
    tables = Tables(folder)
    problems: list[str] = []
    for name in tables.resources:
        try:
            problems += tables.problems(name)
        except DataError as error:
            problems += error.problems
    described = {table["path"] for table in tables.resources.values()}
    for name in sorted({path.name for path in tables.folder.glob("*.csv")} - described):
        problems.append(f"{name}: found no word about it in datapackage.json, expected some")
    if expected is not None and not problems:
        problems += _unexpected(Path(expected), [row for _, row in tables.lines("figures")])
    if texts is not None and not Path(texts).is_dir():
        raise DataError([f"{texts}: not found, expected a folder of articles' texts"])
    for path in sorted(Path(texts).glob("*.txt")) if texts is not None else ():
        with suppress(ValueError):  # it is no article's, or the tables' problems are told already
            problems += verify(path.read_bytes(), folder=folder)[1]
    return [*dict.fromkeys(DataError(problems).problems)]


def expected_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Give what the words of rows say, as ``tests/data/expected_figures.csv`` has it, all of text.

    >>> row = {"figure": "growth", "surface": "over 5%", "direction": "", "unit_hint": ""}
    >>> expected_figures(pd.DataFrame([row])).iloc[0].tolist()[1:5]
    ['percent', '0.05', '0.05', '0.06']
    """
    told = [(row["figure"], *_says(row)) for row in rows.to_dict("records")]
    return pd.DataFrame(told, columns=["figure", *SAYS])


def _says(row: Mapping[Any, Any]) -> list[str]:
    read = quantity(row)
    return [_text(getattr(read, name)) for name in SAYS]


def _text(cell: float | str) -> str:
    """Write a number, or what is typed for one, in one form."""
    try:
        return f"{float(cell):.12g}"
    except ValueError:
        return str(cell)


def _unexpected(path: Path, rows: list[Row]) -> Iterator[str]:
    """Hold values and intervals typed by hand against what the words of the figures say."""
    figures = {row["figure"]: row for row in rows}
    for line, typed in read_lines(path, ("figure", *SAYS)):
        if not (row := figures.pop(typed["figure"], None)):
            wanted = "a name that stands in figures.csv, once"
            yield sentence(path.name, line, "figure", typed["figure"], wanted)
            continue
        for column, says in zip(SAYS, _says(row), strict=True):
            if _text(typed[column]) != says:
                wanted = f'{says}, as "{row["surface"]}" reads'
                yield sentence(path.name, line, column, typed[column], wanted)
    for name in figures:
        yield f"{path.name}: found no row for the figure {name}, expected one"
