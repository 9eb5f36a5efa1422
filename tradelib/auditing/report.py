"""The audit in words: findings by their cause, and every check behind them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.auditing.checks import ORDER, Check, Network, apart, every_check
from tradelib.auditing.claims import Claim, Said, judged
from tradelib.auditing.keys import RATE, Row, account_of
from tradelib.auditing.labels import Change, suggest, without_currency
from tradelib.ledger import Tree, load_figures, load_reference, load_table, subject
from tradelib.scale import Scale

SAID: Final = dict(zip(ORDER, ("claim", "open", "", "unchecked", "depends"), strict=True))
"""The kind of a finding on what is said beyond figures, by its verdict."""
FINDING: Final = ("kind", "article", "figures", "verdict", "evidence", "checks", "suggestion")
Blame = tuple[tuple[str, ...], str, Check, str]
"""The kind, the article and the group of a cause, a figure in doubt, the check, what mends it."""
CHECK: Final = ("rule", "figures", "verdict", "gap", "explanation", "suggestion")


def audit(
    corrected: bool = False,
    *,
    checks: bool = False,
    reference: bool = True,
    folder: Path | str | None = None,
) -> pd.DataFrame:
    """Check whether the figures of the ledger hold together.

    Labels are read as printed or, ``corrected``, as ``corrections.csv`` says; the ``reference``,
    what others published, counts beside the articles or is left out; the ``folder`` is as in
    `tradelib.load_table`, and so is the DataError for tables that are not sound.

    Gives a row a finding, worst first: ``kind`` (``label``, ``number``, ``conflict``, ``claim``,
    ``outdated``, ``currency``, ``cut off``, ``open``, ``unchecked``, ``depends``), ``article``,
    ``figures`` (tuple of slugs), ``verdict``, ``evidence`` (the plainest check in words),
    ``checks`` (how many say so), ``suggestion`` (what would mend it; else empty).

    With ``checks`` a row a check: ``rule`` (as in ``docs/audit.md``; ``none`` where none checks a
    figure), ``figures``, ``verdict``, ``gap`` (how far the two sides lie apart, as a share; NaN
    where there are no two sides), ``explanation``, ``suggestion``.

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
) -> tuple[Network, list[Row]]:
    """Load the ledger and others' figures as a network, and the claims beside them."""
    load_table("corrections", folder)  # which are refused even where they are not applied
    articles, claims = load_table("articles", folder), load_table("claims", folder)
    published = articles.set_index("article")["published"]
    figures = load_figures(corrected, folder=folder)
    when = figures["article"].map(published)
    rows = _records(figures.assign(name=figures["figure"], published=when))
    if reference:
        others = load_reference(folder=folder)
        rows += _records(others.assign(name=others["reference"], article=""))
    years = [int(published[article][:4]) for article in claims["article"]]
    return Network(map(account_of, rows), Tree(folder)), _records(claims.assign(vintage=years))


def _records(table: pd.DataFrame) -> list[Row]:
    period = table["period"].astype(object).fillna("").astype(str)
    found: list[Any] = table.assign(period=period).to_dict("records")
    return found


