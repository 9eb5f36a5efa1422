"""Every page in a real browser: for everyone, on any screen, complete, and by itself.

A page is opened once on a wide screen and once on a phone, and everything is tried there; what is
wrong is collected, so that a failure names all pages that have it.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow

Visit = Callable[..., Page]
SCRIPT = re.compile(r"\.js(\?|$)")
STORIES = [name for name in PAGES if name.startswith("stories/")]

# What a page's script has changed in its article's text; nothing, but for the ledger's search.
CHANGED = """async () => {
    const words = page => page.querySelector('article[role=main]').textContent
        .split(/\\s+/).filter(Boolean).join(' ');
    const text = await (await fetch(location.href)).text();
    const plain = words(new DOMParser().parseFromString(text, 'text/html'));
    return plain.length < 200 ? plain : plain === words(document) ? '' : 'not its plain text';
}"""
# How far things move while the pictures come.
MOVED = """async () => {
    const height = document.documentElement.scrollHeight;
    for (const image of document.querySelectorAll('article img')) {
        image.scrollIntoView();
        if (!image.complete) await new Promise(done => image.onload = done);
        if (!image.naturalWidth) return `no picture ${image.src}`;
    }
    const shifts = await new Promise(resolve => {
        new PerformanceObserver(list => resolve(list.getEntries().map(e => e.value)))
            .observe({type: 'layout-shift', buffered: true});
        requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
    });
    scrollTo(0, 0);
    const sum = shifts.reduce((a, b) => a + b, 0);
    return sum < 0.01 && document.documentElement.scrollHeight === height ? '' : `by ${sum}`;
}"""
# What is wider than its box: cut off, or scrolling where no keyboard reaches.
CUT = """() => [...document.querySelectorAll('article *')].filter(e => {
    if (e.scrollWidth <= e.clientWidth + 1 || e.clientWidth <= 1) return false;
    const overflow = getComputedStyle(e).overflowX;
    return overflow === 'hidden' || (['auto', 'scroll'].includes(overflow) && e.tabIndex < 0);
}).map(e => e.outerHTML.slice(0, 80))"""
SIDEWAYS = "(e => e.scrollWidth - e.clientWidth)(document.documentElement)"
# Where the keyboard stops. Without a positive tabindex, the order is that of the page.
STOPS = """[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0)"""
# Each stop is on the screen, has its ring, is not covered, and stands below the one before.
REACHED = f"""() => {{
    const wrong = [];
    let before = 0;
    for (const e of {STOPS}) {{
        const what = e.outerHTML.slice(0, 90);
        e.focus();
        const box = e.getClientRects()[0] ?? e.getBoundingClientRect();
        const x = box.left + Math.min(box.width / 2, 30);
        // A box may be taller than the screen: its upper end, as far as it is shown.
        const y = Math.max(box.top + Math.min(box.height / 2, 10), Math.min(70, box.bottom - 10));
        const hit = document.elementFromPoint(x, y);
        if (document.activeElement !== e || e.tabIndex > 0) wrong.push(`order: ${{what}}`);
        if (!hit || !(e.contains(hit) || hit.contains(e))) wrong.push(`covered: ${{what}}`);
        if (getComputedStyle(e).outlineStyle === 'none') wrong.push(`no ring: ${{what}}`);
        if (!e.closest('article[role=main]')) continue;
        // A table is read row by row. A line may hold several stops, its boxes begin above it.
        const top = scrollY + (e.closest('tr') ?? e).getBoundingClientRect().top;
        if (top < before - 40) wrong.push(`backwards: ${{what}}`);
        before = top;
    }}
    return wrong;
}}"""
# All but two of what looks the same: under the same classes, and nothing else within.
ALIKE = """() => {
    const seen = {};
    const path = e => e ? `${path(e.parentElement)} ${e.tagName}.${e.className}` : '';
    for (const e of [...document.querySelectorAll('body *')].reverse()) {
        const name = path(e);
        seen[name] = (seen[name] ?? 0) + 1;
        const within = [...e.children].every(child => child.dataset.alike);
        if (seen[name] > 2 && within) e.dataset.alike = 'yes';
    }
}"""
UNFOLD = """() => {
    document.activeElement.blur();
    document.querySelectorAll('details').forEach(d => d.open = true);
    document.querySelectorAll('#show-code').forEach(box => box.click());
}"""


def axe(page: Page, *, contrast: bool) -> list[str]:
    """What axe-core finds, a line each: in colours, or in everything else.

    Colours are tried on two of what looks the same: in open code there are thousands.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if contrast:
        page.evaluate(ALIKE)
        found = Axe().run(
            page, {"exclude": ["[data-alike]"]}, {**options, "runOnly": ["color-contrast"]}
        )
    else:
        found = Axe().run(
            page, options={**options, "rules": {"color-contrast": {"enabled": False}}}
        )
    return [f"{r['id']}: {r['nodes'][0]['html'][:120]}" for r in found.response["violations"]]


