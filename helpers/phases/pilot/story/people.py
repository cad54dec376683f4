"""Who is in the pilot, told: lost on the way in, for how long, and on which lists."""

from __future__ import annotations

from helpers.core.wording import _, listing, number, percent, plural
from helpers.phases.pilot.charts import step_names
from helpers.phases.pilot.lists import TargetList
from helpers.phases.pilot.room import Result
from helpers.story import Sentence, Table


def funnel_sentence(result: Result) -> Sentence:
    """Return where most people are lost on the way into the pilot."""
    steps = result.funnel.iloc[1:]
    known, left = int(result.funnel["people"].iloc[0]), int(result.funnel["people"].iloc[-1])
    if int(steps["lost"].sum()) == 0:
        return Sentence(_("All {n} known customers may be in the pilot.").format(n=number(known)))
    worst = steps.loc[steps["lost"].idxmax()]
    return Sentence(
        _('Of {known} known customers {left} may be in the pilot; most are lost at "{step}": {lost}.').format(
            known=number(known),
            left=number(left),
            step=step_names()[worst["step"]],
            lost=number(worst["lost"]),
        )
    )


def funnel_table(result: Result) -> Table:
    """Return the people left and lost at each step."""
    frame = result.funnel.assign(step=result.funnel["step"].map(step_names()))
    return Table(
        frame,
        _("Who may be in the pilot: people left after each step, and lost at it"),
        {
            "step": (_("Step"), "text"),
            "people": (_("People left"), "number"),
            "lost": (_("Lost"), "number"),
        },
    )


def curve_sentence(result: Result) -> Sentence:
    """Return how long the pilot should run."""
    plan = result.plan
    if plan.days_needed is not None:
        return Sentence(
            _("At this pace {days} days are enough to see a rise of {rise}.").format(
                days=number(plan.days_needed), rise=percent(plan.hoped_rise)
            )
        )
    return Sentence(
        _("No length up to {days} days is enough to see a rise of {rise} with these people.").format(
            days=number(int(result.curve["days"].max())), rise=percent(plan.hoped_rise)
        )
    )


def lists_sentence(lists: tuple[TargetList, ...]) -> Sentence:
    """Return what lists were made, and whether a person released them."""
    parts = [
        _("{channel}: {people}").format(channel=one.channel, people=plural("{n} person", "{n} people", len(one.frame))) for one in lists
    ]
    if all(one.released for one in lists):
        return Sentence(_("The lists are released: {lists}.").format(lists=listing(parts)))
    return Sentence(
        _("The lists are drafts until a person releases them (pilot.approved_by and pilot.approved_on): {lists}.").format(
            lists=listing(parts)
        )
    )
