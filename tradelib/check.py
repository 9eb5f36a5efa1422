"""Check the tables before anything is computed from them: all problems of all tables at once."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tradelib import schema
from tradelib.ledger import (
    data_folder,
    load_figures,
    load_reference,
    load_table,
    read_lines,
    sentence,
)
from tradelib.schema import DataError
from tradelib.verify import verify
from tradelib.wording import parse

Row = dict[str, str]
Told = tuple[str, str, str]
"""A column, what was found there, what was expected."""
FIRST, LAST = "1900", "2100"
"""What a year of trade statistics can be; outside is a slip of the keyboard."""
RATE, MONEY, COUNT = ("percent", "multiple"), ("money",), ("count",)
KINDS: Final = {
    "growth": RATE,
    "units growth": RATE,
    "share": RATE,
    "change": ("points", "money"),
    "level": MONEY,
    "record level": MONEY,
    "threshold": MONEY + COUNT,
    "units": COUNT,
    "streak": COUNT,
    "threshold streak": COUNT,
}
"""By measure, the kinds of words that can print it; what is not named is not held to any."""


def check(
    folder: Path | str | None = None,
    *,
    texts: Path | str | None = None,
    expected: Path | str | None = None,
) -> list[str]:
    """Give a sentence for each thing that is wrong in the tables, with file, line and column.

    Types, keys and references as ``datapackage.json`` says; words that can be read; corrections
    that fit; years, bases and units that a figure of its measure can have.

    Parameters
    ----------
    folder
        Folder of the tables, the project's own by default.
    texts
        Folder of articles' texts (``*.txt``), each held against its rows as by `verify`.
    expected
        CSV file of values and intervals typed by hand, each held against what its words say.

    Raises
    ------
    DataError
        If ``datapackage.json`` cannot be used, or a file or folder named is not there.

    Examples
    --------
    >>> check()
    []
    """
    folder = data_folder(folder)
    problems = []
    described = schema.resources(folder)
    rows: dict[str, list[tuple[int, Row]]] = {}
    for name, resource in described.items():
        header = [field["name"] for field in resource["schema"]["fields"]]
        try:
            lines = read_lines(folder / resource["path"], header)
            rows[name] = [(line, defaultdict(str, row)) for line, row in lines]
            if name not in ("figures", "reference"):  # loaded below, with their words
                load_table(name, folder)
        except DataError as error:
            problems += error.problems
    for path in sorted({path.name for path in folder.glob("*.csv")}):
        if path not in [resource["path"] for resource in described.values()]:
            problems.append(f"{path}: found no word about it in datapackage.json, expected some")
    for load in (load_figures, load_reference):
        try:
            load(folder=folder)
        except DataError as error:
            problems += error.problems
    problems += _implausible(rows)
    if texts is not None:
        problems += _texts(Path(texts), folder)
    if expected is not None:
        problems += _unexpected(Path(expected), rows.get("figures", []))
    return DataError(dict.fromkeys(problems)).problems


def _implausible(rows: dict[str, list[tuple[int, Row]]]) -> Iterator[str]:
    """Give a sentence for each cell that does not fit the others of its row or of its article."""
    published = {row["article"]: row["published"][:4] for _, row in rows.get("articles", ())}
    articles = {row["figure"]: row["article"] for _, row in rows.get("figures", ())}
    checks: dict[str, Callable[[Row], Iterator[Told]]] = {
        "articles": _article,
        "figures": lambda row: _figure(row, published.get(row["article"], "")),
        "reference": lambda row: _figure(row, row["published"][:4]),
        "claims": lambda row: _claim(row, published.get(row["article"], ""), articles),
    }
    for name, look in checks.items():
        for line, row in rows.get(name, ()):
            for told in look(row):
                yield sentence(f"{name}.csv", line, *told)


def _article(row: Row) -> Iterator[Told]:
    if not FIRST <= row["published"][:4] <= LAST:
        yield "published", row["published"], f"a year from {FIRST} to {LAST}"
    elif not FIRST <= row["year"] <= row["published"][:4]:
        yield "year", row["year"], f"a year from {FIRST} to {row['published'][:4]}, its publication"


def _figure(row: Row, published: str) -> Iterator[Told]:
    measure, period, basis, vintage = (row[c] for c in ("measure", "period", "basis", "vintage"))
    if published and vintage != published:
        yield "vintage", vintage, f"{published}, the year of publication"
    last = published or vintage
    if period and not FIRST <= period[:4] <= last:
        yield "period", period, f"a period from {FIRST} to {last}, the year of publication"
    if "/" in period and period.partition("/")[0] > period.partition("/")[2]:
        yield "period", period, "a period that begins before it ends"
    forms = {re.sub("[0-9]", "0", cell) for cell in (basis, period)}  # a year, a quarter, a month
    growth = measure in ("growth", "units growth") and basis and period
    if growth and (len(forms) > 1 or basis >= period):
        yield "basis", basis, f"an earlier period of the same length as {period}"
    if measure == "share" and not re.search("[a-z]", basis):
        yield "basis", basis, "what it is a share of, such as exports or trade"
    try:
        kind = parse(row["surface"], row.get("direction", ""), row.get("unit_hint", "")).kind
    except ValueError:  # told where the words are read
        return
    if kind not in KINDS.get(measure, (kind,)):
        wanted = f"words for {' or '.join(KINDS[measure])}, which the measure {measure} has"
        yield "surface", row["surface"], wanted


def _claim(row: Row, published: str, articles: dict[str, str]) -> Iterator[Told]:
    for column, last in (("period", published), ("since", row["period"] or published)):
        if row[column] and last and not FIRST <= row[column][:4] <= last:
            yield column, row[column], f"a period from {FIRST} to {last}"
    for figure in filter(None, row["figures"].split(";")):
        if articles.get(figure, row["article"]) != row["article"]:
            yield "figures", figure, f"a figure of the article {row['article']}"
    if row["threshold"]:
        try:
            parse(row["threshold"])
        except ValueError as error:
            yield "threshold", row["threshold"], f"words that give a figure: {error}"


def _texts(texts: Path, folder: Path) -> Iterator[str]:
    """Hold each text that is an article's against its rows; others are none of our business."""
    if not texts.is_dir():
        raise DataError([f"{texts}: not found, expected a folder of articles' texts"])
    for path in sorted(texts.glob("*.txt")):
        try:
            yield from verify(path.read_bytes(), folder=folder)[1]
        except DataError:  # the tables' own problems are told already
            return
        except ValueError:
            continue


