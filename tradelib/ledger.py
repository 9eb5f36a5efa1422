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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib import schema
from tradelib.quantity import READINGS, Quantity, Reading, expect
from tradelib.schema import TYPES, DataError, Line, Row, quoted, sentence

HOME: Final = "China"
"""Whose trade the articles report; phrases leave this reporter out."""
TOWARDS: Final = {"exports": "to", "imports": "from"}


def subject(row: Mapping[Any, Any]) -> str:
    """Say in words what a figure is of, from its key columns; ``in {period}`` comes last.

    >>> key = {"partner": "Africa", "product": "All", "flow": "exports", "period": 2025}
    >>> subject({"reporter": "China", "measure": "growth", "basis": "2024", **key})
    'growth of exports to Africa in 2025'
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
    inside = Path(__file__).with_name("data")
    return inside if inside.is_dir() else inside.parents[1] / "data"


def load_table(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as typed in the data package, its words not read.

    The ``name`` is a resource of ``datapackage.json``, such as ``figures`` or ``claims``; that file
    and the tables stand in ``folder``, the project's own by default. One of our own tables that a
    folder leaves out is empty.

    Gives one row a line. Text columns hold text (empty where nothing is written); whole numbers and
    years are ``Int64``, numbers ``Float64`` (missing where nothing is written). A period is a year,
    as a number, or text where it is finer (``2025-Q1``): ``object`` if any is. All that is wrong
    with the table, or that there is no such, is a DataError with a sentence for each problem: file,
    line, column, what was found, what was expected. That is types, keys and references as the data
    package says; words that cannot be read; corrections that do not fit; years, bases and units
    that a figure of its measure cannot have.

    >>> load_table("articles")["article"].tolist()[:2]
    ['surplus-2024', 'diversification-2025']
    """
    tables = Tables(folder)
    return tables.typed(name, [row for _, row in tables.sound(name)])


