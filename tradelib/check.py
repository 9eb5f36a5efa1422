"""Check the tables, and an article's text against them, before anything is computed from them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pandas as pd

from tradelib.ledger import Tables, Where, load_table, read_lines, with_words
from tradelib.schema import DataError, Lines, sentence
from tradelib.wording import Mention, paragraphs, scan, sentences

Pair = tuple[int, int]
SAYS: Final = ("kind", "value", "lower", "upper", "printed_lower", "printed_upper", "unit", "hedge")
"""What the words of a figure say, as it is typed by hand."""


def check(folder: Where = None, *, texts: Where = None, expected: Where = None) -> list[str]:
    """Give a sentence for each thing that is wrong in the tables, with file, line and column.

    They are what `tradelib.load_table` refuses, of all tables at once; the ``folder`` is as there.
    Once the tables hold, each row of ``expected``, a CSV file of intervals typed by hand, is held
    against what the words say, and each text (``*.txt``) of the folder ``texts`` that is an
    article's against its rows. What cannot be read at all is a DataError or an OSError.
    """
    tables, problems = Tables(folder), list[str]()
    for name in tables.resources:
        try:
            tables.sound(name)
        except DataError as error:
            problems += error.problems
    if expected is not None and not problems:
        problems += _unexpected(Path(expected), load_table("figures", folder))
    paths = Path(texts).iterdir() if texts is not None else ()
    for path in sorted(path for path in paths if path.suffix == ".txt"):
        with suppress(ValueError):  # it is no article's, or the tables' problems are told already
            problems += verify(path.read_bytes(), folder)[1]
    return [*dict.fromkeys(DataError(problems).problems)]


def expected_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Give what the words of rows say, as text, as ``tests/data/expected_figures.csv`` has it."""
    return with_words(rows)[["figure", *SAYS]].map(_text)


def _text(cell: float | str) -> str:
    try:
        return f"{float(cell):.12g}"
    except ValueError:
        return str(cell)


def _unexpected(path: Path, figures: pd.DataFrame) -> Iterator[str]:
    says = expected_figures(figures).assign(words=figures["surface"])
    missing = says.set_index("figure").to_dict("index")
    for line, typed in read_lines(path, ("figure", *SAYS)).items():
        figure = typed["figure"]
        if not (row := missing.pop(figure, None)):
            yield sentence(path.name, line, "figure", figure, "a name of figures.csv, once")
            continue
        for column in SAYS:
            if _text(typed[column]) != row[column]:
                wanted = f'{row[column]}, as "{row["words"]}" reads'
                yield sentence(path.name, line, column, typed[column], wanted)
    for name in missing:
        yield f"{path.name}: found no row for the figure {name}, expected one"


def verify(content: bytes, folder: Where = None) -> tuple[str, list[str]]:
    """Compare an article's text, the bytes of its file, with its rows of the ledger.

    It is the article with this checksum, else the one with most figures in the text. Gives its
    slug, and a sentence for each difference: another checksum, a surface or a claim that is not at
    its place, a figure that the scan finds and the ledger lacks, or the reverse. If no article's
    figures are in the text, or it is not UTF-8, that is a ValueError.
    """
    text, digest = content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    tables = list(map(Tables(folder).sound, ("articles", "figures", "claims")))
    same = [row["article"] for row in tables[0].values() if row["sha256"] == digest]
    there = same or [row["article"] for row in tables[1].values() if row["surface"] in text]
    if not there:
        raise ValueError("the text has the checksum of no article, and none of their figures")
    article = Counter(there).most_common(1)[0][0]
    own = [{n: row for n, row in lines.items() if row["article"] == article} for lines in tables]
    return article, [*_differences(text, digest, own)]


def _differences(text: str, digest: str, own: list[Lines]) -> Iterator[str]:
    articles, figures, claims = own
    for line, row in articles.items():
        if row["sha256"] != digest:
            yield sentence("articles.csv", line, "sha256", row["sha256"], f"the text's {digest}")
    placed = {_place(*place): inside for place, _, inside in sentences_of(text, scan(text))}
    found = Counter((place, m.surface) for place, inside in placed.items() for m in inside)
    for line, row in figures.items():
        place, surface = _place(row["paragraph"], row["sentence"]), row["surface"]
        if not found[place, surface]:
            wanted = f"a figure that the scan finds in {place}"
            yield sentence("figures.csv", line, "surface", surface, wanted)
        found[place, surface] -= 1
    for place, surface in found.elements():  # those that are left
        yield f'figures.csv: found no row for "{surface}" in {place}, expected one'
    for line, row in claims.items():
        if (place := _place(row["paragraph"], row["sentence"])) not in placed:
            wanted = "a sentence that the text has"
            yield sentence("claims.csv", line, "paragraph, sentence", place, wanted)


def _place(paragraph: int | str, sentence: int | str) -> str:
    return f"paragraph {int(paragraph)}, sentence {int(sentence)}"


def sentences_of(text: str, found: list[Mention]) -> Iterator[tuple[Pair, Pair, list[Mention]]]:
    """Give each sentence's place (paragraph and sentence, from 1), offsets and figures found."""
    for p, (begin, paragraph) in enumerate(paragraphs(text), 1):
        for s, (offset, words) in enumerate(sentences(paragraph), 1):
            start, end = begin + offset, begin + offset + len(words)
            yield (p, s), (start, end), [one for one in found if start <= one.start < end]
