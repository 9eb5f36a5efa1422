"""The three stories: their cards on the landing page, and the tools under their titles.

Question, answer and chart are those of the executed notebook: its title, its first sentence and its
first chart, so the landing page can never say anything else than the story.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tradelib.ledger import load_table
from tradelib.prose import style

STORIES = (
    "stories/1-record-surplus",
    "stories/2-export-diversification",
    "stories/3-emerging-industries",
)

logger = logging.getLogger(__name__)
SLUGS = frozenset(load_table("figures")["figure"])
PRINTED = re.compile(
    r"(?<=printed )(?P<words>“[^”]*”)(?=, (?P<place>article [\w-]+, paragraph \d+))"
)
"""How the note of a live number names words and their place (`tradelib.estimate`)."""


def places() -> dict[tuple[str, ...], str]:
    """Give the figure of printed words at a place, if the words stand there once."""
    figures = load_table("figures").drop_duplicates(["surface", "article", "paragraph"], keep=False)
    return {
        (
            escape(f"“{row['surface']}”"),
            escape(f"article {row['article']}, paragraph {row['paragraph']}"),
        ): row["figure"]
        for row in figures.to_dict("records")
    }


PLACES = places()


@dataclass(frozen=True)
class Story:
    """What a notebook opens with."""

    question: str
    answer: dict[str, str]
    alt: str
    png: bytes


def size(png: bytes) -> tuple[int, int]:
    """Width and height in CSS pixels: charts are drawn at twice the density of a plain screen."""
    width, height = (int.from_bytes(png[at : at + 4], "big") // 2 for at in (16, 20))
    return width, height


def opening(path: Path) -> Story:
    """Read the title, the first sentence and the first chart of an executed notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    question = next(("".join(c["source"]) for c in cells if c["cell_type"] == "markdown"), "")
    outputs = [o["data"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    answer = next((data for data in outputs if "text/html" in data), None)
    chart = next((data for data in outputs if "image/png" in data), None)
    if not (question.startswith("# ") and answer and chart):
        raise ExtensionError(f"{path.name} must open with a title, a sentence and a chart")
    return Story(
        question.partition("\n")[0].removeprefix("# "),
        {kind: "".join(answer[kind]) for kind in ("text/html", "text/plain")},
        "".join(chart["text/plain"]),
        base64.b64decode(chart["image/png"]),
    )


class Stories(SphinxDirective):
    """``:::{stories}``: a card a story, with its question, its answer and its chart."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "_generated" / "cards"
        folder.mkdir(parents=True, exist_ok=True)
        cards = []
        for page in STORIES:
            story, name = opening(Path(self.env.srcdir) / f"{page}.ipynb"), page.partition("-")[2]
            (folder / f"{name}.png").write_bytes(story.png)
            question, answer = escape(story.question), story.answer["text/html"]
            width, height = size(story.png)
            cards.append(f"""
<article class="card" aria-labelledby="card-{name}">
<h2 id="card-{name}"><a href="{page}.html">{question}</a></h2>
<div class="answer">{answer}
<p class="more"><a href="{page}.html">Read the story<span class="hidden">: {question}</span></a></p>
</div>
<img src="_static/cards/{name}.png" alt="{escape(story.alt)}" width="{width}" height="{height}">
</article>""")
        html = f'<div class="cards">{"".join(cards)}\n</div>'
        return [nodes.raw("", html, format="html")]


def add_tools(app: Sphinx, tree: nodes.document) -> None:
    """Put under a story's title what one can do with its notebook, its code shown or not."""
    page = app.env.docname
    if page not in STORIES:
        return
    file = f"{page.partition('/')[2]}.ipynb"
    html = f"""<p class="tools"><a href="../notebooks/{file}" download>Download the notebook</a>
<a href="../run.html">Run it yourself</a> <a href="../ledger.html">Every printed figure</a>
<label class="switch"><input type="checkbox" id="show-code"> Show the code</label></p>"""
    title = next(tree.findall(nodes.title))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", html, format="html"))


def describe_pictures(app: Sphinx, tree: nodes.document) -> None:
    """Give each chart its description and its size, so that nothing jumps when it loads.

    The description is the output's ``text/plain``: the one place that every viewer of a notebook
    keeps, and that nbval compares. A picture without one is a warning, which fails the build.
    """
    if app.env.docname not in STORIES:
        return
    cells = json.loads(Path(app.env.doc2path(app.env.docname)).read_text(encoding="utf-8"))["cells"]
    for cell in tree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        outputs = cells[cell["cell_index"]]["outputs"]
        shown = [o["data"] for o in outputs if "image/png" in o.get("data", {})]
        for picture, data in zip(cell.findall(nodes.image), shown, strict=True):
            alt = " ".join("".join(data.get("text/plain", "")).split())
            if not alt or alt.startswith("<"):
                logger.warning("a picture needs a description in text/plain, found %r", alt)
            width, height = size(base64.b64decode("".join(data["image/png"])))
            picture["alt"], picture["loading"] = alt, "lazy"
            picture["width"], picture["height"] = str(width), str(height)


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Describe a story by its answer, and any other page by its first paragraph."""
    if tree is None or 'name="description"' in context.get("metatags", ""):
        return
    if page in STORIES:
        story = opening(Path(app.srcdir) / f"{page}.ipynb")
        text = " ".join(story.answer["text/plain"].split())
    else:
        text = next((" ".join(p.astext().split()) for p in tree.findall(nodes.paragraph)), "")
    context["metatags"] = context.get("metatags", "") + (
        f'\n    <meta name="description" content="{escape(_shorten(text))}">'
    )


def _shorten(text: str, most: int = 300) -> str:
    return text if len(text) <= most else text[: text.rindex(" ", 0, most)] + " …"


def link_figures(app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any) -> None:
    """Lead from printed words in the notes of live numbers, and from slugs, to the ledger's rows.

    Each output carries the style sheet of live numbers for JupyterLab; the site loads it once.
    """
    ledger = context["pathto"]("ledger")

    def link(words: str, slug: str | None) -> str:
        return f'<a href="{ledger}#{slug}">{words}</a>' if slug else words

    def lead(note: re.Match[str]) -> str:
        return PRINTED.sub(
            lambda m: link(m["words"], PLACES.get(m.group("words", "place"))), note[0]
        )

    body = context.get("body", "").replace(f"<style>{style()}</style>", "")
    body = re.sub(r"<li data-figure=.*?</li>", lead, body)
    context["body"] = re.sub(
        r'(?<=<th scope="row">)([\w-]+)(?=</th>)',
        lambda found: link(found[0], found[0] if found[0] in SLUGS else None),
        body,
    )


def setup(app: Sphinx) -> dict[str, bool]:
    generated = Path(app.srcdir) / "_generated"
    generated.mkdir(exist_ok=True)
    (generated / "house.css").write_text(style(), encoding="utf-8")
    app.add_css_file("house.css")
    app.add_directive("stories", Stories)
    app.connect("doctree-read", add_tools)
    app.connect("doctree-read", describe_pictures)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", link_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
