"""Tables for people: the pilot on one page, once for marketing and once for IT."""

from typing import Any

import pandas as pd

from helpers.core.wording import _, day, listing, money, number, percent
from helpers.phases.pilot.analysis import Result
from helpers.phases.pilot.plan import Plan
from helpers.story import Page, Table
from helpers.story.criteria import measure_names


def marketing_page(result: Result) -> Page:
    """Return the page for marketing: whom, what, until when, and what decides."""
    plan = result.plan
    rows = [
        (_("Pilot"), plan.pilot_id),
        (_("Answers for it"), plan.owner_marketing or _("not named yet: pilot.owner_marketing")),
        (_("Serves"), plan.opportunity or "–"),
        (_("Groups"), listing(list(plan.groups)) if plan.groups else _("all customers who may be written to")),
        (_("What they get"), plan.message or _("not written yet: pilot.message")),
        *([(_("Why they may be written to"), plan.consent_note)] if plan.consent_note else []),
        (
            _("Treated and left out"),
            _("{treated} and {held}").format(treated=number(plan.treated_people), held=number(plan.holdout_people)),
        ),
        *_date_rows(plan),
        (_("What decides"), _("conversions") if plan.main_metric == "conversion" else _("revenue per person")),
        *((_("Go when"), criterion_text(criterion)) for criterion in plan.criteria),
        *((_("Must not get worse"), measure_names().get(measure, measure)) for measure in plan.guard_metrics),
        *((_("Before the start"), precondition) for precondition in plan.preconditions),
        (_("Hands off"), _("The people left out get nothing extra until the stop date, from nobody.")),
    ]
    return Page((_sheet(rows, _("For marketing: the pilot on one page")),))


def it_page(result: Result) -> Page:
    """Return the page for IT: what to look up, what to log, and what to bring back."""
    plan = result.plan
    rows = [
        (_("Pilot"), plan.pilot_id),
        (_("Answers for it"), plan.owner_it or _("not named yet: pilot.owner_it")),
        (
            _("Look up"),
            _("customer_id gives treatment, in the serving table; {n} rows; whoever is not in it gets the standard content").format(
                n=number(len(result.assignment))
            ),
        ),
        (_("Never"), _("Draw or change a treatment yourself; people who come later are added by the next round.")),
        *_date_rows(plan),
        (_("Log what was sent"), "exposures: pilot_id, customer_id, shown_time, treatment, channel"),
        (_("Bring back"), "outcomes: pilot_id, customer_id, outcome_date, outcome, outcome_amount"),
        (_("Of whom"), _("of everyone in the serving table, the people left out too")),
    ]
    return Page((_sheet(rows, _("For IT: serving and feedback on one page")),))


def criterion_text(criterion: dict[str, Any]) -> str:
    """Return one go / no-go criterion, as the plan holds it, as a sentence."""
    measure, bound = criterion["measure"], criterion["at_least"]
    has_lower_bound = bound is not None
    if not has_lower_bound:
        bound = criterion["at_most"]
    amount = money(bound) if measure in ("net_money", "revenue_per_person") else percent(bound, 1)
    pattern = {
        (True, True): _("{measure}: surely at least {bound}"),
        (True, False): _("{measure}: at least {bound}"),
        (False, True): _("{measure}: surely at most {bound}"),
        (False, False): _("{measure}: at most {bound}"),
    }[has_lower_bound, bool(criterion["surely"])]
    return pattern.format(measure=measure_names()[measure], bound=amount)


def _date_rows(plan: Plan) -> list[tuple[str, str]]:
    return [
        (_("Start"), day(plan.start_date)),
        (_("Looks"), listing([day(look) for look in plan.look_dates])),
        (_("Stop"), day(plan.stop_date)),
    ]


def _sheet(rows: list[tuple[str, str]], caption: str) -> Table:
    frame = pd.DataFrame(rows, columns=["what", "how"])
    return Table(frame, caption, {"what": (_("What"), "text"), "how": (_("How"), "text")}, first=40)
