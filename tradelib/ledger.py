"""Load the tables of ``data/``: checked against their schema, read into intervals, corrected.

Values and intervals are not stored: `tradelib.parse` computes them from the printed words.
"""

from __future__ import annotations

import csv
import dataclasses
import graphlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib import schema
from tradelib.quantity import READINGS, Quantity, Reading, expect
from tradelib.schema import TYPES, DataError, Lines, Row, quoted, sentence

Where = Path | str | None
HOME: Final = "China"
"""Whose trade the articles report; phrases leave this reporter out."""
TOWARDS: Final = {"exports": "to", "imports": "from"}
REVISION: Final = 0.018
"""How far two releases of one amount may lie apart, as a share of it. The largest revision of the
customs in reference.csv is 1.7 percent, of chip exports of 2022, first 1,025.4 billion yuan."""
CHANGING: Final = 0.07
"""The same for an initiative, whose list of members changes: 6.4 percent, of trade with the Belt
and Road of 2023, first 19.47 trillion yuan. ``tests/auditing/test_audit.py`` computes both."""
OVERLAPPING: Final = ("initiative", "class")  # kinds that overlap others: parts of nothing


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


def data_folder(folder: Where = None) -> Path:
    """Where the tables are: as asked, else inside the package, or in a clone beside it."""
    if folder is not None:
        return Path(folder)
    inside = Path(__file__).with_name("data")
    return inside if inside.is_dir() else inside.parents[1] / "data"


def load_table(name: str, folder: Where = None) -> pd.DataFrame:
    """Load a table as typed in the data package, its words not read.

    The ``name`` is a resource of ``datapackage.json``, such as ``figures``; that and the tables
    stand in ``folder``, our own by default. A table of ours that a folder neither describes nor has
    is empty. Gives one row a line: text (empty where nothing is written), whole numbers and years
    as ``Int64``, numbers as ``Float64`` (missing where nothing is). A period is a year, as a
    number, or text where it is finer (``2025-Q1``): ``object`` if any is. Tables that `check` would
    find fault with are a DataError, a sentence for each problem.

    >>> load_table("articles")["article"].tolist()[:2]
    ['surplus-2024', 'diversification-2025']
    """
    tables = Tables(folder)
    return tables.typed(name, tables.sound(name).values())


def load_figures(
    corrected: bool = True, *, reading: Reading = "rounded", folder: Where = None
) -> pd.DataFrame:
    """Load the ledger, from a folder as in `load_table`: every figure with what its words say.

    Labels are ``corrected`` as ``corrections.csv`` says, or left as printed. The ``reading`` of
    ``lower`` and ``upper`` is ``rounded``, or ``printed`` (rounded or cut off); any other is a
    ValueError. Gives the columns of ``figures.csv``, then ``corrections`` (the columns read
    otherwise than printed, separated by semicolons), then those of `Quantity`; amounts in single
    units, rates as fractions.

    >>> growth = load_figures().set_index("figure").loc["exports-growth-2024"]
    >>> growth["surface"], growth["hedge"], float(growth["lower"]), float(growth["upper"])
    ('over 7%', 'over', 0.07, 0.08)
    """
    tables = Tables(folder)
    tables.sound("corrections" if corrected else "figures")
    rows = (tables.corrected() if corrected else tables.lines("figures")).values()
    table = tables.typed("figures", rows)
    table["corrections"] = [row.get("corrections", "") for row in rows]
    return with_words(table, reading)


def load_reference(*, reading: Reading = "rounded", folder: Where = None) -> pd.DataFrame:
    """Load what others published on the same quantities, with what their words say.

    Parameters, columns and errors as in `load_figures`; the key is ``reference``.

    >>> load_reference().loc[0, ["reference", "surface"]].tolist()
    ['ref-trade-2015', '24.59 trillion yuan']
    """
    return with_words(load_table("reference", folder), reading)


def with_words(table: pd.DataFrame, reading: Reading = "rounded") -> pd.DataFrame:
    """Put beside each row what its printed words say: the columns of `Quantity`."""
    expect("reading", reading, READINGS)
    columns = [field.name for field in dataclasses.fields(Quantity)]
    said = [schema.quantity(row) for row in table.to_dict("records")]
    table = table.join(pd.DataFrame(said, table.index, columns))
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    return table


