"""Who leads the first page: how far an unsure finding stands back, and how much the page holds."""

from __future__ import annotations

import pytest

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.phases.summary import summarise


def finding(name: str, rank: int, kind: str = "go", many: int = 0) -> Finding:
    figures = tuple(KeyFigure(str(i), f"{name} {i}", rank=3) for i in range(many))
    actions = tuple(Action(f"{name} do {i}", "sure", rank=3) for i in range(many))
    return Finding(f"{name} is so", (f"{name} 1.", f"{name} 2.", f"{name} 3."), Verdict(kind, kind), figures, actions, rank)


@pytest.mark.parametrize(
    ("kind", "rank", "leader"),
    [
        ("caution", 1, "Unsure"),  # 1 + 3 is before 5
        ("caution", 2, "Unsure"),  # a tie keeps the order of the notebooks
        ("caution", 3, "Sure"),
        ("not_yet", -1, "Unsure"),  # -1 + 6
        ("not_yet", 0, "Sure"),
        ("go", 5, "Unsure"),
        ("go", 6, "Sure"),
    ],
)
def test_an_unsure_finding_stands_three_back_and_one_that_waits_six(kind, rank, leader):
    findings = {"a": finding("Unsure", rank, kind), "b": finding("Sure", 5)}
    assert summarise(findings).headline == f"{leader} is so"


def test_figures_and_actions_of_the_unsure_stand_back_too():
    page = summarise({"a": finding("Unsure", 1, "caution", many=5), "b": finding("Sure", 5, many=1)})
    assert [figure.meaning for figure in page.figures] == ["Sure 0", "Unsure 0", "Unsure 1", "Unsure 2"]  # four figures
    assert [action.text for action in page.actions] == ["Sure do 0", "Unsure do 0", "Unsure do 1"]  # three actions


def test_the_page_gives_two_reasons_and_the_second_finding():
    page = summarise({"a": finding("First", 1), "b": finding("Second", 2), "c": finding("Third", 3)})
    assert page.why == ("First 1.", "First 2.", "Second is so.")
