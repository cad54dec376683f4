"""The plan of a pilot: written once, with an id, before anything is sent; and the lists that follow from
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from helpers.pilot.assignment import HOLDOUT, assign, pilot_id, strata, stratum_cuts
from helpers.pilot.eligibility import eligible
from helpers.pilot.lists import channel_of
from helpers.pilot.power import (
    days_needed,
    duration_curve,
    pace,
    people_needed,
    smallest_difference,
    smallest_rise,
)
from helpers.pilot.settings import Settings
from helpers.results import Gate, Moment, Refusal, Verdict
from helpers.sequential import level_of_look
from helpers.wording import _, number

READS = ("customer_table", "groups", "campaigns", "choice", "assignment", "plan")
LEAST_PEOPLE = 20


@dataclass(frozen=True)
class Plan:
    """What is decided before the start; ``to_json`` is what phase 6 of a later round reads.

    Shares and rates run from 0 to 1; money in the client's currency; dates are days.
    ``smallest_rise`` is relative (0.2 is 20 % more), ``smallest_uplift`` absolute (0.01 is one percentage
    point).
    ``break_even_uplift`` is the difference of rates at which the extra margin pays the cost.
    """

    pilot_id: str
    name: str
    as_of: date
    seed: int
    opportunity: str
    hypothesis: str
    message: str
    main_metric: str
    guard_metrics: tuple[str, ...]
    variants: tuple[str, ...]
    holdout_share: float
    strata: tuple[str, ...]
    strata_cuts: dict[str, list[float]]
    treated_people: int
    holdout_people: int
    start_date: date
    stop_date: date
    days: int
    look_dates: tuple[date, ...]
    alpha: float
    last_alpha: float
    power: float
    base_rate: float
    smallest_rise: float
    smallest_uplift: float
    smallest_revenue: float
    hoped_rise: float
    people_needed: int
    days_needed: int | None
    order_value: float
    margin_share: float
    contact_cost: float
    fixed_cost: float
    cost: float
    break_even_uplift: float
    criteria: tuple[dict[str, Any], ...]
    preconditions: tuple[str, ...]
    groups: tuple[str, ...]
    owner_marketing: str
    owner_it: str

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON values: dates as text, what cannot be known as null."""
        return {key: _plain(value) for key, value in asdict(self).items()}


@dataclass(frozen=True)
class Result:
    """A planned pilot.

    Parameters
    ----------
    plan : what is decided.
    funnel : who is lost at each step (step, people, lost).
    assignment : who is treated (see ``assignment.COLUMNS``, plus group_name and before_* where known).
    curve : smallest rise by length of the pilot.
    people : the eligible people as of this round, for the lists.
    """

    plan: Plan
    funnel: pd.DataFrame
    assignment: pd.DataFrame
    curve: pd.DataFrame
    people: pd.DataFrame


def make(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    moment: Moment,
    choice: Mapping[str, Any] | None = None,
) -> Result | Refusal:
    """Plan the pilot, or say why it cannot be planned.

    Parameters
    ----------
    tables : ``customer_table``; where known ``groups``, ``campaigns``, and ``assignment`` as written earlier
        for
        the same pilot: its people keep their place.
    settings : section ``pilot`` of client.yml.
    moment : the round's date and seed.
    choice : the chosen opportunity (id, title, kind, …), or None.
    """
    people, funnel = eligible(
        tables["customer_table"],
        settings,
        moment.as_of,
        groups=tables.get("groups"),
        campaigns=tables.get("campaigns"),
    )
    gate = may_we(funnel)
    if gate.closed:
        return Refusal(_("No pilot can start: too few people may be written to"), gate)
    people = with_segment(people, tables.get("movement"))
    pilot = _same_pilot(tables.get("assignment")) or pilot_id(settings.name, moment.as_of)
    cuts = stratum_cuts(people, settings.strata)
    people = people.assign(stratum=strata(people, settings.strata, cuts))
    drawn = assign(
        people,
        pilot,
        seed=moment.seed,
        holdout_share=settings.holdout_share,
        variants=settings.variants,
        assigned_on=moment.as_of,
        earlier=tables.get("assignment"),
    )
    plan, curve = _plan(pilot, people, drawn, cuts, settings, moment, choice or {})
    return Result(plan, funnel, with_baseline(drawn, people), curve, people)


