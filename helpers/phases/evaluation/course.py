"""How conversions evolved: the pilot week by week, and the months before, during and after it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.phases.evaluation.people import between
from helpers.statistics.intervals import newcombe, wilson

_MONTH_COLUMNS = ["month", "arm", "period", "people", "converted", "rate", "low", "high", "last_year"]


def cumulative(
    people: pd.DataFrame,
    events: pd.DataFrame,
    start: date,
    until: date,
    looks: dict[date, float],
    *,
    step_days: int = 7,
) -> pd.DataFrame:
    """Return the difference of the rates as it built up, with the interval that the planned looks allow.

    Parameters
    ----------
    people : one row per assigned person (customer_id, treated).
    events : customer_id, when, amount.
    start, until : first day, and last day that counts.
    looks : day of each planned look to the level of that look; rows in between take the level of the look
        before
        them (of the first one, before it), so that looking at the picture is no extra look.
    step_days : days between the rows.

    Returns
    -------
    One row per week and per look: day, treated_rate, holdout_rate, difference, low, high, look.
    """
    days = sorted({*_steps(start, until, step_days), *(one for one in looks if one <= until), until})
    first = between(events, start, until).groupby("customer_id")["when"].min()
    when, treated = people["customer_id"].map(first), people["treated"].to_numpy(bool)
    arms = int(treated.sum()), int((~treated).sum())
    rows = []
    for day in days:
        there = (when <= pd.Timestamp(day)).to_numpy(bool)
        counts = int((there & treated).sum()), int((there & ~treated).sum())
        past = [one for one in sorted(looks) if one <= day] or sorted(looks)[:1]
        low, high = newcombe(counts[0], arms[0], counts[1], arms[1], looks[past[-1]])
        rates = counts[0] / arms[0], counts[1] / arms[1]
        rows.append((pd.Timestamp(day), *rates, rates[0] - rates[1], float(low), float(high), day in looks))
    return pd.DataFrame(rows, columns=["day", "treated_rate", "holdout_rate", "difference", "low", "high", "look"])


def _steps(start: date, until: date, step: int) -> list[date]:
    count = max(0, (until - start).days) // step
    return [start + timedelta(days=step * turn) for turn in range(1, count + 1)]


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
    One row per month and arm: month, arm ("treated" or "holdout_group"), period ("before", "during",
    "after"),
    people, converted, rate, low, high (Wilson, 95 %), last_year (rate of the same month a year before;
    missing where
    the data do not reach).
    """
    mine = _by_month(people, events)
    sizes = people["treated"].value_counts()
    if mine.empty or len(sizes) < 2:
        return pd.DataFrame(columns=_MONTH_COLUMNS)
    converted = mine.groupby(["month", "treated"])["customer_id"].nunique()
    known = mine["month"].min()
    # Months after the last event known are not months without conversions: the export ends there.
    last = min(pd.Period(stop, "M") + months, _last_whole_month(as_of), mine["month"].max())
    first = max(pd.Period(start, "M") - months, known)
    rows = [
        _month_row(month, treated, int(sizes[treated]), converted, known, _period(month, start, stop))
        for month in pd.period_range(first, last, freq="M")
        for treated in (True, False)
    ]
    return pd.DataFrame(rows, columns=_MONTH_COLUMNS)


def _by_month(people: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events of these people with their arm and month."""
    arm = people.set_index("customer_id")["treated"]
    arm = arm[~arm.index.duplicated()]
    mine = events[events["customer_id"].isin(arm.index)]
    return mine.assign(treated=mine["customer_id"].map(arm).astype(bool), month=mine["when"].dt.to_period("M"))


def _month_row(month: pd.Period, treated: bool, size: int, converted: pd.Series, known: pd.Period, period: str) -> tuple:
    count = int(converted.get((month, treated), 0))
    year_ago = converted.get((month - 12, treated), 0) / size if month - 12 >= known else np.nan
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
