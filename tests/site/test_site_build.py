"""The whole build: complete, the same everywhere, and never in the way of an earlier one."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES
from docutils import nodes
from PIL import Image

import social
import tradelib
from faults import Page, faults
from stories import STORIES
from tradelib.ledger import load_table

pytestmark = pytest.mark.slow

Build = Callable[..., subprocess.CompletedProcess[str]]


@cache
def page(site: Path, name: str) -> BeautifulSoup:
    """A page as it was written; large ones take a while to read, so each is read once."""
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_notebook_is_a_story() -> None:
    folder = Path(__file__).parents[2] / "notebooks"
    notebooks = {f"stories/{path.stem}" for path in folder.glob("*.ipynb")}
    assert notebooks == set(STORIES)


def test_every_page_is_there_with_title_and_description(site: Path) -> None:
    wrong = []
    for name in PAGES:
        found = page(site, name)
        described = found.find("meta", attrs={"name": "description"}) or {"content": ""}
        fine = len(found.find_all("h1")) == 1 and len(found.title.text) > 10
        if not (fine and (name == "search" or 40 < len(described["content"]) <= 310)):
            wrong.append((name, found.title.text, described["content"]))
    assert wrong == []


def test_no_page_that_nobody_asked_for(site: Path) -> None:
    found = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    assert found == set(PAGES)


def test_links_anchors_pictures_and_what_is_loaded(site: Path) -> None:
    assert list(faults(site)) == []


def test_pictures_have_the_size_that_is_announced(site: Path) -> None:
    seen = 0
    for path in sorted(site.rglob("*.html")):
        for picture in Page(path.read_text(encoding="utf-8")).pictures:
            with Image.open(path.parent / picture["src"]) as image:
                announced = int(picture["width"]), int(picture["height"])
                assert (image.width // 2, image.height // 2) == announced
                seen += 1
    assert seen >= 3 * 3 + 3  # at least three charts a story, and one a card


def test_the_landing_page_tells_the_three_stories(site: Path) -> None:
    """What the cards say is what the stories' own pages open with."""
    cards = page(site, "index").find_all("article", class_="card")
    assert len(cards) == len(STORIES)
    for card, name in zip(cards, STORIES, strict=True):
        story = page(site, name)
        assert card.h2.text == story.h1.find(string=True)
        assert card.h2.a["href"] == f"{name}.html"
        assert card.img["alt"] == story.find("img")["alt"]
        sentence = story.select_one(".tl-say > p").text
        assert card.select_one(".tl-say > p").text == sentence
        described = story.find("meta", attrs={"name": "description"})["content"]
        assert described.removesuffix(" …") in " ".join(sentence.split())


def test_a_shared_link_shows_the_story(site: Path, repository: Path, run_build: Build) -> None:
    """Title, description and picture; the picture of a story is not that of the site."""
    pictures = set()
    for name in PAGES:
        if name == "search":
            continue
        tags = {
            tag["property"]: tag["content"]
            for tag in page(site, name).select("meta[property^='og:']")
        }
        assert tags["og:title"] == page(site, name).h1.find(string=True)
        described = page(site, name).find("meta", attrs={"name": "description"})["content"]
        assert tags["og:description"] == described
        path = (site / name).parent.joinpath(tags["og:image"]).resolve()
        with Image.open(path) as image:
            assert image.size == (int(tags["og:image:width"]), int(tags["og:image:height"]))
        assert path.stat().st_size < 100_000
        pictures.add(path)
    assert len(pictures) == len(STORIES) + 1


@pytest.mark.parametrize("story", STORIES)
def test_a_story_holds_its_code_and_offers_its_notebook(
    site: Path, repository: Path, story: str
) -> None:
    found = page(site, story)
    notebook = repository / "notebooks" / f"{Path(story).name}.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = found.select("div.cell > .cell_input")
    assert len(code) == sum(c["cell_type"] == "code" and bool(c["source"]) for c in cells)
    assert len(found.select("#show-code")) == 1
    (link,) = found.select(".tools a[download]")
    offered = json.loads((site / story).parent.joinpath(link["href"]).read_text(encoding="utf-8"))
    assert [c["source"] for c in offered["cells"]] == [c["source"] for c in cells]
    assert any(c.get("outputs") for c in offered["cells"])


def test_notes_of_live_numbers_lead_to_the_ledger(site: Path) -> None:
    """A number leads to every row of the ledger that it rests on."""
    surfaces = load_table("figures").set_index("figure")["surface"]
    for story in STORIES:
        found = page(site, story)
        assert found.select(".tl-say li[data-figures]")
        for item in found.select("li[data-figures]"):
            links = {link["href"].partition("#")[2]: link.text for link in item.select("a")}
            assert links == {name: f"“{surfaces[name]}”" for name in item["data-figures"].split()}
        for number in found.select(".tl-number"):
            notes = number.find_parent(class_="tl-say").select("li")
            assert any(note.text.startswith(number["aria-label"]) for note in notes)
        assert "<style>.tl" not in (site / f"{story}.html").read_text(encoding="utf-8")


