"""The charts: what is drawn against the estimates, texts that never touch, and how they show."""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image
from samples import column, computed, printed, published

from tradelib import card, charts
from tradelib.estimate import Estimate
from tradelib.prose import DOUBT, STYLE

T, B = 1e12, 1e9
WORDS: dict[str, Any] = {"title": "A finding", "measure": "Goods"}
Form = Callable[..., charts.Chart]


def dollars(value: float, room: float = 0.0) -> Estimate:
    return printed(value * B, room * B, "USD")


HOLDERS = column(
    {
        "United States": printed(130 * B, 0, "USD", math.inf, hedge="at_least"),
        "Japan": printed(200 * B, 0, "USD", 300 * B, hedge="over"),
        "Germany": published(365 * B, 0.5 * B, "USD"),
        "China": dollars(992, 1),
    }
)
CHANGE = column(
    {
        "ASEAN": computed(78.2 * B, 78.9 * B, "USD"),
        "United States": computed(-106 * B, -104 * B, "USD"),
        "All others": computed(20 * B, 30 * B, "USD"),
    }
)
TOTALS = column({"Exports of 2024": dollars(3577, 1), "Exports of 2025": dollars(3576, 5)})
SHARES = pd.DataFrame(
    {
        2024: column(
            {
                "United States": computed(0.146, 0.148, "percent"),
                "ASEAN": computed(0.163, 0.165, "percent"),
            }
        ),
        2025: column(
            {
                "United States": printed(0.111, 0.0005, "percent"),
                "ASEAN": printed(0.166, 0.0005, "percent"),
            }
        ),
    }
)
SURPLUS = column(
    {
        2015: published(593 * B, 0, "USD"),
        2016: published(-51 * B, 0, "USD"),
        2018: computed(800 * B, 845 * B, "USD"),
        2019: dollars(1189),
    }
)
FLOWS = pd.DataFrame(
    {
        "exports": column(
            {2023: published(14.1 * T), 2024: printed(13.8 * T), 2025: printed(15.3 * T)}
        ),
        "imports": column(
            {2023: published(10.4 * T), 2024: printed(10 * T), 2025: computed(12 * T, 13 * T)}
        ),
    }
)
SINGLE = column({("Japan", 1986): dollars(245), ("Germany", 2017): published(320 * B, 0, "USD")})
EXAMPLES: dict[str, tuple[Form, Any, dict[str, Any]]] = {
    "bars": (charts.bars, HOLDERS, {"highlight": "China"}),
    "diverging": (charts.bars, CHANGE, {"highlight": "United States"}),
    "groups": (charts.bars, SHARES, {"highlight": "ASEAN"}),
    "bridge": (charts.bridge, CHANGE, {"highlight": "United States", "totals": TOTALS}),
    "years": (charts.bars, SURPLUS, {"highlight": 2019}),
    "lines": (charts.lines, FLOWS, {"highlight": "exports"}),
    "dots": (charts.lines, SURPLUS.to_frame("China"), {"highlight": "China", "dots": SINGLE}),
    "slopes": (charts.lines, SHARES.T, {"highlight": "United States"}),
}


def draw(name: str, **more: Any) -> charts.Chart:
    form, data, words = EXAMPLES[name]
    return form(data, **{**WORDS, **words, **more})


@pytest.fixture(params=EXAMPLES)
def chart(request: pytest.FixtureRequest) -> charts.Chart:
    return draw(request.param)


def drawn(chart: charts.Chart, kind: str) -> dict[str, Any]:
    """Marks by the name that follows their kind."""
    found = [*chart.axes.patches, *chart.axes.lines, *chart.axes.collections]
    return {a.get_gid().partition(" ")[2]: a for a in found if (a.get_gid() or "").startswith(kind)}


def span(interval: Any) -> Any:
    """The two ends of an interval that is drawn."""
    (ends,) = interval.get_segments()
    return ends


