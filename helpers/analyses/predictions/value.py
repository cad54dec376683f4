"""What today's customers will still spend: a range and a sentence, or a reasoned refusal and the simpler
figure.

BG/NBD times Gamma-Gamma (see ``btyd``), behind guards that are our conventions: enough history and repeat
buyers; no
degenerate corner (everybody alive for ever, as on Online Retail); spend that does not go with the number of
orders; cohorts
that behave alike; and, on a part of the history kept apart, a total nearer the truth than "same as before".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.analyses.predictions import btyd
from helpers.analyses.predictions.holdout import correlation, holdout
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import DAY

REPEATERS = 100
HISTORY_FACTOR = 2.0  # history at least this many times the holdout
LEAVE_LEAST = 0.005  # mean chance of leaving after an order below which the model says "never"
ALIVE_MOST = 0.99
DEPENDENCE_CAUTION, DEPENDENCE_REFUSE = 0.2, 0.4
COHORT_APART = 0.35
LEAST_MARGIN = 0.10  # a range is never narrower than 10 % to either side


@dataclass(frozen=True)
class CustomerValue:
    """The expected spend of today's customers, or why there is none.

    Parameters
    ----------
    refused : () or the keys of the guards that closed; ``cautions`` those that only warn.
    low, expected, high : money over the horizon; NaN when refused.
    same_as_before : the simpler figure: what today's customers spent in an equally long time before.
    per_customer : customer_id, probability_alive, expected_orders, expected_value; empty when refused.
    holdout : one row per group of repeat orders, and "all": customers, actual, forecast, same_as_before
    (orders).
    numbers : the plain numbers behind it.
    """

    refused: tuple[str, ...]
    cautions: tuple[str, ...]
    low: float
    expected: float
    high: float
    same_as_before: float
    per_customer: pd.DataFrame
    holdout: pd.DataFrame
    numbers: dict[str, float] = field(default_factory=dict)


def customer_value(known: pd.DataFrame, as_of, settings: Settings) -> CustomerValue:
    """Return the value of today's customers over the horizon, with its range.

    Parameters
    ----------
    known : from ``windows.known_orders``.
    as_of : last day that counts.
    settings : horizon and holdout.
    """
    through = pd.Timestamp(as_of)
    numbers: dict[str, float] = {
        "horizon_days": settings.value_horizon_days,
        "holdout_days": settings.value_holdout_days,
    }
    simple = spend_between(known, through - settings.value_horizon_days * DAY, through)
    people = btyd.summary(known, through)
    short = _too_little(known, people, through, settings, numbers)
    if short:
        return _refusal(short, (), simple, pd.DataFrame(), numbers)
    model = btyd.fit_bg_nbd(people["repeat_orders"], people["first_to_last_weeks"], people["weeks"])
    guards = _corner(model, people, numbers)
    test = holdout(known, through, settings.value_holdout_days)
    numbers |= test.numbers
    refused, cautions = list(guards), []
    _judge(test.numbers, refused, cautions)
    _dependence(people, numbers, refused, cautions)
    if refused:
        return _refusal(tuple(refused), tuple(cautions), simple, test.table, numbers)
    per_customer = forecast(model, people, settings.value_horizon_days / 7, numbers)
    expected = float(per_customer["expected_value"].sum())
    margin = max(LEAST_MARGIN, abs(numbers["holdout_error"]), _noise(per_customer))
    numbers["margin"] = margin
    return CustomerValue(
        (),
        tuple(cautions),
        expected * (1 - margin),
        expected,
        expected * (1 + margin),
        simple,
        per_customer,
        test.table,
        numbers,
    )


def forecast(model: btyd.BgNbd, people: pd.DataFrame, weeks: float, numbers: dict[str, float]) -> pd.DataFrame:
    """Return expected orders and spend per customer over the coming weeks."""
    past = (people["repeat_orders"], people["first_to_last_weeks"], people["weeks"])
    orders = btyd.expected_orders(model, weeks, *past)
    amounts = btyd.fit_gamma_gamma(people["repeat_orders"], people["mean_repeat_amount"])
    numbers |= {"p": amounts.p, "q": amounts.q, "gamma": amounts.gamma}
    per_order = amounts.expected_order_amount(people["repeat_orders"], people["mean_repeat_amount"])
    return pd.DataFrame(
        {
            "customer_id": people.index,
            "probability_alive": btyd.probability_alive(model, *past),
            "expected_orders": orders,
            "expected_value": orders * per_order,
        }
    ).reset_index(drop=True)


def spend_between(known: pd.DataFrame, after: pd.Timestamp, through: pd.Timestamp) -> float:
    """Return the net spend after one day up to and including another."""
    window = known[(known["order_day"] > after) & (known["order_day"] <= through)]
    return float(window["order_amount"].sum())


def _too_little(known, people, through, settings, numbers) -> tuple[str, ...]:
    history = (through - known["order_day"].min()).days if len(known) else 0
    repeaters = int((people["repeat_orders"] > 0).sum())
    numbers |= {"history_days": history, "repeaters": repeaters, "customers": len(people)}
    before = people["first_day"] <= through - settings.value_holdout_days * DAY
    if history < HISTORY_FACTOR * settings.value_holdout_days or repeaters < REPEATERS or before.sum() < REPEATERS:
        return ("too_little_history",)
    return ()


def _corner(model: btyd.BgNbd, people: pd.DataFrame, numbers: dict[str, float]) -> tuple[str, ...]:
    alive = btyd.probability_alive(model, people["repeat_orders"], people["first_to_last_weeks"], people["weeks"])
    numbers |= {
        "r": model.r,
        "alpha": model.alpha,
        "a": model.a,
        "b": model.b,
        "log_likelihood": model.log_likelihood,
        "leave_after_order": model.leave_after_order,
        "mean_alive": float(alive.mean()),
    }
    never = model.leave_after_order < LEAVE_LEAST or alive.mean() > ALIVE_MOST
    return ("degenerate_corner",) if never or model.at_border else ()


def _judge(numbers: dict[str, float], refused: list[str], cautions: list[str]) -> None:
    # Refused only when it loses both in total and per customer: on a growing shop one of them may lose
    # by chance.
    loses_total = abs(numbers["holdout_error"]) > abs(numbers["holdout_error_same"])
    loses_each = numbers["holdout_miss"] > numbers["holdout_miss_same"]
    if loses_total and loses_each or abs(numbers["holdout_error"]) > 0.5:
        refused.append("loses_to_same_as_before")
    elif loses_total or loses_each:
        cautions.append("barely_beats_same_as_before")
    if numbers["cohort_gap"] > COHORT_APART:
        cautions.append("cohorts_differ")


def _dependence(people: pd.DataFrame, numbers: dict[str, float], refused: list[str], cautions: list[str]) -> None:
    repeat = people[(people["repeat_orders"] > 0) & (people["mean_repeat_amount"] > 0)]
    size = abs(correlation(np.log(repeat["repeat_orders"]), np.log(repeat["mean_repeat_amount"])))
    numbers["spend_frequency_correlation"] = size
    if size > DEPENDENCE_REFUSE:
        refused.append("spend_goes_with_frequency")
    elif size > DEPENDENCE_CAUTION:
        cautions.append("spend_goes_with_frequency")


def _refusal(refused, cautions, simple: float, table: pd.DataFrame, numbers) -> CustomerValue:
    empty = pd.DataFrame(columns=["customer_id", "probability_alive", "expected_orders", "expected_value"])
    nan = float("nan")
    return CustomerValue(tuple(refused), tuple(cautions), nan, nan, nan, simple, empty, table, numbers)


def _noise(per_customer: pd.DataFrame) -> float:
    """Relative 95 % margin from chance alone: orders of independent customers, about Poisson (our
    convention).
    """
    orders = per_customer["expected_orders"].sum()
    return float(1.96 * 1.5 / np.sqrt(orders)) if orders > 0 else 1.0


def holdout_of(value: CustomerValue) -> pd.DataFrame | None:
    """Return the forecast held against what came, for its picture; None where there was too little history."""
    return None if value.holdout.empty else value.holdout
