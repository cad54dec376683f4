"""Every number that decides what is said about web personas, just below and just above it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from helpers.analyses.personas import (
    certainty,
    detect,
    events,
    features,
    gate,
    log_odds,
    matching,
    persona_sheet,
    profile,
    result,
    segments,
    stability,
    story,
)
from helpers.analyses.personas.serving import judging, page_words, score
from helpers.analyses.personas.serving import table as serving_table
from helpers.analyses.personas.settings import Persona, Settings
from helpers.statistics.nulls import lead_by_lot

SETTINGS = Settings()


def visitors(count: int, kinds: int = 4, pages: int = 2) -> features.Features:
    """Return visitors who each saw one word, of so many kinds in turn."""
    seen = sparse.csr_array((np.ones(count), (np.arange(count), np.arange(count) % kinds)), shape=(count, kinds))
    vocabulary = features.Vocabulary(tuple("abcdefgh"[:kinds]), np.ones(kinds), ())
    ids = np.array([f"v{number:05d}" for number in range(count)], dtype=object)
    return features.Features(ids, seen, seen, np.full(count, pages), vocabulary)


# ---- The gate ----


def verdict_at(monkeypatch, built: features.Features, weakest: float = 0.9, **keys) -> str:
    monkeypatch.setattr(gate, "detectable", lambda *_arguments: detect.Detectable(2, weakest))
    return gate.gate_of(built, Settings(**keys), 1).verdict.kind


@pytest.mark.parametrize(("count", "kind"), [(99, "not_yet"), (100, "caution"), (199, "caution"), (200, "go"), (201, "go")])
def test_50_visitors_for_each_of_two_segments_open_the_gate_and_twice_as_many_lift_the_caution(monkeypatch, count, kind):
    assert verdict_at(monkeypatch, visitors(count)) == kind


@pytest.mark.parametrize(("declared", "kind"), [(2, "go"), (3, "caution"), (4, "caution"), (5, "not_yet")])
def test_a_declared_number_of_segments_needs_visitors_for_each(monkeypatch, declared, kind):
    assert verdict_at(monkeypatch, visitors(200, kinds=8), segments=declared) == kind


def test_a_client_without_events_lacks_them_all():
    assert "100 more visitors" in gate.gate_without_events(SETTINGS).unlock


@pytest.mark.parametrize(("kinds", "kind"), [(2, "not_yet"), (3, "go"), (4, "go")])
def test_there_are_as_many_kinds_of_visitors_as_segments(monkeypatch, kinds, kind):
    assert verdict_at(monkeypatch, visitors(300, kinds), segments=3) == kind


@pytest.mark.parametrize(("count", "kind"), [(9_999, "go"), (10_000, "not_yet")])
def test_of_ten_thousand_visitors_every_second_is_compared(monkeypatch, count, kind):
    assert verdict_at(monkeypatch, visitors(count, kinds=2)) == kind


@pytest.mark.parametrize(("pages", "kind"), [(1, "not_yet"), (2, "go"), (3, "go")])
def test_a_visitor_counts_from_two_page_views_on(monkeypatch, pages, kind):
    assert verdict_at(monkeypatch, visitors(200, pages=pages)) == kind


def test_a_visitor_without_words_does_not_count():
    built = visitors(3)
    wordless = features.Features(built.visitors, built.matrix, sparse.csr_array((3, 4)), built.pages, built.vocabulary)
    assert gate.usable_of(built, SETTINGS).tolist() == [True] * 3
    assert gate.usable_of(wordless, SETTINGS).tolist() == [False] * 3


@pytest.mark.parametrize(("weakest", "kind"), [(0.5999, "caution"), (0.6, "go")])
def test_segments_that_do_not_stay_are_a_caution(monkeypatch, weakest, kind):
    assert verdict_at(monkeypatch, visitors(200), weakest) == kind


def tried(monkeypatch, count: int, **keys) -> tuple[list[tuple[int, int]], list[int]]:
    """Return (visitors, splits) of the trial, and the numbers of segments tried."""
    sizes, numbers = [], []
    monkeypatch.setattr(detect, "halves_of", lambda matrix, times, _seed: sizes.append((matrix.shape[0], times)))
    monkeypatch.setattr(
        detect, "compare", lambda _halves, number, *_arguments: numbers.append(number) or stability.Agreement(0.9, np.array([0.9]))
    )
    detect.detectable(visitors(count), np.ones(count, dtype=bool), Settings(**keys), 1)
    return sizes, numbers


@pytest.mark.parametrize(("count", "looked_at"), [(999, 999), (1_000, 1_000), (1_001, 1_000)])
def test_the_trial_looks_at_1000_visitors_in_two_splits(monkeypatch, count, looked_at):
    assert tried(monkeypatch, count)[0] == [(looked_at, 2)]


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ({}, [2, 3, 4, 5]),
        ({"fewest_segments": 4}, [4, 5, 6, 7]),
        ({"fewest_segments": 7}, [7, 8]),
        ({"most_segments": 3}, [2, 3]),
        ({"segments": 6}, [6]),
    ],
)
def test_up_to_three_more_segments_than_the_fewest_are_tried(monkeypatch, keys, numbers):
    assert tried(monkeypatch, 100, **keys)[1] == numbers


# ---- How many segments, and how steady ----


def proposed(*rows: tuple[int, float, float, float]) -> int:
    """Return what is proposed of rows of segments, weakest, share of the smallest, and chance."""
    table = stability.propose(pd.DataFrame(rows, columns=["segments", "weakest", "smallest_share", "chance"]), SETTINGS)
    return int(table.loc[table["proposed"], "segments"].iloc[0])


@pytest.mark.parametrize(
    ("weakest", "smallest_share", "chance", "number"),
    [(0.75, 0.02, 0.7, 3), (0.7499, 0.02, 0.7, 2), (0.75, 0.0199, 0.7, 2), (0.75, 0.02, 0.7499, 3), (0.75, 0.02, 0.75, 2)],
)
def test_the_largest_number_that_is_stable_beyond_chance_and_not_tiny_is_proposed(weakest, smallest_share, chance, number):
    assert proposed((2, 0.9, 0.4, 0.5), (3, weakest, smallest_share, chance)) == number


def test_where_nothing_is_stable_the_steadiest_number_without_a_tiny_segment_is_proposed():
    assert proposed((2, 0.5, 0.3, 0.9), (3, 0.6, 0.3, 0.9), (4, 0.7, 0.0199, 0.9)) == 3


@pytest.mark.parametrize(("rows", "numbers"), [(199, [2, 3]), (200, [2, 3, 4, 5, 6, 7, 8])])
def test_of_fewer_than_200_visitors_no_more_segments_are_tried_than_kinds(rows, numbers):
    assert list(stability._numbers_of_segments(visitors(rows, kinds=3).matrix, SETTINGS)) == numbers


@pytest.mark.parametrize(("rows", "used"), [(14_999, 14_999), (15_000, 15_000), (15_001, 15_000)])
def test_repeated_fits_look_at_15000_visitors(rows, used):
    assert stability._sample(sparse.csr_array((rows, 1)), 1).shape[0] == used


def test_the_visitors_are_split_eight_times_and_each_of_three_shuffled_copies_twice(monkeypatch):
    times = []

    def halves_of(matrix, splits, _seed):
        times.append(splits)
        return stability.Halves(matrix, np.zeros((matrix.shape[0], 1)), (), ())

    monkeypatch.setattr(stability, "halves_of", halves_of)
    monkeypatch.setattr(stability, "compare", lambda *_arguments: stability.Agreement(0.9, np.array([0.9])))
    monkeypatch.setattr(stability, "_fit", lambda *_arguments: np.eye(4))
    stability.evidence(visitors(200), SETTINGS, 1)
    assert times == [8, 2, 2, 2]


def test_ten_words_of_both_halves_are_compared(monkeypatch):
    """The ten strongest words are the same ten in both halves, in reverse; the eleventh is another."""
    first, second = [*range(20)], [*range(9, -1, -1), *range(19, 9, -1)]
    strengths = iter([-np.argsort(order, kind="stable")[None, :].astype(float) for order in (first, second)])
    monkeypatch.setattr(stability, "log_odds", lambda *_arguments: next(strengths))
    monkeypatch.setattr(stability, "_fit", lambda *_arguments: np.ones((1, 1)))
    monkeypatch.setattr(stability.segments, "assign", lambda matrix, _centres: (np.zeros(matrix.shape[0], dtype=int), None))
    matrix, half = sparse.csr_array(np.ones((4, 1))), np.array([0, 1])
    halves = stability.Halves(matrix, np.ones((4, 1)), ((half, half + 2),), ((np.ones((2, 1)), np.ones((2, 1))),))
    assert stability._words_in_both_halves(halves, matrix, 1, SETTINGS, 1, np.ones((1, 1))).tolist() == [1.0]


def test_visitors_are_reduced_to_8_directions():
    matrix = sparse.csr_array(np.random.default_rng(1).random((30, 20)))
    assert segments.reduce(matrix, 1).shape == (30, 8)
    assert segments.reduce(matrix[:, :6], 1).shape == (30, 5)


def test_segments_are_begun_five_times(monkeypatch):
    starts = []

    class KMeans:
        def __init__(self, _segments, n_init, random_state):
            starts.append(n_init)

        def fit_predict(self, space):
            return np.zeros(len(space), dtype=int)

    monkeypatch.setattr(segments, "KMeans", KMeans)
    segments.fit_centres(visitors(10).matrix, np.ones((10, 1)), 2, 1, "clusters")
    assert starts == [5]


def result_of(**changes) -> SimpleNamespace:
    quality = {"weakest": 0.8, "natural": True, "agreement": 0.7, "outcomes_known": True}
    return SimpleNamespace(quality=quality | changes, matches=pd.DataFrame(), check=SimpleNamespace(has_kinds=True))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"weakest": 0.75}, "stable"),
        ({"weakest": 0.7499}, "partly stable"),
        ({"natural": False, "agreement": 0.6}, "partly stable"),
        ({"natural": False, "agreement": 0.5999}, "unsure"),
    ],
)
def test_the_verdict_on_segments(changes, word):
    verdict = certainty.verdict(result_of(**changes))
    assert verdict.word == word and verdict.kind == ("go" if word == "stable" else "caution")


def test_a_segment_without_visitors_is_left_out_and_the_largest_comes_first():
    centres = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    matrix = sparse.csr_array(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]))
    assert segments.by_size(matrix, centres).tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


def test_visitors_seen_too_little_are_not_assigned():
    table = pd.DataFrame({"segment": [0, 1, 2, 2], "converted": [True, True, False, False]})
    evidence = pd.DataFrame({"segments": [2], "natural": [True], "chance": [0.5], "proposed": [True]})
    steady = stability.Stability(0.9, np.array([0.9, 0.8]), np.array([0.8, 0.8]))
    prepared = events.Prepared(table, table, frozenset(), {})
    quality = result.quality_numbers(prepared, table, evidence, steady, pd.DataFrame({"matched": [True, False]}), SETTINGS)
    assert (quality["assigned"], quality["conversions"], quality["matched"]) == (3, 2, 1)


# ---- Words, names and personas ----


def strengths_of(*values: float) -> np.ndarray:
    return np.array([values, [-1.0] * len(values)])


def test_a_word_marks_a_segment_beyond_1_96(monkeypatch):
    monkeypatch.setattr(log_odds, "log_odds", lambda *_arguments: strengths_of(1.9599, 1.96, 1.9601, 2.5))
    table = log_odds.words_table(visitors(8).seen, np.arange(8) % 2, tuple("abcd"), 2, 500, 40)
    assert table["word"].tolist() == ["d", "c"]


def match(strength: np.ndarray, words: tuple[str, ...], *persona_words: str, fillers: int = 40) -> pd.Series:
    """Match one persona on a site that has other words too, of no segment."""
    settings = Settings(personas=(Persona(name="P", words=persona_words),))
    strength = np.hstack([strength, np.zeros((len(strength), fillers))])
    everything = (*words, *[f"{letter}{other}filler" for letter in "abcdefgh" for other in "abcde"][:fillers])
    return matching.scores(strength, everything, np.full(len(everything), 9), settings, 1).iloc[0]


@pytest.mark.parametrize(("strength", "own"), [(1.96, "nurse"), (1.9601, "nurse, ward")])
def test_a_word_is_a_segments_own_beyond_1_96(strength, own):
    assert match(strengths_of(3.0, strength), ("nurse", "ward"), "nurse", "ward")["own_words"] == own


@pytest.mark.parametrize(
    ("marking", "persona_words", "matched"), [(1, 2, False), (2, 3, True), (2, 4, True), (2, 5, False), (3, 6, True), (3, 7, False)]
)
def test_a_persona_needs_two_words_and_half_of_them(marking, persona_words, matched):
    words = ("nurse", "ward", "study", "exam", "campus", "sports", "coffee")[:persona_words]
    strength = strengths_of(*[3.0] * marking, *[0.0] * (persona_words - marking))
    assert match(strength, words, *words)["matched"] == matched


@pytest.mark.parametrize(("fillers", "matched"), [(0, False), (2, False), (20, True)])
def test_a_persona_needs_more_than_random_words_of_the_site(fillers, matched):
    """Two marking words of two: random pairs of a site with few other words are often the very same."""
    row = match(strengths_of(3.0, 3.0), ("nurse", "ward"), "nurse", "ward", fillers=fillers)
    assert row["matched"] == matched and row["score"] == 1.0
    assert (row["p_value"] <= 0.05) == matched
    # A thousand sets of words, the persona's among them.
    assert row["p_value"] * 1_000 == pytest.approx(round(row["p_value"] * 1_000), abs=1e-9)


def test_random_words_are_as_frequent_as_the_word_they_stand_for():
    """At most thirty places away, each word once; words that as many visitors saw share a place."""
    moved = np.array([other - np.arange(1000) for other in matching._other_words(np.arange(1000, 0, -1), 1)])[:, 100:900]
    assert moved.shape[0] == 999 and np.abs(moved).mean() == pytest.approx(7.41, rel=0.03) and np.abs(moved).max() < 30
    equal = np.array(list(matching._other_words(np.full(100, 7), 1)))
    assert np.abs(equal.mean(axis=0) - 49.5).max() < 5 and (np.sort(equal, axis=1) == np.arange(100)).all()


@pytest.mark.parametrize(("short", "long", "alike"), [("stude", "student", True), ("stud", "student", False), ("stud", "stud", True)])
def test_forms_of_a_word_share_five_letters(short, long, alike):
    assert matching.same(short, long) is alike and matching.same(long, short) is alike


def test_a_segment_is_named_after_three_words_and_described_with_ten():
    table = pd.DataFrame({"segment": 1, "visits": 1, "page_views": 2, "minutes": 1.0, "entry_page": list("gfedcba")})
    words = pd.DataFrame({"segment": 1, "rank": range(1, 12), "word": list("abcdefghijk")})
    matches = pd.DataFrame(columns=["persona", "segment", "score", "matched"]).astype({"matched": bool})
    steady = stability.Stability(0.9, np.array([0.9]), np.array([0.8]))
    row = profile.per_segment(table, profile.conversion(table["segment"], None), words, matches, steady).iloc[0]
    assert row["name"] == "a, b, c"
    assert row["words"] == "a, b, c, d, e, f, g, h, i, j"


@pytest.mark.parametrize(("seen_by", "words"), [(4, ()), (5, ("nurse",)), (6, ("nurse",))])
def test_a_word_is_a_feature_from_five_visitors_on(seen_by, words):
    views = pd.DataFrame({"visitor_id": [f"v{number}" for number in range(seen_by)], "page_path": "/nurse"})
    assert features.build(views, Settings(context=())).vocabulary.words == words


# ---- What is suspect, and what is said of conversion ----


def suspects(seen_by: int, converted: int, other_visitors: int = 100, pages: int = 1) -> list[str]:
    ids = [f"v{number}" for number in range(seen_by)]
    views = pd.DataFrame({"visitor_id": ids * pages, "page_path": np.repeat([f"/p{page}" for page in range(pages)], seen_by)})
    per_visitor = pd.DataFrame({"visitor_id": [f"v{number}" for number in range(seen_by + other_visitors)]})
    return events.suspect_pages(events.Prepared(views, per_visitor, frozenset(ids[:converted]), {}))


@pytest.mark.parametrize(("seen_by", "converted", "listed"), [(9, 9, []), (10, 10, ["/p0"]), (20, 19, ["/p0"]), (19, 18, []), (20, 18, [])])
def test_a_page_is_suspect_from_ten_visitors_and_95_percent_on(seen_by, converted, listed):
    assert suspects(seen_by, converted) == listed


@pytest.mark.parametrize(("other_visitors", "listed"), [(10, ["/p0"]), (9, [])])
def test_no_page_is_suspect_where_more_than_half_convert(other_visitors, listed):
    assert suspects(10, 10, other_visitors) == listed


def test_at_most_five_pages_are_named():
    assert suspects(10, 10, pages=6) == ["/p0", "/p1", "/p2", "/p3", "/p4"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0001, 0.2, "more than the others"),
        (0.0, 0.2, "Chance can explain"),
        (-0.2, 0.0, "Chance can explain"),
        (-0.2, -0.0001, "less than the others"),
    ],
)
def test_conversion_differs_where_its_interval_leaves_0_out(low, high, words):
    row = pd.Series({"conversion": 0.1, "low": 0.05, "high": 0.2, "difference_low": low, "difference_high": high})
    assert words in persona_sheet._converts(result_of(), row)


@pytest.mark.parametrize(("converted", "named"), [(20, False), (25, False), (36, True)])
def test_a_segment_converts_best_where_chance_does_not_explain_it(converted, named):
    """Two hundred visitors of a tenth in the others: of two hundred in the best, twenty-five is within chance and thirty-six is not."""
    segment = pd.Series(np.repeat([1, 2, 3], 200))
    hits = np.concatenate([np.arange(200) < count for count in (20, converted, 20)])
    rates = profile.conversion(segment, pd.Series(hits))
    world = result_of()
    world.best = profile.best_converting(rates, segment, 1)
    world.profile = rates.reset_index()
    assert world.best[0] == (2 if converted > 20 else 1)
    p_value = world.best[1].p_value * 1_000
    assert p_value == pytest.approx(round(p_value), abs=1e-9)
    assert (story._clearly_best(world) is not None) is named


def test_without_conversions_no_segment_is_best():
    segment = pd.Series(np.repeat([1, 2], 50))
    for outcomes in (None, pd.Series(np.zeros(100, dtype=bool)), pd.Series(np.ones(100, dtype=bool))):
        assert profile.best_converting(profile.conversion(segment, outcomes), segment, 1) is None


@pytest.mark.parametrize(("overlap", "word"), [(0.75, "stable"), (0.7499, "unsure")])
def test_a_persona_sheet_is_stable_from_75_percent_on(overlap, word):
    row = {"segment": 1, "name": "N", "share": 0.5, "stability": overlap, "visitors": 9, "page_views": 2.0, "visits": 1.0}
    world = result_of(outcomes_known=False)
    world.profile = pd.DataFrame([{**row, "words": "", "entry_page": "", "device": ""}])
    assert persona_sheet.sheet(world, 1).verdict.word == word


# ---- Serving ----


def trial_of(right: int, largest: int, visitors: int = 100) -> judging._Trial:
    """Visitors of three kinds of whom the first is so large, and of whom so many are told right, those of the first kind first."""
    truth = np.where(np.arange(visitors) < largest, 1, 2 + np.arange(visitors) % 2)
    predicted = np.where(np.arange(visitors) < right, truth, truth % 3 + 1)
    return judging._Trial(1, predicted, predicted, truth)


@pytest.mark.parametrize(("right", "largest", "beaten"), [(70, 50, True), (53, 50, False), (50, 50, False), (40, 60, False)])
def test_serving_must_beat_the_largest_segment_for_all(right, largest, beaten):
    trial = trial_of(right, largest)
    assert (trial.fits.mean(), trial.fits_largest.mean()) == pytest.approx((right / 100, largest / 100))
    lead = lead_by_lot(trial.fits - trial.fits_largest, 1)
    told = judging._structure(trial_of(90, 40), 1)
    assert judging.ServingCheck(pd.DataFrame(), 1, lead, told).serves == beaten and lead.figure == pytest.approx((right - largest) / 100)
    assert not judging.ServingCheck(pd.DataFrame(), 1, lead, None).serves


def test_answers_dealt_to_other_visitors_tell_nothing():
    assert judging._structure(trial_of(90, 40), 1).beaten
    rng = np.random.default_rng(3)
    draws = [judging._Trial(1, *rng.integers(1, 4, (3, 100))) for _draw in range(40)]
    assert sum(judging._structure(draw, 1).beaten for draw in draws) <= 6  # 5 % of 40 is 2; more than 6 has a chance below 1 %
    assert judging._structure(judging._Trial(1, *np.zeros((3, 0), dtype=int)), 1) is None


@pytest.mark.parametrize(("visitors", "judged"), [(29, False), (30, True)])
def test_thirty_visitors_with_personal_content_are_needed(monkeypatch, visitors, judged):
    monkeypatch.setattr(judging, "_trial", lambda pages, *_given: trial_of(visitors, 0, visitors))
    views = pd.DataFrame({"visitor_id": [f"v{number:02d}" for number in range(8)], "page_path": ["/aa", "/bb"] * 4})
    check = judging.judge(views, features.build(views, Settings(context=(), fewest_visitors=2)), 2, Settings(context=()), 1)
    assert (check.lead is not None) == judged and check.pages == int(judged)


def test_a_path_gives_words_of_2_to_30_letters_and_40_of_them():
    assert page_words("/" + "x" * 30) == [("x" * 30, True)]
    assert page_words("/" + "x" * 31) == []
    assert page_words("/a/ab") == [("ab", True)]
    assert [len(page_words("/" + "-".join(["ab"] * count))) for count in (39, 40, 41)] == [39, 40, 40]


def served(best: float, second: float) -> dict:
    centres = np.array([[best], [second]])
    vocabulary = features.Vocabulary(("nurse",), np.ones(1), ())
    return serving_table.make(centres, vocabulary, ["A", "B"], ["a", "b"], Settings(context=()))


@pytest.mark.parametrize(("second", "segment"), [(4.0, 1), (4.001, None)])
def test_content_is_personal_from_a_lead_of_20_percent_on(second, segment):
    table = served(5.0, second)
    assert score(table, ["/nurse"], {})["segment"] == segment
    vocabulary = features.Vocabulary(("nurse",), np.ones(1), ())
    numbers, _margin = serving_table.answers(table, sparse.csr_array([[1.0]]), vocabulary)
    assert numbers.tolist() == [segment or 0]


def test_weights_have_six_digits():
    assert served(1 / 3, 2 / 3)["words"] == {"nurse": [0.333333, 0.666667]}