def texts(chart: charts.Chart) -> Iterator[tuple[str, Any, float]]:
    """Every text that is drawn, its box in CSS pixels, and its size."""
    with card.house():
        renderer = FigureCanvasAgg(chart.figure).get_renderer()
        chart.figure.draw_without_rendering()  # places what is drawn
        low, high = sorted(chart.axes.get_ylim())
        ticks = zip(chart.axes.get_yticks(), chart.axes.get_yticklabels(), strict=True)
        beyond = {label for tick, label in ticks if not low <= tick <= high}  # never drawn
        for artist in {*chart.figure.findobj(Text)} - beyond:
            if artist.get_visible() and artist.get_text():
                # Annotations' own boxes, without what they point at.
                box = Text.get_window_extent(artist, renderer)
                half = mpl.transforms.Affine2D().scale(0.5)
                yield artist.get_text(), box.transformed(half), artist.get_fontsize()


def size(chart: charts.Chart) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    width, height = chart.figure.get_size_inches() * 72
    return round(width), round(height)


def words_of(chart: charts.Chart) -> str:
    return "\n".join(text for text, *_ in texts(chart))


def assert_legible(chart: charts.Chart) -> None:
    """Nothing runs out or overlaps; the smallest is 11 pixels high in a phone's column of 350."""
    width, height = size(chart)
    placed = list(texts(chart))
    for text, box, high in placed:
        assert high * 350 / width >= 11, f"{text!r} is too small on a phone"
        assert box.x0 >= 0, f"{text!r} runs out at the left"
        assert box.x1 <= width, f"{text!r} runs out at the right"
        assert box.y0 >= 0, f"{text!r} runs out below"
        assert box.y1 <= height, f"{text!r} runs out above"
    for (a, one, _), (b, two, _) in itertools.combinations(placed, 2):
        apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
        assert apart, f"{a!r} and {b!r} overlap"


def test_texts_are_legible_and_apart(chart: charts.Chart) -> None:
    assert_legible(chart)


NAMES = [
    "Africa",
    "ASEAN",
    "United States",
    "Belt and Road countries",
    "All others together",
    "Automatic data processing equipment and its parts",
    "iron",
    "Mobile phones",
]
slowly = settings(  # shrinking draws hundreds of charts more
    max_examples=10, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate]
)


@st.composite
def columns_of(draw: st.DrawFn, labels: list[Any]) -> pd.Series[Any]:
    """Estimates of any signs, widths, open ends and origins; those of a chart are of one size."""
    size = draw(st.shared(st.sampled_from([1.0, 3e8, 2e13]), key="size"))
    cells = {}
    for label in labels[: draw(st.shared(st.integers(2, len(labels)), key="count"))]:
        value = draw(st.integers(-1000, 1000)) / 1000 * size
        room = draw(st.sampled_from([0.0, 0.001, 0.05, 0.4])) * size
        open_end = draw(st.integers(0, 9)) == 0
        made = [
            computed(value - room, value + room),
            published(value, room),
            printed(value, 0, upper=math.inf, hedge="at_least")
            if open_end
            else printed(value, room),
        ]
        cells[label] = draw(st.sampled_from(made))
    return column(cells)


YEARS = list(range(2016, 2026))


@pytest.mark.slow
@slowly
@given(columns_of(NAMES))
def test_any_bars_are_legible(data: pd.Series[Any]) -> None:
    assert_legible(charts.bars(data, **WORDS))


@pytest.mark.slow
@slowly
@given(columns_of(NAMES), columns_of(NAMES))
def test_any_slopes_and_groups_are_legible(a: pd.Series[Any], b: pd.Series[Any]) -> None:
    frame = pd.DataFrame({"2024": a, "2025": b})
    assert_legible(charts.lines(frame.T, **WORDS))
    assert_legible(charts.bars(frame, **WORDS))


@slowly
@given(columns_of(YEARS), columns_of(YEARS))
def test_any_lines_are_legible(a: pd.Series[Any], b: pd.Series[Any]) -> None:
    assert_legible(charts.lines(pd.DataFrame({"exports": a, "Belt and Road": b}), **WORDS))


@pytest.mark.slow
@slowly
@given(columns_of([(name, 1943 + 9 * i) for i, name in enumerate(NAMES)]), columns_of(YEARS))
def test_any_dots_are_legible(single: pd.Series[Any], line: pd.Series[Any]) -> None:
    assert_legible(charts.lines(line.to_frame("China"), dots=single, **WORDS))


def test_many_years_are_legible() -> None:
    data = column(
        {
            year: computed(math.sin(year) * T, (math.sin(year) + 0.03) * T)
            for year in range(1986, 2026)
        }
    )
    chart = charts.lines(data, **WORDS, highlight=2025)
    assert_legible(chart)
    assert [*chart.axes.get_xticks()] == [2025, 2015, 2005, 1995]
    seven = charts.lines(data[range(2019, 2026)], **WORDS)
    assert [*seven.axes.get_xticks()] == [*range(2025, 2018, -1)]


