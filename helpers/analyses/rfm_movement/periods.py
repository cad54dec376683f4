"""The two periods that are compared, and what is done with a month that is not complete.

Published (Anna Pops case): a comparison period of 36 months and a current period of 12 months. Our
choice: the comparison period is the time directly before the current one, both end on a month's end,
and a month that the data do not cover to its end is left out.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.tables import DAYS_PER_MONTH

EPOCH = date(1970, 1, 1)
MONTH_DAYS = 31  # of a season seen twice, to be told from a change (our convention)
QUIET_DAYS = 7  # our convention: a shop may be silent for a week at the end of a month


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included."""

    start: date
    end: date

    @property
    def first_day(self) -> int:
        """The first day as a number of days since 1970."""
        return (self.start - EPOCH).days

    @property
    def last_day(self) -> int:
        """The last day as a number of days since 1970."""
        return (self.end - EPOCH).days

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return self.last_day - self.first_day + 1

    @property
    def months(self) -> float:
        """Length in months of 30.44 days."""
        return self.days / DAYS_PER_MONTH


@dataclass(frozen=True)
class Periods:
    """The comparison and the current period, and what was cut off.

    Parameters
    ----------
    comparison, current : the two periods; ``current`` starts the day after ``comparison`` ends.
    dropped_days : days between the end of the current period and the round's date.
    shortened : True when the data start after the comparison period should have.
    history_start : day of the first order in the data.
    """

    comparison: Period
    current: Period
    dropped_days: int
    shortened: bool
    history_start: date

    @property
    def whole_years(self) -> bool:
        """True where each period holds every season equally often."""
        return not any(round(period.months) % 12 for period in (self.comparison, self.current))

    @property
    def seasons_told(self) -> bool:
        """True where a customer's season cannot pass for a change: whole years, or orders that hold some season twice."""
        return self.whole_years or (self.current.end - self.history_start).days >= 365 + MONTH_DAYS


def find_periods(days: np.ndarray, as_of: date, comparison: int, current: int, whole_months: bool = True) -> Periods:
    """Return the two periods for orders on the given days.

    Parameters
    ----------
    days : day numbers (since 1970) of all orders up to ``as_of``; at least one.
    as_of : the round's date.
    comparison, current : lengths in months.
    whole_months : end with the last complete month; False ends on ``as_of`` itself.
    """
    end = last_whole_month(np.unique(days), as_of) if whole_months else as_of
    current_start = _months_back(end, current)
    wanted = _months_back(_day_before(current_start), comparison)
    # The data begin with the month of the first order: a shop need not sell on the 1st.
    history = date.fromordinal(EPOCH.toordinal() + int(days.min()))
    start = min(max(wanted, history.replace(day=1)), _day_before(current_start))
    return Periods(
        Period(start, _day_before(current_start)),
        Period(current_start, end),
        dropped_days=(as_of - end).days,
        shortened=history.replace(day=1) > wanted,
        history_start=history,
    )


def last_whole_month(order_days: np.ndarray, as_of: date) -> date:
    """Return the last day of the last month that the data cover to its end.

    The month of ``as_of`` counts when ``as_of`` is its last day and the silence after the last order is no
    longer than a week or the longest silence seen before (our convention): an export made on the 9th
    then never passes for a whole month.
    """
    # A shop with long silences of its own is not taken for an export that stopped.
    gaps = np.diff(order_days)
    quiet = max(QUIET_DAYS, int(gaps.max())) if len(gaps) else QUIET_DAYS
    covered = min((as_of - EPOCH).days, int(order_days.max()) + quiet)
    last = pd.Timestamp(EPOCH) + pd.Timedelta(days=covered)
    return (last + pd.Timedelta(days=1)).replace(day=1).date() - pd.Timedelta(days=1).to_pytimedelta()


def _months_back(end: date, months: int) -> date:
    """Return the first day of a period of so many months that ends on ``end``."""
    after = pd.Timestamp(end) + pd.Timedelta(days=1)
    return (after - pd.DateOffset(months=months)).date()


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
