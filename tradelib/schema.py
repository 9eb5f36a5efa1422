"""The schema of the tables: ``datapackage.json``, refused in a sentence where it is not sound.

What may stand there of the Frictionless Data Package is told by ``datapackage.schema.json``; any
other type or constraint is an error, so that none is left unchecked. Beyond the standard, a field
may have ``namesOf``: its cells hold keys of rows of these resources, separated by semicolons.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import fastjsonschema

from tradelib.quantity import KINDS, Quantity
from tradelib.wording import parse

Row = dict[str, str]
Lines = dict[int, Row]  # a table's rows, by the line of the file on which each ends
Others = defaultdict[str, dict[str, Row]]  # by column, the rows that its cells may name, by name
FILE: Final = "datapackage.json"
TEXT: Final = r"(?!\s)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*(?<!\s)"
TYPES: Final = {  # the form of a cell, in words too, and pandas' type
    "string": (TEXT, "no control characters, and no white space at either end", "str"),
    "integer": ("-?[0-9]{1,18}", "a whole number of at most 18 digits", "Int64"),
    "year": ("[0-9]{4}", "a year of four digits", "Int64"),
    "number": (r"-?[0-9]{1,18}(\.[0-9]{1,18})?", "a number", "Float64"),
}
PARSED: Final = lru_cache(maxsize=10_000)(parse)  # words are read each time a table is checked
VALIDATE: Final = fastjsonschema.compile(
    json.loads(Path(__file__).with_name("datapackage.schema.json").read_text("utf-8"))
)


class DataError(ValueError):
    """A table that is not as its schema says; ``problems`` has a sentence for each thing wrong."""

    def __init__(self, problems: Iterable[str]):
        self.problems = [re.sub(r"[\x00-\x1f\x7f]+", " ", problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def resources(folder: Path) -> dict[str, dict[str, Any]]:
    """Read what ``datapackage.json`` in a folder says of each table, by name, or a DataError.

    To each are added its ``fields`` by name and its unique ``keys``, and to a field the tables that
    it ``refers`` to, by their first key.
    """
    text = read_text(folder / FILE)
    try:
        described = VALIDATE(json.loads(text))["resources"]
    except fastjsonschema.JsonSchemaValueException as error:
        steps = [f" {int(s) + 1}" if s.isdigit() else f", {s}" for s in error.path[1:]]
        raise _doubt("".join(steps), error.value, error.definition["description"]) from None
    except (ValueError, RecursionError) as error:
        raise DataError([f"{folder / FILE}: {error}, expected JSON"]) from None
    tables = {table["name"]: table for table in described}
    if len(tables) < len(described):
        raise _doubt(", resources", [table["name"] for table in described], "each name once")
    for name, table in tables.items():
        schema = table["schema"]
        table["fields"] = fields = {field["name"]: field for field in schema["fields"]}
        refers = {column: field.get("namesOf", []) for column, field in fields.items()}
        for foreign in schema.get("foreignKeys", ()):
            refers[foreign["fields"][0]] = [foreign["reference"]["resource"] or name]
        for column in (*refers, *schema["primaryKey"]):
            if column not in fields:
                raise _doubt(f", resource {name}", column, "the name of a field")
            fields[column]["refers"] = refers[column]
        unique = [(key,) for key in fields if fields[key].get("constraints", {}).get("unique")]
        table["keys"] = list(dict.fromkeys([tuple(schema["primaryKey"]), *unique]))
    return tables


def _doubt(place: str, found: Any, wanted: str) -> DataError:
    return DataError([f"{FILE}{place}: found {quoted(found)}, expected {wanted}"])


def read_text(path: Path) -> str:
    """Read a file, with or without a byte order mark, line ends as they stand, or a DataError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = f"{error.strerror}, expected a file"
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8, expected UTF-8 text"
    raise DataError([f"{path}: {problem}"])


def expected(field: Mapping[str, Any], cell: str, others: Mapping[str, Row]) -> str:
    """Say what a cell should have held, if not that; ``others`` are the rows that it may name."""
    rules = field.get("constraints", {})
    form, words, _ = TYPES[field["type"]]
    if not cell:
        return "something: the column is required" if rules.get("required") else ""
    if not re.fullmatch(form, cell):
        return words
    if "enum" in rules and cell not in rules["enum"]:
        return f"one of {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return f"a form such as {field['example']}" if "example" in field else rules["pattern"]
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    for name in cell.split(";") if "namesOf" in field else [cell]:
        if field["refers"] and name not in others:
            files = " or ".join(f"{table}.csv" for table in field["refers"])
            return f"a name that stands in {files}" + (f', not "{name}"' if name != cell else "")
    return ""


def implausible(row: Row, others: Others) -> Iterator[tuple[str, str]]:
    """Give each column of a row that does not fit the rest, and what was expected there."""
    cells = defaultdict(str, row)
    period, basis, measure = cells["period"], cells["basis"], cells["measure"]
    published = others["article"].get(cells["article"], cells)["published"][:4]
    for column in ("year", "period", "since"):
        if published and cells[column][:4] > published:
            yield column, f"a time up to {published}"
    if (ends := period.split("/")) != sorted(ends):
        yield "period", "a period that begins before it ends"
    if published and cells["vintage"] not in ("", published):
        yield "vintage", f"{published}, the year of publication"
    forms = {re.sub("[0-9]", "0", time) for time in (basis, period)}  # a year, a quarter, a month
    growing = measure in ("growth", "units growth") and basis and period
    if growing and (len(forms) > 1 or basis >= period):
        yield "basis", f"an earlier period of the same length as {period}"
    if measure == "share" and "basis" in row and not re.search("[a-z]", basis):
        yield "basis", "what it is a share of, such as exports or trade"
    held = others["figure"].get(cells["figure"], {}).get(cells["field"], cells["printed"])
    if held != cells["printed"]:
        yield "printed", f'"{held}", as {cells["figure"]} has it in column {cells["field"]}'
    known = others["measure"].get(measure)
    kinds = known["kinds"].split(";") if known else KINDS
    for column in ("surface", "threshold"):
        try:
            if cells[column] and quantity(row, column).kind not in kinds:
                yield column, f"words for {' or '.join(kinds)}, which the measure {measure} has"
        except ValueError as error:
            yield column, f"words that give a figure: {error}"


def quantity(row: Mapping[Any, Any], column: str = "surface") -> Quantity:
    """Give what the words of a row say."""
    return PARSED(row[column], row.get("direction", ""), row.get("unit_hint", ""))


def sentence(file: str, line: int, column: str, found: str, expected: str) -> str:
    """Say in the house's form what is wrong with a cell."""
    return f"{file}, line {line}, column {column}: found {quoted(found)}, expected {expected}"


def quoted(found: Any) -> str:
    """Quote what was found, JSON's values as they are written there, shortened where it is long."""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return f'"{text}"' if len(text) <= 100 else f'"{text[:99]}…"'
