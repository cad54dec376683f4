"""How sure the plan is: how people were drawn, how the size was computed, and the limits."""

import pandas as pd

from helpers.core.wording import _, money, number, percent
from helpers.phases.pilot.analysis import Result
from helpers.phases.pilot.assignment import balance_of_draw
from helpers.phases.pilot.plan import Plan
from helpers.story import HowSure, Table


def how_sure(result: Result) -> HowSure:
    """Return how the pilot was drawn and sized, the checks on the draw, and the limits."""
    draw = balance_of_draw(result.assignment, result.plan.holdout_share)
    return HowSure(
        {
            _("Method"): _method(result),
            _("Checks"): [
                _("The draw has {n} groups of like customers; in none is the holdout group more than {off} people off its share.").format(
                    n=number(len(draw)), off=number(float(draw["off"].abs().max()), 1)
                )
            ],
            _("Limits"): _limits(result.plan),
            _("Balance of the draw"): _balance(draw),
        }
    )


def _method(result: Result) -> list[str]:
    plan, one_arm = result.plan, _("Firms are drawn, not persons: orders belong to the firm, so all persons of a firm are in one arm.")
    pace = _(
        "These people were chosen by their orders, so their last orders cannot say what they do next: the rule, read from who is chosen "
        "today, was asked about the day before the window, and the orders since were counted."
    )
    return [
        *([one_arm] if result.persons is not None else []),
        _(
            "Within groups of like customers, people are put in a random order that follows from the seed and the "
            "pilot's id; the holdout group is spread evenly over it. Who comes later is added, nobody is moved."
        ),
        _(
            "The smallest effect is computed for the test that will read it (Newcombe's interval) and for arms of these sizes, at a "
            "false alarm of {alpha} over {looks} planned looks and a chance of {power} to see it."
        ).format(alpha=percent(plan.alpha), looks=number(len(plan.look_dates)), power=percent(plan.power)),
        *([pace] if plan.base_from == "rule" else []),
    ]


def _limits(plan: Plan) -> list[str]:
    return [
        _("The pace is that of the last days before the round; a season may change it."),
        _("The smallest difference in revenue, {amount} per person, is a rougher guess than that in conversions.").format(
            amount=money(plan.smallest_revenue, 2)
        ),
    ]


def _balance(draw: pd.DataFrame) -> Table:
    return Table(
        draw,
        _("People per group of like customers, and the holdout group in it"),
        {
            "stratum": (_("Group of like customers"), "text"),
            "people": (_("People"), "number"),
            "holdout_group": (_("Left out"), "number"),
            "wanted": (_("Wanted"), "number1"),
        },
    )
