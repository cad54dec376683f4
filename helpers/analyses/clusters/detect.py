"""What could be seen on this client's own customers: do the groups stay when customers are drawn again?"""

import numpy as np

from helpers.analyses.clusters.features import Prepared
from helpers.analyses.clusters.kmeans import fit_kmeans, most_groups, order_by_spend
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.clusters.stability import bootstrap_stability
from helpers.analyses.steadiness import Steadiness, most_steady
from helpers.core.wording import _, number, percent

SAMPLE = 2_000  # the gate must stay quick; the analysis itself looks at more
RESAMPLES = 8


class Detectable(Steadiness):
    """How steady the customer groups would be, when customers are drawn again."""

    def sentence(self) -> str:
        """Return it in words."""
        return _(
            "When the customers are drawn again {times} times, the least steady of {groups} groups keeps {share} of its make-up."
        ).format(times=number(RESAMPLES), groups=number(self.groups), share=percent(self.weakest))


def detectable(prepared: Prepared, settings: Settings, seed: int) -> Detectable:
    """Try the groups on a sample of the buyers.

    Parameters
    ----------
    prepared : from ``features.prepare``; enough buyers for the groups.
    settings : the declared number of groups is tried; with "evidence" the most that stay steady, from
        ``fewest_clusters`` up to ``most_useful_clusters``.
    seed : of the round.
    """
    rng = np.random.default_rng(seed)
    grouped = np.flatnonzero(~prepared.large)
    rows = np.sort(rng.choice(grouped, min(SAMPLE, len(grouped)), replace=False))
    features, monetary = prepared.features[rows], prepared.buyers["monetary"].to_numpy()[rows]
    scaled = learn(features, settings.scale).apply(features)
    # The same draws for each number of groups, so that they differ by the groups alone.
    resample_seed = int(rng.integers(2**31))
    trials = [Detectable(groups, _weakest(scaled, monetary, groups, resample_seed)) for groups in _numbers_to_try(features, settings)]
    return most_steady(trials)


def _numbers_to_try(features: np.ndarray, settings: Settings) -> list[int]:
    if isinstance(settings.clusters, int):
        return [settings.clusters]
    most = min(settings.most_useful_clusters, len(features) // settings.customers_per_group, most_groups(features))
    return list(range(settings.fewest_clusters, max(most, settings.fewest_clusters) + 1))


def _weakest(scaled: np.ndarray, monetary: np.ndarray, groups: int, seed: int) -> float:
    if most_groups(scaled) < groups:
        return 0.0  # the sample holds too few different customers
    fit = order_by_spend(fit_kmeans(scaled, groups, seed, starts=3), monetary)
    return bootstrap_stability(scaled, fit, RESAMPLES, seed).weakest
