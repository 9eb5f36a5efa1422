"""Falsify the ledger, one figure at a time, and count what the audit catches.

Run ``python bench/faults.py`` from the repository's root: it writes ``docs/faults.md``, the same on
every machine, in some minutes, with two processes. Each fault is made in a copy of the data
package, which is then audited as any other ledger is. Of each kind every figure gets one fault,
drawn with a fixed seed: a second slip of the same digits tells little more.
"""

import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tradelib  # noqa: E402
from tradelib import ledger as tables  # noqa: E402

PAGE = ROOT / "docs" / "faults.md"
NUMBERS = ("digits swapped", "digit doubled", "digit lost", "scale", "sign")
LABELS = ("flow", "basis of a share", "year", "base year", "currency", "currency of a rate")
FLOWS = ("exports", "imports", "trade", "balance")
SCALES = ("million", "billion", "trillion")
CURRENCIES = (("yuan", "dollars"), ("RMB", "USD"), ("USD", "yuan"), ("$", "€"), ("won", "yen"))
TURNED = {"up": "down", "down": "up", "↑": "↓", "↓": "↑"}
HEAD = """# How many faults does the audit catch?

Each of the {figures} figures of the corrected ledger is falsified in turn, as a typist or an editor
might do it, once in each way that it can be; where there are several (digits to swap, flows to
confuse) one is drawn, with a fixed seed. So {faults} faulty ledgers are audited:

- *digits swapped, doubled, lost*: 26.99 becomes 29.69, 266.99 or 2.99;
- *scale*: trillion, billion and million are confused with their neighbours;
- *sign*: a rise becomes a fall, a surplus a deficit;
- *flow*: the figure is labelled as of exports, imports, trade or balance, which it is not;
- *basis of a share*: it is labelled as a share of another whole;
- *year*, *base year*: the period of a figure, or the year its growth is against, is off by one;
- *currency*: yuan for dollars, won for yen; *currency of a rate*: the one it was computed in.

A changed number counts only if its interval, rounded or cut off, shares no point with that of the
number printed: the audit cannot and should not see less. A fault is *caught* if a check that bounds
its figure from both sides (any but parts and claims) contradicts, and did not before. Figures of
which every such check contradicts as it is are not falsified further: {wrong}.

With others' figures {covered} of {figures} figures ({cover}) are checked from both sides; in these
{numbers} of all changed numbers are caught. Of the wrong labels about which something is known,
{labels} are caught; where nobody prints what the wrong label says, nothing can contradict. Of those
caught the right label is the first suggestion for {right}. A changed number is told as number or
scale, and taken for a wrong label in {misled} of all cases.

`make faults` writes this page anew; a test holds a sample of it to what the code gives.
"""


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


