"""Load the tables of ``data/``: checked against their schema, read into intervals, corrected.

The schema stands in one place, ``data/datapackage.json`` (Frictionless Data Package), and is read
by `tradelib.schema`. Values and intervals are not stored: `tradelib.parse` computes them from the
printed words each time a table is loaded.
"""

from __future__ import annotations

import csv
import dataclasses
import graphlib
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib import schema
from tradelib.quantity import READINGS, Quantity, Reading, expect
from tradelib.schema import TYPES, DataError, quoted, sentence
from tradelib.wording import parse

Row = dict[str, str]
Line = tuple[int, Row]
"""The line of the file that a row begins on, and the row's cells by column."""

HOME: Final = "China"
"""Whose trade the articles report; phrases leave this reporter out."""
TOWARDS: Final = {"exports": "to", "imports": "from"}


def subject(row: Mapping[Any, Any]) -> str:
    """Say in words what a figure is of, from its key columns; ``in {period}`` comes last.

    >>> key = {"partner": "Africa", "product": "All", "flow": "exports", "period": 2025}
    >>> subject({"reporter": "China", "measure": "growth", "basis": "2024", **key})
    'growth of exports to Africa in 2025'
    >>> subject({"reporter": "China", "measure": "share", "basis": "trade", **key})
    'exports to Africa as a share of trade in 2025'
    """
    words = str(row["flow"])
    if row["reporter"] != HOME:
        words = f"{row['reporter']}’s {words}"
    if row["product"] != "All":
        words += f" of {row['product']}"
    if row["partner"] != "World":
        words += f" {TOWARDS.get(row['flow'], 'with')} {row['partner']}"
    if row["measure"] == "share":
        words += f" as a share of {row['basis']}"
    elif row["measure"] != "level":
        words = f"{row['measure']} of {words}"
    return words if pd.isna(row["period"]) else f"{words} in {row['period']}"


def data_folder(folder: Path | str | None = None) -> Path:
    """Where the tables are: as asked, else inside the installed package, or beside it in a clone.

    >>> (data_folder() / "figures.csv").is_file()
    True
    """
    if folder is not None:
        return Path(folder)
    here = Path(__file__).parent
    inside = here / "data"
    return inside if inside.is_dir() else here.parent / "data"


