"""The schema of the tables: ``datapackage.json``, refused in a sentence where it is not sound.

Of the Frictionless Data Package it knows what the project's tables use; a type or a constraint
that it does not know is an error, so that none is silently left unchecked. Beyond the standard, a
field may have ``namesOf``: its cells hold names separated by semicolons, each of which is the key
of a row of one of these resources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

Resource = dict[str, Any]
Shape = dict[str, Any]
FILE: Final = "datapackage.json"
TYPES: Final = {
    "string": ("", "", "str"),
    "integer": ("-?[0-9]{1,18}", "a whole number of at most 18 digits", "Int64"),
    "year": ("[0-9]{4}", "a year of four digits", "Int64"),
    "number": (r"-?[0-9]{1,18}(\.[0-9]{1,18})?", "a number", "Float64"),
}
"""By a field's type: the form of a cell, in words too, and pandas' type."""
RULES: Final[Shape] = {"required?": bool, "unique?": bool, "enum?": [str], "pattern?": str}
NUMBERS: Final[Shape] = RULES | {"minimum?": float}
FIELD: Final[Shape] = {"name": str, "type": str, "example?": str, "namesOf?": [str]}
FOREIGN: Final[Shape] = {"fields": [str], "reference": {"resource": str, "fields": [str]}}
SCHEMA: Final[Shape] = {
    "fields": [FIELD | {"constraints?": NUMBERS}],
    "primaryKey": [str],
    "foreignKeys?": [FOREIGN],
}
SHAPE: Final[Shape] = {"resources": [{"name": str, "path": str, "schema": SCHEMA}]}
"""What the descriptor must hold, besides whatever else; a question mark: or may leave out."""
WORDS: Final = {"dict": "an object", "str": "text", "bool": "true or false", "float": "a number"}


class DataError(ValueError):
    """A table that is not as its schema says; one sentence for each thing that is wrong.

    ``problems`` holds the sentences, in the order of the file, each on one line.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = [re.sub(r"[\x00-\x1f\x7f]+", " ", problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def resources(folder: Path) -> dict[str, Resource]:
    """Read what ``datapackage.json`` in a folder says of each table, by its name.

    To each are added its ``fields`` by name, and to a field the names of the tables that its cells
    refer to. Anything that is not as it should be there is a DataError that says where.

    >>> from tradelib.ledger import data_folder
    >>> resources(data_folder())["corrections"]["fields"]["figure"]["refers"]
    ['figures']
    """
    text = read_text(folder / FILE)
    try:
        package = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError([f"{folder / FILE}: {error}, expected JSON"]) from None
    if problems := list(_misfits(package, SHAPE, FILE)):
        raise DataError(problems)
    for resource in package["resources"]:
        where = f"{FILE}, resource {resource['name']}"
        for place, found, wanted in _doubts(resource, package["resources"]):
            problems.append(f"{where}, {place}: found {quoted(found)}, expected {wanted}")
    if problems:
        raise DataError(problems)
    for resource in package["resources"]:
        schema = resource["schema"]
        fields = resource["fields"] = {field["name"]: field for field in schema["fields"]}
        for field in fields.values():
            field["refers"] = field.get("namesOf", [])
        for foreign in schema.get("foreignKeys", ()):
            target = foreign["reference"]["resource"] or resource["name"]
            fields[foreign["fields"][0]]["refers"] = [target]
    return {resource["name"]: resource for resource in package["resources"]}


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


def expected(field: dict[str, Any], cell: str, names: Mapping[str, set[str]]) -> str:
    """Say what a cell should have held; nothing where it is as its field says.

    Where a field refers to other tables, ``names`` are the names there, by file.
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
        return f"a form such as {field['example']}" if "example" in field else rules["pattern"]
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return f"at least {rules['minimum']}"
    listed = cell.split(";") if "namesOf" in field else [cell]
    known = set().union(*names.values()) if field["refers"] else {*listed}
    if unknown := [name for name in listed if name not in known]:
        files = " or ".join(names)
        several = f'names that stand in {files}, which "{unknown[0]}" does not'
        return several if len(listed) > 1 else f"a name that stands in {files}"
    return ""


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


def _misfits(found: Any, shape: Any, where: str) -> Iterator[str]:
    """Give a sentence for each place where a JSON value has not the shape it should have."""
    kind = shape if isinstance(shape, type) else type(shape)
    whole = kind is float and type(found) is int
    if not whole and not isinstance(found, kind):
        yield f"{where}: found {quoted(found)}, expected {WORDS.get(kind.__name__, 'a list')}"
    elif isinstance(shape, list):
        for place, item in enumerate(found, 1):
            yield from _misfits(item, shape[0], f"{where} {place}")
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            if (name := key.removesuffix("?")) in found:
                yield from _misfits(found[name], inner, f"{where}, {name}")
            elif name == key:
                yield f"{where}: found no {name}, expected one"


def _doubts(resource: Resource, described: list[Resource]) -> Iterator[tuple[str, Any, str]]:
    """Give what has the right shape and cannot be: its place, what was found and expected."""
    keys = {each["name"]: each["schema"]["primaryKey"] for each in described}
    if [each["name"] for each in described].count(resource["name"]) > 1:
        yield "name", resource["name"], "a name not yet used"
    path, schema = resource["path"], resource["schema"]
    names, key = [field["name"] for field in schema["fields"]], schema["primaryKey"]
    if Path(path).name != path or "\\" in path or not path.isprintable():
        yield "path", path, "a file of the same folder"
    if len(set(names)) < len(names):
        yield "fields", names, "each name once"
    if not key or not set(key) <= set(names):
        yield "primaryKey", key, "names of its fields"
    for foreign in schema.get("foreignKeys", ()):
        target = keys.get(foreign["reference"]["resource"] or resource["name"])
        single = len(foreign["fields"]) == 1 and foreign["fields"][0] in names
        if not single or foreign["reference"]["fields"] != target:
            yield "foreignKeys", foreign, "one of its fields and the key of a resource"
    for field in schema["fields"]:
        place, rules = f"field {field['name']}", field.get("constraints", {})
        allowed = RULES if field["type"] == "string" else NUMBERS
        known = [name.removesuffix("?") for name in allowed]
        if field["type"] not in TYPES:
            yield f"{place}, type", field["type"], f"one of {', '.join(TYPES)}"
        if unknown := [rule for rule in rules if rule not in known]:
            yield f"{place}, constraints", unknown[0], f"one of {', '.join(known)}"
        try:
            re.compile(rules.get("pattern", ""))
        except re.error as error:
            yield f"{place}, pattern", rules["pattern"], f"a regular expression ({error})"
        if unknown := [target for target in field.get("namesOf", ()) if target not in keys]:
            yield f"{place}, namesOf", unknown[0], f"one of {', '.join(keys)}"
