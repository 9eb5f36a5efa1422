"""What the audit says, on the pages: beside each figure of the ledger, and as what is wrong."""

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

Check = dict[str, Any]
WORST_FIRST: Final = (
    "contradicts",
    "agrees if cut off",
    "undecidable",
    "agrees",
    "not checkable",
)
KINDS: Final = (
    *WORST_FIRST[:-1],
    *(f"claim {verdict}" for verdict in WORST_FIRST),
    "not checkable",
)
"""A claim that rests on a figure may be wrong where the figure is right: told apart."""


@cache
def checks(corrected: bool) -> list[Check]:
    """Every check of the audit, with labels as corrected or as printed."""
    found: list[Check] = tradelib.audit(corrected=corrected).to_dict("records")
    return sorted(found, key=lambda check: WORST_FIRST.index(check["verdict"]))  # else as it comes


@cache
def of_figures() -> dict[str, list[Check]]:
    """The checks that rest on a figure, by its slug; labels as corrected, worst first."""
    found: dict[str, list[Check]] = {}
    for check in checks(corrected=True):
        for figure in check["figures"]:
            found.setdefault(figure, []).append(check)
    return found


def kind(check: Check) -> str:
    return "claim " * (check["rule"] == "claims") + str(check["verdict"])


def counts(figure: str) -> dict[str, int]:
    """How many checks of a figure, and of claims that rest on it, have which verdict."""
    found = Counter(map(kind, of_figures().get(figure, [])))
    return {name: found[name] for name in KINDS if found[name]}


def counted(figure: str) -> str:
    """The same as text: ``agrees 12; claim contradicts 1``."""
    return "; ".join(f"{name} {number}" for name, number in counts(figure).items())


@cache
def rank() -> dict[str, int]:
    """Where figures stand when they are sorted by their verdicts, worst first."""
    by_verdict = sorted(of_figures(), key=lambda f: [-counts(f).get(name, 0) for name in KINDS])
    return {figure: place for place, figure in enumerate(by_verdict)}


def cell(figure: str, surfaces: Mapping[str, str]) -> str:
    """A figure's verdicts with their numbers, and its checks folded away."""
    found = sorted(of_figures().get(figure, []), key=lambda check: KINDS.index(kind(check)))
    words = "".join(
        f'<li class="{name.split()[-1]}">{name}{f" <span>{number}</span>" * (number > 1)}</li>'
        for name, number in counts(figure).items()
    )
    told = f'<ul class="verdicts">{words}</ul>'
    if all(check["rule"] == "none" for check in found):
        return told
    listed = "".join(f"<li>{written(check, figure, surfaces)}</li>" for check in found)
    title = f"{len(found)} checks" if len(found) > 1 else "The check"
    hidden = f'<span class="hidden"> of {escape(figure)}</span>'
    return told + f"<details><summary>{title}{hidden}</summary><ul>{listed}</ul></details>"


def written(check: Check, figure: str, surfaces: Mapping[str, str]) -> str:
    """A check in words; printed words of other figures in the ledger lead to their rows."""
    others = [name for name in check["figures"] if name in surfaces and name != figure]
    told, left = escape(check["explanation"]), []
    for name in dict.fromkeys(others):
        words = f"“{escape(surfaces[name])}”"
        shared = any(
            surfaces[other] == surfaces[name]
            for other in check["figures"]
            if other in surfaces and other != name
        )
        if words in told and not shared:
            told = told.replace(words, f'<a href="#{escape(name)}">{words}</a>')
        elif check["rule"] == "claims":
            left.append(f'<a href="#{escape(name)}">{escape(name)}</a>')
    return f"<strong>{kind(check).capitalize()}.</strong> {told}" + f" ({', '.join(left)})" * bool(
        left
    )


def against(figure: str) -> str:
    """How many checks contradict a figure as it was labelled, and the plainest of them."""
    found = [
        check
        for check in checks(corrected=False)
        if check["verdict"] == "contradicts" and f"{figure} reads as" in check["suggestion"]
    ]
    if not found:
        return ""
    fewest = min(found, key=lambda check: len(check["figures"]))
    number = "One check contradicts" if len(found) == 1 else f"{len(found)} checks contradict"
    among = "" if len(found) == 1 else ", among them"
    return f" {number} the label as printed{among}: {escape(fewest['explanation'])}"


HEADS: Final = {  # what is wrong with a label, by its column
    "flow": "Called {printed}, is {read_as}",
    "basis": "Called a share of {printed}, is one of {read_as}",
    "currency_basis": "Printed without its currency, is in {read_as}",
}


def wrong() -> str:
    """What is wrong in the articles, a line each.

    First the labels that corrections.csv answers, then what still contradicts with them.
    """
    surfaces = load_table("figures").set_index("figure")["surface"]
    claims = load_table("claims")["statement"]
    lines = []
    groups = load_table("corrections").groupby(["field", "printed", "read_as"], sort=False)
    for key, group in groups:
        label = dict(zip(("field", "printed", "read_as"), map(escape, key), strict=True))
        head = HEADS.get(key[0], "{field}: {printed}, is {read_as}").format(**label)
        first = {surfaces[name]: name for name in reversed([*group["figure"]])}
        names = [link(name, f"“{words}”") for words, name in reversed([*first.items()])]
        lines.append((head, f"{', '.join(names)}. {escape(group['reason'].iloc[0])}."))
    found = [check for check in checks(corrected=True) if check["verdict"] == "contradicts"]
    claimed = {name for check in found if check["rule"] == "claims" for name in check["figures"]}
    for check in found:
        if check["rule"] == "count" and check["figures"][0] in claimed:
            continue  # the claim says it in full
        told = check["explanation"]
        claim = next((text for text in claims if told.startswith(f"{text}. ")), "")
        figure = next(name for name in check["figures"] if name in surfaces.index)
        rest = f"{escape(told.removeprefix(f'{claim}. '))} {link(figure, 'In the ledger')}."
        lines.append((f"{escape(claim)}? No" if claim else "Contradicted", rest))
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
