"""Load the tables of ``data/``: checked against their schema, read into intervals, corrected.

The schema stands in one place, ``data/datapackage.json`` (Frictionless Data Package); types,
required cells, allowed values, keys and foreign keys are taken from it. Values and intervals are
not stored: `tradelib.parse` computes them from the printed words each time a table is loaded.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.quantity import READINGS, Quantity, Reading
from tradelib.wording import parse

Schema = dict[str, Any]
Row = dict[str, str]
_TYPES: Final = {
    "integer": (r"-?\d+", "a whole number", "Int64"),
    "year": (r"\d{4}", "a year of four digits", "Int64"),
    "number": (r"-?\d+(\.\d+)?", "a number", "Float64"),
}
"""By a field's type, where it is not text: the form of a cell, in words too, and pandas' type."""


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


class DataError(ValueError):
    """A table that is not as its schema says; one sentence for each thing that is wrong.

    ``problems`` holds the sentences, in the order of the file.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


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
        and years are ``Int64``, numbers ``Float64`` (missing where nothing is written).

    Raises
    ------
    DataError
        With every problem of the file: file, line, column, what was found, what was expected.
    KeyError
        If there is no such table.

    Examples
    --------
    >>> load_table("articles")["article"].tolist()
    ['surplus-2024', 'diversification-2025']
    """
    folder = data_folder(folder)
    known = _resources(folder)
    if name not in known:
        raise KeyError(f"no table {name!r} in datapackage.json, expected one of {list(known)}")
    fields = known[name]["schema"]["fields"]
    rows = _rows(known[name], folder)
    if problems := list(_problems(known[name], rows, folder)):
        raise DataError(problems)
    columns = [field["name"] for field in fields]
    table = pd.DataFrame([row for _, row in rows], columns=columns, dtype="str")
    for column, field in zip(columns, fields, strict=True):
        if field["type"] in _TYPES:
            cells = table[column].mask(table[column] == "")
            table[column] = cells.astype(_TYPES[field["type"]][2])
    table.attrs["lines"] = [line for line, _ in rows]
    return table


def load_optional(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as `load_table`, or none of its rows where the data package has no such table.

    >>> len(load_optional("partners")) == len(load_table("partners"))
    True
    """
    if name in _resources(data_folder(folder)):
        return load_table(name, folder)
    none = load_table(name).iloc[:0]
    none.attrs["lines"] = []
    return none


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
    figures = load_table("figures", folder)
    figures["corrections"] = ""
    if corrected:
        schema = _resources(data_folder(folder))["figures"]["schema"]
        _correct(figures, load_optional("corrections", folder), schema)
    return _read(figures, "figures.csv", reading)


