"""Hold an article's text against the ledger: the checksum, every surface, every figure found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tradelib.ledger import load_table
from tradelib.wording import paragraphs, scan, sentences

Place = tuple[int, int]
"""Paragraph and sentence, both counted from 1."""


def verify(
    content: bytes, article: str = "", folder: Path | str | None = None
) -> tuple[str, list[str]]:
    """Compare an article's text with its rows of the ledger.

    Parameters
    ----------
    content
        The text file's bytes, UTF-8.
    article
        Its slug; without, the article with this checksum, else the one with most figures in it.
    folder
        As in `tradelib.load_table`.

    Returns
    -------
    article : str
        The slug compared with.
    differences : list of str
        A sentence each: another checksum, a surface that is not at its place, a figure that the
        scan finds and the ledger lacks, or the reverse. Empty if all agree.

    Raises
    ------
    ValueError
        If there is no such article, no article's figures are in the text, or it is not UTF-8.

    Examples
    --------
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
    if digest != expected:
        yield f"the checksum is {digest}, articles.csv expects {expected}"
    spans = _sentences(text)
    for row in rows.to_dict("records"):
        place = row["paragraph"], row["sentence"]
        start, end = spans.get(place, (0, 0))
        if row["surface"] not in text[start:end]:
            yield f'{row["figure"]}: "{row["surface"]}" is not in {_where(place)}'
    places = {offset: place for place, span in spans.items() for offset in range(*span)}
    scanned = Counter((places.get(m.start, (0, 0)), m.surface) for m in scan(text))
    typed = Counter(
        ((int(p), int(s)), str(surface))
        for p, s, surface in rows[["paragraph", "sentence", "surface"]].itertuples(index=False)
    )
    for place, surface in scanned - typed:
        yield f'the scan finds "{surface}" in {_where(place)}, the ledger has no such figure'
    for place, surface in typed - scanned:
        yield f'the ledger has "{surface}" in {_where(place)}, the scan finds no such figure'


def _sentences(text: str) -> dict[Place, tuple[int, int]]:
    """Where each sentence begins and ends in the text."""
    return {
        (p, s): (begin + start, begin + start + len(sentence))
        for p, (begin, paragraph) in enumerate(paragraphs(text), 1)
        for s, (start, sentence) in enumerate(sentences(paragraph), 1)
    }


def _where(place: Place) -> str:
    return f"paragraph {place[0]}, sentence {place[1]}"
