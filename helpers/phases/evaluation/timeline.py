"""How conversions evolved: the pilot week by week, and the months before, during and after it."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.phases.evaluation.people import between
from helpers.statistics.intervals import newcombe, wilson

_MONTH_COLUMNS = ["month", "arm", "period", "people", "converted", "rate", "low", "high", "last_year"]


def cumulative(people: pd.DataFrame, events: pd.DataFrame, start: date, until: date, looks: dict[date, float]) -> pd.DataFrame:
    """Return the difference of the rates as it built up, with the interval that the planned looks allow.

    Parameters
    ----------
    people : one row per assigned person (customer_id, treated).
    events : customer_id, when, amount.
    start, until : first day, and last day that counts.
    looks : day of each planned look to the level of that look; rows in between take the level of the look before them
        (of the first one, before it), so that looking at the picture is no extra look.

    Returns
    -------
    One row per week and per look: day, difference, low, high.
    """
    days = sorted({*_steps(start, until), *(look for look in looks if look <= until), until})
    first = between(events, start, until).groupby("customer_id")["when"].min()
    when, treated = pd.to_datetime(people["customer_id"].map(first.to_dict())), people["treated"].to_numpy(bool)
    n_treated, n_holdout = int(treated.sum()), int((~treated).sum())
    rows = []
    for day in days:
        converted = (when <= pd.Timestamp(day)).to_numpy(bool)
        treated_count, holdout_count = int((converted & treated).sum()), int((converted & ~treated).sum())
        past_looks = [look for look in sorted(looks) if look <= day] or sorted(looks)[:1]
        low, high = newcombe(treated_count, n_treated, holdout_count, n_holdout, looks[past_looks[-1]])
        difference = treated_count / n_treated - holdout_count / n_holdout
        rows.append((pd.Timestamp(day), difference, float(low), float(high)))
    return pd.DataFrame(rows, columns=["day", "difference", "low", "high"])


def _steps(start: date, until: date) -> list[date]:
    weeks = max(0, (until - start).days) // 7
    return [start + timedelta(weeks=week) for week in range(1, weeks + 1)]


def evolution(people: pd.DataFrame, events: pd.DataFrame, start: date, stop: date, as_of: date, *, months: int = 6) -> pd.DataFrame:
    """Return the share of people who converted per month, before, during and after the pilot.

    Parameters
    ----------
    people : one row per assigned person (customer_id, treated).
    events : customer_id, when, amount; as far back as they go.
    start, stop : first and last day of the pilot.
    as_of : the round's date; a month that is not over yet is left out.
    months : months shown before the start and after the stop.

    Returns
    -------
    One row per month and arm: month, arm ("treated" or "holdout_group"), period ("before", "during", "after"),
    people, converted, rate, low, high (Wilson, 95 %), last_year (rate of the same month a year before; missing where
    the data do not reach).
    """
    by_month = _by_month(people, events)
    sizes = people["treated"].value_counts()
    if by_month.empty or len(sizes) < 2:
        return pd.DataFrame(columns=_MONTH_COLUMNS)
    converted = by_month.groupby(["month", "treated"])["customer_id"].nunique()
    first_known = by_month["month"].min()
    # Months after the last event known are not months without conversions: the export ends there.
    last = min(pd.Period(stop, "M") + months, _last_whole_month(as_of), by_month["month"].max())
    first = max(pd.Period(start, "M") - months, first_known)
    rows = [
        _month_row(month, treated, int(sizes[treated]), converted, first_known, _period(month, start, stop))
        for month in pd.period_range(first, last, freq="M")
        for treated in (True, False)
    ]
    return pd.DataFrame(rows, columns=_MONTH_COLUMNS)


def _by_month(people: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events of these people with their arm and month."""
    arm = people.set_index("customer_id")["treated"]
    arm = arm[~arm.index.duplicated()]
    events = events[events["customer_id"].isin(arm.index)]
    return events.assign(treated=events["customer_id"].map(arm).astype(bool), month=events["when"].dt.to_period("M"))


def _month_row(month: pd.Period, treated: bool, size: int, converted: pd.Series, first_known: pd.Period, period: str) -> tuple:
    count = int(converted.get((month, treated), 0))
    year_ago = converted.get((month - 12, treated), 0) / size if month - 12 >= first_known else np.nan
    low, high = wilson(count, size)
    arm = "treated" if treated else "holdout_group"
    return month.to_timestamp(), arm, period, size, count, count / size, float(low), float(high), year_ago


def _last_whole_month(as_of: date) -> pd.Period:
    month = pd.Period(as_of, "M")
    return month if pd.Timestamp(as_of) == month.end_time.normalize() else month - 1


def _period(month: pd.Period, start: date, stop: date) -> str:
    if month < pd.Period(start, "M"):
        return "before"
    return "during" if month <= pd.Period(stop, "M") else "after"
