"""The audit in words: findings by their cause, and every check behind them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.auditing.checks import (
    AGREES,
    CONTRADICTS,
    CUT_OFF,
    UNCHECKED,
    UNDECIDABLE,
    Check,
    apart,
    every_check,
)
from tradelib.auditing.claims import Said, judged
from tradelib.auditing.keys import RATE, Row
from tradelib.auditing.labels import suggest
from tradelib.auditing.network import Network
from tradelib.auditing.tree import Tree
from tradelib.check import check as problems_of
from tradelib.ledger import (
    load_figures,
    load_optional,
    load_reference,
    load_table,
    subject,
)
from tradelib.schema import DataError

ORDER: Final = (CONTRADICTS, UNDECIDABLE, CUT_OFF, UNCHECKED, AGREES)
"""The verdicts, worst first: the one order of findings and checks everywhere."""


FINDING: Final = ("kind", "article", "figures", "verdict", "evidence", "checks", "suggestion")
CHECK: Final = ("rule", "figures", "verdict", "gap", "explanation", "suggestion")
Finding = tuple[str, str, tuple[str, ...], str, str, int, str]
Line = tuple[str, tuple[str, ...], str, float, str, str]


def audit(
    corrected: bool = False,
    *,
    checks: bool = False,
    reference: bool = True,
    folder: Path | str | None = None,
) -> pd.DataFrame:
    """Check whether the figures of the ledger hold together.

    Parameters
    ----------
    corrected
        Whether labels are read as ``corrections.csv`` says, or as printed.
    checks
        Whether every check is given, or what they come to: a finding for each cause.
    reference
        Whether others' figures bear on the verdicts, or the articles' alone.
    folder
        Folder with ``datapackage.json`` and the tables; the project's own by default.

    Returns
    -------
    DataFrame
        A row a finding, worst first: ``kind`` (``label``, ``number``, ``conflict``, ``claim``,
        ``outdated``, ``currency``, ``cut off``, ``open``, ``unchecked``), ``article``, ``figures``
        (tuple of slugs), ``verdict``, ``evidence`` (the plainest check in words), ``checks`` (how
        many say so), ``suggestion`` (the change of label that would mend it; else empty).

        With ``checks`` a row a check: ``rule`` (``repetition``, ``balance``, ``growth``, ``share``,
        ``conversion``, ``sum``, ``parts``, ``count``, ``claims``; ``none`` where none checks a
        figure), ``figures``, ``verdict``, ``gap`` (how far the two sides lie apart, as a share; NaN
        where there are no two sides), ``explanation``, ``suggestion``.

    Raises
    ------
    DataError
        As `tradelib.load_figures`; also where labels cannot be (growth against its own year).

    Examples
    --------
    >>> worst = audit(reference=False).iloc[0]
    >>> worst["kind"], worst["figures"][0], worst["suggestion"].partition(";")[0]
    ('label', 'trade-2025', 'trade-2025 reads as flow trade')
    """
    network, claims = load(corrected, reference=reference, folder=folder)
    report = Report(network, claims)
    if checks:
        lines = sorted(report.lines(), key=lambda line: (ORDER.index(line[2]), -max(0.0, line[3])))
        return pd.DataFrame(lines, columns=CHECK)
    findings = sorted(report.findings(), key=lambda found: (ORDER.index(found[3]), -found[5]))
    return pd.DataFrame(findings, columns=FINDING)


def load(
    corrected: bool, *, reference: bool = True, folder: Path | str | None = None
) -> tuple[Network, list[Any]]:
    """Load the ledger and others' figures as a network, and the claims beside them.

    Labels that cannot be (growth against its own year) are a DataError, as `tradelib.check` has it.
    """
    if problems := problems_of(folder):
        raise DataError(problems)
    published = load_table("articles", folder).set_index("article")["published"]
    figures = load_figures(corrected, folder=folder)
    tables = [figures.assign(name=figures["figure"], published=figures["article"].map(published))]
    if reference:
        others = load_reference(folder=folder)
        tables.append(others.assign(name=others["reference"], article=""))
    rows = [_with_period(row) for table in tables for row in table.to_dict("records")]
    years = {article: int(when[:4]) for article, when in published.items()}
    claims = [
        {**_with_period(claim), "vintage": years[claim["article"]]}
        for claim in load_optional("claims", folder).to_dict("records")
    ]
    return Network(rows, Tree(folder)), claims


def _with_period(row: Mapping[Any, Any]) -> Row:
    period = "" if pd.isna(row["period"]) else str(row["period"])
    return {**row, "period": period}


class Report:
    """What is found in a ledger: checks, what claims come to, and the causes behind both.

    ``checks`` are those of the rules, ``said`` what claims and printed counts come to, ``changes``
    the labels that would mend contradictions, by the figure that bears them.
    """

    def __init__(self, network: Network, claims: Iterable[Row]):
        self.rows = network.rows
        checks = list(every_check(network))
        self.changes = {change.figure: change for change in suggest(network, checks)}
        self.old = {name for name in self.changes if self._is_old(name)}
        self.checks = [
            replace(check, verdict=UNDECIDABLE)
            if check.gap and self.old & {*check.figures}
            else check
            for check in checks
        ]
        self.said = list(judged(claims, network))
        touched = {name for check in checks for name in check.figures}
        touched |= {name for one in self.said if one.why for name in one.figures}
        self.untouched = [name for name in self.ours(self.rows) if name not in touched]

    def _is_old(self, name: str) -> bool:
        """Whether a figure is a count of years that was right some years before: it is outdated."""
        return self.changes[name].field == "period" and self.rows[name]["measure"] == "streak"

    def ours(self, figures: Iterable[str]) -> tuple[str, ...]:
        """Of some figures those of articles, each once."""
        return tuple(name for name in dict.fromkeys(figures) if self.rows[name]["article"])

    def lines(self) -> Iterator[Line]:
        """Every check in words."""
        for check in self.checks:
            mend = [self.reads_as(n) for n in check.figures if n in self.changes and check.gap]
            mend += without_currency(check)
            told = explained(check), "; ".join(mend)
            yield check.rule, check.figures, check.verdict, check.gap, *told
        for one in self.said:
            yield one.rule, one.figures, verdict_of(one), math.nan, in_words(one), ""
        for name in self.untouched:
            why = f"Nothing in the data bears on “{self.rows[name]['surface']}”."
            yield "none", (name,), UNCHECKED, math.nan, why, ""

    def reads_as(self, name: str) -> str:
        """A change of label in words."""
        change = self.changes[name]
        return f"{name} reads as {change.field.replace('_', ' ')} {change.value}"

    def findings(self) -> Iterator[Finding]:
        """Every finding: labels, numbers, what is said, digits cut off, currencies not printed."""
        yield from self._labels()
        yield from self._numbers()
        yield from self._said()
        cut: dict[tuple[str, Check], str] = {}
        bare: dict[tuple[str, Check], str] = {}
        for check in self.checks:
            for account in check.cut_off() if check.verdict == CUT_OFF else ():
                cut |= {(name, check): "" for name in self.ours(account.figures)}
            bare |= {(mend.split()[0], check): mend for mend in without_currency(check)}
            if check.verdict == UNDECIDABLE and not self.old & {*check.figures}:
                yield self._cause("open", self.ours(check.figures), UNDECIDABLE, [check])
        for kind, verdict, found in ("cut off", CUT_OFF, cut), ("currency", UNDECIDABLE, bare):
            for article in dict.fromkeys(self.rows[name]["article"] for name, _ in found):
                some = [one for one in found if self.rows[one[0]]["article"] == article]
                names = tuple(dict.fromkeys(name for name, _ in some))
                mend = "; ".join(dict.fromkeys(filter(None, map(found.get, some))))
                yield self._cause(kind, names, verdict, [check for _, check in some], mend)
        yield from self._unchecked()

    def _cause(
        self, kind: str, figures: tuple[str, ...], verdict: str, checks: list[Check], mend: str = ""
    ) -> Finding:
        """A finding with the plainest of its checks: few figures, of the articles, far apart."""
        plainest = min(checks, key=lambda c: (len(c.figures), -len(self.ours(c.figures)), -c.gap))
        article, count = self.rows[figures[0]]["article"], len({*checks})
        return kind, article, figures, verdict, explained(plainest), count, mend

    def _labels(self) -> Iterator[Finding]:
        """A finding for each label that is wrong, of all figures about one thing that bear it."""
        groups: dict[tuple[Any, ...], list[str]] = {}
        for name in self.ours(self.rows):
            if name in self.changes:
                field, row = self.changes[name].field, self.rows[name]
                about = [row[c] for c in ("article", "reporter", "partner", "product", "period")]
                key = (*about, field, row[field], self.changes[name].value)
                groups.setdefault(key, []).append(name)
        for names in groups.values():
            checks = [c for c in self.checks if {*names} & {*c.figures} and c.gap]
            kind, verdict = ("label", CONTRADICTS)
            if names[0] in self.old:
                kind, verdict = ("outdated", UNDECIDABLE)
            mend = "; ".join(map(self.reads_as, names))
            yield self._cause(kind, tuple(names), verdict, checks, mend)

    def _numbers(self) -> Iterator[Finding]:
        """What no label mends: in doubt is the figure that most of it rests on, or several."""
        wrong = [c for c in self.checks if c.verdict == CONTRADICTS]
        wrong = [c for c in wrong if not {*c.figures} & {*self.changes}]
        held = Counter(n for c in self.checks if c.verdict != CONTRADICTS for n in c.figures)
        while wrong:
            count = Counter(name for check in wrong for name in self.ours(check.figures))
            first = max(count, key=lambda name: (count[name], -held[name]))
            some = [check for check in wrong if first in check.figures]
            alike = [n for n in count if held[n] == held[first] and count[n] == len(some)]
            names = tuple(n for n in alike if all(n in check.figures for check in some))
            mend = f"{names[0]} reads as another number or scale" if len(names) == 1 else ""
            yield self._cause("number" if mend else "conflict", names, CONTRADICTS, some, mend)
            wrong = [check for check in wrong if check not in some]

    def _said(self) -> Iterator[Finding]:
        """What is said beyond figures; a count and the claim that says the same are told once."""
        groups: list[list[Said]] = []
        for one in (one for one in self.said if one.why):
            same = [g for g in groups if one.rule == "count" and {*one.cited} & {*g[0].cited}]
            groups += [] if same else [[]]
            (same or groups[-1:])[0].append(one)
        for group in groups:
            one = min(group, key=lambda one: ORDER.index(verdict_of(one)))
            if one.truth is not True or one.depends:
                figures = tuple(dict.fromkeys(name for said in group for name in said.cited))
                kind = {True: "depends", False: "claim", None: "open"}[one.truth]
                told = verdict_of(one), in_words(one), len(group), ""
                yield kind, one.article, figures, *told

    def _unchecked(self) -> Iterator[Finding]:
        """A finding for each article, of all that nothing bears on."""
        found = [(one.article, one.cited, one.statement) for one in self.said if not one.why]
        for name in self.untouched:
            row = self.rows[name]
            found.append((row["article"], (name,), f"“{row['surface']}”"))
        for article in dict.fromkeys(article for article, *_ in found):
            names = dict.fromkeys(n for who, some, _ in found if who == article for n in some)
            told = "; ".join(what for who, _, what in found if who == article)
            why = f"Nothing in the data bears on: {told}."
            yield "unchecked", article, tuple(names), UNCHECKED, why, 0, ""


def verdict_of(one: Said) -> str:
    """The verdict on what an article says."""
    return (
        {True: AGREES, False: CONTRADICTS, None: UNDECIDABLE}[one.truth] if one.why else UNCHECKED
    )


def in_words(one: Said) -> str:
    """What an article says, and what it comes to."""
    why = one.why or "nothing in the data bears on it"
    return f"{one.statement}. {why[:1].upper()}{why[1:]}."


def without_currency(check: Check) -> list[str]:
    """The currency in which a rate agrees that was printed without one."""
    units = {account.key.unit for account in check.accounts.values() if account.key.unit}
    bare = [a for a in check.accounts.values() if a.key.is_bare and a.article and units]
    told = [f"{account.figures[0]} reads as currency basis {min(units)}" for account in bare]
    return told if check.verdict in (AGREES, CUT_OFF) else []


def explained(check: Check) -> str:
    """A check in words: what is compared, with the words as printed, and whether it holds."""
    left, right, key = check.left, check.right, check.right.key
    what = subject({**key._asdict(), "period": key.period or None})
    reading = left.rounded if check.verdict == AGREES else left.printed
    told = f"{left.words} = {key.write(reading.lower, reading.upper)}; {what} is {right.told()}"
    if check.rule == "parts":
        told = f"{left.words}, of {right.words} for {what}"
    elif not left.sign:
        told = f"{left.words} and {right.words} for {what}"
    elif key.measure == RATE:
        whose = f"the customs’ own rate is {right.told()}"
        if not right.figures:
            ends = right.printed
            whose = f"the daily rates then ran from {ends.lower:.4g} to {ends.upper:.4g}"
        told = f"{left.words} = {key.write(reading.lower, reading.upper)}; {whose}"
    return f"{told}: {_ending(check)}."


def _ending(check: Check) -> str:
    """The verdict in words."""
    key = check.right.key
    if check.verdict == UNDECIDABLE:
        return "they differ, and of what time or in which currency one is meant is not printed"
    if check.verdict == CONTRADICTS:
        distance = apart(check.left.printed, check.right.printed)
        amount = (
            "" if key.is_fraction or key.measure == RATE else f"{key.write(distance, distance)} or "
        )
        return f"they cannot both be true, {amount}{check.gap:.2%} apart"
    if check.verdict == CUT_OFF:
        names = dict.fromkeys(account.words for account in check.cut_off())
        return f"they agree only if {' or '.join(names)} was cut off and not rounded"
    return "they agree" + " with room for a revision" * bool(check.relation.room)
