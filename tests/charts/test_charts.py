"""The forms: words that never touch or are cut, exact colours, the same bytes every time."""

from __future__ import annotations

import io
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image

from helpers import charts
from helpers.charts import figure, scatter_plot, theme
from helpers.core import wording
from helpers.story.colour import contrast

LONG = "A very long name of a group nobody would choose, Donaudampfschifffahrtsgesellschaftskapitäne included"
NAN = float("nan")


@pytest.fixture(autouse=True)
def house():
    wording.use("en", "EUR")
    charts.use_accent(theme.DEFAULT_ACCENT)
    yield
    charts.use_accent(theme.DEFAULT_ACCENT)


@pytest.fixture
def drawn(monkeypatch):
    """The figures behind the pictures made in a test."""
    figures, write = [], figure.to_png

    def keep(figure):
        figures.append(figure)
        return write(figure)

    monkeypatch.setattr(figure, "to_png", keep)
    return figures


def clashes(figure) -> list[str]:
    """Words that touch other words, or leave the paper."""
    renderer = figure.canvas.get_renderer()
    words = [w for w in figure.findobj(Text) if w.get_visible() and w.get_text().strip()]
    boxes = [(w.get_text(), w.get_window_extent(renderer)) for w in words]
    cut = [
        f"cut: {text}"
        for text, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > figure.bbox.width + 1 or box.y1 > figure.bbox.height + 1
    ]
    touching = [
        f"{left} | {right}"
        for (left, a), (right, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    return cut + touching


def numbers(count: int, seed: int = 1) -> list[float]:
    return (np.random.default_rng(seed).normal(size=count) * 1e5).tolist()


def names(count: int) -> list[str]:
    return [f"Group {at}" for at in range(count)]


VALUES = {
    "one": [3.0],
    "two": [1e6, 2.0],
    "twelve": numbers(12),
    "forty": numbers(40),
    "negative": [-3.0, -200.0, -1e7],
    "zero": [0.0, 0.0, 0.0],
    "missing": [NAN, 2.0, NAN],
    "nothing known": [NAN, NAN],
}
MONTHS = pd.date_range("2020-01-31", periods=24, freq="ME")


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("label", ["Group {}", LONG + " {}"], ids=["short", "long"])
@pytest.mark.parametrize("form", [charts.bars, charts.columns])
def test_lengths_keep_their_words_apart(drawn, values, label, form):
    labels = [label.format(at) for at in range(len(values))]
    picture = form(labels, values, caption="c", highlight=0, formatter=wording.money_short)
    assert clashes(drawn[-1]) == []
    assert picture.alt.startswith("c: ")
    assert picture.width == 691


def test_intervals_keep_clear_of_the_values(drawn):
    charts.bars(["a", "b"], [3, -4], low=[1, -9], high=[8, -1], caption="c")
    assert clashes(drawn[-1]) == []
    ends = [line.get_xdata() for line in drawn[-1].axes[0].lines if line.get_color() == theme.INK]
    words = {w.get_text(): w for w in drawn[-1].axes[0].texts}
    assert words["3"].get_position()[0] > max(ends[0])
    assert words["-4"].get_position()[0] < min(ends[1])


@pytest.mark.parametrize("count", [1, 2, 12, 40])
def test_shares_keep_their_words_apart(drawn, count):
    rng = np.random.default_rng(count)
    frame = pd.DataFrame(rng.dirichlet([1] * 5, count), index=names(count), columns=["A", "B", "C", LONG, LONG + "2"])
    frame.iloc[0, 0] = NAN
    charts.stacked_shares(frame, caption="c")
    assert clashes(drawn[-1]) == []


@pytest.mark.parametrize("count", [1, 2, 12, 40])
@pytest.mark.parametrize("rows", [1, 2, 24])
def test_lines_keep_their_names_apart(drawn, count, rows):
    frame = pd.DataFrame(np.reshape(numbers(rows * count), (rows, count)), index=MONTHS[:rows], columns=names(count))
    frame.iloc[0, 0] = NAN
    charts.lines(frame, caption="c", formatter=wording.money)
    assert clashes(drawn[-1]) == []
    charts.lines(frame.rename(columns={names(count)[-1]: LONG}), caption="c", highlight=LONG)
    assert clashes(drawn[-1]) == []


@pytest.mark.parametrize("value", [0.0, NAN], ids=["zero", "unknown"])
def test_flat_and_unknown_lines_can_be_drawn(drawn, value):
    charts.lines(pd.DataFrame({"a": [value] * 3, "b": [value] * 3}, index=MONTHS[:3]), caption="c")
    assert clashes(drawn[-1]) == []


def test_a_band_stays_in_the_field():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0]}, index=MONTHS[:3])
    picture = charts.lines(frame, caption="Sales", highlight="a", bands={"a": (frame["a"] - 50, frame["a"] + 50)})
    assert picture.alt == "Sales: a goes from 1 (Jan 2020) to 3 (Mar 2020)."


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize("count", [1, 2, 12, 40])
@pytest.mark.parametrize("long", [True, False])
def test_grids_keep_their_words_apart(drawn, rows, count, long):
    frame = pd.DataFrame(
        np.abs(np.reshape(numbers(rows * count), (rows, count))),
        index=[LONG if long and not at else f"Row {at}" for at in range(rows)],
        columns=[LONG if long and not at else f"Column {at}" for at in range(count)],
    )
    frame.iloc[0, 0] = NAN
    charts.heatmap(frame, caption="c", formatter=wording.money_short)
    assert clashes(drawn[-1]) == []


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("count", [1, 2, 12, 400])
def test_points_keep_their_words_apart(drawn, count, log):
    x = np.abs(numbers(count))
    x[0] = 0.0
    kinds = [f"Kind number {at % 5}" for at in range(count)]
    charts.scatter(
        x,
        np.abs(numbers(count, 2)),
        kinds=kinds,
        sizes=x,
        labels=names(count),
        caption="c",
        x_label="Purchases over four years, €",
        y_label=LONG,
        log_x=log,
        log_y=log,
    )
    assert clashes(drawn[-1]) == []