class Report:
    """What is found in a ledger: checks, what claims come to, and the causes behind both.

    ``mends`` has of each check the changes of label that would mend it, by the figures that bear
    them; ``said`` is what claims and printed counts come to, and which figures nothing checks.
    """

    def __init__(self, network: Network, claims: Iterable[Claim]):
        self.figures, self.tree = network.figures, network.tree
        checks = list(every_check(network))
        changes = {change.figure: change for change in suggest(network, checks)}
        self.mends: dict[Check, dict[str, Change]] = {}
        for check in checks:
            mends = {name: changes[name] for name in check.figures if check.gap and name in changes}
            if any(change.kind == "outdated" for change in mends.values()):
                check = replace(check, verdict="undecidable")  # it contradicts nothing
            self.mends[check] = mends
        self.mends |= without_currency(network)
        self.said = list(judged(claims, network))
        touched = {name for check in self.mends for name in check.figures}
        touched |= {n for one in self.said if one.verdict != "not checkable" for n in one.figures}
        for name in self.ours(self.figures):
            if name not in touched:
                row = self.figures[name].row
                words = f"“{row['surface']}”"
                self.said.append(Said("none", row["article"], words, (name,), (name,)))

    def ours(self, figures: Iterable[str]) -> list[str]:
        """Of some figures those of articles."""
        return [name for name in figures if self.figures[name].article]

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """Every check in words, and all that is said: the columns of `CHECK`."""
        for check, mends in self.mends.items():
            told, mend = self.explained(check), "; ".join(map(str, mends.values()))
            yield check.rule, check.figures, check.verdict, check.gap, told, mend
        for one in self.said:
            yield one.rule, one.figures, one.verdict, math.nan, one.words, ""

    def findings(self) -> Iterator[tuple[Any, ...]]:
        """Every finding: what has one cause, told by the plainest check. Columns: `FINDING`."""
        causes: dict[tuple[str, ...], list[tuple[str, Check, str]]] = {}
        for cause, name, check, mend in chain(self._labels(), self._numbers()):
            causes.setdefault(cause, []).append((name, check, mend))
        for (kind, article, *_), blames in causes.items():
            mends = {name: mend for name, _, mend in blames}
            checks = dict.fromkeys(check for _, check, _ in blames)
            plainest = min(
                checks, key=lambda c: (len(c.figures), -len(self.ours(c.figures)), -c.gap)
            )
            names = tuple(name for name in self.figures if name in mends)
            told, mend = self.explained(plainest), "; ".join(filter(None, map(mends.get, names)))
            verdict = "undecidable" if kind == "currency" else plainest.verdict
            yield kind, article, names, verdict, told, len(checks), mend
        yield from self._said()

    def _labels(self) -> Iterator[Blame]:
        """What a label would mend, what was cut off, and what is left open."""
        for check, mends in self.mends.items():
            for name, change in mends.items():
                row = self.figures[name].row
                columns = ("reporter", "partner", "product", "period", change.field)
                alike = [row[column] for column in columns if change.kind != "currency"]
                yield (change.kind, row["article"], *alike, *change[1:]), name, check, str(change)
            if check.verdict == "agrees if cut off":
                for name in self.ours(n for account in check.cut_off() for n in account.figures):
                    yield ("cut off", self.figures[name].article), name, check, ""
            elif check.verdict == "undecidable" and not mends:
                name = self.ours(check.figures)[0]
                yield ("open", self.figures[name].article), name, check, ""

    def _numbers(self) -> Iterator[Blame]:
        """What no label mends: in doubt is the figure that most contradicts, or several."""
        wrong = [check for check, mends in self.mends.items() if check.gap and not mends]
        doubt = Counter(name for check in wrong for name in check.figures)
        held = Counter(name for check in self.mends if not check.gap for name in check.figures)
        for check in wrong:
            doubts = {name: (doubt[name], -held[name]) for name in self.ours(check.figures)}
            names = [name for name in doubts if doubts[name] == max(doubts.values())]
            mend = f"{names[0]} reads as another number or scale" if len(names) == 1 else ""
            cause = ("number" if mend else "conflict", self.figures[names[0]].article, names[0])
            yield from ((cause, name, check, mend) for name in names)

    def _said(self) -> Iterator[tuple[Any, ...]]:
        """What is said beyond figures; a count and the claim that says the same are told once."""
        groups: dict[tuple[str, str], list[Said]] = {}
        for one in self.said:
            about = "" if one.verdict == "not checkable" else one.statement
            groups.setdefault((one.article, about), []).append(one)
        for some in groups.values():
            one = min(some, key=lambda one: ORDER.index(one.verdict))
            words, count = one.words, len(some)
            if one.verdict == "not checkable":
                told = "; ".join(each.statement for each in some)
                words, count = f"Nothing in the data bears on: {told}.", 0
            if one.verdict != "agrees" or one.depends:
                figures = tuple(dict.fromkeys(name for each in some for name in each.cited))
                yield SAID[one.verdict], one.article, figures, one.verdict, words, count, ""

    def explained(self, check: Check) -> str:
        """A check in words: what is compared, with the words as printed, and whether it holds."""
        left, right, key = check.left, check.right, check.right.key
        partner = self.tree.in_words.get(key.partner, key.partner)
        period = key.period or None
        told = subject(key._asdict() | {"partner": partner, "period": period})
        if key.is_growth and key.unit:
            told += f", in {Scale.of(key.unit).words}"
        told = f"{told[:1].upper()}{told[1:]}: {left.words}"
        if not left.rule:
            return f"{told} and {right.told()}. {self._ending(check)}."
        told += f" = {key.write(left.rounded if check.verdict == 'agrees' else left.printed)}; "
        if right.rule and key.measure == RATE:
            told += "the customs’ own rate is "
        elif right.figures and not right.rule:
            told += "printed is "
        return f"{told}{right.told()}. {self._ending(check)}."

    def _ending(self, check: Check) -> str:
        key, verdict = check.right.key, check.verdict
        if verdict == "contradicts":
            distance = apart(check.left.printed, check.right.printed)
            told = Scale.of("percent").write(check.gap, check.gap)
            if key.is_fraction:
                told = Scale.of("points", distance).write(distance, distance)
            elif key.measure != RATE:
                told = f"{Scale.of(key.unit, distance).write(distance, distance)} ({told})"
            return f"They cannot both be true: they lie {told} apart"
        if verdict == "agrees if cut off":
            names = dict.fromkeys(account.words for account in check.cut_off())
            return f"They agree only if {' or '.join(names)} was cut off and not rounded"
        if verdict == "agrees":
            return "They agree with room for a revision" if check.relation.room else "They agree"
        for name, change in self.mends[check].items():
            return f"“{self.figures[name].row['surface']}” was the count of {change.value}"
        return "They differ, but the currency of the rate is not printed"
