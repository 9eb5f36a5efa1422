"""Inject faults into the ledger, one at a time, and count how many the audit catches.

Run ``python bench/faults.py`` from the repository's root: it writes ``docs/faults.md``, the same
on every machine. Each fault is made in a world of its own, a copy of all figures in which one is
changed, and many worlds are audited in one pass.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tradelib import load_figures, load_reference  # noqa: E402
from tradelib.auditing.claims import Facts, judge  # noqa: E402
from tradelib.auditing.counts import counts  # noqa: E402
from tradelib.auditing.rules import CONTRADICTS, RULES, TWO_SIDED, check  # noqa: E402
from tradelib.auditing.terms import BOUNDS, DEFICIT, FLOWS, Terms, normal  # noqa: E402
from tradelib.ledger import load_table  # noqa: E402
from tradelib.wording import parse  # noqa: E402

PAGE = ROOT / "docs" / "faults.md"
KINDS = ("digits swapped", "digit doubled", "digit lost", "scale", "sign", "flow", "basis")
LABELS = ("flow", "basis")
BOUNDING = (*TWO_SIDED, "count")
"""The rules that bound a figure from both sides."""
HEAD = """# How many faults does the audit catch?

Each of the {figures} figures of the corrected ledger is changed in turn, as a typist or an editor
might change it, {faults} times in all, and the audit is run on each faulty ledger:

- *digits swapped, doubled, lost*: 26.99 becomes 29.69, 266.99 or 2.99;
- *scale*: trillion, billion and million are confused with their neighbours;
- *sign*: a rise becomes a fall, a surplus a deficit;
- *flow*: the figure is labelled as of exports, imports, trade or balance, which it is not;
- *basis*: the share is labelled as one of another whole.

A changed number counts only if its interval, rounded or cut off, shares no point with that of the
number printed: the audit cannot and should not see less. A fault is *caught* if a check that
bounds a figure from both sides (repetition, balance, growth, share, conversion, sum, count)
contradicts, with this figure in it, and did not before. What parts and claims catch is told
apart. Figures of
which every such check contradicts as it is are covered, but not falsified further: {wrong}.

{covered} of {figures} figures ({cover}) are checked from both sides, {any} by any check that
decides. In the former {slips} of all changed numbers are caught, and {labels} of all wrong labels:
where nobody prints the other flow, nothing can contradict. Of the wrong labels about which
something is known, {known} are caught.

`make faults` writes this page anew; a test holds it to what the code gives.
"""
TAIL = """
## What would cover the rest

- *Wrong flows* of a partner or a product need the customs' other flows of that year: exports and
  imports by partner in 2025, imports by product in 2024.
- *Groups of products* need all their lines in 2024: plastics, and furniture. A sum of lines that
  is known in dollars bounds a group in yuan by way of the exchange rate.
- *Records of other countries* need the year of the record, which the article does not print; the
  same holds for the share of world manufacturing.
