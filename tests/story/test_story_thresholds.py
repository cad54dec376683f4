"""Where a table or colour turns into another: just below and just above."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import story
from helpers.core import wording
from helpers.story import colour


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")


@pytest.mark.parametrize(("letters", "side"), [(28, ""), (29, "long")])
def test_a_text_of_more_than_28_letters_makes_its_column_long(letters, side):
    table = story.Table(pd.DataFrame({"a": ["x" * letters]}), "c", {"a": ("A", "text")})
    assert table.columns[0].side == side


@pytest.mark.parametrize(("columns", "note", "wide"), [(5, "", False), (6, "", True), (4, "why", False), (5, "why", True), (5, None, True)])
def test_more_than_five_columns_scroll_and_notes_count_as_a_column(columns, note, wide):
    frame = pd.DataFrame({str(number): [number] for number in range(columns)}).assign(note=note)
    heads = {str(number): (str(number), "number") for number in range(columns)}
    html = story.Table(frame, "c", {**heads, "note": ("Note", "note")}).to_html()
    assert ('role="region"' in html) is wide


@pytest.mark.parametrize(("rows", "more"), [(10, 0), (11, 1)])
def test_ten_rows_are_shown_at_once(rows, more):
    html = story.Table(pd.DataFrame({"a": range(rows)}), "c", {"a": ("A", "number")}).to_html()
    assert html.partition('<tbody class="aim-more">')[2].count("<tr") == more


@pytest.mark.parametrize(("rows", "shown"), [(120, 120), (121, 120)])
def test_a_picture_brings_ten_years_of_months_and_says_what_it_leaves_out(rows, shown):
    table = story.figures_table(pd.DataFrame({"a": range(rows)}), "c")
    assert table is not None and len(table.rows) == shown
    assert ("the first 120 of 121 rows" in table.caption) == (rows > shown)
    assert "aim-more" not in table.to_html()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("#767676", "#767676"),  # contrast 4.54 on white
        ("#777777", "#747474"),  # 4.48: one step darker
    ],
)
def test_a_colour_with_a_contrast_below_four_and_a_half_is_darkened(given, used):
    assert colour.readable(given) == used
