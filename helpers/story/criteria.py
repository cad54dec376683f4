"""Words for go / no-go criteria: the same where they are set (the pilot) and where they are judged (the evaluation)."""

from helpers.core.wording import _


def measure_names() -> dict[str, str]:
    """Return the words for what a criterion measures, by its name in client.yml."""
    return {
        "conversion_uplift": _("extra share that converts"),
        "revenue_per_person": _("extra revenue per person"),
        "net_money": _("extra margin less cost"),
        "opt_out_rate": _("share that objects"),
        "reached_share": _("share that was reached"),
    }
