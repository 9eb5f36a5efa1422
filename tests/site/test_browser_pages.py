"""Every page in a real browser: for everyone, on any screen, complete, and by itself."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow

Visit = Callable[..., Page]
STORIES = [name for name in PAGES if name.startswith("stories/")]
UNFOLD = """() => {
    document.querySelectorAll('details').forEach(d => d.open = true);
    document.querySelectorAll('#show-code').forEach(box => box.click());
}"""


def accessible(page: Page, contrast: bool = True) -> None:
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def sideways(page: Page) -> int:
    """How far the page scrolls to the side."""
    return int(page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.documentElement)"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit: Visit, name: str, scheme: str, width: int) -> None:
    page = visit(name, width=width, color_scheme=scheme)
    accessible(page)
    if page.locator("details:not([open]), #show-code").count():
        page.evaluate(UNFOLD)
        # Colours hang on the scheme and not on the width; in open code there are thousands.
        accessible(page, contrast=(scheme, width) in {("light", 1280), ("dark", 390)})


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(visit: Visit, name: str) -> None:
    """On a phone, at a zoom of 200% (half of 1,280 pixels), and of 400% (WCAG 1.4.10)."""
    page = visit(name, width=390)
    page.evaluate(UNFOLD)
    for width in (390, 640, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert sideways(page) == 0, f"at {width} pixels"


@pytest.mark.parametrize("name", PAGES)
def test_what_is_wide_scrolls_in_a_box_that_the_keyboard_reaches(visit: Visit, name: str) -> None:
    page = visit(name, width=390)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('article *')].filter(e =>
            e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
            && getComputedStyle(e).overflowX === 'hidden').map(e => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('article *')].filter(e =>
            e.scrollWidth > e.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
            && e.tabIndex < 0 && !e.closest('details:not([open])')
        ).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert boxes == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_while_a_page_loads(visit: Visit, name: str) -> None:
    """No layout shift, although the pictures come when they are scrolled to."""
    page = visit(name, width=390)
    height = page.evaluate("document.documentElement.scrollHeight")
    for picture in page.locator("article img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete", arg=picture.element_handle())
    assert page.evaluate("document.documentElement.scrollHeight") == height
    moved = page.evaluate(
        """() => new Promise(resolve => {
            new PerformanceObserver(list => resolve(list.getEntries().map(e => e.value)))
                .observe({type: 'layout-shift', buffered: true});
            requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
        })"""
    )
    assert sum(moved) < 0.01


@pytest.mark.parametrize("name", PAGES)
def test_the_first_paint_waits_for_no_script(visit: Visit, name: str) -> None:
    page = visit(name)
    held: list[Route] = []
    page.context.route(re.compile(r"\.js(\?|$)"), lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.wait_for_function(
        "performance.getEntriesByName('first-contentful-paint').length", polling=50
    )
    assert held
    for route in held:
        route.continue_()
    page.context.unroute(re.compile(r"\.js(\?|$)"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_from_the_file_system(visit: Visit, name: str) -> None:
    page = visit(name, files=True)
    assert page.url.startswith("file:")
    assert page.locator("h1").is_visible()
    for picture in page.locator("article img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete", arg=picture.element_handle())
        assert picture.evaluate("image => image.naturalWidth") > 0
    styled = page.evaluate("getComputedStyle(document.querySelector('.sidebar-drawer')).display")
    assert styled == "flex"


@pytest.mark.parametrize("name", [name for name in PAGES if name != "search"])
def test_pages_are_complete_without_scripts(visit: Visit, name: str) -> None:
    plain = visit(name, java_script_enabled=False)
    with_scripts = visit(name)
    texts = [
        " ".join(page.locator("article[role=main]").text_content().split())
        for page in (plain, with_scripts)
    ]
    assert len(texts[0]) > 200
    if name != "ledger":  # where the script adds the search
        assert texts[0] == texts[1]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_reaches_everything_in_order(visit: Visit, name: str, width: int) -> None:
    """Tab after Tab: each stop is on the screen, shown, not covered, and below the one before."""
    page = visit(name, width=width)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
            'a[href], button, input, select, summary, [tabindex="0"]'
        )].filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0).length"""
    )
    stops = []
    for _ in range(2 * wanted):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return null;
                if (e.closest('.tl-note')) return {};  // comes and goes with its number
                e.dataset.seen = (Number(e.dataset.seen) || 0) + 1;
                const box = e.getClientRects()[0] ?? e.getBoundingClientRect();
                const x = box.left + Math.min(box.width / 2, 30);
                // A box may be taller than the screen: its upper end, as far as it is shown.
                const y = Math.max(box.top + Math.min(box.height / 2, 10),
                                   Math.min(70, box.bottom - 10));
                const hit = document.elementFromPoint(x, y);
                const ring = getComputedStyle(e);
                return {
                    what: e.outerHTML.slice(0, 90),
                    again: Number(e.dataset.seen) > 1,
                    // A table is read row by row, cell by cell.
                    top: scrollY + (e.closest('tr') ?? e).getBoundingClientRect().top,
                    main: Boolean(e.closest('article[role=main]')),
                    hit: Boolean(hit) && (e.contains(hit) || hit.contains(e)),
                    ring: ring.outlineStyle !== 'none',
                };
            }"""
        )
        if stop is None or stop.get("again"):
            break
        stops += [stop] * bool(stop)
    assert len(stops) == wanted
    assert [stop["what"] for stop in stops if not stop["ring"]] == []
    assert [stop["what"] for stop in stops if not stop["hit"]] == []
    tops = [stop["top"] for stop in stops if stop["main"]]
    # A line may hold several stops; a number's own line may begin above its box's.
    backwards = [(a, b) for a, b in pairwise(tops) if b < a - 40]
    assert backwards == []