def try_everything(page: Page) -> dict[str, Any]:
    """What is wrong with a page just opened, by what was tried; falsy where nothing is."""
    wrong = {"text": page.evaluate(CHANGED), "moves": page.evaluate(MOVED)}
    page.keyboard.press("Tab")  # rings are for those who use the keyboard
    wrong["keyboard"] = page.evaluate(REACHED)
    page.evaluate(UNFOLD)
    wrong["cut"] = page.evaluate(CUT)
    wrong["axe"] = axe(page, contrast=False)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        wrong[f"axe, {scheme}"] = axe(page, contrast=True)
    return wrong


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_for_everyone(visit: Visit, width: int) -> None:
    """By keyboard, by screen reader, in both schemes, without scripts, and nothing moves.

    On a phone no page scrolls sideways, nor at a zoom of 200% (half of 1,280 pixels) and of 400%
    (WCAG 1.4.10); the code is shown.
    """
    page = visit("index", width=width)
    wrong = {}
    for name in PAGES:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{name}.html")
        found = try_everything(page)
        if name in ("ledger", "search"):
            del found["text"]  # where the script adds the search, and what it finds
        for narrow in (width, 640, 320):
            page.set_viewport_size({"width": narrow, "height": 640})
            found[f"sideways at {narrow}"] = page.evaluate(SIDEWAYS)
        wrong.update({f"{name}: {what}": fault for what, fault in found.items() if fault})
    assert wrong == {}


@pytest.mark.parametrize(("name", "width"), [("index", 1280), ("index", 390), (STORIES[0], 390)])
def test_tab_after_tab_is_the_order_of_the_page(visit: Visit, name: str, width: int) -> None:
    """What the test above takes for granted, by pressing the key."""
    page = visit(name, width=width)
    wanted = page.evaluate(f"() => (window.stops = {STOPS}).length")
    stops: list[int] = []
    while len(stops) <= wanted:
        page.keyboard.press("Tab")
        inside = "document.activeElement.closest('.tl-note')"  # comes and goes with its number
        at = page.evaluate(f"() => {inside} ? null : window.stops.indexOf(document.activeElement)")
        if at == -1:
            break
        stops += [at] * (at is not None)
    assert stops == list(range(wanted))


def test_the_first_paint_waits_for_no_script(visit: Visit) -> None:
    """Of one page of each kind, while every script is held back."""
    page = visit("index")
    held: list[Route] = []
    for name in ("index", "ledger", "search", STORIES[0]):
        page.goto(f"{name}.html")
        page.context.route(SCRIPT, lambda route: held.append(route))
        page.reload(wait_until="commit")
        painted = "performance.getEntriesByName('first-contentful-paint').length"
        page.wait_for_function(painted, polling=50)
        assert held, name
        page.context.unroute(SCRIPT)
        while held:
            held.pop().continue_()


def test_pages_open_from_the_file_system(visit: Visit, site: Path) -> None:
    page = visit("index", files=site)
    wrong = {}
    for name in PAGES:
        page.goto(f"{name}.html")
        shown = "getComputedStyle(document.querySelector('.sidebar-drawer')).display === 'flex'"
        fine = page.url.startswith("file:") and page.locator("h1").is_visible()
        if not (fine and page.evaluate(shown)):
            wrong[name] = "no heading, or no style sheet"
        elif moved := page.evaluate(MOVED):
            wrong[name] = moved
    assert wrong == {}
