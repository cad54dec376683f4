"""The predictions as tables that a person reads."""

from helpers.analyses.predictions.result import Result
from helpers.analyses.predictions.status import status_name
from helpers.core.wording import _, day, number
from helpers.story import Table


def status_table(result: Result) -> Table:
    """Return customers per status."""
    frame = result.profile.assign(name=[status_name(status) for status in result.profile["status"]])
    buys = result.judged.get("buy_again")
    within = _("Buys within {days} days").format(days=number(buys.horizon_days)) if buys else _("Buys again")
    columns = {
        "name": (_("Status"), "text"),
        "customers": (_("Customers"), "number"),
        "share": (_("Share"), "percent"),
        "propensity_buy_again": (within, "percent"),
        "propensity_leave": (_("Orders no more"), "percent"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "expected_value": (_("Expected to spend"), "money"),
    }
    return Table(frame, _("Customers per status, with their mean probabilities and total spend"), columns)


def check_table(result: Result) -> Table | None:
    """Return how many of those with each status on an earlier day came back; None with too little history."""
    if result.checked is None:
        return None
    called = result.checked.table[result.checked.table["customers"] > 0]
    frame = called.assign(name=[status_name(status) for status in called["status"]])
    columns = {
        "name": (_("Status then"), "text"),
        "customers": (_("Customers"), "number"),
        "back": (_("Came back"), "number"),
        "share_back": (_("Share"), "percent"),
        "low": (_("Likely from"), "percent"),
        "high": (_("to"), "percent"),
    }
    caption = _("Called by the same rule on {day}, and back within {days} days")
    return Table(frame, caption.format(day=day(result.checked.day.date()), days=number(result.checked.window_days)), columns)


def changes_table(result: Result) -> Table | None:
    """Return how many went from which status to which; None where there is no previous round."""
    if not result.has_previous:
        return None
    frame = result.moved_counts.assign(
        before=[status_name(status) for status in result.moved_counts["status_before"]],
        now=[status_name(status) for status in result.moved_counts["status"]],
    )
    columns = {"before": (_("Before"), "text"), "now": (_("Now"), "text"), "customers": (_("Customers"), "number")}
    return Table(frame, _("Changes of status since the previous round"), columns)


def leavers_table(result: Result, most: int = 10) -> Table:
    """Return the first of the late customers, in the order of the exported list, with reasons and when they are expected."""
    frame = result.leavers.head(most)
    columns = {
        "customer_id": (_("Customer"), "id"),
        "propensity_leave": (_("Orders no more"), "percent"),
        "since": (_("Late since"), "date"),
        "last_order_date": (_("Last order"), "date"),
        "next_low": (_("If at all, expected from"), "date"),
        "next_high": (_("to"), "date"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "reason_leave": (_("Why"), "note"),
    }
    return Table(frame, _("Customers who are late by their own rhythm, who spent most first"), columns)
