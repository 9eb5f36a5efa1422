"""Notebooks are executed from top to bottom, and keep nothing of when, where and by whom."""

import json
from pathlib import Path

import nbformat
import pytest

from build import BuildError, execute

pytestmark = pytest.mark.slow


def notebook(folder: Path, *cells: str, **metadata: object) -> Path:
    """A file as another tool may have left it: without ids, with traces of a run."""
    path = folder / "a.ipynb"
    content = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {"language_info": {"name": "python", "version": "2.7"}, **metadata},
        "cells": [
            {
                "cell_type": "code",
                "execution_count": 7,
                "metadata": {"tags": ["parameters"], "execution": {"iopub.status.busy": "2020"}},
                "outputs": [],
                "source": cell.splitlines(keepends=True),
            }
            for cell in cells
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_same_bytes_again_and_again(tmp_path: Path) -> None:
    path = notebook(tmp_path, "import sys\nfor i in range(3): print(i, flush=True)", "{'b': 1}")
    before = path.read_bytes()
    once = nbformat.writes(execute(path))
    assert path.read_bytes() == before
    path.write_text(once, encoding="utf-8")
    assert nbformat.writes(execute(path)) == once
    content = json.loads(once)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    assert "version" not in content["metadata"]["language_info"]
    assert [cell["id"] for cell in content["cells"]] == ["cell-0", "cell-1"]
    assert [cell["metadata"] for cell in content["cells"]] == [{"tags": ["parameters"]}] * 2
    assert [cell["execution_count"] for cell in content["cells"]] == [1, 2]
    (printed,), (shown,) = (cell["outputs"] for cell in content["cells"])
    assert "".join(printed["text"]) == "0\n1\n2\n"
    assert shown["data"] == {"text/plain": ["{'b': 1}"]}


def test_in_the_notebook_s_folder_by_the_running_interpreter(tmp_path: Path) -> None:
    import sys

    path = notebook(tmp_path, "import os, sys\nprint(os.getcwd())\nprint(sys.executable)")
    (cell,) = execute(path).cells
    assert cell.outputs[0].text.splitlines() == [str(tmp_path), sys.executable]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "a.ipynb does not run: .*ZeroDivisionError: division by zero"),
        ("import warnings\nwarnings.warn('old')", "a.ipynb, cell 0 complains: .*old"),
    ],
)
def test_errors_and_warnings_stop_it(tmp_path: Path, cell: str, message: str) -> None:
    with pytest.raises(BuildError, match=f"(?s){message}") as error:
        execute(notebook(tmp_path, cell))
    assert "\x1b" not in str(error.value)
