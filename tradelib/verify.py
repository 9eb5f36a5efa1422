"""Hold an article's text against the ledger: the checksum, every surface, every figure found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tradelib.ledger import load_table
from tradelib.wording import paragraphs, scan, sentences


def verify(
    content: bytes, article: str = "", folder: Path | str | None = None
) -> tuple[str, list[str]]:
    """Compare an article's text, the bytes of its file, with its rows of the ledger.

    Without the slug of an ``article``, it is the one with this checksum, else the one with most
    figures in the text. Gives the slug, and a sentence for each difference: another checksum, a
    surface that is not at its place, a figure that the scan finds and the ledger lacks, or the
    reverse. If there is no such article, no article's figures are in the text, or it is not UTF-8,
    that is a ValueError. The ``folder`` is as in `tradelib.load_table`.

    >>> verify(b"Exports came to 25.4 trillion RMB.")[0]
    'surplus-2024'
    """
    text, digest = content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    sums = load_table("articles", folder).set_index("article")["sha256"]
    figures = load_table("figures", folder)
    there = figures["article"][[surface in text for surface in figures["surface"]]]
    known = [article] if article else [*sums.index[sums == digest], *there.mode()]
    if not known:
        raise ValueError(
            "the text has the checksum of no article in articles.csv, and none of their figures"
        )
    if known[0] not in sums:
        raise ValueError(f"no article {article!r}, expected one of {', '.join(sums.index)}")
    rows = figures[figures["article"] == known[0]]
    return known[0], list(_differences(text, digest, str(sums[known[0]]), rows))


def _differences(text: str, digest: str, expected: str, rows: pd.DataFrame) -> Iterator[str]:
    """Tell each difference; a place is a paragraph and a sentence, both counted from 1."""
    if digest != expected:
        yield f"the checksum is {digest}, articles.csv expects {expected}"
    spans = sentence_spans(text)
    typed: Counter[tuple[tuple[int, int], str]] = Counter()
    for row in rows.to_dict("records"):
        place = int(row["paragraph"]), int(row["sentence"])
        typed[place, row["surface"]] += 1
        start, end = spans.get(place, (0, 0))
        if row["surface"] not in text[start:end]:
            yield f'{row["figure"]}: "{row["surface"]}" is not in {_where(place)}'
    places = {offset: place for place, span in spans.items() for offset in range(*span)}
    scanned = Counter((places.get(m.start, (0, 0)), m.surface) for m in scan(text))
    for place, surface in scanned - typed:
        yield f'the scan finds "{surface}" in {_where(place)}, the ledger has no such figure'
    for place, surface in typed - scanned:
        yield f'the ledger has "{surface}" in {_where(place)}, the scan finds no such figure'


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


def _where(place: tuple[int, int]) -> str:
    return f"paragraph {place[0]}, sentence {place[1]}"
