"""Hold an article's text against the ledger: the checksum, every surface, every figure found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tradelib.ledger import load_optional, sentence
from tradelib.wording import paragraphs, scan, sentences

Place = tuple[int, int]
"""A paragraph and a sentence in it, both counted from 1."""


def verify(
    content: bytes, article: str = "", folder: Path | str | None = None
) -> tuple[str, list[str]]:
    """Compare an article's text, the bytes of its file, with its rows of the ledger.

    Without the slug of an ``article``, it is the one with this checksum, else the one with most
    figures in the text. Gives the slug, and a sentence for each difference: another checksum, a
    surface or a claim that is not at its place, a figure that the scan finds and the ledger lacks,
    or the reverse. If there is no such article, no article's figures are in the text, or it is not
    UTF-8, that is a ValueError. The ``folder`` is as in `tradelib.load_table`.

    >>> verify(b"Exports came to 25.4 trillion RMB.")[0]
    'surplus-2024'
    """
    text, digest = content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    articles, figures, claims = (_lined(name, folder) for name in ("articles", "figures", "claims"))
    sums = dict(zip(articles["article"], articles["sha256"], strict=True))
    there = figures["article"][[surface in text for surface in figures["surface"]]]
    same = [name for name, checksum in sums.items() if checksum == digest]
    known = [article] if article else [*same, *there.mode()]
    if not known:
        raise ValueError(
            "the text has the checksum of no article in articles.csv, and none of their figures"
        )
    if known[0] not in sums:
        raise ValueError(f"no article {article!r}, expected one of {', '.join(sums)}")
    row, figures, claims = (
        table[table["article"] == known[0]] for table in (articles, figures, claims)
    )
    differences = []
    if digest != sums[known[0]]:
        line, expected = int(row["line"].iloc[0]), f"{digest}, the text's checksum"
        differences.append(sentence("articles.csv", line, "sha256", sums[known[0]], expected))
    return known[0], [*differences, *_differences(text, figures, claims)]


def _lined(name: str, folder: Path | str | None) -> pd.DataFrame:
    table = load_optional(name, folder)
    return table.assign(line=table.attrs["lines"])


def _differences(text: str, figures: pd.DataFrame, claims: pd.DataFrame) -> Iterator[str]:
    spans = sentence_spans(text)
    places = {offset: place for place, span in spans.items() for offset in range(*span)}
    missing = Counter((places.get(m.start, (0, 0)), m.surface) for m in scan(text))
    misplaced = []
    for row in figures.to_dict("records"):
        place, surface = (int(row["paragraph"]), int(row["sentence"])), row["surface"]
        start, end = spans.get(place, (0, 0))
        if surface not in text[start:end]:
            misplaced.append((row["line"], place, surface))
        elif missing[place, surface]:
            missing[place, surface] -= 1
        else:
            expected = f"a figure that the scan finds in {_where(place)}"
            yield sentence("figures.csv", row["line"], "surface", surface, expected)
    for line, place, surface in misplaced:
        other = next((p for (p, s), left in missing.items() if s == surface and left), None)
        expected = f"words of {_where(place)}"
        if other:
            missing[other, surface] -= 1
            expected += f" (it stands in {_where(other)})"
        yield sentence("figures.csv", line, "surface", surface, expected)
    for place, surface in missing.elements():
        yield f'figures.csv: found no row for "{surface}" in {_where(place)}, expected one'
    for row in claims.to_dict("records"):
        place = int(row["paragraph"]), int(row["sentence"])
        if place not in spans:
            found, expected = f"{place[0]}, {place[1]}", "a sentence that the text has"
            yield sentence("claims.csv", row["line"], "paragraph, sentence", found, expected)


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


def _where(place: Place) -> str:
    return f"paragraph {place[0]}, sentence {place[1]}"
