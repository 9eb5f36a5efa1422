"""The three stories: their cards on the landing page, and the tools under their titles.

Question, answer and chart come from the story's theme module, computed when the site is built, so
the landing page can never say anything else than the notebook.
"""

from __future__ import annotations

import re
from html import escape, unescape
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

STORIES = {  # page: theme module
    "stories/1-record-surplus": "surplus",
    "stories/2-export-diversification": "diversification",
    "stories/3-emerging-industries": "emerging",
}


def answer_of(theme: Any) -> tuple[str, str]:
    """A theme's answer as HTML and as plain text."""
    html = theme.answer()._repr_html_()
    return html, " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


class Stories(SphinxDirective):
    """``:::{stories}``: a card a story, with its question, its answer and its chart."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "_generated" / "cards"
        folder.mkdir(parents=True, exist_ok=True)
        cards = []
        for page, name in STORIES.items():
            theme = import_module(f"tradelib.themes.{name}")
            chart, (answer, _) = theme.lead_chart(), answer_of(theme)
            chart.save(folder / f"{name}.png")
            width, height = chart.size
            cards.append(f"""
<article class="card" aria-labelledby="card-{name}">
<h2 id="card-{name}"><a href="{page}.html">{escape(theme.QUESTION)}</a></h2>
<img src="_static/cards/{name}.png" alt="{escape(chart.alt)}" width="{width}" height="{height}">
<div class="answer">{answer}</div>
<p class="more"><a href="{page}.html">Read the story<span class="hidden">:
{escape(theme.QUESTION)}</span></a></p>
</article>""")
        html = f'<div class="cards">{"".join(cards)}\n</div>'
        return [nodes.raw("", html, format="html")]


def add_tools(app: Sphinx, tree: nodes.document) -> None:
    """Put under a story's title what one can do with its notebook."""
    page = app.env.docname
    if page not in STORIES:
        return
    file = f"{page.partition('/')[2]}.ipynb"
    html = f"""<p class="tools"><a href="../notebooks/{file}" download>Download the notebook</a>
<a href="../run.html">Run it yourself</a> <a href="../ledger.html">Every printed figure</a></p>"""
    title = next(tree.findall(nodes.title))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", html, format="html"))


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Describe a story by its answer, and any other page by its first paragraph."""
    if tree is None or 'name="description"' in context.get("metatags", ""):
        return
    if page in STORIES:
        _, text = answer_of(import_module(f"tradelib.themes.{STORIES[page]}"))
    else:
        text = next((" ".join(p.astext().split()) for p in tree.findall(nodes.paragraph)), "")
    context["metatags"] = context.get("metatags", "") + (
        f'\n    <meta name="description" content="{escape(_shorten(text))}">'
    )


def _shorten(text: str, most: int = 300) -> str:
    return text if len(text) <= most else text[: text.rindex(" ", 0, most)] + " …"


def setup(app: Sphinx) -> dict[str, bool]:
    (Path(app.srcdir) / "_generated").mkdir(exist_ok=True)
    app.add_directive("stories", Stories)
    app.connect("doctree-read", add_tools)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
