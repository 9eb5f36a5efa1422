"""The charts: what is drawn against the table, texts that never touch, and how they are shown."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from tradelib import card, charts

T = 1e12
COLUMNS = ["label", "series", "value", "lower", "upper", "origin", "highlight"]
WORDS: dict[str, Any] = {
    "title": "A finding",
    "measure": "Goods",
    "unit": "CNY",
    "source": "customs",
}
Form = Callable[..., charts.Chart]


def table(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def by_year(series: str, values: list[float], room: float, origin: str = "printed") -> pd.DataFrame:
    rows = [(2015 + i, series, v, v - room, v + room, origin, False) for i, v in enumerate(values)]
    return table(*rows).rename(columns={"label": "period"})


HOLDERS = table(
    ("United States", "", 130e9, 130e9, math.inf, "printed", False),
    ("Japan", "", 200e9, 200e9, 300e9, "printed", False),
    ("Germany", "", 320e9, 320e9, 330e9, "printed", False),
    ("China", "", 992e9, 991e9, 993e9, "printed", True),
    ("Germany", "", 365e9, 364e9, 366e9, "reference", False),
)
GROWTH = table(
    ("United States", "", -0.2, -0.205, -0.195, "printed", True),
    ("Africa", "", 0.258, 0.2575, 0.2585, "printed", False),
    ("All others together", "", 0.08, 0.06, 0.1, "computed", False),
    ("Customs’ own total", "", 0.061, 0.0605, 0.0615, "reference", False),
)
BRIDGE = table(
    ("Surplus of 2024", "", 7.06 * T, 7.0 * T, 7.09 * T, "printed", False),
    ("More exports", "", 1.55 * T, 1.5 * T, 1.6 * T, "computed", True),
    ("More imports", "", -0.1 * T, -0.13 * T, -0.05 * T, "computed", False),
    ("Surplus of 2025", "", 8.51 * T, 8.5 * T, 8.52 * T, "computed", False),
)
SHARES = table(
    ("United States", "2024", 0.112, 0.109, 0.115, "computed", False),
    ("United States", "2025", 0.088, 0.0875, 0.0885, "printed", True),
    ("ASEAN", "2024", 0.159, 0.156, 0.162, "computed", False),
    ("ASEAN", "2025", 0.166, 0.1655, 0.1665, "printed", False),
)
BALANCE = by_year("", [3.69 * T, 2.32 * T, 5.63 * T, 7.06 * T], 0.005 * T).assign(
    origin=["reference", "reference", "printed", "computed"], highlight=[False, False, False, True]
)
FLOWS = pd.concat(
    [
        by_year("exports", [14.12 * T, 13.84 * T, 15.33 * T], 0.005 * T),
        by_year("imports", [10.43 * T, 10.49 * T, 12.46 * T], 0.005 * T),
    ]
)
EXAMPLES: dict[str, tuple[Form, pd.DataFrame, dict[str, Any]]] = {
    "bars": (charts.bars, HOLDERS, {"unit": "USD"}),
    "bars below zero": (charts.bars, GROWTH, {"unit": "percent", "signed": True}),
    "bridge": (charts.bridge, BRIDGE, {}),
    "dumbbell": (charts.dumbbell, SHARES, {"unit": "percent"}),
    "columns": (charts.columns, BALANCE, {}),
    "lines": (charts.lines, FLOWS, {"threshold": (11 * T, "eleven")}),
}


@pytest.fixture(params=EXAMPLES)
def chart(request: pytest.FixtureRequest) -> charts.Chart:
    form, rows, words = EXAMPLES[request.param]
    return form(rows, **{**WORDS, **words})


def texts(chart: charts.Chart) -> Iterator[tuple[str, Any, float]]:
    """Every text that is drawn, its box in CSS pixels, and its size."""
    figure = chart.get_figure(root=True)
    assert figure is not None
    with card.house():
        renderer = card.FigureCanvasAgg(figure).get_renderer()
        figure.draw_without_rendering()  # places what is drawn
        for artist in figure.findobj(Text):
            if artist.get_visible() and artist.get_text():
                # Annotations' own boxes, without what they point at.
                box = Text.get_window_extent(artist, renderer)
                yield (
                    artist.get_text(),
                    box.transformed(mpl.transforms.Affine2D().scale(0.5)),
                    (artist.get_fontsize()),
                )


def assert_legible(chart: charts.Chart) -> None:
    width, height = chart.size
    placed = list(texts(chart))
    for text, box, size in placed:
        assert size * 350 / width >= 9, f"{text!r} is too small on a phone"
        assert box.x0 >= 0, f"{text!r} runs out at the left"
        assert box.x1 <= width, f"{text!r} runs out at the right"
        assert box.y0 >= 0, f"{text!r} runs out below"
        assert box.y1 <= height, f"{text!r} runs out above"
    for (a, one, _), (b, two, _) in itertools.combinations(placed, 2):
        apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
        assert apart, f"{a!r} and {b!r} overlap"


def test_texts_are_legible_and_apart(chart: charts.Chart) -> None:
    assert_legible(chart)


NAMES = st.sampled_from(
    ["Africa", "ASEAN", "United States", "Belt and Road countries", "All others together",
     "Automatic data processing equipment and its parts", "iron", "Mobile phones"]
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Tables of any signs, widths, open ends and origins; those of a chart are of one size."""
    size = draw(st.shared(st.sampled_from([1.0, 3e8, 2e13]), key="size"))
    rows = []
    for label in draw(st.lists(NAMES, min_size=1, max_size=8, unique=True)):
        value = draw(st.integers(-1000, 1000)) / 1000 * size
        room = draw(st.sampled_from([0.0, 0.001, 0.05, 0.4])) * size
        lower = -math.inf if draw(st.integers(0, 9)) == 0 else value - room
        upper = math.inf if draw(st.integers(0, 9)) == 0 else value + room
        origin = draw(st.sampled_from(sorted(card.MARKERS)))
        rows.append((label, "", value, lower, upper, origin, draw(st.booleans())))
    return table(*rows)


