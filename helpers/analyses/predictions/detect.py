"""What could be seen on this client's own customers: the AUC to expect at this size, and its spread."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions.judging import samples
from helpers.analyses.predictions.labels import Event
from helpers.analyses.predictions.measures import auc_interval
from helpers.analyses.predictions.models import Sample, fit_logistic
from helpers.analyses.predictions.windows import CutOffs, columns_for
from helpers.core.wording import _, number
from helpers.statistics.resampling import percentile_interval

SAMPLE = 1_500  # customers tried; the gate must stay quick
DRAWS = 12
MIDDLE = (0.1, 0.9)  # the spread that is reported: eight draws in ten


@dataclass(frozen=True)
class Detectable:
    """How well the order of a list is expected to hold.

    Parameters
    ----------
    auc, low, high : mean over the draws, and where eight in ten of them lie; 0.5 is chance.
    customers : how many customers one draw learns from.
    """

    auc: float
    low: float
    high: float
    customers: int

    @property
    def above_chance(self) -> bool:
        """True when the whole spread lies above chance."""
        return self.low > 0.5

    def sentence(self) -> str:
        """Return the trial in words."""
        return _(
            "Tried {draws} times on customers drawn again ({n} each): of two customers, the one who comes back is "
            "ranked above the one who does not in {auc} of 100 cases ({low} to {high}; 50 is chance)."
        ).format(
            draws=number(DRAWS),
            n=number(self.customers),
            auc=number(100 * self.auc),
            low=number(100 * self.low),
            high=number(100 * self.high),
        )


def detectable(event: Event, known: pd.DataFrame, days: CutOffs, seed: int) -> Detectable | None:
    """Learn on customers drawn again, and judge on those not drawn, at the later cut-off.

    Parameters
    ----------
    event : the event that is tried, such as buying again.
    known : from ``windows.known_orders``.
    days : at least one training cut-off and the one that judges.
    seed : of the round.

    Returns
    -------
    None where no draw held both outcomes.
    """
    rng = np.random.default_rng(seed)
    customers = np.sort(known["customer_id"].unique())
    chosen = np.sort(rng.choice(customers, min(SAMPLE, len(customers)), replace=False))
    part = known[known["customer_id"].isin(chosen)]
    learn, test = samples(event, part, days.training), samples(event, part, (days.judge,))
    columns = columns_for(known)
    draws = [_auc_of_draw(learn, test, columns, rng) for _draw in range(DRAWS)]
    aucs = [auc for auc in draws if auc is not None]
    if not aucs:
        return None
    return Detectable(float(np.mean(aucs)), *percentile_interval(aucs, MIDDLE), len(chosen))


def _auc_of_draw(learn: Sample, test: Sample, columns: tuple[str, ...], rng: np.random.Generator) -> float | None:
    """Return the AUC on the customers left out of one bootstrap draw; None where an outcome is missing."""
    customers = np.unique(learn.customers)
    drawn = rng.choice(customers, len(customers))
    rows = pd.Series(np.arange(len(learn.customers)), index=learn.customers)
    inside = rows.loc[drawn].to_numpy()
    outside = ~pd.Index(test.customers).isin(drawn)
    if len(np.unique(learn.outcome[inside])) < 2 or len(np.unique(test.outcome[outside])) < 2:
        return None
    bag = Sample(learn.features.iloc[inside], learn.outcome[inside], learn.through[inside])
    score = fit_logistic(bag, columns).probability(test.features[outside])
    return auc_interval(test.outcome[outside], score)[0]
