"""The notebooks as they are stored: executed in order, thin, no number typed into their prose."""

import ast
import functools
import itertools
import json
import re
from pathlib import Path

import pytest
from test_charts import assert_legible

import tradelib.auditing
from tradelib.card import Chart
from tradelib.themes.diversification import FOCUS, REST, Diversification
from tradelib.themes.emerging import CHIPS, ELECTRIC, PHONES, Emerging
from tradelib.themes.surplus import Surplus

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
            "PRICES",
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
        assert len(charts) >= 6
        assert all(len("".join(data["text/plain"])) > 80 for data in charts)
        assert sum("<table>" in "".join(data.get("text/html", "")) for data in shown) >= 2
        assert any(source(cell).startswith("## Sources") for cell in cells(path, "markdown"))


PRICES = ["current", "2015", 2024]
EXTREMES = [("USD", "1947", "printed"), ("CNY", 2005, "rounded"), ("USD", 2025, "rounded")]


def settings(path):
    """All combinations of currency, prices and reading, and extremes, each with a highlight."""
    story = {"1": Surplus, "2": Diversification, "3": Emerging}[path.name[0]]
    combinations = list(itertools.product(["CNY", "USD"], PRICES, ["rounded", "printed"]))
    combinations += EXTREMES
    highlights = itertools.cycle(story().highlights())
    return [(*combination, next(highlights)) for combination in combinations]


def run(path, chosen):
    """Run a notebook's cells with these settings; give its names, and what its cells show."""
    space, shown = {}, []
    setting = f"CURRENCY, PRICES, READING, HIGHLIGHT = {chosen!r}"
    first, *others = cells(path, "code")
    for code in (source(first), setting, *map(source, others)):
        tree = ast.parse(code, path.name)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), space)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), path.name, "eval"), space))
    return space, shown


@pytest.fixture
def one_audit(monkeypatch):
    """The audit does not depend on the settings: once is enough."""
    monkeypatch.setattr(tradelib, "audit", audit, raising=False)


@functools.cache
def audit():
    return tradelib.auditing.audit()


@pytest.mark.slow
@pytest.mark.usefixtures("one_audit")
@pytest.mark.parametrize(
    ("path", "chosen"),
    [(path, chosen) for path in NOTEBOOKS for chosen in settings(path)],
    ids=lambda part: part.stem[0] if isinstance(part, Path) else "-".join(map(str, part)),
)
def test_every_setting_runs_and_what_is_said_stays_true(path, chosen):
    space, shown = run(path, chosen)
    for chart in (result for result in shown if isinstance(result, Chart)):
        assert_legible(chart)
        assert chosen[1] == "current" or "prices" not in chart.alt or str(chosen[1]) in chart.alt
    for result in shown:
        assert isinstance(result, Chart) or result._repr_mimebundle_()
    for what, holds in TRUE[path.name[0]](space["story"]).items():
        assert holds, f"{path.stem} with {chosen} says: {what}"


def surplus_says(story):
    """What the first notebook's headings and fixed words say, by its own tables."""
    steps, streak = story.steps, story.streak
    grown = (
        story.real.groupby("series")["lower"].last() / story.real.groupby("series")["upper"].first()
    )
    return {
        "exports made the surplus grow": steps["exports"].interval.lower
        > abs(steps["imports"].interval.upper),
        "at constant prices it is a record too": story.is_record and (grown > 1).all(),
        "no former record holder came close": story.holders["lower"].iloc[-1]
        > 2 * story.former["upper"].max(),
        "trade grew year after year, in yuan": streak().value == 9 > streak("trade", "USD").value,
        "exports in yuan too": streak("exports").value == 9 > streak("imports").value,
        "the former holders’ figures are low": (
            story.statistics.groupby("country")["real_upper"].max()
            > story.statistics.groupby("country")["article_lower"].max()
        ).all(),
    }


def diversification_says(story):
    """What the second notebook's headings and fixed words say, by its own tables."""
    total, *named = (story.given(name) for name in [REST, *story.markets])
    rates = story.currencies.pivot(index="label", columns="series", values="value")
    back = story.computed_back.set_index("partner")["agree"]
    lost = story.square(FOCUS, story.year) - story.square(FOCUS, story.year - 1)
    return {
        "the others together added most": all(
            total.interval.lower > one.interval.upper for one in named
        ),
        "China bought less from ASEAN": story.bought["ASEAN"].interval.upper < 0,
        "and more from Africa and Latin America": min(
            story.bought[name].interval.lower for name in ("Africa", "Latin America")
        )
        > 0,
        "in dollars everything grew less": (rates["in dollars"] < rates["in yuan"]).all(),
        "imports grew in yuan and not in dollars": rates.loc["Imports 2025", "in dollars"] < 0,
        "the share of the Belt and Road holds": story.printed(
            flow="trade", measure="share", partner="Belt and Road"
        ).interval.overlaps(story.share("Belt and Road", 2025).interval),
        "what is known of concentration tells nothing of the whole": story.concentration(
            2025
        ).interval.overlaps(story.concentration(2024).interval),
        "the known concentration fell": story.concentration(2025, known=True).interval.upper
        < story.concentration(2024, known=True).interval.lower,
        "the United States concentrates less": lost.interval.upper < 0,
        "all but one base agree": back[back == "no"].index.tolist() == ["Belt and Road"],
        "trade with the United States fell": story.added(FOCUS).interval.upper < 0,
        "the others gained": min(
            story.shift(name).interval.lower for name in story.compared if name != FOCUS
        )
        > 0,
        "the share is of total trade": story.bases.query("agree == 'yes'")["label"].tolist()
        == ["As printed", "Trade over total trade"],
    }


def emerging_says(story):
    """What the third notebook's headings and fixed words say, by its own tables."""
    mark = story.printed(flow="exports", product=CHIPS, measure="threshold").value
    gross, five = (story.made("world gross production", 2020, us) for us in (False, True))
    added, five_added = (story.made("world value added", 2020, us) for us in (False, True))
    listed = {name: story.total(name).interval for name in ("emerging", "traditional")}
    return {
        "ships grew fastest": story.growths["label"].iloc[0] == "Ships",
        "each new industry outgrew exports": story.growths["label"].iloc[-1] == "All exports",
        "the new industries listed are ahead": listed["emerging"].lower
        > listed["traditional"].upper,
        "the new made more of the growth": story.together("emerging").interval.lower
        > story.together("traditional").interval.upper,
        "chips were below the mark": story.level("exports", 2023, product=CHIPS).interval.upper
        < mark,
        "chips were not the largest": story.lines["label"].iloc[0] == "Computers",
        "electric cars passed two million": story.units(ELECTRIC, 2024).interval.lower
        >= 2e6
        > story.published(flow="exports", product=ELECTRIC, measure="units", period=2023).value,
        "gross production holds": gross.interval.lower > five.interval.upper,
        "value added fails": added.interval.upper < five_added.interval.lower,
        "cars for less": story.car_prices["per car_upper"].iloc[2]
        < story.car_prices["per car_lower"].iloc[1],
        "phones fell": story.customs(PHONES, 2024).value < story.customs(PHONES, 2023).value,
    }


TRUE = {"1": surplus_says, "2": diversification_says, "3": emerging_says}
