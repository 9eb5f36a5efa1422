"""The audit: every check of a ledger with its verdict, in words a reader can follow."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from tradelib.auditing.claims import Claim, Facts, Finding, judge
from tradelib.auditing.counts import Count, counts
from tradelib.auditing.labels import Change, suggest
from tradelib.auditing.rules import AGREES, CONTRADICTS, CUT_OFF, Checks, apart, check
from tradelib.auditing.terms import ALL, PARTS, PRINTED, SUM, WORLD, Role, Terms, normal
from tradelib.ledger import load_figures, load_optional, load_reference, load_table
from tradelib.reference import price_ratio
from tradelib.scale import Scale

VERDICTS: Final = ("contradicts", "undecidable", "agrees if cut off", "not checkable", "agrees")
"""Worst first."""
LEVELS: Final = {AGREES: "agrees", CUT_OFF: "agrees if cut off", CONTRADICTS: "contradicts"}
TRUTHS: Final = {True: "agrees", False: "contradicts", None: "undecidable"}
COLUMNS: Final = ("rule", "figures", "verdict", "gap", "explanation", "suggestion")


def audit(
    corrected: bool = False, *, reference: bool = True, folder: Path | str | None = None
) -> pd.DataFrame:
    """Check whether the figures of the ledger hold together.

    Parameters
    ----------
    corrected
        Whether labels are read as ``corrections.csv`` says, or as printed.
    reference
        Whether others' figures bear on the verdicts, or the articles' alone.
    folder
        Folder with ``datapackage.json`` and the tables; the project's own by default.

    Returns
    -------
    DataFrame
        A row a check, worst first: ``rule`` (``repetition``, ``balance``, ``growth``, ``share``,
        ``conversion``, ``sum``, ``parts``, ``count``, ``claims``; ``none`` where none checks it),
        ``figures`` (tuple of slugs of the ledger and of reference.csv), ``verdict``, ``gap`` (how
        far the two sides lie apart, as a share; NaN where there are no two sides),
        ``explanation`` (the arithmetic with the words as printed), ``suggestion`` (the change of
        label that would mend it; else empty).

    Raises
    ------
    DataError
        As `tradelib.load_figures`.

    Examples
    --------
    >>> checks = audit(reference=False)
    >>> shares = checks[(checks["rule"] == "share") & (checks["verdict"] == "contradicts")]
    >>> print(shares.iloc[0]["explanation"])
    “4.01 trillion yuan” ÷ “26.99 trillion yuan” = 14.8% to 14.9%; the share is printed as “8.8%”...
    """
    folder = None if folder is None else Path(folder)
    rows = load_rows(corrected, reference=reference, folder=folder)
    checks = check(Terms(rows), folder)
    report = _Report(checks, suggest(rows, checks, folder))
    found = [report.row(place) for place in range(len(checks))]
    touched = {name for row in found for name in row[1]}
    near = [row for row in map(report.near, report.others(touched)) if row]
    facts, claims = Facts(checks.terms), load_optional("claims", folder)
    found += near + [_count(count, checks.terms) for count in counts(facts, claims)]
    judged = judge(claims, facts, load_optional("products", folder))
    found += [_claim(*claim) for claim in judged]
    touched = {name for row in found if row[2] != "not checkable" for name in row[1]}
    found += [
        _row(
            "none",
            [row["name"]],
            "not checkable",
            f"Nothing in the data bears on “{row['surface']}”.",
        )
        for row in report.others(touched)
    ]
    table = pd.DataFrame(found, columns=COLUMNS)
    order = table["verdict"].map(VERDICTS.index)
    return table.iloc[np.lexsort((-table["gap"].fillna(0), order))].reset_index(drop=True)


def load_rows(
    corrected: bool, *, reference: bool = True, folder: Path | None = None
) -> pd.DataFrame:
    """Load the ledger, and others' figures, under their normal keys."""
    figures = load_figures(corrected, folder=folder)
    published = load_table("articles", folder).set_index("article")["published"]
    figures["published"] = figures["article"].map(published)
    return normal(figures, load_reference(folder=folder) if reference else None)


Row = tuple[str, tuple[str, ...], str, float, str, str]


def _row(
    rule: str, figures: list[str], verdict: str, why: str, gap: float = math.nan, mend: str = ""
) -> Row:
    return rule, tuple(figures), verdict, gap, why, mend


def _count(count: Count, terms: Terms) -> Row:
    names = terms.names([term for known in count.rests for term in known.terms])
    level = AGREES if count.fits("") else CUT_OFF if count.fits() else CONTRADICTS
    verdict = "undecidable" if count.is_open else LEVELS[level]
    end = {"contradicts": "cannot both be true", "undecidable": "leave it open"}
    why = f"“{count.figure['surface']}”, and {count.why}: they {end.get(verdict, 'agree')}."
    return _row("count", [count.figure["name"], *names], verdict, why, count.gap)