slowly = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slowly
@given(tables(), st.booleans())
def test_bars_of_any_table_are_legible(rows: pd.DataFrame, signed: bool) -> None:
    assert_legible(charts.bars(rows, signed=signed, **WORDS))


@slowly
@given(tables(), tables())
def test_dumbbells_of_any_table_are_legible(old: pd.DataFrame, new: pd.DataFrame) -> None:
    both = old.merge(new[["value"]], left_index=True, right_index=True, suffixes=("", "_new"))
    later = both.assign(value=both.value_new, lower=both.value_new, upper=both.value_new)
    rows = pd.concat([both.assign(series="2024"), later.assign(series="2025")])
    assert_legible(charts.dumbbell(rows, **WORDS))


@slowly
@given(tables(), st.booleans())
def test_columns_of_any_table_are_legible(rows: pd.DataFrame, signed: bool) -> None:
    rows = rows.assign(period=range(2020 - len(rows), 2020))
    assert_legible(charts.columns(rows, signed=signed, **WORDS))


@slowly
@given(st.lists(tables(), min_size=1, max_size=3))
def test_lines_of_any_table_are_legible(some: list[pd.DataFrame]) -> None:
    rows = pd.concat([
        one.assign(series=name, period=range(2020 - len(one), 2020))
        for one, name in zip(some, ("exports", "Belt and Road", "imports"), strict=False)
    ])  # fmt: skip
    assert_legible(charts.lines(rows, **WORDS))


@pytest.mark.parametrize("form", [charts.columns, charts.lines])
def test_many_years_are_legible(form: Form) -> None:
    values = [math.sin(i) * T for i in range(40)]
    rows = by_year("", values, 0.03 * T).assign(period=range(1986, 2026), highlight=True)
    chart = form(rows, **WORDS)
    assert_legible(chart)
    assert "2025" in [text for text, *_ in texts(chart)]


def drawn(chart: charts.Chart, kind: str) -> dict[str, Any]:
    """Marks by the label of their row."""
    found = [*chart.patches, *chart.lines]
    return {a.get_gid().partition(" ")[2]: a for a in found if (a.get_gid() or "").startswith(kind)}


