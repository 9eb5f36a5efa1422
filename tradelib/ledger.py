"""Load the tables of ``data/``: checked against their schema, read into intervals, corrected.

The schema stands in one place, ``data/datapackage.json`` (Frictionless Data Package), and is read
by `tradelib.schema`. Values and intervals are not stored: `tradelib.parse` computes them from the
printed words each time a table is loaded.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib import schema
from tradelib.quantity import READINGS, Quantity, Reading
from tradelib.schema import TYPES, DataError, Resource, quoted
from tradelib.wording import parse

Line = tuple[int, dict[str, str]]
"""A row's cells by column, and the line of the file that it begins on."""

_ABOUT: Final = (
    *("reporter", "partner", "product", "flow", "measure", "period", "basis", "vintage"),
    *("currency_basis", "surface"),
)
NEEDED: Final = {
    "figures": ("figure", *_ABOUT),
    "reference": ("reference", *_ABOUT),
    "corrections": ("figure", "field", "printed", "read_as"),
}
"""By table, the columns without which nothing can be done."""
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


def sentence(file: str, line: int, column: str, found: str, expected: str) -> str:
    """Say in the house's form what is wrong with a cell.

    >>> sentence("figures.csv", 2, "flow", "sum", "one of exports, imports")
    'figures.csv, line 2, column flow: found "sum", expected one of exports, imports'
    """
    return f"{file}, line {line}, column {column}: found {quoted(found)}, expected {expected}"


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
        also if there is no such table.

    Examples
    --------
    >>> load_table("articles")["article"].tolist()
    ['surplus-2024', 'diversification-2025']
    """
    folder = data_folder(folder)
    known = schema.resources(folder)
    if name not in known:
        problem = f'datapackage.json: found no table "{name}", expected one of {", ".join(known)}'
        raise DataError([problem])
    fields = known[name]["schema"]["fields"]
    lines = _lines(known[name], folder)
    if problems := list(_problems(known[name], lines, _names(name, known, folder))):
        raise DataError(problems)
    columns = [field["name"] for field in fields]
    for column in NEEDED.get(name, ()):
        if column not in columns:
            raise DataError([f"datapackage.json: found no field {column} of {name}, expected one"])
    table = pd.DataFrame([row for _, row in lines], columns=columns, dtype="str")
    for column, field in zip(columns, fields, strict=True):
        if field["type"] != "string":
            cells: Any = table[column].mask(table[column] == "")
            table[column] = cells.astype(TYPES[field["type"]][2])
        elif column == "period":
            periods = [_period(cell) for cell in table[column]]
            finer = any(isinstance(period, str) for period in periods)
            table[column] = pd.Series(periods, dtype=object if finer else "Int64")
    table.attrs["lines"] = [line for line, _ in lines]
    return table


def load_optional(name: str, folder: Path | str | None = None) -> pd.DataFrame:
    """Load a table as `load_table`, or none of its rows where the data package has no such table.

    >>> len(load_optional("partners")) == len(load_table("partners"))
    True
    """
    folder = data_folder(folder)
    if name in schema.resources(folder) or (folder / f"{name}.csv").exists():
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
    problems = list(_correct(figures, data_folder(folder))) if corrected else []
    return _read(figures, "figures.csv", reading, problems)


def load_reference(
    *, reading: Reading = "rounded", folder: Path | str | None = None
) -> pd.DataFrame:
    """Load what others published on the same quantities, with what their words say.

    Parameters, columns and errors as in `load_figures`; the key is ``reference``.

    >>> reference = load_reference().set_index("reference")
    >>> reference.loc["ref-exports-2024", "surface"]
    '25.45 trillion yuan'
    """
    return _read(load_optional("reference", folder), "reference.csv", reading, [])


def read_lines(path: Path, header: Sequence[str]) -> list[Line]:
    """Read the cells of a CSV file as text; another header or row length is a DataError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # line ends inside of cells as they stand
    except FileNotFoundError:
        raise DataError([f"{path.name}: not found in {path.parent.name}/"]) from None
    except OSError as error:
        raise DataError([f"{path.name}: {error.strerror}, expected a CSV file"]) from None
    except UnicodeDecodeError as error:
        message = f"{path.name}: byte {error.start + 1} is not UTF-8, expected UTF-8 text"
        raise DataError([message]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    problems = []
    try:
        for place, (found, name) in enumerate(zip_longest(next(reader, []), header), 1):
            if found != name:
                sides = ["nothing" if side is None else quoted(side) for side in (found, name)]
                where = f"{path.name}, line 1, column {place}"
                raise DataError([f"{where}: found {sides[0]}, expected {sides[1]}"])
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


def _period(cell: str) -> Any:
    """A year as a number, anything finer (``2025-Q1``) as text, missing where nothing stands."""
    return int(cell) if cell.isdigit() else cell or pd.NA


def _lines(resource: Resource, folder: Path) -> list[Line]:
    header = [field["name"] for field in resource["schema"]["fields"]]
    return read_lines(folder / resource["path"], header)


def _names(name: str, known: Mapping[str, Resource], folder: Path) -> dict[str, dict[str, str]]:
    """Give, for each column that names rows of other tables, the names there with their file."""
    names: dict[str, dict[str, str]] = {}
    for column, targets in schema.references(known[name]).items():
        names[column] = {}
        for target in (known[target] for target in targets):
            (key,) = target["schema"]["primaryKey"]
            names[column] |= {row[key]: target["path"] for _, row in _lines(target, folder)}
    return names


def _problems(
    resource: Resource, lines: list[Line], names: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Give a sentence for each cell or row that is not as the schema says."""
    file, rules = resource["path"], resource["schema"]
    seen: dict[tuple[str, ...], int] = {}
    for line, row in lines:
        for field in rules["fields"]:
            name, cell = field["name"], row[field["name"]]
            expected = schema.expected(field, cell) or _unknown(field, cell, names.get(name))
            first = seen.setdefault((name, cell), line)
            unique = field.get("constraints", {}).get("unique") or rules["primaryKey"] == [name]
            if not expected and first != line and unique:
                expected = f"a value not yet used (line {first} has it)"
            if expected:
                yield sentence(file, line, name, cell, expected)
        key = tuple(row[name] for name in rules["primaryKey"])
        first = seen.setdefault(("", *key), line)
        if len(key) > 1 and first != line:
            columns, expected = ", ".join(rules["primaryKey"]), f"no repetition of line {first}"
            yield sentence(file, line, columns, ", ".join(key), expected)
    for column, targets in schema.references(resource).items():
        if targets == [resource["name"]]:
            yield from _circles(file, column, rules["primaryKey"][0], lines)


def _unknown(field: Mapping[str, Any], cell: str, names: Mapping[str, str] | None) -> str:
    """Say which names a cell should have held, where it holds one that no table has."""
    if names is None or not cell:
        return ""
    listed = cell.split(";") if "namesOf" in field else [cell]
    wrong = [name for name in listed if name not in names]
    files = " or ".join(sorted(set(names.values())))
    if not wrong or len(listed) == 1:
        return f"a name that stands in {files}" if wrong else ""
    return f'names that stand in {files}, which "{wrong[0]}" does not'


def _circles(file: str, column: str, key: str, lines: list[Line]) -> Iterator[str]:
    """Give a sentence for each circle of rows of which each names the next as its whole."""
    above = {row[key]: row[column] for _, row in lines}
    told: set[str] = set()
    for line, row in lines:
        way = [row[key]]
        while above.get(way[-1], "") and above[way[-1]] not in way:
            way.append(above[way[-1]])
        if above.get(way[-1]) == row[key] and row[key] not in told:
            told.update(way)
            expected = f"no circle: {' is part of '.join((*way, row[key]))}"
            yield sentence(file, line, column, row[column], expected)


def _correct(figures: pd.DataFrame, folder: Path) -> Iterator[str]:
    """Read labels as ``corrections.csv`` says; tell where what it corrects is no longer there."""
    corrections, known = load_optional("corrections", folder), schema.resources(folder)
    fields = {field["name"]: field for field in known["figures"]["schema"]["fields"]}
    names = _names("figures", known, folder)
    position = {figure: row for row, figure in enumerate(figures["figure"])}
    for line, told in zip(corrections.attrs["lines"], corrections.to_dict("records"), strict=True):
        row, name, read_as = position.get(told["figure"]), told["field"], told["read_as"]
        field = fields.get(name)
        if row is None:
            column, expected = "figure", "a name that stands in figures.csv"
        elif field is None:
            column, expected = "field", f"one of {', '.join(fields)}"
        else:
            cell: Any = figures.at[row, name]
            holds = "" if pd.isna(cell) else str(cell)
            column, expected = "read_as", schema.expected(field, read_as)
            expected = expected or _unknown(field, read_as, names.get(name))
            if holds != told["printed"]:
                place = f"which figures.csv holds in column {name} of {told['figure']}"
                column, expected = "printed", f'"{holds}", {place}'
        if field is None or expected:
            yield sentence("corrections.csv", line, column, told[column], expected)
            continue
        number: Any = pd.NA if read_as == "" else read_as
        value: Any = read_as if field["type"] == "string" else pd.to_numeric(number)
        if name == "period":
            value = _period(read_as)
            if isinstance(value, str):
                figures[name] = figures[name].astype(object)
        figures.at[row, name] = value
        done: Any = figures.at[row, "corrections"]
        figures.at[row, "corrections"] = f"{done};{name}" if done else name


def _read(table: pd.DataFrame, file: str, reading: Reading, problems: list[str]) -> pd.DataFrame:
    """Put beside each row what its printed words say."""
    if reading not in READINGS:
        raise ValueError(f"unknown reading {reading!r}, expected one of {', '.join(READINGS)}")
    quantities: list[Quantity] = []
    for row, line in zip(table.to_dict("records"), table.attrs.pop("lines"), strict=True):
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
