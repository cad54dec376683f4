"""How good a forecast is: ranking (AUC), probabilities (Brier, reliability), and how sure that is.

AUC variance and covariance: DeLong, DeLong & Clarke-Pearson (1988), in the fast form of Sun & Xu (2014).
Reliability: ten groups of equal size (convention); calibration error is the mean absolute distance between
forecast and outcome over those groups, weighted by size.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from helpers.statistics.intervals import critical_value, wilson

Z = critical_value(0.05)


def auc_with_covariance(outcome: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the AUC of each score and their covariance matrix (DeLong 1988).

    Parameters
    ----------
    outcome : 0 / 1, shape (n,); both must occur.
    scores : shape (m, n); higher means more likely.
    """
    outcome, scores = np.asarray(outcome).astype(bool), np.atleast_2d(np.asarray(scores, dtype=float))
    hits, misses = scores[:, outcome], scores[:, ~outcome]
    n_hits, n_misses = hits.shape[1], misses.shape[1]
    if not n_hits or not n_misses:
        raise ValueError("AUC needs customers with and without the event")
    together = np.array([rankdata(row) for row in np.hstack([hits, misses])])
    above = (together[:, :n_hits] - np.array([rankdata(row) for row in hits])) / n_misses
    below = 1 - (together[:, n_hits:] - np.array([rankdata(row) for row in misses])) / n_hits
    covariance = _covariance(above) / n_hits + _covariance(below) / n_misses
    return above.mean(axis=1), covariance


def _covariance(parts: np.ndarray) -> np.ndarray:
    if parts.shape[1] < 2:
        return np.zeros((len(parts), len(parts)))
    return np.atleast_2d(np.cov(parts))


def auc_interval(outcome: np.ndarray, score: np.ndarray) -> tuple[float, float, float]:
    """Return AUC with its 95 % interval, kept within 0 and 1."""
    auc, covariance = auc_with_covariance(outcome, score)
    half = Z * np.sqrt(covariance[0, 0])
    return float(auc[0]), float(max(0.0, auc[0] - half)), float(min(1.0, auc[0] + half))


def auc_difference(outcome: np.ndarray, score: np.ndarray, baseline: np.ndarray) -> tuple[float, float, float]:
    """Return AUC(score) - AUC(baseline) with its 95 % interval, for scores of the same customers."""
    auc, covariance = auc_with_covariance(outcome, np.vstack([score, baseline]))
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    half = Z * np.sqrt(max(0.0, variance))
    difference = float(auc[0] - auc[1])
    return difference, float(difference - half), float(difference + half)


def brier(outcome: np.ndarray, probability: np.ndarray) -> float:
    """Return the Brier score: mean squared distance between probability and outcome (Brier 1950)."""
    return float(np.mean((np.asarray(probability) - np.asarray(outcome)) ** 2))


def reliability(outcome: np.ndarray, probability: np.ndarray, groups: int = 10) -> pd.DataFrame:
    """Return forecast beside outcome in groups of equal size, from the lowest probability to the highest.

    Returns
    -------
    Columns customers, forecast_share, observed_share, low, high (95 % interval of the observed share).
    """
    order = np.argsort(np.asarray(probability), kind="stable")
    parts = [part for part in np.array_split(order, groups) if len(part)]
    outcome, probability = np.asarray(outcome, dtype=float), np.asarray(probability, dtype=float)
    frame = pd.DataFrame(
        {
            "customers": [len(part) for part in parts],
            "forecast_share": [probability[part].mean() for part in parts],
            "observed_share": [outcome[part].mean() for part in parts],
        }
    )
    frame["low"], frame["high"] = wilson(frame["observed_share"] * frame["customers"], frame["customers"])
    return frame


def calibration_error(table: pd.DataFrame) -> float:
    """Return the mean absolute distance between forecast and outcome over the groups, weighted by size."""
    distance = (table["forecast_share"] - table["observed_share"]).abs()
    return float(np.average(distance, weights=table["customers"]))
