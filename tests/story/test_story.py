"""The display records: every word escaped, every number in the client's language, readable as text."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import story
from helpers.core import wording
from helpers.core.results import Action, Gate, KeyFigure, Refusal, Verdict
from helpers.story import text_table

GO, NOT_YET = Verdict("go", "stable"), Verdict("not_yet", "not yet")
BAD = '<script>alert("x")</script>'
PNG = bytes.fromhex("89504e470d0a1a0a")


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")
    yield
    wording.use("en", "EUR")


def every_record(words: str) -> list[story.Record]:
    """One of each record, with the same words in every place that takes words."""
    verdict = Verdict("caution", words)
    frame = pd.DataFrame({"a": [words], "v": [verdict]})
    table = story.Table(frame, words, {"a": (words, "text"), "v": (words, "verdict")})
    gate = Gate(verdict, words, words, words, words, words)
    return [
        story.Answer(words, [words], verdict),
        story.Sentence(words),
        story.KeyFigures([KeyFigure(words, words, words)]),
        story.Actions([Action(words, words, words)], heading=words),
        table,
        story.HowSure({words: words, words + "2": [words], words + "3": table}),
        story.Picture(PNG, words, words or "alt", 10, 10, story.figures_table(pd.DataFrame({words: [words]}), words)),
        story.Reasoned(Refusal(words, gate)),
    ]


class Structure(HTMLParser):
    """Which tags a fragment has, and whether each is closed in order."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.open, self.attributes = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, __ in attrs]
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("at", range(8))
def test_words_of_a_client_never_become_tags(at):
    calm, hostile = every_record("words")[at], every_record(BAD)[at]
    assert "<script" not in hostile.to_html()
    assert "&lt;script&gt;" in hostile.to_html()
    assert Structure(hostile.to_html()).tags == Structure(calm.to_html()).tags


@given(st.text(min_size=1).filter(str.strip))
def test_any_words_leave_the_structure_alone(words):
    page = story.Page(every_record(words)).to_html()
    structure = Structure(page)
    assert structure.open == []
    assert structure.tags == Structure(story.Page(every_record("words")).to_html()).tags
    assert not {"id", "style", "onclick"} & set(structure.attributes)


def test_an_output_carries_the_record_html_and_text():
    data = story.Answer("Four groups", ["Because."], GO)._repr_mimebundle_()
    assert list(data) == ["application/vnd.aim.record+json", "text/html", "text/plain"]
    verdict = {"kind": "go", "word": "stable"}
    assert data[story.RECORDS] == [{"heading": "Four groups", "sentences": ["Because."], "verdict": verdict, "kind": "answer"}]
    assert data["text/plain"] == "Four groups\n[✓ stable] Because."
    assert data["text/html"].startswith('<section class="aim-answer"><h2')


@pytest.mark.parametrize("at", range(8))
def test_what_is_written_is_read_back(at):
    record = every_record('The client\'s <words> & "more"')[at]
    (again,) = story.read_records([record.to_json()])
    assert again.to_json() == record.to_json()
    assert (again.to_html(), again.to_text()) == (record.to_html(), record.to_text())


@given(st.text(min_size=1).filter(str.strip))
def test_any_words_are_read_back_from_a_notebook_file(words):
    page = story.Page(every_record(words))
    output = nbformat.v4.new_output("execute_result", page._repr_mimebundle_())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    nbformat.validate(notebook)
    again = nbformat.reads(nbformat.writes(notebook), as_version=4)
    records = story.read_records(again.cells[0].outputs[0].data[story.RECORDS])
    assert story.Page(records).to_html() == page.to_html()


def test_only_what_is_shown_is_written():
    frame = pd.DataFrame({"customer_id": ["00123"], "secret": ["never shown"], "x": [1.23456789]})
    written = str(story.Table(frame, "c", {"customer_id": ("Customer", "id"), "x": ("X", "number")}).to_json())
    assert "no. 1" in written and "00123" not in written and "never shown" not in written


def test_the_order_of_parts_survives_a_file_that_sorts_its_keys():
    record = story.HowSure({"Method": "b", "Checks": "a"})
    assert [name for name, __ in record.to_json()["parts"]] == ["Method", "Checks"]


def test_a_record_fits_its_place():
    closed = story.HowSure({"Method": "K-Means."})
    assert closed.to_html(story.Place(part_level=2, unfolded=True)) == "<h2>Method</h2><p>K-Means.</p>"
    answer = story.Answer("Four groups", ["Because."])
    assert answer.to_html(story.Place(heading_above=True)) == '<section class="aim-answer"><p class="aim-lead">Because.</p></section>'
    actions = story.Actions([Action("Call them.", "")])
    assert "<h2>What to do first</h2>" in actions.to_html(story.Place(part_level=2, first_page=True))
    own = story.Actions([Action("Call them.", "")], "This week")
    assert "<h2>This week</h2>" in own.to_html(story.Place(part_level=2, first_page=True))


def test_a_row_has_a_cell_per_column():
    with pytest.raises(ValueError, match="1 cells, one per column"):
        text_table.TextTable("c", [text_table.Column("a")], [text_table.Row(["a", "b"])])


def test_every_record_says_the_same_as_text():
    for record in every_record("Offices"):
        assert "Offices" in record.to_text()
        assert "<" not in record.to_text()


