"""The audit in words: findings by their cause, and every check behind them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.auditing.checks import ORDER, Check, Network, Verdict, apart, every_check
from tradelib.auditing.claims import Claim, Said, judged
from tradelib.auditing.keys import RATE, WORLD, Key, Row, Tree, account_of
from tradelib.auditing.labels import Change, suggest, without_currency
from tradelib.check import check as problems_of
from tradelib.ledger import load_figures, load_reference, load_table, subject
from tradelib.scale import Scale
from tradelib.schema import DataError

VERDICTS: Final[dict[str, Verdict]] = {  # of kinds of findings; others contradict
    **dict.fromkeys(("outdated", "currency", "open"), "undecidable"),
    "cut off": "agrees if cut off",
    "unchecked": "not checkable",
    "depends": "agrees",
}
SAID: Final = ("claim", "open", "unchecked", "depends")  # kinds of what is said beyond figures
FINDING: Final = ("kind", "article", "figures", "verdict", "evidence", "checks", "suggestion")
CHECK: Final = ("rule", "figures", "verdict", "gap", "explanation", "suggestion")
Cause = tuple[str, Hashable]
"""The kind of a finding, and what tells it from others like it."""


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
        Whether others' figures count, or the articles' alone.
    folder
        Folder with ``datapackage.json`` and the tables; the project's own by default.

    Returns
    -------
    DataFrame
        A row a finding, worst first: ``kind`` (``label``, ``number``, ``conflict``, ``claim``,
        ``outdated``, ``currency``, ``cut off``, ``open``, ``unchecked``, ``depends``), ``article``,
        ``figures`` (tuple of slugs), ``verdict``, ``evidence`` (the plainest check in words),
        ``checks`` (how many say so), ``suggestion`` (what would mend it; else empty).

        With ``checks`` a row a check: ``rule`` (as in ``docs/audit.md``; ``none`` where none checks
        a figure), ``figures``, ``verdict``, ``gap`` (how far the two sides lie apart, as a share;
        NaN where there are no two sides), ``explanation``, ``suggestion``.

    Raises
    ------
    DataError
        As `tradelib.check` tells problems of the tables.

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
) -> tuple[Network, list[Row]]:
    """Load the ledger and others' figures as a network, and the claims beside them.

    Labels that cannot be (growth against its own year) are a DataError, as `tradelib.check` has it.
    """
    if problems := problems_of(folder):
        raise DataError(problems)
    published = load_table("articles", folder).set_index("article")["published"]
    figures = load_figures(corrected, folder=folder)
    when = figures["article"].map(published)
    rows = _records(figures.assign(name=figures["figure"], published=when))
    if reference:
        others = load_reference(folder=folder)
        rows += _records(others.assign(name=others["reference"], article=""))
    claims = load_table("claims", folder)
    years = [int(published[article][:4]) for article in claims["article"]]
    return Network(map(account_of, rows), Tree(folder)), _records(claims.assign(vintage=years))


def _records(table: pd.DataFrame) -> list[Row]:
    """The rows of a table, their periods as text."""
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
        for name in (name for name in self.ours(self.figures) if name not in touched):
            one = self.figures[name]
            what = f"“{one.row['surface']}”"
            self.said.append(Said("none", one.article, what, what, (name,), (name,)))

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
        """Every finding, the columns of `FINDING`: what has one cause, told by the plainest check.

        That is of the fewest figures, most of them articles', which lie farthest apart.
        """
        causes: dict[Cause, list[tuple[str, Check, str]]] = {}
        for cause, name, check, mend in self._blamed():
            causes.setdefault(cause, []).append((name, check, mend))
        for (kind, _), some in causes.items():
            mends = {name: mend for name, _, mend in some}
            names = tuple(name for name in self.figures if name in mends)
            checks = dict.fromkeys(check for _, check, _ in some)
            plainest = min(
                checks, key=lambda c: (len(c.figures), -len(self.ours(c.figures)), -c.gap)
            )
            mend = "; ".join(mends[name] for name in names if mends[name])
            told = self.explained(plainest), len(checks), mend
            article, verdict = self.figures[names[0]].article, VERDICTS.get(kind, "contradicts")
            yield kind, article, names, verdict, *told
        yield from self._said()

    def _blamed(self) -> Iterator[tuple[Cause, str, Check, str]]:
        """Each figure that a check leaves in doubt: the cause, the figure, what would mend it."""
        for check, mends in self.mends.items():
            for name, change in mends.items():
                row = self.figures[name].row
                columns = ("reporter", "partner", "product", "period", change.field)
                alike = [row[column] for column in columns if change.kind != "currency"]
                group = row["article"], *alike, *change[1:]
                yield (change.kind, group), name, check, str(change)
            for account in check.cut_off() if check.verdict == "agrees if cut off" else ():
                for name in self.ours(account.figures):
                    yield ("cut off", account.article), name, check, ""
            if check.verdict == "undecidable" and not mends:
                name = self.ours(check.figures)[0]
                yield ("open", self.figures[name].article), name, check, ""
        yield from self._numbers()

    def _numbers(self) -> Iterator[tuple[Cause, str, Check, str]]:
        """What no label mends: in doubt is the figure that most contradicts, or several."""
        wrong = [check for check, mends in self.mends.items() if check.gap and not mends]
        doubt = Counter(name for check in wrong for name in check.figures)
        held = Counter(name for check in self.mends if not check.gap for name in check.figures)
        for check in wrong:
            doubts = {name: (doubt[name], -held[name]) for name in self.ours(check.figures)}
            names = [name for name in doubts if doubts[name] == max(doubts.values())]
            mend = f"{names[0]} reads as another number or scale" if len(names) == 1 else ""
            cause = ("number" if mend else "conflict", names[0])
            yield from ((cause, name, check, mend) for name in names)

    def _said(self) -> Iterator[tuple[Any, ...]]:
        """What is said beyond figures; a count and the claim that says the same are told once."""
        kinds = {VERDICTS.get(kind, "contradicts"): kind for kind in SAID}
        groups: dict[str, list[Said]] = {}
        for one in self.said:
            is_open = one.verdict == "not checkable"
            groups.setdefault(one.article if is_open else one.about, []).append(one)
        for some in groups.values():
            one = min(some, key=lambda one: ORDER.index(one.verdict))
            words, count = one.words, len(some)
            if one.verdict == "not checkable":
                told = "; ".join(each.statement for each in some)
                words, count = f"Nothing in the data bears on: {told}.", 0
            if one.verdict != "agrees" or one.depends:
                figures = tuple(dict.fromkeys(name for each in some for name in each.cited))
                yield kinds[one.verdict], one.article, figures, one.verdict, words, count, ""

    def explained(self, check: Check) -> str:
        """A check in words: what is compared, with the words as printed, and whether it holds."""
        left, right, key = check.left, check.right, check.right.key
        told = f"{left.words} and {right.told()}"
        if left.rule:
            whose = "the customs’ own rate is " if key.measure == RATE else ""
            whose = whose if right.rule else "printed is " * bool(right.figures)
            reading = left.rounded if check.verdict == "agrees" else left.printed
            told = f"{left.words} = {key.write(reading)}; {whose}{right.told()}"
        return f"{self._subject(key)}: {told}. {self._ending(check)}."

    def _subject(self, key: Key) -> str:
        """What a check is of, as a sentence begins."""
        partner = key.partner if key.partner == WORLD else self.tree.in_words.get(key.partner)
        about = {"partner": partner or key.partner, "period": key.period or None}
        told = subject({**key._asdict(), **about})
        told += f", in {Scale.of(key.unit).words}" * (key.is_growth and bool(key.unit))
        return told[:1].upper() + told[1:]

    def _ending(self, check: Check) -> str:
        """The verdict in words."""
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
            return "They agree" + " with room for a revision" * bool(check.relation.room)
        for name, change in self.mends[check].items():
            return f"“{self.figures[name].row['surface']}” was the count of {change.value}"
        return "They differ, but the currency of the rate is not printed"
