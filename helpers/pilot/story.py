"""The pilot told: who, how large, how long, what it costs, and a page for marketing and one for IT."""

from __future__ import annotations

import pandas as pd

from helpers.pilot.assignment import balance_of_draw
from helpers.pilot.charts import step_names
from helpers.pilot.lists import TargetList
from helpers.pilot.plan import Plan, Result
from helpers.results import Action, Finding, KeyFigure, Refusal, Verdict
from helpers.story import Actions, Answer, HowSure, Page, Reasoned, Sentence, Table
from helpers.wording import _, day, listing, money, number, percent, plural


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return the chapter's answer: how many get it, how many are left out, and what can be seen by when."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    plan = result.plan
    heading = _(
        "{treated} people get {message}, {held} are left out by chance, and on {stop} we know"
    ).format(
        treated=number(plan.treated_people),
        message=plan.message or _("the message"),
        held=number(plan.holdout_people),
        stop=day(plan.stop_date),
    )
    return Answer(heading, (sees(plan), pays(plan)), verdict(plan))


def verdict(plan: Plan) -> Verdict:
    """Return whether the pilot as planned can show what is hoped for."""
    if plan.smallest_rise != plan.smallest_rise:
        return Verdict("caution", _("size unknown"))
    if plan.smallest_rise <= plan.hoped_rise:
        return Verdict("go", _("large enough"))
    return Verdict("caution", _("too small for the rise hoped for"))


def hypothesis(plan: Plan) -> Sentence:
    """Return what is expected, in the client's words or made from the plan."""
    if plan.hypothesis:
        return Sentence(plan.hypothesis)
    return Sentence(
        _("We expect that {message} makes {rise} more of these people convert within {days} days.").format(
            message=plan.message or plan.opportunity or _("the message"),
            rise=percent(plan.hoped_rise),
            days=number(plan.days),
        )
    )


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


def sees(plan: Plan) -> str:
    """Return the smallest effect that can be seen, and what it would take to see the rise hoped for."""
    if plan.smallest_rise != plan.smallest_rise:
        return _(
            "None of these people converted in the last {days} days, so the size cannot be checked: give the "
            "share you expect in pilot.base_rate."
        ).format(days=number(plan.days))
    if plan.smallest_rise == float("inf"):
        return _("With so few people no rise whatever could be told from chance.")
    text = _(
        "In {days} days about {rate} of them convert anyway; only a rise of {rise} or more "
        "({uplift} of people) "
        "would be seen."
    ).format(
        days=number(plan.days),
        rate=percent(plan.base_rate, 1),
        rise=percent(plan.smallest_rise),
        uplift=percent(plan.smallest_uplift, 1),
    )
    if plan.smallest_rise <= plan.hoped_rise or not plan.people_needed:
        return text
    return (
        text
        + " "
        + _("To see the {hoped} hoped for, it takes {n} people.").format(
            hoped=percent(plan.hoped_rise), n=number(plan.people_needed)
        )
    )


