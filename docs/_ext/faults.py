"""Nothing faulty is published: every built page is checked, and a fault fails the build.

A fault is a link or an anchor that leads nowhere inside the site, anything that a page would load
from elsewhere, and a picture without a size or without alternative text (a path is none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

LOADED = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]+)")  # by a style sheet


class Page:
    """What matters of a page: its anchors, links, what it loads, its pictures."""

    def __init__(self, text: str) -> None:
        page = BeautifulSoup(text, "html.parser")
        named = [tag.get(name) for tag in page.select("[id], [name]") for name in ("id", "name")]
        self.anchors = {"", "top", *filter(None, named)}
        # A page's own address and its picture are for those who link to it: no browser loads them.
        outward = page.select("a, link[rel=canonical], meta[property='og:image']")
        self.links = [tag.get("href") or tag.get("content", "") for tag in outward]
        loading = ("src", "href", "data", "poster")
        inward = page.select(":is([src], [href], [data], [poster]):not(a, link[rel=canonical])")
        self.loads = [tag[name] for tag in inward for name in loading if name in tag.attrs]
        self.pictures = [tag.attrs for tag in page.select("img")]


def faults(site: Path) -> Iterator[str]:
    """Give the faults of the pages under a folder, one sentence each."""
    pages = {p: Page(p.read_text(encoding="utf-8")) for p in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for picture in page.pictures:
            alt, words = picture.get("alt", ""), picture.get("alt", "").split()
            if len(words) < 2 or alt in unquote(picture.get("src", "")):
                yield f"{name}: {picture.get('src')} needs alternative text, found {alt!r}"
            if not (picture.get("width", "").isdigit() and picture.get("height", "").isdigit()):
                yield f"{name}: {picture.get('src')} needs its width and height"
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads:
                    yield f"{name} loads {link} from elsewhere"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                yield f"{name} links to {link}, which is not there"
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name} links to {link}: there is no such anchor"
    for path in sorted(site.rglob("*.css")):
        for url in LOADED.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site).as_posix()} loads {url} from elsewhere"


def check(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and (found := list(faults(Path(app.outdir).resolve()))):
        raise ExtensionError("the pages have faults:\n" + "\n".join(found))


def setup(app: Sphinx) -> dict[str, bool]:
    # After everybody else's work on the finished pages.
    app.connect("build-finished", check, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
