"""Load the tables of ``data/``: checked against their schema, read into intervals, corrected.

The schema stands in one place, ``data/datapackage.json`` (Frictionless Data Package); types,
required cells, allowed values, keys and foreign keys are taken from it. Values and intervals are
not stored: `tradelib.parse` computes them from the printed words each time a table is loaded.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.quantity import READINGS, Quantity, Reading
from tradelib.wording import parse

QUANTITY_COLUMNS: Final = (
    "kind",
    "value",
    "lower",
    "upper",
    "unit",
    "hedge",
    "printed_lower",
    "printed_upper",
)
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
        One row a line. Text columns hold text (empty where nothing is written), whole numbers
        and years are ``Int64`` (missing where nothing is written), numbers are floats.

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
    rows, lines = _rows(folder / schemas[name]["path"], schemas[name]["schema"])
    problems = list(_check(schemas[name], rows, lines, folder, schemas))
    if problems:
        raise DataError(problems)
    return _typed(rows, lines, schemas[name]["schema"])


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
    >>> figures = load_figures().set_index("figure")
    >>> figures.loc["exports-growth-2024", ["surface", "lower", "upper", "hedge"]].tolist()
    ['over 7%', 0.07, 0.08, 'over']
    >>> load_figures(corrected=False).set_index("figure").loc["trade-2025", "flow"]
    'exports'
    """
    figures = load_table("figures", folder)
    figures["corrections"] = ""
    if corrected:
        schema = _schemas(data_folder() if folder is None else Path(folder))["figures"]["schema"]
        figures = _correct(figures, load_table("corrections", folder), schema)
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
    return _read(load_table("reference", folder), "reference.csv", reading)


@cache
def _schemas(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([f"{path}: not found, expected the data package's descriptor"]) from None
    except json.JSONDecodeError as error:
        raise DataError([f"{path}: line {error.lineno}: {error.msg}, expected JSON"]) from None
    return {resource["name"]: resource for resource in package["resources"]}


def _rows(path: Path, schema: dict[str, Any]) -> tuple[list[dict[str, str]], list[int]]:
    """Read the cells of a table as text, with the line each row begins on."""
    names = [field["name"] for field in schema["fields"]]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError([f"{path.name}: not found in {path.parent.name}/"]) from None
    except UnicodeDecodeError as error:
        message = f"{path.name}: byte {error.start + 1} is not UTF-8, expected UTF-8 text"
        raise DataError([message]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    problems: list[str] = []
    try:
        header = next(reader, [])
        if header != names:
            wrong = next(
                (i for i, (a, b) in enumerate(zip(header, names, strict=False)) if a != b),
                min(len(header), len(names)),
            )
            found = f'"{header[wrong]}"' if wrong < len(header) else "nothing"
            expected = f'"{names[wrong]}"' if wrong < len(names) else "nothing"
            message = f"{path.name}, line 1, column {wrong + 1}: found {found}, expected {expected}"
            raise DataError([message])
        begin = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(names):
                rows.append(dict(zip(names, cells, strict=True)))
                lines.append(begin)
            elif cells:
                problems.append(
                    f"{path.name}, line {begin}: found {len(cells)} cells, "
                    f"expected {len(names)} (a comma inside a cell needs quotes around it)"
                )
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{path.name}, line {reader.line_num}: {error}, expected CSV")
    if problems:
        raise DataError(problems)
    return rows, lines


def _check(
    resource: dict[str, Any],
    rows: list[dict[str, str]],
    lines: list[int],
    folder: Path,
    schemas: dict[str, dict[str, Any]],
) -> Iterable[str]:
    """Give a sentence for each cell or row that is not as the schema says, by line."""
    schema, file = resource["schema"], resource["path"]
    found: list[tuple[int, str]] = []

    def report(line: int, column: str, cell: str, expected: str) -> None:
        found.append(
            (line, f'{file}, line {line}, column {column}: found "{cell}", expected {expected}')
        )

    for field in schema["fields"]:
        name, seen = field["name"], dict[str, int]()
        for row, line in zip(rows, lines, strict=True):
            cell = row[name]
            if expected := _expected(field, cell):
                report(line, name, cell, expected)
            elif field.get("constraints", {}).get("unique") and cell in seen:
                report(line, name, cell, f"a value not yet used (line {seen[cell]} has it)")
            seen.setdefault(cell, line)
    keys: dict[tuple[str, ...], int] = {}
    names = schema["primaryKey"]
    for row, line in zip(rows, lines, strict=True):
        key = tuple(row[name] for name in names)
        if len(names) > 1 and key in keys:
            report(line, ", ".join(names), ", ".join(key), f"no repetition of line {keys[key]}")
        keys.setdefault(key, line)
    for foreign in schema.get("foreignKeys", []):
        (column,), (other,) = foreign["fields"], foreign["reference"]["fields"]
        target = schemas[foreign["reference"]["resource"]]
        known = {row[other] for row in _rows(folder / target["path"], target["schema"])[0]}
        for row, line in zip(rows, lines, strict=True):
            if row[column] and row[column] not in known:
                report(line, column, row[column], f"a name that stands in {target['path']}")
    return [sentence for _, sentence in sorted(found, key=lambda entry: entry[0])]


def _expected(field: dict[str, Any], cell: str) -> str:
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


def _typed(rows: list[dict[str, str]], lines: list[int], schema: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[field["name"] for field in schema["fields"]], dtype="str")
    for field in schema["fields"]:
        column = table[field["name"]]
        if field["type"] in ("integer", "year"):
            table[field["name"]] = column.map(lambda cell: int(cell) if cell else pd.NA).astype(
                "Int64"
            )
        elif field["type"] == "number":
            table[field["name"]] = column.map(lambda cell: float(cell) if cell else None).astype(
                "Float64" if (column == "").any() else "float64"
            )
    table.attrs["lines"] = lines
    return table


def _correct(
    figures: pd.DataFrame, corrections: pd.DataFrame, schema: dict[str, Any]
) -> pd.DataFrame:
    """Read labels as ``corrections.csv`` says; refuse a correction of what is no longer there."""
    fields = {field["name"]: field for field in schema["fields"]}
    position = {figure: row for row, figure in enumerate(figures["figure"])}
    problems = []
    columns = ["figure", "field", "printed", "read_as"]
    for line, (figure, name, printed, read_as) in zip(
        corrections.attrs["lines"], corrections[columns].itertuples(index=False), strict=True
    ):
        row = position[figure]
        cell: Any = figures.at[row, name]
        holds = "" if pd.isna(cell) else str(cell)
        if holds != printed:
            problems.append(
                f'corrections.csv, line {line}, column printed: found "{printed}", expected '
                f'"{holds}", which figures.csv holds in column {name} of {figure}'
            )
        elif expected := _expected(fields[name], read_as):
            problems.append(
                f'corrections.csv, line {line}, column read_as: found "{read_as}", '
                f"expected {expected}"
            )
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
    problems: list[str] = []
    for row, line in zip(table.to_dict("records"), table.attrs["lines"], strict=True):
        try:
            quantities.append(
                parse(row["surface"], row.get("direction", ""), row.get("unit_hint", ""))
            )
        except ValueError as error:
            problems.append(
                f'{file}, line {line}, column surface: found "{row["surface"]}", '
                f"expected words that give a figure: {error}"
            )
    if problems:
        raise DataError(problems)
    for column in QUANTITY_COLUMNS:
        table[column] = [getattr(quantity, column) for quantity in quantities]
    if reading == "printed":
        table[["lower", "upper"]] = table[["printed_lower", "printed_upper"]]
    del table.attrs["lines"]
    return table