def _unexpected(path: Path, figures: list[tuple[int, Row]]) -> Iterator[str]:
    """Hold values and intervals typed by hand against what the words of the figures say."""
    bounds = ("value", "lower", "upper", "printed_lower", "printed_upper")
    typed = dict(read_lines(path, ("figure", "kind", *bounds, "unit", "hedge")))
    known = {row["figure"]: row for _, row in figures}
    for name in known.keys() - {row["figure"] for row in typed.values()}:
        yield f"{path.name}: found no row for the figure {name}, expected one"
    for line, row in typed.items():
        if row["figure"] not in known:
            wanted = "a name that stands in figures.csv"
            yield sentence(path.name, line, "figure", row["figure"], wanted)
            continue
        figure = known[row["figure"]]
        try:
            read = parse(figure["surface"], figure["direction"], figure["unit_hint"])
        except ValueError:  # told where the words are read
            continue
        for column in ("kind", *bounds, "unit", "hedge"):
            says = getattr(read, column)
            if not (_close(row[column], says) if column in bounds else row[column] == says):
                wanted = f'{says}, as "{figure["surface"]}" reads'
                yield sentence(path.name, line, column, row[column], wanted)


def _close(cell: str, number: float) -> bool:
    try:
        return math.isclose(float(cell), number, rel_tol=1e-12, abs_tol=1e-15)
    except ValueError:
        return False
