"""Where a picture turns into another: just below and just above."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers import charts
from helpers.charts import bar_chart, column_chart, figure, line_chart, plot_area, scatter_plot, theme


@pytest.mark.parametrize(("kinds", "last"), [(6, "#56b4e9"), (7, "#c3cad0")])
def test_six_kinds_have_a_colour_the_seventh_is_grey(kinds, last):
    assert charts.kind_colours(kinds)[-1] == last


@pytest.mark.parametrize(("series", "colour"), [(6, "#0072b2"), (7, "#c3cad0")])
def test_seven_lines_are_all_grey(series, colour):
    assert line_chart._colours([str(name) for name in range(series)], None)[0] == colour


@pytest.mark.parametrize(("ground", "ink"), [("#8a8a8a", "#1b1f23"), ("#7f7f7f", "#000000"), ("#5b6670", "#ffffff")])
def test_words_on_a_ground_have_the_first_ink_that_can_be_read(ground, ink):
    assert theme.on(ground) == ink


@pytest.mark.parametrize(("letters", "turned"), [(10, False), (11, True)])
def test_long_names_turn_columns_into_bars(monkeypatch, letters, turned):
    drawn = []
    monkeypatch.setattr(column_chart, "bars", lambda *args, **more: drawn.append("bars") or bar_chart.bars(*args, **more))
    charts.columns(["m" * letters] * 12, [1.0] * 12, caption="c")
    assert bool(drawn) is turned


@pytest.mark.parametrize(("count", "pixels"), [(15, 612), (16, 499)])
def test_sixteen_bars_stand_closer_than_fifteen(count, pixels):
    assert charts.bars([str(at) for at in range(count)], [1.0] * count, caption="c").height == pixels


@pytest.mark.parametrize(("colours", "written"), [(128, 128), (129, 128)])
def test_a_picture_has_at_most_128_colours(colours, written):
    pixels = np.zeros((1, colours, 3), dtype=np.uint8)
    pixels[0, :, 0] = range(colours)
    file = io.BytesIO()
    figure._with_palette(pixels).save(file, format="png")
    assert len(Image.open(file).convert("RGB").getcolors(1000) or []) == written


@pytest.mark.parametrize(
    ("value", "words"), [(999, "999"), (1000, "1\u00a0k"), (999_999, "1,000.0\u00a0k"), (1e6, "1\u00a0m"), (1e9, "1\u00a0bn")]
)
def test_ticks_are_short_from_a_thousand_a_million_a_billion(value, words):
    assert plot_area.short(value) == words


@pytest.mark.parametrize(("least", "shift"), [(0.0, 1.0), (0.1, 0.0)])
def test_a_log_scale_makes_room_for_zero_only_where_there_is_one(least, shift):
    assert scatter_plot.Scale.of(np.array([least, 5.0]), True).shift == shift


@pytest.mark.parametrize(("low", "high", "words"), [(1.0, 99.0, ["1", "2", "5", "10", "20", "50"]), (1.0, 100.0, ["1", "10", "100"])])
def test_a_log_scale_of_two_orders_has_only_powers_of_ten(low, high, words):
    scale = scatter_plot.Scale(True)
    assert scale.ticks(float(scale(low)), float(scale(high)))[1] == words


def test_twelve_rows_are_named_in_the_alternative_text():
    frame = pd.DataFrame({"A": [1.0] * 13}, index=[f"g{at}" for at in range(13)])
    alt = charts.stacked_shares(frame, caption="c").alt
    assert "g11" in alt and "g12" not in alt
