"""What comes between: signals, a kill, a second build, a full disk, a strange home.

In a small project of one notebook and one page, whose cell or page waits where a test asks for it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow

WAIT = "import os, pathlib, time\npathlib.Path({!r}).write_text(str(os.getpid()))\ntime.sleep(60)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has a site already."""
    for folder in ("docs", "notebooks", "site"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "docs" / "build.py", tmp_path / "docs")
    (tmp_path / "docs" / "conf.py").write_text(
        "extensions = ['myst_nb']\nnb_execution_mode = 'off'\nexclude_patterns = ['_*']"
    )
    (tmp_path / "docs" / "index.md").write_text("# A\n\n```{toctree}\nstories/1-a\n```\n")
    (tmp_path / "site" / "index.html").write_text("the earlier one")
    write_cell(tmp_path, "1")
    return tmp_path


def write_cell(project: Path, source: str) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
        {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        },
    ]
    other = {"display_name": "R", "language": "R", "name": "anaconda-of-a-friend"}
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": other}}
    path = project / "notebooks" / "1-a.ipynb"
    path.write_text(json.dumps(content | {"cells": cells}), encoding="utf-8")


def wait_in(project: Path, place: str) -> Path:
    """Let the notebook or the page wait; give the file that will then hold a process's number."""
    reached = project / "reached"
    if place == "notebook":
        write_cell(project, WAIT.format(str(reached)))
    else:
        waiting = "def setup(app):\n    app.connect('builder-inited', lambda app: exec(WAIT))\n"
        with (project / "docs" / "conf.py").open("a") as file:
            file.write(f"\nWAIT = {WAIT.format(str(reached))!r}\n{waiting}")
    return reached


def start(project: Path, *command: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command or (sys.executable, "docs/build.py"),
        cwd=project,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which `&` has ignored
    )


def until(condition: object, patience: float = 300) -> None:
    end = time.monotonic() + patience
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def waiting(
    project: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A build that waits in the place asked for, and the number of the process that waits there."""
    reached = wait_in(project, request.param)
    with start(project) as running:
        until(lambda: reached.exists() and reached.read_text())
        yield running, int(reached.read_text())
        running.kill()


def untouched(project: Path) -> bool:
    return [path.read_text() for path in (project / "site").iterdir()] == ["the earlier one"]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("waiting", ["notebook", "page"], indirect=True)
def test_a_signal_ends_it_in_a_sentence_and_with_all_its_children(
    project: Path, waiting: tuple[subprocess.Popen[str], int], ending: signal.Signals
) -> None:
    running, process = waiting
    running.send_signal(ending)
    _, told = running.communicate(timeout=300)
    assert told == "\nInterrupted: what was not finished stays as it was.\n"
    assert running.returncode == 130
    until(lambda: ended(process), 60)
    assert untouched(project)
    assert list((project / "build").iterdir()) == []


@pytest.mark.parametrize("waiting", ["notebook"], indirect=True)
def test_of_two_at_once_the_second_says_so(
    project: Path, waiting: tuple[subprocess.Popen[str], int]
) -> None:
    with start(project) as second:
        _, told = second.communicate(timeout=300)
    assert (second.returncode, told) == (1, "\nanother build is at work in build, wait for it\n")
    assert waiting[0].poll() is None


@pytest.mark.parametrize("waiting", ["notebook"], indirect=True)
def test_what_a_killed_build_left_is_cleaned_by_the_next(
    project: Path, waiting: tuple[subprocess.Popen[str], int]
) -> None:
    running, process = waiting
    running.kill()
    running.wait()
    assert len(list((project / "build").iterdir())) == 1
    until(lambda: ended(process), 60)  # the kernel sees that its parent is gone
    write_cell(project, "1 / 0")
    with start(project) as following:
        following.communicate(timeout=300)
    assert following.returncode == 1
    assert list((project / "build").iterdir()) == []
    assert untouched(project)


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "docs")
import build
rename = Path.rename
def rename_and_die(self, target):
    rename(self, target)
    if self.name == "site":
        os.kill(os.getpid(), 9)
Path.rename = rename_and_die
build.main([])
"""


def test_a_kill_in_the_midst_of_the_swap_is_mended_by_the_next(project: Path) -> None:
    with start(project, sys.executable, "-c", KILLED) as running:
        running.communicate(timeout=300)
    assert running.returncode == -signal.SIGKILL
    assert not (project / "site").exists()
    write_cell(project, "1 / 0")
    with start(project) as following:
        following.communicate(timeout=300)
    assert untouched(project)
    assert list((project / "build").iterdir()) == []


def test_a_full_disk_is_a_sentence(project: Path) -> None:
    """A limit on the size of files is as a full disk: the write fails in the midst of it."""
    write_cell(project, "print('much and more\\n' * 70_000)")
    command = f'ulimit -f 200; exec "{sys.executable}" docs/build.py'
    with start(project, "bash", "-c", command) as running:
        _, told = running.communicate(timeout=300)
    assert running.returncode == 1
    assert told.strip().endswith("1-a.ipynb: File too large")
    assert len(told.strip().splitlines()) == 1
    assert untouched(project)
    assert list((project / "build").iterdir()) == []


def test_no_home_no_font_cache_and_another_kernel_s_name_do_no_harm(project: Path) -> None:
    write_cell(project, "import matplotlib.font_manager, pathlib\nprint(pathlib.Path.home().name)")
    own = {k: "" for k in os.environ if k.startswith(("XDG_", "MPL", "JUPYTER_", "IPYTHON"))}
    with start(project, HOME="/proc/nothing", **own) as running:
        told, wrong = running.communicate(timeout=300)
    assert running.returncode == 0, told + wrong
    executed = (project / "site" / "stories" / "1-a.html").read_text(encoding="utf-8")
    assert "home" in executed
