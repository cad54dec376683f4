"""What to do before the start, and what the summary keeps of the plan."""

from __future__ import annotations

from helpers.core.results import Action, Finding, KeyFigure, Refusal
from helpers.core.wording import _, day, money, number, percent
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.room import Result
from helpers.phases.pilot.story.in_short import answer, verdict
from helpers.story import Actions


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(
            result.heading,
            (result.gate.reason,),
            result.gate.verdict,
            actions=(Action(result.gate.instead, _("certain"), result.gate.unlock),),
            rank=6,
        )
    plan, told = result.plan, answer(result)
    return Finding(
        told.heading,
        tuple(told.sentences),
        told.verdict,
        figures(plan),
        tuple(actions(result).actions),
        rank=4,
    )


def figures(plan: Plan) -> tuple[KeyFigure, ...]:
    """Return the key figures of the pilot."""
    rise = percent(plan.smallest_rise) if plan.smallest_rise < float("inf") else "–"
    return (
        KeyFigure(
            number(plan.treated_people + plan.holdout_people),
            _("people in the pilot"),
            _("{n} of them left out by chance").format(n=number(plan.holdout_people)),
            rank=4,
        ),
        KeyFigure(
            rise,
            _("smallest rise that can be seen"),
            _("hoped for: {rise}").format(rise=percent(plan.hoped_rise)),
            rank=5,
        ),
        KeyFigure(f"{money(plan.cost)}", _("cost of the pilot"), "", rank=6),
    )


def actions(result: Result) -> Actions:
    """Return what to do before the start."""
    plan, found = result.plan, []
    if plan.smallest_rise == plan.smallest_rise and plan.smallest_rise > plan.hoped_rise:
        found.append(
            Action(
                _("Take more groups into the pilot or let it run longer"),
                verdict(plan).word,
                _("before {start}").format(start=day(plan.start_date)),
                rank=4,
            )
        )
    found.append(
        Action(
            _("Release the lists of pilot {pilot}: check them and fill in who approved them").format(pilot=plan.pilot_id),
            _("certain"),
            _("before {start}").format(start=day(plan.start_date)),
            rank=3,
        )
    )
    found.append(
        Action(
            _("Bring back who was reached and what everybody did, the people left out too"),
            _("certain"),
            _("after {stop}").format(stop=day(plan.stop_date)),
            rank=5,
        )
    )
    return Actions(tuple(found))
