"""The notebooks as they are stored: executed in order, thin, no number typed into their prose."""

import ast
import itertools
import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
UNITS = r"%|percent|points?|trillion|billion|million|yuan|RMB|USD|dollars|won|countries|units"


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def test_there_is_one_notebook_a_theme():
    assert [path.name for path in NOTEBOOKS] == [
        "1-record-surplus.ipynb",
        "2-export-diversification.ipynb",
        "3-emerging-industries.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_executed_from_top_to_bottom_without_errors(self, path):
        code = cells(path, "code")
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
        outputs = [output for cell in code for output in cell["outputs"]]
        assert not [o for o in outputs if o["output_type"] in ("error", "stream")]

    def test_cells_are_thin(self, path):
        for cell in cells(path, "code"):
            assert len(source(cell).splitlines()) <= 14, source(cell)
            assert not re.search(r"^\s*(def|class) ", source(cell), re.M), source(cell)

    def test_no_number_is_typed_into_prose(self, path):
        typed = re.compile(rf"\d[\d.,]*\s?(?:{UNITS})")
        for cell in cells(path, "markdown"):
            assert not typed.findall(source(cell)), source(cell)

    def test_no_dollar_sign_in_markdown(self, path):
        for cell in cells(path, "markdown"):
            assert "$" not in source(cell), "two of them in a paragraph become mathematics"

    def test_settings_come_first_and_are_typed(self, path):
        first = cells(path, "code")[0]
        assert first["metadata"]["tags"] == ["parameters"]
        assert re.findall(r"^([A-Z]+): str = ", source(first), re.M) == [
            "CURRENCY",
            "READING",
            "HIGHLIGHT",
        ]

    def test_it_opens_with_a_question_an_answer_and_a_chart(self, path):
        assert source(cells(path, "markdown")[0]).startswith("# ")
        assert source(cells(path, "markdown")[0]).endswith("?")
        shown = [o["data"] for cell in cells(path, "code") for o in cell["outputs"]]
        assert "text/html" in shown[0]
        assert "image/png" in shown[1]

    def test_it_has_charts_with_descriptions_tables_and_sources(self, path):
        shown = [o["data"] for cell in cells(path, "code") for o in cell["outputs"]]
        charts = [data for data in shown if "image/png" in data]
        assert len(charts) >= 3
        assert all(len("".join(data["text/plain"])) > 80 for data in charts)
        assert sum("<table>" in "".join(data.get("text/html", "")) for data in shown) >= 2
        assert any(source(cell).startswith("## Sources") for cell in cells(path, "markdown"))


def settings(path):
    """All combinations of currency and reading, each with one other highlight."""
    from tradelib.themes.diversification import Diversification
    from tradelib.themes.emerging import Emerging
    from tradelib.themes.surplus import Surplus

    story = {"1": Surplus, "2": Diversification, "3": Emerging}[path.name[0]]
    combinations = list(itertools.product(["CNY", "USD"], ["rounded", "printed"]))
    highlights = story().highlights()
    return [(*pair, highlights[i % len(highlights)]) for i, pair in enumerate(combinations, 1)]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_setting_runs(path):
    """Each cell runs, and what it shows can be shown, whatever is set in the first one."""
    for currency, reading, highlight in settings(path):
        chosen = f"CURRENCY, READING, HIGHLIGHT = {currency!r}, {reading!r}, {highlight!r}"
        space = {}
        first, *others = cells(path, "code")
        for code in (source(first), chosen, *map(source, others)):
            tree = ast.parse(code, path.name)
            shown = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, path.name, "exec"), space)
            if shown is not None:
                result = eval(compile(ast.Expression(shown.value), path.name, "eval"), space)
                assert result._repr_mimebundle_(), code
