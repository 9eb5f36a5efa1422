"""The notebooks in a live JupyterLab, and as nbconvert's lab template shows them.

One server for all, on a copy of the notebooks, so that each opens as it does in a fresh clone: its
outputs not trusted. Running all cells makes them so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nbformat
import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page

pytest.importorskip("jupyterlab")
pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SETTINGS = (
    "--no-browser",
    "--ServerApp.port=0",
    "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
PATIENCE = 120_000

# How much of the note below a live number can be seen, in pixels, and how high it is.
SEEN = """number => {
  const box = getComputedStyle(number, "::after"), say = number.closest(".tl-say");
  const height = parseFloat(box.height), x = say.getBoundingClientRect().left + 12;
  let seen = 0;
  for (let y = 0; y < innerHeight; y++) seen += document.elementFromPoint(x, y) === number;
  return [seen, height];
}"""
# The contrast (WCAG 2) of an element's text with what lies behind it.
CONTRAST = """element => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = element;
  const ground = () => getComputedStyle(behind).backgroundColor;
  while ((channels(ground())[3] ?? 1) === 0) behind = behind.parentElement;
  const pair = [light(getComputedStyle(element).color), light(ground())];
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that serves the notebooks, with a home of its own."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    own = {name: str(folder / "home") for name in ("HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", "--allow-root", *SETTINGS]
    command.append(f"--ServerApp.root_dir={folder / 'notebooks'}")
    env = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    log = folder / "log"
    for _ in range(3):  # its port may be taken between being found free and used
        with log.open("w") as lines:
            server = subprocess.Popen(command, env=env, stderr=lines)
        try:
            if address := answering(server, log):
                yield address
                return
        finally:
            server.terminate()
            server.wait()
    pytest.fail(f"no JupyterLab could be started: {log.read_text()[-2000:]}")


