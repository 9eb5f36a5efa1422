"""The site: execute the notebooks, build the pages aside, check them, and swap them in.

``python docs/build.py`` writes ``site/``; ``python docs/build.py --in-place`` executes the
notebooks where they stand and stores their outputs. Both need a clone of the repository and the
dependency group ``site``. The pages' sources are in ``docs/``. A build works in a folder of its own
in ``build/``, one at a time; what interrupts it leaves the earlier site as it was.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import fcntl
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

ROOT: Final = Path(__file__).resolve().parents[1]
_VOLATILE: Final = ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted")
"""Cell metadata that tells when or how somebody ran a cell, not what the cell is."""

PAGE_LINK: Final = re.compile(r"\]\(\.\./(?:docs/)?([\w-]+)\.(?:md|html)(#[\w-]+)?\)")


class BuildError(RuntimeError):
    """The site cannot be built or must not be published; the message says why."""


def execute(path: Path) -> NotebookNode:
    """Give a notebook as executed in its folder, without a trace of when, where or by which Python.

    A cell that fails, or writes to the error stream (a warning is an error here), is a BuildError.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    content = json.loads(path.read_text(encoding="utf-8")) | {"nbformat": 4, "nbformat_minor": 5}
    for number, cell in enumerate(content["cells"]):
        cell.setdefault("id", f"cell-{number}")
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k not in _VOLATILE}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content["metadata"]["kernelspec"] = kernel
    notebook: NotebookNode = nbformat.reads(json.dumps(content), as_version=4)  # type: ignore[no-untyped-call]
    # The running interpreter, whatever kernels a user may have installed under the same name.
    specs = KernelSpecManager(kernel_dirs=[])
    try:
        # Sockets that are files: a port found free may be taken when the kernel comes to use it.
        with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
            named = {"kernel_name": "python3", "kernel_spec_manager": specs}
            manager = AsyncKernelManager(**named, transport="ipc", ip=f"{sockets}/socket")
            where = {"metadata": {"path": str(path.parent)}}
            how = {"record_timing": False, "coalesce_streams": True, "timeout": 600}
            _run(NotebookClient(notebook, km=manager, resources=where, **how))
    except CellExecutionError as error:
        plain = re.sub(r"\x1b\[[\d;]*m", "", str(error))  # no colours: it may end in a log
        raise BuildError(f"{path.name} does not run: {plain}") from None
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise BuildError(f"{path.name}, cell {number} complains: {output.text.strip()}")
    notebook.metadata.get("language_info", {}).pop("version", None)
    return notebook


def _run(client: NotebookClient) -> None:
    """Execute a notebook in a thread, where nbclient leaves signals to us, which end its kernel."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asyncio.run, client.async_execute(cleanup_kc=True))
        try:
            running.result()
        except KeyboardInterrupt:
            while not running.done():  # the kernel may be about to start; the thread sees its end
                kernel = getattr(client.km, "provisioner", None)
                if kernel is not None and kernel.has_process:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(kernel.pid, signal.SIGKILL)
                wait([running], timeout=0.2)
            raise


def execute_all(root: Path = ROOT) -> Iterator[tuple[Path, NotebookNode]]:
    """Execute the notebooks of a repository one after the other, and say which one is running."""
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    if not paths:
        raise BuildError(f"no notebooks in {_shown(root / 'notebooks')}")
    for number, path in enumerate(paths, 1):
        print(f"[{number}/{len(paths)}] executing {_shown(path)} ... ", end="", flush=True)
        start = time.perf_counter()
        notebook = execute(path)
        print(f"{time.perf_counter() - start:.1f} s", flush=True)
        yield path, notebook


def build(root: Path = ROOT) -> Path:
    """Build the site of a repository, and give its folder; an earlier one stays until it stands.

    A notebook that fails, a warning of Sphinx or a fault of a page (``docs/_ext/faults.py``) is a
    BuildError.
    """
    if not (root / "docs" / "conf.py").is_file():
        raise BuildError(f"the site is built from a clone: no docs/conf.py in {_shown(root)}")
    with tempfile.TemporaryDirectory(prefix="site-", dir=root / "build") as folder:
        work = Path(folder)
        source, fresh = work / "source", work / "html"
        shutil.copytree(root / "docs", source, ignore=shutil.ignore_patterns("__pycache__"))
        (source / "stories").mkdir(exist_ok=True)
        (downloads := source / "_extra" / "notebooks").mkdir(parents=True)
        for path, notebook in execute_all(root):
            _write(notebook, downloads / path.name)
            for cell in notebook.cells:
                if cell.cell_type == "markdown":  # a link to a page, by its source or in the site
                    cell.source = PAGE_LINK.sub(r"](../\1.md\2)", cell.source)
            _write(notebook, source / "stories" / path.name)
        print("building the pages ... ", end="", flush=True)
        start = time.perf_counter()
        _build_pages(source, fresh, work / "doctrees")
        print(f"{time.perf_counter() - start:.1f} s", flush=True)
        _swap(fresh, root / "site")
    return root / "site"


def _build_pages(source: Path, fresh: Path, doctrees: Path) -> None:
    """Run Sphinx, in this process, so that no child of it goes on when it is ended."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    nocolor()
    told = io.StringIO()
    try:
        with patch_docutils(source), docutils_namespace():
            folders = source, source, fresh, doctrees
            app = Sphinx(*folders, "html", status=None, warning=told, freshenv=True)
            app.build(force_all=True)
    except SphinxError as error:
        told.write(f"{error}\n")
    if faults := told.getvalue().strip():
        raise BuildError(f"Sphinx found faults:\n{faults.replace(f'{source}/', '')}")


