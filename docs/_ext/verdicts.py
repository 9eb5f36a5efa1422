"""What the audit finds, on the pages: beside each figure of the ledger, and as what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from markup import directive, fill
from markupsafe import Markup
from sphinx.application import Sphinx

import tradelib
from tradelib.ledger import load_table
from tradelib.scale import Scale

Finding = dict[str, Any]
HEADS: Final = {
    "flow": "Not {printed}, but {read_as}",
    "basis": "Not a share of {printed}, but of {read_as}",
    "currency_basis": "Growth in {read_as}, which is not printed",
}
"""What is wrong with a label, by its column."""
PLAIN: Final = {"trade": "exports plus imports", "balance": "the surplus"}


@cache
def findings(corrected: bool) -> list[Finding]:
    """Every finding of the audit, worst first; labels as corrected or as printed."""
    return list(tradelib.audit(corrected).to_dict("records"))


@cache
def agreeing() -> Counter[str]:
    """How many checks of each figure agree, labels as corrected."""
    checks = tradelib.audit(corrected=True, checks=True)
    held = checks[checks["verdict"].str.startswith("agrees")]
    return Counter(name for names in held["figures"] for name in names)


def of(figure: str) -> list[Finding]:
    """The findings on a figure, labels as corrected; without any, that its checks agree."""
    found = [finding for finding in findings(corrected=True) if figure in finding["figures"]]
    agrees = {"kind": "", "verdict": "agrees", "evidence": "", "checks": agreeing()[figure]}
    return found or [agrees]


def kind(finding: Finding) -> str:
    """A verdict; a claim that rests on a figure may fail where the figure is right: told apart."""
    claimed = finding["kind"] in ("claim", "open", "depends")
    return "claim " * claimed + str(finding["verdict"])


def counted(figure: str) -> str:
    """The verdicts on a figure as text: ``claim contradicts; agrees``."""
    return "; ".join(dict.fromkeys(map(kind, of(figure))))


def rank() -> dict[str, int]:
    """Where figures stand when they are sorted by their verdicts, worst first."""
    names = dict.fromkeys(name for found in findings(corrected=True) for name in found["figures"])
    return {figure: place - len(names) for place, figure in enumerate(names)}


def cell(figure: str, surfaces: Mapping[str, str]) -> Markup:
    """A figure's verdicts, and what shows them, with the other figures it is about, folded away."""
    found = of(figure)
    shown = [finding | {"name": kind(finding)} for finding in found if finding["evidence"]]
    names = dict.fromkeys(map(kind, found))
    known = {"figure": figure, "surfaces": surfaces, "count": found[0].get("checks")}
    return fill("verdicts", names=names, shown=shown, **known)


def against(figure: str) -> str:
    """How many checks contradict a figure as it was labelled, and the plainest of them."""
    for finding in findings(corrected=False):
        if finding["kind"] == "label" and figure in finding["figures"]:
            count = finding["checks"]
            number = "One check contradicts" if count == 1 else f"{count} checks contradict"
            return f" {number} the label as printed: {finding['evidence']}"
    return ""


def wrong() -> Markup:
    """What is wrong in the articles, a line each, in the order of the audit."""
    surfaces = load_table("figures").set_index("figure")["surface"]
    fixes = load_table("corrections").drop_duplicates("figure").set_index("figure").to_dict("index")
    lines = []
    for finding in findings(corrected=False):
        first, before, after = next(iter(finding["figures"]), ""), finding["evidence"], ""
        if finding["kind"] in ("label", "currency") and first in fixes:
            fix = fixes[first]
            told = {column: PLAIN.get(cell, cell) for column, cell in fix.items()}
            if fix["field"] == "currency_basis":
                told["read_as"] = Scale.of(fix["read_as"], 1.0).words
            head = HEADS.get(fix["field"], "Not {printed}, but {read_as}").format(**told)
            before, after = "", f"{fix['reason']}."
        elif finding["kind"] == "claim":
            statement, _, before = finding["evidence"].partition(". ")
            head = f"{statement}? No"
        elif finding["verdict"] == "contradicts" or finding["kind"] == "outdated":
            head = "An old count" if finding["kind"] == "outdated" else "Contradicted"
        else:
            continue
        by_words = {surfaces[name]: name for name in reversed(finding["figures"])}
        links = [(name, words) for words, name in reversed(by_words.items())]
        lines.append({"head": head, "before": before, "links": links, "after": after})
    return fill("wrong", lines=lines)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("wrong", directive(lambda source: wrong()))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