def answering(server: subprocess.Popen[bytes], log: Path) -> str:
    """The address of a server that answers within two minutes; none of one that ended before."""
    for _ in range(600):
        if server.poll() is not None:
            return ""
        if port := re.search(r"http://[\w.]+:(\d+)/", log.read_text(encoding="utf-8")):
            with suppress(OSError):
                address = f"http://127.0.0.1:{port[1]}/lab"
                urlopen(address, timeout=60).close()
                return address
        time.sleep(0.2)
    return ""


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest, lab: str, browser: Browser) -> Iterator[Page]:
    """A notebook as it opens."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{lab}/workspaces/{request.param.stem[0]}/tree/{request.param.name}")
    page.wait_for_selector(".jp-Notebook .tl-chart img")
    yield page
    context.close()


@pytest.fixture(scope="module")
def run(page: Page) -> Page:
    """The notebook with all its cells run."""
    page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session?.kernel")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function("""jupyterapp.shell.currentWidget.content.widgets.every(
      (cell) => cell.model.type !== "code" || cell.model.executionState !== "running")""")
    return page


def cells(page: Page) -> Any:
    return page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")


def show(page: Page, kind: str) -> Any:
    """Scroll to the first cell whose output has such an element, and give it if there is one."""
    shown = [
        (place, "".join(output.get("data", {}).get("text/html", "")))
        for place, cell in enumerate(cells(page))
        for output in cell.get("outputs", ())
    ]
    place = next((place for place, html in shown if f'class="{kind}' in html), None)
    if place is None:
        return None
    page.evaluate(f"jupyterapp.shell.currentWidget.content.scrollToItem({place}, 'center')")
    return page.locator(f".jp-Notebook-cell[data-windowed-list-index='{place}'] .{kind}").first


def test_before_it_is_run_a_stranger_sees_notes_and_pictures(page: Page) -> None:
    """JupyterLab strips styles, focus and labels of what it does not trust."""
    number = page.locator(".tl-number").first
    assert number.get_attribute("tabindex") is None
    assert len(number.locator("span").get_attribute("title") or "") > 20
    notes = page.locator(".tl-sources").first
    notes.locator("summary").click()
    assert notes.locator("li").first.is_visible()
    notes.locator("summary").click()
    picture = page.locator(".tl-chart img").first
    assert picture.evaluate("img => img.naturalWidth") == 960
    assert "chart: " in (picture.get_attribute("alt") or "")


def test_all_cells_run(run: Page) -> None:
    code = [cell for cell in cells(run) if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [o for o in outputs if o["output_type"] in ("error", "stream")]


def assert_seen_whole(number: Any, open_note: Callable[[], object]) -> None:
    """Nothing cuts off the note that is opened; the number itself may lie in the column tried."""
    number.evaluate("number => number.scrollIntoView({block: 'center'})")
    number.page.mouse.move(0, 0)
    own, _ = number.evaluate(SEEN)
    open_note()
    seen, height = number.evaluate(SEEN)
    assert seen - own >= height > 20


def test_a_note_is_seen_whole_by_pointer_keyboard_and_tap(run: Page) -> None:
    number = show(run, "tl-number")
    for open_note in (number.hover, number.focus, number.tap):
        assert_seen_whole(number, open_note)
        number.blur()


def test_words_of_tables_are_aligned_left_and_numbers_right(run: Page) -> None:
    table = show(run, "tl-table")
    if table is None:
        pytest.skip("this notebook shows no table")
    aligned = table.locator("th, td").evaluate_all(
        "cells => cells.map((c) => [c.classList.contains('tl-n'), getComputedStyle(c).textAlign])"
    )
    assert {tuple(pair) for pair in aligned} <= {(True, "right"), (False, "left")}
    assert (False, "left") in {tuple(pair) for pair in aligned}


def test_every_chart_has_alt_text_in_the_page(run: Page) -> None:
    shown = [
        output["data"]
        for cell in cells(run)
        for output in cell.get("outputs", ())
        if 'class="tl-chart' in "".join(output["data"].get("text/html", ""))
    ]
    assert shown
    for data in shown:
        (alt,) = re.findall(r' alt="([^"]{60,})"', "".join(data["text/html"]))
        assert "chart: " in alt
    assert "chart: " in (show(run, "tl-chart").locator("img").get_attribute("alt") or "")


def test_it_is_legible_in_the_dark(run: Page) -> None:
    run.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    run.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    for found in filter(None, [show(run, "tl-say"), show(run, "tl-table")]):
        assert found.evaluate(CONTRAST) >= 7
    picture = show(run, "tl-chart").locator("img")
    assert "invert" in picture.evaluate("img => getComputedStyle(img).filter")
    run.evaluate(
        "jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})"
    )
    run.wait_for_selector("body[data-jp-theme-light=true]", state="attached")


KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"


def test_completion_gives_a_handful(run: Page) -> None:
    asked = "{code: 'articles.', cursor_pos: 9}"
    names = run.evaluate(f"{KERNEL}.requestComplete({asked}).then((r) => r.content.matches)")
    open_names = {name.rpartition(".")[2] for name in names} - {""}
    public = {name for name in open_names if not name.startswith("_")}
    assert {"by", "one", "table"} <= public
    assert len(public) <= 6


def test_a_question_mark_explains_each_helper(run: Page) -> None:
    code = "\n".join("".join(c["source"]) for c in cells(run) if c["cell_type"] == "code")
    names = {"articles.by", "others.by", "articles.one", "figures.load"}
    names |= {name for name in ("say", "show") if f"{name}(" in code}
    names |= {f"charts.{name}" for name in re.findall(r"charts\.(\w+)\(", code)}
    for name in sorted(names):
        asked = f"{{code: '{name}', cursor_pos: {len(name)}, detail_level: 0}}"
        told = run.evaluate(f"{KERNEL}.requestInspect({asked}).then((r) => r.content.data)")
        text = re.sub(r"\x1b\[[\d;]*m", "", told["text/plain"])
        assert "Signature:" in text, name
        assert re.search(r"Docstring:\s+\w+", text), name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nbconvert_shows_alt_text_and_whole_notes(
    path: Path, browser: Browser, tmp_path: Path
) -> None:
    from nbconvert import HTMLExporter

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    html, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    try:
        page = context.new_page()
        page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
        pictures = page.locator(".tl-chart img").evaluate_all("all => all.map((img) => img.alt)")
        assert pictures
        assert all("chart: " in alt for alt in pictures)
        number = page.locator(".tl-number").first
        assert_seen_whole(number, number.hover)
    finally:
        context.close()
