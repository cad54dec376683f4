"""How well two ways of grouping the same customers agree, corrected for chance."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import random_table

from helpers.core.results import NEWS, Chance
from helpers.core.wording import _
from helpers.statistics.resampling import percentile_interval, permutation_p_values

PERMUTATIONS = 999


@dataclass(frozen=True)
class Agreement:
    """Agreement between groups and codes.

    Parameters
    ----------
    index : adjusted Rand index: 1 = the same groups, 0 = what chance gives.
    chance_low, chance_high : the middle 95 % of the index when the codes are dealt out anew.
    p_value : chance of an index at least this high when code and group have nothing in common.
    strength : bias-corrected Cramér's V, 0 (none) to 1 (the code follows from the group).
    """

    index: float
    chance_low: float
    chance_high: float
    p_value: float
    strength: float

    @property
    def beyond_chance(self) -> bool:
        """True when code and group agree more than chance explains (5 % level)."""
        return self.p_value <= NEWS

    @property
    def chance(self) -> Chance:
        """The index beside what it is when the codes are dealt out anew."""
        return Chance(self.index, 0.0, self.chance_low, self.chance_high, self.p_value, _("The codes were dealt out anew."))


def permutation_agreement(cross: np.ndarray, seed: int) -> Agreement:
    """Compare groups (rows) with codes (columns) from their cross table of counts.

    Permutation interval: dealing the codes out anew over the customers gives exactly the tables
    with the same totals (Patefield 1981, through scipy), so 999 of those are drawn. Cramér's V
    corrected for bias: Bergsma (2013).
    """
    rng = np.random.default_rng(seed)
    dealt = random_table(cross.sum(axis=1), cross.sum(axis=0)).rvs(PERMUTATIONS, random_state=rng)
    index = float(adjusted_rand_index(cross))
    by_chance = adjusted_rand_index(np.asarray(dealt))
    as_high, _as_low = permutation_p_values(index, by_chance, near=1e-12)
    return Agreement(index, *percentile_interval(by_chance), float(as_high), _cramers_v(cross))


def adjusted_rand_index(cross: np.ndarray) -> np.ndarray:
    """Return the adjusted Rand index of one cross table of two groupings, or of a stack of them.

    1 is the same groups, 0 what chance gives (Hubert & Arabie 1985, Journal of Classification 2). It is
    computed from the table that is there already: scikit-learn's takes all labels, which costs more than
    the fits. Two groupings that both put everybody together agree (1), as in scikit-learn.
    """
    cross = cross.astype(float)
    together = _pairs(cross).sum(axis=(-2, -1))
    rows = _pairs(cross.sum(axis=-1)).sum(axis=-1)
    columns = _pairs(cross.sum(axis=-2)).sum(axis=-1)
    expected = rows * columns / _pairs(cross.sum(axis=(-2, -1)))
    most = (rows + columns) / 2
    return np.where(most > expected, (together - expected) / np.where(most > expected, most - expected, 1), 1.0)


def _pairs(count: np.ndarray) -> np.ndarray:
    return count * (count - 1) / 2


def _cramers_v(cross: np.ndarray) -> float:
    total = cross.sum()
    expected = np.outer(cross.sum(axis=1), cross.sum(axis=0)) / total
    rows, columns = cross.shape
    phi = max(0.0, ((cross - expected) ** 2 / expected).sum() / total - (rows - 1) * (columns - 1) / (total - 1))
    rows, columns = rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1)
    return float(np.sqrt(phi / max(min(rows, columns) - 1, 1e-9)))
