"""What the audit finds, on the pages: beside each figure of the ledger, and as what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import tradelib
from tradelib.ledger import load_table

Finding = dict[str, Any]
HEADS: Final = {
    "flow": "Called {printed}, is {read_as}",
    "basis": "Called a share of {printed}, is one of {read_as}",
    "currency_basis": "Printed without its currency, is in {read_as}",
}
"""What is wrong with a label, by its column."""


@cache
def findings(corrected: bool) -> list[Finding]:
    """Every finding of the audit, worst first; labels as corrected or as printed."""
    found: list[Finding] = tradelib.audit(corrected=corrected).to_dict("records")
    return found


@cache
def agreeing() -> Counter[str]:
    """How many checks of each figure agree, labels as corrected."""
    checks = tradelib.audit(corrected=True, checks=True)
    held = checks[checks["verdict"].str.startswith("agrees")]
    return Counter(name for names in held["figures"] for name in names)


def of(figure: str) -> list[Finding]:
    """The findings on a figure, labels as corrected; without any, that its checks agree."""
    found = [finding for finding in findings(corrected=True) if figure in finding["figures"]]
    return found or [
        {"kind": "", "verdict": "agrees", "evidence": "", "checks": agreeing()[figure]}
    ]


def kind(finding: Finding) -> str:
    """A verdict; a claim that rests on a figure may fail where the figure is right: told apart."""
    claimed = finding["kind"] in ("claim", "open", "depends")
    return "claim " * claimed + str(finding["verdict"])


def counted(figure: str) -> str:
    """The verdicts on a figure as text: ``claim contradicts; agrees``."""
    return "; ".join(dict.fromkeys(map(kind, of(figure))))


def rank() -> dict[str, int]:
    """Where figures stand when they are sorted by their verdicts, worst first."""
    names = dict.fromkeys(
        name for finding in findings(corrected=True) for name in finding["figures"]
    )
    return {figure: place - len(names) for place, figure in enumerate(names)}


def cell(figure: str, surfaces: Mapping[str, str]) -> str:
    """A figure's verdicts, and what shows them folded away."""
    found = of(figure)
    tags = "".join(
        f'<li class="{name.split()[-1]}">{name}</li>' for name in dict.fromkeys(map(kind, found))
    )
    told = f'<ul class="verdicts">{tags}</ul>'
    shown = [finding for finding in found if finding["evidence"]]
    if not shown:
        count = found[0]["checks"]
        return told + f"<p>{count} {'checks' if count > 1 else 'check'}</p>"
    listed = "".join(f"<li>{written(finding, figure, surfaces)}</li>" for finding in shown)
    title = f'Why<span class="hidden"> of {escape(figure)}</span>'
    return told + f"<details><summary>{title}</summary><ul>{listed}</ul></details>"


def written(finding: Finding, figure: str, surfaces: Mapping[str, str]) -> str:
    """A finding in words, and links to the other figures that it is about."""
    others = [name for name in finding["figures"] if name != figure and name in surfaces]
    links = ", ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in others)
    told = f"<strong>{kind(finding).capitalize()}.</strong> {escape(finding['evidence'])}"
    return told + f" ({links})" * bool(links)


def against(figure: str) -> str:
    """How many checks contradict a figure as it was labelled, and the plainest of them."""
    for finding in findings(corrected=False):
        if finding["kind"] == "label" and figure in finding["figures"]:
            number = f"{finding['checks']} checks contradict"
            number = "One check contradicts" if finding["checks"] == 1 else number
            return f" {number} the label as printed: {escape(finding['evidence'])}"
    return ""


def wrong() -> str:
    """What is wrong in the articles, a line each, in the order of the audit."""
    surfaces = load_table("figures").set_index("figure")["surface"]
    fixes = load_table("corrections").drop_duplicates("figure").set_index("figure").to_dict("index")
    lines = []
    for finding in findings(corrected=False):
        first = next(iter(finding["figures"]), "")
        words = {surfaces[name]: name for name in reversed(finding["figures"])}
        links = ", ".join(link(name, f"“{text}”") for text, name in reversed(words.items()))
        if finding["kind"] in ("label", "currency") and first in fixes:
            fix = {column: escape(text) for column, text in fixes[first].items()}
            head = HEADS.get(fix["field"], "{field}: {printed}, is {read_as}").format(**fix)
            lines.append((head, f"{links}. {fix['reason']}."))
        elif finding["kind"] == "claim":
            statement, _, why = finding["evidence"].partition(". ")
            lines.append((f"{escape(statement)}? No", f"{escape(why)} {links}."))
        elif finding["verdict"] == "contradicts" or finding["kind"] == "outdated":
            head = "An old count" if finding["kind"] == "outdated" else "Contradicted"
            lines.append((head, f"{escape(finding['evidence'])} {links}."))
    html = "\n".join(f"<li><strong>{head}.</strong> {text}</li>" for head, text in lines)
    return f'<ul class="wrong">{html}</ul>'


class Wrong(SphinxDirective):
    """``:::{wrong}``: the list of `wrong`."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", wrong(), format="html")]


def link(figure: str, words: str) -> str:
    return f'<a href="ledger.html#{escape(figure)}">{escape(words)}</a>'


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("wrong", Wrong)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
