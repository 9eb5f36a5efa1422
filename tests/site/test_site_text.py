"""Text of the data never becomes markup, a script or a formula, wherever the site shows it."""

import csv
import json
import re
import subprocess
from collections.abc import Callable
from html import escape
from itertools import cycle
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import PAGES
from playwright.sync_api import Page

pytestmark = pytest.mark.slow

Build = Callable[..., subprocess.CompletedProcess[str]]
# Each holds a word that is found again as itself, or else as what it must not become.
PAYLOADS = (
    '=HYPERLINK("javascript:evil()","evil0")',
    "+1+1 evil1",
    "<img src=evil2 onerror=evil()>",
    "<script>evil()</script><b>evil3</b>",
    "`evil4` | *evil4* | **evil4** | [evil4](javascript:evil())",
    "\"evil5' onmouseover='evil()' $evil5$",
    "</title></q></td></text></svg><i>evil6</i> {{ evil6 }}",
    "@evil7 -evil7 \\evil7",
)
HARMLESS = ("alt", "aria-label", "content", "title", "data-key")
MADE = re.compile(r"\s*evil\d\s*")
NAMES = ("partner", "product", "part_of", "basis", "against", "printed", "read_as")
TOTALS = ("All", "World", "China")
FREE = {  # columns that may hold any text; where names stand in several tables, see `renamed`
    "articles": ("outlet", "dateline", "summary"),
    "figures": ("note",),
    "claims": ("statement", "note"),
    "corrections": ("reason", "evidence"),
    "reference": ("publisher", "title", "source", "note"),
    "partners": ("in_words", "note"),
    "products": ("short", "note"),
}


def read(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked_for(folder: Path) -> str:
    """What the notebooks' cells say, which ask for some partners and products by name."""
    return "".join(
        "".join(cell["source"]).casefold()
        for path in (folder / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    )


def renamed(asked: str, rows: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """New names for the partners and products that no notebook asks for by name."""
    names = {row[kind] for kind in ("partner", "product") for row in rows["figures"]}
    free = [n for n in sorted(names) if n.casefold() not in asked and n not in TOTALS]
    return {name: f"{payload} {name}" for name, payload in zip(free, cycle(PAYLOADS), strict=False)}


def spoil(folder: Path) -> None:
    """Put the payloads into every text column of a copy."""
    rows = {table: read(folder, table) for table in FREE}
    asked = asked_for(folder)
    new = renamed(asked, rows)
    for table, columns in FREE.items():
        for row, payload in zip(rows[table], cycle(PAYLOADS), strict=False):
            for column in columns:
                if column in ("in_words", "short") and row[column].casefold() in asked:
                    continue
                row[column] = f"{payload} {row[column]}".strip()
            for column, cell in row.items():
                if column in NAMES:
                    row[column] = ";".join(new.get(name, name) for name in cell.split(";"))
        path = folder / "data" / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[table][0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table])


def harm(html: str) -> list[str]:
    """Give what a payload has become in a page: an element, an attribute that acts, a script."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        acting = {n: v for n, v in tag.attrs.items() if n not in HARMLESS and "evil" in str(v)}
        # An element around a payload's word and nothing else was made of its markup.
        if acting or (tag.name == "script" and "evil" in tag.text) or MADE.fullmatch(own(tag)):
            found.append(str(tag)[:200])
    return found


def test_harm_would_be_seen() -> None:
    """Each payload left as it is, or read as Markdown, is one."""
    made = (*PAYLOADS[2:4], PAYLOADS[6], "<code>evil4</code>", '<a href="javascript:evil()">x</a>')
    assert all(harm(f"<p>{html}</p>") for html in made)
    assert harm("<p>" + escape("".join(PAYLOADS)) + f'<img alt="{escape(PAYLOADS[2])}"></p>') == []


def own(tag: Tag) -> str:
    return "".join(tag.find_all(string=True, recursive=False))


def outputs(notebook: Path) -> list[dict[str, str]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    found = [
        output["data"] for cell in cells for output in cell.get("outputs", ()) if "data" in output
    ]
    return [{kind: "".join(text) for kind, text in data.items()} for data in found]


def test_text_of_the_data_stays_text(
    fresh_copy: Path, run_build: Build, visit: Callable[..., Page]
) -> None:
    spoil(fresh_copy)
    done = run_build(fresh_copy)
    assert done.returncode == 0, done.stdout + done.stderr
    site = fresh_copy / "site"
    wrong = {}
    seen = ""
    for path in sorted(site.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        seen += BeautifulSoup(html, "html.parser").text
        wrong[path.name] = harm(html)
    for path in sorted((site / "notebooks").glob("*.ipynb")):
        for data in outputs(path):
            assert not data.keys() & {"text/markdown", "text/latex", "application/javascript"}
            wrong[path.name] = wrong.get(path.name, []) + harm(data.get("text/html", ""))
    assert {name: found for name, found in wrong.items() if found} == {}
    flat = " ".join(seen.split())
    for payload in PAYLOADS:  # they do stand there
        assert " ".join(payload.split()) in flat, payload
    with (site / "figures.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    formulas = [c for c in cells if c[:1] in tuple("=+-@\t\r") and not is_number(c)]
    assert formulas == []
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    # No browser runs any of it: `evil` is not defined, and no picture of the name is there.
    page = visit("index", files=site)
    for name in PAGES:
        page.goto(f"{name}.html")
    page.goto("search.html?q=evil4")
    page.wait_for_function("document.querySelector('#search-results').textContent.length > 20")


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
