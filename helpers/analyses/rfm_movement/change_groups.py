"""The six change groups and which of them wins when more than one would fit.

Published (Anna Pops case): Top were and stay in the highest segment; New appeared in the current period;
Needs attention moved lower; Growing moved higher; Loyal did not change (New, Top and Sleeping excepted);
Sleeping fell back to the lowest segment.

Our conventions, where the case is silent:
- a customer without orders in a period stands below the lowest segment ("absent");
- absent now is Sleeping, also from the lowest segment, once one own gap of the comparison period has passed; until then Loyal;
- absent before and now is neither: who fell asleep earlier does not fall asleep again ("away");
- known from before the comparison period, absent in it and back now is Growing, whatever segment;
- in the lowest segment before and now, and still ordering, is Loyal (``lowest_stays`` can say Sleeping);
- who moved lower but spends more than before is Loyal: nothing is lost;
- who has no order up to the end of the current period is not judged.

Precedence: not judged, New, away, Sleeping, Top, Needs attention, Growing, Loyal.
"""

import numpy as np

from helpers.analyses.rfm_movement.card import Standing
from helpers.analyses.rfm_movement.measures import Purchases, revenue_per_year
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.tables import DAYS_PER_MONTH

GROUPS = ("top", "new", "needs_attention", "growing", "loyal", "sleeping")
NOT_JUDGED = "not_judged"
AWAY = "away"
NOT_THERE = (NOT_JUDGED, AWAY)  # no order in either period: nobody whose behaviour can have changed


def change_group(
    before: np.ndarray,
    now: np.ndarray,
    new: np.ndarray,
    segments: int = 5,
    lowest_stays: str = "loyal",
    judged: np.ndarray | None = None,
    overdue: np.ndarray | bool = True,
) -> np.ndarray:
    """Return the change group of every customer.

    Parameters
    ----------
    before, now : place of the segment in each period: 0 is A; ``segments - 1`` is the lowest; ``segments``
        is absent.
    new : True where the first order of all falls in the current period.
    segments : number of segments.
    lowest_stays : "loyal" or "sleeping": who stays in the lowest segment and still orders.
    judged : False where there is no order up to the end of the current period.
    overdue : True where the silence at the end of the current period is longer than one own gap.
    """
    lowest, absent = segments - 1, segments
    away, still_in_time = (before == absent) & (now == absent), (now == absent) & ~np.asarray(overdue)
    asleep = (now == absent) | ((now == lowest) & (before < lowest))
    if lowest_stays == "sleeping":
        asleep |= (now == lowest) & (before == lowest)
    # The first rule that fits decides; a larger place is a lower segment.
    rules = [new, away, still_in_time, asleep, (before == 0) & (now == 0), now > before, now < before]
    group = np.select(rules, ["new", AWAY, "loyal", "sleeping", "top", "needs_attention", "growing"], default="loyal")
    return group if judged is None else np.where(judged, group, NOT_JUDGED)


def groups_of_customers(purchases: Purchases, periods: Periods, settings: Settings, before: Standing, now: Standing) -> np.ndarray:
    """Return the change group of every customer from where they stand and their first order.

    Parameters
    ----------
    purchases, periods : what was looked at.
    settings : ``lowest_stays``.
    before, now : where the customers stand at the end of each period, on the same card.
    """
    first, current = purchases.first_day, periods.current
    judged = first <= current.last_day
    new = (first >= current.first_day) & judged
    # Nobody is asleep before one own gap has passed: a yearly customer has not stopped after half a year.
    own_gap = DAYS_PER_MONTH / before.measures["frequency_per_month"]
    overdue = before.measures["recency_days"] + current.days >= own_gap
    groups = change_group(before.place, now.place, new, before.segments, settings.lowest_stays, judged, overdue)
    spent_more = revenue_per_year(now.measures, current) > revenue_per_year(before.measures, periods.comparison)
    return np.where((groups == "needs_attention") & spent_more, "loyal", groups)
