"""Rows of ``figures.csv`` from an article's text, each label by a rule, what is guessed told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Final

import pandas as pd

from tradelib.drafting.clauses import WHOLE, Clause, Guess, Sentence, read, words
from tradelib.drafting.rules import RULES
from tradelib.ledger import load_table
from tradelib.wording import parse

EXPECTED: Final = (
    "figure kind value lower upper printed_lower printed_upper unit hedge".split()  # noqa: SIM905
)


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

    Parameters
    ----------
    text
        The article.
    article
        Its slug, as it is to stand in ``articles.csv``.
    reporter
        Whose trade it reports, as in ``partners.csv``.
    year
        The year that it reports on; the one it names first, if none is given.
    published
        When, as ``2026-01`` or ``2026-01-14``; early in the year after, if it is not given.
    folder
        As in `tradelib.load_table`.

    Returns
    -------
    DataFrame
        The columns of ``figures.csv``, all of text, in reading order, and ``check``: the columns
        that are guessed, separated by semicolons.

    Raises
    ------
    ValueError
        If the reporter is not in ``partners.csv``, ``published`` is no date, or there is no year.

    Examples
    --------
    >>> rows = draft("Exports to Africa rose 5% in 2024.", article="new", year=2024)
    >>> rows.loc[0, ["figure", "partner", "flow", "measure", "period", "basis"]].tolist()
    ['africa-exports-growth-2024', 'Africa', 'exports', 'growth', '2024', '2023']
    """
    if published and not re.fullmatch(r"\d{4}(-\d\d){0,2}", published):
        raise ValueError(f"published {published!r} has not the form 2026-01")
    if reporter not in set(load_table("partners", folder)["partner"]):
        raise ValueError(f"reporter {reporter!r} does not stand in partners.csv")
    known = published or f"{(year or _latest_year(text)) + 1}-01"
    sentences = list(read(text, reporter, known, folder))
    told = [mark.value for each in sentences for mark in each.marks if mark.kind == "period"]
    parts = any(words("part of a year").search(each.text) for each in sentences)
    years_only = not parts and all(len(period) == 4 for period in told)
    own = str(year) if year else told[0] if told and years_only else Guess(int(known[:4]) - 1)
    about = {
        "article": article,
        "reporter": reporter,
        "year": own,
        "vintage": known[:4] if published else Guess(known[:4]),
        "flow": Guess("trade"),
        **WHOLE,
        "years only": "yes" * years_only,
        "period": own if years_only or not told else told[0],
        "only": told[0] if len(set(told)) == 1 and not parts else "",
    }
    found = _clauses(sentences, about)
    _headlines(found)
    ledger = load_table("figures", folder)
    _name(found, ledger.loc[ledger["article"] != article, "figure"])
    columns = list(ledger.columns)
    for it in found:
        guessed = [column for column in columns if isinstance(it.row[column], Guess)]
        it.row["check"] = ";".join(guessed)
    return pd.DataFrame([it.row for it in found], columns=[*columns, "check"], dtype="str")


def _latest_year(text: str) -> int:
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    if not years:
        raise ValueError("the text names no year: give the year it reports on, or when it appeared")
    return max(map(int, years))


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


def _clauses(sentences: list[Sentence], about: dict[str, str]) -> list[Clause]:
    """Read figure by figure; each row is filled by the rules in the order of the columns."""
    found: list[Clause] = []
    earlier: dict[str, str] = {}
    paragraph, told, vague = 0, set[str](), False
    for sentence in sentences:
        earlier = earlier if sentence.place[0] == paragraph else {}
        paragraph, before = sentence.place[0], list[Clause]()
        for mention, where in zip(sentence.mentions, sentence.where, strict=True):
            it = Clause(sentence, before, earlier, about)
            it.row |= {"article": about["article"], "note": "", "vintage": about["vintage"]}
            it.row |= {"paragraph": str(where[0]), "sentence": str(where[1])}
            it.row |= {"surface": mention.surface, "unit_hint": mention.unit_hint}
            for column, rules in RULES.items():
                answers = (rule(it, column) for rule in rules)
                it.row[column] = next(answer for answer in answers if answer is not None)
            before.append(it)
        own = [clause.row for clause in before if not clause.compared]
        earlier = (own or [earlier])[0]
        about["period"] = earlier.get("period") or about["period"]
        told |= {row["period"] for row in own if row["period"]}
        vague |= bool(words("part of a year").search(sentence.text)) and not any(
            len(mark.value) > 4 for mark in sentence.marks if mark.kind == "period"
        )
        about["only"] = about["period"] if len(told) == 1 and not vague else ""
        found += before
    return found


def _headlines(found: list[Clause]) -> None:
    """A headline without a flow takes that of the body's figure which says the same."""
    told = [it for it in found if not isinstance(it.row["flow"], Guess)]
    for it in found:
        if isinstance(it.row["flow"], Guess) and not it.earlier:
            same = (other.row["flow"] for other in told if _alike(it, other))
            it.row["flow"] = Guess(next(same, it.row["flow"]))


def _alike(one: Clause, two: Clause) -> bool:
    """Whether two figures are of the same and can be the same number, cut off or rounded."""
    a, b = one.mention, two.mention
    labels = all(one.row[column] == two.row[column] for column in ("measure", *WHOLE))
    meet = a.printed_lower <= b.printed_upper and b.printed_lower <= a.printed_upper
    return labels and a.unit == b.unit and meet


def _name(found: list[Clause], taken: Iterable[str]) -> None:
    """Give each row its slug, which tells what it is of; what is ``taken`` gets a number."""
    used = set(taken)
    for row in (it.row for it in found):
        parts = [row[column] for column in ("partner", "product", "flow", "measure", "period")]
        told = " ".join(part for part in parts if part not in (*WHOLE.values(), "level"))
        slug = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
        names = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
        row["figure"] = next(name for name in names if name not in used)
        used.add(row["figure"])
