"""One build of the site for all tests here, from a copy of the repository's files."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "docs" / "_ext")]

PARTS = ("data", "docs", "notebooks", "tradelib")


def copy_to(folder: Path) -> Path:
    """Copy what a build needs, so that no test can touch the working tree."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def build(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a copy of the repository, which it and its kernels then import."""
    return subprocess.run(
        [sys.executable, "docs/build.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with its site built."""
    folder = copy_to(tmp_path_factory.mktemp("repository"))
    done = build(folder, PYTHONHASHSEED="1", TZ="UTC")
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
