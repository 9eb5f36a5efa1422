"""The clauses of trade news: what stands around a figure and names flow, partner, product, period.

`read` gives the sentences that hold figures, with the words in them that name something. Which
words do stands in ``words.csv``, each row with its reason; ``{name}`` there is the row of that
name. What partners and products are called stands in their tables. A `Clause` is a figure with
the words that belong to it.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from tradelib.auditing.periods import named
from tradelib.ledger import load_table
from tradelib.verify import sentence_spans
from tradelib.wording import Mention, scan
from tradelib.wording.lexicon import singular

WHOLE: Final = {"partner": "World", "product": "All"}
MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
WRAPPED: Final = re.compile(r"(?<=[^\n]{49}[^\s.!?:;|])\n(?=[a-z\d$€£¥])")
"""A line end inside a sentence: after a long line without a stop, before what begins none."""
NEAR: Final = 80
"""How many characters the words right ahead of a mark can take."""


class Guess(str):
    """A label that a figure's own clause does not give for sure."""

    __slots__ = ()


class Mark(NamedTuple):
    """Words that name something: a flow, partner, product, period or the base of a comparison."""

    kind: str
    value: str
    start: int
    end: int


@dataclass
class Sentence:
    """A sentence with figures. Offsets, also those of marks and ``spans``, count from its start.

    In ``text`` the figures are zeros and the names ``@``, so that patterns can tell them from
    words; ``printed`` is as it was. ``lists`` tells of each figure which of how many it is in a
    list (*3%, 4% and 5%*), ``where`` its place in the text; the sentence's own is without breaks of
    wrapped lines.
    """

    place: tuple[int, int]
    printed: str
    text: str
    marks: list[Mark]
    mentions: list[Mention]
    spans: list[tuple[int, int]]
    lists: list[tuple[int, int]]
    where: list[tuple[int, int]]


@cache
def words(name: str) -> re.Pattern[str]:
    """Give the pattern of ``words.csv`` with this name."""
    return re.compile(_table()[name], re.IGNORECASE)


@cache
def _table() -> dict[str, str]:
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as file:
        table = {row["name"]: row["words"] for row in csv.DictReader(file)}
    for name, pattern in table.items():
        for part in re.findall(r"\{([a-z][a-z-]+)\}", pattern):
            table[name] = table[name].replace(f"{{{part}}}", f"(?:{table[part]})")
    return table


def read(text: str, reporter: str, published: str, folder: Path | str | None) -> Iterator[Sentence]:
    """Give the sentences that hold figures, in order, with what they name."""
    called = {kind: _called(kind, folder) for kind in WHOLE}
    demonym = "|".join(  # German exports
        rf"\b{name[:-1]}\w*"
        for name, partner in called["partner"].items()
        if partner == reporter and name.isalpha() and len(name) > 4
    )
    found, spans_of = scan(text), sentence_spans(text)
    text = WRAPPED.sub(" ", text)
    for place, (start, end) in sentence_spans(text).items():
        mentions = [mention for mention in found if start <= mention.start < end]
        if not mentions:
            continue
        printed = text[start:end]
        spans = [(mention.start - start, mention.end - start) for mention in mentions]
        bare = _blank(printed, spans, "0")
        names = [*_partners(bare, called["partner"]), *_products(printed, called["product"])]
        own = (match.span() for match in re.finditer(demonym, bare) if match[0])
        masked = _blank(bare, [*own, *(mark[2:] for mark in names if bare[mark[2]] != "0")], "@")
        others = words("proper name").finditer(masked)
        names += [Mark("partner", Guess(match[0]), *match.span()) for match in others]
        told = [*_longest(_flows(bare)), *_longest(_periods(bare, published))]
        marks = sorted(names + told, key=lambda mark: mark.start)
        lists = _lists([mention.kind for mention in mentions], spans, bare)
        where = [
            next(at for at, span in spans_of.items() if span[0] <= mention.start < span[1])
            for mention in mentions
        ]
        yield Sentence(place, printed, masked, marks, mentions, spans, lists, where)


def _blank(text: str, spans: Iterable[tuple[int, int]], letter: str) -> str:
    for start, end in spans:
        text = text[:start] + letter * (end - start) + text[end:]
    return text


def _called(kind: str, folder: Path | str | None) -> dict[str, str]:
    """Give the names of a table by what they are called, products in the singular."""
    return {
        alias if kind == "partner" else _singular(alias): row[kind]
        for row in load_table(f"{kind}s", folder).to_dict("records")
        for alias in (row[kind], *row["aliases"].split(";"))
        if alias and row[kind] != WHOLE[kind]
    }


