"""The three stories: their cards on the landing page, and the tools under their titles.

Question, answer and chart are those of the executed notebook: its title, its first sentence and its
first chart, so the landing page can never say anything else than the story.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from markup import directive, fill
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tradelib.card import PICTURE
from tradelib.ledger import load_table
from tradelib.prose import STYLE

STORIES: Final = (
    "stories/1-record-surplus",
    "stories/2-export-diversification",
    "stories/3-emerging-industries",
)
SURFACES: Final = load_table("figures").set_index("figure")["surface"]
NOTE: Final = re.compile(r'<li data-figures="([^"]*)">.*?</li>')
"""How a live number's note does, with the rows of the ledger it rests on (`tradelib.prose`)."""


@dataclass(frozen=True)
class Story:
    """What a notebook opens with: a title, a sentence, a chart."""

    question: str
    said: str
    answer: Markup
    chart: Markup
    png: bytes
    alt: str


def opening(path: Path) -> Story:
    """Read the title, the first sentence and the first chart of an executed notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    question = next(("".join(c["source"]) for c in cells if c["cell_type"] == "markdown"), "")
    shown = [o["data"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    shown = [{kind: "".join(text) for kind, text in data.items()} for data in shown]
    said = [data for data in shown if "tl-say" in data.get("text/html", "")]
    charts = [found for data in shown if (found := PICTURE.search(data.get("text/html", "")))]
    if not (question.startswith("# ") and said and charts):
        raise ExtensionError(f"{path.name} must open with a title, a sentence and a chart")
    title, chart, answer = question.partition("\n")[0].removeprefix("# "), charts[0], said[0]
    html = Markup(chart.string[chart.string.index('<div class="tl-chart">') :])
    text, png = " ".join(answer["text/plain"].split()), base64.b64decode(chart[1])
    return Story(title, text, Markup(answer["text/html"]), html, png, unescape(chart[2]))


def stories(source: Path) -> Markup:
    """``:::{stories}``: a card a story, with its question, its answer and its chart."""
    return fill("stories", stories={page: opening(source / f"{page}.ipynb") for page in STORIES})


def add_tools(app: Sphinx, tree: nodes.document) -> None:
    """Put under a story's title what one can do with its notebook, its code shown or not."""
    page = app.env.docname
    if page not in STORIES:
        return
    html = fill("tools", file=f"{page.partition('/')[2]}.ipynb")
    title = next(tree.findall(nodes.title))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", html, format="html"))


def put_outputs_on_a_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Make what notebooks carry in each output the page's own.

    The style sheet is loaded once, a chart is a file (loaded with the page, which may be
    printed at once), and a number's note leads to the rows of the ledger that it rests on.
    """
    body = context.get("body", "").replace(f"<style>{STYLE}</style>", "")
    known = {"surfaces": SURFACES, "ledger": context["pathto"]("ledger")}

    def lead(note: re.Match[str]) -> str:
        figures = [name for name in dict.fromkeys(note[1].split()) if name in SURFACES]
        return fill("note", note=Markup(note[0].removesuffix("</li>")), figures=figures, **known)

    def save(picture: re.Match[str]) -> str:
        png = base64.b64decode(picture[1])
        name = f"_images/{hashlib.sha256(png).hexdigest()[:16]}.png"
        path = Path(app.outdir) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png)
        address = context["pathto"](name, resource=True)
        return f'<img src="{address}" alt="{picture[2]}"'

    context["body"] = PICTURE.sub(save, NOTE.sub(lead, body))


def setup(app: Sphinx) -> dict[str, bool]:
    generated = Path(app.srcdir) / "_generated"
    generated.mkdir(exist_ok=True)
    (generated / "house.css").write_text(STYLE, encoding="utf-8")
    app.add_css_file("house.css")
    app.add_directive("stories", directive(stories))
    app.connect("doctree-read", add_tools)
    app.connect("html-page-context", put_outputs_on_a_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
