"""What chance alone would give: one small interface by which a room sets its claim beside "nothing there"."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from helpers.core.results import Chance
from helpers.statistics.resampling import MIDDLE_95, percentile_interval, permutation_p_values

Side = Literal["large", "small", "both"]
DEALS = 999


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


def lead_by_lot(ahead: ArrayLike, seed: int, how: str = "") -> Chance:
    """Return the lead of the first way beside the best lead where it is decided by lot, per person, which way is which.

    Parameters
    ----------
    ahead : ways × people: result of each way minus the result of the one to beat, such as 1, 0 or -1; the first way is the one that
        is claimed to be better.
    seed : of the round.
    how : the sentence for ``Chance.how``.

    Returns
    -------
    The mean lead, against the largest mean lead of all ways with the signs of each person drawn anew (sign-flipping, Fisher 1935; the
    largest of several: Westfall and Young 1993).
    """
    leads = np.atleast_2d(np.asarray(ahead, dtype=float))
    decided = leads[:, np.any(leads != 0, axis=0)]
    rng = np.random.default_rng(seed)
    dealt = [(decided @ rng.choice((-1.0, 1.0), decided.shape[1])).max() / leads.shape[1] for _deal in range(DEALS)]
    return against_chance(float(leads[0].mean()), dealt, how=how)
