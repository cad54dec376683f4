"""Contact effort against orders: an association, where effort seems wasted, and an experiment to tell.

Poisson regression of orders per year on contacts with robust standard errors (valid whatever the spread;
Gourieroux, Monfort and Trognon, 1984; Wooldridge, 1999), holding size, usage and sector constant. Nobody
chose by lot who is contacted, so this is an association: sales staff may well call those who order anyway.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.analyses.potential.peers import design
from helpers.analyses.potential.settings import Settings
from helpers.statistics.intervals import critical_value
from helpers.statistics.power import customers_per_arm

BANDS = ((0, 0), (1, 3), (4, 7), (8, 12), (13, np.inf))
SMALLEST_EFFECT = 0.10  # the experiment is planned to see a tenth more or fewer orders


@dataclass(frozen=True)
class Effort:
    """What contacts go with.

    Parameters
    ----------
    ratio, low, high : orders of who is contacted twice as often against orders of who is not, other things
        equal, with a 95 % interval; NaN where it cannot be computed.
    bands : one row per number of contacts: customers, orders, revenue and orders per contact.
    often_seldom : customers contacted often and ordering seldom.
    often_seldom_contacts, often_seldom_cost : contacts they got, and the cost (NaN where unknown).
    dead : dead records that were contacted; dead_contacts, dead_cost : what went to them.
    all_contacts, all_cost : contacts and cost of all.
    experiment_per_arm : customers per arm for an experiment that sees ``experiment_effect`` more or fewer
        orders.
    """

    ratio: float
    low: float
    high: float
    bands: pd.DataFrame
    often_seldom: int
    often_seldom_contacts: float
    often_seldom_cost: float
    dead: int
    dead_contacts: float
    dead_cost: float
    all_contacts: float
    all_cost: float
    experiment_per_arm: float
    experiment_effect: float = SMALLEST_EFFECT


def effort(frame: pd.DataFrame, settings: Settings) -> Effort:
    """Return the contact effort; ``frame`` has the features, dead_record and
    contacted_often_ordering_seldom.
    """
    live, dead = frame[~frame["dead_record"]], frame[frame["dead_record"]]
    seldom = frame[frame["contacted_often_ordering_seldom"]]
    contacted = dead[dead["contacts_per_year"] > 0]
    ratio = association(live, settings)

    def cost(rows: pd.DataFrame) -> float:
        return float(rows["contact_cost_per_year"].sum(min_count=1)) if len(rows) else 0.0

    return Effort(
        *ratio,
        _bands(live),
        len(seldom),
        float(seldom["contacts_per_year"].sum()),
        cost(seldom),
        len(contacted),
        float(contacted["contacts_per_year"].sum()),
        cost(contacted),
        float(frame["contacts_per_year"].sum()),
        cost(frame),
        experiment_size(live.loc[live["contacts_per_year"] > 0, "orders_per_year"].to_numpy(float)),
    )


def association(live: pd.DataFrame, settings: Settings) -> tuple[float, float, float]:
    """Return the ratio of orders for twice the contacts, and its 95 % interval; NaN where there is nothing
    to see.
    """
    contacts = live["contacts_per_year"].to_numpy(float)
    orders = live["orders_per_year"].to_numpy(float)
    nothing = (float("nan"),) * 3
    if len(live) < settings.least_customers or not np.isfinite(contacts).all() or np.ptp(contacts) == 0 or np.ptp(orders) == 0:
        return nothing
    others, _ = design(live, settings)
    x = np.column_stack([np.log2(1 + contacts), others])
    x = x[:, np.r_[True, True, np.ptp(x[:, 2:], axis=0) > 0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = GLM(orders, x, family=Poisson()).fit(cov_type="HC1")
    estimate, spread = float(fit.params[0]), float(fit.bse[0])
    if not np.isfinite(spread):
        return nothing
    reach = critical_value() * spread
    return tuple(float(np.exp(one)) for one in (estimate, estimate - reach, estimate + reach))


def _bands(live: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for low, high in BANDS:
        contacts = live["contacts_per_year"].round()
        inside = live[(contacts >= low) & (contacts <= high)]
        rows.append(
            {
                "contacts_low": low,
                "contacts_high": high,
                "customers": len(inside),
                "orders_per_customer": inside["orders_per_year"].mean(),
                "revenue_per_customer": inside["revenue_per_year"].mean(),
                "orders_per_contact": inside["orders_per_year"].sum() / inside["contacts_per_year"].sum()
                if inside["contacts_per_year"].sum() > 0
                else np.nan,
            }
        )
    return pd.DataFrame(rows)


def experiment_size(orders: np.ndarray, effect: float = SMALLEST_EFFECT) -> float:
    """Return the customers per arm that see ``effect`` more or fewer orders with 80 % power at 5 % (two
    means).
    """
    if len(orders) < 2 or orders.mean() <= 0:
        return float("nan")
    return customers_per_arm(np.var(np.sort(orders), ddof=1), effect * orders.mean())