def load_reference(
    *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load what others published on the same quantities, with what their words say.

    Parameters, columns and errors as in `load_figures`; the key is ``reference``.

    >>> reference = load_reference().set_index("reference")
    >>> reference.loc["ref-exports-2024", "surface"]
    '25.45 trillion yuan'
    """
    return _read(load_optional("reference", folder), "reference.csv", reading)


@cache
def _resources(folder: Path) -> dict[str, Schema]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([f"{path}: not found, expected the data package's descriptor"]) from None
    except json.JSONDecodeError as error:
        raise DataError([f"{path}: line {error.lineno}: {error.msg}, expected JSON"]) from None
    return {resource["name"]: resource for resource in package["resources"]}


def _rows(resource: Schema, folder: Path) -> list[tuple[int, Row]]:
    """Read the cells of a table as text, each row with the line it begins on."""
    path, names = folder / resource["path"], [f["name"] for f in resource["schema"]["fields"]]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError([f"{path.name}: not found in {path.parent.name}/"]) from None
    except UnicodeDecodeError as error:
        message = f"{path.name}: byte {error.start + 1} is not UTF-8, expected UTF-8 text"
        raise DataError([message]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Row]] = []
    problems = []
    try:
        header = next(reader, [])
        for place, (found, name) in enumerate(zip_longest(header, names), 1):
            if found != name:
                sides = [f'"{side}"' if side is not None else "nothing" for side in (found, name)]
                where = f"{path.name}, line 1, column {place}"
                raise DataError([f"{where}: found {sides[0]}, expected {sides[1]}"])
        begin = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(names):
                rows.append((begin, dict(zip(names, cells, strict=True))))
            elif cells:
                problems.append(
                    f"{path.name}, line {begin}: found {len(cells)} cells, expected {len(names)} "
                    "(a comma inside a cell needs quotes around it)"
                )
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{path.name}, line {reader.line_num}: {error}, expected CSV")
    if problems:
        raise DataError(problems)
    return rows


def _problems(resource: Schema, rows: list[tuple[int, Row]], folder: Path) -> Iterator[str]:
    """Give a sentence for each cell or row that is not as the schema says."""
    schema, file = resource["schema"], resource["path"]
    known: dict[str, tuple[set[str], str]] = {}
    for foreign in schema.get("foreignKeys", ()):
        target = _resources(folder)[foreign["reference"]["resource"]]
        (column,), (other,) = foreign["fields"], foreign["reference"]["fields"]
        known[column] = {row[other] for _, row in _rows(target, folder)}, target["path"]
    seen: dict[tuple[str, str], int] = {}
    keys: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        for field in schema["fields"]:
            name, cell = field["name"], row[field["name"]]
            expected = _expected(field, cell)
            first = seen.setdefault((name, cell), line)
            if not expected and first != line and field.get("constraints", {}).get("unique"):
                expected = f"a value not yet used (line {first} has it)"
            if not expected and cell and name in known and cell not in known[name][0]:
                expected = f"a name that stands in {known[name][1]}"
            if expected:
                yield _sentence(file, line, name, cell, expected)
        key = tuple(row[name] for name in schema["primaryKey"])
        first = keys.setdefault(key, line)
        if len(key) > 1 and first != line:
            columns, expected = ", ".join(schema["primaryKey"]), f"no repetition of line {first}"
            yield _sentence(file, line, columns, ", ".join(key), expected)


def _expected(field: Schema, cell: str) -> str:
    """Say what a cell should have held; nothing where it is as its field says."""
    rules = field.get("constraints", {})
    if cell != cell.strip():
        return "no white space at either end"
    if not cell:
        return "something: the column is required" if rules.get("required") else ""
    if field["type"] in _TYPES:
        form, words, _ = _TYPES[field["type"]]
        if not re.fullmatch(form, cell):
            return words
    if "enum" in rules and cell not in rules["enum"]:
        return f"one of {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return f"the form {rules['pattern']}"
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    return ""


def _sentence(file: str, line: int, column: str, found: str, expected: str) -> str:
    return f'{file}, line {line}, column {column}: found "{found}", expected {expected}'


def _correct(figures: pd.DataFrame, corrections: pd.DataFrame, schema: Schema) -> None:
    """Read labels as ``corrections.csv`` says; refuse a correction of what is no longer there."""
    fields = {field["name"]: field for field in schema["fields"]}
    position = {figure: row for row, figure in enumerate(figures["figure"])}
    problems = []
    for told in corrections.assign(line=corrections.attrs["lines"]).to_dict("records"):
        row, name, read_as = position[told["figure"]], told["field"], told["read_as"]
        cell: Any = figures.at[row, name]
        holds = "" if pd.isna(cell) else str(cell)
        column, expected = "read_as", _expected(fields[name], read_as)
        if holds != told["printed"]:
            place = f"which figures.csv holds in column {name} of {told['figure']}"
            column, expected = "printed", f'"{holds}", {place}'
        if expected:
            file, line = "corrections.csv", told["line"]
            problems.append(_sentence(file, line, column, told[column], expected))
        else:
            figures.at[row, name] = int(read_as) if fields[name]["type"] == "year" else read_as
            done: Any = figures.at[row, "corrections"]
            figures.at[row, "corrections"] = f"{done};{name}" if done else name
    if problems:
        raise DataError(problems)


def _read(table: pd.DataFrame, file: str, reading: Reading) -> pd.DataFrame:
    """Put beside each row what its printed words say."""
    if reading not in READINGS:
        raise ValueError(f"unknown reading {reading!r}, expected one of {', '.join(READINGS)}")
    quantities: list[Quantity] = []
    problems = []
    for row, line in zip(table.to_dict("records"), table.attrs.pop("lines"), strict=True):
        words = row["surface"]
        try:
            quantities.append(parse(words, row.get("direction", ""), row.get("unit_hint", "")))
        except ValueError as error:
            expected = f"words that give a figure: {error}"
            problems.append(_sentence(file, line, "surface", words, expected))
    if problems:
        raise DataError(problems)
    for column in (field.name for field in dataclasses.fields(Quantity)):
        table[column] = [getattr(quantity, column) for quantity in quantities]
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    return table
