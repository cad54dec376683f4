"""The first page is chosen by rank, and says no more than it may."""

from __future__ import annotations

from dataclasses import replace

from helpers.core.results import Action, Chance, Finding, KeyFigure, Verdict, merged
from helpers.phases.summary import MOST_ACTIONS, MOST_FIGURES, summarise


def finding(name: str, rank: int, figures: int = 0, actions: int = 0) -> Finding:
    return Finding(
        f"{name} is so",
        (f"{name} why.",),
        Verdict("go", "sure"),
        tuple(KeyFigure(str(i), f"{name} {i}", rank=i + 1) for i in range(figures)),
        tuple(Action(f"{name} do {i}", "sure", rank=i + 1) for i in range(actions)),
        rank,
    )


def test_the_finding_with_the_lowest_rank_heads_the_report():
    page = summarise({"10_goals": finding("Goals", 5), "41_clusters": finding("Groups", 3), "50_pilot": finding("Pilot", 4)})
    assert page.headline == "Groups is so"
    assert page.why == ("Groups why.", "Pilot is so.")


def test_an_unsure_finding_does_not_lead():
    unsure = replace(finding("Potential", 2), verdict=Verdict("caution", "unsure"))
    page = summarise({"44_potential": unsure, "41_clusters": finding("Groups", 3)})
    assert page.headline == "Groups is so" and page.why[-1] == "Potential is so."


def test_what_does_not_beat_chance_is_not_on_the_page():
    luck = Chance(3.0, 2.8, 1.0, 5.0, 0.4)
    lucky = finding("Potential", 1, figures=1, actions=1)
    lucky = replace(
        lucky, chance=luck, key_figures=(replace(lucky.key_figures[0], chance=luck),), actions=(replace(lucky.actions[0], chance=luck),)
    )
    page = summarise({"44_potential": lucky, "41_clusters": finding("Groups", 9)})
    assert page.headline == "Groups is so" and not page.figures and not page.actions and "Potential is so." not in page.why
    alone = summarise({"44_potential": lucky})
    assert alone.headline == "Nothing that was looked for shows more than chance alone would give" and alone.why == ()


def test_figures_and_actions_are_few_and_each_once():
    many = finding("Many", 3, figures=9, actions=9)
    page = summarise({"a": many, "b": many})
    assert len(page.figures) == MOST_FIGURES and len(page.actions) == MOST_ACTIONS
    assert len(set(page.actions)) == MOST_ACTIONS


def test_merged_findings_keep_every_figure_and_action():
    whole = merged([finding("First", 3, 1, 1), finding("Second", 1, 2, 0)])
    assert whole.headline == "First is so" and len(whole.key_figures) == 3 and len(whole.actions) == 1
