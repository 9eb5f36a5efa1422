"""Cutting text: paragraphs, sentences, and the tokens the grammar reads.

A token is a word, a number with its separators, one CJK word of the lexicon, or one sign; its
trailing white space belongs to it, so that the tokens tile a line and their lengths give offsets.
One regular expression without nested repetition cuts them, in one pass and in linear time.
"""

from __future__ import annotations

import re

from tradelib.wording.lexicon import FLAGS, lexicon

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_STOP = re.compile(r"(?:[.!?…]+[\"'”’)\]»]*\s+|[。！？]+[”’」』]*\s*)(?=[\"'“‘(\[«]*[^\W_a-z])|[。！？]+[”’」』]*")
_LAST_WORD = re.compile(r"(?:^|[^\w.])((?:[^\W\d_]\.)*[^\W\d_]+)\.?$")


def paragraphs(text: str) -> list[tuple[int, str]]:
    r"""Give the non-empty lines of a text, each with its offset and without outer white space.

    The ledger's locator ``paragraph`` counts them from 1.

    Examples
    --------
    >>> paragraphs("Summary\r\n\r\n  Exports rose.\n")
    [(0, 'Summary'), (13, 'Exports rose.')]
    """
    found = []
    for match in _LINE.finditer(text):
        line = match[0].strip("\ufeff \t\u00a0\u3000\v\f\x1c\x1d\x1e\x85")
        if line.strip():
            found.append((match.start() + match[0].index(line), line))
    return found


def sentences(paragraph: str) -> list[tuple[int, str]]:
    """Give the sentences of a paragraph, each with its offset.

    A sentence ends at a full stop, question or exclamation mark (closing quotes after it
    included) where white space and then a capital, a digit or an opening quote follow; not after
    an initial or an abbreviation of the lexicon. The ledger's locator ``sentence`` counts from 1.

    Examples
    --------
    >>> sentences("The U.S. bought 2.5% more. Mr. Li agreed.")
    [(0, 'The U.S. bought 2.5% more.'), (27, 'Mr. Li agreed.')]
    """
    found, start = [], 0
    for match in _STOP.finditer(paragraph):
        head = paragraph[max(start, match.start() - 24) : match.start()]
        word = _LAST_WORD.search(head)
        if match[0].startswith(".") and word is not None and match[0].rstrip() == ".":
            last = word[1].lower()
            if "." in last or len(last) == 1 or last in [w for w in [last] if lexicon().flags.get(w, 0) & FLAGS["abbreviation"]]:
                continue
        found.append((start, paragraph[start : match.end()].rstrip()))
        start = match.end()
    if paragraph[start:].strip():
        found.append((start, paragraph[start:].rstrip()))
    return found
