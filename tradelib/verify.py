"""Hold an article's text against the ledger: the checksum, every surface, every figure found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tradelib.ledger import Line, Tables
from tradelib.schema import sentence
from tradelib.wording import paragraphs, scan, sentences

Place = tuple[int, int]
"""A paragraph and a sentence in it, both counted from 1."""


def verify(content: bytes, folder: Path | str | None = None) -> tuple[str, list[str]]:
    """Compare an article's text, the bytes of its file, with its rows of the ledger.

    It is the article with this checksum, else the one with most figures in the text. Gives its
    slug, and a sentence for each difference: another checksum, a surface or a claim that is not at
    its place, a figure that the scan finds and the ledger lacks, or the reverse. If no article's
    figures are in the text, or it is not UTF-8, that is a ValueError. The ``folder`` is as in
    `tradelib.load_table`.

    >>> verify(b"Exports came to 25.4 trillion RMB.")[0]
    'surplus-2024'
    """
    text, digest = content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    tables = Tables(folder)
    articles = {row["article"]: (line, row["sha256"]) for line, row in tables.sound("articles")}
    figures = tables.sound("figures")
    same = [name for name, (_, checksum) in articles.items() if checksum == digest]
    there = Counter(row["article"] for _, row in figures if row["surface"] in text)
    if not same and not there:
        problem = "has the checksum of no article in articles.csv, and none of their figures"
        raise ValueError(f"the text {problem}")
    name = same[0] if same else there.most_common(1)[0][0]
    line, checksum = articles[name]
    differences = []
    if digest != checksum:
        expected = f"{digest}, the text's checksum"
        differences.append(sentence("articles.csv", line, "sha256", checksum, expected))
    figures = [(line, row) for line, row in figures if row["article"] == name]
    claims = [(line, row) for line, row in tables.sound("claims") if row["article"] == name]
    return name, [*differences, *_differences(text, figures, claims)]


def _differences(text: str, figures: list[Line], claims: list[Line]) -> Iterator[str]:
    spans = sentence_spans(text)
    places = {offset: place for place, span in spans.items() for offset in range(*span)}
    found = Counter((places.get(m.start, (0, 0)), m.surface) for m in scan(text))
    typed = Counter((_place(row), row["surface"]) for _, row in figures)
    unknown, astray = found - typed, typed - found
    for line, row in figures:
        place, surface = _place(row), row["surface"]
        if astray[place, surface]:
            astray[place, surface] -= 1
            expected = f"a figure that the scan finds in {_where(place)}"
            other = next((where for where, words in unknown.elements() if words == surface), None)
            if other:
                unknown[other, surface] -= 1
                expected += f" (it stands in {_where(other)})"
            yield sentence("figures.csv", line, "surface", surface, expected)
    for place, surface in unknown.elements():
        yield f'figures.csv: found no row for "{surface}" in {_where(place)}, expected one'
    for line, row in claims:
        if (place := _place(row)) not in spans:
            found_there = f"{place[0]}, {place[1]}"
            expected = "a sentence that the text has"
            yield sentence("claims.csv", line, "paragraph, sentence", found_there, expected)


def sentence_spans(text: str) -> dict[Place, tuple[int, int]]:
    r"""Give the offsets of each sentence by its place: paragraph and sentence, counted from 1.

    >>> sentence_spans("Summary\n\nExports rose. Imports fell.")
    {(1, 1): (0, 7), (2, 1): (9, 22), (2, 2): (23, 36)}
    """
    return {
        (p, s): (begin + start, begin + start + len(sentence))
        for p, (begin, paragraph) in enumerate(paragraphs(text), 1)
        for s, (start, sentence) in enumerate(sentences(paragraph), 1)
    }


def _place(row: dict[str, str]) -> Place:
    return int(row["paragraph"]), int(row["sentence"])


def _where(place: Place) -> str:
    return f"paragraph {place[0]}, sentence {place[1]}"
