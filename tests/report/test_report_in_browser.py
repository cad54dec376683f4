"""The report in a real browser: no request but the file, no refused script or style, tables that sort."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from helpers import charts, story
from helpers.core import wording
from helpers.core.results import Action, KeyFigure, Verdict
from helpers.report import Head, render
from tests.report.test_report import chapter, shows, summary

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox --headless --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
).split()

pytestmark = pytest.mark.slow
if not CHROMIUM.exists() and not shutil.which("chromium"):
    pytest.skip("no Chromium on this machine", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


def chapters():
    frame = pd.DataFrame({"g": [f"Group {at}" for at in range(14)], "n": [(at * 7) % 14 + 0.5 for at in range(14)]})
    frame.loc[3, "n"] = float("nan")
    table = story.Table(frame, "Groups", {"g": ("Group", "text"), "n": ("Purchases, €", "money")}, highlight=1)
    return [
        summary(
            shows(story.Answer("A third of revenue comes from 107 offices", ["Why."], Verdict("go", "stable"))),
            shows(story.KeyFigures([KeyFigure("32 %", "of revenue", "sure")])),
            shows(story.Actions([Action("Correct the codes.", "sure", "this week")])),
        ),
        chapter(
            "A **term** explained.",
            shows(story.Answer("Four groups", ["Because."])),
            shows(charts.bars(["A", "B"], [1, 2], caption="Revenue", highlight="B")),
            shows(table),
            shows(story.HowSure({"Method": "K-Means."})),
        ),
    ]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    wording.use("en", "EUR")
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(chapters(), Head("Office interiors", date(2021, 6, 30))), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as play:
        path = str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium")
        opened = play.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, report):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.requests, opened.complaints = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.goto(report)
    yield opened
    opened.close()


def test_only_the_file_itself_is_asked_for(page, report):
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(300)
    assert [url for url in page.requests if not url.startswith("data:")] == [report]
    assert page.complaints == []


def test_tables_sort_and_show_all_rows(page):
    rows = page.locator("#c41-clusters .aim-table tbody tr:visible")
    assert rows.count() == 10
    page.get_by_role("button", name="Show all 14 rows").click()
    assert rows.count() == 14
    head = page.get_by_role("button", name="Purchases, €")
    head.click()
    values = page.locator("#c41-clusters .aim-table tbody td:first-of-type").all_inner_texts()
    assert values[-1] == "–"  # what is unknown stays last
    known = [float(value) for value in values[:-1]]
    assert known == sorted(known, reverse=True)
    head.click()
    assert page.locator("th[aria-sort=ascending]").count() == 1
    values = page.locator("#c41-clusters .aim-table tbody td:first-of-type").all_inner_texts()
    assert [float(value) for value in values[:-1]] == sorted(known)
    assert values[-1] == "–"


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_nothing_is_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beside = page.evaluate("getComputedStyle(document.body).display") == "grid"
    assert beside == (width >= 1100)
    assert page.locator(".contents a").first.is_visible() == beside


def test_the_contents_mark_what_is_read(page):
    assert page.locator(".contents a[aria-current]").inner_text() == "In short"
    page.locator(".contents a").last.click()
    page.locator(".contents a[aria-current][href='#c41-clusters']").wait_for()


def test_paper_shows_everything(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("K-Means.").is_visible()
    assert page.locator("nav").is_hidden()
    assert page.locator("#c41-clusters .aim-table tbody tr:visible").count() == 14
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.aim-fold[open]").count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_keyboard_reaches_the_report(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


def opened_at(browser, tmp_path: Path, width: int, *records: story.Record):
    """Return a page of a chapter with these records, on a screen of this width."""
    path = tmp_path / "report.html"
    path.write_text(render([chapter(*(shows(record) for record in records))], Head("A shop", date(2021, 6, 30))), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    return page


# How far the words of each caption stand out of the frame that scrolls, at the left and at the right.
CAPTION_CUT = """() => [...document.querySelectorAll('.aim-scroll caption')].map(caption => {
  const words = document.createRange();
  words.selectNodeContents(caption);
  const [text, frame] = [words.getBoundingClientRect(), caption.closest('.aim-scroll').getBoundingClientRect()];
  return Math.max(frame.left - text.left, text.right - frame.right);
})"""


def test_a_caption_is_read_whole_however_far_its_table_is_scrolled(browser, tmp_path):
    columns = {f"c{at}": (f"Orders in the month {at}", "number") for at in range(9)}
    caption = "Groups of customers with all that they ordered, month by month, from the first to the last of them"
    page = opened_at(browser, tmp_path, 390, story.Table(pd.DataFrame(dict.fromkeys(columns, [1])), caption, columns))
    assert page.evaluate("(frame => frame.scrollWidth > 1.5 * frame.clientWidth)(document.querySelector('.aim-scroll'))")
    assert page.evaluate(CAPTION_CUT)[0] < 1
    page.evaluate("document.querySelector('.aim-scroll').scrollLeft = 300")
    assert page.evaluate(CAPTION_CUT)[0] < 1
    page.close()


LINES_PER_AMOUNT = """() => {
  const text = document.querySelector('.aim-sentence p').firstChild;
  return [...text.data.matchAll(/-\\W*€\\u00a01,199/g)].map(amount => {
    const words = document.createRange();
    words.setStart(text, amount.index);
    words.setEnd(text, amount.index + amount[0].length);
    return new Set([...words.getClientRects()].map(line => line.top)).size;
  });
}"""


def test_a_minus_stays_with_its_amount_at_the_end_of_a_line(browser, tmp_path):
    words = " ".join("x" * (1 + at % 11) + " " + wording.money(-1199) for at in range(120))
    page = opened_at(browser, tmp_path, 390, story.Answer("Four groups"), story.Sentence(words))
    assert page.evaluate(LINES_PER_AMOUNT) == [1] * 120
    page.close()
