"""What could be seen on this client's own visitors: are the segments of one half those of the other?"""

import numpy as np

from helpers.analyses.personas.features import Features
from helpers.analyses.personas.settings import Settings
from helpers.analyses.personas.stability import compare, halves_of
from helpers.analyses.steadiness import Steadiness, most_steady
from helpers.core.wording import _, number, percent

SAMPLE = 1_000  # visitors tried; the gate must stay quick
SPLITS = 2
MORE_SEGMENTS = 3  # numbers of segments tried beyond the fewest, where none is declared


class Detectable(Steadiness):
    """How steady the segments would be, between two halves of the visitors."""

    def sentence(self) -> str:
        """Return it in words."""
        return _(
            "Made from one half of the visitors and again from the other, the least steady of {n} segments keeps {share} of its make-up."
        ).format(n=number(self.groups), share=percent(self.weakest))


def detectable(features: Features, usable: np.ndarray, settings: Settings, seed: int) -> Detectable:
    """Try the segments on a sample of the visitors.

    Parameters
    ----------
    features : of all visitors.
    usable : True for those who saw enough pages.
    settings : the declared number of segments is tried; with "stability" the most that stay steady, from
        ``fewest_segments`` on.
    seed : of the round.
    """
    rng = np.random.default_rng(seed)
    visitors = np.flatnonzero(usable)
    rows = np.sort(rng.choice(visitors, min(SAMPLE, len(visitors)), replace=False))
    # The same halves for each number of segments, so that they differ by the segments alone.
    halves = halves_of(features.matrix[rows], SPLITS, seed)
    trials = [Detectable(count, compare(halves, count, seed, settings.method).weakest) for count in _numbers_to_try(settings)]
    return most_steady(trials)


def _numbers_to_try(settings: Settings) -> list[int]:
    if isinstance(settings.segments, int):
        return [settings.segments]
    most = min(settings.most_segments, settings.fewest_segments + MORE_SEGMENTS)
    return list(range(settings.fewest_segments, most + 1))
