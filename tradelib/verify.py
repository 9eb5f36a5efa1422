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
        Its slug; without, the article with this checksum or, where there is none, the one with
        most surfaces in the text.
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
        If there is no such article, or no article's figures are in the text.
    UnicodeDecodeError
        If the bytes are no UTF-8 text.

    Examples
    --------
    >>> verify(b"Exports came to 25.4 trillion RMB.")[0]
    'surplus-2024'
    """
    text = content.decode("utf-8-sig")
    articles = load_table("articles", folder).set_index("article")
    figures = load_table("figures", folder)
    digest = hashlib.sha256(content).hexdigest()
    article = article or _article(text, digest, articles, figures)
    if article not in articles.index:
        raise ValueError(f"no article {article!r}, expected one of {', '.join(articles.index)}")
    rows = figures[figures["article"] == article]
    return article, list(_differences(text, digest, str(articles.at[article, "sha256"]), rows))


def _article(text: str, digest: str, articles: pd.DataFrame, figures: pd.DataFrame) -> str:
    same = articles.index[articles["sha256"] == digest]
    if len(same):
        return str(same[0])
    found = figures["article"][[surface in text for surface in figures["surface"]]]
    if found.empty:
        raise ValueError(
            "the text has the checksum of no article in articles.csv, and none of their figures"
        )
    return str(found.value_counts().index[0])


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
