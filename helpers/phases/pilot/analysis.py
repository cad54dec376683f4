"""The pilot as a whole: who is in it, who is left out by chance, and the plan that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _
from helpers.phases.pilot.assignment import HOLDOUT, assign, pilot_id, strata, stratum_cuts
from helpers.phases.pilot.eligibility import eligible
from helpers.phases.pilot.gate import enough_people
from helpers.phases.pilot.pace import PaceOf, pace_of
from helpers.phases.pilot.plan import Plan, going_on, plan_of
from helpers.phases.pilot.settings import Settings

READS = ("customer_table", "orders", "groups", "campaigns", "choice", "assignment", "plan", "persons")


@dataclass(frozen=True)
class Result:
    """A planned pilot.

    Parameters
    ----------
    plan : what is decided.
    funnel : who is lost at each step (step, people, lost).
    assignment : who is treated (see ``assignment.COLUMNS``, plus group_name and before_* where known).
    curve : smallest rise by length of the pilot.
    people : the eligible people as of this round.
    recipients : who at each of them may be written to, for the lists; the same rows where no persons are known.
    """

    plan: Plan
    funnel: pd.DataFrame
    assignment: pd.DataFrame
    curve: pd.DataFrame
    people: pd.DataFrame
    recipients: pd.DataFrame

    @property
    def persons(self) -> int | None:
        """How many persons at the treated firms may be written to; None where no persons are known."""
        treated = self.assignment.loc[self.assignment["treatment"] != HOLDOUT, "customer_id"]
        written_to = self.recipients[self.recipients["customer_id"].isin(treated)]
        return int(written_to["person_id"].notna().sum()) if "person_id" in written_to else None


def make(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    context: RunContext,
    choice: Mapping[str, Any] | None = None,
    written: Mapping[str, Any] | None = None,
) -> Result | Refusal:
    """Plan the pilot, or say why it cannot be planned.

    Parameters
    ----------
    tables : ``customer_table``; where known ``groups``, ``orders`` (for the pace of a group that orders chose), ``campaigns``,
        ``persons``, and ``assignment`` as written earlier for the same pilot: its people keep their place.
    settings : section ``pilot`` of client.yml.
    context : the round's date and seed.
    choice : the chosen opportunity (id, title, kind, …), or None.
    written : the plan as an earlier round wrote it for the same pilot, or None: its days and borders of strata stay.
    """
    known = {name: tables.get(name) for name in ("groups", "campaigns", "persons")}
    people, funnel, written_to = eligible(tables["customer_table"], settings, context.as_of, **known)
    gate = enough_people(funnel)
    if gate.closed:
        return Refusal(_("No pilot can start: too few people may be written to"), gate)
    people = with_segment(people, tables.get("movement"))
    # A pilot that was written in an earlier round goes on under its own id.
    pilot = _running_pilot(tables.get("assignment")) or pilot_id(settings.name, context.as_of)
    # Written into the plan: who comes later is sorted by the same borders.
    cuts = written["strata_cuts"] if written else stratum_cuts(people, settings.strata)
    people = people.assign(stratum=strata(people, settings.strata, cuts))
    drawn = assign(
        people,
        pilot,
        seed=context.seed,
        holdout_share=settings.holdout_share,
        variants=settings.variants,
        assigned_on=context.as_of,
        earlier=tables.get("assignment"),
    )
    added = [name for name in people if name not in written_to]
    written_to = written_to.merge(people[["customer_id", *added]], on="customer_id") if "person_id" in written_to else people
    plan, curve = plan_of(pilot, people, drawn, _pace(people, tables, settings, context), cuts, settings, context, choice or {}, written_to)
    if written:
        plan = going_on(plan, written)
    return Result(plan, funnel, with_baseline(drawn, people), curve, people, written_to)


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


def with_segment(people: pd.DataFrame, movement: pd.DataFrame | None) -> pd.DataFrame:
    """Return people with the segment they stand in, where the chapter on value and movement gave one."""
    if movement is None:
        return people
    segment = movement.set_index("customer_id")["segment_now"]
    return people.assign(segment=people["customer_id"].map(segment))


def _pace(people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> PaceOf:
    """Return how many of these people convert anyway; the group is looked for among all who may be written to."""
    known = {name: tables.get(name) for name in ("groups", "persons")}
    everyone = eligible(tables["customer_table"], settings.model_copy(update={"groups": ()}), context.as_of, **known)[0]
    return pace_of(people, everyone, tables.get("orders"), settings, context.as_of, context.seed)


def _running_pilot(earlier: pd.DataFrame | None) -> str:
    """Return the id of a pilot that goes on; empty for a new one."""
    return "" if earlier is None or earlier.empty else str(earlier["pilot_id"].iloc[0])


def with_baseline(drawn: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return the assignment with what was known of each person before the start, for the balance check later."""
    facts = [name for name in ("monetary", "frequency", "recency_days", "tenure_days") if name in people]
    names = [name for name in ("group", "group_name", "segment", "customer_code", "objecting_persons") if name in people]
    before = people[["customer_id", *names, *facts]].rename(columns={name: f"before_{name}" for name in facts})
    return drawn.merge(before, on="customer_id", how="left", validate="one_to_one")