"""
SCALES = ("million", "billion", "trillion")
TURNED = {"up": "down", "down": "up", "↑": "↓", "↓": "↑"}
AT_ONCE = 150
"""Worlds that are audited in one pass: some 60,000 rows."""


class Fault(NamedTuple):
    """One figure changed in one way: its place in the ledger, the kind, and what it reads now."""

    row: int
    kind: str
    changed: dict[str, Any]


def slips(number: str) -> Iterator[tuple[str, str]]:
    """What a typist makes of a number, by kind."""
    at = [place for place, mark in enumerate(number) if mark.isdigit()]
    for one, two in pairwise(at):
        swapped = [*number]
        swapped[one], swapped[two] = swapped[two], swapped[one]
        yield "digits swapped", "".join(swapped)
    for one in at:
        yield "digit doubled", number[:one] + number[one] + number[one:]
        yield "digit lost", number[:one] + number[one + 1 :]


def faults(figures: pd.DataFrame) -> list[Fault]:
    """Give every fault of every figure that leaves what was printed, or bears another label.

    A changed number counts only if its interval as printed shares no point with the original's,
    and if it can be read at all.
    """
    found = []
    for row, own in enumerate(figures.to_dict("records")):
        surface = own["surface"]
        number = re.search(r"\d[\d.,]*", surface)
        words = []
        if number:
            before, after = surface[: number.start()], surface[number.end() :]
            words += [(kind, before + slip + after) for kind, slip in slips(number[0])]
        for one, two in pairwise(SCALES):
            for was, now in ((one, two), (two, one)):
                if was in surface:
                    words.append(("scale", surface.replace(was, now)))
        tried = {(kind, text, own["direction"]): None for kind, text in words}
        if own["measure"].endswith("growth"):
            turned = re.sub("[↑↓]", lambda mark: TURNED[mark[0]], surface)
            direction = TURNED.get(own["direction"], "")
            if turned == surface and not direction:
                direction = "down"
            tried["sign", turned, direction] = None
        for kind, text, direction in tried:
            try:
                read = parse(text, direction, own["unit_hint"])
            except ValueError:
                continue
            low, high = own["printed_lower"], own["printed_upper"]
            if read.printed_lower > high or read.printed_upper < low:
                changed = {"surface": text, "unit": read.unit}
                found.append(Fault(row, kind, changed | {b: getattr(read, b) for b in BOUNDS}))
        if own["flow"] in FLOWS:
            others = [flow for flow in FLOWS if flow != own["flow"]]
            found += [Fault(row, "flow", {"flow": flow}) for flow in others]
        if own["flow"] == "balance" and own["measure"] == "level":
            found.append(Fault(row, "sign", {"flow": DEFICIT}))
        if own["measure"] == "share" and own["basis"] in FLOWS:
            others = [flow for flow in FLOWS[:3] if flow != own["basis"]]
            found += [Fault(row, "basis", {"basis": flow}) for flow in others]
    return found


def worlds(figures: pd.DataFrame, planted: list[Fault], rows: pd.DataFrame) -> pd.DataFrame:
    """A copy of all rows for each fault, the faulty figure in its place."""
    changed = figures.iloc[[fault.row for fault in planted]].reset_index(drop=True)
    for place, fault in enumerate(planted):
        for column, value in fault.changed.items():
            changed.at[place, column] = value
    faulty = normal(changed)
    every = pd.concat([rows] * len(planted), ignore_index=True)
    at = np.arange(len(planted)) * len(rows) + [fault.row for fault in planted]
    for column in rows:
        values = every[column].to_numpy(copy=True)
        values[at] = faulty[column].to_numpy()
        every[column] = values
    return every.assign(world=np.repeat(np.arange(len(planted)), len(rows)))


def contradictions(rows: pd.DataFrame, size: int) -> list[tuple[int, str, frozenset[int]]]:
    """Each contradiction: its world, its rule, and the places of its figures in the ledger."""
    checks = check(Terms(rows))
    at = checks.world()
    found = []
    for place in np.flatnonzero(checks.level == CONTRADICTS):
        ids = [int(getattr(checks, x)[place]) for x in "abc"]
        ids = [*checks.parts.get(ids[0], ids[:1]), *(term for term in ids[1:] if term >= 0)]
        leaves = checks.terms.leaves[ids]
        places = frozenset((leaves[leaves >= 0] % size).tolist())
        found.append((int(at[place]), str(checks.rule[place]), places))
    return found


class Verdicts(NamedTuple):
    """Whether each claim is true, and whether each count fits; each with the figures it rests on.

    A count is known by its figure and what was found; ``bounded`` are the figures that it bounds,
    and whether it fits.
    """

    claims: dict[str, tuple[bool | None, list[str]]]
    counts: dict[tuple[str, str], tuple[bool, list[str]]]
    bounded: dict[str, bool]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Verdicts":
        """Judge the rows of one world."""
        terms = check(Terms(rows)).terms
        facts, claims = Facts(terms), load_table("claims")
        marks = {*rows["name"][rows["measure"] == "threshold"]}
        found, bounded = {}, {}
        for count in counts(facts, claims):
            own, fits = str(count.figure["name"]), count.fits()
            names = [own, *terms.names([term for known in count.rests for term in known.terms])]
            if not count.is_open:
                found[own, count.why] = fits, names
                bounded |= {n: bounded.get(n, False) or fits for n in {own, *names} & {own, *marks}}
        judged = {
            claim["claim"]: (finding.truth if finding.checked else None, names)
            for claim, finding, names in judge(claims, facts, load_table("products"))
        }
        return cls(judged, found, bounded)


def measure(*, reference: bool) -> "Result":
    """Inject every fault; with others' figures or without."""
    figures = load_figures()
    published = load_table("articles").set_index("article")["published"]
    figures["published"] = figures["article"].map(published)
    rows = normal(figures, load_reference() if reference else None)
    size, planted = len(rows), faults(figures)
    figure = figures["figure"].tolist()
    before = {(rule, places) for _, rule, places in contradictions(rows, size)}
    judged = Verdicts.of(rows)
    cover, holds = touched(rows)
    cover = cover.iloc[: len(figures)].assign(figure=figure)
    decided = {n for truth, names in judged.claims.values() if truth is not None for n in names}
    cover["claims"] = cover["figure"].isin(decided)
    cover["count"] = cover["figure"].isin(judged.bounded)
    holds = holds[: len(figures)] | cover["figure"].map(judged.bounded).eq(True)
    wrong = cover[[*BOUNDING]].any(axis=1) & ~holds
    planted = [fault for fault in planted if not wrong[fault.row]]
    found = []
    for start in range(0, len(planted), AT_ONCE):
        some = planted[start : start + AT_ONCE]
        every = worlds(figures, some, rows)
        known = touched(every)[0][[*TWO_SIDED]].any(axis=1).to_numpy().reshape(len(some), size)
        results = [
            {"figure": figure[fault.row], "kind": fault.kind, "known": known[world, fault.row]}
            | dict.fromkeys((*RULES, "count", "claims"), False)
            for world, fault in enumerate(some)
        ]
        for world, rule, places in contradictions(every, size):
            if some[world].row in places and (rule, places) not in before:
                results[world][rule] = True
        for world, result in enumerate(results):
            own = result["figure"]
            if own in judged.bounded or not any(result[rule] for rule in RULES):
                one = every.iloc[world * size : (world + 1) * size].assign(world=0)
                now = Verdicts.of(one.reset_index(drop=True))
                result["count"] = any(
                    not fits and own in names and judged.counts.get(key, (True,))[0]
                    for key, (fits, names) in now.counts.items()
                )
                result["claims"] = any(
                    truth is False and judged.claims[claim][0] is not False and own in names
                    for claim, (truth, names) in now.claims.items()
                )
        found += results
    return Result(pd.DataFrame(found), cover, wrong)