def test_long_labels_have_room() -> None:
    long = "Automatic data processing equipment and its parts"
    assert_legible(charts.bars(column({long: printed(2 * T), f"{long}, new": printed(T)}), **WORDS))


def test_bars_have_the_lengths_and_order_of_the_data() -> None:
    chart = draw("diverging")
    bars = drawn(chart, "value")
    assert list(bars) == list(CHANGE.index)
    for label, estimate in CHANGE.items():
        bar = bars[label]
        assert isinstance(bar, Rectangle)
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((0, float(estimate)))
    top = [bars[label].get_y() for label in CHANGE.index]
    assert top == sorted(top)
    assert chart.axes.yaxis_inverted()
    zero = [a.get_linewidth() for a in chart.axes.lines if list(a.get_xdata()) == [0, 0]]
    assert zero == [1]
    assert {"+78.6", "−105", "+25"} <= set(words_of(chart).split("\n"))
    hedged = charts.bars(
        pd.concat([HOLDERS, column({"nobody": dollars(0), "": dollars(-1)})]), **WORDS
    )
    assert {"at least +130", "+365", "0", "−1"} <= set(words_of(hedged).split("\n"))
    fell = column({"a": computed(-0.01, -0.01, "percent"), "b": printed(0.02, 0, "percent")})
    assert {"−1%", "+2%"} <= set(words_of(charts.bars(fell, **WORDS)).split("\n"))
    assert "+" not in words_of(charts.bars(column({"a": dollars(1), "b": dollars(0)}), **WORDS))


def test_intervals_are_drawn_where_they_can_be_seen() -> None:
    spans = drawn(draw("bars"), "interval")
    assert set(spans) == {"Japan"}  # that of the United States has an open end
    assert list(span(spans["Japan"])[:, 0]) == pytest.approx([200 * B, 300 * B])
    assert not drawn(draw("groups"), "interval")  # of shares, too


def test_origins_differ_without_colour_and_without_hatching() -> None:
    data = column(
        {"a": printed(2), "b": computed(1, 2), "c": published(2), "All others": computed(1, 2)}
    )
    bars = drawn(charts.bars(data, **WORDS), "value")
    assert not any(bar.get_hatch() for bar in bars.values())
    solid, pale, outlined = (np.mean(bars[name].get_facecolor()[:3]) for name in "abc")
    assert outlined == 1 > pale + 0.1 > solid + 0.2
    assert np.mean(bars["c"].get_edgecolor()[:3]) == solid
    assert bars["All others"].get_linestyle() != bars["b"].get_linestyle()
    legend = words_of(charts.bars(data, **WORDS)).replace("\n", " ")
    assert "Solid: printed; pale: computed; outlined: other sources." in legend
    years = data.set_axis([2022, 2023, 2024, 2025])
    marks = drawn(charts.lines(years, **WORDS), "value")
    fills = [np.mean(marks[year].get_markerfacecolor()) for year in ("2022", "2023", "2024")]
    assert fills[2] == 1 > fills[1] + 0.1 > fills[0] + 0.2
    strange = charts.lines(years.to_frame("All others"), **WORDS, highlight=2024)
    assert drawn(strange, "line")["All others"].is_dashed()


def test_of_one_origin_all_is_solid_and_needs_no_legend() -> None:
    chart = charts.bars(column({"a": published(1), "b": published(2)}), **WORDS)
    assert all(bar.get_facecolor()[3] == 1 for bar in drawn(chart, "value").values())
    assert "printed" not in words_of(chart)


def test_a_table_makes_groups() -> None:
    chart = draw("groups")
    written = words_of(chart).split("\n")
    assert written.count("2024") == written.count("2025") == len(SHARES)
    assert set(drawn(chart, "value")) == {f"{p} {y}" for p in SHARES.index for y in SHARES}


