"""Phase 6 as a whole: from an assignment and what came of it to a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.core.results import Refusal, RunContext
from helpers.phases.evaluation.balance import balance, reach
from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.course import cumulative, evolution
from helpers.phases.evaluation.figures import figures_of
from helpers.phases.evaluation.gate import heading_of, may_we
from helpers.phases.evaluation.people import events_of, outcomes_of, people_of, with_opt_outs
from helpers.phases.evaluation.readings import profile, read, unread
from helpers.phases.evaluation.revenue import Shift
from helpers.phases.evaluation.sample_ratio import SampleRatio, sample_ratio
from helpers.phases.evaluation.settings import Settings
from helpers.phases.evaluation.verdict import Judgement, Money, Proposal, check_criteria, judge, money_of, proposals
from helpers.phases.evaluation.written import Standing, levels, needed, shares, standing_of, with_dates, worthwhile

READS = ("assignment", "plan", "outcomes", "exposures", "orders", "customer_table")


@dataclass(frozen=True)
class Result:
    """An evaluated pilot.

    Parameters
    ----------
    table : one row per assigned person; ``profile`` : one row per arm; ``quality`` : plain numbers;
        ``notes``.
    plan : as written before the start.
    until : last day that counts; ``look`` : planned looks done; ``alpha`` : level of this look.
    ratio, balance, reached : the checks.
    conversions, revenue : the comparisons; None when there is too little data, or the arms are not as
        planned.
    variants, segments : the same by variant and by segment (Holm-corrected).
    cumulative, evolution : how it built up, and the months around it.
    criteria, judgement, money, proposals : the verdict.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, float]
    notes: tuple[str, ...]
    plan: dict[str, Any]
    until: date
    look: int
    alpha: float
    ratio: SampleRatio
    balance: pd.DataFrame
    reached: dict[str, float]
    conversions: Difference | None
    revenue: Shift | None
    variants: pd.DataFrame
    segments: pd.DataFrame
    cumulative: pd.DataFrame
    evolution: pd.DataFrame
    criteria: pd.DataFrame
    judgement: Judgement
    money: Money
    proposals: tuple[Proposal, ...]


def evaluate(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    context: RunContext,
    plan: Mapping[str, Any] | None = None,
) -> Result | Refusal:
    """Judge a pilot, or say what is missing to judge it.

    Parameters
    ----------
    tables : ``assignment`` as written; ``outcomes`` (or ``orders``); where known ``exposures`` and
        ``orders``.
    settings : section ``evaluation`` of client.yml.
    context : the round's date and seed.
    plan : the plan as written with the assignment (``Plan.to_json``).
    """
    gate = may_we(tables, settings, context, plan)
    if gate.closed:
        return Refusal(heading_of(tables, settings, context, plan), gate)
    written = with_dates(plan)
    standing = standing_of(written, context.as_of)
    events = _up_to(outcomes_of(tables, settings, written), context.as_of)
    people = _people(tables, events, written, standing.until, settings)
    months = _months(tables, people, events, written, settings, context.as_of)
    return _judged(people, events, months, written, standing, settings, context)


def _up_to(events: pd.DataFrame, as_of: date) -> pd.DataFrame:
    return events[events["when"] <= pd.Timestamp(as_of)]


def _people(tables, events: pd.DataFrame, plan: dict[str, Any], until: date, settings: Settings) -> pd.DataFrame:
    """Return the people of this pilot with what came of it and who objects now."""
    assignment = tables["assignment"]
    if "pilot_id" in assignment:
        assignment = assignment[assignment["pilot_id"] == plan["pilot_id"]]
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


def _months(tables, people, events, plan: dict[str, Any], settings: Settings, as_of: date) -> pd.DataFrame:
    """Return the months around the pilot, from the orders where there are any."""
    orders = tables.get("orders")
    # Orders reach back to before the pilot; outcomes seldom do.
    longer = events if orders is None else events_of(orders, "order_date", "order_amount")
    return evolution(people, _up_to(longer, as_of), plan["start_date"], plan["stop_date"], as_of, months=settings.months_around)


def _judged(people, events, months, plan: dict[str, Any], standing: Standing, settings: Settings, context: RunContext) -> Result:
    """Read the arms at this look, and judge what was read."""
    ratio = sample_ratio(people["treatment"].value_counts().to_dict(), shares(plan, people), stop=settings.ratio_stop)
    found = read(people, standing.alpha, settings, context.seed) if ratio.holds and standing.done else unread()
    money = money_of(found.revenue, plan, int(people["treated"].sum()))
    reached = reach(people)
    criteria = check_criteria(plan, figures_of(people, found, money, reached))
    main = found.revenue if plan.get("main_metric") == "revenue" else found.conversions
    judgement = judge(
        main,
        plan,
        criteria,
        ratio_holds=ratio.holds,
        looks_done=standing.done,
        next_look=standing.next_look,
        worthwhile=worthwhile(plan, money),
        people_needed=needed(people, plan),
    )
    last = min(context.as_of, plan["stop_date"])
    return Result(
        table=people,
        profile=profile(people),
        quality={
            "variance_left": found.variance_left,
            "p_ratio": ratio.p_value,
            "look": standing.done,
            "alpha": standing.alpha,
        },
        notes=(),
        plan=plan,
        until=standing.until,
        look=standing.done,
        alpha=standing.alpha,
        ratio=ratio,
        balance=balance(_known_before(people), limit=settings.imbalance),
        reached=reached,
        conversions=found.conversions,
        revenue=found.revenue,
        variants=found.variants,
        segments=found.segments,
        cumulative=cumulative(people, events, plan["start_date"], last, levels(plan)),
        evolution=months,
        criteria=criteria,
        judgement=judgement,
        money=money,
        proposals=proposals(judgement, found.segments, main.difference if main else float("nan")),
    )


def _known_before(people: pd.DataFrame) -> pd.DataFrame:
    """Return the people without the spend before the start, where it is not known of anybody."""
    return people.drop(columns=["before_revenue"]) if people["before_revenue"].isna().all() else people
