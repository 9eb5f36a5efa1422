"""Pieces of pages from the templates in ``docs/_templates``, where all text is escaped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "_templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def fill(template: str, **values: Any) -> Markup:
    return Markup(TEMPLATES.get_template(f"{template}.html").render(values))


def directive(make: Callable[..., str]) -> type[SphinxDirective]:
    """Give a directive of what a function makes of the folder of the sources and an argument."""

    class Made(SphinxDirective):
        optional_arguments = 1

        def run(self) -> list[nodes.Node]:
            html = make(Path(self.env.srcdir), *self.arguments)
            return [nodes.raw("", html, format="html")]

    return Made
