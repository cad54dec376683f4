"""The report: the order a reader needs, nothing a reader must not see, the same bytes every time."""

from __future__ import annotations

import base64
import re
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import story
from helpers.core import wording
from helpers.core.results import Action, Gate, KeyFigure, Refusal, Verdict
from helpers.report import AimExporter, Chapter, Head, ReportRefused, merge, render
from helpers.report.filters import prose

GO = Verdict("go", "stable")
HEAD = Head("Office interiors", date(2021, 6, 30), "1,792 customers")
PNG = bytes.fromhex("89504e470d0a1a0a")
BAD = '<script>alert("x")</script>'
VOID = {"meta", "img"}


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")


def shows(record, **more):
    return displays({**record._repr_mimebundle_(), **more})


def displays(data, metadata=None):
    output = new_output("execute_result", data, metadata=metadata or {}, execution_count=3)
    return new_code_cell("secret_call()", outputs=[output], execution_count=3)


def fails(name: str, words: str = "secret /home/someone"):
    return new_code_cell("boom()", outputs=[new_output("error", ename=name, evalue=words, traceback=[words])])


def notebook(*cells, title="Customer groups", question="Which groups do we have?"):
    parameters = new_code_cell("client = 'secret'", metadata={"tags": ["parameters"]})
    opened = new_code_cell("phase = open_phase()", outputs=[new_output("stream", text="secret stream")])
    cells = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    first = new_markdown_cell(f"# {title}\n\n{question}")
    made = new_notebook(cells=[first, parameters, opened, *cells, new_markdown_cell("Written: secret.parquet")])
    made.metadata["papermill"] = {"input_path": "/home/secret", "start_time": "2026-01-01T00:00:00"}
    return made


def chapter(*cells, name="41_clusters", title="Customer groups", phase=4, **more):
    return Chapter(notebook(*cells), name, title, phase, **more)


def summary(*cells):
    return chapter(*cells, name="00_summary", title="In short", phase=0)


def picture():
    figures = story.figures_table(pd.DataFrame({"What": ["A"], "Value": ["3"]}), "Revenue")
    return story.Picture(PNG, "Revenue", "Revenue by group", 691, 200, figures)


def whole() -> list[Chapter]:
    table = story.Table(pd.DataFrame({"g": ["A", "B"], "n": [1, 2]}), "Groups", {"g": ("Group", "text"), "n": ("N", "number")})
    return [
        chapter(
            "**K-Means** puts customers together.",
            shows(story.Answer("Four groups", ["Because of this."], GO)),
            "### Stable\n\nThe same groups **come back**.",
            shows(picture()),
            shows(table),
            shows(story.HowSure({"Method": "K-Means.", "Checks": table})),
            shows(story.Actions([Action("Call them.", "sure", "now")])),
            shows(story.Answer("A second finding", ["More."])),
        ),
        chapter(shows(story.Answer("Three can run")), name="40_analyses", title="Analyses"),
        summary(
            shows(story.Answer("A third of revenue", ["Why."])),
            shows(story.KeyFigures([KeyFigure("32 %", "of revenue", "sure")])),
            shows(story.Actions([Action("Correct the codes.", "sure")])),
        ),
    ]


