"""The ledger as a page: every printed figure, readable without JavaScript, and as a CSV file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import tradelib
import verdicts
from tradelib.estimate import Estimate
from tradelib.ledger import data_folder, load_table, subject
from tradelib.output import csv_text

Row = dict[str, Any]
BASIS = {"streak": "since", "record level": "at prices of"}  # what a year as basis is
HALF, HEIGHT = 60, 18  # the picture: half its width, and its height


def picture(row: Row) -> str:
    """The interval as a small picture, in steps of the last printed digit.

    The dot is the number as written, the bar its interval, the line the rest of it if the writer
    cut digits off; an open side runs to the edge with an arrow. The numbers stand beside it in
    words, so that a screen reader skips it.
    """
    bounds = [row[name] for name in ("printed_lower", "lower", "upper", "printed_upper")]
    step = max((abs(b - row["value"]) for b in bounds if not math.isinf(b)), default=0) or 1

    def x(bound: float) -> float:
        place = max(-1.0, min(1.0, (bound - row["value"]) / step))
        return round(HALF + place * (HALF - 10), 1)

    middle = HEIGHT / 2
    parts = [f'<path class="axis" d="M4 {middle}H{2 * HALF - 4}"/>']
    if (bounds[0], bounds[3]) != (bounds[1], bounds[2]):
        parts.append(f'<path class="cut" d="M{x(bounds[0])} {middle}H{x(bounds[3])}"/>')
    left = 6 if math.isinf(bounds[1]) else x(bounds[1])
    right = 2 * HALF - 6 if math.isinf(bounds[2]) else x(bounds[2])
    parts.append(f'<path class="bar" d="M{left} {middle}H{right}"/>')
    if math.isinf(bounds[1]):
        parts.append(f'<path class="tip" d="M8 {middle - 5}L1 {middle}L8 {middle + 5}z"/>')
    if math.isinf(bounds[2]):
        end = 2 * HALF
        parts.append(f'<path class="tip" d="M{end - 8} {middle - 5}L{end - 1} {middle}l-7 5z"/>')
    parts.append(f'<circle cx="{x(row["value"])}" cy="{middle}" r="3.5"/>')
    return (
        f'<svg class="interval" width="{2 * HALF}" height="{HEIGHT}" '
        f'viewBox="0 0 {2 * HALF} {HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
    )


def compared(row: Row) -> str:
    """What a figure is measured against and in, where its own phrase does not say it."""
    told = [f"in {row['currency_basis']}"] if row["currency_basis"] else []
    if row["basis"].isdigit():
        told.insert(0, f"{BASIS.get(row['measure'], 'against')} {row['basis']}")
    return " · ".join(told)


def correction(fix: Row, known: re.Pattern[str]) -> str:
    """What is read instead of a label, why, and what shows it; figures it names become links."""
    label = escape(fix["field"].replace("_", " "))
    label = f"{label} “{escape(fix['read_as'])}”"
    if fix["printed"]:
        head = f"<strong>Corrected:</strong> {label} instead of “{escape(fix['printed'])}”."
    else:
        head = f"<strong>Completed:</strong> {label}."
    evidence = known.sub(r'<a href="#\1">\1</a>', escape(fix["evidence"]))
    tested = verdicts.against(fix["figure"])
    return f'<p class="fix">{head} {escape(fix["reason"])}. {evidence}.{tested}</p>'


def table(figures: pd.DataFrame, corrections: pd.DataFrame) -> str:
    """The ledger as an HTML table; every text from the data is escaped."""
    by_figure = {name: group.to_dict("records") for name, group in corrections.groupby("figure")}
    by_size = figures.sort_values(["kind", "unit", "value"], kind="stable").index
    rank = {index: place for place, index in enumerate(by_size)}
    surfaces = dict(zip(figures["figure"], figures["surface"], strict=True))
    known = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, figures["figure"])) + r")(?![\w-])")
    lines, ranks = [], verdicts.rank()
    for order, row in enumerate(figures.to_dict("records")):
        what = subject(row)
        what = what[:1].upper() + what[1:]
        notes = [f"<p>{escape(more)}</p>"] if (more := compared(row)) else []
        notes += [f'<p class="note">{escape(row["note"])}</p>'] if row["note"] else []
        notes += [correction(fix, known) for fix in by_figure.get(row["figure"], [])]
        slug, read_as = escape(row["figure"]), f"{Estimate.of(row):range}"
        hedge = row["hedge"].replace("_", " ")
        hedge = "" if hedge == "exact" else f' <span class="hedge">{hedge}</span>'
        lines.append(
            f"""<tr role="row" id="{slug}">
