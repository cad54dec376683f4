"""Forecast beside outcome, on the last part of the history, which the model has not seen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions import btyd
from helpers.analyses.predictions.windows import DAY

GROUPS = ("0", "1", "2", "3-5", "6+")


@dataclass(frozen=True)
class Holdout:
    """Forecast beside outcome on the part kept apart.

    Parameters
    ----------
    table : one row per group of repeat orders, and "all": group, customers, actual, forecast, same_as_before
        (orders).
    error, error_same : relative error of the total, of the forecast and of "same as before".
    miss, miss_same : mean absolute error per customer, in orders.
    cohort_gap : how far the errors of early and late customers lie apart.
    """

    table: pd.DataFrame
    error: float
    error_same: float
    miss: float
    miss_same: float
    cohort_gap: float


def holdout(known: pd.DataFrame, through: pd.Timestamp, days: int) -> Holdout:
    """Fit on the history before the last ``days`` and compare with what came: in total, by group and by cohort."""
    split = through - days * DAY
    customers = btyd.summary(known, split)
    past = (customers["repeat_orders"], customers["first_to_last_weeks"], customers["weeks"])
    frame = pd.DataFrame(index=customers.index)
    frame["forecast"] = btyd.expected_orders(btyd.fit_bg_nbd(*past), days / 7, *past)
    frame["actual"] = _order_days(known, customers.index, split, through)
    frame["same_as_before"] = _order_days(known, customers.index, split - days * DAY, split)
    frame["group"] = pd.cut(customers["repeat_orders"], [-1, 0, 1, 2, 5, np.inf], labels=list(GROUPS)).astype(str)
    table = frame.groupby("group").agg(
        customers=("actual", "size"), actual=("actual", "sum"), forecast=("forecast", "sum"), same_as_before=("same_as_before", "sum")
    )
    table = table.reindex([name for name in GROUPS if name in table.index])
    table.loc["all"] = [len(frame), *frame[["actual", "forecast", "same_as_before"]].sum()]
    total = table.loc["all"]
    early = customers["first_day"] <= customers["first_day"].median()
    cohorts = [frame[part][["forecast", "actual"]].sum() for part in (early, ~early)]
    return Holdout(
        table=table.reset_index(),
        error=_error(total["forecast"], total["actual"]),
        error_same=_error(total["same_as_before"], total["actual"]),
        miss=float((frame["forecast"] - frame["actual"]).abs().mean()),
        miss_same=float((frame["same_as_before"] - frame["actual"]).abs().mean()),
        cohort_gap=abs(_error(*cohorts[0]) - _error(*cohorts[1])),
    )


def _order_days(known: pd.DataFrame, index: pd.Index, after: pd.Timestamp, through: pd.Timestamp) -> pd.Series:
    window = known[(known["order_day"] > after) & (known["order_day"] <= through) & (known["order_amount"] > 0)]
    days = window.drop_duplicates(["customer_id", "order_day"])
    return days.groupby("customer_id").size().reindex(index).fillna(0).astype(float)


def _error(expected: float, actual: float) -> float:
    return float(expected / actual - 1) if actual else float("inf")


def correlation(x, y) -> float:
    """Return Pearson's correlation, 0 where one of the two does not vary."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else 0.0
