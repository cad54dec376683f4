"""What could be seen on this client's own lines: who bought something new, and how well plain popularity hits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.history import History, lookup
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _, percent, plural
from helpers.statistics.intervals import share_and_interval

SAMPLE = 2_000  # customers looked at; the gate must stay quick


@dataclass(frozen=True)
class Detectable:
    """What the later period can judge by.

    Parameters
    ----------
    customers : customers of the sample who bought something new to them in the later period.
    rate, low, high : share of them (0 to 1) whom the most popular groups would have hit, with its 95 % interval;
        NaN without such customers.
    """

    customers: int
    rate: float
    low: float
    high: float

    def sentence(self) -> str:
        """Return what could be seen in words."""
        if not self.customers:
            return _("Nobody bought a new group in the later period, so the suggestions cannot be judged yet.")
        buyers = plural(
            "{n} customer bought a new group in the later period.", "{n} customers bought a new group in the later period.", self.customers
        )
        rule = _(
            "Suggesting what is popular would have hit {rate} of them ({low} to {high}); a method must do better than "
            "that range to be worth its name."
        ).format(rate=percent(self.rate), low=percent(self.low), high=percent(self.high))
        return f"{buyers} {rule}"


def detectable(known: History, later: pd.DataFrame, settings: Settings, seed: int) -> Detectable:
    """Try the rule that every method must beat, popularity, on the later period.

    Parameters
    ----------
    known : what customers bought before the later period.
    later : the lines of the later period.
    settings : the number of suggestions.
    seed : of the round.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(known.customers), min(SAMPLE, len(known.customers)), replace=False))
    bought = known.bought[rows].toarray() > 0
    new = np.asarray((lookup(later, known)[rows].toarray() > 0) & ~bought)
    judged = np.asarray(new.any(axis=1))
    popular = np.asarray(known.bought.sum(axis=0)).ravel()
    order = np.argsort(-np.where(bought, -1.0, popular), axis=1, kind="stable")[:, : settings.suggestions]
    hits = np.asarray(np.take_along_axis(new, order, axis=1).any(axis=1))
    return Detectable(int(judged.sum()), *share_and_interval(int(hits[judged].sum()), int(judged.sum())))


def somebody_lacks_something(known: History) -> bool:
    """Tell whether any customer did not buy some group yet: else there is nothing to suggest to anybody."""
    return known.bought.nnz < known.bought.shape[0] * known.bought.shape[1]