def load_figures(
    corrected: bool = True, *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load the ledger, from a folder as in `load_table`: every figure with what its words say.

    Labels are ``corrected`` as ``corrections.csv`` says, or left as printed. The ``reading`` says
    what ``lower`` and ``upper`` mean: ``rounded``, or ``printed`` (rounded or cut off).

    Gives the columns of ``figures.csv``, then ``corrections`` (the columns read otherwise than
    printed, separated by semicolons), then ``kind, value, lower, upper, unit, hedge`` and
    ``printed_lower, printed_upper``; amounts in single units, rates as fractions. Errors are those
    of `load_table`, of the corrections too; an unknown reading is a ValueError.

    >>> growth = load_figures().set_index("figure").loc["exports-growth-2024"]
    >>> growth["surface"], growth["hedge"], float(growth["lower"]), float(growth["upper"])
    ('over 7%', 'over', 0.07, 0.08)
    >>> load_figures(corrected=False).set_index("figure").loc["trade-2025", "flow"]
    'exports'
    """
    tables = Tables(folder)
    rows = [row | {"corrections": ""} for _, row in tables.sound("figures")]
    figures = {row["figure"]: row for row in rows}
    for _, told in tables.sound("corrections") if corrected else ():
        row, column = figures[told["figure"]], told["field"]
        row[column] = told["read_as"]
        row["corrections"] = ";".join(filter(None, (row["corrections"], column)))
    table = tables.typed("figures", rows)
    table["corrections"] = [row["corrections"] for row in rows]
    return _read(table, rows, reading)


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
    rows = [row for _, row in tables.sound("reference")]
    return _read(tables.typed("reference", rows), rows, reading)


class Tables:
    """The tables of a folder as text, and what ``datapackage.json`` says of them.

    Of our own tables a folder may leave out some, file and description: they have no rows there.
    """

    def __init__(self, folder: Path | str | None = None):
        self.folder = data_folder(folder)
        own, described = schema.resources(data_folder()), schema.resources(self.folder)
        self.resources, self.left_out = own | described, own.keys() - described.keys()
        for name in own:  # a column that is not described is, as ours, expected in the file
            for column, field in own[name]["fields"].items():
                self.resources[name]["fields"].setdefault(column, field)
        self._lines: dict[str, list[Line]] = {}

    def lines(self, name: str) -> list[Line]:
        """Read a table's rows; their cells may be wrong, the columns are those of its schema."""
        if name not in self.resources:
            known = ", ".join(self.resources)
            raise DataError([f'{schema.FILE}: found no table "{name}", expected one of {known}'])
        if name not in self._lines:
            path = self.folder / self.resources[name]["path"]
            missing = name in self.left_out and not path.exists()
            header = list(self.resources[name]["fields"])
            self._lines[name] = [] if missing else read_lines(path, header)
        return self._lines[name]

    def sound(self, name: str) -> list[Line]:
        """Read a table's rows; whatever is not as it should be is a DataError."""
        if problems := self.problems(name):
            raise DataError(problems)
        return self.lines(name)

    def problems(self, name: str) -> list[str]:
        """Give a sentence for each cell or row of a table that is not as it should be."""
        lines, file, told = self.lines(name), self.resources[name]["path"], list[str]()
        fields, seen = self.resources[name]["fields"], dict[tuple[str, ...], int]()
        others = self._others(fields)
        for line, row in lines:
            unfit = dict(schema.implausible(row, others))
            for column, field in fields.items():
                wanted = schema.expected(field, row[column], others[column]) or unfit.get(column)
                if wanted:
                    told.append(sentence(file, line, column, row[column], wanted))
            for key in self.resources[name]["keys"]:
                cells = [row[column] for column in key]
                if (first := seen.setdefault((*key, *cells), line)) != line and any(cells):
                    wanted = f"a value not yet used (line {first} has it)"
                    told.append(sentence(file, line, ", ".join(key), ", ".join(cells), wanted))
        for column, field in fields.items():
            if key := field["refers"].get(name):
                told += _circle(file, column, key, lines)
        if name == "corrections" and not told:
            told += self._misfits()
        return told

    def _others(self, fields: Mapping[str, schema.Field]) -> schema.Others:
        """Give, by column, the rows of other tables that its cells may name."""
        others: schema.Others = defaultdict(dict)
        for column, field in fields.items():
            for name, key in field["refers"].items():
                others[column] |= {row[key]: row for _, row in self.lines(name)}
        return others

    def _misfits(self) -> Iterator[str]:
        """Give a sentence for each correction of what is not printed so, or to what cannot be."""
        fields, figures = self.resources["figures"]["fields"], self.lines("figures")
        others, rows = self._others(fields), {row["figure"]: row for _, row in figures}
        for line, told in self.lines("corrections"):
            figure, column, read_as = told["figure"], told["field"], told["read_as"]
            held = rows.get(figure, {}).get(column)
            if held != told["printed"]:
                wanted = f'"{held or ""}", which figures.csv holds in column {column} of {figure}'
                yield sentence("corrections.csv", line, "printed", told["printed"], wanted)
            elif wanted := schema.expected(fields[column], read_as, others[column]):
                yield sentence("corrections.csv", line, "read_as", read_as, wanted)

    def typed(self, name: str, rows: list[Row]) -> pd.DataFrame:
        """Give rows as a table, its columns of the types that the schema says."""
        fields = self.resources[name]["fields"]
        table = pd.DataFrame(rows, columns=list(fields), dtype="str")
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
    lines, problems = list[Line](), list[str]()
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
                told = f"found {len(cells)} cells, expected {len(header)}"
                hint = "a comma inside a cell needs quotes around it"
                problems.append(f"{path.name}, line {begin}: {told} ({hint})")
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


def _read(table: pd.DataFrame, rows: list[Row], reading: Reading) -> pd.DataFrame:
    """Put beside each row what its printed words say."""
    expect("reading", reading, READINGS)
    quantities = [schema.quantity(row) for row in rows]
    for column in (field.name for field in dataclasses.fields(Quantity)):
        table[column] = [getattr(quantity, column) for quantity in quantities]
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    return table