def wrong_numbers(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other words for a figure, by kind; some say the same, or nothing."""
    surface = row["surface"]
    if number := re.search(r"\d[\d.,]*", surface):
        before, after = surface[: number.start()], surface[number.end() :]
        for kind, slip in slips(number[0]):
            yield kind, {"surface": before + slip + after}
    for one, two in (*pairwise(SCALES), *pairwise(SCALES[::-1])):
        if one in surface:
            yield "scale", {"surface": surface.replace(one, two)}
    if row["measure"].endswith("growth"):
        turned = re.sub("[↑↓]", lambda mark: TURNED[mark[0]], surface)
        direction = TURNED.get(row["direction"], "down" if turned == surface else "")
        yield "sign", {"surface": turned, "direction": direction}
    if row["flow"] == "balance" and row["measure"] == "level":
        yield "sign", {"flow": "deficit"}


def wrong_labels(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other labels for a figure, by kind."""
    if row["flow"] in FLOWS:
        yield from (("flow", {"flow": flow}) for flow in FLOWS if flow != row["flow"])
    if row["measure"] == "share" and row["basis"] in FLOWS:
        others = (flow for flow in FLOWS[:3] if flow != row["basis"])
        yield from (("basis of a share", {"basis": flow}) for flow in others)
    if row["period"] and row["measure"] in ("level", "growth", "share", "units", "units growth"):
        for step in (-1, 1) if int(row["period"]) + 1 <= int(row["vintage"]) else (-1,):
            year = {"period": str(int(row["period"]) + step)}
            if row["measure"].endswith("growth"):
                year["basis"] = str(int(row["basis"]) + step)
            yield "year", year
    if row["measure"].endswith("growth"):
        yield "base year", {"basis": str(int(row["basis"]) - 1)}
    if row["measure"] == "growth" and row["currency_basis"]:
        other = "CNY" if row["currency_basis"] == "USD" else "USD"
        yield "currency of a rate", {"currency_basis": other}
    if row["measure"] == "level":
        for one, two in CURRENCIES:
            if one in row["surface"]:
                yield "currency", {"surface": row["surface"].replace(one, two)}
                break


def faults(figures: pd.DataFrame) -> list[tuple[str, str, dict[str, Any]]]:
    """One fault of each kind for each figure: the figure, the kind, what is changed.

    Numbers that say the same are left out; which of several it is is drawn with a fixed seed.
    """
    found = []
    for row in figures.to_dict("records"):
        tried: dict[str, list[dict[str, Any]]] = {}
        for kind, change in wrong_numbers(row):
            now = row | change
            try:
                read = tradelib.parse(now["surface"], now["direction"], now["unit_hint"])
            except ValueError:
                continue
            ends = max(read.printed_lower, row["printed_lower"])
            apart = ends > min(read.printed_upper, row["printed_upper"])
            if apart or "flow" in change:
                tried.setdefault(kind, []).append(change)
        for kind, change in wrong_labels(row):
            tried.setdefault(kind, []).append(change)
        name = row["figure"]
        for kind, some in tried.items():
            found.append((name, kind, random.Random(f"{name} {kind}").choice(some)))
    return found


class Ledger:
    """A copy of the data package, labels corrected, in which one figure at a time is changed."""

    def __init__(self, folder: Path, *, reference: bool):
        self.folder = Path(shutil.copytree(tables.data_folder(), folder / "data"))
        self.reference = reference
        corrections = self.folder / "corrections.csv"
        corrections.write_text(corrections.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
        figures = tradelib.load_figures()
        figures["period"] = figures["period"].astype(object).fillna("").astype(str)
        self.figures, self.columns = figures, [*tradelib.load_table("figures").columns]

    def checks(self, figure: str = "", change: dict[str, Any] | None = None) -> pd.DataFrame:
        """Every check of the ledger with one figure changed."""
        rows = self.figures[self.columns].copy()
        for column, cell in (change or {}).items():
            rows.loc[rows["figure"] == figure, column] = cell
        rows.to_csv(self.folder / "figures.csv", index=False)
        return tradelib.audit(folder=self.folder, reference=self.reference, checks=True)


def bounding(checks: pd.DataFrame, figure: str) -> pd.DataFrame:
    """The checks that bound a figure from both sides and decide."""
    on = checks["figures"].map(lambda names: figure in names)
    decides = checks["verdict"].isin(["agrees", "agrees if cut off", "contradicts"])
    return checks[on & decides & ~checks["rule"].isin(["parts", "claims", "none"])]


def measure(*, reference: bool, every: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make every fault, or every so many-th: what came of it, and how each figure is covered."""
    with tempfile.TemporaryDirectory() as place:
        ledger = Ledger(Path(place), reference=reference)
        sound = ledger.checks()
    wrong = sound[sound["verdict"] == "contradicts"]
    before = {(row.rule, row.figures) for row in wrong.itertuples()}
    cover = pd.DataFrame({"figure": ledger.figures["figure"]})
    own = [bounding(sound, name)["verdict"] for name in cover["figure"]]
    cover["covered"] = [len(verdicts) > 0 for verdicts in own]
    cover["wrong"] = [len(some) > 0 and (some == "contradicts").all() for some in own]
    known = set(cover["figure"][cover["wrong"]])
    planted = [fault for fault in faults(ledger.figures) if fault[0] not in known][::every]
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(partial(caught, reference, before), (planted[::2], planted[1::2])))
    return pd.DataFrame([row for half in halves for row in half]), cover


def caught(
    reference: bool,
    before: set[tuple[str, tuple[str, ...]]],
    planted: list[tuple[str, str, dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Make some faults one after the other, and say what an audit makes of each."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        ledger = Ledger(Path(place), reference=reference)
        figures = ledger.figures.set_index("figure")
        for name, kind, change in planted:
            checks = ledger.checks(name, change)
            now = bounding(checks, name)
            new = now[(now["verdict"] == "contradicts")]
            is_caught = any((row.rule, row.figures) not in before for row in new.itertuples())
            told = [mend for some in checks["suggestion"] for mend in some.split("; ")]
            mends = [mend for mend in told if mend.startswith(f"{name} reads as ")]
            first = mends[0].removeprefix(f"{name} reads as ") if mends and is_caught else ""
            was = figures.loc[name]
            right = {f"{field.replace('_', ' ')} {was[field]}" for field in change}
            row = {"figure": name, "kind": kind, "change": change, "caught": is_caught}
            row |= {"known": len(now) > 0, "first": first}
            rows.append(row | {"right": first in right | {f"unit {was['unit']}"}})
    return rows


def share(part: "pd.Series[bool]", of: "pd.Series[bool]") -> str:
    return f"{(part & of).sum() / of.sum():.0%}" if of.any() else "–"


def page(results: dict[str, tuple[pd.DataFrame, pd.DataFrame]]) -> str:
    """The page of the site, in Markdown."""
    whole, cover = results["with others' figures"]
    inside = whole["figure"].isin(cover["figure"][cover["covered"]])
    numbers, labels = whole["kind"].isin(NUMBERS), whole["kind"].isin(LABELS)
    text = HEAD.format(
        figures=len(cover),
        faults=len(whole),
        covered=cover["covered"].sum(),
        cover=f"{cover['covered'].mean():.0%}",
        wrong=names(cover["figure"][cover["wrong"]]),
        numbers=share(whole["caught"], numbers & inside),
        labels=share(whole["caught"], labels & whole["known"]),
        right=share(whole["right"], labels & whole["caught"]),
        misled=share((whole["first"] != "") & ~whole["right"], numbers & whole["caught"]),
    )
    for name, (found, cover) in results.items():
        inside = found["figure"].isin(cover["figure"][cover["covered"]])
        text += f"\n## {name.capitalize()}\n\n"
        text += "| kind of fault | faults | in covered figures | something known | caught | share "
        text += "| right label first |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        kinds = {kind: found["kind"] == kind for kind in (*NUMBERS, *LABELS)}
        kinds["**all numbers**"] = found["kind"].isin(NUMBERS)
        kinds["**all labels**"] = found["kind"].isin(LABELS)
        named = (*LABELS, "**all labels**")
        for kind, mine in kinds.items():
            asked = mine & inside & found["known"]
            right = share(found["right"], asked & found["caught"]) if kind in named else "–"
            text += f"| {kind} | {mine.sum()} | {(mine & inside).sum()} | {asked.sum()} "
            text += f"| {(asked & found['caught']).sum()} | {share(found['caught'], asked)} "
            text += f"| {right} |\n"
        missed = found[inside & found["kind"].isin(NUMBERS) & ~found["caught"]]
        text += f"\nChecked from both sides: {cover['covered'].sum()} of {len(cover)} figures; "
        text += f"not: {names(cover['figure'][~cover['covered']])}.\n"
        text += f"\nNumbers changed and not caught in them: {names(missed['figure'])}.\n"
    return text


def names(which: "pd.Series[str]") -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(which)) or "none"


if __name__ == "__main__":
    parts = {"with others' figures": True, "the articles alone": False}
    done = {name: measure(reference=reference) for name, reference in parts.items()}
    PAGE.write_text(page(done), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written")
