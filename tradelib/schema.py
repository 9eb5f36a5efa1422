"""The schema of the tables: ``datapackage.json``, refused in a sentence where it is not sound.

Of the Frictionless Data Package it knows what the project's tables use; a type or a constraint
that it does not know is an error, so that none is silently left unchecked. Beyond the standard, a
field may have ``namesOf``: its cells hold names separated by semicolons, each of which is the key
of a row of one of these resources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

Resource = dict[str, Any]
FILE: Final = "datapackage.json"
TYPES: Final = {
    "string": ("", "", "str"),
    "integer": ("-?[0-9]{1,18}", "a whole number of at most 18 digits", "Int64"),
    "year": ("[0-9]{4}", "a year of four digits", "Int64"),
    "number": (r"-?[0-9]{1,18}(\.[0-9]{1,18})?", "a number", "Float64"),
}
"""By a field's type: the form of a cell, in words too, and pandas' type."""
PERIOD: Final = "a period such as 2025, 2025-Q1, 2025-05 or 2025-01/2025-09"
_CONSTRAINTS: Final = {
    "required?": bool,
    "unique?": bool,
    "enum?": [str],
    "pattern?": str,
    "minimum?": float,
}
_FIELD: Final = {"name": str, "type": str, "namesOf?": [str], "constraints?": _CONSTRAINTS}
_FOREIGN: Final = {"fields": [str], "reference": {"resource": str, "fields": [str]}}
_SCHEMA: Final = {"fields": [_FIELD], "primaryKey": [str], "foreignKeys?": [_FOREIGN]}
SHAPE: Final = {"resources": [{"name": str, "path": str, "schema": _SCHEMA}]}
"""What the descriptor must hold, besides whatever else; a question mark: or may leave out."""
_WORDS: Final = {str: "text", bool: "true or false", float: "a number"}


class DataError(ValueError):
    """A table that is not as its schema says; one sentence for each thing that is wrong.

    ``problems`` holds the sentences, in the order of the file, each on one line.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = [re.sub(r"[\x00-\x1f\x7f]+", " ", problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def resources(folder: Path) -> dict[str, Resource]:
    """Read what ``datapackage.json`` in a folder says of each table, by its name.

    Anything that is not as it should be there is a DataError that says where.

    >>> from tradelib.ledger import data_folder
    >>> resources(data_folder())["corrections"]["schema"]["primaryKey"]
    ['figure', 'field']
    """
    path = folder / FILE
    try:
        package = json.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError([f"{path}: not found, expected the data package's descriptor"]) from None
    except OSError as error:
        raise DataError([f"{path}: {error.strerror}, expected a file"]) from None
    except UnicodeDecodeError as error:
        raise DataError([f"{path}: byte {error.start + 1} is not UTF-8, expected JSON"]) from None
    except (ValueError, RecursionError) as error:
        raise DataError([f"{path}: {error}, expected JSON"]) from None
    problems = list(_misfits(package, SHAPE, FILE)) or list(_faults(package["resources"]))
    if problems:
        raise DataError(problems)
    return {resource["name"]: resource for resource in package["resources"]}


def expected(field: dict[str, Any], cell: str) -> str:
    """Say what a cell should have held; nothing where it is as its field says.

    Whether the names in it stand in other tables is not looked at.
    """
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
        return PERIOD if field["name"] == "period" else f"the form {rules['pattern']}"
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    return ""


def references(resource: Resource) -> dict[str, list[str]]:
    """Give, for each field whose cells name rows of other tables, the names of those tables."""
    schema = resource["schema"]
    named = {f["name"]: f["namesOf"] for f in schema["fields"] if "namesOf" in f}
    for foreign in schema.get("foreignKeys", ()):
        named[foreign["fields"][0]] = [foreign["reference"]["resource"] or resource["name"]]
    return named


def quoted(found: str) -> str:
    """Quote what was found, shortened where it is long."""
    return f'"{found}"' if len(found) <= 100 else f'"{found[:99]}…"'


def _misfits(found: Any, shape: Any, where: str) -> Iterator[str]:
    """Give a sentence for each place where a JSON value has not the shape it should have."""
    if isinstance(shape, dict) and isinstance(found, dict):
        for key, inner in shape.items():
            if (name := key.removesuffix("?")) in found:
                yield from _misfits(found[name], inner, f"{where}, {name}")
            elif name == key:
                yield f"{where}: found no {name}, expected one"
    elif isinstance(shape, list) and isinstance(found, list):
        for place, item in enumerate(found, 1):
            yield from _misfits(item, shape[0], f"{where} {place}")
    elif isinstance(shape, dict | list):
        yield _wrong(where, found, "a list" if isinstance(shape, list) else "an object")
    elif not isinstance(found, shape) and not (shape is float and type(found) is int):
        yield _wrong(where, found, _WORDS[shape])


def _faults(described: list[Resource]) -> Iterator[str]:
    """Give a sentence for each thing that has the right shape and cannot be."""
    keys = {resource["name"]: resource["schema"]["primaryKey"] for resource in described}
    if len(keys) < len(described):
        yield _wrong(f"{FILE}, resources", [r["name"] for r in described], "each name once")
    for resource in described:
        where, schema = f"{FILE}, resource {resource['name']}", resource["schema"]
        path, names = resource["path"], [field["name"] for field in schema["fields"]]
        if Path(path).name != path or "\\" in path or not path.isprintable():
            yield _wrong(f"{where}, path", path, "a file of the same folder")
        if len(set(names)) < len(names):
            yield _wrong(f"{where}, fields", names, "each name once")
        if not schema["primaryKey"] or not set(schema["primaryKey"]) <= set(names):
            yield _wrong(f"{where}, primaryKey", schema["primaryKey"], "names of its fields")
        for foreign in schema.get("foreignKeys", ()):
            target = foreign["reference"]["resource"] or resource["name"]
            if len(foreign["fields"]) != 1 or not set(foreign["fields"]) <= set(names):
                yield _wrong(f"{where}, foreignKeys", foreign["fields"], "one of its fields")
            if foreign["reference"]["fields"] != keys.get(target):
                yield _wrong(f"{where}, foreignKeys", foreign["reference"], "a resource's own key")
        for field in schema["fields"]:
            yield from _field_faults(field, f"{where}, field {field['name']}")
            for target in field.get("namesOf", ()):
                if len(keys.get(target, ())) != 1:
                    yield _wrong(f"{where}, namesOf", target, "a resource with one key")


def _field_faults(field: dict[str, Any], where: str) -> Iterator[str]:
    rules = field.get("constraints", {})
    if field["type"] not in TYPES:
        yield _wrong(f"{where}, type", field["type"], f"one of {', '.join(TYPES)}")
    known = [name.removesuffix("?") for name in _CONSTRAINTS]
    for rule in rules:
        if rule not in known or (rule == "minimum" and field["type"] == "string"):
            yield _wrong(f"{where}, constraints", rule, f"one of {', '.join(known)}")
    try:
        re.compile(rules.get("pattern", ""))
    except re.error as error:
        yield _wrong(f"{where}, pattern", rules["pattern"], f"a regular expression ({error})")


def _wrong(where: str, found: object, wanted: str) -> str:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return f"{where}: found {quoted(text)}, expected {wanted}"
