"""The interval of a share."""

from __future__ import annotations

from statsmodels.stats.proportion import proportion_confint


def wilson(successes: int, trials: int) -> tuple[float, float, float]:
    """Return share, low and high (95 %, Wilson 1927); NaN without trials."""
    if not trials:
        return (float("nan"),) * 3
    low, high = proportion_confint(successes, trials, method="wilson")
    return successes / trials, float(low), float(high)
