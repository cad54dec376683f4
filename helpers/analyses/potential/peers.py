"""With whom customers are compared, and how far each lies from what its peers buy.

What peers buy is a regression of the logarithm of revenue on size, sector, use and surroundings, fitted together with the
classes of ``levels.py`` (latent class regression: DeSarbo and Cron, 1988), so that those who stay behind do not pull down what
they are held against. Customers whose attributes are missing are compared only where the gap in their data changes nothing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential.features import YEARS_BEFORE
from helpers.analyses.potential.levels import fit_levels
from helpers.analyses.potential.settings import Settings

NUMBERS = ("devices", "usage_per_month", "employees", "external_measure")
KINDS = ("sector", "size_class")
FLOOR = np.log(0.1)  # less than a tenth of what peers buy counts as a tenth, so that no single year decides all (our convention)
POINTS = 96  # at which distances from peers are counted
ALTERNATIONS = 3  # between what peers buy and the classes; more change nothing
WIDER = 1.5  # customers with missing figures whose distances vary so much more are not comparable (our convention)


@dataclass(frozen=True)
class Distances:
    """How far customers lie from their peers.

    Parameters
    ----------
    per_year : logarithm of revenue over what peers buy, latest year first, NaN where unknown; shape (customers, years).
    peers : what peers buy in the latest year, in euros up to one factor for all.
    """

    per_year: np.ndarray
    peers: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Mean distance over the years that are known."""
        return np.nanmean(self.per_year, axis=1)

    @property
    def years(self) -> int:
        """Number of years that are known of half the customers or more."""
        return self.per_year.shape[1]

    @property
    def noise(self) -> np.ndarray | None:
        """Variance of the mean by itself per customer known in two years or more; None where there is only one year."""
        return None if self.years == 1 else noise_of_means(self.per_year)


def noise_of_means(per_year: np.ndarray) -> np.ndarray:
    """Return, per customer, the variance of the mean over the years, from how the years differ; NaN with one year.

    Parameters
    ----------
    per_year : distances from peers, with years in the last axis.
    """
    known = np.isfinite(per_year).sum(axis=-1)
    squares = np.nansum((per_year - np.nanmean(per_year, axis=-1, keepdims=True)) ** 2, axis=-1)
    return np.where(known > 1, squares / np.maximum(known - 1, 1) / known, np.nan)


def comparable(customers: pd.DataFrame, settings: Settings) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return who can be compared with others, and on what.

    Left out: who has none of the figures; who lacks some of them, where such customers vary more than those known in full
    (an unknown size would look like potential); who is new within the months looked at, where earlier years are known.

    Parameters
    ----------
    customers : who may buy, with the features and ``revenue_per_year``.
    settings : the least number of customers of a kind.
    """
    matrix, names = design(customers, settings)
    known = customers[list(names)].notna()
    buys = (customers["revenue_per_year"] > 0).to_numpy()
    complete, partly = known.all(axis=1).to_numpy(), known.any(axis=1).to_numpy()
    usable = complete
    if (buys & complete).sum() >= settings.least_peers and (buys & partly & ~complete).sum() > 1:
        _expected, distance = _regress(matrix, np.log(customers["revenue_per_year"].where(buys).to_numpy(float)), buys & partly)
        variance, of_partly = np.var(distance[buys & complete]), np.var(distance[buys & partly & ~complete])
        usable = partly if of_partly <= WIDER * variance else complete
    earlier = customers[list(YEARS_BEFORE)].gt(0)
    new = ~earlier.any(axis=1).to_numpy() & buys if earlier.to_numpy().any() else np.zeros(len(customers), dtype=bool)
    return usable & ~new & bool(names), names


def distances_from_peers(customers: pd.DataFrame, settings: Settings) -> Distances:
    """Return how far customers lie from their peers, in every year that is known of half of them.

    Parameters
    ----------
    customers : those who can be compared, from ``comparable``.
    settings : the least number of customers of a kind.
    """
    matrix, _names = design(customers, settings)
    revenue = customers[["revenue_per_year", *YEARS_BEFORE]].to_numpy(float)
    enough = np.isfinite(revenue).mean(axis=0) >= 0.5
    revenue = revenue[:, : int(np.argmin(enough)) or 1 if not enough.all() else None]
    known, buys = np.isfinite(revenue), revenue > 0
    logs = np.log(np.where(buys, revenue, np.nan))
    level = np.zeros(len(customers))
    for _round in range(ALTERNATIONS):
        years = [_regress(matrix, logs[:, year] - level, buys[:, year])[0] for year in range(revenue.shape[1])]
        expected = np.column_stack(years)
        floored = np.maximum(np.where(buys, logs - expected, FLOOR), FLOOR)
        distances = Distances(np.where(known, floored, np.nan), np.exp(expected[:, 0]))
        level = _levels_of(distances)
    return distances


def _levels_of(distances: Distances) -> np.ndarray:
    """Return at which class level each customer is expected, less the mean of all."""
    points, at = binned(distances.mean)
    noise = None if distances.noise is None else np.array([np.nanmean(distances.noise)])
    fit = fit_levels(np.bincount(at, minlength=POINTS)[None].astype(float), points, noise)
    chances, _means, _variance = fit.posterior(points)
    level = (chances[0] @ fit.centres[0])[at]
    return level - level.mean()


def binned(distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points over the range of the distances and a little beyond, and which is nearest to each distance."""
    low, high = distances.min() - 0.25, distances.max() + 0.25
    points = np.linspace(low, high, POINTS)
    return points, nearest(points, distances)


def nearest(points: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return which of the evenly spaced points is nearest to each distance."""
    return np.clip(np.rint((distances - points[0]) / (points[1] - points[0])), 0, len(points) - 1).astype(int)


def _regress(matrix: np.ndarray, logs: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the expected logarithm of every row, fitted on some, and the distances from it."""
    expected = matrix @ np.linalg.lstsq(matrix[inside], logs[inside], rcond=None)[0]
    return expected, logs - expected


def design(customers: pd.DataFrame, settings: Settings) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the design matrix and the names of what customers are compared on.

    Numbers as standardised logarithms, missing ones at the middle with a flag of their own; sectors and size
    classes as flags, those with fewer than ``least_peers`` customers together; constant columns left out.
    """
    columns: list[np.ndarray] = [np.ones(len(customers))]
    names: list[str] = []
    for name in NUMBERS:
        logs = np.log1p(customers[name].to_numpy(float).clip(min=0))
        known = np.isfinite(logs)
        if known.sum() < settings.least_peers or np.std(logs[known]) < 1e-9:
            continue
        names.append(name)
        spread = np.std(np.sort(logs[known]))
        columns.append(np.where(known, (logs - np.median(logs[known])) / spread, 0.0))
        if (~known).sum() >= settings.least_peers:
            columns.append((~known).astype(float))
    for name in KINDS:
        flags = _flags(customers[name], settings.least_peers)
        if flags:
            names.append(name)
            columns += flags
    return np.round(np.column_stack(columns), 9), tuple(names)


def _flags(kind: pd.Series, least: int) -> list[np.ndarray]:
    """Return one flag per kind with enough customers, less the largest, which is the base."""
    counts = kind.value_counts()
    large = sorted(counts.index[counts >= least], key=lambda name: (-counts[name], str(name)))
    customers_of_small_kinds = int(len(kind) - counts[large].sum()) if len(large) else 0
    # The small kinds together are the base where they are enough; else the largest kind is.
    flagged = large if customers_of_small_kinds >= least else large[1:]
    return [(kind == name).fillna(False).to_numpy(float) for name in flagged]