def test_numbers_are_written_in_the_clients_language():
    frame = pd.DataFrame({"g": ["A"], "m": [1234.5], "p": [0.325], "d": [date(2021, 6, 30)], "y": [True]})
    columns = {"g": ("Group", "text"), "m": ("Spend", "money2"), "p": ("Share", "percent1"), "d": ("Day", "date"), "y": ("Sent", "yesno")}
    assert story.Table(frame, "c", columns).to_text().splitlines()[-1].split() == ("A €\u00a01,234.50 32.5\u00a0% 30 June 2021 yes".split())
    wording.use("nl")
    assert "€\u00a01.234,50" in story.Table(frame, "c", columns).to_html()


def test_money_loses_its_sign_where_the_header_names_the_currency():
    frame = pd.DataFrame({"m": [147345.4]})
    assert ">147,345<" in story.Table(frame, "c", {"m": ("Mean purchases, €", "money")}).to_html()
    assert ">€\u00a0147,345<" in story.Table(frame, "c", {"m": ("Mean purchases", "money")}).to_html()


@pytest.mark.parametrize(
    ("value", "form"), [(float("nan"), "number"), (None, "text"), (pd.NaT, "date"), (pd.NA, "percent"), (None, "verdict"), (None, "yesno")]
)
def test_what_is_missing_is_a_dash(value, form):
    frame = pd.DataFrame({"g": ["A"], "x": pd.Series([value], dtype=object)})
    shown = story.Table(frame, "c", {"g": ("G", "text"), "x": ("X", form)})
    assert ">–</td>" in shown.to_html()
    assert shown.to_text().endswith("–")


def test_a_table_has_scope_caption_one_mark_and_keeps_rows_beyond_the_first():
    frame = pd.DataFrame({"g": list("ABCDEFGHIJKL"), "n": range(12)})
    html = story.Table(frame, "Groups", {"g": ("Group", "text"), "n": ("Customers", "number")}, highlight=2).to_html()
    assert html.count("<tr") == 13
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 12
    assert html.count("aim-mark") == 1
    assert "<caption>Groups</caption>" in html
    first, more = html.split('<tbody class="aim-more">')
    assert first.count("<tr") == 11
    assert more.count("<tr") == 2


def test_a_wide_table_can_be_reached_with_the_keyboard():
    frame = pd.DataFrame([range(6)], columns=list("abcdef"))
    wide = story.Table(frame, "Many", {c: (c, "number") for c in frame})
    assert 'role="region" tabindex="0" aria-label="Many"' in wide.to_html()
    narrow = story.Table(frame, "Few", {c: (c, "number") for c in "abc"})
    assert "tabindex" not in narrow.to_html()


def test_mistakes_in_columns_are_named():
    frame = pd.DataFrame({"customers": [1]})
    with pytest.raises(ValueError, match="Did you mean 'customers'"):
        story.Table(frame, "c", {"custommers": ("N", "number")})
    with pytest.raises(ValueError, match="Did you mean 'money'"):
        story.Table(frame, "c", {"customers": ("N", "mony")})


def test_a_picture_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        story.Picture(b"x", "caption", " ", 10, 10)


def test_a_picture_brings_its_figures_as_a_table():
    figures = story.figures_table(pd.DataFrame({"What": ["A"], "Value": ["€\u00a03"]}), "Spend")
    picture = story.Picture(b"x", "Spend", "alt", 10, 10, figures)
    html = picture.to_html()
    assert html.index("<figcaption>Spend") < html.index("<img")
    assert '<th scope="row">A</th><td class="aim-number">€\u00a03</td>' in html


def test_a_refusal_shows_what_is_missing_and_what_is_possible():
    gate = Gate(NOT_YET, "200 customers", "60 customers", "Too few.", "140 more", "Use the groups.")
    text = story.Reasoned(Refusal("Too few repeat buyers", gate)).to_text()
    for words in ("Too few repeat buyers", "✗ not yet", "200 customers", "60 customers", "140 more", "Use the groups."):
        assert words in text


def test_no_actions_show_nothing():
    assert story.Actions([]).to_html() == '<section class="aim-actions"></section>'


def test_customer_numbers_show_only_where_the_client_allowed_it():
    frame = pd.DataFrame({"customer_id": ["00123", "00456"], "x": [1, 2]})
    columns = {"customer_id": ("Customer", "id"), "x": ("X", "number")}
    table = story.Table(frame, "c", columns)
    assert "00123" not in table.to_html() + table.to_text() and "no. 2" in table.to_html()
    story.show_ids(True)
    try:
        table = story.Table(frame, "c", columns)
        assert "00123" in table.to_html() and "00456" in table.to_text()
    finally:
        story.show_ids(False)


def test_a_text_column_without_a_word_is_left_out():
    frame = pd.DataFrame({"g": ["A", "B"], "why": ["", ""]})
    assert "Why" not in story.Table(frame, "c", {"g": ("G", "text"), "why": ("Why", "text")}).to_html()


def test_a_note_stands_below_its_row_over_the_whole_width():
    frame = pd.DataFrame({"g": ["A", "B"], "x": [1, 2], "why": ["because", ""]})
    table = story.Table(frame, "c", {"g": ("G", "text"), "x": ("X", "number"), "why": ("Why", "note")})
    assert '<tr class="aim-note"><td colspan="2"><div>Why: because</div></td></tr>' in table.to_html()
    assert table.to_html().count("aim-note") == 1 and ">Why</th>" not in table.to_html()
    assert "because" in table.to_text()
