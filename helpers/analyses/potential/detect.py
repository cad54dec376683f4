"""What could be seen on this client's own customers: the smallest gap of a quarter of them that would be found."""

from bisect import bisect_left

import numpy as np
import pandas as pd

from helpers.analyses.potential.chance import unused_shares, worlds_of_chance
from helpers.analyses.potential.peers import distances_from_peers
from helpers.analyses.potential.settings import Settings
from helpers.core.wording import _, percent

SAMPLE = 2_000  # customers tried; the gate must stay quick
PLANTED = 0.25  # of the customers stay behind in the trial (our convention)
GAPS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
TRIALS = 20  # worlds per gap
FOUND = 0.8  # of the trials: the usual power


def smallest_gap(customers: pd.DataFrame, settings: Settings, seed: int) -> float:
    """Return how much less a quarter of the customers must buy to be found in four trials of five; NaN beyond the gaps tried.

    Parameters
    ----------
    customers : who can be compared, sorted by customer_id, with the features.
    settings : the level, and on what customers are compared.
    seed : of the round.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(customers), min(SAMPLE, len(customers)), replace=False))
    sample = customers.iloc[rows].reset_index(drop=True)
    distances = distances_from_peers(sample, settings)
    factor = float(sample["revenue_per_year"].clip(lower=0).sum() / distances.peers.sum())
    means, noise = worlds_of_chance(distances, sample, factor, rng)
    news = np.quantile(unused_shares(distances, means, noise, settings.peer_level), 0.95)
    trials, trial_noise = means[:TRIALS], None if noise is None else noise[:TRIALS]
    behind = rng.random(trials.shape) < PLANTED

    def is_found(gap: float) -> bool:
        unused = unused_shares(distances, trials + behind * np.log(1 - gap), trial_noise, settings.peer_level)
        return bool((unused > news).mean() >= FOUND)

    # A larger gap is found more easily, so the smallest one is looked for by halving.
    place = bisect_left(GAPS, True, key=is_found)
    return GAPS[place] if place < len(GAPS) else float("nan")


def detectable(customers: pd.DataFrame, settings: Settings, seed: int) -> str:
    """Return what could be seen, as a sentence; parameters as for ``smallest_gap``."""
    gap = smallest_gap(customers, settings, seed)
    if np.isnan(gap):
        return _("Even if a quarter of the customers bought {gap} less than comparable ones, it would not show.").format(
            gap=percent(GAPS[-1])
        )
    return _("If a quarter of the customers bought {gap} less than comparable ones, it would be found in four of five cases.").format(
        gap=percent(gap)
    )