def _singular(name: str) -> str:
    return " ".join(map(singular, re.split("[- ]", name)))


def _partners(bare: str, called: dict[str, str]) -> Iterator[Mark]:
    longest = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
    for match in re.finditer(rf"(?<!\w)(?:{longest})(?!\w|\$| dollar)", bare):
        if not words("not a flow").match(bare, match.end()):
            yield Mark("partner", called[match[0]], *match.span())


def _products(printed: str, called: dict[str, str]) -> Iterator[Mark]:
    """Find products in singular and plural, also in what is counted: *6 million cars*."""
    longest = "|".join(sorted(map(re.escape, called), key=len, reverse=True))
    longest = re.sub(r"y(?=\||\\ |$)", "(?:y|ie)", longest)
    longest = re.sub(r"(?=\||\\ |$)", "(?:e?s)?", longest).replace("\\ ", "[- ]")
    for match in re.finditer(rf"(?<!\w)(?:{longest})(?!\w)", printed, re.IGNORECASE):
        if name := called.get(_singular(match[0])):
            yield Mark("product", name, *match.span())


def _flows(bare: str) -> Iterator[Mark]:
    for name, pattern in _table().items():
        if name.startswith("flow "):
            for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?!\w)", bare, re.IGNORECASE):
                if not words("not a flow").match(bare, match.end()):
                    yield Mark("flow", name.removeprefix("flow "), *match.span())


def _periods(bare: str, published: str) -> Iterator[Mark]:
    for name, pattern in _table().items():
        if name.startswith("period "):
            for match in re.finditer(rf"(?<![\w-])(?:{pattern}){words('of year').pattern}", bare):
                base = words("based").search(bare, max(0, match.start() - NEAR), match.start())
                value = _period(name.removeprefix("period "), match, published)
                yield Mark("base" if base else "period", value, *match.span())


def _period(named_months: str, match: re.Match[str], published: str) -> str:
    """Give a period, of these months of a year or of those that are named in the words.

    Without a year it is the last such that was over when the article was published.
    """
    said, year, month = (match["year"] or "").lower(), int(published[:4]), int(published[5:7] or 12)
    if "-" in named_months:
        first, last = map(int, named_months.split("-"))
    else:
        beginnings = (name.lower() for name in re.findall("[A-Z][a-z]{2}", match[0]))
        found = [MONTHS.index(name) + 1 for name in beginnings if name in MONTHS]
        first, last = found[0], found[-1]
        first -= 12 * (last < first)  # November to January
    if said.isdigit():
        year = int(said)
    else:
        year -= "last" in said or (not said and last > month)
    return named(12 * year + first - 1, 12 * year + last - 1)