@pytest.mark.parametrize("count", [1, 2, 400])
def test_the_room_keeps_its_words_on_the_paper(drawn, count):
    frame = pd.DataFrame({"a": np.abs(numbers(count)), "b": range(count), "c": np.abs(numbers(count, 3))})
    labels = ["Purchases over four years, €", "Contacts", "Orders"]
    charts.scatter_3d(frame, ["A"] * count, caption="c", labels=labels)
    drawn[-1].canvas.draw()
    assert [clash for clash in clashes(drawn[-1]) if clash.startswith("cut")] == []


def test_a_log_scale_shows_zero_and_reads_in_plain_numbers():
    scale = scatter_plot.Scale.of(np.array([0.0, 5.0, 20000.0]), True)
    places, words = scale.ticks(0.0, float(scale(20000)))
    assert words == ["0", "1", "10", "100", "1,000", "10,000"]
    assert places[0] == 0.0
    without_zero = scatter_plot.Scale.of(np.array([10.0, 1000.0]), True)
    assert without_zero(100.0) == pytest.approx(2.0)


def test_points_that_are_unknown_are_left_out():
    picture = charts.scatter([1, NAN, 3], [1, 2, NAN], caption="c", x_label="x", y_label="y")
    assert "1 point;" in picture.alt


def test_the_alternative_text_names_largest_and_smallest():
    picture = charts.bars(["A", "B", "C"], [1, 30, NAN], caption="Orders")
    assert picture.alt == "Orders: 2 figures; largest B (30), smallest A (1)."
    assert charts.bars(["A"], [NAN], caption="Orders").alt == "Orders: no figures to show."


def test_the_same_drawing_is_the_same_file_with_exact_colours():
    draw = lambda: charts.bars(["A", "B"], [1, 2], caption="c", highlight="B")  # noqa: E731
    first, again = draw(), draw()
    assert first.png == again.png
    image = Image.open(io.BytesIO(first.png))
    assert image.mode == "P"
    assert image.info.keys() <= {"dpi"}
    colours = {"#" + bytes(colour).hex() for __, colour in image.convert("RGB").getcolors(10**6)}
    assert {theme.DEFAULT_ACCENT, charts.GREY, "#ffffff"} <= colours
    assert abs(image.width - 7.2 * 144) < 1


def test_two_thousand_points_stay_small():
    rng = np.random.default_rng(1)
    picture = charts.scatter(rng.lognormal(size=2000), rng.lognormal(size=2000), caption="c", x_label="x", y_label="y")
    assert len(picture.png) < 100_000


def test_an_accent_that_cannot_be_read_is_darkened():
    assert charts.use_accent("#0b6e6e") == "#0b6e6e"
    assert contrast("#ffd400") < 4.5 <= contrast(charts.use_accent("#ffd400"))
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    with pytest.raises(ValueError, match="expected a colour"):
        charts.use_accent("teal")


def test_words_on_every_shade_can_be_read():
    grounds = [*(theme.mix(theme.accent(), amount / 10) for amount in range(11)), *theme.kind_colours(7)]
    assert min(contrast(theme.on(ground), ground) for ground in grounds) >= 4.5


def test_words_spread_without_touching():
    places = figure.spread([1.0, 1.0, 1.05], 0.2, 0.0, 1.1)
    assert np.diff(sorted(places)).min() >= 0.2 - 1e-9
    assert max(places) <= 1.1


def test_a_dollar_is_money_and_not_mathematics():
    assert charts.bars(["$5 to $9", "A_b^c"], [1, 2], caption="c").png


def test_a_drawing_of_ones_own():
    figure, axes = charts.blank(height_inches=2)
    axes.plot([1, 2], [3, 4])
    picture = charts.picture(figure, "c", "two points", pd.DataFrame({"x": [1]}))
    assert (picture.width, picture.height) == (691, 192)
