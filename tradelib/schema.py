"""The schema of the tables: ``datapackage.json``, refused in a sentence where it is not sound.

What may stand there of the Frictionless Data Package is told by ``datapackage.schema.json``; a type
or a constraint that it does not tell is an error, so that none is silently left unchecked. Beyond
the standard, a field may have ``namesOf``: its cells hold names separated by semicolons, each of
which is the key of a row of one of these resources.
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

from tradelib.quantity import Quantity
from tradelib.wording import parse

Row = dict[str, str]
Line = tuple[int, Row]
"""The line of the file that a row begins on, and the row's cells by column."""
Resource = dict[str, Any]
Field = dict[str, Any]
Others = defaultdict[str, dict[str, Row]]
"""By column, the rows of other tables that its cells may name, by name."""
FILE: Final = "datapackage.json"
TYPES: Final = {
    "string": ("", "", "str"),
    "integer": ("-?[0-9]{1,18}", "a whole number of at most 18 digits", "Int64"),
    "year": ("[0-9]{4}", "a year of four digits", "Int64"),
    "number": (r"-?[0-9]{1,18}(\.[0-9]{1,18})?", "a number", "Float64"),
}
"""By a field's type: the form of a cell, in words too, and pandas' type."""
VALIDATE: Final = fastjsonschema.compile(
    json.loads(Path(__file__).with_name("datapackage.schema.json").read_text("utf-8"))
)


class DataError(ValueError):
    """A table that is not as its schema says; one sentence for each thing that is wrong.

    ``problems`` holds the sentences, in the order of the file, each on one line.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = [re.sub(r"[\x00-\x1f\x7f]+", " ", problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def resources(folder: Path) -> dict[str, Resource]:
    """Read what ``datapackage.json`` in a folder says of each table, by its name.

    To each are added its ``fields`` by name, and to a field the columns that it ``refers`` to, by
    table. The first thing there that is not as it should be is a DataError that says where.

    >>> from tradelib.ledger import data_folder
    >>> resources(data_folder())["corrections"]["fields"]["figure"]["refers"]
    {'figures': 'figure'}
    """
    text = read_text(folder / FILE)
    try:
        described = VALIDATE(json.loads(text))["resources"]
    except fastjsonschema.JsonSchemaValueException as error:
        steps = [f" {int(s) + 1}" if s.isdigit() else f", {s}" for s in error.path[1:]]
        raise _doubt("".join(steps), error.value, error.definition["description"]) from None
    except (ValueError, RecursionError) as error:
        raise DataError([f"{folder / FILE}: {error}, expected JSON"]) from None
    tables = {resource["name"]: resource for resource in described}
    if len(tables) < len(described):
        raise _doubt(", resources", [resource["name"] for resource in described], "each name once")
    for table in described:
        table["fields"] = {field["name"]: field for field in table["schema"]["fields"]}
    for name, table in tables.items():
        try:
            _link(table, tables)
        except KeyError as error:
            found, wanted = error.args[0], "the name of a field or of a resource"
            raise _doubt(f", resource {name}", found, wanted) from None
    return tables


def _link(table: Resource, tables: Mapping[str, Resource]) -> None:
    """Note a table's keys and what its fields refer to; a name that nothing has is a KeyError."""
    fields, schema = table["fields"], table["schema"]
    unique = [(name,) for name in fields if fields[name].get("constraints", {}).get("unique")]
    primary = tuple(fields[name]["name"] for name in schema["primaryKey"])
    table["keys"] = list(dict.fromkeys([primary, *unique]))
    for field in fields.values():
        names = field.get("namesOf", ())
        field["refers"] = {name: tables[name]["schema"]["primaryKey"][0] for name in names}
    for foreign in schema.get("foreignKeys", ()):
        other = tables[foreign["reference"]["resource"] or table["name"]]
        column = other["fields"][foreign["reference"]["fields"][0]]
        fields[foreign["fields"][0]]["refers"] = {other["name"]: column["name"]}
    for field in fields.values():
        field["files"] = " or ".join(tables[name]["path"] for name in field["refers"])


