"""Forecast beside outcome, on the last part of the history, which the model has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions import btyd
from helpers.analyses.predictions.windows import DAY

GROUPS = ("0", "1", "2", "3-5", "6+")


@dataclass(frozen=True)
class Holdout:
    """Forecast beside outcome on the part kept apart."""

    table: pd.DataFrame
    numbers: dict[str, float]


def holdout(known: pd.DataFrame, through: pd.Timestamp, days: int) -> Holdout:
    """Fit on the history before the last ``days`` and compare with what came: orders, in total, by group,
    by cohort.
    """
    split = through - days * DAY
    people = btyd.summary(known, split)
    past = (people["repeat_orders"], people["first_to_last_weeks"], people["weeks"])
    frame = pd.DataFrame(index=people.index)
    frame["forecast"] = btyd.expected_orders(btyd.fit_bg_nbd(*past), days / 7, *past)
    frame["actual"] = _order_days(known, people.index, split, through)
    frame["same_as_before"] = _order_days(known, people.index, split - days * DAY, split)
    frame["group"] = pd.cut(people["repeat_orders"], [-1, 0, 1, 2, 5, np.inf], labels=list(GROUPS)).astype(str)
    table = frame.groupby("group").agg(
        customers=("actual", "size"),
        actual=("actual", "sum"),
        forecast=("forecast", "sum"),
        same_as_before=("same_as_before", "sum"),
    )
    table = table.reindex([name for name in GROUPS if name in table.index])
    table.loc["all"] = [len(frame), *frame[["actual", "forecast", "same_as_before"]].sum()]
    total = table.loc["all"]
    early = people["first_day"] <= people["first_day"].median()
    cohorts = [frame[part][["forecast", "actual"]].sum() for part in (early, ~early)]
    numbers = {
        "holdout_error": _error(total["forecast"], total["actual"]),
        "holdout_error_same": _error(total["same_as_before"], total["actual"]),
        "holdout_miss": float((frame["forecast"] - frame["actual"]).abs().mean()),
        "holdout_miss_same": float((frame["same_as_before"] - frame["actual"]).abs().mean()),
        "holdout_correlation": correlation(frame["forecast"], frame["actual"]),
        "cohort_gap": abs(_error(*cohorts[0]) - _error(*cohorts[1])),
    }
    return Holdout(table.reset_index(), numbers)


def _order_days(known, index, after, through) -> pd.Series:
    window = known[(known["order_day"] > after) & (known["order_day"] <= through) & (known["order_amount"] > 0)]
    days = window.drop_duplicates(["customer_id", "order_day"])
    return days.groupby("customer_id").size().reindex(index).fillna(0).astype(float)


def _error(expected: float, actual: float) -> float:
    return float(expected / actual - 1) if actual else float("inf")


def correlation(one, other) -> float:
    """Return the correlation, 0 where one of the two does not vary."""
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else 0.0
