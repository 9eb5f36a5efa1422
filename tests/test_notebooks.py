"""The notebooks: executed in order, plain, true by default, running under every setting."""

import ast
import base64
import io
import itertools
import json
import re
import shutil
from pathlib import Path

import numpy as np
import papermill
import pytest
from PIL import Image
from test_figures import appended

from tradelib import ledger
from tradelib.card import PICTURE, Chart
from tradelib.prose import DOUBT, Shown

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = ("1-record-surplus", "2-export-diversification", "3-emerging-industries")
SETTINGS = list(itertools.product(["CNY", "USD"], ["rounded", "printed"]))
UNITS = r"%|percent|points?|trillion|billion|million|yuan|RMB|USD|dollars|won|countries|units"
FENCE = re.compile(r"```python\n(.*?)```", re.S)

each_notebook = pytest.mark.parametrize("name", NAMES)


def cells(name, kind):
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    found = [cell for cell in notebook["cells"] if cell["cell_type"] == kind]
    return [cell | {"source": "".join(cell["source"])} for cell in found]


def outputs(name):
    """What the stored cells show, as text by its kind."""
    shown = [output["data"] for cell in cells(name, "code") for output in cell["outputs"]]
    return [{kind: "".join(text) for kind, text in data.items()} for data in shown]


def evaluate(code, space):
    """Execute code as a cell; give the value of its last line."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    return last and eval(compile(ast.Expression(last.value), "cell", "eval"), space)


def run(name, **settings):
    """Run a notebook's cells under settings: its names, and what its cells show."""
    first, *others = [cell["source"] for cell in cells(name, "code")]
    space = {}
    evaluate(first, space)
    space |= settings
    values = [evaluate(code, space) for code in others]
    return space, [value for value in values if isinstance(value, Shown | Chart)]


def test_there_is_one_notebook_a_theme():
    assert tuple(path.stem for path in sorted(FOLDER.glob("*.ipynb"))) == NAMES


