"""The first check: are the arms as large as the plan said they would be?

When they are not, people were lost or moved in a way that depends on the treatment, and no comparison can be
believed (Fabijan et al. 2019, "Diagnosing sample ratio mismatch"). Below p = 0.001 the reading stops.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, chisquare

from helpers.statistics.power import needed_z


@dataclass(frozen=True)
class SampleRatio:
    """The arms as counted against the arms as planned.

    Parameters
    ----------
    counted : people per arm; ``wanted`` : people per arm as the plan's shares would have it.
    p_value : chance of a difference at least this large when nothing is wrong.
    holds : False stops the reading.
    detectable : smallest deviation of the first arm's share that this check would nearly surely (80 %) notice.
    stop : p-value below which it does not hold.
    """

    counted: dict[str, int]
    wanted: dict[str, float]
    p_value: float
    holds: bool
    detectable: float
    stop: float


def sample_ratio(counted: dict[str, int], shares: dict[str, float], *, stop: float = 0.001) -> SampleRatio:
    """Check the sizes of the arms against their planned shares.

    Two arms: exact binomial test; more: Pearson's chi-squared test.

    Parameters
    ----------
    counted : people per arm.
    shares : planned share per arm, in any unit; every counted arm must be planned.
    stop : p-value below which the reading stops.

    Raises
    ------
    ValueError : when an arm was counted that the plan does not know, or nobody was counted.
    """
    unplanned = sorted(set(counted) - set(shares))
    if unplanned:
        raise ValueError(f"the plan knows no arm called {', '.join(unplanned)}")
    people = sum(counted.values())
    if people == 0:
        raise ValueError("nobody was assigned")
    arms = list(shares)
    counts = np.array([counted.get(arm, 0) for arm in arms])
    planned = np.array([shares[arm] for arm in arms], float) / sum(shares.values())
    p_value = ratio_p_value(counts, planned)
    detectable = float(needed_z(stop, 0.8) * np.sqrt(planned[0] * (1 - planned[0]) / people))
    wanted = dict(zip(arms, (planned * people).tolist(), strict=True))
    return SampleRatio(dict(zip(arms, counts.tolist(), strict=True)), wanted, p_value, p_value >= stop, detectable, stop)


def ratio_p_value(counts: np.ndarray, planned: np.ndarray) -> float:
    """Return the p-value of counts against shares that sum to one."""
    if len(counts) == 1:
        return 1.0
    if len(counts) == 2:
        # Exact, since the smaller arm may be very small.
        return float(binomtest(int(counts[0]), int(counts.sum()), float(planned[0])).pvalue)
    return float(chisquare(counts, planned * counts.sum()).pvalue)
