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
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tradelib.ledger import load_table
from tradelib.prose import style

STORIES: Final = (
    "stories/1-record-surplus",
    "stories/2-export-diversification",
    "stories/3-emerging-industries",
)
SURFACES: Final = load_table("figures").set_index("figure")["surface"]
PICTURE: Final = re.compile(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]*)"')
"""How a chart stands in a notebook's output (`tradelib.card`)."""
NOTE: Final = re.compile(r'<li data-figures="([^"]*)">.*?</li>')
"""How a live number's note does, with the rows of the ledger it rests on (`tradelib.prose`)."""


@dataclass(frozen=True)
class Story:
    """What a notebook opens with: a title, a sentence, a chart."""

    question: str
    answer: dict[str, str]
    chart: str
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
    title, chart = question.partition("\n")[0].removeprefix("# "), charts[0]
    html = chart.string[chart.string.index('<div class="tl-chart">') :]
    return Story(title, said[0], html, base64.b64decode(chart[1]), unescape(chart[2]))


class Stories(SphinxDirective):
    """``:::{stories}``: a card a story, with its question, its answer and its chart."""

    def run(self) -> list[nodes.Node]:
        cards = []
        for page in STORIES:
            story, name = opening(Path(self.env.srcdir) / f"{page}.ipynb"), page.partition("-")[2]
            question, answer = escape(story.question), story.answer["text/html"]
            cards.append(f"""
<article class="card" aria-labelledby="card-{name}">
<h2 id="card-{name}"><a href="{page}.html">{question}</a></h2>
<div class="answer">{answer}
<p class="more"><a href="{page}.html">Read the story<span class="hidden">: {question}</span></a></p>
</div>
{story.chart}
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


def put_outputs_on_a_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Make what notebooks carry in each output the page's own.

    The style sheet is loaded once, a chart is a file that loads when it is scrolled to, and the
    printed words in a number's note lead to their row of the ledger.
    """
    body = context.get("body", "").replace(f"<style>{style()}</style>", "")
    ledger = context["pathto"]("ledger")

    def lead(note: re.Match[str]) -> str:
        html, unquoted = note[0].removesuffix("</li>"), []
        for figure in dict.fromkeys(note[1].split()):
            words = f"“{escape(SURFACES.get(figure, ''))}”"
            linked = f'<a href="{ledger}#{figure}">{words}</a>'
            if words in re.sub("<a .*?</a>", "", html):
                html = re.sub(rf"{re.escape(words)}(?!</a>)", lambda _, a=linked: a, html, count=1)
            elif figure in SURFACES:
                unquoted.append(linked)
        return html + f" In the ledger: {', '.join(unquoted)}." * bool(unquoted) + "</li>"

    def save(picture: re.Match[str]) -> str:
        png = base64.b64decode(picture[1])
        name = f"_images/{hashlib.sha256(png).hexdigest()[:16]}.png"
        path = Path(app.outdir) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png)
        address = context["pathto"](name, resource=True)
        return f'<img loading="lazy" src="{address}" alt="{picture[2]}"'

    context["body"] = PICTURE.sub(save, NOTE.sub(lead, body))


def setup(app: Sphinx) -> dict[str, bool]:
    generated = Path(app.srcdir) / "_generated"
    generated.mkdir(exist_ok=True)
    (generated / "house.css").write_text(style(), encoding="utf-8")
    app.add_css_file("house.css")
    app.add_directive("stories", Stories)
    app.connect("doctree-read", add_tools)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", put_outputs_on_a_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
