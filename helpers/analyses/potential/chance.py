"""What chance alone makes of customers who all buy what comparable customers buy.

Where several years are known, every year is dealt to the customers anew, so that nothing lasts (permutation). From one year,
orders are a lottery (Poisson, of uneven amounts) and one hump of noise makes distances as wide as those that were seen: a
whole bad year can't be told from a customer who stays behind, a separate group of customers can.
"""

import numpy as np
import pandas as pd

from helpers.analyses.potential.levels import fit_levels
from helpers.analyses.potential.peers import FLOOR, POINTS, Distances, binned, nearest, noise_of_means
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.nulls import against_chance

WORLDS = 99  # in which nothing is there
TRIED = 20_000  # customers in such a world at most; of more, every n-th


def against_worlds(distances: Distances, customers: pd.DataFrame, factor: float, level: float, rng: np.random.Generator) -> Chance:
    """Return the unused euros of all, fitted once, beside the same in worlds in which nothing is there.

    Parameters
    ----------
    distances : of the customers from their peers; customers : their features, in the same order.
    factor : from what peers buy to euros.
    level : of comparable customers that counts as the potential.
    rng : generator seeded by the round.
    """
    some = slice(None, None, -(-len(customers) // TRIED))
    few = Distances(distances.per_year[some], distances.peers[some])
    means, noise = worlds_of_chance(few, customers[some], factor, rng)
    euros = factor * distances.peers.sum() * unused_shares(few, means, noise, level)
    own_noise = None if few.noise is None else np.array([np.nanmean(few.noise)])
    seen = factor * distances.peers.sum() * unused_shares(few, few.mean[None], own_noise, level)[0]
    how = _("In such worlds everybody buys what comparable customers buy, and orders and the year are luck.")
    if few.noise is not None:
        how = _("In such worlds every year is dealt to the customers anew, so that nothing lasts.")
    return against_chance(float(seen), euros, how=how)


def unused_shares(distances: Distances, means: np.ndarray, noise: np.ndarray | None, level: float) -> np.ndarray:
    """Return, per world, the unused part of what peers buy together.

    Parameters
    ----------
    distances : of the customers, for what their peers buy.
    means : distance of each customer per world, shape (worlds, customers).
    noise : variance of the distances by themselves, per world; None from one year.
    """
    points, _at = binned(means)
    at = nearest(points, means)
    counts = np.array([np.bincount(row, minlength=POINTS) for row in at], dtype=float)
    behind = fit_levels(counts, points, noise).expected(points, level)[1]
    return np.take_along_axis(behind, at, 1) @ (distances.peers / distances.peers.sum())


def worlds_of_chance(
    distances: Distances, customers: pd.DataFrame, factor: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return distances of all customers in worlds in which nothing is there, and their variance by themselves.

    Parameters
    ----------
    distances, customers, factor, rng : as for ``against_worlds``.
    """
    if distances.noise is None:
        return _lottery(distances.mean, distances.peers * factor, customers, rng), None
    return _dealt_years(distances.per_year, rng)


def _dealt_years(per_year: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return mean distances where each year is dealt to its customers anew, and their variance by themselves, per world."""
    means, noise = np.empty((WORLDS, len(per_year))), np.empty(WORLDS)
    for world in range(WORLDS):
        dealt = per_year.copy()
        for year in range(per_year.shape[1]):
            known = np.isfinite(per_year[:, year])
            dealt[known, year] = rng.permutation(per_year[known, year])
        means[world], noise[world] = np.nanmean(dealt, axis=1), np.nanmean(noise_of_means(dealt))
    return means, noise


def _lottery(distances: np.ndarray, expected: np.ndarray, customers: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return distances where all buy what peers buy: Poisson orders of uneven amounts, and one hump of noise for the rest."""
    orders = customers["orders_per_year"].to_numpy(float)
    amount = np.where(orders > 0, customers["revenue_per_year"].to_numpy(float).clip(min=1e-9) / np.maximum(orders, 1e-9), np.nan)
    rate = np.maximum(expected / np.where(np.isfinite(amount), amount, np.nanmedian(amount)), 0.1)
    unevenness = max(float(customers["order_variation"].mean(skipna=True)), 1e-3) if customers["order_variation"].notna().any() else 1e-3
    placed = np.maximum(rng.poisson(rate, (WORLDS, len(rate))), 1)  # who orders nothing is not seen
    drawn = np.log(placed / rate) + np.log(rng.gamma(placed / unevenness) * unevenness / placed)
    drawn -= drawn.mean(axis=1, keepdims=True)
    wanted, made = distances.var(), drawn.var(axis=1, keepdims=True)
    drawn *= np.sqrt(np.minimum(wanted / made, 1))
    drawn += rng.standard_normal(drawn.shape) * np.sqrt(np.maximum(wanted - made, 0))
    return np.maximum(drawn + distances.mean(), FLOOR)
