"""Phase 6 as a whole: from an assignment and what came of it to a verdict."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _, number
from helpers.phases.evaluation.arms import together, verdict_on, verdicts_by_arm
from helpers.phases.evaluation.attrition import Attrition, attrition
from helpers.phases.evaluation.balance import balance, reach
from helpers.phases.evaluation.drift import SplitOverTime, split_over_time
from helpers.phases.evaluation.elsewhere import as_pilot
from helpers.phases.evaluation.gate import may_we, refusal_heading
from helpers.phases.evaluation.people import HOLDOUT, events_of, outcomes_of, people_of, since_assigned, with_opt_outs
from helpers.phases.evaluation.plan import Progress, as_date, levels_of_looks, planned_shares, progress_of, with_dates
from helpers.phases.evaluation.readings import not_read, profile, read_all
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.sample_ratio import SampleRatio, sample_ratio
from helpers.phases.evaluation.settings import Settings
from helpers.phases.evaluation.timeline import cumulative, evolution
from helpers.phases.evaluation.verdict import Kind, proposals, put_right, without_check

READS = ("assignment", "plan", "outcomes", "exposures", "orders", "customer_table", "test_assignment")


def evaluate(
    tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, plan: Mapping[str, Any] | None = None
) -> Result | Refusal:
    """Judge a pilot, or a test that another tool ran, or say what is missing to judge it.

    Parameters
    ----------
    tables : ``assignment`` as written, or ``test_assignment``; ``outcomes`` (or ``orders``); where known ``exposures`` and
        ``orders``.
    settings : section ``evaluation`` of client.yml.
    context : the round's date and seed.
    plan : the plan as written with the assignment (``Plan.to_json``). Of a pilot and a test made elsewhere the one that started
        last is judged, unless the settings name the pilot.
    """
    tables, plan, notes = _last_started(tables, settings, context, plan)
    gate = may_we(tables, settings, context, plan)
    if plan is None or gate.closed:
        return Refusal(refusal_heading(gate, tables, plan), gate)
    plan = with_dates(plan)
    progress = progress_of(plan, context.as_of)
    events = _up_to(outcomes_of(tables, settings, plan), context.as_of)
    people = _people(tables, events, plan, progress.until, settings)
    months = _months(tables, people, events, plan, settings, context.as_of)
    lost = attrition(people, tables, plan, settings.outcome, stop=settings.ratio_stop, seed=context.seed)
    return _judged(people, events, months, lost, plan, progress, settings, context, notes)


def _last_started(
    tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, plan: Mapping[str, Any] | None
) -> tuple[Mapping[str, pd.DataFrame], Mapping[str, Any] | None, tuple[str, ...]]:
    """Return what is judged: the pilot as written, or the test made elsewhere as if it were one, with what was done to it."""
    test = as_pilot(tables, settings, context.as_of)
    if test is None or (plan and (settings.pilot_id or as_date(plan["start_date"]) > test[1]["start_date"])):
        return tables, plan, ()
    together, declared, notes = test
    if plan:
        notes += (
            _("The pilot {pilot} started before this test and is not judged here: name it in evaluation.pilot_id.").format(
                pilot=plan["pilot_id"]
            ),
        )
    before = len(tables["outcomes"]) - len(since_assigned(tables["outcomes"], "outcome_date", together)) if "outcomes" in tables else 0
    if before:
        notes += (_("{n} outcomes lie before the person was put in the test, and do not count.").format(n=number(before)),)
    return together, declared, notes


def _up_to(events: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    """Return the events up to the round's date; what comes after it is not known yet."""
    if events is None:
        return pd.DataFrame({"customer_id": [], "when": pd.to_datetime([]), "amount": []})
    return events[events["when"] <= pd.Timestamp(as_of)]


