"""Contact effort against orders: an association, where effort seems wasted, and an experiment to tell.

Poisson regression of orders per year on contacts with robust standard errors (valid whatever the spread;
Gourieroux, Monfort and Trognon, 1984; Wooldridge, 1999), holding size, usage and sector constant. Nobody
chose by lot who is contacted, so this is an association: sales staff may well call those who order anyway.
"""

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

SMALLEST_EFFECT = 0.10  # the experiment is planned to see a tenth more or fewer orders


@dataclass(frozen=True)
class Effort:
    """What contacts go with.

    Parameters
    ----------
    ratio, low, high : orders of who is contacted twice as often against orders of who is not, other things
        equal, with a 95 % interval; NaN where it cannot be computed.
    often_seldom : customers contacted often and ordering seldom.
    often_seldom_contacts, often_seldom_cost : contacts they got, and the cost (NaN where unknown).
    dead : dead records that were contacted; dead_contacts, dead_cost : what went to them.
    all_contacts : contacts of all.
    experiment_per_arm : customers per arm for an experiment that sees ``experiment_effect`` more or fewer orders.
    """

    ratio: float
    low: float
    high: float
    often_seldom: int
    often_seldom_contacts: float
    often_seldom_cost: float
    dead: int
    dead_contacts: float
    dead_cost: float
    all_contacts: float
    experiment_per_arm: float
    experiment_effect: float = SMALLEST_EFFECT


def measure_effort(customers: pd.DataFrame, settings: Settings) -> Effort:
    """Return the contact effort.

    Parameters
    ----------
    customers : everybody, with the features, ``dead_record`` and ``contacted_often_ordering_seldom``.
    settings : on what customers are compared.
    """
    live, dead = customers[~customers["dead_record"]], customers[customers["dead_record"]]
    often_seldom = customers[customers["contacted_often_ordering_seldom"]]
    contacted_dead = dead[dead["contacts_per_year"] > 0]
    ratio, low, high = association(live, settings)
    return Effort(
        ratio=ratio,
        low=low,
        high=high,
        often_seldom=len(often_seldom),
        often_seldom_contacts=float(often_seldom["contacts_per_year"].sum()),
        often_seldom_cost=_cost(often_seldom),
        dead=len(contacted_dead),
        dead_contacts=float(contacted_dead["contacts_per_year"].sum()),
        dead_cost=_cost(contacted_dead),
        all_contacts=float(customers["contacts_per_year"].sum()),
        experiment_per_arm=experiment_size(live.loc[live["contacts_per_year"] > 0, "orders_per_year"].to_numpy(float)),
    )


def _cost(customers: pd.DataFrame) -> float:
    """Return what their contacts cost; NaN where no cost is known."""
    return float(customers["contact_cost_per_year"].sum(min_count=1)) if len(customers) else 0.0


def association(live: pd.DataFrame, settings: Settings) -> tuple[float, float, float]:
    """Return the ratio of orders for twice the contacts, and its 95 % interval; NaN where there is nothing to see.

    Parameters
    ----------
    live : customers who are no dead record.
    settings : on what customers are compared, and the fewest customers.
    """
    contacts = live["contacts_per_year"].to_numpy(float)
    orders = live["orders_per_year"].to_numpy(float)
    unknown = (float("nan"), float("nan"), float("nan"))
    if len(live) < settings.least_customers or not np.isfinite(contacts).all() or np.ptp(contacts) == 0 or np.ptp(orders) == 0:
        return unknown
    controls, _names = design(live, settings)
    # On a logarithm to base 2 the coefficient is that of twice the contacts.
    x = np.column_stack([np.log2(1 + contacts), controls])
    x = x[:, np.r_[True, True, np.ptp(x[:, 2:], axis=0) > 0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = GLM(orders, x, family=Poisson()).fit(cov_type="HC1")
    estimate, standard_error = float(fit.params[0]), float(fit.bse[0])
    if not np.isfinite(standard_error):
        return unknown
    reach = critical_value() * standard_error
    return float(np.exp(estimate)), float(np.exp(estimate - reach)), float(np.exp(estimate + reach))


def experiment_size(orders: np.ndarray, effect: float = SMALLEST_EFFECT) -> float:
    """Return the customers per arm that see ``effect`` more or fewer orders with 80 % power at 5 %.

    Parameters
    ----------
    orders : orders per year of the customers who would take part.
    effect : difference to see, as a share of the mean (0.1 is a tenth).

    Returns
    -------
    Customers per arm, rounded up; NaN with fewer than two customers, or without an order.

    Notes
    -----
    The usual size for a difference between two means (normal approximation).
    """
    if len(orders) < 2 or orders.mean() <= 0:
        return float("nan")
    # Sorted, so that the order of rows does not matter for the last digit.
    return customers_per_arm(np.var(np.sort(orders), ddof=1), effect * orders.mean())