@contextlib.contextmanager
def alone(root: Path = ROOT) -> Iterator[None]:
    """Hold ``build/`` for one build at a time, and mend what one that was killed left there."""
    folder, site = root / "build", root / "site"
    folder.mkdir(exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # however we end, that ends it
        except BlockingIOError:
            raise BuildError(f"another build is at work in {_shown(folder)}, wait for it") from None
        for left in folder.glob("site-*"):
            if (left / "earlier").is_dir() and not site.exists():  # killed in the midst of `_swap`
                (left / "earlier").rename(site)
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(handle)


def _find_home(folder: Path) -> None:
    """Give matplotlib, IPython and Jupyter another home for caches where none can be written."""
    try:
        for place in (".", ".cache", ".config", ".local"):
            if place == "." or (Path.home() / place).exists():
                tempfile.TemporaryFile(dir=Path.home() / place).close()
    except (OSError, RuntimeError):
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(folder)


def _swap(fresh: Path, site: Path) -> None:
    """Put the fresh site in the earlier one's place, or leave the earlier one as it was."""
    earlier = fresh.with_name("earlier")
    try:
        if site.exists():
            site.rename(earlier)
        fresh.rename(site)
    except BaseException:
        if earlier.exists() and not site.exists():
            earlier.rename(site)
        raise


def _save_picture(notebook: NotebookNode, path: Path) -> None:
    """Save the first notebook's first chart, which the README shows."""
    from tradelib.card import PICTURE

    if path.name.startswith("1-"):
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        shown = (PICTURE.search(output.get("data", {}).get("text/html", "")) for output in outputs)
        png = base64.b64decode(next(filter(None, shown))[1])
        (path.parents[1] / "docs" / "surplus.png").write_bytes(png)


def _write(notebook: NotebookNode, path: Path) -> None:
    import nbformat

    from tradelib.cli import write

    write(f"{nbformat.writes(notebook)}\n", str(path), ())  # type: ignore[no-untyped-call]


def _shown(path: Path) -> str:
    """A path as the one who reads the message would type it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 1 if the site cannot be built."""
    parser = argparse.ArgumentParser(prog="python docs/build.py", description="Build the site.")
    told = "execute the notebooks where they stand, store their outputs, and build no pages"
    parser.add_argument("--in-place", action="store_true", help=told)
    in_place = parser.parse_args(argv).in_place
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, signal.default_int_handler)
    try:
        _find_home(ROOT / "build" / "home")
        with alone():
            import matplotlib.font_manager  # noqa: F401, which writes its cache before a cell does

            if in_place:
                for path, notebook in execute_all():
                    _write(notebook, path)
                    _save_picture(notebook, path)
            else:
                print(f"Open {_shown(build() / 'index.html')}")
    except KeyboardInterrupt:
        print("\nInterrupted: what was not finished stays as it was.", file=sys.stderr)
        return 130
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"\nThe build ended, for it cannot write: {what}", file=sys.stderr)
        return 1
    except (BuildError, ValueError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
