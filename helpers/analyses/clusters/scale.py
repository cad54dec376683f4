"""Making features comparable: raw, standard, log or rank, what each scale is called, and what it lets decide."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from helpers.analyses.clusters.settings import ScaleName
from helpers.core.wording import _


@dataclass(frozen=True)
class Scale:
    """A scale learnt from customers: apply it to the same or to other customers.

    Parameters
    ----------
    name : "raw", "standard", "log" or "rank".
    middle, spread : per feature, subtracted and divided by (after log or rank).
    steps : for "rank" only: per feature the distinct values and their average rank share.
    as_is : places of 0/1 features: they keep their 0 and 1 on every scale, so that a value of a text moves by one where a number moves
        by one spread, and all values of a text together count at most as much as one number (our convention).
    """

    name: ScaleName
    middle: np.ndarray
    spread: np.ndarray
    steps: tuple[tuple[np.ndarray, np.ndarray], ...] = ()
    as_is: tuple[int, ...] = ()

    def apply(self, features: np.ndarray) -> np.ndarray:
        """Return features (rows = customers) on this scale; the input is not changed."""
        return (_transform(features, self.name, self.steps, self.as_is) - self.middle) / self.spread


def learn(features: np.ndarray, name: ScaleName) -> Scale:
    """Learn a scale from customers.

    Parameters
    ----------
    features : rows = customers, columns = features, in their own units, none constant.
    name : "raw" keeps units; "standard" is (x - mean) / sd; "log" is the same after
        sign(x) log(1 + |x|), so that ratios count; "rank" is the same after average ranks, ties
        together. Choice of these four: our convention (log for spend is usual in RFM work).
    """
    steps = tuple(_rank_steps(column) for column in features.T) if name == "rank" else ()
    as_is = tuple(place for place, column in enumerate(features.T) if name != "raw" and np.isin(column, (0, 1)).all())
    transformed = _transform(features, name, steps, as_is)
    count = features.shape[1]
    if name == "raw":
        return Scale(name, np.zeros(count), np.ones(count))
    # A feature without spread is left as it is: divided by 0 it would be nothing but NaN.
    spread = transformed.std(axis=0)
    spread[list(as_is)] = 1.0
    return Scale(name, transformed.mean(axis=0), np.where(spread > 0, spread, 1.0), steps, as_is)


def _rank_steps(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, first = np.unique(column, return_index=True)
    return values, rankdata(column)[first] / len(column)


def _transform(features: np.ndarray, name: ScaleName, steps: tuple, as_is: tuple[int, ...] = ()) -> np.ndarray:
    if as_is:
        transformed = np.array(_transform(features, name, steps), dtype=float)
        transformed[:, list(as_is)] = features[:, list(as_is)]
        return transformed
    # The sign is kept, because net spend falls below 0 where more was returned than bought.
    if name == "log":
        return np.sign(features) * np.log1p(np.abs(features))
    if name == "rank":
        # Between two learnt values the rank is interpolated, so that customers outside the fit find a place too.
        ranks = [np.interp(column, values, shares) for column, (values, shares) in zip(features.T, steps, strict=True)]
        return np.column_stack(ranks)
    return np.asarray(features, dtype=float)


def decided_by(scaled: np.ndarray) -> np.ndarray:
    """Return per feature its share (0 to 1) of all squared distances between customers.

    The mean squared distance of two customers is twice the sum of the variances, so the share of
    a feature is its variance over that sum.
    """
    variance = scaled.var(axis=0)
    total = variance.sum()
    return variance / total if total > 0 else np.full(len(variance), 1 / len(variance))


def scale_name(scale: str) -> str:
    """Return what a scale is called in a sentence or table: "ratios count" for "log"."""
    return {
        "raw": _("as they are"),
        "standard": _("divided by their spread"),
        "log": _("ratios count"),
        "rank": _("only the order counts"),
    }[scale]
