"""What a link to a page looks like elsewhere: title, description, and a picture of the story.

A picture is the story's question beside its first chart. It lies in the site; only with the
address of the site (``SITE_URL`` when building) can other hosts be told where.
"""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont
from sphinx.application import Sphinx

from stories import STORIES, opening
from tradelib.card import ACCENT, CARD, INK, MUTED, wrap

SIZE: Final = (1200, 630)  # what services that show links ask for
MARGIN: Final = 56
TEXT_WIDTH: Final = 480
TITLE: Final = 50
FONTS: Final = Path(get_data_path()) / "fonts" / "ttf"  # with matplotlib, so the same everywhere


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{name}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def picture(kicker: str, title: str, chart: bytes) -> bytes:
    """Draw a title beside a chart, as a PNG file of few colours."""
    image = Image.new("RGB", SIZE, CARD)
    with Image.open(io.BytesIO(chart)) as shown:
        shown = shown.convert("RGB")
        room = SIZE[0] - TEXT_WIDTH - 2 * MARGIN, SIZE[1] - MARGIN
        scale = min(room[0] / shown.width, room[1] / shown.height)
        size = round(shown.width * scale), round(shown.height * scale)
        shown = shown.resize(size, Image.Resampling.LANCZOS)
    image.paste(shown, (SIZE[0] - MARGIN // 2 - size[0], (SIZE[1] - size[1]) // 2))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 11), fill=ACCENT)
    small, big = font("DejaVuSans", 24), font("DejaVuSans-Bold", TITLE)
    draw.text((MARGIN, MARGIN), kicker, fill=MUTED, font=small)
    draw.text((MARGIN, 120), wrap(title, TEXT_WIDTH, True, TITLE), fill=INK, font=big, spacing=12)
    buffer = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def draw(app: Sphinx, exception: Exception | None) -> None:
    """Draw a picture for each story, and one for every other page."""
    if exception is not None:
        return
    folder = Path(app.outdir) / "_static" / "social"
    folder.mkdir(parents=True)
    project = app.config.project
    for name in STORIES:
        story = opening(Path(app.srcdir) / f"{name}.ipynb")
        (folder / f"{Path(name).name}.png").write_bytes(picture(project, story.question, story.png))
    first = opening(Path(app.srcdir) / f"{STORIES[0]}.ipynb")
    (folder / "site.png").write_bytes(
        picture("What was printed, and what holds", project, first.png)
    )


def announce(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Add what services that show links read (the Open Graph protocol)."""
    if tree is None:
        return
    name = Path(page).name if page in STORIES else "site"
    picture, base = f"_static/social/{name}.png", app.config.html_baseurl
    story = opening(Path(app.srcdir) / f"{page if page in STORIES else STORIES[0]}.ipynb")
    described = re.search(
        r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"', context["metatags"]
    )
    tags = {
        "og:type": "article" if page in STORIES else "website",
        "og:site_name": escape(app.config.project),
        "og:title": escape(tree.next_node(nodes.title).astext()),
        "og:description": described[1] if described else "",
        "og:image": base + picture if base else context["pathto"](picture, resource=True),
        "og:image:width": str(SIZE[0]),
        "og:image:height": str(SIZE[1]),
        "og:image:alt": escape(story.alt),
    }
    context["metatags"] += "".join(
        f'\n    <meta property="{name}" content="{content}">' for name, content in tags.items()
    )
    context["metatags"] += '\n    <meta name="twitter:card" content="summary_large_image">'


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", draw)
    app.connect("html-page-context", announce, priority=900)  # after the pages are described
    return {"parallel_read_safe": True, "parallel_write_safe": True}
