"""The last check before a site is published finds what must not be published."""

from pathlib import Path

import pytest

from faults import faults

GOOD = '<p id="here">text</p><img src="a.png" alt="Exports grew" width="4" height="3">'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "index.html").write_text(GOOD)
    (tmp_path / "stories").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "html",
    [
        '<a href="../index.html#here">a link and its anchor</a>',
        '<a href="https://example.org/x">a link outwards</a>',
        '<a href="#">the top</a> <a href="#own">its own anchor</a> <b id="own"></b>',
        '<link rel="canonical" href="https://example.org/stories/one.html">',
        '<meta property="og:image" content="../a.png">',
        '<a href="..%2Findex.html">an escaped path</a>',
        '<img src="../a.png" alt="Two words" width="10" height="5">',
        '<svg><use href="#shape"></use></svg><svg id="shape"></svg>',
    ],
)
def test_what_is_fine_is_let_through(folder: Path, html: str) -> None:
    (folder / "stories" / "one.html").write_text(html)
    assert list(faults(folder)) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="gone.html">x</a>', "links to gone.html, which is not there"),
        ('<a href="../index.html#gone">x</a>', "there is no such anchor"),
        ('<a href="#gone">x</a>', "there is no such anchor"),
        ('<meta property="og:image" content="gone.png">', "links to gone.png, which is not there"),
        ('<script src="https://example.org/x.js"></script>', "from elsewhere"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "from elsewhere"),
        ('<img src="data:image/png;base64,xx" alt="A b" width="1" height="1">', "from elsewhere"),
        ('<img src="../a.png" width="1" height="1">', "needs alternative text"),
        ('<img src="../a.png" alt="../a.png" width="1" height="1">', "needs alternative text"),
        ('<img src="../a.png" alt="chart" width="1" height="1">', "needs alternative text"),
        ('<img src="../a.png" alt="Exports grew">', "needs its width and height"),
        ('<img src="../a.png" alt="Exports grew" width="50%" height="1">', "its width and height"),
    ],
)
def test_what_is_not_is_named(folder: Path, html: str, fault: str) -> None:
    (folder / "stories" / "one.html").write_text(html)
    (found,) = faults(folder)
    assert found.startswith("stories/one.html")
    assert fault in found


@pytest.mark.parametrize("rule", ["url(https://example.org/f.woff)", "@import '//example.org/x'"])
def test_style_sheets_load_nothing_from_elsewhere(folder: Path, rule: str) -> None:
    (folder / "x.css").write_text(f"a {{ {rule} }}")
    (found,) = faults(folder)
    assert found.startswith("x.css loads ")