def test_bars_have_the_lengths_and_order_of_the_table() -> None:
    chart = charts.bars(GROWTH, **{**WORDS, "unit": "percent"})
    bars = drawn(chart, "value")
    assert list(bars) == list(GROWTH.label)
    for row in GROWTH.itertuples():
        bar = bars[str(row.label)]
        assert isinstance(bar, Rectangle)
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((0, row.value))
        x = drawn(chart, "interval")[str(row.label)].get_xdata()
        assert list(x) == pytest.approx([row.lower, row.upper])
    top = [bars[str(label)].get_y() for label in GROWTH.label]
    assert top == sorted(top)
    assert chart.yaxis_inverted()


def test_an_open_end_goes_beyond_what_is_known_and_has_an_arrow() -> None:
    chart = charts.bars(HOLDERS, **WORDS)
    line = drawn(chart, "interval")["United States"]
    assert line.get_xdata()[1] > 130e9
    assert line.is_dashed()
    ends = [a for a in chart.lines if a.get_marker() == ">"]
    assert [a.get_xdata()[0] for a in ends] == [line.get_xdata()[1]]
    assert not drawn(chart, "interval")["Japan"].is_dashed()


def test_origins_differ_in_form_without_colour() -> None:
    def form(mark: Any) -> tuple[Any, ...]:
        return (
            mark.get_hatch(),
            mark.get_linewidth() > 0,
            mark.get_facecolor() == mark.get_edgecolor(),
        )

    bars = drawn(charts.bars(GROWTH, **WORDS), "value")
    assert len({form(bars[name]) for name in GROWTH.label[1:]}) == 3
    dots = drawn(charts.lines(GROWTH.assign(period=[2021, 2022, 2023, 2024]), **WORDS), "value")
    assert len({dots[year].get_marker() for year in ("2022", "2023", "2024")}) == 3


def test_columns_stand_on_their_years() -> None:
    chart = charts.columns(BALANCE, **WORDS)
    for year, value in zip(BALANCE.period, BALANCE.value, strict=True):
        bar = drawn(chart, "value")[str(year)]
        assert bar.get_x() + bar.get_width() / 2 == pytest.approx(year)
        assert bar.get_height() == pytest.approx(value)
    labels = [text for text, *_ in texts(chart)]
    assert {"3.69", "2.32", "5.63", "7.06"} <= {*labels}
    assert [str(y) for y in BALANCE.period] == [t for t in labels if t.startswith("201")]


def test_labels_stand_right_above_or_below_their_columns() -> None:
    values = [-0.07, -0.009, 0.142, 0.097, 0.034, 0.019, 0.214, 0.077, 0.002, 0.05, 0.038]
    labels = [
        "−7.0%",
        "−0.9%",
        "14.2%",
        "9.7%",
        "3.4%",
        "1.9%",
        "21.4%",
        "7.7%",
        "0.2%",
        "5.0%",
        "3.8%",
    ]
    rows = by_year("", values, 0.0005).assign(highlight=True)
    chart = charts.columns(rows, **{**WORDS, "unit": "percent"})
    placed = {text: box for text, box, _ in texts(chart)}
    to_pixels = chart.transData.transform
    for row, text in zip(rows.itertuples(), labels, strict=True):
        end = to_pixels((row.period, row.upper if row.value > 0 else row.lower))[1] / 2
        gap = placed[text].y0 - end if row.value > 0 else end - placed[text].y1
        assert 4 < gap < 16, text


def test_lines_go_through_the_values_with_their_bands() -> None:
    chart = charts.lines(FLOWS, threshold=(11 * T, "eleven"), **WORDS)
    for name, rows in FLOWS.groupby("series"):
        line = drawn(chart, "line")[str(name)]
        assert list(line.get_xdata()) == list(rows.period)
        assert list(line.get_ydata()) == list(rows.value)
        (band,) = [c for c in chart.collections if c.get_gid() == f"band {name}"]
        ys = band.get_paths()[0].vertices[:, 1]
        assert (ys.min(), ys.max()) == pytest.approx((rows.lower.min(), rows.upper.max()))
    assert {"eleven", "exports 15.33", "imports 12.46"} <= {text for text, *_ in texts(chart)}


