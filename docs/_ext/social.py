"""What a link to a page looks like elsewhere: title, description, and the story's first chart.

The picture lies in the site; only with the address of the site (``SITE_URL`` when building) can
other hosts be told where.
"""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from textwrap import shorten
from typing import Any, Final

from docutils import nodes
from markup import fill
from PIL import Image, ImageOps
from sphinx.application import Sphinx

from stories import STORIES, Story, opening
from tradelib.card import CARD

SIZE: Final = (1200, 630)  # what services that show links ask for
PICTURES: Final = {"": "site", **{name: Path(name).name for name in STORIES}}


def opening_of(app: Any, name: str) -> Story:
    """What a story opens with, or the first one for any other page."""
    return opening(Path(app.srcdir) / f"{name or STORIES[0]}.ipynb")


def draw(app: Sphinx, exception: Exception | None) -> None:
    """Lay the chart of each story on a sheet of that shape; that of the first is the site's too."""
    if exception is not None:
        return
    folder = Path(app.outdir) / "_static" / "social"
    folder.mkdir(parents=True)
    for name, picture in PICTURES.items():
        chart = Image.open(io.BytesIO(opening_of(app, name).png)).convert("RGB")
        sheet = ImageOps.pad(chart, SIZE, color=CARD).quantize(64, dither=Image.Dither.NONE)
        sheet.save(folder / f"{picture}.png", optimize=True)


def announce(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Add a description, and what services that show links read (the Open Graph protocol).

    A story is described by its answer, and a page that does not describe itself by its beginning.
    """
    if tree is None:
        return
    name, base, meta = page if page in STORIES else "", app.config.html_baseurl, context["metatags"]
    picture, story = f"_static/social/{PICTURES[name]}.png", opening_of(app, name)
    own = re.search(r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"', meta)
    first = next((one.astext() for one in tree.findall(nodes.paragraph)), "")
    text = (
        unescape(own[1]) if own else shorten(story.said if name else first, 300, placeholder=" …")
    )
    address = base + picture if base else context["pathto"](picture, resource=True)
    shown = {"picture": address, "size": SIZE, "alt": story.alt, "project": app.config.project}
    title = tree.next_node(nodes.title).astext()
    tags = fill("meta", described=own, text=text, story=name, title=title, **shown)
    context["metatags"] += str(tags)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", draw)
    app.connect("html-page-context", announce, priority=900)  # after the pages are described
    return {"parallel_read_safe": True, "parallel_write_safe": True}
