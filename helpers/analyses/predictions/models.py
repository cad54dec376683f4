"""The models and the baselines that they must beat.

Logistic regression on the logarithm of six features is the default: at the size of a small or medium firm it
wins (measured on Online Retail: 0.733 against 0.707 for boosting with 250 customers). Boosted trees are tried on
the judged period only when the 95 % interval of their lead lies above zero on customers they did not see (DeLong
1988). There every model must beat the best rule by more than chance, or the rule is used (``judging``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from helpers.analyses.predictions.measures import auc_difference
from helpers.analyses.predictions.windows import FEATURES, MORE_FEATURES, YEAR_DAYS
from helpers.core.wording import _

MODELS = ("logistic", "boosting")
RULES = {"recency only": "recency_days", "frequency only": "frequency", "rhythm only": "silence_gaps"}  # and the one feature of each
FOLDS = 5
LEAST_TO_COMPARE = 50  # customers, whatever the client sets: fewer fill no five folds (our convention)
SEASON_WITHIN_DAYS = 21  # a window that began within three weeks of a year earlier is the same season (our convention)
_EDGE = 1e-6


@dataclass(frozen=True)
class Sample:
    """Rows to learn from: features, outcome and the cut-off that each row belongs to."""

    features: pd.DataFrame
    outcome: np.ndarray
    through: np.ndarray

    @property
    def customers(self) -> np.ndarray:
        """The customer of each row."""
        return self.features.index.to_numpy()


@dataclass(frozen=True)
class Fitted:
    """A fitted model: estimator, the columns it reads, and the shift of each training window in log-odds."""

    name: str
    columns: tuple[str, ...]
    estimator: Any
    shifts: dict[pd.Timestamp, float]

    def probability(self, features: pd.DataFrame, through: pd.Timestamp | None = None) -> np.ndarray:
        """Return the probability per row; with ``through``, as in the same season a year earlier."""
        plain = self.estimator.predict_proba(features[list(self.columns)].to_numpy())[:, 1]
        return expit(logit(np.clip(plain, _EDGE, 1 - _EDGE)) + season_shift(self.shifts, through))


def logs(values: np.ndarray) -> np.ndarray:
    """Return log(1 + value), with negative values as 0."""
    return np.log1p(np.clip(values, 0, None))


def logistic():
    """Return the default model: logistic regression on standardised logarithms."""
    return make_pipeline(FunctionTransformer(logs), StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))


def trees(seed: int):
    """Return boosted trees, small and few: sixty trees of twelve leaves (our convention)."""
    return HistGradientBoostingClassifier(max_iter=60, learning_rate=0.1, max_leaf_nodes=12, min_samples_leaf=30, random_state=seed)


def boosting(seed: int):
    """Return boosted trees with probabilities put right on folds they did not see (Platt 1999)."""
    return CalibratedClassifierCV(trees(seed), method="sigmoid", cv=3)


def fit(sample: Sample, columns: Sequence[str], estimator: Any, name: str) -> Fitted:
    """Fit an estimator on some columns and measure the shift of each training window."""
    columns = tuple(columns)
    estimator.fit(sample.features[list(columns)].to_numpy(), sample.outcome)
    plain = Fitted(name, columns, estimator, {})
    probability = plain.probability(sample.features)
    shifts = {}
    for through in np.unique(sample.through):
        rows = sample.through == through
        shifts[pd.Timestamp(through)] = level_shift(probability[rows], sample.outcome[rows])
    return Fitted(name, columns, estimator, shifts)


def level_shift(probability: np.ndarray, outcome: np.ndarray) -> float:
    """Return the shift in log-odds that makes the mean probability equal the observed share."""
    share = np.clip(outcome.mean(), 0.5 / len(outcome), 1 - 0.5 / len(outcome))
    odds = logit(np.clip(probability, _EDGE, 1 - _EDGE))
    return float(brentq(lambda shift: expit(odds + shift).mean() - share, -15, 15))


def season_shift(shifts: dict[pd.Timestamp, float], through: pd.Timestamp | None) -> float:
    """Return the shift of the training window that began a year earlier, give or take three weeks; else 0."""
    if through is None:
        return 0.0
    days_apart = {day: abs((through - day).days - YEAR_DAYS) for day in shifts}
    nearest = min(days_apart, key=lambda day: days_apart[day], default=None)
    return shifts[nearest] if nearest is not None and days_apart[nearest] <= SEASON_WITHIN_DAYS else 0.0


def fit_logistic(sample: Sample, columns: Sequence[str] = FEATURES) -> Fitted:
    """Fit the default model."""
    return fit(sample, columns, logistic(), "logistic")


def fit_boosting(sample: Sample, seed: int) -> Fitted:
    """Fit boosted trees on all features."""
    return fit(sample, MORE_FEATURES, boosting(seed), "boosting")


def fit_rule(sample: Sample, rule: str, columns: Sequence[str] = FEATURES) -> Fitted:
    """Fit a simple rule: one of ``RULES``, or "base rate", the same probability for everybody.

    Parameters
    ----------
    columns : what whoever asks the rule hands over; it looks at one of them, or at none.
    """
    if rule == "base rate":
        return fit(sample, columns, DummyClassifier(strategy="prior"), rule)
    place = list(columns).index(RULES[rule])
    return fit(sample, columns, make_pipeline(FunctionTransformer(partial(_one_column, place)), logistic()), rule)


def _one_column(place: int, values: np.ndarray) -> np.ndarray:
    return values[:, [place]]


def fit_method(sample: Sample, method: str, columns: Sequence[str], seed: int) -> Fitted:
    """Fit a model or a rule by its name."""
    if method == "boosting":
        return fit_boosting(sample, seed)
    return fit_logistic(sample, columns) if method == "logistic" else fit_rule(sample, method, columns)


def unseen_probability(
    learn: Sample, test: Sample, method: str, columns: Sequence[str], seed: int, season: pd.Timestamp | None
) -> np.ndarray:
    """Return what a method foretells of customers whom it has not learnt from, five folds of them, in a time it has not seen.

    Parameters
    ----------
    learn, test : of earlier cut-offs, and of the one that judges; season : as ``through`` in ``Fitted.probability``.
    """
    everybody = np.unique(np.concatenate([learn.customers, test.customers]))
    fold = pd.Series(np.random.default_rng(seed).permutation(len(everybody)) % FOLDS, index=everybody)
    of_learn, of_test = fold[learn.customers].to_numpy(), fold[test.customers].to_numpy()
    probability = np.zeros(len(test.outcome))
    for place in range(FOLDS):
        rows, unseen = of_learn != place, of_test == place
        if unseen.any():
            part = Sample(learn.features[rows], learn.outcome[rows], learn.through[rows])
            probability[unseen] = fit_method(part, method, columns, seed).probability(test.features[unseen], season)
    return probability


def boosting_lead(sample: Sample, seed: int, columns: Sequence[str] = FEATURES) -> tuple[float, float, float]:
    """Return the lead in AUC of boosting over logistic with its 95 % interval, on unseen customers.

    All rows of a customer stay in one fold; only rows of the newest cut-off are compared, so that each
    customer counts once.
    """
    customers, position = np.unique(sample.customers, return_inverse=True)
    fold = (np.random.default_rng(seed).permutation(len(customers)) % FOLDS)[position]
    probabilities = np.zeros((2, len(sample.outcome)))
    for number in range(FOLDS):
        learn, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part = Sample(sample.features.iloc[learn], sample.outcome[learn], sample.through[learn])
        unseen = sample.features.iloc[test]
        probabilities[0, test] = fit(part, MORE_FEATURES, trees(seed), "boosting").probability(unseen)
        probabilities[1, test] = fit_logistic(part, columns).probability(unseen)
    newest = sample.through == sample.through.max()
    return auc_difference(sample.outcome[newest], probabilities[0, newest], probabilities[1, newest])


class ModelChoice(NamedTuple):
    """The model to use, why ("too_few", "not_shown" or "wins"), and the measured lead of boosting or None."""

    name: str
    why: str
    lead: tuple[float, float, float] | None


def choose(sample: Sample, seed: int, boosting_from_customers: int, columns: Sequence[str] = FEATURES) -> ModelChoice:
    """Choose between "logistic" and "boosting", on the training windows alone.

    Parameters
    ----------
    sample : the training windows.
    seed : of the round.
    boosting_from_customers : with fewer customers boosting is not tried.
    columns : what the logistic model reads.
    """
    customers = len(np.unique(sample.customers))
    rarer = min(sample.outcome.sum(), (1 - sample.outcome).sum())
    if customers < max(boosting_from_customers, LEAST_TO_COMPARE) or rarer < 10 * FOLDS:
        return ModelChoice("logistic", "too_few", None)
    lead = boosting_lead(sample, seed, columns)
    if lead[1] > 0:
        return ModelChoice("boosting", "wins", lead)
    return ModelChoice("logistic", "not_shown", lead)


def method_name(method: str) -> str:
    """Return a model or baseline in words.

    Parameters
    ----------
    method : "logistic", "boosting", one of ``RULES``, "as last year", "single column", "without asked" or "base rate".
    """
    return {
        "logistic": _("the model (logistic regression)"),
        "boosting": _("the model (boosted trees)"),
        "recency only": _("days since the last order only"),
        "frequency only": _("number of orders only"),
        "rhythm only": _("time since the last order in the customer's own gaps only"),
        "as last year": _("as in the same weeks last year"),
        "single column": _("the best column alone"),
        "without asked": _("the model without the columns asked about"),
        "base rate": _("the same for everybody (base rate)"),
    }[method]
