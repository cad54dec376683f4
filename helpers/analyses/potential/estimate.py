"""What every customer really buys, could buy and leaves, after the luck of a year is taken out, beside what chance alone gives.

The potential is the level that a fifth of comparable customers really exceed (which share is our convention). Levels are drawn
from their posterior, the classes drawn again with the customers (bootstrap; Efron, 1979), so that sums have honest intervals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential.chance import against_worlds
from helpers.analyses.potential.levels import Levels, fit_levels
from helpers.analyses.potential.peers import POINTS, Distances, binned, comparable, distances_from_peers
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Chance
from helpers.statistics.resampling import MIDDLE_95
from helpers.statistics.shrinkage import shrunk

MIDDLE_90 = (0.05, 0.95)  # of what one customer may reach


@dataclass(frozen=True)
class Potential:
    """What comparable customers reach, per customer; NaN for customers who cannot be compared.

    Parameters
    ----------
    compared : True for the customers who can be compared.
    potential : what a customer of this kind reaches at the declared level, euros per year.
    unused : expected part of it that is not bought, euros per year.
    reached_low, reached_high : share of the potential that is bought, middle 90 % of the posterior.
    unused_draws : draws of the unused euros, shape (draws, customers compared).
    chance : the unused euros of all beside what chance alone gives.
    years : years that are known of half the customers or more.
    lasting_share : share of the differences between comparable customers that lasts from year to year; None from one year.
    compared_on : the figures on which customers are compared.
    """

    compared: np.ndarray
    potential: np.ndarray
    unused: np.ndarray
    reached_low: np.ndarray
    reached_high: np.ndarray
    unused_draws: np.ndarray
    chance: Chance
    years: int
    lasting_share: float | None
    compared_on: tuple[str, ...]

    def unused_range(self, inside: np.ndarray) -> tuple[float, float]:
        """Return the 95 % interval of the unused potential of some customers together.

        Parameters
        ----------
        inside : True for the customers that are added up, among all.
        """
        sums = self.unused_draws[:, inside[self.compared]].sum(axis=1)
        low, high = np.quantile(sums, MIDDLE_95)
        expected = np.nansum(self.unused[inside])  # a gap that few draws see lies beyond the middle of them
        return float(min(low, expected)), float(max(high, expected))

    @property
    def listed(self) -> np.ndarray:
        """True for the customers of whom it is backed that they stay behind: more than chance, and each by 95 %."""
        return (self.reached_high < 1) & self.chance.beaten


def estimate_potential(live: pd.DataFrame, settings: Settings, seed: int) -> Potential:
    """Return the potential of every customer.

    Parameters
    ----------
    live : customers who may buy, sorted by id, with revenue, its years before, and the features compared on.
    settings : level, draws and the least number of peers.
    seed : of the draws.
    """
    compared, names = comparable(live, settings)
    customers = live[compared].reset_index(drop=True)
    distances = distances_from_peers(customers, settings)
    revenue = customers["revenue_per_year"].to_numpy(float).clip(min=0)
    points, at = binned(distances.mean)
    counts = np.bincount(at, minlength=POINTS).astype(float)
    rng = np.random.default_rng(seed)
    again = rng.multinomial(len(customers), counts / counts.sum(), size=settings.draws).astype(float)
    levels = fit_levels(again, points, _noise_drawn(distances, settings.draws, rng))
    bought, behind = levels.expected(points, settings.peer_level)
    factor = _factors(revenue, distances.peers * bought[:, at], rng)
    draws = _drawn(levels, points, at, settings.peer_level, rng) * factor[:, None] * distances.peers
    top = np.exp(levels.reference(settings.peer_level))
    low, high = _reached_range(levels, points, settings.peer_level, rng)
    chance = against_worlds(distances, customers, float(factor.mean()), settings.peer_level, rng)

    def spread_out(values: np.ndarray) -> np.ndarray:
        everybody = np.full(len(live), np.nan)
        everybody[compared] = values
        return everybody

    return Potential(
        compared=compared,
        potential=spread_out(distances.peers * (factor * top).mean()),
        unused=spread_out(distances.peers * (factor @ behind / len(factor))[at]),
        reached_low=spread_out(low[at]),
        reached_high=spread_out(high[at]),
        unused_draws=draws,
        chance=chance,
        years=distances.years,
        lasting_share=_lasting_share(distances),
        compared_on=names,
    )


def _noise_drawn(distances: Distances, draws: int, rng: np.random.Generator) -> np.ndarray | None:
    """Return draws of the variance that a customer's mean distance has by itself; None from one year."""
    if distances.noise is None:
        return None
    each = distances.noise[np.isfinite(distances.noise)]
    return np.maximum(each.mean() + rng.standard_normal(draws) * each.std() / np.sqrt(len(each)), 0)


def _factors(revenue: np.ndarray, expected: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return per draw the factor from what peers buy to euros, such that expectation and revenue add up to the same.

    A mean, because a logarithm's expectation is not that of the euros (smearing: Duan, 1983); drawn with its standard error.
    """
    sums = expected.sum(axis=1)
    ratio = revenue.sum() / sums
    error = np.sqrt(((revenue - ratio[:, None] * expected) ** 2).sum(axis=1)) / sums
    return ratio * np.exp(rng.standard_normal(len(ratio)) * error / ratio)


def _drawn(levels: Levels, points: np.ndarray, at: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Return per draw and customer what is left below the reference, as a multiple of what peers buy."""
    top = np.exp(levels.reference(level))
    return np.maximum(top[:, None] - np.exp(_true_levels(levels, points, at, rng)), 0)


def _true_levels(levels: Levels, points: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return draws of the true level of customers seen at some of the points, one row per fit."""
    chances, means, variance = levels.posterior(points)
    drawn = np.empty((len(means), len(at)))
    for row in range(len(means)):
        chosen = (rng.random((len(at), 1)) > chances[row].cumsum(axis=1)[at]).sum(axis=1).clip(max=means.shape[2] - 1)
        drawn[row] = means[row, at, chosen] + rng.standard_normal(len(at)) * np.sqrt(variance[row, 0, 0])
    return drawn


def _reached_range(levels: Levels, points: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Return per point the middle 90 % of the share of the potential that is bought."""
    every = np.arange(len(points))
    shares = np.exp(np.minimum(_true_levels(levels, points, every, rng) - levels.reference(level)[:, None], 0))
    return np.quantile(shares, MIDDLE_90, axis=0)


def _lasting_share(distances: Distances) -> float | None:
    """Return which share of the differences in one year lasts (reliability)."""
    if distances.noise is None:
        return None
    noise = float(np.nanmean(distances.noise)) + 1e-9
    lasting = shrunk(distances.mean, noise).prior_variance
    return lasting / (lasting + noise * distances.years)
