"""What chance alone would give: one small interface by which a room sets its claim beside "nothing there"."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from helpers.core.results import Chance
from helpers.statistics.resampling import MIDDLE_95, percentile_interval, permutation_p_values

Side = Literal["large", "small", "both"]


def against_chance(figure: float, draws: ArrayLike, side: Side = "large", how: str = "") -> Chance:
    """Return a claim's figure beside what it is where nothing is there.

    Parameters
    ----------
    figure : the figure of the claim, as seen.
    draws : the same figure in worlds in which nothing is there (permutations, re-draws, split halves, random words ...), one
        per world; at least 19, or nothing can be news at 5 %.
    side : which figures go as far: as large, as small, or as far from the middle of the draws either way.
    how : how chance was let loose; see ``Chance``.

    Returns
    -------
    The data as they are count as one draw, so that no p-value is zero (Phipson and Smyth 2010). For both sides the smaller
    p-value counts twice.
    """
    dealt = np.asarray(draws, dtype=float)
    as_large, as_small = (float(p) for p in permutation_p_values(figure, dealt))
    p_value = {"large": as_large, "small": as_small, "both": min(1.0, 2 * min(as_large, as_small))}[side]
    low, high = percentile_interval(dealt, MIDDLE_95)
    return Chance(float(figure), float(dealt.mean()), low, high, p_value, how)
