"""Cutting text: paragraphs, sentences, and the tokens the grammar reads.

A token is a word, a number with its separators, one CJK word of the lexicon, or one sign; its
trailing white space belongs to it, so that the tokens tile a line and their lengths give offsets.
One regular expression without nested repetition cuts them, in one pass and in linear time.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from tradelib.wording.lexicon import HYPHENS, F, lexicon

_PAD: Final = [" "] * 8
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_OUTER = "\ufeff \t\u00a0\u3000\v\f\x1c\x1d\x1e\x85"
_STOP = re.compile(r"[.!?…]+[\"'”’)\]»]*\s+(?=[\"'“‘(\[«]*[^\W_a-z])")
_BOTH_STOPS = re.compile(rf"{_STOP.pattern}|[。！？]+[”’」』]*\s*")
_QUOTES = "\"'“‘(«[—–-"


class Line:
    """A line cut into tokens: ``raw`` tile it, ``tok`` are stripped, ``low`` in lower case.

    ``flags`` are the roles the lexicon gives each, ``start`` their offsets. Empty tokens behind
    the last let the grammar look ahead, and back (by negative indices), without leaving a line.
    A ``whole`` line is nothing but one expression: nothing around it can object to it. A line is
    ``weighed`` once a rule has compared its numbers: other digits might then be read otherwise.
    """

    __slots__ = ("flags", "low", "raw", "size", "start", "text", "tok", "weighed", "whole")

    def __init__(self, text: str, whole: bool = False) -> None:
        lex = lexicon()
        self.text, self.whole, self.weighed = text, whole, False
        self.raw: list[str] = lex.token.findall(text)
        self.size = len(self.raw)
        self.start = list(accumulate(map(len, self.raw), initial=0))
        self.raw += _PAD
        self.tok = list(map(str.strip, self.raw))
        self.low = list(map(str.lower, self.tok))
        self.flags = list(map(lex.flags.__getitem__, self.low))

    def glued(self, i: int) -> bool:
        """Whether token i touches the next one."""
        return len(self.raw[i]) == len(self.tok[i]) and i != self.size - 1

    def word_glued(self, i: int) -> bool:
        """Whether token i is a Latin word that touches the one before."""
        return self.glued(i - 1) and self.tok[i].isalpha() and self.tok[i].isascii()

    def hyphen(self, i: int) -> bool:
        """Whether token i is a hyphen inside a word."""
        inside = self.raw[i] in HYPHENS and i != self.size - 1
        return inside and len(self.raw[i - 1]) == len(self.tok[i - 1])

    def stop(self, i: int) -> bool:
        """Whether token i ends a sentence or stands apart as a colon or a dash does."""
        if self.low[i] == "." and not self.glued(i):
            return not self.flags[i - 1] & F.abbreviation  # cut its U.S. advertising
        return self.low[i] in _ENDS

    def end(self, i: int) -> int:
        """Offset behind token i."""
        return self.start[i] + len(self.tok[i])


_ENDS: Final = frozenset(";:()—–。；|!?")


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
        line = match[0].lstrip(_OUTER)
        if line.strip():
            found.append((match.end() - len(line), line.rstrip(_OUTER)))
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
    found, start, flags = [], 0, lexicon().flags
    stops = _BOTH_STOPS if "。" in paragraph or "！" in paragraph else _STOP
    for match in stops.finditer(paragraph):
        at = match.start()
        last = paragraph[max(start, at - 12) : at].rpartition(" ")[2].lstrip(_QUOTES).lower()
        short = len(last) == 1 or "." in last or flags.get(last, 0) & F.abbreviation
        if short and match[0].rstrip() == "." and last[-1].isalpha():
            continue
        found.append((start, paragraph[start : match.end()].rstrip()))
        start = match.end()
    if paragraph[start:].strip():
        found.append((start, paragraph[start:].rstrip()))
    return found