def touched(rows: pd.DataFrame) -> tuple[pd.DataFrame, "np.ndarray[Any, Any]"]:
    """By which rules each figure is checked, a column a rule, and whether one that bounds holds."""
    checks = check(Terms(rows))
    found = {rule: np.zeros(len(rows), dtype=bool) for rule in RULES}
    holds = np.zeros(len(rows), dtype=bool)
    for place, rule in enumerate(checks.rule):
        ids = [int(getattr(checks, x)[place]) for x in "abc"]
        ids = [*checks.parts.get(ids[0], ids[:1]), *(term for term in ids[1:] if term >= 0)]
        leaves = checks.terms.leaves[ids]
        found[str(rule)][leaves[leaves >= 0]] = True
        if rule in TWO_SIDED and checks.level[place] != CONTRADICTS:
            holds[leaves[leaves >= 0]] = True
    return pd.DataFrame(found), holds


class Result(NamedTuple):
    """What was injected and caught, with others' figures or without.

    ``faults`` has ``figure, kind``, whether anything is known of what the figure then says
    (``known``), and for each rule and for ``claims`` whether it caught the fault; ``cover`` has for
    each figure whether each rule or a decided claim checks it; ``wrong`` says of which every check
    that bounds it contradicts without any fault.
    """

    faults: pd.DataFrame
    cover: pd.DataFrame
    wrong: "pd.Series[bool]"

    @property
    def caught(self) -> "pd.Series[bool]":
        """Whether each fault was caught by a rule that bounds figures from both sides."""
        return self.faults[[*BOUNDING]].any(axis=1)

    @property
    def covered(self) -> "pd.Series[bool]":
        """Whether a rule bounds each figure from both sides."""
        return self.cover[[*BOUNDING]].any(axis=1)

    @property
    def inside(self) -> "pd.Series[bool]":
        """Whether each fault is in such a figure."""
        return self.faults["figure"].isin(self.cover["figure"][self.covered])

    @property
    def slips(self) -> "pd.Series[bool]":
        """Whether each fault changes the number: its interval has left the one printed."""
        return ~self.faults["kind"].isin(LABELS)


