"""The predictions as tables that a person reads."""

from helpers.analyses.predictions.result import Result
from helpers.analyses.predictions.status import status_name
from helpers.core.wording import _
from helpers.story import Table


def status_table(result: Result) -> Table:
    """Return customers per status."""
    frame = result.profile.assign(name=[status_name(status) for status in result.profile["status"]])
    columns = {
        "name": (_("Status"), "text"),
        "customers": (_("Customers"), "number"),
        "share": (_("Share"), "percent"),
        "propensity_buy_again": (_("Buys again"), "percent"),
        "propensity_leave": (_("Leaves"), "percent"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "expected_value": (_("Expected to spend"), "money"),
    }
    return Table(frame, _("Customers per status, with their mean probabilities and total spend"), columns)


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
    """Return the first of the customers about to leave, in the order of the exported list, with reasons."""
    frame = result.leavers.head(most)
    columns = {
        "customer_id": (_("Customer"), "id"),
        "propensity_leave": (_("Leaves"), "percent"),
        "since": (_("Since"), "date"),
        "last_order_date": (_("Last order"), "date"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "reason_leave": (_("Why"), "note"),
    }
    return Table(frame, _("Customers about to leave, who spent most first"), columns)
