"""Sentences with tags in the place of figures and of what is named: ``<flow exports>``.

Words that name something stand in ``words.csv``, each row with its reason; ``{name}`` in a pattern
is the row of that name. What partners and products are called stands in their tables. In a tag a
question mark says that it is a guess, ``&`` parts the items of a list, ``_`` stands for a blank.
"""

from __future__ import annotations

import csv
import re
from calendar import month_abbr
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tradelib.auditing.periods import named
from tradelib.ledger import load_table
from tradelib.wording import Mention, scan

MONTHS: Final = list(month_abbr)
WHOLE: Final = {"partner": "World", "product": "All"}
Row = dict[str, str]
Names = tuple[re.Pattern[str], list[tuple[str, str]]]
"""A pattern, and the kind and value of each of its groups."""


def rows_of(name: str) -> list[Row]:
    """Give the rows of a table beside this module."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WORDS: Final = {row["name"]: row["words"] for row in rows_of("words")}


@cache
def pattern(words: str) -> re.Pattern[str]:
    """Compile a pattern that names rows of ``words.csv``."""
    while part := re.search(r"\{([a-z][\w -]*)\}", words):
        words = words.replace(part[0], f"(?:{WORDS[part[1]]})")
    return re.compile(words, re.DOTALL | re.IGNORECASE)


def called(reporter: str, folder: Path | str | None) -> Names:
    """Give the words that partners and products are called by, and what they name."""
    found: dict[str, tuple[str, str]] = {}
    for kind, whole in WHOLE.items():
        table = load_table(f"{kind}s", folder)
        for row in table[table[kind] != whole].to_dict("records"):
            for name in filter(None, (row[kind], *row["aliases"].split(";"))):
                words = "[- ]".join(map(re.escape, re.split("[- ]", name)))
                if kind == "product":  # one or several
                    words = "(?i:" + re.sub(r"(?<!s)s?(?=\[|$)", "s?", words) + ")"
                elif row[kind] == reporter:  # German exports
                    words = re.sub(r"^(\w{4,})\w$", r"\1\\w*", words)
                found[words] = "own" if row[kind] == reporter else kind, row[kind]
    longest = sorted(found, key=len, reverse=True)
    either = "|".join(f"({words})" for words in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)"), [found[words] for words in longest]


def tagged(text: str, start: int, mentions: list[Mention], names: Names, published: str) -> str:
    """Give a sentence that starts somewhere in a text with its tags; figures are numbered."""
    tags = list(_told(text, published))
    for number, mention in enumerate(mentions):
        span = mention.start - start, mention.end - start
        tags.append((*span, mention.kind, f"{number} {mention.unit}"))
    words, labels = names
    tags += [(*match.span(), *labels[(match.lastindex or 1) - 1]) for match in words.finditer(text)]
    told, until, holder = "", 0, ""
    for begin, end, kind, value in sorted(tags, key=lambda tag: (tag[0], -tag[1], tag[2])):
        if begin >= until:
            told += text[until:begin]
            until, holder = end, kind
        elif kind != "product" or holder not in ("flow", "count"):  # 6 million cars
            continue
        told += f"<{kind} {value.replace(' ', '_')}>"
    return told + text[until:]


def _told(text: str, published: str) -> Iterator[tuple[int, int, str, str]]:
    """Find flows, periods and the currencies that growth is told in: start, end, kind, value."""
    for name in WORDS:
        kind, _, value = name.partition(" ")
        more = "{of year}" * (kind == "period")
        for match in pattern(rf"(?<![\w-]){{{name}}}{more}(?!\w)").finditer(text):
            if kind in ("flow", "did"):
                yield *match.span(), kind, value
            elif kind == "currency":
                units = [m.unit for m in scan(f"1 {match[1]}") if m.kind == "money"]
                yield from [(*match.span(), kind, unit) for unit in units]
            elif kind == "period":
                yield *match.span(), kind, _period(value, match, published)


def _period(part: str, match: re.Match[str], published: str) -> str:
    """Give a period: these months of a year, or those that are named in the words.

    Without a year it is the last such that was over when the article was published.
    """
    said, year, month = (match["year"] or "").lower(), int(published[:4]), int(published[5:7] or 12)
    beginnings = re.findall("[A-Z][a-z]{2}", match[0])
    found = [MONTHS.index(name) for name in beginnings if name in MONTHS]
    first, *_, last = found * 2 or map(int, part.split("-"))
    first -= 12 * (last < first)  # November to January
    if said.isdigit():
        year = int(said)
    else:
        year -= "last" in said or (not said and last > month)
    return named(12 * year + first - 1, 12 * year + last - 1)
