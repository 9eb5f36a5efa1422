"""The ledger as a page: every printed figure, readable without JavaScript, and as a CSV file."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
from markup import directive, fill
from markupsafe import Markup, escape
from sphinx.application import Sphinx

import tradelib
import verdicts
from tradelib.cli import csv_text
from tradelib.estimate import Estimate
from tradelib.ledger import data_folder, load_table, subject

Row = dict[str, Any]
BASIS = {"streak": "since", "record level": "at prices of"}  # what a year as basis is
ENDS = ("printed_lower", "lower", "value", "upper", "printed_upper")


def picture(row: Row) -> Markup:
    """The interval as a small picture, in steps of the last printed digit.

    The dot is the number as written, the bar its interval, the line the rest of it if the writer
    cut digits off; an open side runs to the edge with an arrow. The numbers stand beside it in
    words, so that a screen reader skips it.
    """
    gaps = [row[end] - row["value"] for end in ENDS]
    step = max((abs(gap) for gap in gaps if math.isfinite(gap)), default=0) or 1
    places = [60 + (math.copysign(54, gap) if math.isinf(gap) else 50 * gap / step) for gap in gaps]
    return fill("interval", places=[round(place, 1) for place in places])


def compared(row: Row) -> str:
    """What a figure is measured against and in, where its own phrase does not say it."""
    told = [f"in {row['currency_basis']}"] if row["currency_basis"] else []
    if row["basis"].isdigit():
        told.insert(0, f"{BASIS.get(row['measure'], 'against')} {row['basis']}")
    return " · ".join(told)


def table(figures: pd.DataFrame, corrections: pd.DataFrame) -> Markup:
    """The ledger as an HTML table."""
    by_figure = {name: group.to_dict("records") for name, group in corrections.groupby("figure")}
    by_size = figures.sort_values(["kind", "unit", "value"], kind="stable").index
    size = {index: place for place, index in enumerate(by_size)}
    surfaces, ranks = dict(zip(figures["figure"], figures["surface"], strict=True)), verdicts.rank()
    known = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, surfaces)) + r")(?![\w-])")
    rows = figures.to_dict("records")
    for order, row in enumerate(rows):
        name, what = row["figure"], subject(row)
        row["fixes"] = [
            fix
            | {"tested": verdicts.against(name)}
            | {"evidence": Markup(known.sub(r'<a href="#\1">\1</a>', str(escape(fix["evidence"]))))}
            for fix in by_figure.get(name, [])
        ]
        row |= {"what": what[:1].upper() + what[1:], "compared": compared(row)}
        row |= {"size": size[order], "read_as": f"{Estimate.of(row):range}"}
        row |= {"picture": picture(row), "rank": ranks.get(name, 0)}
        row["verdicts"] = verdicts.cell(name, surfaces)
    return fill("ledger", rows=rows)


def write_csv(figures: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(figures), encoding="utf-8", newline="")


def ledger(source: Path) -> Markup:
    """``:::{ledger}``: the table of `tradelib.load_figures` as printed, and its CSV file."""
    figures = tradelib.load_figures(corrected=False)
    judged = figures.assign(verdicts=figures["figure"].map(verdicts.counted))
    write_csv(judged, source / "_extra" / "figures.csv")
    return table(figures, load_table("corrections"))


def articles(source: Path) -> Markup:
    """``:::{articles}``: the articles that the figures were typed from."""
    counts, rows = load_table("figures")["article"].value_counts(), []
    for row in load_table("articles").to_dict("records"):
        told = Markup("{}<p>{}.</p>").format(row["outlet"] or "not named", row["summary"])
        rows.append((row["article"], told, row["published"], counts[row["article"]]))
    head = ("Article", "Outlet, and what it tells in our words", "Published", "Figures")
    caption = "The articles, and how many figures each prints"
    return fill("table", caption=caption, head=head, rows=rows)


def link(source: str, title: str) -> Markup:
    """A title that leads to its source, if that is an address on the web; else both as text."""
    if re.fullmatch(r"https?://\S+", source):
        return Markup('<a href="{}">{}</a>').format(source, title)
    return Markup("{}<p>{}</p>").format(title, source)


def sources(source: Path) -> Markup:
    """``:::{sources}``: who published the reference figures, and how many of them."""
    reference, rows = load_table("reference"), []
    for (publisher, place), group in reference.groupby(["publisher", "source"]):
        title, published = group["title"].iloc[0], group["published"].iloc[0]
        rows.append((publisher, link(place, title), published, len(group)))
    head = ("Publisher", "Title", "Published", "Figures")
    caption = f"{len(reference)} reference figures, by source"
    return fill("table", caption=caption, head=head, rows=rows)


def columns(source: Path, name: str) -> Markup:
    """``:::{columns} name``: what the columns of a table are, as the data package says."""
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    (table,) = (r for r in package["resources"] if r["name"] == name)
    code = Markup("<code>{}</code>").format
    rows = [(code(field["name"]), field["description"]) for field in table["schema"]["fields"]]
    head = ("Column", "What it holds")
    return fill("table", caption="The columns as typed", head=head, rows=rows)


def add_script(app: Sphinx, page: str, *_: Any) -> None:
    if page == "ledger":
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    for make in (ledger, articles, sources, columns):
        app.add_directive(make.__name__, directive(make))
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