def extend(assignment: pd.DataFrame, plan: Plan, people: pd.DataFrame, assigned_on: date) -> pd.DataFrame:
    """Return a written assignment with people who came later added to it; nobody who was in it moves.

    Parameters
    ----------
    assignment : as written.
    plan : the plan it belongs to; its frozen cuts decide the stratum of the new people.
    people : eligible people of today, with the columns the strata need.
    assigned_on : day of the addition.
    """
    people = people.assign(stratum=strata(people, plan.strata, plan.strata_cuts))
    return assign(
        people,
        plan.pilot_id,
        seed=plan.seed,
        holdout_share=plan.holdout_share,
        variants=plan.variants,
        assigned_on=assigned_on,
        earlier=assignment,
    )


def may_we(funnel: pd.DataFrame) -> Gate:
    """Return whether enough people may be written to for a comparison of two arms."""
    left = int(funnel["people"].iloc[-1])
    at_consent = funnel.set_index("step")["lost"].get("consent", 0)
    needs = _("{n} people who may be written to").format(n=number(LEAST_PEOPLE))
    has = _("{n} people who may be written to, of {all} known").format(
        n=number(left), all=number(funnel["people"].iloc[0])
    )
    if left >= LEAST_PEOPLE:
        return Gate(Verdict("go", _("can start")), needs, has, _("Enough people may be written to."))
    unlock = _("Consent of {n} people more; {lost} were lost for want of it").format(
        n=number(LEAST_PEOPLE - left), lost=number(at_consent)
    )
    return Gate(
        Verdict("not_yet", _("not yet")),
        needs,
        has,
        _("With fewer people no difference between the two groups could be seen."),
        unlock,
        _(
            "Ask for consent at the next contact, or declare the ground on which you write in "
            "pilot.consent_basis."
        ),
    )


def with_segment(people: pd.DataFrame, movement: pd.DataFrame | None) -> pd.DataFrame:
    """Return people with the segment they stand in, where the chapter on value and movement gave one."""
    if movement is None:
        return people
    segment = movement.set_index("customer_id")["segment_now"]
    return people.assign(segment=people["customer_id"].map(segment))


def _same_pilot(earlier: pd.DataFrame | None) -> str:
    """Return the id of a pilot that goes on; empty for a new one."""
    return "" if earlier is None or earlier.empty else str(earlier["pilot_id"].iloc[0])