def _doubt(place: str, found: Any, wanted: str) -> DataError:
    return DataError([f"{FILE}{place}: found {quoted(found)}, expected {wanted}"])


def read_text(path: Path) -> str:
    """Read a file, with or without a byte order mark, line ends as they stand, or a DataError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        problem = "not found, expected a file"
    except OSError as error:
        problem = f"{error.strerror}, expected a file"
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8, expected UTF-8 text"
    raise DataError([f"{path}: {problem}"])


def expected(field: Field, cell: str, others: Mapping[str, Row]) -> str:
    """Say what a cell should have held, if not that; ``others`` are the rows that it may name."""
    rules = field.get("constraints", {})
    form, words, _ = TYPES[field["type"]]
    if cell != cell.strip():
        return "no white space at either end"
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", cell):
        return "no control characters"
    if not cell:
        return "something: the column is required" if rules.get("required") else ""
    if form and not re.fullmatch(form, cell):
        return words
    if "enum" in rules and cell not in rules["enum"]:
        return f"one of {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return f"a form such as {field['example']}" if "example" in field else rules["pattern"]
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    listed = cell.split(";") if "namesOf" in field else [cell]
    unknown = [name for name in listed if field["refers"] and name not in others]
    if unknown and len(listed) > 1:
        return f'names that stand in {field["files"]}, which "{unknown[0]}" does not'
    return f"a name that stands in {field['files']}" if unknown else ""


def implausible(row: Row, others: Others) -> Iterator[tuple[str, str]]:
    """Give each column of a row that does not fit the rest, and what was expected there."""
    cells = defaultdict(str, row)
    period, basis, measure = cells["period"], cells["basis"], cells["measure"]
    published = others["article"].get(cells["article"], cells)["published"][:4]
    begin, _, end = period.partition("/")
    for column, last in (("year", ""), ("period", ""), ("since", begin[:4])):
        last = last or published
        if last and cells[column][:4] > last:
            yield column, f"a time up to {last}"
    if end and begin > end:
        yield "period", "a period that begins before it ends"
    if published and cells["vintage"] not in ("", published):
        yield "vintage", f"{published}, the year of publication"
    forms = {re.sub("[0-9]", "0", time) for time in (basis, period)}  # a year, a quarter, a month
    growing = measure in ("growth", "units growth") and basis and period
    if growing and (len(forms) > 1 or basis >= period):
        yield "basis", f"an earlier period of the same length as {period}"
    if measure == "share" and "basis" in row and not re.search("[a-z]", basis):
        yield "basis", "what it is a share of, such as exports or trade"
    for figure in cells["figures"].split(";"):
        if others["figures"].get(figure, cells)["article"] != cells["article"]:
            yield "figures", f"a figure of the article {cells['article']}, not {figure}"
    kinds = others["measure"].get(measure, cells)["kinds"].split(";")
    for column in ("surface", "threshold"):
        try:
            kind = quantity(row, column).kind if cells[column] else ""
        except ValueError as error:
            yield column, f"words that give a figure: {error}"
        else:
            if kind and kinds[0] and kind not in kinds:
                yield column, f"words for {' or '.join(kinds)}, which the measure {measure} has"


def quantity(row: Mapping[Any, Any], column: str = "surface") -> Quantity:
    """Give what the words of a row say."""
    return _parsed(row[column], row.get("direction", ""), row.get("unit_hint", ""))


_parsed = lru_cache(maxsize=10_000)(parse)
"""A table's words are read each time it is checked."""


def sentence(file: str, line: int, column: str, found: str, expected: str) -> str:
    """Say in the house's form what is wrong with a cell.

    >>> sentence("figures.csv", 2, "flow", "sum", "one of exports, imports")
    'figures.csv, line 2, column flow: found "sum", expected one of exports, imports'
    """
    return f"{file}, line {line}, column {column}: found {quoted(found)}, expected {expected}"


def quoted(found: Any) -> str:
    """Quote what was found, JSON's values as they are written there, shortened where it is long."""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return f'"{text}"' if len(text) <= 100 else f'"{text[:99]}…"'
