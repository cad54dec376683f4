"""Status per person: new, bought once, loyal, hesitant, about to leave or gone; how probably; since when; when expected.

The status is that of ``leaving``: each customer against his own rhythm. The borders between the statuses are in client.yml (our
convention: 50, 75 and 90 %). New customers are new for a fixed number of days, because nothing is known of them yet.
"""

import pandas as pd

from helpers.analyses.leaving import Check, Rhythms, check, rhythms
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import DAY
from helpers.core.wording import _

SLOWER = 0.9  # nine in ten customers have a shorter gap: so long a rule is watched before it is judged (our convention)


def rhythm_and_check(known: pd.DataFrame, through: pd.Timestamp, settings: Settings) -> tuple[Rhythms, Check | None]:
    """Return where each customer stands in his rhythm, as surely as earlier calls by the same rule bear out, and that check.

    Parameters
    ----------
    known : from ``windows.known_orders``, with at least one order.
    through : the day of the round.
    settings : the borders.
    """
    borders = (settings.hesitant_from, settings.leaving_from, settings.gone_from)
    bought = known[known["order_amount"] > 0]
    found = rhythms(bought, through, borders)
    gaps = found.table.loc[found.table["order_days"] > 1, "gap_days"]
    checked = check(bought, through, float(gaps.quantile(SLOWER)), borders) if len(gaps) else None
    return (found.at_most(checked.ceiling) if checked else found), checked


def statuses(known: pd.DataFrame, found: Rhythms, settings: Settings) -> pd.DataFrame:
    """Return status, probability, since when and when expected, one row per customer.

    Parameters
    ----------
    known : from ``windows.known_orders``.
    found : from ``rhythm_and_check``.
    settings : for how long a customer is new.

    Returns
    -------
    Index customer_id; status, propensity_leave (the probability that no order comes any more), last_order_date, since,
    gap_days, next_low, next_date and next_high (when the next order is expected, if one comes; NaT for who is gone).
    """
    frame = found.table.assign(status=found.status(settings.new_days)).rename(columns={"probability_gone": "propensity_leave"})
    old_enough = frame["first_order_date"] + (settings.new_days + 1) * DAY
    begun = {
        "new": frame["first_order_date"],
        "bought once": old_enough,
        "loyal": _back_since(known, frame).fillna(old_enough).clip(lower=old_enough),
        "hesitant": frame["hesitant_date"],
        "about to leave": frame["leaving_date"],
        "gone": frame["gone_date"],
    }
    frame["since"] = frame["first_order_date"]
    for status, dates in begun.items():
        frame["since"] = frame["since"].mask(frame["status"] == status, dates)
    for name in ("next_low", "next_date", "next_high"):
        frame[name] = frame[name].mask(frame["status"] == "gone")
    return frame[["status", "propensity_leave", "last_order_date", "since", "gap_days", "next_low", "next_date", "next_high"]]


def _back_since(known: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Return the day on which each customer last came back after being late, or came back at all; NaT for who bought once."""
    days = known.loc[known["order_amount"] > 0, ["customer_id", "order_day"]].drop_duplicates()
    gap = days.groupby("customer_id")["order_day"].diff()
    patience = days["customer_id"].map(frame["hesitant_date"] - frame["last_order_date"])
    second = days.groupby("customer_id").cumcount() == 1
    return days[(gap >= patience) | second].groupby("customer_id")["order_day"].max().reindex(frame.index)


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
        "bought once": _("bought once"),
        "loyal": _("loyal"),
        "hesitant": _("hesitant"),
        "about to leave": _("about to leave"),
        "gone": _("gone"),
        "": _("not known before"),
    }[status]