@each_notebook
def test_executed_from_top_to_bottom_without_errors(name):
    code = cells(name, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert {o["output_type"] for cell in code for o in cell["outputs"]} == {"execute_result"}


@each_notebook
def test_a_cell_does_one_thing_and_defines_nothing(name):
    for cell in cells(name, "code"):
        assert len(cell["source"].splitlines()) <= 12, cell["source"]
        kinds = {type(node) for node in ast.walk(ast.parse(cell["source"]))}
        assert not kinds & {ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.IfExp}, cell["source"]


@each_notebook
def test_sentences_and_charts_compute_nothing(name):
    """All arithmetic stands in cells of its own: a claim is one comparison."""
    for cell in cells(name, "code"):
        if re.match(r"(say|charts\.\w+|show)\(", cell["source"]):
            tree = ast.parse(cell["source"])
            assert len(tree.body) == 1, cell["source"]
            for word in ast.walk(tree):
                if isinstance(word, ast.keyword) and word.arg == "holds":
                    assert sum(isinstance(n, ast.Compare) for n in ast.walk(word)) <= 1


@each_notebook
def test_no_number_is_typed_into_prose(name):
    typed = re.compile(rf"\d[\d.,]*\s?(?:{UNITS})")
    for cell in cells(name, "markdown"):
        assert not typed.findall(cell["source"]), cell["source"]
        assert "$" not in cell["source"], "two of them in a paragraph become mathematics"


@each_notebook
def test_it_opens_with_a_question_its_answer_and_a_chart(name):
    assert re.fullmatch(r"# [^\n]+\?", cells(name, "markdown")[0]["source"])
    first = cells(name, "code")[0]
    assert first["metadata"]["tags"] == ["parameters"]
    assert re.findall(r"^([A-Z]+): str = ", first["source"], re.M) == ["CURRENCY", "READING"]
    answer, chart = outputs(name)[:2]
    assert "tl-say" in answer["text/html"]
    assert "tl-chart" in chart["text/html"]


@each_notebook
def test_by_default_all_that_is_claimed_is_certain(name):
    assert len(outputs(name)) > 8
    assert [o["text/plain"] for o in outputs(name) if DOUBT in o["text/plain"]] == []


@pytest.mark.slow
@each_notebook
@pytest.mark.parametrize(("currency", "reading"), SETTINGS)
def test_no_setting_raises_or_claims_what_is_not_certain(name, currency, reading):
    _, shown = run(name, CURRENCY=currency, READING=reading)
    assert len(shown) == len(outputs(name))
    assert all("nan" not in repr(one) for one in shown)


@pytest.mark.slow
@each_notebook
def test_the_suggestions_run_as_they_are_written(name):
    (tried,) = [c["source"] for c in cells(name, "markdown") if c["source"].startswith("## Try it")]
    assert len(FENCE.findall(tried)) >= 2
    for code in FENCE.findall(tried):
        assert len(code.splitlines()) <= 3
        assert evaluate(code, run(name)[0]) is not None


@pytest.mark.slow
@each_notebook
def test_stored_pictures_are_what_the_code_draws(name):
    found = (PICTURE.search(data["text/html"]) for data in outputs(name))
    stored = [base64.b64decode(picture[1]) for picture in found if picture]
    fresh = [one.png for one in run(name)[1] if isinstance(one, Chart)]
    for old, new in zip(stored, fresh, strict=True):
        pair = [Image.open(io.BytesIO(png)) for png in (old, new)]
        first, second = (np.asarray(image.convert("RGB"), dtype=int) for image in pair)
        assert first.shape == second.shape
        assert np.abs(first - second).mean() < 1, "run `make notebooks` and look at the charts"


@pytest.mark.slow
@each_notebook
def test_a_further_article_or_year_changes_nothing(name, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(ledger.data_folder(), folder)
    appended(folder, "articles.csv", article="another", year="2026", published="2027-01")
    appended(folder, "products.csv", product="rockets", part_of="All", short="rockets", aliases="")
    figure = {"article": "another", "vintage": "2027", "product": "All", "partner": "World"}
    figure |= {"flow": "exports", "measure": "level", "basis": "", "currency_basis": ""}
    growth = {"measure": "growth", "surface": "9%", "currency_basis": "CNY", "direction": "up"}
    for number, row in enumerate((
        {"period": "2023", "surface": "23.8 trillion yuan"},
        {"period": "2026", "surface": "28 trillion yuan"},
        {"period": "2025-Q4", "surface": "7 trillion yuan"},
        {"period": "2026", "basis": "2025", **growth},
        {"period": "2026", "basis": "2025", **growth, "partner": "United States"},
        {"period": "2024", "basis": "2023", **growth, "product": "rockets"},
    )):  # fmt: skip
        slug = f"another-{number}"
        appended(folder, "figures.csv", **{"figure": slug, "direction": "", **figure, **row})
    monkeypatch.setattr(ledger, "data_folder", lambda folder_=None: folder_ or folder)
    told = [re.sub(r"\s+", " ", repr(one)) for one in run(name)[1]]
    assert told == [re.sub(r"\s+", " ", data["text/plain"]) for data in outputs(name)]


@pytest.mark.slow
@each_notebook
def test_papermill_passes_settings(name, tmp_path):
    done = papermill.execute_notebook(
        FOLDER / f"{name}.ipynb",
        tmp_path / "done.ipynb",
        parameters={"CURRENCY": "USD", "READING": "printed"},
        cwd=FOLDER,
        progress_bar=False,
        kernel_name="python3",
    )
    shown = [output for cell in done.cells for output in cell.get("outputs", ())]
    assert len(shown) == len(outputs(name))


def test_all_three_are_short():
    lines = [line for name in NAMES for cell in cells(name, "code")
             for line in cell["source"].splitlines()]  # fmt: skip
    assert sum(map(bool, map(str.strip, lines))) < 600
