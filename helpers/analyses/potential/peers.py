"""What comparable customers reach: an upper quantile of revenue, given size, sector, usage and surroundings.

Quantile regression (Koenker and Bassett, 1978) on the logarithm of revenue: the 80th percentile of customers
of the same size, sector and usage is taken as a customer's potential (which percentile is our convention; 70
and 90 give the low and the high estimate). A quantile and not a mean, because most customers of a firm may
stay below what they could buy; and logarithms, because quantiles survive them and customers who bought
nothing do no harm. Solved by the MM algorithm of Hunter and Lange (2000). Shrinkage: sectors with few
customers are taken together. Intervals: customers drawn again with return (bootstrap, percentiles).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential.settings import Settings
from helpers.statistics.resampling import bootstrap_counts

FITTED_AT_MOST = 20_000  # beyond this many customers the fit uses every n-th; the level of the rest is predicted
OUTER = (0.05, 0.95)  # of the bootstrap, so nine draws in ten lie between
NUMBERS = ("devices", "usage_per_month", "employees", "external_measure")


@dataclass(frozen=True)
class Potential:
    """What comparable customers reach, per customer, with estimates low, middle and high.

    Parameters
    ----------
    middle : potential per year at the declared level.
    bounds : 5 % and 95 % of the bootstrap of ``middle`` (two columns).
    low, high : potential at the low and the high level.
    matrix, drawn : the design of the customers and the coefficients per bootstrap draw and level, from which
        the bounds of sums are made without keeping every draw of every customer.
    compared_on : the figures on which customers are compared.
    """

    middle: np.ndarray
    bounds: np.ndarray
    low: np.ndarray
    high: np.ndarray
    matrix: np.ndarray
    drawn: np.ndarray
    compared_on: tuple[str, ...]

    def unused_range(self, revenue: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
        """Return the low and high estimate of the unused potential of some customers together.

        Parameters
        ----------
        revenue : revenue per year of every customer.
        inside : True for the customers that are added up.
        """
        rows, revenue_inside = self.matrix[inside], revenue[inside]
        middle = np.maximum(self.middle[inside] - revenue_inside, 0).sum()
        sums = []
        for coefficients in self.drawn:
            # Sorted, because the fitted levels of a draw may cross where few customers are.
            levels = np.sort(_money(rows @ coefficients.T), axis=1)
            sums.append([np.maximum(levels[:, level] - revenue_inside, 0).sum() for level in (0, 2)])
        low, high = np.array(sums).T
        return float(min(np.quantile(low, OUTER[0]), middle)), float(max(np.quantile(high, OUTER[1]), middle))


def estimate_potential(live: pd.DataFrame, settings: Settings, seed: int) -> Potential:
    """Return the potential of every customer.

    Parameters
    ----------
    live : customers who may buy, sorted by id, with revenue_per_year and the features compared on.
    settings : levels, draws and the least number of peers.
    seed : seed of the bootstrap.
    """
    matrix, names = design(live, settings)
    order = np.lexsort(np.column_stack([live["revenue_per_year"], matrix]).T)  # row order must not matter
    fitted = order[:: max(1, int(np.ceil(len(order) / FITTED_AT_MOST)))]
    logs = np.log1p(np.maximum(live["revenue_per_year"].to_numpy(float), 0))
    x, y = matrix[fitted], logs[fitted]
    levels = (settings.peer_low, settings.peer_level, settings.peer_high)
    low, middle, high = np.sort(np.array([_money(matrix @ quantile_fit(x, y, level)) for level in levels]), axis=0)
    rng = np.random.default_rng(seed)
    drawn = np.array([fit_draw(x, y, levels, rng) for _draw in range(settings.draws)])
    return Potential(middle, _bounds(matrix, drawn, middle), low, high, matrix, drawn, names)


def fit_draw(x: np.ndarray, y: np.ndarray, levels: tuple[float, ...], rng: np.random.Generator) -> list[np.ndarray]:
    """Return the coefficients per level for customers drawn again with return."""
    counts = bootstrap_counts(len(y), 1, rng)[0]
    return [quantile_fit(x, y, level, counts) for level in levels]


def _bounds(matrix: np.ndarray, drawn: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Return 5 % and 95 % of the potential at the middle level, a stretch of customers at a time."""
    parts = []
    for start in range(0, len(matrix), FITTED_AT_MOST):
        levels = np.sort(_money(np.einsum("np,dlp->dln", matrix[start : start + FITTED_AT_MOST], drawn)), axis=1)
        parts.append(np.quantile(levels[:, 1], OUTER, axis=0).T)
    bounds = np.concatenate(parts)
    return np.column_stack([np.minimum(bounds[:, 0], middle), np.maximum(bounds[:, 1], middle)])


def _money(logs: np.ndarray) -> np.ndarray:
    """Return the logarithms as money; at least 1, so that a share of the potential exists."""
    return np.maximum(np.expm1(np.minimum(logs, 50)), 1.0)


def quantile_fit(x: np.ndarray, y: np.ndarray, level: float, counts: np.ndarray | None = None, rounds: int = 60) -> np.ndarray:
    """Return the coefficients of the quantile regression of ``y`` on ``x``.

    Parameters
    ----------
    x : design with a column of ones; y : outcome; level : quantile, 0 to 1.
    counts : how often each row counts; None counts each once.
    rounds : steps of the MM algorithm, with a tolerance that shrinks from 0.1 to 0.001.
    """
    counts = np.ones(len(y)) if counts is None else counts
    # Tiny: it only keeps a column that is constant in a draw from making the system unsolvable.
    ridge = 1e-8 * len(y) * np.eye(x.shape[1])
    beta = np.linalg.solve((x * counts[:, None]).T @ x + ridge, x.T @ (counts * y))
    pull = (2 * level - 1) * (x.T @ counts)
    for soft in np.geomspace(0.1, 0.001, rounds):
        weighted = x * (counts / (soft + np.abs(y - x @ beta)))[:, None]
        beta = np.linalg.solve(weighted.T @ x + ridge, weighted.T @ y + pull)
    return beta


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
    for name in ("sector", "size_class"):
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