def test_lines_go_through_the_values_with_their_intervals() -> None:
    chart = draw("lines")
    for name in FLOWS:
        line = drawn(chart, "line")[str(name)]
        assert list(line.get_xdata()) == list(FLOWS.index)
        assert list(line.get_ydata()) == [float(estimate) for estimate in FLOWS[name]]
    assert list(drawn(chart, "interval")) == ["imports 2025"]
    ys = span(drawn(chart, "interval")["imports 2025"])[:, 1]
    assert list(ys) == pytest.approx([12 * T, 13 * T])
    assert {"exports 15.3", "imports 12.5"} <= set(words_of(chart).split("\n"))


def test_a_scale_that_does_not_begin_at_zero_says_so() -> None:
    said = "The scale does not begin at zero."
    assert said in words_of(draw("lines"))
    near = column({2024: printed(2 * T), 2025: printed(5 * T)})
    chart = charts.lines(near, **WORDS)
    assert said not in words_of(chart)
    assert chart.axes.get_ylim()[0] <= 0


def test_series_may_have_gaps_as_one_long_column() -> None:
    long = column(
        {
            ("exports", 2023): printed(T),
            ("exports", 2025): printed(2 * T),
            ("imports", 2025): printed(T),
        }
    )
    line = drawn(charts.lines(long, **WORDS), "line")
    assert list(line["exports"].get_xdata()) == [2023, 2025]
    assert list(line["imports"].get_xdata()) == [2025]


def test_dots_have_their_names_beside_them_and_a_line_among_them() -> None:
    chart = draw("dots")
    assert drawn(chart, "value")["Japan 1986"].get_xdata()[0] == 1986
    assert list(drawn(chart, "line")["China"].get_xdata()) == list(SURPLUS.index)
    assert {"Japan 245", "Germany 320", "China 1,189"} <= set(words_of(chart).split("\n"))
    sides = {tag.get_text(): tag.get_ha() for tag in chart.axes.texts}
    assert (sides["Japan 245"], sides["Germany 320"]) == ("left", "right")


def test_dots_of_one_name_are_named_once_at_the_highest() -> None:
    years = {1943: 178, 1944: 191, 1945: 102, 1947: 138}
    data = column({("United States", year): dollars(value) for year, value in years.items()})
    china = SURPLUS[[2018, 2019]].to_frame("China")
    chart = charts.lines(china, dots=data, **WORDS)
    assert words_of(chart).count("United States") == 1
    assert "United States 191" in words_of(chart)
    assert [*chart.axes.get_xticks()] == [2019, 1999, 1979, 1959]
    assert chart.axes.get_ylim()[0] == 0


def test_a_bridge_leads_from_total_to_total() -> None:
    chart = draw("bridge")
    bars = drawn(chart, "value")
    before, fall, rest = bars["ASEAN"], bars["United States"], bars["All others"]
    assert before.get_x() == pytest.approx(3577 * B)
    assert fall.get_x() == pytest.approx(before.get_x() + before.get_width())
    assert rest.get_x() == pytest.approx(fall.get_x() + fall.get_width())
    (steps,) = (a for a in chart.axes.collections if len(a.get_segments()) == len(CHANGE) + 1)
    levels = 3577 * B + np.cumsum([0, *map(float, CHANGE)])
    for place, (step, level) in enumerate(zip(steps.get_segments(), levels, strict=True)):
        assert step.ravel() == pytest.approx((level, place + 0.3, level, place + 0.7))
    total = bars["Exports of 2025"]
    assert total.get_x() + total.get_width() == pytest.approx(3576 * B)
    assert {"3,577", "+78.6", "−105", "+25", "3,576"} <= set(words_of(chart).split("\n"))


def test_totals_do_not_begin_at_zero_and_are_cut_below_every_step() -> None:
    chart = draw("bridge")
    (gap,) = [a.get_xdata()[0] for a in chart.axes.lines if a.get_color() == card.CARD]
    bars = drawn(chart, "value")
    assert bars["Exports of 2024"].get_x() == bars["Exports of 2025"].get_x() < gap
    assert gap < min(bars[name].get_x() for name in CHANGE.index)


def test_a_bridge_that_cannot_arrive_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"lead from Exports of 2024 to .* but Exports of 2025 is"):
        charts.bridge(CHANGE.drop("United States"), totals=TOTALS, **WORDS)


def test_slopes_lead_from_the_first_column_to_the_second() -> None:
    line = drawn(draw("slopes"), "line")["ASEAN"]
    assert list(line.get_ydata()) == pytest.approx([0.164, 0.166])
    assert {"United States 11.1%", "14.7%", "2024", "2025"} <= set(
        words_of(draw("slopes")).split("\n")
    )