def test_stories_follow_one_another(site: Path) -> None:
    first, second, third = STORIES
    near = [
        [(site / second).parent.joinpath(a["href"]).resolve() for a in page(site, second).select(f)]
        for f in (".prev-page", ".next-page")
    ]
    assert near == [[site / f"{first}.html"], [site / f"{third}.html"]]


def test_the_ledger_has_every_figure_at_its_address(site: Path) -> None:
    figures = load_table("figures")
    rows = page(site, "ledger").select(".ledger tbody tr")
    assert [row["id"] for row in rows] == list(figures["figure"])
    assert [row.q.text for row in rows] == list(figures["surface"])
    corrected = {row["id"] for row in rows if row.find(class_="fix")}
    assert corrected == set(load_table("corrections")["figure"])
    assert (site / "figures.csv").read_text(encoding="utf-8").count("\n") == len(figures) + 1


def test_the_library_describes_every_public_name(site: Path) -> None:
    described = {tag["id"] for tag in page(site, "library").select("dt[id]")}
    assert {f"tradelib.{name}" for name in tradelib.__all__} <= described


def weight(site: Path, name: str) -> int:
    """Bytes transferred for a page: text compressed, pictures as they are."""
    path = site / f"{name}.html"
    own = Page(path.read_text(encoding="utf-8"))
    loads = {(path.parent / load.partition("?")[0]).resolve() for load in own.loads if load}
    files = {path, *(f for f in loads if f.suffix in (".css", ".js", ".png", ".svg"))}
    return sum(
        len(f.read_bytes() if f.suffix == ".png" else gzip.compress(f.read_bytes())) for f in files
    )


def test_pages_are_light(site: Path) -> None:
    weights = {name: weight(site, name) for name in ("index", "ledger", *STORIES)}
    most = {name: 350_000 if name in STORIES else 250_000 for name in weights}
    assert {name: bytes_ for name, bytes_ in weights.items() if bytes_ > most[name]} == {}


def test_two_builds_are_identical_and_touch_nothing_else(
    repository: Path, fresh_copy: Path, run_build: Build
) -> None:
    before = hashes(fresh_copy)
    done = run_build(fresh_copy, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hashes(fresh_copy / "site") == hashes(repository / "site")
    made = {name.partition("/")[0] for name in hashes(fresh_copy).keys() - before.keys()}
    assert made == {"site"}
    assert before.items() <= hashes(fresh_copy).items()


def test_nothing_tells_where_it_was_built(repository: Path, site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for place in (str(repository), sys.prefix, str(Path.home())):
                assert place.encode() not in content, f"{path.name} names {place}"


def code(source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def shorten(folder: Path, cell: str) -> None:
    """Leave one page and one notebook of one cell: a build that fails need not be long."""
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("the earlier one")
    first, *others = sorted((folder / "notebooks").glob("*.ipynb"))
    content = json.loads(first.read_text(encoding="utf-8"))
    content["cells"][1:] = [code(cell)]
    first.write_text(json.dumps(content), encoding="utf-8")
    for path in [*others, *(folder / "docs").glob("*.md")]:
        if path.stem != "index":
            path.unlink()


def earlier(folder: Path) -> list[str]:
    return [f"{path.name}: {path.read_text()}" for path in (folder / "site").iterdir()]


@pytest.mark.parametrize(
    ("cell", "message"),
    [("1 / 0", "does not run"), ("1 + 1", "must open with a title, a sentence and a chart")],
)
def test_a_build_that_fails_leaves_the_earlier_site(
    fresh_copy: Path, run_build: Build, cell: str, message: str
) -> None:
    shorten(fresh_copy, cell)
    done = run_build(fresh_copy)
    assert done.returncode == 1
    assert message in done.stderr
    assert earlier(fresh_copy) == ["index.html: the earlier one"]
    assert list((fresh_copy / "build").iterdir()) == []


@pytest.mark.parametrize(
    ("base", "picture"),
    [
        ("", "../_static/social/site.png"),
        ("https://host.example/x/", "https://host.example/x/_static/social/site.png"),
    ],
)
def test_a_picture_is_named_by_its_full_address_where_that_is_known(
    tmp_path: Path, base: str, picture: str
) -> None:
    (tmp_path / "stories").symlink_to(Path(__file__).parents[2] / "notebooks")
    config = SimpleNamespace(html_baseurl=base, project='"Trade" & more')
    context = {"metatags": "", "pathto": lambda path, resource: f"../{path}"}
    title = nodes.section("", nodes.title(text="A <page>"))
    social.announce(SimpleNamespace(srcdir=tmp_path, config=config), "x/y", "", context, title)
    tags = BeautifulSoup(context["metatags"], "html.parser")
    assert tags.find(property="og:image")["content"] == picture
    assert tags.find(property="og:title")["content"] == "A <page>"
    assert tags.find(property="og:site_name")["content"] == '"Trade" & more'
