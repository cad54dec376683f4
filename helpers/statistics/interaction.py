"""Whether an effect differs between segments: each against all the others, before anybody is told to begin with one.

Proven in one segment and not in another is no proof that they differ; the effects themselves have to be compared (Gail and Simon
1985; Altman and Bland 2003). An effect that is equal in points is not equal in per cent where rates differ, so a segment stands
out only where it does on both scales (Rothman, Greenland and Lash 2008, chapter 5), after Holm's correction for all segments.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from helpers.statistics.resampling import holm
from helpers.statistics.shrinkage import shrunk

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Apart:
    """Each segment against the others.

    Parameters
    ----------
    elsewhere : the effect in all other segments together, in points of a share (0 to 1).
    p_values : that the effect is the same as elsewhere, in points or in per cent, two-sided, Holm-corrected.
    shrunken : the effects drawn towards their common mean, each by how little it rests on (Morris 1983).
    """

    elsewhere: Floats
    p_values: Floats
    shrunken: Floats


def apart(treated: ArrayLike, treated_people: ArrayLike, holdout: ArrayLike, holdout_people: ArrayLike) -> Apart:
    """Compare the effect in each segment with that in the others.

    Parameters
    ----------
    treated, holdout : people who converted, per segment, shape (n,), n at least 2.
    treated_people, holdout_people : all people of each arm, above 0.
    """
    hits, people = np.array([treated, holdout], dtype=float), np.array([treated_people, holdout_people], dtype=float)
    rates = hits / people
    # Half a conversion more in each arm keeps a variance and a logarithm where nobody, or everybody, converted.
    smoothed, weight = (hits + 0.5) / (people + 1), people.prod(axis=0) / people.sum(axis=0)
    points, points_variance = rates[0] - rates[1], (smoothed * (1 - smoothed) / people).sum(axis=0)
    ratio, ratio_variance = np.log(smoothed[0] / smoothed[1]), ((1 - smoothed) / (smoothed * people)).sum(axis=0)
    elsewhere, in_points = _against_rest(points, points_variance, weight)
    in_percent = _against_rest(ratio, ratio_variance, 1 / ratio_variance)[1]
    # Up on one scale and down on the other is no segment to begin with.
    agree = np.sign(in_points) == np.sign(in_percent)
    distance = np.where(agree, np.minimum(np.abs(in_points), np.abs(in_percent)), 0.0)
    return Apart(elsewhere, np.array(holm((2 * norm.sf(distance)).tolist())), shrunk(points, points_variance).means)


def _against_rest(effects: Floats, variances: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean effect of all other segments, and how many standard errors each lies above it."""
    others = weights * (1 - np.eye(len(effects)))
    others /= others.sum(axis=1, keepdims=True)
    rest = others @ effects
    return rest, (effects - rest) / np.sqrt(variances + others**2 @ variances)
