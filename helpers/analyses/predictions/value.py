"""What today's customers will still spend: a range, or a reasoned refusal and the simpler figure.

BG/NBD times Gamma-Gamma (see ``btyd``), behind guards that are our conventions: enough history and repeat
buyers; no degenerate corner (everybody alive for ever, as on Online Retail); spend that does not go with the
number of orders; cohorts that behave alike; and, on a part of the history kept apart, a total nearer the truth
than "same as before".
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analyses.predictions import btyd, rolling
from helpers.analyses.predictions.holdout import Holdout, correlation, holdout
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import DAY

REPEATERS = 100
HISTORY_FACTOR = 2.0  # history at least this many times the holdout
LEAVE_LEAST = 0.005  # mean chance of leaving after an order below which the model says "never"
ALIVE_MOST = 0.99
TOTAL_OFF_MOST = 0.5  # a total further off than this on the part kept apart is refused whatever it beats
DEPENDENCE_CAUTION, DEPENDENCE_REFUSE = 0.2, 0.4
COHORT_APART = 0.35


@dataclass(frozen=True)
class CustomerValue:
    """The expected spend of today's customers, or why there is none.

    Parameters
    ----------
    refused : () or the keys of the guards that closed; ``cautions`` those that only warn.
    low, expected, high : money over the horizon; NaN when refused.
    same_as_before : the simpler figure: what today's customers spent in an equally long time before.
    per_customer : customer_id, probability_alive, expected_orders, expected_value; empty when refused.
    holdout : forecast beside outcome on the part kept apart; None with too little history.
    horizon_days : how far ahead; half of what is asked for by default where the history carries no more; 0 when refused.
    holdouts : how many earlier forecasts of the same length the range rests on; 0 when refused.
    """

    refused: tuple[str, ...]
    cautions: tuple[str, ...]
    low: float
    expected: float
    high: float
    same_as_before: float
    per_customer: pd.DataFrame
    holdout: Holdout | None
    horizon_days: int = 0
    holdouts: int = 0


def customer_value(known: pd.DataFrame, as_of, settings: Settings) -> CustomerValue:
    """Return the value of today's customers over the horizon, with its range.

    Parameters
    ----------
    known : from ``windows.known_orders``.
    as_of : last day that counts.
    settings : horizon and holdout.
    """
    through, longest = pd.Timestamp(as_of), settings.value_horizon_days
    same_as_before = spend_between(known, through - longest * DAY, through)
    customers = btyd.summary(known, through)
    history_days = (through - known["order_day"].min()).days if len(known) else 0
    repeaters = int((customers["repeat_orders"] > 0).sum())
    before_holdout = int((customers["first_day"] <= through - settings.value_holdout_days * DAY).sum())
    if too_little_history(history_days, settings.value_holdout_days, repeaters, before_holdout):
        return _refusal(("too_little_history",), (), same_as_before, None)

    past = (customers["repeat_orders"], customers["first_to_last_weeks"], customers["weeks"])
    model = btyd.fit_bg_nbd(*past)
    mean_alive = float(btyd.probability_alive(model, *past).mean())
    test = holdout(known, through, settings.value_holdout_days)
    refused, cautions = guards(model, mean_alive, test, spend_frequency_correlation(customers))
    if refused:
        return _refusal(refused, cautions, same_as_before, test)
    # Half the time ahead is tried where the client did not ask for the whole.
    for days in (longest,) if "value_horizon_days" in settings.model_fields_set else (longest, longest // 2):
        found = _ranged(known, through, days, model, customers)
        if found is not None:
            same = spend_between(known, through - days * DAY, through)
            return replace(found, cautions=cautions, same_as_before=same, holdout=test)
    too_short = history_days < rolling.needed_days(longest)
    return _refusal(("horizon_beyond_history" if too_short else "too_uncertain",), cautions, same_as_before, test)


def _ranged(known: pd.DataFrame, through: pd.Timestamp, days: int, model: btyd.BgNbd, customers: pd.DataFrame) -> CustomerValue | None:
    """Return the value over so many days with its range; None where earlier forecasts of this length are too few or too far off."""
    amounts = btyd.fit_gamma_gamma(customers["repeat_orders"], customers["mean_repeat_amount"])
    per_customer = forecast(model, amounts, customers, days / 7)
    today = float(per_customer["expected_value"].sum())
    span = rolling.rolling_span(known, through, days, lambda day: _spend_forecast(known, day, days / 7), today)
    if span is None:
        return None
    # What earlier forecasts were off by is put right, for the total and for everybody alike.
    per_customer["expected_value"] *= span.factor
    expected = float(per_customer["expected_value"].sum())
    low, high = expected * span.low, expected * span.high
    return CustomerValue((), (), low, expected, high, float("nan"), per_customer, None, days, span.holdouts)


def _spend_forecast(known: pd.DataFrame, day: pd.Timestamp, weeks: float) -> pd.Series:
    """Return the expected spend of the customers known on a day, learnt from the orders up to it."""
    customers = btyd.summary(known, day)
    model = btyd.fit_bg_nbd(customers["repeat_orders"], customers["first_to_last_weeks"], customers["weeks"])
    amounts = btyd.fit_gamma_gamma(customers["repeat_orders"], customers["mean_repeat_amount"])
    return forecast(model, amounts, customers, weeks).set_index("customer_id")["expected_value"]


def forecast(model: btyd.BgNbd, amounts: btyd.GammaGamma, customers: pd.DataFrame, weeks: float) -> pd.DataFrame:
    """Return expected orders and spend per customer over the coming weeks.

    Parameters
    ----------
    model, amounts : fitted on these customers.
    customers : from ``btyd.summary``.
    weeks : how far ahead.
    """
    past = (customers["repeat_orders"], customers["first_to_last_weeks"], customers["weeks"])
    orders = btyd.expected_orders(model, weeks, *past)
    per_order = amounts.expected_order_amount(customers["repeat_orders"], customers["mean_repeat_amount"])
    return pd.DataFrame(
        {
            "customer_id": customers.index,
            "probability_alive": btyd.probability_alive(model, *past),
            "expected_orders": orders,
            "expected_value": orders * per_order,
        }
    ).reset_index(drop=True)


def spend_between(known: pd.DataFrame, after: pd.Timestamp, through: pd.Timestamp) -> float:
    """Return the net spend after one day up to and including another."""
    window = known[(known["order_day"] > after) & (known["order_day"] <= through)]
    return float(window["order_amount"].sum())


def too_little_history(history_days: int, holdout_days: int, repeaters: int, before_holdout: int) -> bool:
    """Tell whether there is too little to fit and to judge on.

    Parameters
    ----------
    history_days, holdout_days : length of the history, and of the part kept apart.
    repeaters : customers with an order after the first day; before_holdout : customers known before that part.
    """
    return history_days < HISTORY_FACTOR * holdout_days or repeaters < REPEATERS or before_holdout < REPEATERS


def guards(model: btyd.BgNbd, mean_alive: float, test: Holdout, dependence: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of the guards that close, and of those that only warn.

    Parameters
    ----------
    model, mean_alive : the fitted BG/NBD and the mean chance that a customer has not left (0 to 1).
    test : forecast beside outcome on the part kept apart.
    dependence : size of the correlation between spend per order and number of orders (0 to 1).
    """
    refused, cautions = [], []
    if model.leave_after_order < LEAVE_LEAST or mean_alive > ALIVE_MOST or model.at_border:
        refused.append("degenerate_corner")
    # Refused only when it loses both in total and per customer: on a growing shop one of them may lose by chance.
    loses_total = abs(test.error) > abs(test.error_same)
    loses_per_customer = test.miss > test.miss_same
    if (loses_total and loses_per_customer) or abs(test.error) > TOTAL_OFF_MOST:
        refused.append("loses_to_same_as_before")
    elif loses_total or loses_per_customer:
        cautions.append("barely_beats_same_as_before")
    if test.cohort_gap > COHORT_APART:
        cautions.append("cohorts_differ")
    if dependence > DEPENDENCE_REFUSE:
        refused.append("spend_goes_with_frequency")
    elif dependence > DEPENDENCE_CAUTION:
        cautions.append("spend_goes_with_frequency")
    return tuple(refused), tuple(cautions)


def spend_frequency_correlation(customers: pd.DataFrame) -> float:
    """Return the size of the correlation between spend per order and number of orders, in logs (0 to 1)."""
    repeat = customers[(customers["repeat_orders"] > 0) & (customers["mean_repeat_amount"] > 0)]
    return abs(correlation(np.log(repeat["repeat_orders"]), np.log(repeat["mean_repeat_amount"])))


def _refusal(refused: tuple[str, ...], cautions: tuple[str, ...], same_as_before: float, test: Holdout | None) -> CustomerValue:
    empty = pd.DataFrame(columns=["customer_id", "probability_alive", "expected_orders", "expected_value"])
    nan = float("nan")
    return CustomerValue(refused, cautions, nan, nan, nan, same_as_before, empty, test)