def load_table(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as typed in the data package, without reading its words.

    The ``name`` is a resource of ``datapackage.json``, such as ``figures`` or ``claims``; that file
    and the tables stand in ``folder``, the project's own by default.

    Returns
    -------
    DataFrame
        One row a line. Text columns hold text (empty where nothing is written); whole numbers
        and years are ``Int64``, numbers ``Float64`` (missing where nothing is written). A period
        is a year, as a number, or text where it is finer (``2025-Q1``): ``object`` if any is.

    Raises
    ------
    DataError
        With every problem of the file: file, line, column, what was found, what was expected;
        also if there is no such table; one of our own that a folder leaves out is empty.

    Examples
    --------
    >>> load_table("articles")["article"].tolist()[:2]
    ['surplus-2024', 'diversification-2025']
    """
    tables = Tables(folder)
    return tables.typed(name, tables.sound(name))


def load_figures(
    corrected: bool = True, *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load the ledger, from a folder as in `load_table`: every figure with what its words say.

    Parameters
    ----------
    corrected
        Whether labels are read as ``corrections.csv`` says, or as printed.
    reading
        What ``lower`` and ``upper`` mean: ``rounded``, or ``printed`` (rounded or cut off).

    Returns
    -------
    DataFrame
        The columns of ``figures.csv``, then ``corrections`` (the columns read otherwise than
        printed, separated by semicolons), then ``kind, value, lower, upper, unit, hedge`` and
        ``printed_lower, printed_upper``; amounts in single units, rates as fractions.

    Raises
    ------
    DataError
        As `load_table`; also where words cannot be read or a correction does not fit.

    Examples
    --------
    >>> growth = load_figures().set_index("figure").loc["exports-growth-2024"]
    >>> growth["surface"], growth["hedge"], float(growth["lower"]), float(growth["upper"])
    ('over 7%', 'over', 0.07, 0.08)
    >>> load_figures(corrected=False).set_index("figure").loc["trade-2025", "flow"]
    'exports'
    """
    tables = Tables(folder)
    lines = [(line, row | {"corrections": ""}) for line, row in tables.sound("figures")]
    problems = list(_correct(lines, tables)) if corrected else []
    table = tables.typed("figures", lines)
    table["corrections"] = [row["corrections"] for _, row in lines]
    return _read(table, "figures.csv", lines, reading, problems)


def load_reference(
    *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load what others published on the same quantities, with what their words say.

    Parameters, columns and errors as in `load_figures`; the key is ``reference``.

    >>> reference = load_reference().set_index("reference")
    >>> reference.loc["ref-exports-2024", "surface"]
    '25.45 trillion yuan'
    """
    tables = Tables(folder)
    lines = tables.sound("reference")
    return _read(tables.typed("reference", lines), "reference.csv", lines, reading, [])


class Tables:
    """The tables of a folder as text, and what ``datapackage.json`` says of them.

    Of our own tables a folder may leave out some, file and description: they have no rows there.
    """

    def __init__(self, folder: Path | str | None = None):
        self.folder = data_folder(folder)
        self.described = schema.resources(self.folder)
        self.own = schema.resources(data_folder())
        self.resources = self.own | self.described

    def lines(self, name: str) -> list[Line]:
        """Read a table's rows; their cells may be wrong, the columns are those of its schema."""
        if name in self.described:
            columns = list(self.described[name]["fields"])
            for column in self.own[name]["fields"] if name in self.own else ():
                if column not in columns:
                    problem = f"found no field {column} of {name}, expected one"
                    raise DataError([f"{schema.FILE}: {problem}"])
            return read_lines(self.folder / self.described[name]["path"], columns)
        if name not in self.own or (self.folder / f"{name}.csv").exists():
            known = ", ".join(self.described)
            raise DataError([f'{schema.FILE}: found no table "{name}", expected one of {known}'])
        return []

    def sound(self, name: str) -> list[Line]:
        """Read a table's rows; whatever is not as the schema says is a DataError."""
        lines = self.lines(name)
        if problems := list(self.problems(name, lines)):
            raise DataError(problems)
        return lines

    def problems(self, name: str, lines: list[Line]) -> Iterator[str]:
        """Give a sentence for each cell or row of a table that is not as the schema says."""
        file, fields = self.resources[name]["path"], self.resources[name]["fields"]
        primary = self.resources[name]["schema"]["primaryKey"]
        unique = [(c,) for c, field in fields.items() if field.get("constraints", {}).get("unique")]
        keys = dict.fromkeys([tuple(primary), *unique])
        names, seen = self.names(name), dict[tuple[str, ...], int]()
        for line, row in lines:
            for column, field in fields.items():
                if expected := schema.expected(field, row[column], names[column]):
                    yield sentence(file, line, column, row[column], expected)
            for key in keys:
                cells = [row[column] for column in key]
                if (first := seen.setdefault((*key, *cells), line)) != line and any(cells):
                    expected = f"a value not yet used (line {first} has it)"
                    yield sentence(file, line, ", ".join(key), ", ".join(cells), expected)
        for column, field in fields.items():
            if field["refers"] == [name]:
                yield from _circle(file, column, primary[0], lines)

    def names(self, name: str) -> dict[str, dict[str, set[str]]]:
        """Give, for each column, the names in the tables that its cells refer to, by file."""
        names: dict[str, dict[str, set[str]]] = {}
        for column, field in self.resources[name]["fields"].items():
            names[column] = {}
            for target in field["refers"]:
                lines, resource = self.lines(target), self.resources[target]
                key = resource["schema"]["primaryKey"][0]
                names[column][resource["path"]] = {row[key] for _, row in lines}
        return names

    def typed(self, name: str, lines: list[Line]) -> pd.DataFrame:
        """Give rows as a table, its columns of the types that the schema says."""
        fields = self.resources[name]["fields"]
        table = pd.DataFrame([row for _, row in lines], columns=list(fields), dtype="str")
        for column, field in fields.items():
            if field["type"] != "string":
                cells: Any = table[column].mask(table[column] == "")
                table[column] = cells.astype(TYPES[field["type"]][2])
            elif column == "period":  # a year as a number, what is finer (2025-Q1) as text
                periods = [int(cell) if cell.isdigit() else cell or pd.NA for cell in table[column]]
                finer = any(isinstance(period, str) for period in periods)
                table[column] = pd.Series(periods, dtype=object if finer else "Int64")
        return table


def read_lines(path: Path, header: Sequence[str]) -> list[Line]:
    """Read the cells of a CSV file as text; another header or row length is a DataError."""
    reader = csv.reader(io.StringIO(schema.read_text(path), newline=""), strict=True)
    lines: list[Line] = []
    problems = []
    try:
        sides = zip_longest(next(reader, []), header, fillvalue="")
        for place, (found, name) in enumerate(sides, 1):
            if found != name:
                raise DataError([sentence(path.name, 1, str(place), found, quoted(name))])
        begin = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                lines.append((begin, dict(zip(header, cells, strict=True))))
            elif cells:
                problems.append(
                    f"{path.name}, line {begin}: found {len(cells)} cells, expected {len(header)} "
                    "(a comma inside a cell needs quotes around it)"
                )
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{path.name}, line {reader.line_num}: {error}, expected CSV")
    if problems:
        raise DataError(problems)
    return lines


def _circle(file: str, column: str, key: str, lines: list[Line]) -> Iterator[str]:
    """Give a sentence for a circle of rows of which each names the next as its whole."""
    try:
        graphlib.TopologicalSorter({row[key]: [row[column]] for _, row in lines}).prepare()
    except graphlib.CycleError as error:
        part, *wholes = reversed(error.args[1])
        line = next(line for line, row in lines if row[key] == part)
        expected = f"no circle: {' is part of '.join((part, *wholes))}"
        yield sentence(file, line, column, wholes[0], expected)


def _correct(lines: list[Line], tables: Tables) -> Iterator[str]:
    """Read labels as ``corrections.csv`` says; tell where what it corrects is no longer there."""
    figures = {row["figure"]: row for _, row in lines}
    fields, names = tables.resources["figures"]["fields"], tables.names("figures")
    for line, told in tables.sound("corrections"):
        figure, column, read_as = told["figure"], told["field"], told["read_as"]
        row = figures.get(figure, {})
        if column not in fields or row.get(column) != told["printed"]:
            place = f"which figures.csv holds in column {column} of {figure}"
            expected = f'"{row.get(column, "")}", {place}'
            yield sentence("corrections.csv", line, "printed", told["printed"], expected)
        elif expected := schema.expected(fields[column], read_as, names[column]):
            yield sentence("corrections.csv", line, "read_as", read_as, expected)
        else:
            row[column] = read_as
            row["corrections"] = ";".join(filter(None, (row["corrections"], column)))


def _read(
    table: pd.DataFrame, file: str, lines: list[Line], reading: Reading, problems: list[str]
) -> pd.DataFrame:
    """Put beside each row what its printed words say."""
    expect("reading", reading, READINGS)
    quantities: list[Quantity] = []
    for line, row in lines:
        words = row["surface"]
        try:
            quantities.append(parse(words, row.get("direction", ""), row.get("unit_hint", "")))
        except ValueError as error:
            expected = f"words that give a figure: {error}"
            problems.append(sentence(file, line, "surface", words, expected))
    if problems:
        raise DataError(problems)
    for column in (field.name for field in dataclasses.fields(Quantity)):
        table[column] = [getattr(quantity, column) for quantity in quantities]
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    return table