def _longest(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Of marks that overlap, give the first and longest."""
    end = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= end:
            end = mark.end
            yield mark


def _lists(kinds: list[str], spans: list[tuple[int, int]], bare: str) -> list[tuple[int, int]]:
    sizes = [1]
    for here in range(1, len(kinds)):
        gap = bare[spans[here - 1][1] : spans[here][0]]
        if kinds[here] == kinds[here - 1] and re.fullmatch(r"\s*(?:,|and|, and|&)\s*", gap):
            sizes[-1] += 1
        else:
            sizes.append(1)
    return [(place, size) for size in sizes for place in range(size)]


class Clause:
    """A figure with what belongs to it.

    The clause begins at ``since``; ``lead`` and ``tail`` are the texts up to the neighbouring
    figures, and ``used`` is how far the figure's own words go. Figures of a list share a clause;
    ``last`` is the number of the list's last, ``list_until`` the end of its tail. A figure is
    ``compared`` where it is what another is compared with. ``before`` are the clauses before it in
    the sentence, ``earlier`` is the row that the sentence before told first in the same paragraph,
    ``about`` is known of the article. Rules fill the ``row``.
    """

    def __init__(
        self,
        sentence: Sentence,
        before: list[Clause],
        earlier: dict[str, str],
        about: dict[str, str],
    ):
        self.sentence, self.before, self.earlier, self.about = sentence, before, earlier, about
        here = len(before)
        self.mention, self.place = sentence.mentions[here], sentence.lists[here]
        self.start, self.end = sentence.spans[here]
        ends = [*(start for start, _ in sentence.spans), len(sentence.text)]
        self.last = here - self.place[0] + self.place[1] - 1
        self.until, self.list_until = ends[here + 1], ends[self.last + 1]
        begin: int = before[-1].used if before else 0
        breaks = [
            match.end() for match in words("break").finditer(sentence.text, begin, self.start)
        ]
        self.since: int = before[-1].since if self.place[0] else max([begin, *breaks])
        self.lead, self.tail = self.between(begin, self.start), self.between(self.end, self.until)
        self.used: int = self.end
        self.row = {"reporter": about["reporter"]}
        goes_on = before and before[-1].compared and words("goes on").fullmatch(self.lead)
        ago = self.mention.kind != "percent" and words("a year ago").match(self.tail)
        self.compared: bool = bool(words("against").search(self.lead) or ago or goes_on)
        said = words("share of").match(self.tail) or words("share").search(self.lead)
        still = self.place[0] or self.compared or not words("moves").search(self.lead + self.tail)
        again = before and still and before[-1].is_share
        self.is_share: bool = self.mention.kind == "percent" and bool(said or again)
        ahead = self._ahead()
        of = ahead and words("of").fullmatch(self.between(ahead.end, self.start))
        self.flow = ahead if self.is_share or of else self.behind("flow") or ahead

    def marks(self, kind: str, start: int, end: int) -> list[Mark]:
        """Give the marks of a kind that begin between two offsets."""
        begin = bisect_left(self.sentence.marks, start, key=attrgetter("start"))
        some = takewhile(lambda mark: mark.start < end, self.sentence.marks[begin:])
        return [mark for mark in some if mark.kind == kind]

    def between(self, start: int, end: int) -> str:
        """Give the text between two offsets, figures and names blanked."""
        return self.sentence.text[start:end]

    def ahead_of(self, mark: Mark) -> str:
        """Give the text right ahead of a mark."""
        return self.between(max(0, mark.start - NEAR), mark.start)

    def behind(self, kind: str) -> Mark | None:
        """Give the first mark of a kind in the tail, where only small words stand between."""
        for mark in self.marks(kind, self.end, self.until)[:1]:
            if words("behind").fullmatch(self.between(self.end, mark.start)):
                self.used = mark.end
                return mark
        return None

    def _ahead(self) -> Mark | None:
        """The flow that governs the clause: the last that nothing is compared with."""
        flows = self.marks("flow", self.since, self.start)
        free = [mark for mark in flows if not words("than").search(self.ahead_of(mark))]
        return free[-1] if free else None

    def names(self, kind: str) -> list[str]:
        """Give the partners or products that belong to the figure, in order."""
        if not self.is_share and (mark := self.behind(kind)):
            return [mark.value]
        if self.flow and self.flow.start > self.end:
            for mark in self.marks(kind, self.flow.end, self.until)[:1]:
                if words("to").fullmatch(self.between(self.flow.end, mark.start)):
                    self.used = mark.end
                    return [mark.value]
        found: list[Mark] = []
        for mark in self.marks(kind, self.since, self.start):
            joined = found and words("join").fullmatch(self.between(found[-1].end, mark.start))
            owns = kind == "partner" and words("owner").match(self.sentence.text, mark.end)
            foreign = mark.value != self.row["reporter"] and not owns
            if foreign and (joined or self._attached(mark)):
                found.append(mark)
        return list(dict.fromkeys(mark.value for mark in found))

    def _attached(self, mark: Mark) -> bool:
        """Whether a name belongs to the flow of its clause or, without one, leads the clause."""
        flow, lead = self._ahead(), self.between(self.since, mark.start)
        for other in self.marks("flow", self.since, mark.start):
            if words("to").fullmatch(self.between(other.end, mark.start)):
                return True
        if flow and flow.end <= mark.start:
            return False
        if isinstance(mark.value, Guess):
            return bool(words("listed").fullmatch(lead))
        if flow:
            close = words("close").fullmatch(self.between(mark.end, flow.start))
            return bool(close or words("first").fullmatch(lead))
        return bool(words("leads").search(lead))

    def own(self, values: list[str], together: str) -> str:
        """Of what a list names, give that which belongs to this figure of a list."""
        return values[self.place[0]] if len(values) == self.place[1] else together

    def beside(self) -> str:
        """Give the unit of the amount that a rate leads to, else of the last amount of the same.

        A list as a whole leads to the next. What is counted gives ``units``.
        """
        for after in self.sentence.mentions[self.last + 1 : self.last + 2]:
            start, end = self.sentence.spans[self.last][1], self.list_until
            leads = words("leads to").fullmatch(self.between(start, end))
            if leads and not self.marks("flow", start, end):
                return {"money": after.unit, "count": "units"}.get(after.kind, "")
        for clause in self.before:
            same = all(clause.row[column] == self.row[column] for column in ("flow", *WHOLE))
            if same and clause.row["measure"] in ("level", "units"):
                return clause.mention.unit if clause.mention.kind == "money" else "units"
        return ""
