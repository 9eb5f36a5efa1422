"""What furo and myst-nb leave undone for people who use a keyboard or a screen reader."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

# (found in the written page, put in its place). Each is a known gap of the release in use; a
# release that closes it makes the row a no-op.
MENDS = (
    # What scrolls sideways must be reachable by keyboard.
    ("<pre>", '<pre tabindex="0">'),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    # A heading needs its level.
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    # Landmarks of one kind need names that tell them apart.
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="Site">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
)


def mend(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None:
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for found, instead in MENDS:
            text = text.replace(found, instead)
        path.write_text(text, encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", mend, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