def test_a_gap_breaks_a_line() -> None:
    rows = FLOWS.assign(value=FLOWS.value.where(FLOWS.period != 2016), lower=np.nan, upper=np.nan)
    line = drawn(charts.lines(rows, **WORDS), "line")["exports"]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]


def test_a_bridge_leads_from_total_to_total() -> None:
    bars = drawn(charts.bridge(BRIDGE, **WORDS), "value")
    exports, imports = bars["More exports"], bars["More imports"]
    assert exports.get_x() == pytest.approx(7.06 * T)
    assert exports.get_x() + exports.get_width() == pytest.approx(8.61 * T) == imports.get_x()
    assert imports.get_width() == pytest.approx(-0.1 * T)
    whole = bars["Surplus of 2025"]
    assert whole.get_x() + whole.get_width() == pytest.approx(8.51 * T)


def test_a_bridge_that_cannot_arrive_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"lead from Surplus of 2024 to .* but Surplus of 2025 is"):
        charts.bridge(BRIDGE.drop(index=1), **WORDS)


def test_a_dumbbell_needs_both_periods_once() -> None:
    with pytest.raises(ValueError, match="each label once in two periods, found 3 rows"):
        charts.dumbbell(SHARES.drop(index=1), **WORDS)
    with pytest.raises(ValueError, match="each label once in two periods, found 8 rows"):
        charts.dumbbell(pd.concat([SHARES, SHARES]), **WORDS)


def test_columns_need_each_period_once() -> None:
    with pytest.raises(ValueError, match="each period once, found 2015, 2016, 2017, 2015"):
        charts.columns(FLOWS, **WORDS)


def test_one_number_above_a_unit_takes_the_unit_of_the_others() -> None:
    more = table(("China of 2025", "", 1189e9, 1188e9, 1190e9, "printed", True))
    one = charts.bars(pd.concat([HOLDERS, more]), **WORDS).alt
    assert "billion" in one
    assert "China of 2025 1,188 to 1,190" in one
    two = charts.bars(pd.concat([HOLDERS, more, more.assign(label="A third")]), **WORDS).alt
    assert "trillion" in two
    assert "A third 1.188 to 1.190" in two


