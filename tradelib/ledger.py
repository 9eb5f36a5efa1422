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
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.quantity import READINGS, Quantity, Reading
from tradelib.wording import parse

Schema = dict[str, Any]
Row = dict[str, str]
_PANDAS: Final = {"integer": "Int64", "year": "Int64", "number": "Float64"}
_TYPES: Final = {
    "integer": (r"-?\d+", "a whole number"),
    "year": (r"\d{4}", "a year of four digits"),
    "number": (r"-?\d+(\.\d+)?", "a number"),
}


class DataError(ValueError):
    """A table that is not as its schema says; one sentence for each thing that is wrong.

    Attributes
    ----------
    problems
        The sentences, in the order of the file.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def data_folder() -> Path:
    """Where the tables are: inside the installed package, or beside it in a clone.

    >>> (data_folder() / "figures.csv").is_file()
    True
    """
    here = Path(__file__).parent
    inside = here / "data"
    return inside if inside.is_dir() else here.parent / "data"


def load_table(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as typed in the data package, without reading its words.

    Parameters
    ----------
    name
        A resource of ``datapackage.json``, such as ``figures`` or ``claims``.
    folder
        Folder with ``datapackage.json`` and the tables; the project's own by default.

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
    folder = data_folder() if folder is None else Path(folder)
    schemas = _schemas(folder)
    if name not in schemas:
        raise KeyError(f"no table {name!r} in datapackage.json, expected one of {list(schemas)}")
    schema = schemas[name]["schema"]
    rows = _rows(folder / schemas[name]["path"], schema)
    if problems := sorted(_problems(schemas[name], rows, folder), key=itemgetter(0)):
        raise DataError(sentence for _, sentence in problems)
    columns = [field["name"] for field in schema["fields"]]
    table = pd.DataFrame([row for _, row in rows], columns=columns, dtype="str")
    for field in schema["fields"]:
        if field["type"] in _PANDAS:
            column = table[field["name"]]
            table[field["name"]] = column.mask(column == "").astype(_PANDAS[field["type"]])
    table.attrs["lines"] = [line for line, _ in rows]
    return table


def load_optional(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as `load_table`, or none of its rows where the data package has no such table.

    >>> len(load_optional("partners")) == len(load_table("partners"))
    True
    """
    if folder is None or name in _schemas(Path(folder)):
        return load_table(name, folder)
    none = load_table(name).iloc[:0]
    none.attrs["lines"] = []
    return none


