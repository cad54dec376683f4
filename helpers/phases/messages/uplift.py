"""Whom a message changes, from an earlier randomised test: uplift, and whether ranking by it pays.

Two models, one per arm (logistic regression on logs), each customer scored by models that did not see him.
The Qini curve
counts, from the top of a ranking down, the responses that the message added (Radcliffe 2007, "Using control
groups to
target on predicted lift"); the Qini coefficient is its area above the straight line of a random order, as
responses per 100 people.
Intervals come from weighted bootstraps. Baselines: random order, and the response model that most firms use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.statistics.intervals import difference_and_interval

FOLDS, REPEATS, BOOTSTRAPS = 5, 3, 300
LEAST = 50  # responses per arm below which nothing is said (our convention)


@dataclass(frozen=True)
class Uplift:
    """What an earlier test says about targeting.

    Parameters
    ----------
    verdict : "beats both" (random order and the response model), "nothing shown" or "too few".
    people, responses : people in the test; responses in the smaller arm.
    effect, effect_low, effect_high : response with the message minus without, 95 % interval.
    qini, qini_low, qini_high : per ranking ("uplift", "response"), area over random, per 100 people.
    lead, lead_low, lead_high : Qini of uplift minus Qini of the response model.
    chance_beats_random, chance_beats_response : share of bootstraps in which uplift was ahead.
    curve : share (of people contacted) and added responses per 100 people, per ranking and at random.
    scores : the uplift per customer (cross-fitted), in the order of the input.
    """

    verdict: str
    people: int
    responses: int
    effect: float
    effect_low: float
    effect_high: float
    qini: dict[str, tuple[float, float, float]]
    lead: float
    lead_low: float
    lead_high: float
    chance_beats_random: float
    chance_beats_response: float
    curve: pd.DataFrame
    scores: np.ndarray


def uplift(features: pd.DataFrame, treated: np.ndarray, responded: np.ndarray, seed: int) -> Uplift:
    """Judge targeting by uplift on a randomised test.

    Parameters
    ----------
    features : known before the message went out; numbers, and texts (made into yes/no columns).
    treated : 1 for who got the message, 0 for the control group; decided by chance.
    responded : 0 / 1.
    seed : of the round.
    """
    treated, responded = np.asarray(treated).astype(int), np.asarray(responded).astype(int)
    effect = effect_of(treated, responded)
    fewest = int(min(responded[treated == arm].sum() for arm in (0, 1)))
    if fewest < LEAST:
        nan = float("nan")
        return Uplift(
            "too few",
            len(treated),
            fewest,
            *effect,
            {},
            nan,
            nan,
            nan,
            nan,
            nan,
            pd.DataFrame(),
            np.array([]),
        )
    matrix = _matrix(features)
    scores = cross_fitted(matrix, treated, responded, seed)
    values, curves = {}, {}
    for name, score in scores.items():
        curves[name] = _Curve(score, treated, responded)
        values[name] = curves[name].area(np.ones(len(treated)))
    rng = np.random.default_rng(seed)
    draws = {name: np.empty(BOOTSTRAPS) for name in scores}
    for draw in range(BOOTSTRAPS):
        weights = rng.poisson(1.0, len(treated)).astype(float)
        for name, curve in curves.items():
            draws[name][draw] = curve.area(weights)
    return _verdict(values, draws, effect, curves, scores["uplift"], len(treated), fewest)


def _verdict(values, draws, effect, curves, score, people: int, fewest: int) -> Uplift:
    lead = values["uplift"] - values["response"]
    difference = draws["uplift"] - draws["response"]
    beats_random, beats_response = float((draws["uplift"] > 0).mean()), float((difference > 0).mean())
    intervals = {name: (values[name], *_interval(draws[name])) for name in values}
    # One-sided at 95 %: the question is whether it is ahead, not by how much.
    ahead_of_random, ahead_of_response = beats_random >= 0.95, beats_response >= 0.95
    verdict = "beats both" if ahead_of_random and ahead_of_response else "nothing shown"
    return Uplift(
        verdict,
        people,
        fewest,
        *effect,
        intervals,
        lead,
        *_interval(difference),
        beats_random,
        beats_response,
        _curves(curves),
        score,
    )


def cross_fitted(matrix: np.ndarray, treated: np.ndarray, responded: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Return uplift and response scores, each person scored by models that did not see him (mean of three
    splits).
    """
    scores = {"uplift": np.zeros(len(treated)), "response": np.zeros(len(treated))}
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=seed)
    for learn, test in folds.split(matrix, 2 * treated + responded):
        chances = []
        for arm in (1, 0):
            rows = learn[treated[learn] == arm]
            chances.append(_logit().fit(matrix[rows], responded[rows]).predict_proba(matrix[test])[:, 1])
        scores["uplift"][test] += (chances[0] - chances[1]) / REPEATS
        # What most firms do: rank by who responds to the message.
        scores["response"][test] += chances[0] / REPEATS
    return scores


def _logit():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))


def _matrix(features: pd.DataFrame) -> np.ndarray:
    numbers = features.select_dtypes(["number", "bool"]).astype(float)
    logs = np.sign(numbers) * np.log1p(numbers.abs())
    texts = features[[column for column in features if column not in numbers]]
    if texts.shape[1]:
        logs = pd.concat([logs, pd.get_dummies(texts.astype(str), dtype=float)], axis=1)
    return logs.fillna(logs.median()).fillna(0.0).to_numpy()


class _Curve:
    """The Qini curve of one ranking, ready to be weighted again and again."""

    def __init__(self, score: np.ndarray, treated: np.ndarray, responded: np.ndarray):
        order = np.argsort(-score, kind="stable")
        self.order, self.treated, self.responded = order, treated[order], responded[order]

    def added(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return share of people and responses added per 100 people, cumulated."""
        weights = weights[self.order]
        with_it, without = weights * self.treated, weights * (1 - self.treated)
        n_with, n_without = np.cumsum(with_it), np.cumsum(without)
        hits, misses = np.cumsum(with_it * self.responded), np.cumsum(without * self.responded)
        added = hits - misses * np.divide(n_with, n_without, out=np.zeros_like(n_with), where=n_without > 0)
        return np.cumsum(weights) / weights.sum(), 100 * added / n_with[-1]

    def area(self, weights: np.ndarray) -> float:
        """Return the Qini coefficient: mean height above the straight line to the end."""
        share, added = self.added(weights)
        step = np.diff(np.concatenate([[0.0], share]))
        return float(((added - share * added[-1]) * step).sum())


def _curves(curves: dict[str, _Curve]) -> pd.DataFrame:
    grid = np.linspace(0, 1, 21)
    frame = pd.DataFrame({"share": grid})
    for name, curve in curves.items():
        share, added = curve.added(np.ones(len(curve.order)))
        frame[name] = np.interp(grid, np.concatenate([[0.0], share]), np.concatenate([[0.0], added]))
    frame["random"] = grid * frame["uplift"].iloc[-1]
    return frame


def effect_of(treated: np.ndarray, responded: np.ndarray) -> tuple[float, float, float]:
    """Return the difference of two shares with its 95 % interval (Newcombe 1998, hybrid score)."""
    arms = [responded[treated == arm] for arm in (1, 0)]
    return difference_and_interval(int(arms[0].sum()), len(arms[0]), int(arms[1].sum()), len(arms[1]))


def _interval(draws: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)
