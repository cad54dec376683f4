"""A site whose pages are numbers or codes is told that, and its twin with names gets its segments."""

from datetime import date

import pytest

from helpers.analyses.personas import Settings, requires, run
from helpers.core.results import Refusal, RunContext
from tests.support.coded_sites import site_events

MOMENT = RunContext(date(2026, 10, 1), 7)
NUMBERS = "are numbers or codes"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("form", "pages_each", "has", "reason"),
    [
        ("names", 6, "300 visitors", "There are enough visitors"),
        ("items", 6, "300 visitors", NUMBERS),
        ("numbers", 6, "300 visitors", NUMBERS),
        ("codes", 6, "300 visitors", NUMBERS),
        ("numbers", 1, "0 visitors", NUMBERS),
        ("names", 1, "0 visitors", "300 of them opened fewer than 2 pages"),
        ("none", 6, "0 visitors", "No event names a page"),
    ],
)
def test_each_site_is_told_what_it_really_lacks(seed: int, form: str, pages_each: int, has: str, reason: str):
    gate = requires({"web_events": site_events(seed, form, pages_each=pages_each)}, Settings(), MOMENT)
    assert gate.has.startswith(has) and reason in gate.reason
    assert (NUMBERS in gate.reason) == (form in ("items", "numbers", "codes"))


def test_a_refusal_names_no_zero_where_visitors_came():
    refusal = run({"web_events": site_events(3, "items")}, Settings(), MOMENT)
    assert isinstance(refusal, Refusal) and "300 visitors with enough page views, on pages whose addresses are numbers" in refusal.heading


def test_few_visitors_stay_few_visitors():
    gate = requires({"web_events": site_events(4, "names", visitors=30)}, Settings(), MOMENT)
    assert "With so few visitors" in gate.reason and gate.has.startswith("30 visitors")
