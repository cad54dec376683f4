"""Phase 6 as a whole: from an assignment and what came of it to a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.evaluation.balance import balance, reach
from helpers.evaluation.conversions import Difference, wilson
from helpers.evaluation.course import cumulative, evolution
from helpers.evaluation.gate import as_date, heading_of, may_we
from helpers.evaluation.people import HOLDOUT, events_of, outcomes_of, people_of
from helpers.evaluation.readings import by_none, by_segment, by_variant, profile, segment_of
from helpers.evaluation.readings import conversions as read_conversions
from helpers.evaluation.readings import revenue as read_revenue
from helpers.evaluation.revenue import Shift
from helpers.evaluation.sample_ratio import SampleRatio, sample_ratio
from helpers.evaluation.settings import Settings
from helpers.evaluation.verdict import (
    Judgement,
    Money,
    Proposal,
    check_criteria,
    judge,
    money_of,
    people_to_know,
    proposals,
)
from helpers.privacy import has_opted_out
from helpers.results import Moment, Refusal
from helpers.sequential import level_of_look, looks_done

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
    moment: Moment,
    plan: Mapping[str, Any] | None = None,
) -> Result | Refusal:
    """Judge a pilot, or say what is missing to judge it.

    Parameters
    ----------
    tables : ``assignment`` as written; ``outcomes`` (or ``orders``); where known ``exposures`` and
        ``orders``.
    settings : section ``evaluation`` of client.yml.
    moment : the round's date and seed.
    plan : the plan as written with the assignment (``Plan.to_json``).
    """
    gate = may_we(tables, settings, moment, plan)
    if gate.closed:
        return Refusal(heading_of(tables, settings, moment, plan), gate)
    written = _with_dates(plan)
    assignment = tables["assignment"]
    if "pilot_id" in assignment:
        assignment = assignment[assignment["pilot_id"] == written["pilot_id"]]
    events = outcomes_of(tables, settings, written)
    events = events[events["when"] <= pd.Timestamp(moment.as_of)]
    dates, looks = written["look_dates"], len(written["look_dates"])
    done = looks_done(dates, moment.as_of)
    # Between two looks the data of the last look count, so that an extra look cannot creep in.
    until = dates[done - 1] if done else min(moment.as_of, written["stop_date"])
    alpha = level_of_look(max(done, 1), looks, float(written.get("alpha") or 0.05))
    people = people_of(
        assignment,
        events,
        written["start_date"],
        until,
        exposures=tables.get("exposures"),
        orders=tables.get("orders"),
        pre_period_days=settings.pre_period_days if settings.use_pre_period else 0,
    )
    people = _with_opt_outs(people, tables.get("customer_table"))
    orders = tables.get("orders")
    # Orders reach back to before the pilot; outcomes seldom do.
    longer = events if orders is None else events_of(orders, "order_date", "order_amount")
    longer = longer[longer["when"] <= pd.Timestamp(moment.as_of)]
    months = evolution(
        people,
        longer,
        written["start_date"],
        written["stop_date"],
        moment.as_of,
        months=settings.months_around,
    )
    return _read(people, events, written, settings, moment, done, until, alpha, months)


def _read(
    people,
    events,
    plan,
    settings: Settings,
    moment: Moment,
    done: int,
    until: date,
    alpha: float,
    months: pd.DataFrame,
) -> Result:
    ratio = sample_ratio(
        people["treatment"].value_counts().to_dict(), _shares(plan, people), stop=settings.ratio_stop
    )
    reading = ratio.holds and done > 0
    conversions = read_conversions(people, alpha, settings) if reading else None
    revenue, left = read_revenue(people, alpha, settings, moment.seed) if reading else (None, float("nan"))
    money = money_of(revenue, plan, int(people["treated"].sum()))
    reached = reach(people)
    main = revenue if plan.get("main_metric") == "revenue" else conversions
    criteria = check_criteria(plan, _figures(people, conversions, revenue, money, reached))
    next_look = plan["look_dates"][done] if done < len(plan["look_dates"]) else None
    needed = _needed(people, plan)
    judgement = judge(
        main,
        plan,
        criteria,
        ratio_holds=ratio.holds,
        looks_done=done,
        next_look=next_look,
        worthwhile=_worthwhile(plan, money),
        people_needed=needed,
    )
    segments = (
        by_segment(people, segment_of(people, settings.segments), alpha, settings) if reading else by_none()
    )
    several = people.loc[people["treated"], "treatment"].nunique() > 1
    variants = by_variant(people, alpha, settings) if reading and several else by_none()
    levels = {
        one: level_of_look(place, len(plan["look_dates"]), float(plan.get("alpha") or 0.05))
        for place, one in enumerate(plan["look_dates"], start=1)
    }
    last = min(moment.as_of, plan["stop_date"])
    uplift = main.difference if main else float("nan")
    return Result(
        table=people,
        profile=profile(people),
        quality={"variance_left": left, "p_ratio": ratio.p_value, "look": done, "alpha": alpha},
        notes=(),
        plan=plan,
        until=until,
        look=done,
        alpha=alpha,
        ratio=ratio,
        balance=balance(
            people.drop(columns=["before_revenue"]) if people["before_revenue"].isna().all() else people,
            limit=settings.imbalance,
        ),
        reached=reached,
        conversions=conversions,
        revenue=revenue,
        variants=variants,
        segments=segments,
        cumulative=cumulative(people, events, plan["start_date"], last, levels),
        evolution=months,
        criteria=criteria,
        judgement=judgement,
        money=money,
        proposals=proposals(judgement, segments, uplift),
    )


def _with_dates(plan: Mapping[str, Any]) -> dict[str, Any]:
    written = dict(plan)
    for key in ("start_date", "stop_date"):
        written[key] = as_date(written[key])
    given = written.get("look_dates") or [written["stop_date"]]
    written["look_dates"] = sorted(as_date(one) for one in given)
    return written


def _shares(plan: Mapping[str, Any], people: pd.DataFrame) -> dict[str, float]:
    """Return the planned share per arm: from ``shares`` where the plan has them, else the holdout's and the
    rest."""
    if plan.get("shares"):
        return dict(plan["shares"])
    variants = list(plan.get("variants") or sorted(set(people["treatment"]) - {HOLDOUT}))
    held = float(plan["holdout_share"])
    return {HOLDOUT: held, **{name: (1 - held) / len(variants) for name in variants}}


def _worthwhile(plan: Mapping[str, Any], money: Money) -> float:
    """Return the smallest effect that pays, in the unit of the main metric."""
    if plan.get("main_metric") == "revenue":
        margin = money.treated_people * float(plan.get("margin_share") or 1)
        return money.cost / margin if margin else float("nan")
    known = plan.get("break_even_uplift")
    return float("nan") if known is None else float(known)


def _needed(people: pd.DataFrame, plan: Mapping[str, Any]) -> int:
    """Return the people needed to see the rise hoped for, at the rate the holdout group really had."""
    rate = float(people.loc[~people["treated"], "converted"].mean()) or float(plan.get("base_rate") or 0)
    rise = float(plan.get("hoped_rise") or 0.2)
    return people_to_know(
        rate,
        rate * rise,
        float(plan["holdout_share"]),
        alpha=float(plan.get("last_alpha") or 0.05),
        power=float(plan.get("power") or 0.8),
    )


def _figures(people, conversions, revenue, money: Money, reached) -> dict[str, tuple[float, float, float]]:
    nan = float("nan")
    return {
        "conversion_uplift": (conversions.difference, conversions.low, conversions.high)
        if conversions
        else (nan,) * 3,
        "revenue_per_person": (revenue.difference, revenue.low, revenue.high) if revenue else (nan,) * 3,
        "net_money": (money.net, money.low, money.high),
        "reached_share": (reached["treated_reached"],) * 3,
        "opt_out_rate": _opt_outs(people),
    }


def _with_opt_outs(people: pd.DataFrame, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Add who objects now; everyone in the assignment did not object when it was made."""
    if customers is None or "opted_out" not in customers:
        return people
    out = customers.loc[has_opted_out(customers), "customer_id"]
    return people.assign(opted_out_now=people["customer_id"].isin(out))


def _opt_outs(people: pd.DataFrame) -> tuple[float, float, float]:
    """Return the share of the treated who objected since the assignment; NaN where objections are not
    known."""
    if "opted_out_now" not in people:
        return (float("nan"),) * 3
    mine = people.loc[people["treated"], "opted_out_now"]
    low, high = wilson(int(mine.sum()), len(mine))
    return float(mine.mean()), float(low), float(high)
