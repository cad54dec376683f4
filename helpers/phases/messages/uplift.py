"""Whom a message changes, from an earlier randomised test: uplift, and whether ranking by it pays.

Two models, one per arm (logistic regression on logs), each customer scored by models that did not see him. The Qini
curve counts, from the top of a ranking down, the responses that the message added (Radcliffe 2007, "Using control
groups to target on predicted lift"); the Qini coefficient is its area above the straight line of a random order, as
responses per 100 people. Intervals come from weighted bootstraps. Baselines: random order, and the response model
that most firms use.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.statistics.intervals import difference_and_interval
from helpers.statistics.resampling import percentile_interval

FOLDS, REPEATS, BOOTSTRAPS = 5, 3, 300
LEAST_RESPONSES = 50  # per arm; below them nothing is concluded (our convention)
# One-sided at 95 %: the question is whether uplift is ahead, not by how much.
SURELY_AHEAD = 0.95
_NAN = float("nan")


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

    From ``qini`` on nothing is known where there are too few responses.
    """

    verdict: str
    people: int
    responses: int
    effect: float
    effect_low: float
    effect_high: float
    qini: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    lead: float = _NAN
    lead_low: float = _NAN
    lead_high: float = _NAN
    chance_beats_random: float = _NAN
    chance_beats_response: float = _NAN
    curve: pd.DataFrame = field(default_factory=pd.DataFrame)
    scores: np.ndarray = field(default_factory=lambda: np.array([]))


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
    if fewest < LEAST_RESPONSES:
        return Uplift("too few", len(treated), fewest, *effect)
    scores = cross_fitted(_matrix(features), treated, responded, seed)
    curves = {name: _Curve(score, treated, responded) for name, score in scores.items()}
    qini = {name: curve.area(np.ones(len(treated))) for name, curve in curves.items()}
    draws = _bootstrapped(curves, len(treated), seed)
    lead, lead_draws = qini["uplift"] - qini["response"], draws["uplift"] - draws["response"]
    lead_low, lead_high = percentile_interval(lead_draws)
    beats_random, beats_response = float((draws["uplift"] > 0).mean()), float((lead_draws > 0).mean())
    return Uplift(
        verdict=verdict(beats_random, beats_response),
        people=len(treated),
        responses=fewest,
        effect=effect[0],
        effect_low=effect[1],
        effect_high=effect[2],
        qini={name: (qini[name], *percentile_interval(draws[name])) for name in qini},
        lead=lead,
        lead_low=lead_low,
        lead_high=lead_high,
        chance_beats_random=beats_random,
        chance_beats_response=beats_response,
        curve=_curve_table(curves),
        scores=scores["uplift"],
    )


def verdict(chance_beats_random: float, chance_beats_response: float) -> str:
    """Return "beats both" where uplift is surely ahead of a random order and of the response model, else "nothing shown"."""
    return "beats both" if min(chance_beats_random, chance_beats_response) >= SURELY_AHEAD else "nothing shown"


def _bootstrapped(curves: dict[str, _Curve], people: int, seed: int) -> dict[str, np.ndarray]:
    """Return the Qini coefficient of each ranking in every bootstrap; the same people are drawn for all rankings."""
    rng = np.random.default_rng(seed)
    draws = {name: np.empty(BOOTSTRAPS) for name in curves}
    for draw in range(BOOTSTRAPS):
        # Poisson weights draw people again without copying rows (Chamandy et al. 2012).
        weights = rng.poisson(1.0, people).astype(float)
        for name, curve in curves.items():
            draws[name][draw] = curve.area(weights)
    return draws


def cross_fitted(matrix: np.ndarray, treated: np.ndarray, responded: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Return uplift and response scores, each person scored by models that did not see him (mean of three splits)."""
    scores = {"uplift": np.zeros(len(treated)), "response": np.zeros(len(treated))}
    # Every fold gets its share of each arm and of each outcome: responses are few.
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


def _logit() -> Pipeline:
    # A strong penalty: an uplift is a difference of two models, and their noise adds up.
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))


def _matrix(features: pd.DataFrame) -> np.ndarray:
    numbers = features.select_dtypes(["number", "bool"]).astype(float)
    # Amounts and counts have long tails; on logs a few large ones do not decide.
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
        treated, control = weights * self.treated, weights * (1 - self.treated)
        n_treated, n_control = np.cumsum(treated), np.cumsum(control)
        treated_responses, control_responses = np.cumsum(treated * self.responded), np.cumsum(control * self.responded)
        # What the treated would have done anyway: the control group's responses, scaled to as many people.
        scale = np.divide(n_treated, n_control, out=np.zeros_like(n_treated), where=n_control > 0)
        added = treated_responses - control_responses * scale
        return np.cumsum(weights) / weights.sum(), 100 * added / n_treated[-1]

    def area(self, weights: np.ndarray) -> float:
        """Return the Qini coefficient: mean height above the straight line to the end."""
        share, added = self.added(weights)
        # People of weight zero were not drawn: their step is none.
        step = np.diff(np.concatenate([[0.0], share]))
        return float(((added - share * added[-1]) * step).sum())


def _curve_table(curves: dict[str, _Curve]) -> pd.DataFrame:
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