def _claim(claim: Claim, finding: Finding, figures: list[str]) -> Row:
    verdict = TRUTHS[finding.truth] if finding.checked else "not checkable"
    why = f"{finding.why[0].upper()}{finding.why[1:]}"
    return _row("claims", figures, verdict, f"{claim['statement']}. {why}.")


class _Report:
    """Checks in words."""

    def __init__(self, checks: Checks, changes: list[Change]):
        self.checks, self.terms = checks, checks.terms
        self.changes = {str(self.terms.rows.at[c.row, "name"]): c for c in changes}
        self.frame = self.terms.frame(np.arange(len(self.terms.bounds))).to_dict("records")
        self.figures = self.terms.rows.to_dict("records")
        self.left = {x: checks.sides(x * 3)[0] for x in "rp"}
        alone = {"a": "prr", "b": "rpr", "c": "rrp"}
        self.alone = {name: apart(*checks.sides(readings)) for name, readings in alone.items()}

    def row(self, place: int) -> Row:
        """One check as a row of the report."""
        checks = self.checks
        members = [int(getattr(checks, x)[place]) for x in "abc"]
        terms = [*checks.parts.get(members[0], members[:1]), *(m for m in members[1:] if m >= 0)]
        figures = self.terms.names(terms)
        level = int(checks.level[place])
        told = f"{self.arithmetic(place, *members)}: {self.ending(place, members)}"
        told = told.replace("1 + −", "1 − ")
        mend = self.mend(figures) if level == CONTRADICTS else self.currency(terms)
        return _row(checks.rule[place], figures, LEVELS[level], f"{told}.", checks.gap[place], mend)

    def arithmetic(self, place: int, a: int, b: int, c: int) -> str:
        """What is compared, with the words as printed."""
        checks, words = self.checks, self.words
        rule, sign = checks.rule[place], checks.sign[place]
        low, high = (end[place] for end in self.left["r" if checks.level[place] == AGREES else "p"])
        if rule == "repetition":
            return f"{words(a)} and {words(c)} for {self.what(c)}"
        if rule == "parts":
            total = f" = {self.write(a, *self.terms.bounds[a, 2:])}" * (a in checks.parts)
            return f"{words(a)}{total}, of {words(c)} for {self.what(c)}"
        if rule == "conversion":
            pair = f"{self.frame[a]['unit']} per {self.frame[b]['unit']}"
            rates = f"from {checks.low[place]:.4g} to {checks.high[place]:.4g}"
            left = f"{self.factor(a)} ÷ {self.factor(b)} = {low:.4g} to {high:.4g}"
            if sign == "÷":
                return f"{left} {pair}; the daily rates then ran {rates}"
            return f"{left}; the rate of {pair} changed by a factor {rates}"
        if rule == "share":
            told = Scale.of("percent").write(low, high)
            return f"{self.factor(a)} ÷ {self.factor(b)} = {told}; the share is {self.told(c)}"
        second = f" ÷ (1 + {words(b)})" if rule == "growth" else f" {sign} {words(b)}" * (b >= 0)
        return f"{words(a)}{second} = {self.write(c, low, high)}; {self.what(c)} is {self.told(c)}"

    def ending(self, place: int, members: list[int]) -> str:
        """The verdict in words."""
        checks = self.checks
        share = f"{checks.gap[place]:.2%}"
        if checks.level[place] == CONTRADICTS:
            c = members[2]
            amount = (
                c >= 0 and checks.rule[place] != "share" and self.frame[c]["role"] == Role.AMOUNT
            )
            told = f"{self.write(c, *[checks.amount[place]] * 2)} or " if amount else ""
            return f"they cannot both be true, {told}{share} apart"
        if checks.level[place] == CUT_OFF:
            gaps = {
                term: self.alone[x][place]
                for x, term in zip("abc", members, strict=True)
                if term >= 0 and (self.terms.bounds[term, :2] != self.terms.bounds[term, 2:]).any()
            }
            least = max(min(gaps.values()), 0)
            names = dict.fromkeys(self.words(term) for term, gap in gaps.items() if gap <= least)
            return f"they agree only if {' or '.join(names)} was cut off and not rounded"
        if checks.room[place] and checks.gap[place]:
            return f"they agree, a revision of {share} between the two releases allowed for"
        return "they agree"

    def mend(self, figures: list[str]) -> str:
        """The changes of label that concern a contradiction."""
        changes = (self.changes[name] for name in figures if name in self.changes)
        return "; ".join(
            f"{self.figures[c.row]['name']} reads as {c.field.replace('_', ' ')} {c.value}"
            for c in changes
        )

    def currency(self, members: list[int]) -> str:
        """The currency in which a rate agrees that was printed without one."""
        units = [self.frame[t]["unit"] for t in members if self.frame[t]["role"] != Role.SHARE]
        known = next((unit for unit in units if len(unit) == 3 and unit.isupper()), "")
        bare = [
            self.figures[leaf]["name"]
            for leaf in self.terms.leaves[members, 0]
            if self.figures[leaf]["role"] == "growth" and not self.figures[leaf]["unit"]
            and self.figures[leaf]["measure"] == "level"
        ]  # fmt: skip
        return f"{bare[0]} reads as currency basis {known}" if bare and known else ""

    def others(self, touched: set[str]) -> list[dict[str, Any]]:
        """The articles' figures that no check touches."""
        ours = (f for f in self.figures if f["is_article"] and f["name"] not in touched)
        return [{str(key): value for key, value in figure.items()} for figure in ours]

    def near(self, figure: dict[str, Any]) -> Row | None:
        """What others print on the matter under other labels, which leaves a figure open."""
        keys = ("reporter", "partner", "product", "flow")
        others = [
            f for f in self.figures if not f["is_article"] and all(f[k] == figure[k] for k in keys)
        ]
        if figure["role"] == "share":
            others = [f for f in others if f["role"] == "share"]
            told = [f"“{f['surface']}” of {f['basis']} in {f['period']}" for f in others]
            why = f"“{figure['surface']}” of what, and when, is not printed; others print "
            why += ", ".join(told)
        elif figure["measure"] == "record level" and figure["basis"]:
            others = [f for f in others if f["role"] == "amount" and f["unit"] == figure["unit"]]
            prices = [price_ratio(f["period"], int(figure["basis"])) for f in others]
            spans = [
                (f["period"], f["printed_lower"] * ratio, f["printed_upper"] * ratio)
                for f, ratio in zip(others, prices, strict=True)
            ]
            if not spans:
                return None
            low, high = figure["printed_lower"], figure["printed_upper"]
            fits = [str(year) for year, least, most in spans if least <= high and low <= most]
            year, *most = max(spans, key=lambda span: span[2])
            top = Scale.of(figure["unit"], *most).write(most[0], most[1])
            why = f"“{figure['surface']}” at prices of {figure['basis']} fits the balance of "
            why += f"{', '.join(fits) or 'no year'} in the data; the largest is {top}, of {year}"
        else:
            return None
        names = [figure["name"], *(f["name"] for f in others)]
        return _row("repetition", names, "undecidable", f"{why}.") if others else None

    def words(self, term: int) -> str:
        """A term with the words as printed."""
        row = self.frame[term]
        if row["how"] == PARTS:
            return " + ".join(map(self.words, self.checks.parts[term]))
        if row["how"] == PRINTED:
            surface = str(self.figures[self.terms.leaves[term, 0]]["surface"])
            down = row["upper"] < 0 and not any(mark in surface for mark in "-−↓")
            told = f"{'−' * down}“{surface}”"
            foreign = any("\u2e80" < letter < "\ua000" for letter in surface)
            return told + f" ({self.write(term, row['lower'], row['upper'])})" * foreign
        one, two = self.words(self.terms.one[term]), self.words(self.terms.two[term])
        return (
            f"{one} {row_sign(self.terms, term)} {two}"
            if row["how"] == SUM
            else f"{one} ÷ (1 + {two})"
        )

    def factor(self, term: int) -> str:
        """A term inside a quotient: a rate with the one it is added to, a formula in brackets."""
        row = self.frame[term]
        if row["role"] == Role.GROWTH:
            return f"(1 + {self.words(term)})"
        return self.words(term) if row["how"] == PRINTED else f"({self.words(term)})"

    def told(self, term: int) -> str:
        """A term as the other side of a check."""
        if self.frame[term]["how"] == PRINTED:
            return f"printed as {self.words(term)}"
        return f"{self.words(term)} = {self.write(term, *self.terms.bounds[term, 2:])}"

    def what(self, term: int) -> str:
        """What a term is of."""
        row = self.frame[term]
        name = {Role.GROWTH: "growth of ", Role.SHARE: "share of "}.get(row["role"], "")
        name += f"{row['measure']} of ".removeprefix("level of ") + row["flow"]
        name += f" with {row['partner']}" * (row["partner"] != WORLD)
        name += f" of {row['product']}" * (row["product"] != ALL)
        return f"{name} in {row['period']}"

    def write(self, term: int, low: float, high: float) -> str:
        """An interval in the unit of a term."""
        row = self.frame[term]
        unit = row["unit"] if row["role"] == Role.AMOUNT else "percent"
        return Scale.of(unit, low, high).write(low, high)


def row_sign(terms: Terms, term: int) -> str:
    """The sign between the two terms that a term was computed of."""
    return str(terms.sign[term])
