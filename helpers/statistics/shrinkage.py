"""Empirical Bayes: estimates of many small things, each drawn towards their common mean by how little it rests on.

Morris (1983), Parametric empirical Bayes inference; Efron and Morris (1975), Data analysis using Stein's estimator. The spread
of the true means is estimated by restricted maximum likelihood (REML), and its own uncertainty goes into the draws.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

POINTS = 400  # of the spread of true means that are tried


@dataclass(frozen=True)
class Shrunk:
    """Estimates after shrinkage.

    Parameters
    ----------
    means, sds : posterior mean and standard deviation of each true mean, shape (n,); missing estimates get the prior's.
    prior_mean, prior_variance : of the true means (posterior mean of the variance, REML likelihood with a flat prior).
    estimates, variances : as given; a missing estimate has an infinite variance.
    spreads, chances : prior variances that were tried and how probable each is, from which ``draws`` are made.
    """

    means: NDArray[np.float64]
    sds: NDArray[np.float64]
    prior_mean: float
    prior_variance: float
    estimates: NDArray[np.float64]
    variances: NDArray[np.float64]
    spreads: NDArray[np.float64]
    chances: NDArray[np.float64]

    def draws(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return draws of all true means together, shape (count, n): the prior is drawn too, not plugged in.

        Parameters
        ----------
        count : number of draws, at least 1; rng : generator seeded by the round.
        """
        spread = rng.choice(self.spreads, size=(count, 1), p=self.chances)
        weights = 1 / (spread + self.variances)
        total = weights.sum(axis=1, keepdims=True)
        centre = (weights * self.estimates).sum(axis=1, keepdims=True) / total + rng.standard_normal((count, 1)) / np.sqrt(total)
        kept = spread * weights  # the share of an estimate that is believed
        sd = np.sqrt(spread * (1 - kept))
        return centre + kept * (self.estimates - centre) + sd * rng.standard_normal((count, len(self.estimates)))


def shrunk(estimates: ArrayLike, variances: ArrayLike) -> Shrunk:
    """Return estimates drawn towards their common mean, each by how little it rests on.

    Parameters
    ----------
    estimates : of n true means, shape (n,), two or more known; NaN where nothing was seen.
    variances : of the estimates around their true means, known, above 0; one number or shape (n,).

    Raises
    ------
    ValueError : where fewer than two estimates are known, or a variance is not above 0.
    """
    given = np.asarray(estimates, dtype=float)
    known = np.isfinite(given)
    noise = np.where(known, np.broadcast_to(np.asarray(variances, dtype=float), given.shape), np.inf)
    if known.sum() < 2 or not (noise > 0).all():
        raise ValueError(f"shrinkage needs two known estimates and variances above 0, and got {known.sum()} estimates")
    seen = np.where(known, given, 0.0)
    # A grid in roots: fine near zero, and beyond the widest spread that the estimates could have.
    spreads = np.linspace(0, 3 * np.std(given[known], ddof=1) + 1e-9, POINTS) ** 2
    weights = 1 / (spreads[:, None] + noise)
    total = weights.sum(axis=1)
    centres = weights @ seen / total
    misfit = (weights * (seen - centres[:, None]) ** 2).sum(axis=1)
    likelihood = 0.5 * np.log(np.where(known, weights, 1.0)).sum(axis=1) - 0.5 * np.log(total) - 0.5 * misfit
    chances = np.exp(likelihood - likelihood.max()) * np.gradient(spreads)
    chances /= chances.sum()
    kept = spreads[:, None] * weights
    means = centres[:, None] + kept * (seen - centres[:, None])
    mean = chances @ means
    variance = chances @ (spreads[:, None] * (1 - kept) + (1 - kept) ** 2 / total[:, None] + (means - mean) ** 2)
    return Shrunk(mean, np.sqrt(variance), float(chances @ centres), float(chances @ spreads), seen, noise, spreads, chances)
