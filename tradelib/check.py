"""Check the tables before anything is computed from them: all problems of all tables at once."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pandas as pd

from tradelib.ledger import Line, Row, Tables, load_figures, read_lines
from tradelib.schema import DataError, sentence
from tradelib.verify import verify
from tradelib.wording import parse

Told = tuple[str, str, str]
"""A column, what was found there, what was expected."""
SAYS: Final = ("kind", "value", "lower", "upper", "printed_lower", "printed_upper", "unit", "hedge")
"""What the words of a figure say, as it is typed by hand."""


def check(
    folder: Path | str | None = None,
    *,
    texts: Path | str | None = None,
    expected: Path | str | None = None,
) -> list[str]:
    """Give a sentence for each thing that is wrong in the tables, with file, line and column.

    Types, keys and references as ``datapackage.json`` says; words that can be read; corrections
    that fit; years, bases and units that a figure of its measure can have. The ``folder`` is as in
    `tradelib.load_table`. Each text (``*.txt``) of the folder ``texts`` that is an article's is
    held against its rows as by `verify`, each row of ``expected``, a CSV file of values and
    intervals typed by hand, against what the words say. If ``datapackage.json`` cannot be used, or
    a file or folder named is not there, that is a DataError.

    >>> check()
    []
    """
    tables = Tables(folder)
    rows: dict[str, list[Line]] = {}
    problems: list[str] = []
    for name in tables.described:
        try:
            rows[name] = tables.lines(name)
            problems += tables.problems(name, rows[name])
        except DataError as error:
            problems += error.problems
    described = {resource["path"] for resource in tables.described.values()}
    for name in sorted({path.name for path in tables.folder.glob("*.csv")} - described):
        problems.append(f"{name}: found no word about it in datapackage.json, expected some")
    try:
        load_figures(folder=folder)  # with its corrections
    except DataError as error:
        problems += error.problems
    problems += _implausible(rows)
    if texts is not None and not Path(texts).is_dir():
        raise DataError([f"{texts}: not found, expected a folder of articles' texts"])
    for path in sorted(Path(texts).glob("*.txt")) if texts is not None else ():
        with suppress(ValueError):  # it is no article's, or the tables' problems are told already
            problems += verify(path.read_bytes(), folder=folder)[1]
    if expected is not None:
        problems += _unexpected(Path(expected), rows.get("figures", []))
    return [*dict.fromkeys(DataError(problems).problems)]


def _implausible(rows: Mapping[str, list[Line]]) -> Iterator[str]:
    """Give a sentence for each cell that does not fit the others of its row or of its article."""
    published = {row["article"]: row["published"] for _, row in rows.get("articles", ())}
    articles = {row["figure"]: row["article"] for _, row in rows.get("figures", ())}
    kinds = {row["measure"]: row["kinds"].split(";") for _, row in rows.get("measures", ())}
    for name in ("articles", "figures", "reference", "claims"):
        for line, cells in rows.get(name, ()):
            row = defaultdict(str, {"published": published.get(cells.get("article", ""), "")})
            row |= cells
            told = [*_times(row, row["published"][:4])]
            told += _figure(row, kinds) if name in ("figures", "reference") else ()
            told += _claim(row, articles) if name == "claims" else ()
            yield from (sentence(f"{name}.csv", line, *each) for each in told)


def _times(row: Row, published: str) -> Iterator[Told]:
    for column, last in (("year", ""), ("period", ""), ("since", row["period"][:4])):
        last = last or published
        if last and row[column][:4] > last:
            yield column, row[column], f"a time up to {last}"
    begin, _, end = row["period"].partition("/")
    if end and begin > end:
        yield "period", row["period"], "a period that begins before it ends"


def _figure(row: Row, kinds: Mapping[str, list[str]]) -> Iterator[Told]:
    measure, period, basis = row["measure"], row["period"], row["basis"]
    if (year := row["published"][:4]) and row["vintage"] != year:
        yield "vintage", row["vintage"], f"{year}, the year of publication"
    forms = {re.sub("[0-9]", "0", cell) for cell in (basis, period)}  # a year, a quarter, a month
    growth = measure in ("growth", "units growth") and basis and period
    if growth and (len(forms) > 1 or basis >= period):
        yield "basis", basis, f"an earlier period of the same length as {period}"
    if measure == "share" and not re.search("[a-z]", basis):
        yield "basis", basis, "what it is a share of, such as exports or trade"
    try:
        kind = parse(row["surface"], row["direction"], row["unit_hint"]).kind
    except ValueError as error:
        yield "surface", row["surface"], f"words that give a figure: {error}"
    else:
        if kind not in kinds.get(measure, [kind]):
            wanted = f"words for {' or '.join(kinds[measure])}"
            yield "surface", row["surface"], f"{wanted}, which the measure {measure} has"


def _claim(row: Row, articles: Mapping[str, str]) -> Iterator[Told]:
    for figure in filter(None, row["figures"].split(";")):
        if articles.get(figure, row["article"]) != row["article"]:
            yield "figures", figure, f"a figure of the article {row['article']}"
    if row["threshold"]:
        try:
            parse(row["threshold"])
        except ValueError as error:
            yield "threshold", row["threshold"], f"words that give a figure: {error}"


def expected_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Give what the words of rows say, as ``tests/data/expected_figures.csv`` has it, all of text.

    >>> row = {"figure": "growth", "surface": "over 5%", "direction": "", "unit_hint": ""}
    >>> expected_figures(pd.DataFrame([row])).iloc[0].tolist()[1:5]
    ['percent', '0.05', '0.05', '0.06']
    """
    read = [parse(*words) for words in rows[["surface", "direction", "unit_hint"]].to_numpy()]
    table = rows[["figure"]].assign(**{name: [getattr(one, name) for one in read] for name in SAYS})
    return table.map(lambda cell: f"{cell:.12g}" if isinstance(cell, float) else cell)


def _unexpected(path: Path, lines: list[Line]) -> Iterator[str]:
    """Hold values and intervals typed by hand against what the words of the figures say."""
    figures = {row["figure"]: row for _, row in lines}
    typed = read_lines(path, ("figure", *SAYS))
    there = {row["figure"] for _, row in typed}
    for name in figures:
        if name not in there:
            yield f"{path.name}: found no row for the figure {name}, expected one"
    for line, row in typed:
        if (figure := figures.get(row["figure"])) is None:
            wanted = "a name that stands in figures.csv"
            yield sentence(path.name, line, "figure", row["figure"], wanted)
            continue
        try:
            read = parse(figure["surface"], figure["direction"], figure["unit_hint"])
        except ValueError:  # told where the words are read
            continue
        for column in SAYS:
            cell, says = row[column], getattr(read, column)
            if isinstance(says, float):
                number = float(pd.to_numeric(cell, errors="coerce"))
                same = math.isclose(number, says, rel_tol=1e-12, abs_tol=1e-15)
            else:
                same = cell == says
            if not same:
                wanted = f'{says}, as "{figure["surface"]}" reads'
                yield sentence(path.name, line, column, cell, wanted)