def pays(plan: Plan) -> str:
    """Return the cost, and the effect at which it is earned back."""
    if plan.cost == 0:
        return _(
            "No cost is given, so the break-even cannot be computed: fill in pilot.contact_cost and "
            "pilot.fixed_cost."
        )
    if plan.break_even_uplift != plan.break_even_uplift:
        return _("It costs {cost}; without an order value the break-even cannot be computed.").format(
            cost=money(plan.cost)
        )
    return _(
        "It costs {cost} and pays when {uplift} of the people reached order once more, at {value} "
        "per order and a "
        "margin of {margin}."
    ).format(
        cost=money(plan.cost),
        uplift=percent(plan.break_even_uplift, 1),
        value=money(plan.order_value),
        margin=percent(plan.margin_share),
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


def criterion_text(one: dict) -> str:
    """Return one go / no-go criterion as a sentence."""
    names = measure_names()
    bound = one["at_least"] if one["at_least"] is not None else one["at_most"]
    words = money(bound) if one["measure"] in ("net_money", "revenue_per_person") else percent(bound, 1)
    pattern = {
        (True, True): _("{measure}: surely at least {bound}"),
        (True, False): _("{measure}: at least {bound}"),
        (False, True): _("{measure}: surely at most {bound}"),
        (False, False): _("{measure}: at most {bound}"),
    }[one["at_least"] is not None, bool(one["surely"])]
    return pattern.format(measure=names[one["measure"]], bound=words)


def measure_names() -> dict[str, str]:
    """Return the words for what a criterion measures."""
    return {
        "conversion_uplift": _("extra share that converts"),
        "revenue_per_person": _("extra revenue per person"),
        "net_money": _("extra margin less cost"),
        "opt_out_rate": _("share that objects"),
        "reached_share": _("share that was reached"),
    }


def _date_rows(plan: Plan) -> list[tuple[str, str]]:
    return [
        (_("Start"), day(plan.start_date)),
        (_("Looks"), listing([day(one) for one in plan.look_dates])),
        (_("Stop"), day(plan.stop_date)),
    ]


def marketing_page(result: Result) -> Page:
    """Return the page for marketing: whom, what, until when, and what decides."""
    plan = result.plan
    rows = [
        (_("Pilot"), plan.pilot_id),
        (_("Answers for it"), plan.owner_marketing or _("not named yet: pilot.owner_marketing")),
        (_("Serves"), plan.opportunity or "–"),
        (
            _("Groups"),
            listing(list(plan.groups)) if plan.groups else _("all customers who may be written to"),
        ),
        (_("What they get"), plan.message or _("not written yet: pilot.message")),
        (
            _("Treated and left out"),
            _("{treated} and {held}").format(
                treated=number(plan.treated_people), held=number(plan.holdout_people)
            ),
        ),
        *_date_rows(plan),
        (
            _("What decides"),
            _("conversions") if plan.main_metric == "conversion" else _("revenue per person"),
        ),
        *((_("Go when"), criterion_text(one)) for one in plan.criteria),
        *((_("Before the start"), one) for one in plan.preconditions),
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
            _(
                "customer_id gives treatment, in the serving table; {n} rows; whoever is not in it gets the "
                "standard content"
            ).format(n=number(len(result.assignment))),
        ),
        (
            _("Never"),
            _("Draw or change a treatment yourself; people who come later are added by the next round."),
        ),
        *_date_rows(plan),
        (_("Log what was sent"), "exposures: pilot_id, customer_id, shown_time, treatment, channel"),
        (_("Bring back"), "outcomes: pilot_id, customer_id, outcome_date, outcome, outcome_amount"),
        (_("Of whom"), _("of everyone in the serving table, the people left out too")),
    ]
    return Page((_sheet(rows, _("For IT: serving and feedback on one page")),))


def _sheet(rows: list[tuple[str, str]], caption: str) -> Table:
    frame = pd.DataFrame(rows, columns=["what", "how"])
    return Table(frame, caption, {"what": (_("What"), "text"), "how": (_("How"), "text")}, first=40)


def lists_sentence(lists: tuple[TargetList, ...]) -> Sentence:
    """Return what lists were made, and whether a person released them."""
    parts = [
        _("{channel}: {people}").format(
            channel=one.channel, people=plural("{n} person", "{n} people", len(one.frame))
        )
        for one in lists
    ]
    if all(one.released for one in lists):
        return Sentence(_("The lists are released: {lists}.").format(lists=listing(parts)))
    return Sentence(
        _(
            "The lists are drafts until a person releases them (pilot.approved_by and pilot.approved_on): "
            "{lists}."
        ).format(lists=listing(parts))
    )


def how_sure(result: Result) -> HowSure:
    """Return how the pilot was drawn and sized, the checks on the draw, and the limits."""
    plan = result.plan
    draw = balance_of_draw(result.assignment, plan.holdout_share)
    return HowSure(
        {
            _("Method"): [
                _(
                    "Within groups of like customers, people are put in a random order that follows "
                    "from the seed and the "
                    "pilot's id; the holdout group is spread evenly over it. Who comes later is "
                    "added, nobody is moved."
                ),
                _(
                    "The smallest effect follows from the usual formula for two shares (arcsine), "
                    "at a false alarm of {alpha} "
                    "over {looks} planned looks and a chance of {power} to see it."
                ).format(
                    alpha=percent(plan.alpha), looks=number(len(plan.look_dates)), power=percent(plan.power)
                ),
            ],
            _("Checks"): [
                _(
                    "The draw has {n} groups of like customers; in none is the holdout group more "
                    "than {off} people off its "
                    "share."
                ).format(n=number(len(draw)), off=number(float(draw["off"].abs().max()), 1)),
            ],
            _("Limits"): [
                _("The pace is that of the last days before the round; a season may change it."),
                _(
                    "The smallest difference in revenue, {amount} per person, is a rougher guess "
                    "than that in "
                    "conversions."
                ).format(amount=money(plan.smallest_revenue, 2)),
            ],
            _("Balance of the draw"): Table(
                draw,
                _("People per group of like customers, and the holdout group in it"),
                {
                    "stratum": (_("Group of like customers"), "text"),
                    "people": (_("People"), "number"),
                    "holdout_group": (_("Left out"), "number"),
                    "wanted": (_("Wanted"), "number1"),
                },
            ),
        }
    )


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
            _("Release the lists of pilot {pilot}: check them and fill in who approved them").format(
                pilot=plan.pilot_id
            ),
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