WRONG = [
    (
        charts.bars,
        CHANGE.reindex(["ASEAN", "Mars"]),
        {},
        "Mars needs an estimate, found the float nan",
    ),
    (
        charts.lines,
        SHARES.T.reindex(columns=["Mars"]),
        {},
        "Mars 2024 needs an estimate, found the float nan",
    ),
    (charts.bars, pd.Series({"ASEAN": 1.5}), {}, r"ASEAN needs an estimate, found the float 1\.5"),
    (charts.bars, CHANGE.head(0), {}, "'A finding' has no data"),
    (charts.bars, pd.concat([CHANGE, CHANGE]), {}, "one value of each, found more of ASEAN"),
    (
        charts.bars,
        column({"a": dollars(1), "b": printed(1)}),
        {},
        "one unit, found a in USD, b in CNY",
    ),
    (charts.bars, CHANGE, {"highlight": "Asean"}, r"name to highlight 'Asean' .* mean 'ASEAN'"),
    (charts.lines, CHANGE, {}, "stands on years, found 'ASEAN'"),
    (charts.bridge, CHANGE, {"totals": TOTALS.head(1)}, r"lead from .* but All others is \+?25"),
]


@pytest.mark.parametrize(("form", "data", "more", "message"), WRONG)
def test_what_cannot_be_drawn_is_named(
    form: Form, data: Any, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        form(data, **WORDS, **more)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_title_that_is_not_certain_is_marked(name: str) -> None:
    for holds in (False, pd.Series([True, False])):
        chart = draw(name, holds=holds)
        assert chart.title == f"{DOUBT} A finding"
        assert DOUBT in chart.alt
        assert DOUBT in words_of(chart).replace("\n", " ")
        assert_legible(chart)
    assert draw(name, holds=pd.Series([True])).title == "A finding"


def test_colour_is_what_is_highlighted() -> None:
    for name, (_, _, words) in EXAMPLES.items():
        chart = draw(name)
        marks = [m for kind in ("value", "interval", "line") for m in drawn(chart, kind).values()]
        accents = [mark for mark in marks if _colour(mark) == card.ACCENT]
        assert accents, name
        named = [a.get_gid() for a in accents]
        assert all(str(words["highlight"]) in gid for gid in named), name


def _colour(mark: Any) -> str:
    colour = mark.get_edgecolor() if isinstance(mark, Rectangle) else mark.get_color()
    return str(mpl.colors.to_hex(colour))


def test_the_source_is_collected_in_plain_words() -> None:
    assert "Source: Hankyung’s article on 2025; China’s\ncustoms." in words_of(draw("bridge")) or (
        "Source: Hankyung’s article on 2025; China’s customs." in words_of(draw("bridge"))
    )


def test_numbers_have_three_digits_so_that_none_looks_sharper() -> None:
    both = column({"printed": printed(1.13516 * T), "computed": computed(T, 1.0002 * T)})
    assert "printed: printed 1.14; computed: computed 1.00." in charts.bars(both, **WORDS).alt


def test_one_number_above_a_unit_takes_the_unit_of_the_others() -> None:
    assert "billion dollars" in draw("years").alt
    assert "1,189" in draw("years").alt


def test_alt_text_tells_title_measure_and_values() -> None:
    assert draw("bars").alt == (
        "Bar chart: A finding. Goods, billion dollars: printed: United States at least 130, Japan "
        "more than 200; other sources: Germany 365; printed: China 992."
    )


def picture(chart: charts.Chart) -> Any:
    page = BeautifulSoup(chart._repr_html_(), "html.parser")
    (found,) = page.select("div.tl-chart > img")
    return found


def test_a_chart_shows_itself_once_as_a_small_picture_with_its_alt_text(
    chart: charts.Chart,
) -> None:
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(chart)
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == repr(chart) == chart.alt
    shown = picture(chart)
    assert shown["alt"] == chart.alt
    assert (int(shown["width"]), int(shown["height"])) == size(chart)
    png = b64decode(shown["src"].removeprefix("data:image/png;base64,"))
    assert png == chart.png
    image = Image.open(BytesIO(png))
    assert (image.mode, image.size) == ("P", tuple(2 * length for length in size(chart)))
    assert set(image.info) == {"dpi"}
    assert image.info["dpi"] == pytest.approx((144, 144), abs=0.1)
    assert len(png) < 40_000


def test_what_comes_from_data_is_no_markup() -> None:
    evil = "<img src=x onerror=alert(1)>\"'`|&"
    chart = charts.bars(column({evil: printed(T, publisher=evil)}), title=evil, measure=evil)
    assert picture(chart)["alt"] == chart.alt
    assert evil in chart.alt


def test_the_picture_is_the_same_whatever_the_readers_settings() -> None:
    plain = draw("bars").png
    with mpl.rc_context({"font.size": 30, "figure.dpi": 50, "figure.facecolor": "black"}):
        assert draw("bars").png == plain


def test_dollar_signs_are_no_mathematics() -> None:
    chart = draw("bars", title="From $1 to $2")
    assert "From $1 to $2" in words_of(chart)
    assert not any(t.get_parse_math() for t in chart.figure.findobj(Text))


@pytest.mark.parametrize("name", charts.__all__[1:])
def test_shift_tab_helps(name: str) -> None:
    """The words of a form stand in its help, and one that is mistyped is named."""
    form = getattr(charts, name)
    for word in ("title", "measure", "highlight", "holds"):
        assert f"``{word}``" in form.__doc__
    with pytest.raises(TypeError, match="titel"):
        draw(name, titel="A finding")


@pytest.mark.slow
def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, tradelib, tradelib.charts; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = "import sys, tradelib; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=8, savefig_kwargs={"dpi": 40}
)
@pytest.mark.parametrize("name", ["bridge", "diverging", "slopes"])
def test_forms_look_as_they_did(name: str) -> Any:
    """Against pictures that ``pytest --mpl-generate-path=tests/baseline`` made of this file.

    The tolerance, a root mean square of 255 levels, lets hinting differ and no bar move.
    """
    return draw(name).figure


