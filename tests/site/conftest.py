"""One build of the site for all tests here, from a copy of the repository's files; one browser."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "docs" / "_ext")]

PARTS = ("data", "docs", "notebooks", "tradelib")
NAMES = ("chromium", "chromium-browser", "google-chrome")  # Debian's, and what others call it
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
PATIENCE = 30_000  # milliseconds: of a busy machine, never of a page that is right
expect.set_options(timeout=PATIENCE)
NO_CHROMIUM = "no Chromium on the PATH; one command installs it: sudo apt-get install -y chromium"


def copy_to(folder: Path) -> Path:
    """Copy what a build needs, so that no test can touch the working tree."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Variables for a build in a copy of the repository, which it and its kernels then import."""
    own = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    return {**own, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **variables}


def build(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a copy of the repository."""
    return subprocess.run(
        [sys.executable, "docs/build.py"],
        cwd=folder,
        env=environment(folder, **variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with its site built, once for all workers of a run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "repository"
    with (shared / "repository.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "site").is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            done = build(copy_to(folder), PYTHONHASHSEED="1", TZ="UTC")
            assert done.returncode == 0, done.stdout + done.stderr
            assert done.stdout.splitlines()[-1] == f"Open {Path('site/index.html')}"
    return folder


@pytest.fixture(scope="session")
def site(repository: Path) -> Path:
    return repository / "site"


@pytest.fixture(scope="session")
def run_build() -> Callable[..., subprocess.CompletedProcess[str]]:
    return build


@pytest.fixture
def fresh_copy(tmp_path: Path) -> Path:
    """A copy of the repository whose notebooks a test may break."""
    return copy_to(tmp_path / "a-copy-with-a-longer-name")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: every request would be a line of the test's output."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address on a server of our own, on any free port."""
    handler = functools.partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that is installed; none is ever downloaded."""
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    options = [
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:  # its sandbox does not work for the superuser
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    """Open a page of the site as a reader with a certain screen would, or from a folder's files.

    Other pages are then opened in its place by ``page.goto("name.html")``.

    The test fails if any page opened asks for anything outside the site, which is refused, or
    complains on its console.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(
        name: str,
        *,
        width: int = 1280,
        height: int = 900,
        files: Path | None = None,
        **options: Any,
    ) -> Page:
        # The server is started for those who use it.
        base = f"{files.as_uri()}/" if files else str(request.getfixturevalue("address"))

        def guard(route: Route) -> None:
            if route.request.url.startswith((base, "data:")):
                route.continue_()
            else:
                wrong.append(f"{page.url} asks for {route.request.url}")
                route.abort()

        settings = {"reduced_motion": "reduce", "locale": "en-GB", "base_url": base, **options}
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        context.route("**/*", guard)
        # A route may miss what the browser fetches on its own account; an event does not.
        context.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((base, "data:"))
                else wrong.append(f"{page.url} asks for {asked.url}")
            ),
        )
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None,
        )
        path, _, fragment = name.partition("#")
        page.goto(f"{path}.html" + f"#{fragment}" * bool(fragment))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def pages() -> list[str]:
    """Every page of the site, from the pages' sources."""
    docs, notebooks = ROOT / "docs", ROOT / "notebooks"
    named = [path.stem for path in sorted(docs.glob("*.md"))]
    return [*named, "search", *(f"stories/{p.stem}" for p in sorted(notebooks.glob("*.ipynb")))]


PAGES = pages()