def load_figures(
    corrected: bool = True, *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load the ledger: every printed figure with what its words say.

    Parameters
    ----------
    corrected
        Whether labels are read as ``corrections.csv`` says, or as printed.
    reading
        What ``lower`` and ``upper`` mean: ``rounded``, or ``printed`` (rounded or cut off).
    folder
        As in `load_table`.

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
        schema = _schemas(data_folder() if folder is None else Path(folder))["figures"]["schema"]
        figures = _correct(figures, load_optional("corrections", folder), schema)
    return _read(figures, "figures.csv", reading)


def load_reference(
    *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load what others published on the same quantities, with what their words say.

    Parameters, columns and errors as in `load_figures`; the key is ``reference``.

    Examples
    --------
    >>> reference = load_reference().set_index("reference")
    >>> reference.loc["ref-exports-2024", "surface"]
    '25.45 trillion yuan'
    """
    return _read(load_optional("reference", folder), "reference.csv", reading)


@cache
def _schemas(folder: Path) -> dict[str, Schema]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([f"{path}: not found, expected the data package's descriptor"]) from None
    except json.JSONDecodeError as error:
        raise DataError([f"{path}: line {error.lineno}: {error.msg}, expected JSON"]) from None
    return {resource["name"]: resource for resource in package["resources"]}


def _rows(path: Path, schema: Schema) -> list[tuple[int, Row]]:
    """Read the cells of a table as text, each row with the line it begins on."""
    names = [field["name"] for field in schema["fields"]]
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


def _problems(
    resource: Schema, rows: list[tuple[int, Row]], folder: Path
) -> Iterator[tuple[int, str]]:
    """Give line and sentence of each cell or row that is not as the schema says."""
    schema, file = resource["schema"], resource["path"]
    known: dict[str, tuple[set[str], str]] = {}
    for foreign in schema.get("foreignKeys", ()):
        target = _schemas(folder)[foreign["reference"]["resource"]]
        (column,), (other,) = foreign["fields"], foreign["reference"]["fields"]
        names = {row[other] for _, row in _rows(folder / target["path"], target["schema"])}
        known[column] = names, target["path"]
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
                yield line, _sentence(file, line, name, cell, expected)
        key = tuple(row[name] for name in schema["primaryKey"])
        first = keys.setdefault(key, line)
        if len(key) > 1 and first != line:
            columns = ", ".join(schema["primaryKey"])
            yield (
                line,
                _sentence(file, line, columns, ", ".join(key), f"no repetition of line {first}"),
            )


def _expected(field: Schema, cell: str) -> str:
    """Say what a cell should have held; nothing where it is as its field says."""
    rules = field.get("constraints", {})
    type_rule, type_words = _TYPES.get(field["type"], ("", ""))
    if cell != cell.strip():
        return "no white space at either end"
    if not cell:
        return "something: the column is required" if rules.get("required") else ""
    if type_rule and not re.fullmatch(type_rule, cell):
        return type_words
    if "enum" in rules and cell not in rules["enum"]:
        return f"one of {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return f"the form {rules['pattern']}"
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    return ""


def _sentence(file: str, line: int, column: str, found: str, expected: str) -> str:
    return f'{file}, line {line}, column {column}: found "{found}", expected {expected}'


def _correct(figures: pd.DataFrame, corrections: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Read labels as ``corrections.csv`` says; refuse a correction of what is no longer there."""
    fields = {field["name"]: field for field in schema["fields"]}
    position = {figure: row for row, figure in enumerate(figures["figure"])}
    problems = []
    columns = corrections[["figure", "field", "printed", "read_as"]].itertuples(index=False)
    for line, (figure, name, printed, read_as) in zip(
        corrections.attrs["lines"], columns, strict=True
    ):
        row = position[figure]
        cell: Any = figures.at[row, name]
        holds = "" if pd.isna(cell) else str(cell)
        if holds != printed:
            expected = f'"{holds}", which figures.csv holds in column {name} of {figure}'
            problems.append(_sentence("corrections.csv", line, "printed", printed, expected))
        elif expected := _expected(fields[name], read_as):
            problems.append(_sentence("corrections.csv", line, "read_as", read_as, expected))
        else:
            figures.at[row, name] = int(read_as) if fields[name]["type"] == "year" else read_as
            done: Any = figures.at[row, "corrections"]
            figures.at[row, "corrections"] = f"{done};{name}" if done else name
    if problems:
        raise DataError(problems)
    return figures


def _read(table: pd.DataFrame, file: str, reading: Reading) -> pd.DataFrame:
    """Put beside each row what its printed words say."""
    if reading not in READINGS:
        raise ValueError(f"unknown reading {reading!r}, expected one of {', '.join(READINGS)}")
    quantities: list[Quantity] = []
    problems = []
    for row, line in zip(table.to_dict("records"), table.attrs.pop("lines"), strict=True):
        words = row["surface"], row.get("direction", ""), row.get("unit_hint", "")
        try:
            quantities.append(parse(*words))
        except ValueError as error:
            expected = f"words that give a figure: {error}"
            problems.append(_sentence(file, line, "surface", words[0], expected))
    if problems:
        raise DataError(problems)
    for column in (field.name for field in dataclasses.fields(Quantity)):
        table[column] = [getattr(quantity, column) for quantity in quantities]
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    return table
