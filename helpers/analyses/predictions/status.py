"""Status per person: new, loyal, hesitant, about to leave or gone; on which probability; since when.

The status rests on the probability that the customer leaves: places no order within the time in which he is
expected back. The borders between the statuses are in client.yml (our convention: 50, 75 and 90 %). New customers
are new for a fixed number of days, because nothing is known of them yet. "Since" is found by asking the same model
week by week back.
"""

import numpy as np
import pandas as pd

from helpers.analyses.predictions.models import Fitted
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import DAY, features_at
from helpers.core.wording import _

STATUSES = ("new", "loyal", "hesitant", "about to leave", "gone")
WEEKS_BACK = 52


def status_of(features: pd.DataFrame, probability: np.ndarray, settings: Settings) -> pd.Series:
    """Return the status of each customer.

    Parameters
    ----------
    features : from ``features_at``.
    probability : of leaving, per row.
    settings : the borders.
    """
    borders = [settings.hesitant_from, settings.leaving_from, settings.gone_from]
    level = np.searchsorted(borders, probability, side="right")
    names = np.array(STATUSES[1:], dtype=object)[level]
    # Someone who bought once and is no longer new has shown no loyalty yet.
    names = np.where((names == "loyal") & (features["frequency"] < 2), "hesitant", names)
    return pd.Series(np.where(features["tenure_days"] <= settings.new_days, "new", names), index=features.index)


def statuses(known: pd.DataFrame, model: Fitted, through: pd.Timestamp, settings: Settings) -> pd.DataFrame:
    """Return status, probability and since when, one row per customer.

    Returns
    -------
    Index customer_id; status, propensity_leave, last_order_date, since (date), since_at_least (True when the
    status is older than we look back).
    """
    features = features_at(known, through)
    probability = model.probability(features)
    now = status_of(features, probability, settings)
    last_order = through - pd.to_timedelta(features["recency_days"], unit="D")
    since, at_least = _since(known, model, through, settings, now, features["recency_days"])
    return pd.DataFrame(
        {"status": now, "propensity_leave": probability, "last_order_date": last_order, "since": since, "since_at_least": at_least}
    )


def _since(
    known: pd.DataFrame, model: Fitted, through: pd.Timestamp, settings: Settings, now: pd.Series, recency_days: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Return since when each status holds, and whether it is older than we look back: a week at a time."""
    since = pd.Series(through, index=now.index)
    same = pd.Series(True, index=now.index)
    weeks = 0
    while same.any() and weeks < WEEKS_BACK:
        weeks += 1
        day = through - 7 * weeks * DAY
        before = features_at(known, day, model.columns)
        then = status_of(before, model.probability(before), settings).reindex(now.index)
        same &= then == now
        since[same] = day
    # A change by an order is dated on that order, not on the Monday after it.
    order_day = through - pd.to_timedelta(recency_days, unit="D")
    by_order = (order_day < since) & (order_day > since - 7 * DAY)
    return since.where(~by_order, order_day), same


def changes(previous: pd.DataFrame | None, current: pd.DataFrame) -> pd.DataFrame:
    """Return who changed status since the previous round, by name.

    Parameters
    ----------
    previous : customer_id and status of the previous round, or None.
    current : customer_id and status of this round.

    Returns
    -------
    customer_id, status_before ("" when not known then), status; only those who changed, sorted.
    """
    columns = ["customer_id", "status_before", "status"]
    if previous is None or previous.empty:
        return pd.DataFrame(columns=columns)
    before = previous.assign(customer_id=previous["customer_id"].astype(str)).set_index("customer_id")["status"]
    before = before[~before.index.duplicated()]
    both = current[["customer_id", "status"]].copy()
    both["status_before"] = both["customer_id"].map(before).fillna("")
    moved = both[both["status_before"] != both["status"]]
    return moved[columns].sort_values("customer_id", ignore_index=True)


def change_counts(moved: pd.DataFrame) -> pd.DataFrame:
    """Return how many customers went from each status to each other: status_before, status, customers."""
    counts = moved.groupby(["status_before", "status"]).size().rename("customers").reset_index()
    return counts.sort_values(["customers", "status_before", "status"], ascending=[False, True, True], ignore_index=True)


def status_name(status: str) -> str:
    """Return a status in words; "" is the status of who was not known then."""
    return {
        "new": _("new"),
        "loyal": _("loyal"),
        "hesitant": _("hesitant"),
        "about to leave": _("about to leave"),
        "gone": _("gone"),
        "": _("not known before"),
    }[status]