class Tables:
    """The tables of a folder as text, and what ``datapackage.json`` says of them."""

    def __init__(self, folder: Where = None):
        self.folder = data_folder(folder)
        own, described = schema.resources(data_folder()), schema.resources(self.folder)
        self.resources = own | described
        for name in own:  # a column that is not described is, as ours, expected in the file
            for column, field in own[name]["fields"].items():
                self.resources[name]["fields"].setdefault(column, field)
        missing = (name for name in own if not (self.folder / own[name]["path"]).exists())
        self._lines: dict[str, Lines] = {name: {} for name in missing if name not in described}

    def lines(self, name: str) -> Lines:
        """Read a table's rows; their cells may be wrong, the columns are those of its schema."""
        if name not in self.resources:
            known = ", ".join(self.resources)
            raise DataError([f'{schema.FILE}: found no table "{name}", expected one of {known}'])
        if name not in self._lines:
            table = self.resources[name]
            self._lines[name] = read_lines(self.folder / table["path"], list(table["fields"]))
        return self._lines[name]

    def sound(self, name: str) -> Lines:
        """Read a table's rows; whatever is not as it should be is a DataError."""
        lines = self._sound(name, self.lines(name), self.resources[name]["path"])
        if name == "corrections" and self.sound("figures"):
            other = {line: row for line, row in self.corrected().items() if row["corrections"]}
            self._sound("figures", other, "figures.csv as corrected")
        return lines

    def corrected(self) -> Lines:
        """Give the ledger's rows as corrections say, each with the columns in ``corrections``."""
        lines = {line: row | {"corrections": ""} for line, row in self.lines("figures").items()}
        figures = {row["figure"]: row for row in lines.values()}
        for line, told in self.lines("corrections").items():
            name, column = told["figure"], told["field"]
            if name not in figures:
                wanted = "a name of figures.csv"
                raise DataError([sentence("corrections.csv", line, "figure", name, wanted)])
            row = figures[name]
            row[column] = told["read_as"]
            row["corrections"] = ";".join(filter(None, (row["corrections"], column)))
        return lines

    def _sound(self, name: str, lines: Lines, file: str) -> Lines:
        fields, told, others = self.resources[name]["fields"], list[str](), schema.Others(dict)
        for column, field in fields.items():
            for other in field["refers"]:
                rows, key = self.lines(other).values(), self.resources[other]["keys"][0][0]
                others[column] |= {row[key]: row for row in rows}
            if name in field["refers"]:
                told += _circle(file, column, others[column], lines)
        seen = dict[tuple[str, ...], int]()
        for line, row in lines.items():
            unfit = dict(schema.implausible(row, others))
            for column, field in fields.items():
                cell = row[column]
                if wanted := schema.expected(field, cell, others[column]) or unfit.get(column):
                    told.append(sentence(file, line, column, cell, wanted))
            for key in self.resources[name]["keys"]:
                cells = [row[column] for column in key]
                if (first := seen.setdefault((*key, *cells), line)) != line and any(cells):
                    wanted = f"a value not yet used (line {first} has it)"
                    told.append(sentence(file, line, ", ".join(key), ", ".join(cells), wanted))
        if told:
            raise DataError(told)
        return lines

    def typed(self, name: str, rows: Iterable[Row]) -> pd.DataFrame:
        """Give rows as a table, its columns of the types that the schema says."""
        fields = self.resources[name]["fields"]
        table = pd.DataFrame(rows, columns=list(fields), dtype="str")
        for column, field in fields.items():
            if field["type"] != "string":
                table[column] = table[column].replace("", pd.NA).astype(TYPES[field["type"]][2])
            elif column == "period":  # a year as a number, what is finer (2025-Q1) as text
                periods = [int(cell) if cell.isdigit() else cell or pd.NA for cell in table[column]]
                finer = any(isinstance(period, str) for period in periods)
                table[column] = pd.Series(periods, dtype=object if finer else "Int64")
        return table


def _circle(file: str, column: str, rows: dict[str, Row], lines: Lines) -> Iterator[str]:
    try:
        graphlib.TopologicalSorter({name: [row[column]] for name, row in rows.items()}).prepare()
    except graphlib.CycleError as error:
        part, *wholes = reversed(error.args[1])
        line = next(line for line, row in lines.items() if row is rows[part])
        wanted = f"no circle: {' is part of '.join((part, *wholes))}"
        yield sentence(file, line, column, wholes[0], wanted)


def read_lines(path: Path, header: Sequence[str]) -> Lines:
    """Read the cells of a CSV file as text; another header or row length is a DataError."""
    reader = csv.DictReader(io.StringIO(schema.read_text(path), newline=""), strict=True)
    lines, problems = dict[int, Row](), list[str]()
    try:
        sides = zip_longest(reader.fieldnames or (), header, fillvalue="")
        for place, (found, name) in enumerate(sides, 1):
            if found != name:
                raise DataError([sentence(path.name, 1, str(place), found, quoted(name))])
        for row in reader:
            lines[reader.line_num] = row
            if None in row or None in row.values():
                told = f"found {'more' if None in row else 'fewer'} cells, expected {len(header)}"
                told += " (a comma inside a cell needs quotes around it)"
                problems.append(f"{path.name}, line {reader.line_num}: {told}")
    except csv.Error as error:
        problems.append(f"{path.name}, line {reader.reader.line_num}: {error}, expected CSV")
    if problems:
        raise DataError(problems)
    return lines


class Tree:
    """Of what partners and products are parts, as ``partners.csv`` and ``products.csv`` have it.

    ``kinds`` and ``part_of`` have by ``partner`` and by ``product`` the kind of each name and what
    it is part of, ``in_words`` how a sentence says a partner, ``sums`` of each line of a group that
    is the sum of its lines the group and all its lines.
    """

    def __init__(self, folder: Where = None):
        tables = {c: load_table(f"{c}s", folder).set_index(c) for c in ("partner", "product")}
        self.kinds = {column: dict(table["kind"]) for column, table in tables.items()}
        self.part_of = {column: dict(table["part_of"]) for column, table in tables.items()}
        self.in_words = {**tables["partner"]["in_words"], "World": "World"}  # which none says
        products = tables["product"]
        self.sums: dict[str, tuple[str, tuple[str, ...]]] = {}
        for group, count in products["lines"].dropna().items():
            lines = tuple(products.index[products["part_of"] == group])
            if len(lines) == count:
                self.sums |= dict.fromkeys(lines, (str(group), lines))

    def above(self, column: str, name: str) -> Iterator[str]:
        """The wholes above a name, the nearest first; none above one that overlaps others."""
        whole = "" if self.kinds[column].get(name) in OVERLAPPING else name
        while whole := self.part_of[column].get(whole, ""):
            yield whole

    def room(self, partner: str) -> float:
        """The allowance for revisions of amounts with a partner, as a share."""
        return CHANGING if self.kinds["partner"].get(partner) == "initiative" else REVISION
