"""Hold an article's text against the ledger: the checksum, every surface, every figure found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tradelib.ledger import Tables
from tradelib.schema import Line, sentence
from tradelib.wording import paragraphs, scan, sentences


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
    articles, figures, claims = map(tables.sound, ("articles", "figures", "claims"))
    same = Counter(row["article"] for _, row in articles if row["sha256"] == digest)
    there = same or Counter(row["article"] for _, row in figures if row["surface"] in text)
    if not there:
        problem = "has the checksum of no article in articles.csv, and none of their figures"
        raise ValueError(f"the text {problem}")
    ((name, _),) = there.most_common(1)
    differences = [
        sentence("articles.csv", line, "sha256", row["sha256"], f"{digest}, the text's checksum")
        for line, row in articles
        if row["article"] == name and row["sha256"] != digest
    ]
    figures = [(line, row) for line, row in figures if row["article"] == name]
    claims = [(line, row) for line, row in claims if row["article"] == name]
    return name, [*differences, *_differences(text, figures, claims)]


def _differences(text: str, figures: list[Line], claims: list[Line]) -> Iterator[str]:
    spans = {_place(*place): span for place, span in sentence_spans(text).items()}
    places = {offset: place for place, span in spans.items() for offset in range(*span)}
    found = Counter((places.get(mention.start, ""), mention.surface) for mention in scan(text))
    for line, row in figures:
        place, surface = _place(row["paragraph"], row["sentence"]), row["surface"]
        if not found[place, surface]:
            expected = f"a figure that the scan finds in {place}"
            yield sentence("figures.csv", line, "surface", surface, expected)
        found[place, surface] -= 1
    for place, surface in found.elements():  # those that are left
        yield f'figures.csv: found no row for "{surface}" in {place}, expected one'
    for line, row in claims:
        if (place := _place(row["paragraph"], row["sentence"])) not in spans:
            expected = "a sentence that the text has"
            yield sentence("claims.csv", line, "paragraph, sentence", place, expected)


def _place(paragraph: int | str, sentence: int | str) -> str:
    return f"paragraph {int(paragraph)}, sentence {int(sentence)}"


def sentence_spans(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    r"""Give the offsets of each sentence by its place: paragraph and sentence, counted from 1.

    >>> sentence_spans("Summary\n\nExports rose. Imports fell.")
    {(1, 1): (0, 7), (2, 1): (9, 22), (2, 2): (23, 36)}
    """
    return {
        (p, s): (begin + start, begin + start + len(sentence))
        for p, (begin, paragraph) in enumerate(paragraphs(text), 1)
        for s, (start, sentence) in enumerate(sentences(paragraph), 1)
    }
