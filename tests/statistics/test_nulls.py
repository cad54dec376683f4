"""A claim beside what chance alone would give: exact where it can be counted, silent where nothing is there."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import percent
from helpers.phases.summary import summarise
from helpers.statistics.nulls import against_chance
from helpers.story.chance import chance_words


def test_p_values_are_those_of_all_permutations():
    """Fisher's exact test by hand: of the 24 orders of four amounts, two put both large ones into the first arm's places 0 and 1 ..."""
    values = np.array([1.0, 2.0, 10.0, 20.0])
    figures = [values[list(order)][:2].mean() - values[list(order)][2:].mean() for order in permutations(range(4))]
    chance = against_chance(max(figures), figures)
    assert chance.p_value == pytest.approx((1 + 4) / 25)  # the two large ones in either place, the others in either place
    assert against_chance(max(figures), figures, "both").p_value == pytest.approx(2 * (1 + 4) / 25)
    assert against_chance(max(figures), figures, "small").p_value == 1.0
    assert not chance.beaten and chance.expected == pytest.approx(0, abs=1e-12)


def test_without_a_pattern_one_claim_in_twenty_is_news():
    rng = np.random.default_rng(2026)
    news = sum(against_chance(rng.normal(), rng.normal(size=99), "both").beaten for _world in range(2000))
    assert 70 <= news <= 130  # 100 expected; the ends lie three standard errors away


def test_a_claim_within_chance_never_reaches_the_first_page():
    within, beyond = against_chance(0.5, np.linspace(0, 1, 99)), against_chance(9, np.linspace(0, 1, 99), how="Amounts were shuffled.")
    sure = Verdict("go", "sure")
    claims = [within, beyond, None]
    figures = tuple(KeyFigure(f"figure {place}", "", rank=place + 1, chance=chance) for place, chance in enumerate(claims))
    actions = tuple(Action(f"action {place}", "", rank=place + 1, chance=chance) for place, chance in enumerate(claims))
    first = Finding("Within chance.", (), sure, figures, actions, rank=1, chance=within)
    second = Finding("Beyond chance.", (), sure, rank=5, chance=beyond)
    page = summarise({"a": first, "b": second})
    assert page.headline == "Beyond chance." and page.why == ()
    assert [figure.figure for figure in page.figures] == ["figure 1", "figure 2"]
    assert [action.text for action in page.actions] == ["action 1", "action 2"]
    assert chance_words(beyond, percent) == "Chance alone would give 2\u00a0% to 98\u00a0%. Amounts were shuffled."
    assert Finding.from_json(first.to_json()) == first


def test_findings_of_the_first_version_carry_no_chance():
    old = Finding("A sentence.", key_figures=(KeyFigure("1", "one"),), actions=(Action("Do it.", "sure"),)).to_json()
    for record in (old, *old["key_figures"], *old["actions"]):
        del record["chance"]
    assert Finding.from_json(old).key_figures[0].chance is None