def _people(
    tables: Mapping[str, pd.DataFrame], events: pd.DataFrame, plan: dict[str, Any], until: date, settings: Settings
) -> pd.DataFrame:
    """Return the people of this pilot with what came of it and who objects now."""
    assignment = tables["assignment"]
    if "pilot_id" in assignment:
        assignment = assignment[assignment["pilot_id"] == plan["pilot_id"]]
    if "assigned_time" in assignment:  # who came in after this look is not in it
        latest = pd.Timestamp(until) - pd.Timedelta(days=int(plan.get("days_to_convert") or 0))
        assignment = assignment[~(assignment["assigned_time"].dt.normalize() > latest)]
    people = people_of(
        assignment,
        events,
        plan["start_date"],
        until,
        exposures=tables.get("exposures"),
        orders=tables.get("orders"),
        pre_period_days=settings.pre_period_days if settings.use_pre_period else 0,
    )
    return with_opt_outs(people, tables.get("customer_table"))


def _months(
    tables: Mapping[str, pd.DataFrame], people: pd.DataFrame, events: pd.DataFrame, plan: dict[str, Any], settings: Settings, as_of: date
) -> pd.DataFrame:
    """Return the months around the pilot, from the orders where there are any."""
    orders = tables.get("orders")
    # Orders reach back to before the pilot; outcomes seldom do.
    longest = events if orders is None else events_of(orders, "order_date", "order_amount")
    return evolution(people, _up_to(longest, as_of), plan["start_date"], plan["stop_date"], as_of, months=settings.months_around)


def _judged(
    people: pd.DataFrame,
    events: pd.DataFrame,
    months: pd.DataFrame,
    lost: Attrition | None,
    plan: dict[str, Any],
    progress: Progress,
    settings: Settings,
    context: RunContext,
    notes: tuple[str, ...],
) -> Result:
    """Read the arms at this look, and judge what was read."""
    ratio = sample_ratio(people["treatment"].value_counts().to_dict(), planned_shares(plan, people), stop=settings.ratio_stop)
    drift = split_over_time(people, stop=settings.ratio_stop, seed=context.seed)
    kept = _kept(ratio, drift, lost, plan)
    deciding = people[people["treatment"].isin([HOLDOUT, plan["compare"]])] if plan.get("compare") else people
    readable = progress.looks_done and kept in (None, "described")
    readings = read_all(people, deciding, progress.alpha, settings, plan, context.seed) if readable else not_read()
    reached = reach(people)
    known_before = people.drop(columns=["before_revenue"]) if people["before_revenue"].isna().all() else people
    pooled = verdict_on(deciding, readings, plan, progress, reached, kept)
    by_arm = {} if kept else verdicts_by_arm(people, readings, plan, progress, reached)
    judgement = together(pooled, by_arm)
    if "undeclared" in plan and not plan["everybody_counted"] and not (lost and lost.sees):
        judgement = without_check(judgement)
        by_arm = {arm: replace(verdict, judgement=without_check(verdict.judgement)) for arm, verdict in by_arm.items()}
    return Result(
        table=people,
        profile=profile(people),
        quality={"variance_left": readings.variance_left},
        notes=notes,
        plan=plan,
        until=progress.until,
        look=progress.looks_done,
        alpha=progress.alpha,
        ratio=ratio,
        drift=drift,
        attrition=lost,
        balance=balance(known_before, limit=settings.imbalance),
        reached=reached,
        **vars(readings),
        cumulative=cumulative(deciding, events, plan["start_date"], min(context.as_of, plan["stop_date"]), levels_of_looks(plan)),
        evolution=months,
        criteria=pd.concat([verdict.criteria.assign(arm=arm) for arm, verdict in by_arm.items()]) if by_arm else pooled.criteria,
        judgement=judgement,
        money=pooled.money,
        proposals=proposals(judgement, readings.segments, {arm: verdict.judgement for arm, verdict in by_arm.items()}),
        arm_verdicts=by_arm,
        put_right=put_right(pooled.comparison, judgement.kind, plan, progress.looks_done, progress.alpha),
    )


def _kept(ratio: SampleRatio, drift: SplitOverTime | None, lost: Attrition | None, plan: Mapping[str, Any]) -> Kind | None:
    """Return the verdict that the checks give whatever the figures are; None where the figures are judged."""
    if lost and not lost.holds:
        return "attrition"
    if drift and not drift.holds:
        return "drift"
    if ratio.holds and not plan.get("undeclared"):
        return None
    # Shares that nobody declared stop no reading; nothing is proven by it either.
    return "described" if ratio.holds or not plan.get("shares_declared", True) else "ratio"
