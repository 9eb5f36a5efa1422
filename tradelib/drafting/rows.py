"""Rows of ``figures.csv`` from an article's text, each label by a rule, what is guessed told.

A sentence is tagged and set in order by the first rules of ``rules.csv``: what is said behind a
figure stands ahead of it then. Each figure, or list of figures, gets its labels column by column
from the first rule whose pattern fits what stands around it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Final

import pandas as pd

from tradelib.auditing.periods import later, months, named
from tradelib.drafting.tagging import WHOLE, Names, Row, called, pattern, rows_of, tagged
from tradelib.ledger import load_table
from tradelib.verify import sentence_spans
from tradelib.wording import Mention, parse, scan

EXPECTED: Final = (
    "figure kind value lower upper printed_lower printed_upper unit hedge".split()  # noqa: SIM905
)
LABELS: Final = (
    "reporter flow partner product measure period basis currency_basis direction".split()  # noqa: SIM905
)
RULES: Final = {
    field: [row for row in rows_of("rules") if field in row["field"].split()]
    for field in ("sentence", *LABELS)
}
WRAPPED: Final = re.compile(r"(?<=[^\n]{49}[^\s.!?:;|])\n(?=[a-z\d$€£¥])")
"""A line end inside a sentence: after a long line without a stop, before what begins none."""
RATES: Final = {"level": "growth", "units": "units growth"}
"""What a percentage is that stands with an amount of the same."""
NEAR: Final = 1000
"""How much of a sentence bears on a figure, on each side, in characters."""
PASSES: Final = 4
"""How often the rules for sentences are applied: each pass doubles the lists that are joined."""
Sentence = tuple[int, str, list[Mention]]
"""Its paragraph, its text with tags, its figures."""


def draft(
    text: str,
    *,
    article: str,
    reporter: str = "China",
    year: int | None = None,
    published: str | None = None,
    folder: Path | str | None = None,
) -> pd.DataFrame:
    """Draft the rows of an article: what a person would type into ``figures.csv``, to be confirmed.

    The ``article`` is its slug, the ``reporter`` whose trade it reports, as in ``partners.csv``;
    the ``folder`` is as in `tradelib.load_table`. The ``year`` that it reports on and when it was
    ``published`` (``2026-01`` or ``2026-01-14``) are, where they are not given, those of
    ``articles.csv`` if this very text stands there, else what it says: the first year that it
    names, with *last year* by its date or by the years it compares with.

    Gives the columns of ``figures.csv``, all of text, in reading order, and ``check``: the columns
    that are guessed, separated by semicolons. A reporter that is not in ``partners.csv``,
    ``published`` that is no date, and a text without any year are a ValueError.

    >>> rows = draft("Exports to Africa rose 5% in 2024.", article="new", year=2024)
    >>> rows.loc[0, ["figure", "partner", "flow", "measure", "period", "basis"]].tolist()
    ['africa-exports-growth-2024', 'Africa', 'exports', 'growth', '2024', '2023']
    """
    if published and not re.fullmatch(r"\d{4}(-\d\d){0,2}", published):
        raise ValueError(f"published {published!r} has not the form 2026-01")
    if reporter not in set(load_table("partners", folder)["partner"]):
        raise ValueError(f"reporter {reporter!r} does not stand in partners.csv")
    about = _about(text, year, published, folder) | {"reporter": reporter}
    found = scan(text)
    spans = sentence_spans(text).items()
    names = called(reporter, folder)
    rows = _rows(list(_sentences(text, found, names, about["published"])), about)
    _headlines(rows, found)
    ledger = load_table("figures", folder)
    used = set(ledger.loc[~ledger["article"].isin([article, about["same"]]), "figure"])
    for row, mention in zip(rows, found, strict=True):
        place = next(place for place, span in spans if span[0] <= mention.start < span[1])
        row |= {"article": article, "paragraph": str(place[0]), "sentence": str(place[1])}
        row |= {"surface": mention.surface, "unit_hint": mention.unit_hint, "note": ""}
        row["vintage"] = about["vintage"]
        row["check"] = ";".join(c for c in ledger.columns if row.get(c, "").startswith("?"))
        row |= {column: cell.removeprefix("?") for column, cell in row.items()}
        row["figure"] = _slug(row, used)
        used.add(row["figure"])
    return pd.DataFrame(rows, columns=[*ledger.columns, "check"], dtype="str")


def expected(rows: pd.DataFrame) -> pd.DataFrame:
    """Give what drafted words say, as ``tests/data/expected_figures.csv`` has it, numbers as text.

    >>> rows = draft("Exports to Africa rose over 5% in 2024.", article="new", year=2024)
    >>> expected(rows)[["kind", "value", "lower", "upper", "hedge"]].iloc[0].tolist()
    ['percent', '0.05', '0.05', '0.06', 'over']
    """
    table = []
    for row in rows.to_dict("records"):
        told = asdict(parse(row["surface"], row["direction"], row["unit_hint"]))
        numbers = {name: f"{n:.12g}" for name, n in told.items() if isinstance(n, float)}
        table.append({"figure": row["figure"], **told, **numbers})
    return pd.DataFrame(table, columns=EXPECTED)


def _about(text: str, year: int | None, published: str | None, folder: Path | str | None) -> Row:
    """Give what is known of the article by its checksum, or else what it says of its own date."""
    articles, same = load_table("articles", folder), ""
    digest = hashlib.sha256(text.encode()).hexdigest()
    for row in articles[articles["sha256"] == digest].to_dict("records"):
        same, year, published = row["article"], year or row["year"], published or row["published"]
    known = published or f"{year + 1 if year else _year_after(text)}-01"
    about = {"year": str(year or ""), "published": known, "same": same, "flow": "trade", **WHOLE}
    return about | {"vintage": "?" * (not published) + known[:4]}


def _year_after(text: str) -> int:
    """Give the year in which an article appeared: its date's, else the one after the last named.

    It is a year later where that is only ever compared with: the article tells of the next.
    """
    if dated := pattern("{date}").search(text):
        return int(dated["dated"])
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    if not years:
        raise ValueError("the text names no year: give the year it reports on, or when it appeared")
    rest = pattern(rf"{{compared}}(?:[^.,;\n]|[.,]\d)*?\b{max(years)}\b").sub("", text)
    return int(max(years)) + 1 + (max(years) not in rest)


def _sentences(text: str, found: list[Mention], names: Names, published: str) -> Iterator[Sentence]:
    """Give the sentences that hold figures, with tags, in the order that the rules want."""
    plain = re.sub("[<>¦]", " ", WRAPPED.sub(" ", text))
    for place, (start, end) in sentence_spans(plain).items():
        mentions = [mention for mention in found if start <= mention.start < end]
        if mentions:
            told = tagged(plain[start:end], start, mentions, names, published)
            for rule in RULES["sentence"]:
                for _ in range(PASSES):
                    told = pattern(rule["pattern"]).sub(rule["value"], told)
            yield place[0], told, mentions


def _rows(sentences: list[Sentence], about: Row) -> list[Row]:
    """Label figure by figure; what a sentence does not say stays as before in the paragraph."""
    text = " ".join(told for _, told, _ in sentences)
    periods = re.findall("<period ([^>]*)>", text)
    years = not pattern("{part of a year}").search(text) and all(len(p) == 4 for p in periods)
    if not about["year"]:
        guess = f"?{int(about['published'][:4]) - 1}"
        about["year"] = periods[0] if periods and years else guess
    about |= {"basis": about["year"], "period": periods[0] if periods else about["year"]}
    rows, earlier, paragraph, so_far = list[Row](), Row(), 0, set[str]()
    for place, told, mentions in sentences:
        earlier = earlier if place == paragraph else {}
        only = {about["year"]} if years else so_far or set(periods)
        about["only"] = min(only) if len(only) == 1 else ""
        new = _label(told, mentions, earlier, about)
        firm = [row for row in new if not row["against"]]
        earlier, paragraph = (firm or [earlier])[0], place
        about["period"] = earlier.get("period") or about["period"]
        so_far |= {row["period"].removeprefix("?") for row in firm if row["period"]}
        rows += new
    return rows


def _label(text: str, mentions: list[Mention], earlier: Row, about: Row) -> list[Row]:
    """Label the figures of a sentence; those of a list together, item by item."""
    lists, rows, begin = list[Row](), list[Row](), 0
    figures = list(pattern("{figure}").finditer(text))
    ends = [*(figure.start() for figure in figures), len(text)]
    for figure, end in zip(figures, ends[1:], strict=True):
        numbers = [int(number) for number in re.findall(r"[ &](\d+)_", figure[0])]
        mention, lead = mentions[numbers[0]], text[begin : figure.start()]
        surface = re.sub("[<>¦ ]", "_", mention.surface)
        this = f"<this {mention.kind} {mention.unit} {surface}>"
        before, tail = text[max(0, begin - NEAR) : begin], text[figure.end() : end]
        view = f"{before}¦{lead}{this}{tail}¦{text[end : end + NEAR]}"
        flags = f"<after {lists[-1]['measure']}>" if lists else "<new>" * (not earlier)
        row = {"against": "yes" * ("<against>" in lead), "unit": mention.unit}
        row["headline"] = "yes" * (not earlier)
        for column in LABELS:
            sources = _sources(column, row, lists, earlier, about) | {"said": mention.direction}
            row[column] = _answer(column, flags + view, sources, len(numbers))
            flags += f"<row {column} {row[column].removeprefix('?')}>"
        lists.append(row)
        begin = figure.end()
        for item in range(len(numbers)):
            rows.append({c: v.split("&")[item] if "&" in v else v for c, v in row.items()})
    return rows


def _sources(column: str, row: Row, lists: list[Row], earlier: Row, about: Row) -> Row:
    """Give what a rule may take over for a column, by the names that rules call it by."""
    firm = [other for other in lists if not other["against"]] or lists
    before = firm[-1] if firm else {}
    now = row.get("period") or before.get("period") or earlier.get("period") or about["period"]
    guess, now = now[: now.startswith("?")], now.removeprefix("?")
    first, last = months(now)
    step = last + 1 - first
    found = {
        "before": before.get(column, ""),
        "earlier": earlier.get(column, ""),
        "article": about.get(column, ""),
        "only": about["only"],
        "flow": row.get("flow", ""),
        "year before": guess * (column == "period") + later(now, -1),
        "step before": named(first - step, last - step),
    }
    for other in lists[::-1]:
        same = all(other[name] == row.get(name) for name in ("flow", *WHOLE))
        if same and other["measure"] in RATES:
            found["beside"] = RATES[other["measure"]] if column == "measure" else other["unit"]
    return found


def _answer(column: str, view: str, sources: Row, size: int) -> str:
    """Give the label by the first rule that fits and has one, of a list one for each figure."""
    for rule in RULES[column]:
        match = pattern(rule["pattern"].replace("{field}", column)).search(view)
        value = sources.get(rule["source"], "")
        if not match or (rule["source"] and not value):
            continue
        value = value or match.expand(rule["value"]).replace("_", " ")
        items = list(dict.fromkeys(value.split("&")))
        if len(items) not in (1, size):
            items = ["trade"] if set(items) == {"exports", "imports"} else [f"?{items[0]}"]
        if rule["guess"] == "yes" or (rule["guess"] and value not in WHOLE.values()):
            items = [f"?{item.removeprefix('?')}" for item in items]
        return "&".join(items)
    raise ValueError(f"rules.csv: found no rule for {column} that always answers, expected one")


def _headlines(rows: list[Row], mentions: list[Mention]) -> None:
    """Give a headline without a flow that of the body's figure which is like it and nearest."""
    told = list(zip(rows, mentions, strict=True))
    for row, mention in told:
        if row["headline"] and row["flow"].startswith("?"):
            gaps = {
                abs(near.value - mention.value): other["flow"]
                for other, near in told
                if all(other[name] == row[name] for name in ("measure", "unit", *WHOLE))
                and not other["flow"].startswith("?")
            }
            row["flow"] = f"?{gaps[min(gaps)]}" if gaps else row["flow"]


def _slug(row: Row, used: set[str]) -> str:
    """Give a row the slug that tells what it is of; what is used gets a number."""
    parts = [row[column] for column in ("partner", "product", "flow", "measure", "period")]
    told = " ".join(part for part in parts if part not in (*WHOLE.values(), "level"))
    slug = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
    names = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(name for name in names if name not in used)