def luminance(colour: Any) -> float:
    srgb = np.array(mpl.colors.to_rgb(colour))
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return float(light @ [0.2126, 0.7152, 0.0722])


def contrast(one: Any, other: Any) -> float:
    """As WCAG 2 defines it."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def in_the_dark(colour: str) -> Any:
    """A colour as the style sheet turns it: invert(amount), then hue-rotate(180deg)."""
    (amount,) = {float(v) for v in re.findall(r"invert\(([\d.]+)\) hue-rotate\(180deg\)", STYLE)}
    turned = amount + (1 - 2 * amount) * np.array(mpl.colors.to_rgb(colour))
    rotate = [[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]]
    return np.clip(np.array(rotate) @ turned, 0, 1)


@pytest.mark.parametrize("seen", [mpl.colors.to_rgb, in_the_dark], ids=["light", "dark"])
def test_texts_and_marks_stand_out_in_light_and_dark(seen: Callable[[str], Any]) -> None:
    for text in (card.INK, card.MUTED, card.ACCENT):
        assert contrast(seen(text), seen(card.CARD)) >= 4.5
    assert contrast(seen(card.GREY), seen(card.CARD)) >= 2
    ground = mpl.colors.to_rgb("#131416" if seen is in_the_dark else "white")
    assert np.abs(seen(card.CARD) - np.array(ground)).max() < 0.02


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


def seen_as(colour: str, matrix: list[list[float]]) -> Any:
    """The CIELAB coordinates of a colour as somebody with that deficiency sees it."""
    srgb = np.array(mpl.colors.to_rgb(colour))
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    light = np.clip(np.array(matrix) @ light, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ light / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(
    "matrix",
    [np.eye(3).tolist(), PROTAN, DEUTAN, TRITAN, GREYSCALE],
    ids=["full", "protan", "deutan", "tritan", "greyscale"],
)
def test_colours_stay_apart_for_every_eye(matrix: list[list[float]]) -> None:
    pairs = [
        (card.ACCENT, card.GREY),
        (card.ACCENT, card.CARD),
        (card.GREY, card.CARD),
        (card.INK, card.CARD),
        (card.MUTED, card.CARD),
        (card.INK, card.GREY),
    ]
    for one, other in pairs:
        apart = np.linalg.norm(seen_as(one, matrix) - seen_as(other, matrix))
        assert apart > 20, f"{one} and {other} look alike: {apart:.0f}"