def share(part: "pd.Series[bool]", of: "pd.Series[bool]") -> str:
    return f"{(part & of).sum() / of.sum():.0%}" if of.any() else "–"


def page(results: dict[str, Result]) -> str:
    """The page of the site, in Markdown."""
    whole = results["with others' figures"]
    text = HEAD.format(
        figures=len(whole.cover), faults=len(whole.faults), covered=whole.covered.sum(),
        wrong=names(whole.cover, whole.wrong), cover=f"{whole.covered.mean():.0%}",
        any=f"{whole.cover[[*RULES, 'count', 'claims']].any(axis=1).mean():.0%}",
        slips=share(whole.caught, whole.slips & whole.inside),
        labels=share(whole.caught, ~whole.slips & whole.inside),
        known=share(whole.caught, ~whole.slips & whole.inside & whole.faults["known"]),
    )  # fmt: skip
    for name, result in results.items():
        faults, cover = result.faults, result.cover
        text += f"\n## {name.capitalize()}\n\n"
        text += "| kind of fault | faults | in covered figures | caught there | share |\n"
        text += "| --- | ---: | ---: | ---: | ---: |\n"
        kinds = {kind: faults["kind"] == kind for kind in KINDS}
        kinds["**all numbers**"], kinds["**all labels**"] = result.slips, ~result.slips
        for kind, mine in kinds.items():
            inside = mine & result.inside
            text += f"| {kind} | {mine.sum()} | {inside.sum()} | "
            text += f"{(inside & result.caught).sum()} | {share(result.caught, inside)} |\n"
        text += "\n| rule | figures it checks | faults in them | caught by it | share |\n"
        text += "| --- | ---: | ---: | ---: | ---: |\n"
        for rule in (*RULES, "count", "claims"):
            figures = cover["figure"][cover[rule]]
            if figures.empty:
                continue
            mine = faults["figure"].isin(figures)
            hit = (mine & faults[rule]).sum()
            text += f"| {rule} | {len(figures)} | {mine.sum()} | {hit} | "
            text += f"{share(faults[rule], mine)} |\n"
        one = cover[["parts", "claims"]].any(axis=1) & ~result.covered
        none = ~one & ~result.covered
        text += f"\nChecked from both sides: {result.covered.sum()} of {len(cover)} figures. "
        text += f"From one side only, by parts or claims: {names(cover, one)}. "
        text += f"By nothing that decides: {names(cover, none)}.\n"
        missed = faults[result.inside & result.slips & ~result.caught]
        told = [
            f"`{f}` ({k})"
            for f, k in dict.fromkeys(zip(missed["figure"], missed["kind"], strict=True))
        ]
        text += (
            f"\nNumbers changed and not caught in covered figures: {', '.join(told) or 'none'}.\n"
        )
    return text + TAIL


def names(cover: pd.DataFrame, which: "pd.Series[bool]") -> str:
    return ", ".join(f"`{name}`" for name in cover["figure"][which]) or "none"


def run() -> dict[str, Result]:
    """Inject every fault, with others' figures and without."""
    return {
        "with others' figures": measure(reference=True),
        "the articles alone": measure(reference=False),
    }


if __name__ == "__main__":
    PAGE.write_text(page(run()), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written")
