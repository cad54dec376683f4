"""How steady groups would be that are made again: what the trials of several analyses share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

STEADY = 0.6  # below this overlap Hennig (2007) reads a group as not to be trusted
STABLE = 0.75  # from this overlap on as stable


@dataclass(frozen=True)
class Steadiness:
    """How far one number of groups holds when the groups are made again.

    Parameters
    ----------
    groups : the number of groups tried.
    weakest : overlap (0 to 1) that the least steady group keeps, on average over the trials.
    """

    groups: int
    weakest: float

    @property
    def steady(self) -> bool:
        """True when even the least steady group can be trusted."""
        return self.weakest >= STEADY


Trial = TypeVar("Trial", bound=Steadiness)


def most_steady(trials: Sequence[Trial]) -> Trial:
    """Return the trial with the most groups that stay steady; where none does, the one that comes nearest.

    Parameters
    ----------
    trials : one for each number of groups, the fewest groups first; at least one.

    Returns
    -------
    One of the trials: more groups say more, so the finest division that holds is preferred to the steadiest.

    Notes
    -----
    Our convention; the border ``STEADY`` is that of Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    steady = [trial for trial in trials if trial.steady]
    if steady:
        return steady[-1]
    return max(trials, key=lambda trial: trial.weakest)
