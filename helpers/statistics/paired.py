"""A lead of one way over another on the same people, beside what the lot gives."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.core.results import Chance
from helpers.statistics.nulls import against_chance

DEALS = 999


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
