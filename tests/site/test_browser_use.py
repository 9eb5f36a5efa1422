"""What readers do on the site, in a real browser: search, sort, point, tap, switch, print."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGES
from playwright.sync_api import Locator, Page, expect

from tradelib.ledger import load_table

pytestmark = pytest.mark.slow

Visit = Callable[..., Page]
STORIES = [name for name in PAGES if name.startswith("stories/")]
FIGURES = load_table("figures")


def shown(page: Page) -> Locator:
    return page.locator(".ledger tbody tr:visible")


# The ledger


def test_the_ledger_is_searched_as_one_types(visit: Visit) -> None:
    page = visit("ledger")
    expect(shown(page)).to_have_count(len(FIGURES))
    page.get_by_label("Search the figures").press_sequentially("africa 25.8")
    found = FIGURES[(FIGURES["partner"] == "Africa") & FIGURES["surface"].str.contains("25.8")]
    assert 0 < len(found) < 5
    expect(shown(page)).to_have_count(len(found))
    assert {row.get_attribute("id") for row in shown(page).all()} == set(found["figure"])
    expect(page.get_by_role("status")).to_have_text(f"{len(found)} of {len(FIGURES)} figures")
    page.get_by_label("Search the figures").fill("no such words")
    expect(shown(page)).to_have_count(0)
    page.get_by_label("Search the figures").fill("")
    expect(shown(page)).to_have_count(len(FIGURES))


def test_the_ledger_is_sorted_by_keyboard(visit: Visit) -> None:
    page = visit("ledger")
    printed = list(FIGURES["figure"])
    heading = page.get_by_role("columnheader", name="As printed")
    for key, order in (("Enter", sorted(printed)), ("Space", sorted(printed, reverse=True))):
        heading.get_by_role("button").focus()
        page.keyboard.press(key)
        direction = "descending" if key == "Space" else "ascending"
        expect(heading).to_have_attribute("aria-sort", direction)
        assert [row.get_attribute("id") for row in shown(page).all()] == order
    page.get_by_role("button", name="Where").press("Enter")
    assert [row.get_attribute("id") for row in shown(page).all()] == printed
    assert heading.get_attribute("aria-sort") is None


def test_the_ledger_is_sorted_by_its_verdicts_and_unfolds_them(visit: Visit) -> None:
    page = visit("ledger")
    page.get_by_role("button", name="Verdicts").click()
    kinds = [row.locator(".verdicts li").first.text_content() for row in shown(page).all()]
    worst = [kind.endswith("contradicts") for kind in kinds]
    assert worst[0]
    assert worst == sorted(worst, reverse=True)
    checks = page.locator(".ledger details:has(a)").first
    assert not checks.get_by_role("listitem").first.is_visible()
    checks.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(checks.get_by_role("listitem").first).to_be_visible()
    checks.get_by_role("link").first.click()
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_the_ledger_is_sorted_on_a_phone(visit: Visit) -> None:
    page = visit("ledger", width=390, has_touch=True)
    page.get_by_label("Sort by").select_option(label="As printed, downwards")
    expected = sorted(FIGURES["figure"], reverse=True)
    assert [row.get_attribute("id") for row in shown(page).all()] == expected


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_figure_has_an_address(visit: Visit, site: Path, width: int, files: bool) -> None:
    page = visit("ledger#exports-2025", width=width, files=site if files else None)
    row = page.locator("#exports-2025")
    expect(row).to_be_in_viewport()
    expect(row.locator("q")).to_have_text("“26.99 trillion yuan”".strip("“”"))
    marked, other = (
        page.locator(f"#{name}").evaluate("row => getComputedStyle(row).backgroundColor")
        for name in ("exports-2025", "exports-2024")
    )
    assert marked != other
    # A link to a row that the search has hidden shows it again.
    page.get_by_label("Search the figures").fill("imports")
    expect(row).to_be_hidden()
    page.evaluate("location.hash = '#exports-2024'")
    expect(page.locator("#exports-2024")).to_be_in_viewport()


def test_the_ledger_is_complete_without_scripts(visit: Visit) -> None:
    page = visit("ledger", java_script_enabled=False)
    assert shown(page).count() == len(FIGURES)
    assert not page.get_by_label("Search the figures").is_visible()
    for row, surface in zip(shown(page).all(), FIGURES["surface"], strict=True):
        assert row.locator("q").text_content() == surface


def test_the_file_is_offered_beside_the_ledger(visit: Visit) -> None:
    page = visit("ledger")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as CSV").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert waiting.value.suggested_filename == "figures.csv"
    assert len(lines) == len(FIGURES) + 1


# Live numbers


# The first number whose note leads to some rows of the ledger, with another after it.
FIRST = """least => [...document.querySelectorAll('.tl-number')].findIndex((number, at, all) => {
    const items = [...number.closest('.tl-say').querySelectorAll('li')];
    const note = items.find(item => item.textContent.startsWith(number.ariaLabel));
    return note.querySelectorAll('a').length >= least
        && all[at + 1]?.closest('p') === number.closest('p');
})"""


def first_number(page: Page, links: int = 1) -> tuple[Locator, Locator]:
    """A number of a page whose note leads to that many rows or more, and the box of notes."""
    at = page.evaluate(FIRST, links)
    assert at >= 0
    return page.locator(".tl-number").nth(at), page.locator(".tl-note")


@pytest.mark.parametrize("name", ["index", *STORIES])
def test_a_note_by_mouse(visit: Visit, name: str) -> None:
    page = visit(name)
    number, note = first_number(page)
    expect(note).to_have_count(0)
    number.hover()
    expect(note).to_contain_text(number.get_attribute("aria-label"))
    # From the number into its note, which stays; away from both, and it goes.
    link = note.get_by_role("link").first
    link.hover()
    expect(note).to_be_visible()
    page.locator("h1").first.hover()
    expect(note).to_have_count(0)


def test_a_note_leads_to_the_ledger(visit: Visit) -> None:
    page = visit(STORIES[0])
    number, note = first_number(page)
    number.hover()
    link = note.get_by_role("link").first
    slug = link.get_attribute("href").partition("#")[2]
    assert slug in set(FIGURES["figure"])
    link.click()
    expect(page).to_have_url(re.compile(rf"/ledger\.html#{slug}$"))
    expect(page.locator(f"#{slug}")).to_be_in_viewport()


def test_a_computed_number_leads_to_all_it_rests_on(visit: Visit) -> None:
    page = visit(STORIES[0])
    number, note = first_number(page, links=2)
    number.focus()
    links = note.get_by_role("link")
    expect(links.nth(1)).to_be_visible()
    slugs = {link.get_attribute("href").partition("#")[2] for link in links.all()}
    assert slugs <= set(FIGURES["figure"])


def test_a_note_by_keyboard(visit: Visit) -> None:
    page = visit(STORIES[0])
    number, note = first_number(page)
    number.focus()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(number).to_be_focused()
    page.keyboard.press("Tab")  # to the next number
    expect(note).to_be_visible()
    expect(note).not_to_have_text(number.get_attribute("aria-label"))
    page.keyboard.press("Shift+Tab")
    expect(number).to_be_focused()
    expect(note).to_contain_text(number.get_attribute("aria-label"))
    for link in note.get_by_role("link").all():
        page.keyboard.press("Tab")  # into the note
        expect(link).to_be_focused()
        expect(note).to_contain_text(number.get_attribute("aria-label"))
    page.keyboard.press("Tab")  # out of it, to the next number
    expect(note).not_to_have_text(number.get_attribute("aria-label"))


def test_a_note_by_touch(visit: Visit) -> None:
    page = visit(STORIES[0], width=390, has_touch=True, is_mobile=True)
    number, note = first_number(page)
    number.tap()
    expect(note).to_be_visible()
    expect(note).to_be_in_viewport()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("h1").tap()
    expect(note).to_have_count(0)
    number.tap()
    note.get_by_role("link").first.tap()
    expect(page).to_have_url(re.compile(r"/ledger\.html#"))


def test_a_note_without_scripts(visit: Visit) -> None:
    """The style sheet shows it, and the list below leads on."""
    page = visit(STORIES[0], java_script_enabled=False)
    number, _ = first_number(page)
    number.hover()
    note = page.locator(".tl-say li").filter(has_text=number.get_attribute("aria-label")).first
    assert not note.is_visible()
    number.locator("xpath=ancestor::div").last.locator("summary").click()
    assert note.is_visible()
    assert note.get_by_role("link").first.is_visible()


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_one_switch_shows_the_code_of_a_page(visit: Visit, options: dict[str, bool]) -> None:
    page = visit(STORIES[0], **options)
    switch, code = page.get_by_role("checkbox", name="Show the code"), page.locator(".cell_input")
    assert code.count() > 10
    assert not any(cell.is_visible() for cell in code.all())
    switch.focus()
    page.keyboard.press("Space")
    assert all(cell.is_visible() for cell in code.all())


# The site around them


def test_the_site_is_searched(visit: Visit, site: Path) -> None:
    for files in (None, site):
        page = visit("index", files=files)
        page.get_by_role("searchbox", name="Search").or_(
            page.get_by_placeholder("Search")
        ).first.fill("vintage")
        page.keyboard.press("Enter")
        page.locator("#search-results a", has_text="About the data").first.click()
        expect(page.locator("h1")).to_contain_text("About the data")


def test_dark_and_light_are_switched_and_kept(visit: Visit) -> None:
    page = visit("index", color_scheme="light")

    def paper() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper()
    button = page.locator(".theme-toggle-content button")
    for _ in range(3):
        if paper() != light:
            break
        button.focus()
        page.keyboard.press("Enter")
    dark = paper()
    assert dark != light
    page.get_by_role("link", name="Read the story").first.click()
    expect(page).to_have_url(re.compile("/stories/"))
    # The address changes before the new page has its body.
    expect(page.locator("body")).to_have_css("background-color", dark)


def test_the_menu_of_a_phone_opens_by_keyboard(visit: Visit) -> None:
    page = visit(STORIES[0], width=390)
    entry = page.get_by_role("link", name="Every printed figure").and_(
        page.locator("nav a, .sidebar-tree a")
    )
    button = page.get_by_role("button", name="Navigation")
    expect(button).to_have_attribute("aria-expanded", "false")
    assert not entry.first.is_visible()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".sidebar-drawer a:focus")).to_have_count(1)
    expect(entry.first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(entry.first).to_be_hidden()
    contents = page.locator(".mobile-header").get_by_role("button", name="On this page")
    contents.press("Space")
    heading = page.locator(".toc-tree a:focus")
    target = heading.get_attribute("href")
    heading.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))
    expect(page.locator(".toc-drawer")).to_be_hidden()


def test_stories_are_read_one_after_the_other(visit: Visit) -> None:
    page = visit("index")
    for story in STORIES:
        page.locator(".next-page").click()
        expect(page).to_have_url(re.compile(rf"/{story}\.html$"))
    for story in reversed(STORIES[:-1]):
        page.locator(".prev-page").click()
        expect(page).to_have_url(re.compile(rf"/{story}\.html$"))


@pytest.mark.parametrize("name", ["index", "ledger", *STORIES])
def test_pages_print_cleanly(visit: Visit, name: str) -> None:
    """Black on white, the page's own words and charts, and nothing that only a screen can do."""
    page = visit(name, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".sidebar-drawer", ".toc-drawer", ".tools", ".ledger-bar", ".theme-toggle"):
        for part in page.locator(gone).all():
            assert not part.is_visible(), gone
    for code in page.locator(".cell_input").all():
        assert not code.is_visible()
    paper, ink = page.evaluate(
        "(s => [s.backgroundColor, s.color])(getComputedStyle(document.querySelector('article')))"
    )
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (paper, ink)]
    assert "rgba(0, 0, 0, 0)" in paper or light[0] > 700
    assert light[1] < 150
    page.emulate_media(media="null")  # as a browser that prints
    printed = page.pdf(format="A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    # Pictures that nobody has scrolled to are printed too.
    pictures = len(re.findall(rb"/Subtype\s*/Image", printed))
    masks = len(re.findall(rb"/SMask \d", printed))  # what shines through is stored as one more
    assert pictures - masks == page.locator("article img").count()
    assert 2 <= sheets <= 20