def with_baseline(drawn: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return the assignment with what was known of each person before the start, for the balance check
    later."""
    known = [name for name in ("monetary", "frequency", "recency_days", "tenure_days") if name in people]
    names = [name for name in ("group", "group_name", "segment", "customer_code") if name in people]
    facts = people[["customer_id", *names, *known]].rename(columns={name: f"before_{name}" for name in known})
    return drawn.merge(facts, on="customer_id", how="left", validate="one_to_one")


def _plan(
    pilot, people, drawn, cuts, settings: Settings, moment: Moment, choice
) -> tuple[Plan, pd.DataFrame]:
    held = int((drawn["treatment"] == HOLDOUT).sum())
    treated = len(drawn) - held
    last = level_of_look(settings.looks, settings.looks, settings.alpha)
    recency = people["recency_days"] if "recency_days" in people else pd.Series(np.nan, index=people.index)
    curve = duration_curve(
        recency,
        treated,
        held,
        most_days=settings.most_days,
        alpha=last,
        power=settings.power,
        base_rate=settings.base_rate,
    )
    wanted = days_needed(curve, settings.hoped_rise)
    days = settings.days or wanted or settings.most_days
    scaled = None if settings.base_rate is None else settings.base_rate * min(1, days / settings.most_days)
    rate = pace(recency, days) if scaled is None else scaled
    rise = smallest_rise(rate, treated, held, alpha=last, power=settings.power)
    value = _order_value(people)
    costs = _contact_costs(people, drawn, settings)
    start = moment.as_of + timedelta(days=settings.start_in_days)
    plan = Plan(
        pilot_id=pilot,
        name=settings.name,
        as_of=moment.as_of,
        seed=moment.seed,
        opportunity=str(choice.get("title", "")),
        hypothesis=settings.hypothesis,
        message=settings.message,
        main_metric=settings.main_metric,
        guard_metrics=settings.guard_metrics,
        variants=settings.variants,
        holdout_share=settings.holdout_share,
        strata=settings.strata,
        strata_cuts=cuts,
        treated_people=treated,
        holdout_people=held,
        start_date=start,
        stop_date=start + timedelta(days=days),
        days=days,
        look_dates=look_dates(start, days, settings.looks),
        alpha=settings.alpha,
        last_alpha=last,
        power=settings.power,
        base_rate=rate,
        smallest_rise=rise,
        smallest_uplift=rate * rise,
        smallest_revenue=_smallest_revenue(people, rate, value, treated, held, last, settings.power),
        hoped_rise=settings.hoped_rise,
        people_needed=people_needed(
            rate, settings.hoped_rise, holdout_share=settings.holdout_share, alpha=last, power=settings.power
        ),
        days_needed=wanted,
        order_value=value,
        margin_share=settings.margin_share,
        contact_cost=costs / treated if treated else 0.0,
        fixed_cost=settings.fixed_cost,
        cost=costs + settings.fixed_cost,
        break_even_uplift=break_even(costs + settings.fixed_cost, treated, value, settings.margin_share),
        criteria=tuple(one.model_dump() for one in settings.criteria),
        preconditions=settings.preconditions,
        groups=settings.groups,
        owner_marketing=settings.owner_marketing,
        owner_it=settings.owner_it,
    )
    return plan, curve


def look_dates(start: date, days: int, looks: int) -> tuple[date, ...]:
    """Return the days of the planned looks: equally spaced, the last one on the stop date."""
    return tuple(start + timedelta(days=round(days * look / looks)) for look in range(1, looks + 1))


def break_even(cost: float, treated: int, order_value: float, margin_share: float) -> float:
    """Return the difference of rates at which the extra margin pays the cost; NaN where no order value is
    known."""
    margin = treated * order_value * margin_share
    return float("nan") if not margin > 0 else cost / margin


def _order_value(people: pd.DataFrame) -> float:
    """Return the net spend per order of these people together; NaN where there were no orders."""
    if not {"monetary", "frequency"} <= set(people) or people["frequency"].sum() <= 0:
        return float("nan")
    return float(people["monetary"].sum() / people["frequency"].sum())


def _smallest_revenue(people, rate, value, treated, held, alpha, power) -> float:
    """Return the smallest difference in revenue per person; its spread is guessed from buyers' own order
    values."""
    if not rate > 0 or "monetary" not in people or not value > 0:
        return float("nan")
    own = (people["monetary"] / people["frequency"].where(people["frequency"] > 0)).dropna()
    spread = float(np.sqrt(rate * (own.var(ddof=0) + value**2) - (rate * value) ** 2))
    return smallest_difference(spread, treated, held, alpha=alpha, power=power)


def _contact_costs(people: pd.DataFrame, drawn: pd.DataFrame, settings: Settings) -> float:
    now = people[people["customer_id"].isin(drawn.loc[drawn["treatment"] != HOLDOUT, "customer_id"])]
    prices = {one.name: settings.contact_cost if one.cost is None else one.cost for one in settings.channels}
    return float(channel_of(now, settings.channels).map(prices).fillna(0).sum())


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value