def test_what_is_not_known_is_said_and_not_drawn() -> None:
    rows = GROWTH.assign(value=GROWTH.value.where(GROWTH.index != 1), lower=np.nan, upper=np.nan)
    chart = charts.bars(rows, **WORDS)
    assert list(drawn(chart, "value")) == [name for name in GROWTH.label if name != "Africa"]
    assert not drawn(chart, "interval")
    assert "Africa not known" in chart.alt


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (GROWTH.drop(columns="lower"), "needs rows with label, value, lower, upper, origin; found"),
        (GROWTH.head(0), "found no rows"),
        (GROWTH.assign(origin="guessed"), "United States: unknown origin 'guessed'"),
    ],
)
def test_wrong_tables_are_named(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        charts.bars(rows, **WORDS)


def test_the_source_is_required() -> None:
    with pytest.raises(TypeError, match="source"):
        charts.bars(GROWTH, title="A", measure="B", unit="percent")  # type: ignore[call-arg]


def test_colour_means_one_thing_everywhere() -> None:
    for form, rows, words in EXAMPLES.values():
        chart = form(rows, **{**WORDS, **words})
        marks = [
            a for a in [*chart.patches, *chart.lines] if (a.get_gid() or "").startswith("value")
        ]
        accents = sum(mpl.colors.same_color(card.ACCENT, _colour(mark)) for mark in marks)
        assert (accents > 0) == bool(rows.highlight.any())


def _colour(mark: Any) -> Any:
    return mark.get_edgecolor() if isinstance(mark, Rectangle) else mark.get_markeredgecolor()


def test_alt_text_tells_title_measure_values_and_extremes() -> None:
    chart = charts.bars(HOLDERS, **{**WORDS, "unit": "USD"})
    assert chart.alt == (
        "Bar chart: A finding. Goods, billion dollars: United States at least 130, "
        "Japan 200 to 300, Germany 320 to 330, China 991 to 993; other sources: "
        "Germany 364 to 366. Highest: China; lowest: United States."
    )


def test_a_long_alt_text_keeps_what_tells_most() -> None:
    values = [float(v) * T for v in [*range(20, 50), 7, 90, 33]]
    rows = pd.concat([by_year(name, values, 0.5 * T) for name in ("exports", "imports", "trade")])
    rows["highlight"] = (rows.series == "imports") & (rows.period == 2021)
    alt = charts.lines(rows, **WORDS).alt
    assert len(alt) <= 600
    assert "2021 26" in alt.partition("imports, printed: ")[2]
    assert "Highest: trade 2046; lowest: exports 2045." in alt
    assert " more" in alt


def test_a_chart_shows_itself_once_as_a_small_palette_picture(
    chart: charts.Chart,
) -> None:
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(chart)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == chart.alt
    width, height = chart.size
    assert metadata["image/png"] == {"width": width, "height": height}
    picture = Image.open(BytesIO(data["image/png"]))
    assert (picture.mode, picture.size) == ("P", (2 * width, 2 * height))
    assert set(picture.info) == {"dpi"}
    assert len(data["image/png"]) < 45_000


def test_the_picture_is_the_same_whatever_the_readers_settings() -> None:
    plain = charts.bars(HOLDERS, **WORDS).png()
    with mpl.rc_context({"font.size": 30, "figure.dpi": 50, "figure.facecolor": "black"}):
        assert charts.bars(HOLDERS, **WORDS).png() == plain


def test_dollar_signs_are_no_mathematics() -> None:
    chart = charts.bars(HOLDERS, **{**WORDS, "title": "From $1 to $2"})
    assert "From $1 to $2" in [text for text, *_ in texts(chart)]
    assert not any(t.get_parse_math() for t in chart.get_figure().findobj(Text))


def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, tradelib, tradelib.charts; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = "import sys, tradelib; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=8, savefig_kwargs={"dpi": 40}
)
@pytest.mark.parametrize("name", EXAMPLES, ids=lambda name: name.replace(" ", "-"))
def test_forms_look_as_they_did(name: str) -> Any:
    """Against pictures that ``pytest --mpl-generate-path=tests/baseline`` made of this file.

    The tolerance, a root mean square of 255 levels, lets hinting differ and no bar move.
    """
    form, rows, words = EXAMPLES[name]
    return form(rows, **{**WORDS, **words}).get_figure(root=True)


PROTAN = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
DEUTAN = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
]
TRITAN = [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
]
GREYSCALE = [[0.2126, 0.7152, 0.0722]] * 3
"""Full deficiencies as Machado, Oliveira and Fernandes (2009) model them, on linear light."""


def seen(colour: str, matrix: list[list[float]]) -> Any:
    """The CIELAB coordinates of a colour as somebody with that deficiency sees it."""
    srgb = np.array(mpl.colors.to_rgb(colour))
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    light = np.clip(np.array(matrix) @ light, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ light / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(
    "matrix", [np.eye(3).tolist(), PROTAN, DEUTAN, TRITAN, GREYSCALE],
    ids=["full", "protan", "deutan", "tritan", "greyscale"],
)  # fmt: skip
def test_colours_stay_apart_for_every_eye(matrix: list[list[float]]) -> None:
    pairs = [(card.ACCENT, card.GREY), (card.ACCENT, card.CARD), (card.GREY, card.CARD),
             (card.INK, card.CARD), (card.MUTED, card.CARD), (card.INK, card.GREY)]  # fmt: skip
    for one, other in pairs:
        apart = np.linalg.norm(seen(one, matrix) - seen(other, matrix))
        assert apart > 20, f"{one} and {other} look alike: {apart:.0f}"