<th role="rowheader" scope="row" data-key="{slug}"><q>{escape(row["surface"])}</q>
<a class="slug" href="#{slug}">{slug}</a></th>
<td role="cell" data-key="{escape(what)}"><b>{escape(what)}</b>
{"".join(notes)}</td>
<td role="cell" data-key="{rank[order]}">{escape(read_as)}{hedge}{picture(row)}</td>
<td role="cell" data-key="{ranks.get(row["figure"], 0)}">
{verdicts.cell(row["figure"], surfaces)}</td>
<td role="cell" data-key="{order}">{escape(row["article"])}
<p>paragraph {row["paragraph"]}, sentence {row["sentence"]}</p></td>
</tr>"""
        )
    return f"""<div class="ledger-bar" role="search">
<label>Search the figures <input type="search" autocomplete="off"></label>
<label class="narrow">Sort by <select></select></label>
<span class="status" role="status"></span></div>
<div class="ledger" id="ledger-table">
<table role="table"><caption class="hidden">Every printed figure, in reading order</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">As printed</th>
<th role="columnheader" scope="col">What it says</th>
<th role="columnheader" scope="col">Read as</th>
<th role="columnheader" scope="col">Verdicts</th>
<th role="columnheader" scope="col">Where</th></tr></thead>
<tbody role="rowgroup">
{chr(10).join(lines)}
</tbody></table></div>"""


def write_csv(figures: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(figures), encoding="utf-8", newline="")


class Ledger(SphinxDirective):
    """``:::{ledger}``: the table of `tradelib.load_figures` as printed, and its CSV file."""

    def run(self) -> list[nodes.Node]:
        figures, corrections = tradelib.load_figures(corrected=False), load_table("corrections")
        judged = figures.assign(verdicts=figures["figure"].map(verdicts.counted))
        write_csv(judged, Path(self.env.srcdir) / "_extra" / "figures.csv")
        corrected = corrections["figure"].nunique()
        html = f"""<p class="tools"><span>{len(figures)} figures,
{figures["article"].nunique()} articles, {corrected} figures with a corrected label</span>
<a href="figures.csv" download>Download as CSV</a></p>"""
        return [nodes.raw("", html + table(figures, corrections), format="html")]


class Articles(SphinxDirective):
    """``:::{articles}``: the articles that the figures were typed from."""

    def run(self) -> list[nodes.Node]:
        counts = load_table("figures")["article"].value_counts()
        rows = [
            [
                escape(row["article"]),
                f"{escape(row['outlet']) or 'not named'}<p>{escape(row['summary'])}.</p>",
                escape(row["published"]),
                str(counts[row["article"]]),
            ]
            for row in load_table("articles").to_dict("records")
        ]
        head = ("Article", "Outlet, and what it tells in our words", "Published", "Figures")
        return [plain_table("The articles, and how many figures each prints", head, rows)]


def link(source: str, title: str) -> str:
    """A title that leads to its source, if that is an address on the web; else both as text."""
    if re.fullmatch(r"https?://\S+", source):
        return f'<a href="{escape(source)}">{escape(title)}</a>'
    return f"{escape(title)}<p>{escape(source)}</p>"


class Sources(SphinxDirective):
    """``:::{sources}``: who published the reference figures, and how many of them."""

    def run(self) -> list[nodes.Node]:
        reference = load_table("reference")
        groups = reference.groupby(["publisher", "source"], sort=True)
        rows = [
            [
                escape(publisher),
                link(source, group["title"].iloc[0]),
                escape(group["published"].iloc[0]),
                str(len(group)),
            ]
            for (publisher, source), group in groups
        ]
        head = ("Publisher", "Title", "Published", "Figures")
        return [plain_table(f"{len(reference)} reference figures, by source", head, rows)]


class Columns(SphinxDirective):
    """``:::{columns} name``: what the columns of a table are, as the data package says."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
        (table,) = (r for r in package["resources"] if r["name"] == self.arguments[0])
        rows = [
            [f"<code>{escape(field['name'])}</code>", escape(field["description"])]
            for field in table["schema"]["fields"]
        ]
        return [plain_table("The columns as typed", ("Column", "What it holds"), rows)]


def plain_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> nodes.Node:
    """A table of cells that are HTML already; the column "Figures" is a number's."""
    right = [' class="number"' if name == "Figures" else "" for name in head]
    top = "".join(f'<th scope="col"{r}>{n}</th>' for n, r in zip(head, right, strict=True))
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td{r}>{cell}</td>" for cell, r in zip(rest, right[1:], strict=True))
        + "</tr>\n"
        for first, *rest in rows
    )
    html = (
        f'<div class="box" tabindex="0" role="region" aria-label="{escape(caption)}"><table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table></div>"
    )
    return nodes.raw("", html, format="html")


def add_script(app: Sphinx, page: str, *_: Any) -> None:
    if page == "ledger":
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("ledger", Ledger)
    app.add_directive("articles", Articles)
    app.add_directive("sources", Sources)
    app.add_directive("columns", Columns)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
