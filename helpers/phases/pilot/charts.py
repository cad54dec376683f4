"""Pictures of the pilot: who is left at each step, and what a pilot of a given length can see."""

import pandas as pd

from helpers import charts
from helpers.core.wording import _, number, percent
from helpers.phases.pilot.analysis import Result
from helpers.story import Picture

# Beyond this a rise is of no use for planning and would flatten the rest of the line.
_HIGHEST_RISE = 5.0


def step_names() -> dict[str, str]:
    """Return the words for the steps of the funnel."""
    return {
        "known": _("customers known"),
        "group": _("in the chosen groups"),
        "consent": _("may be written to"),
        "opted_out": _("did not object"),
        "caps": _("not written to too often"),
    }


def funnel(result: Result) -> Picture:
    """Draw how many people are left after each step."""
    names = step_names()
    labels = [names[step] for step in result.funnel["step"]]
    if "persons" in result.funnel:
        with_persons = _("{step} ({persons} persons)")
        labels = [with_persons.format(step=labels[i], persons=number(n)) for i, n in enumerate(result.funnel["persons"])]
    return charts.bars(
        labels,
        result.funnel["people"].tolist(),
        caption=_("People left after each step, from all customers to those who may be in the pilot"),
        highlight=len(result.funnel) - 1,
        formatter=number,
    )


def duration(result: Result) -> Picture | None:
    """Draw the smallest rise that can be seen, by length of the pilot; None where no length can be drawn."""
    curve = result.curve[result.curve["smallest_rise"].between(0, _HIGHEST_RISE)]
    # A single length is a point, and no line.
    if len(curve) < 2:
        return None
    labels = [number(days) for days in curve["days"]]
    return charts.columns(
        labels,
        curve["smallest_rise"].tolist(),
        caption=_("Smallest rise in conversions that can be seen, by length of the pilot in days"),
        highlight=_row_of_length(curve, result.plan.days),
        formatter=percent,
    )


def _row_of_length(curve: pd.DataFrame, days: int) -> int | None:
    """Return which row of the curve is that of a length; None where no row is."""
    lengths = curve["days"].tolist()
    return lengths.index(days) if days in lengths else None