class Page(HTMLParser):
    """The elements of a page in order, with their words."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "words": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["words"] += data

    def all(self, *tags):
        return [element for element in self.elements if element["tag"] in tags]


def body(html: str) -> str:
    return html.split("<main", 1)[1].split("<script>", 1)[0]


def test_the_summary_stands_first_and_chapters_follow_by_name():
    page = Page(render(whole(), HEAD))
    assert [e["words"] for e in page.all("h1")] == ["A third of revenue"]
    assert [e["words"] for e in page.all("h2")] == ["What to do first", "Three can run", "Four groups"]
    assert [e["words"].strip() for e in page.all("nav")[0:1]][0].split() == ("Contents In short 4 Analyses Customer groups".split())
    assert [e["id"] for e in page.all("article")] == ["c00-summary", "c40-analyses", "c41-clusters"]


def test_a_chapter_reads_question_answer_why_picture_table_how_sure_what_to_do():
    html = body(render(whole(), HEAD)).split('id="c41-clusters"')[1]
    order = [
        "4 · Customer groups",
        "Which groups do we have?",
        "Four groups",
        "Because of this.",
        "<figure>",
        "<caption>Groups",
        "How sure is this",
        "Method",
        "Terms",
        "K-Means</strong> puts",
        "Stable",
        "What to do with it",
        "A second finding",
    ]
    places = [html.index(words) for words in order]
    assert places == sorted(places)


def test_headings_are_nested_and_ids_unique():
    page = Page(render(whole(), HEAD))
    levels = [int(e["tag"][1]) for e in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))
    ids = [e["id"] for e in page.elements if "id" in e]
    assert len(ids) == len(set(ids))
    named = {e["aria-labelledby"] for e in page.all("article")}
    assert named <= set(ids)
    assert {e["href"] for e in page.all("a")} <= {f"#{anchor}" for anchor in ids}


def test_everyone_can_read_it():
    page = Page(render(whole(), HEAD))
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("main")) == 1
    assert page.all("a")[0]["words"] == "Skip to the report"
    assert all(image["alt"].strip() for image in page.all("img"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in head for head in page.all("th"))
    assert [e for e in page.elements if e.get("tabindex") == "0"] == []  # nothing focusable without a reason


def test_the_content_policy_comes_first_and_names_this_script_and_style():
    html = render(whole(), HEAD)
    policy = Page(html).all("head", "meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "default-src 'none'" in policy["content"] and "base-uri 'none'" in policy["content"]
    assert "unsafe" not in policy["content"]
    for tag in ("script", "style"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy["content"]


def test_nothing_asks_the_network():
    html = render(whole(), HEAD)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"base64,[^\"]*", "", html).split("<script>")[0])
    assert {e["src"][:22] for e in Page(html).elements if "src" in e} == {"data:image/png;base64,"}
    assert "style=" not in html


def test_code_streams_paths_parameters_and_the_closing_cell_stay_out():
    html = render(whole(), HEAD)
    for words in ("secret", "papermill", "/home", "2026-01-01"):
        assert words not in html


def test_the_same_notebooks_give_the_same_bytes_in_any_order():
    chapters = whole()
    before = [nbformat.writes(chapter.notebook) for chapter in chapters]
    assert render(chapters, HEAD) == render(chapters[::-1], HEAD)
    assert [nbformat.writes(chapter.notebook) for chapter in chapters] == before


def test_a_hostile_client_stays_words():
    head = Head(BAD, date(2021, 6, 30), BAD, made=(BAD,))
    hostile = chapter(
        f"{BAD} <img src=x onerror=alert(1)> [click](javascript:alert(1)) ![p](http://x.com/p.png)",
        shows(story.Answer(BAD, [BAD], Verdict("go", BAD))),
        displays({"text/html": BAD, "text/plain": BAD}),
        title=BAD,
    )
    hostile.notebook.cells[0].source = f"# {BAD}\n\n{BAD}"
    html = render([hostile], head)
    assert html.count("<script") == 1
    assert "<img" not in html
    page = Page(html)
    assert {e["href"][0] for e in page.elements if "href" in e} == {"#"}
    assert not [name for e in page.elements for name in e if name.startswith("on")]
    assert page.all("h2")[0]["words"] == BAD
    assert page.all("pre")[0]["words"] == BAD


ANSWER = {"kind": "answer", "heading": "a", "sentences": ["b"], "verdict": None}
TABLE = {"kind": "table", "caption": "a", "columns": [{"header": "a", "side": ""}], "rows": [], "highlight": None, "first": 10}
PICTURE = {"kind": "picture", "png": "iVBORw0KGgo=", "caption": "a", "alt": "a", "width": 1, "height": 1, "table": None}


def test_records_as_they_are_written_are_records():
    assert [record.kind for record in story.read_records([ANSWER, TABLE, PICTURE])] == ["answer", "table", "picture"]


@pytest.mark.parametrize(
    "content",
    [
        [ANSWER | {"onclick": "x()"}],
        [ANSWER | {"kind": "script"}],
        [ANSWER | {"verdict": {"kind": "go onclick=x()", "word": "a"}}],
        [ANSWER | {"verdict": {"kind": "go", "word": "a", "sign": BAD}}],
        [ANSWER | {"heading": None}],
        [ANSWER | {"sentences": "b"}],
        [ANSWER, "<p>not a record</p>"],
        [{"kind": "page", "parts": [ANSWER]}],
        ANSWER,
        BAD,
        None,
        [PICTURE | {"png": "http://x.com/p.png"}],
        [PICTURE | {"png": base64.b64encode(b"<svg onload='x()'></svg>").decode()}],
        [PICTURE | {"width": '1" onload="x()'}],
        [PICTURE | {"alt": " "}],
        [TABLE | {"first": "10"}],
        [TABLE | {"columns": [{"header": "a", "side": 'number" onclick="x()'}]}],
        [TABLE | {"rows": [{"cells": ["a", "b"], "notes": []}]}],
        [TABLE | {"columns": [], "rows": [{"cells": [], "notes": []}]}],
        [{"kind": "sure", "parts": [["Method", TABLE | {"columns": [], "rows": [{"cells": [], "notes": []}]}]]}],
        [PICTURE | {"table": TABLE | {"columns": [], "rows": [{"cells": [], "notes": []}]}}],
        [TABLE | {"rows": [{"cells": [{"text": "a", "html": BAD}], "notes": []}]}],
        [{"kind": "sure", "parts": [["Method"]]}],
        [{"kind": "sure", "parts": [["Method", {"kind": "answer", "heading": "a"}]]}],
    ],
)
def test_json_that_no_record_writes_is_shown_as_its_plain_text(content):
    with pytest.raises(ValueError):
        story.read_records(content)
    page = render([chapter(displays({story.RECORDS: content, "text/html": BAD, "text/plain": "only <words>"}))], HEAD)
    assert "<pre>only &lt;words&gt;</pre>" in page and page.count("<script") == 1


def every_record() -> list[story.Record]:
    """One of each record, hostile in every place that takes words."""
    bad = Verdict("caution", BAD)
    columns = {"a": (BAD, "text"), "n": (BAD, "number"), "v": (BAD, "verdict"), "w": (BAD, "note")}
    table = story.Table(pd.DataFrame({"a": [BAD], "n": [1], "v": [bad], "w": [BAD]}), BAD, columns)
    return [
        story.Answer(BAD, [BAD], bad),
        story.Reasoned(Refusal(BAD, Gate(bad, BAD, BAD, BAD, BAD, BAD))),
        story.Sentence(BAD),
        story.KeyFigures([KeyFigure(BAD, BAD, BAD)]),
        story.Actions([Action(BAD, BAD, BAD)], BAD),
        table,
        story.HowSure({BAD: BAD, BAD + "2": [BAD], BAD + "3": table}),
        story.Picture(PNG, BAD, BAD, 1, 1, story.figures_table(pd.DataFrame({BAD: [BAD]}), BAD)),
    ]


@pytest.mark.parametrize("record", every_record(), ids=lambda record: record.kind)
@pytest.mark.parametrize("first", [True, False], ids=["heads the chapter", "stands in it"])
@pytest.mark.parametrize("make", [chapter, summary])
def test_words_of_a_record_stay_words_wherever_it_stands(record, first, make):
    before = [] if first else [shows(story.Answer("Four groups"))]
    html = render([make(*before, shows(record))], HEAD)
    assert html.count("<script") == 1 and "&lt;script&gt;" in html
    assert not [name for element in Page(html).elements for name in element if name.startswith("on")]


@pytest.mark.parametrize(
    "html",
    [
        '<section class="aim-answer"><p>a</p></section>',
        '<section class="aim-answer" data-aim="answer"><h2>a</h2></section>',
        pd.DataFrame({"Group <b>": ["A"], "N": [1]})._repr_html_(),
        BAD,
    ],
)
def test_html_is_never_looked_at(html):
    with_html = chapter(displays({"text/html": html, "text/plain": "only <words>"}, {"aim": {"role": "answer"}}))
    without = chapter(displays({"text/plain": "only <words>"}))
    assert render([with_html], HEAD) == render([without], HEAD)
    assert render([chapter(shows(story.Sentence("a"), **{"text/html": html}))], HEAD) == render([chapter(shows(story.Sentence("a")))], HEAD)


@pytest.mark.parametrize("kind", ["text/vnd.mermaid", "application/javascript", "text/markdown", "text/latex", "image/svg+xml"])
def test_other_kinds_of_output_are_shown_as_their_plain_text(kind):
    page = render([chapter(displays({kind: "alert(1)", "text/plain": "a thing"}))], HEAD)
    assert "alert(1)" not in page
    assert "<pre>a thing</pre>" in page


def test_an_ordinary_frame_is_shown_as_its_text():
    frame = pd.DataFrame({"Group <b>": ["A", "B"], "N": [1, 2]})
    page = Page(render([chapter(displays({"text/html": frame._repr_html_(), "text/plain": str(frame)}))], HEAD))
    assert page.all("pre")[0]["words"] == str(frame).strip()
    assert page.all("table", "b") == []


def test_a_bare_picture_gets_an_alternative_text():
    data = {"image/png": "iVBORw0K\nGgo=\n", "text/plain": "<Figure>"}
    page = Page(render([chapter(displays(data)), chapter(displays(data, {"image/png": {"alt": "Mine"}}), name="42_x")], HEAD))
    assert [image["alt"] for image in page.all("img")] == ["Picture from the chapter Customer groups", "Mine"]


@pytest.mark.parametrize("said", ["Mine", ["alt"], 7, None, True, {}, {"alt": ""}])
def test_a_bare_picture_whose_metadata_say_nothing_is_shown_all_the_same(said):
    odd = chapter(displays({"image/png": "iVBORw0KGgo="}))
    odd.notebook.cells[-2].outputs[0].metadata["image/png"] = said
    assert Page(render([odd], HEAD)).all("img")[0]["alt"] == "Picture from the chapter Customer groups"


@pytest.mark.parametrize("change", [{"data": None}, {"data": ["text/plain"]}, {"metadata": None}, {"metadata": ["image/png"]}])
def test_an_output_that_nothing_can_show_is_named_with_its_notebook_and_cell(change):
    odd = chapter(shows(story.Answer("Four groups")), displays({"image/png": "iVBORw0KGgo="}))
    odd.notebook.cells[-2].outputs[0].update(change)
    odd.notebook.cells[-2].execution_count = 12
    with pytest.raises(ReportRefused, match="^41_clusters: .* the cell numbered 12 shows .*[.]$"):
        render([odd], HEAD)


@pytest.mark.parametrize("png", ["PHN2Zz4=", '"><script>x()</script>', "iVBORw0KGgo", 7, [1, 2]])
def test_a_bare_picture_that_is_none_is_shown_as_its_text(png):
    hostile = chapter(displays({"text/plain": "<Figure>"}))
    hostile.notebook.cells[-2].outputs[0].data["image/png"] = png  # reading a notebook file does not check it either
    page = render([hostile], HEAD)
    assert "<pre>&lt;Figure&gt;</pre>" in page and "<img" not in page


def refusal():
    gate = Gate(Verdict("not_yet", "not yet"), "200", "60", "Too few.", "140 more", "Use the groups.")
    return story.Reasoned(Refusal("Too few repeat buyers: 140 more", gate))


def test_a_phase_that_ends_early_shows_its_reason_and_nothing_after_it():
    early = chapter("**Defined** before.", shows(refusal()), fails("EndOfPhase"), "**Defined** after.", status="not enough data")
    html = render([early], HEAD)
    assert Page(html).all("h2")[0]["words"] == "Too few repeat buyers: 140 more"
    assert "Use the groups." in html and "<strong>Defined</strong> before." in html
    assert "<strong>Defined</strong> after." not in html and "secret" not in html


def test_a_failure_is_never_a_chapter():
    with pytest.raises(ReportRefused, match="41_clusters stopped with ValueError") as refused:
        render([chapter(shows(refusal()), fails("ValueError"))], HEAD)
    assert "secret" not in str(refused.value)
    with pytest.raises(ReportRefused, match="kernel died"):
        chapter(status="kernel died")


def test_papermills_own_cells_are_dropped():
    note = new_markdown_cell("An Exception was encountered", metadata={"tags": ["papermill-error-cell-tag"]})
    early = chapter(shows(refusal()), fails("EndOfPhase"))
    early.notebook.cells.insert(0, note)
    html = render([early], HEAD)
    assert "Exception" not in html
    assert "Which groups do we have?" in html


def test_a_report_without_a_summary_still_has_its_heading():
    assert Page(render([chapter(shows(story.Answer("Four groups")))], HEAD)).all("h1")[0]["words"] == "Office interiors"
    assert Page(render([summary()], HEAD)).all("h1")[0]["words"] == "Office interiors"


def test_a_page_of_records_is_taken_apart():
    page = story.Page([story.Sentence("First."), story.Answer("The answer", ["Why."]), story.HowSure({"Method": "M."})])
    html = body(render([chapter(shows(page))], HEAD))
    assert html.index("The answer") < html.index("First.") < html.index("<details")


def test_the_pages_own_words_are_in_the_clients_language_and_the_callers_stays():
    html = render(whole(), Head("Kantoor", date(2021, 6, 30), language="nl"))
    assert '<html lang="nl">' in html
    assert "30 juni 2021" in html
    assert wording.number(1234.5, 1) == "1,234.5"


def test_a_pale_accent_is_darkened():
    html = render(whole(), Head("A", date(2021, 6, 30), accent="#ffd400"))
    assert ":root{--accent:#ffd400}" not in html
    assert re.search(r":root\{--accent:#[0-9a-f]{6}\}", html)


def test_merged_notebooks_are_valid_and_keep_nothing_of_the_run():
    merged = merge(whole(), HEAD)
    nbformat.validate(merged)
    assert "secret" not in nbformat.writes(merged)
    assert len({cell.id for cell in merged.cells}) == len(merged.cells)
    assert merged.cells[0].id == "c00-summary-000"


def test_the_exporter_takes_merged_notebooks_only():
    with pytest.raises(ReportRefused, match="merge"):
        AimExporter().from_notebook_node(notebook())


def test_the_exporter_believes_no_merged_notebook_either():
    merged = merge([chapter(shows(story.Answer("Four groups")))], HEAD)
    merged.cells[0].outputs[0].data = {"text/html": BAD, story.RECORDS: [ANSWER | {"heading": 1}], "text/plain": BAD}
    html = AimExporter().from_notebook_node(merged)[0]
    assert html.count("<script") == 1 and Page(html).all("pre")[0]["words"] == BAD


def test_prose_keeps_words_and_drops_addresses():
    html = prose("# Big\n\nA [paper](http://x.com), **bold**, `code`.\n\n- one\n\n|a|b|\n|-|-:|\n|1|2|", 4)
    assert "<h4>Big</h4>" in html and "A paper, <strong>bold</strong>" in html
    assert '<td class="aim-number">2</td>' in html
    assert "href" not in html and "style" not in html


def test_the_page_itself_is_light():
    html = render(whole(), HEAD)
    assert len(html) < 30_000
