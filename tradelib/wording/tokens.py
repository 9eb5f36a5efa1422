"""Cutting text: paragraphs, passages, sentences, and the tokens the grammar reads.

A token is a word, a number with its separators, one CJK word of the lexicon, or one sign, with the
white space behind it: the tokens tile a line. One regular expression cuts them in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import Final

from tradelib.wording.lexicon import HEDGES, HYPHENS, SCALES, TOKEN, W

_PAD: Final = [" "] * 10
REACH: Final = 40
"""How many tokens away a word of the sentence still bears on a figure."""
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_OUTER = "\ufeff \t\u00a0\u3000\v\f\x1c\x1d\x1e\x85"
_STOP = re.compile(r"[.!?…]+[\"'”’)\]»]*\s+(?=[\"'“‘(\[«]*[^\W_a-z])|[。！？]+[”’」』]*\s*")
_QUOTES = "\"'“‘(«[—–-"
_LONG: Final = 12  # no abbreviation is as long, with the signs that may stand before it
_ENDS: Final = frozenset(";:()—–。；|!?")


class Line:
    """A passage cut into tokens: ``raw`` tile it, ``tok`` are stripped, ``low`` in lower case.

    ``start`` are their offsets, ``size`` is how many they are, ``hyphens`` are those inside a word
    or at the end of a line that breaks one. Empty tokens behind the last let the grammar look
    beyond either end. A ``whole`` line is one expression: nothing around it can object to it.
    """

    def __init__(self, text: str, whole: bool = False) -> None:
        self.text, self.whole = text, whole
        self.raw: list[str] = TOKEN.findall(text)
        self.size = len(self.raw)
        self.start = list(accumulate(map(len, self.raw), initial=0))
        self.raw += _PAD
        self.tok = list(map(str.strip, self.raw))
        self.low = list(map(str.lower, self.tok))
        self.hyphens = {
            i
            for i, word in enumerate(self.tok[: max(self.size - 1, 0)])
            if word in HYPHENS and self.raw[i][1:2] in ("", "\n", "\r") and self.glued(i - 1)
        }

    def glued(self, i: int) -> bool:
        """Whether token i touches the next one."""
        return len(self.raw[i]) == len(self.tok[i]) and i != self.size - 1

    def word_glued(self, i: int) -> bool:
        """Whether token i is a Latin word that touches the one before."""
        return self.glued(i - 1) and self.tok[i].isalpha() and self.tok[i].isascii()

    def past_hyphen(self, i: int) -> int:
        """Give the token behind a hyphen at token i, else i."""
        return i + 1 if i in self.hyphens else i

    def stop(self, i: int) -> bool:
        """Whether token i ends a sentence or stands apart as a colon or a dash does."""
        if self.low[i] == ".":
            return self.low[i - 1] not in W.abbreviation  # cut its U.S. advertising
        return self.low[i] in _ENDS

    def back(self, i: int, words: AbstractSet[str]) -> int:
        """Give the nearest token from i back that is none of some words."""
        while self.low[i] in words:
            i -= 1
        return i

    def seek(self, i: int, wanted: AbstractSet[str], ends: AbstractSet[str] = frozenset()) -> int:
        """Give the nearest token from i back that is wanted; -1 where the clause ends before."""
        closed = 0
        for j in range(i, max(i - REACH, -1), -1):
            inside = closed > 0
            closed += (self.low[j] == ")") - (inside and self.low[j] == "(")
            if inside or closed:
                continue
            if self.low[j] in wanted:
                return j
            if self.low[j] in ends or self.stop(j):
                break
        return -1

    def end(self, i: int) -> int:
        """Offset behind token i."""
        return self.start[i] + len(self.tok[i])


def paragraphs(text: str) -> list[tuple[int, str]]:
    r"""Give the non-empty lines of a text, each with its offset and without outer white space.

    The ledger's locator ``paragraph`` counts them from 1.

    >>> paragraphs("Summary\r\n\r\n  Exports rose.\n")
    [(0, 'Summary'), (13, 'Exports rose.')]
    """
    found = []
    for match in _LINE.finditer(text):
        line = match[0].lstrip(_OUTER)
        if line.strip():
            found.append((match.end() - len(line), line.rstrip(_OUTER)))
    return found


_CELLS: Final = re.compile(r"[\t|]|\S\s{3,}\S|\S\s\s\S.*\S\s\s\S")
_BULLET: Final = re.compile(r"[*•·▪◦●■–—-]\s|[*•▪●■]|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")
_GOES_ON: Final = W.stop | {phrase[-1] for phrase in HEDGES.entries} | SCALES.keys()


def passages(text: str) -> list[tuple[int, str]]:
    """Give the paragraphs as a reader sees them: a line end inside a sentence is a blank."""
    spans: list[tuple[int, int]] = []
    last = ""
    for start, line in paragraphs(text):
        gap = text[spans[-1][1] : start].replace("\r\n", "\n") if spans else ""
        joined = gap.strip(" \t\u00a0\u3000") in ("\n", "\r") and _continues(last, line)
        begin = spans.pop()[0] if joined else start
        spans.append((begin, start + len(line)))
        last = line
    return [(start, text[start:end]) for start, end in spans]


def _continues(last: str, line: str) -> bool:
    """Whether a line goes on with the sentence of the line before."""
    if _BULLET.match(line) or _CELLS.search(last) or _CELLS.search(line):
        return False
    word = last.rstrip("\"'”’)").rpartition(" ")[2].lower()
    if last[-1] in ".!?…:;。！？；：":
        return last[-1] == "." and _is_short(word[:-1]) and not line[0].isupper()
    if not line[0].isupper() or word in _GOES_ON or last[-1] in ",$€£¥-":
        return True
    return word[-1:].isdigit() and sum(w.islower() for w in last.split()) >= 2


def _is_short(word: str) -> bool:
    """Whether a full stop behind a word in lower case ends no sentence."""
    initials = word.replace(".", "").isalpha() and (len(word) == 1 or "." in word)
    return initials or word in W.abbreviation


def sentences(paragraph: str) -> list[tuple[int, str]]:
    """Give the sentences of a paragraph, each with its offset.

    A sentence ends at a full stop, question or exclamation mark (closing quotes after it
    included) where white space and then a capital, a digit or an opening quote follow; not after
    an initial or an abbreviation of the lexicon. The ledger's locator ``sentence`` counts from 1.

    >>> sentences("The U.S. bought 2.5% more. Mr. Li agreed.")
    [(0, 'The U.S. bought 2.5% more.'), (27, 'Mr. Li agreed.')]
    """
    found, start = [], 0
    for match in _STOP.finditer(paragraph):
        at = match.start()
        word = paragraph[max(start, at - _LONG) : at].replace("\n", " ").rpartition(" ")[2]
        if match[0].rstrip() != "." or not _is_short(word.lstrip(_QUOTES).lower()):
            found.append((start, paragraph[start : match.end()].rstrip()))
            start = match.end()
    if paragraph[start:].strip():
        found.append((start, paragraph[start:].rstrip()))
    return found
