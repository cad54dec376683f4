"""Segments from purchases, brands, contacts and reached potential, with size and usage in the background.

K-Means (Lloyd, 1957/1982; scikit-learn) on standardised logarithms of amounts and counts, shares as they
are: the published case says only "unsupervised clustering, five clearly separated segments". Our choices:
purchases weigh 1 and company size, usage and external figures together less, because segments are to tell
what to sell and not who is big; rows are sorted by value before the fit and every customer goes to the
nearest centre, so that the order of rows does not matter and equal customers share a segment; segments are
numbered by falling revenue.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from helpers.analyses.potential.settings import CONTEXT, PURCHASES, Settings

SHARES = ("own_brand_share", "reached_potential")
MARKED = 0.5  # a segment is marked by a feature when its mean lies half a spread from the mean of all
FITTED_AT_MOST = 50_000  # beyond this many customers the fit uses every n-th
STARTS = 20
# Revenue per customer against the mean of all (our convention).
VERY_HIGH = 2
HIGH = 1.25
MEDIUM = 0.6


@dataclass(frozen=True)
class Segments:
    """Segments of customers.

    Parameters
    ----------
    number : segment per customer, 1 is the one with most revenue per customer.
    closeness : how sure: 0 on the border to the next segment, 1 on the own centre (simplified silhouette).
    centres : one row per segment, per feature how far its mean lies from the mean of all, in spreads.
    used : features used.
    left_out : features declared but missing or constant.
    """

    number: np.ndarray
    closeness: np.ndarray
    centres: pd.DataFrame
    used: tuple[str, ...]
    left_out: tuple[str, ...]


def fit_segments(live: pd.DataFrame, settings: Settings, seed: int) -> Segments:
    """Return the segments of the customers; fewer than declared where they differ in fewer ways.

    Parameters
    ----------
    live : customers who are no dead record, with the features and ``reached_potential``.
    settings : number of segments, and the weight of size and usage.
    seed : of the random starts.
    """
    scaled, left_out = standardise(live)
    weights = np.array([1.0 if name in PURCHASES else settings.context_weight for name in scaled.columns])
    points = np.round(scaled.to_numpy() * weights, 9)
    groups = min(settings.segments, len(np.unique(points, axis=0)))
    order = np.lexsort(points.T)
    fitted = order[:: max(1, int(np.ceil(len(order) / FITTED_AT_MOST)))]
    model = KMeans(groups, n_init=STARTS, random_state=seed).fit(points[fitted])
    distances = model.transform(points)
    labels = distances.argmin(axis=1)
    number = _by_revenue(labels, live["revenue_per_year"].to_numpy(float), groups)
    nearest = np.sort(distances, axis=1)
    closeness = 1 - nearest[:, 0] / np.maximum(nearest[:, 1], 1e-12) if groups > 1 else np.ones(len(labels))
    centres = scaled.groupby(number).mean().rename_axis("segment")
    return Segments(number, np.round(closeness, 6), centres, tuple(scaled.columns), left_out)


def standardise(live: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the features that say something, standardised (missing at the mean), and those that do not."""
    columns: dict[str, np.ndarray] = {}
    left_out: list[str] = []
    for name in (*PURCHASES, *CONTEXT):
        values = live[name].to_numpy(float)
        # A share is at most 1: its logarithm would tell nothing more.
        logs = values if name in SHARES else np.log1p(values.clip(min=0))
        known = np.sort(logs[np.isfinite(logs)])
        if len(known) < 2 or np.std(known) < 1e-9:
            left_out.append(name)
            continue
        columns[name] = np.nan_to_num((logs - known.mean()) / np.std(known), nan=0.0)
    return pd.DataFrame(columns, index=live.index), tuple(left_out)


def _by_revenue(labels: np.ndarray, revenue: np.ndarray, groups: int) -> np.ndarray:
    """Return 1, 2, … by falling mean revenue; equal means by the lower label."""
    means = [round(np.sort(revenue[labels == label]).mean(), 6) if (labels == label).any() else -np.inf for label in range(groups)]
    rank = np.empty(groups, dtype=int)
    rank[np.argsort([-mean for mean in means], kind="stable")] = np.arange(1, groups + 1)
    return rank[labels]


def revenue_level(mean: float, overall: float) -> str:
    """Return "very_high", "high", "medium" or "low": from 2, 1.25 and 0.6 times the mean of all on.

    Parameters
    ----------
    mean : revenue per customer of a segment; overall : of all customers.
    """
    ratio = mean / overall if overall > 0 else 1.0
    if ratio >= VERY_HIGH:
        return "very_high"
    if ratio >= HIGH:
        return "high"
    return "medium" if ratio >= MEDIUM else "low"


def marks(centre: pd.Series) -> tuple[str, ...]:
    """Return what marks a segment, strongest first: "own_brand_share:high", "orders_per_year:low", …"""
    strong = centre[centre.abs() >= MARKED]
    order = strong.abs().sort_values(ascending=False, kind="stable").index
    return tuple(f"{name}:{'high' if centre[name] > 0 else 'low'}" for name in order)


def kind_of(centre: pd.Series, level: str) -> str:
    """Return the kind a segment is named after (names of the case where it has them).

    Parameters
    ----------
    centre : per feature how far the segment's mean lies from the mean of all, in spreads.
    level : from ``revenue_level``.

    Returns
    -------
    heavy_buyers, rare_large, sleepers, overlooked, other_brands, own_brand or steady: the first whose rule fits.
    """

    def distance(name: str) -> float:
        return float(centre.get(name, 0.0))

    rules = (
        ("heavy_buyers", level in ("very_high", "high") and distance("orders_per_year") > MARKED),
        ("rare_large", distance("orders_per_year") < -MARKED and distance("reached_potential") > MARKED),
        ("sleepers", distance("orders_per_year") < -MARKED and distance("reached_potential") < -MARKED),
        ("overlooked", distance("contacts_per_year") < -MARKED and distance("reached_potential") < 0),
        ("other_brands", distance("own_brand_share") < -MARKED),
        ("own_brand", distance("own_brand_share") > MARKED),
    )
    return next((name for name, fits in rules if fits), "steady")
