"""What a pilot costs, when that is earned back, and how much money it could see."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.phases.pilot.assignment import HOLDOUT
from helpers.phases.pilot.power import smallest_difference
from helpers.phases.pilot.settings import Settings, first_reachable_channel
from helpers.phases.pilot.size import Size


@dataclass(frozen=True)
class Cost:
    """The money of a pilot, in the client's currency; NaN where it cannot be known.

    Parameters
    ----------
    order_value : net spend per order of these people.
    smallest_revenue : smallest difference in revenue per person that would be seen.
    contact_cost : per treated person; cost : of the whole pilot, with what is fixed.
    break_even_uplift : difference of rates at which the extra margin pays the cost.
    """

    order_value: float
    smallest_revenue: float
    contact_cost: float
    cost: float
    break_even_uplift: float


def cost_of(people: pd.DataFrame, drawn: pd.DataFrame, size: Size, settings: Settings, written_to: pd.DataFrame | None = None) -> Cost:
    """Return what a pilot of this size costs and when it pays.

    Parameters
    ----------
    people : the eligible people, with ``monetary`` and ``frequency`` where orders are known.
    drawn : their assignment; size : from ``size.size_of``.
    settings : prices, margin and power.
    written_to : one row per contact to be paid for; None for one each of the people.
    """
    order_value, contacts = _order_value(people), _contact_costs(people if written_to is None else written_to, drawn, settings)
    cost, treated = contacts + settings.fixed_cost, size.treated_people
    return Cost(
        order_value=order_value,
        smallest_revenue=_smallest_revenue(people, order_value, size, settings.power),
        contact_cost=contacts / treated if treated else 0.0,
        cost=cost,
        break_even_uplift=break_even(cost, treated, order_value, settings.margin_share),
    )


def break_even(cost: float, treated: int, order_value: float, margin_share: float) -> float:
    """Return the difference of rates at which the extra margin pays the cost; NaN where no order value is known."""
    margin = treated * order_value * margin_share
    return float("nan") if not margin > 0 else cost / margin


def _order_value(people: pd.DataFrame) -> float:
    """Return the net spend per order of these people together; NaN where there were no orders."""
    if not {"monetary", "frequency"} <= set(people) or people["frequency"].sum() <= 0:
        return float("nan")
    return float(people["monetary"].sum() / people["frequency"].sum())


def _smallest_revenue(people: pd.DataFrame, order_value: float, size: Size, power: float) -> float:
    """Return the smallest difference in revenue per person; its spread is guessed from buyers' own order values."""
    rate = size.base_rate
    if not rate > 0 or "monetary" not in people or not order_value > 0:
        return float("nan")
    own_values = (people["monetary"] / people["frequency"].where(people["frequency"] > 0)).dropna()
    # Revenue per person is an order value times "bought or not": the variance of that product, buyers being a share ``rate``.
    spread = float(np.sqrt(rate * (own_values.var(ddof=0) + order_value**2) - (rate * order_value) ** 2))
    return smallest_difference(spread, size.treated_people, size.holdout_people, alpha=size.last_alpha, power=power)


def _contact_costs(people: pd.DataFrame, drawn: pd.DataFrame, settings: Settings) -> float:
    # Whoever no channel reaches costs nothing, and is counted among the treated all the same.
    treated = people[people["customer_id"].isin(drawn.loc[drawn["treatment"] != HOLDOUT, "customer_id"])]
    prices = {channel.name: settings.contact_cost if channel.cost is None else channel.cost for channel in settings.channels}
    return float(first_reachable_channel(treated, settings.channels).map(prices).fillna(0).sum())
