"""The plan of a pilot, written once, with an id, before anything is sent: what was declared, how large, at what cost."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.pilot.cost import Cost, cost_of
from helpers.phases.pilot.pace import PaceOf
from helpers.phases.pilot.settings import Settings
from helpers.phases.pilot.size import Size, size_of

# What the client declared stands in the plan as it was declared.
DECLARED = (
    "name",
    "hypothesis",
    "message",
    "consent_note",
    "main_metric",
    "guard_metrics",
    "variants",
    "holdout_share",
    "strata",
    "alpha",
    "power",
    "hoped_rise",
    "margin_share",
    "fixed_cost",
    "preconditions",
    "groups",
    "owner_marketing",
    "owner_it",
)


@dataclass(frozen=True)
class Plan(Size, Cost):
    """What is decided before the start, with its size and its cost; ``to_json`` is what phase 6 of a later round reads.

    Shares and rates run from 0 to 1; money in the client's currency; dates are days.
    """

    pilot_id: str
    name: str
    as_of: date
    seed: int
    opportunity: str
    hypothesis: str
    message: str
    consent_note: str
    main_metric: str
    guard_metrics: tuple[str, ...]
    variants: tuple[str, ...]
    holdout_share: float
    strata: tuple[str, ...]
    strata_cuts: dict[str, list[float]]
    start_date: date
    stop_date: date
    look_dates: tuple[date, ...]
    alpha: float
    power: float
    hoped_rise: float
    margin_share: float
    fixed_cost: float
    criteria: tuple[dict[str, Any], ...]
    preconditions: tuple[str, ...]
    groups: tuple[str, ...]
    owner_marketing: str
    owner_it: str

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON values: dates as text, what cannot be known as null."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def plan_of(
    pilot: str,
    people: pd.DataFrame,
    drawn: pd.DataFrame,
    pace: PaceOf,
    cuts: dict[str, list[float]],
    settings: Settings,
    context: RunContext,
    choice: Mapping[str, Any],
    written_to: pd.DataFrame | None = None,
) -> tuple[Plan, pd.DataFrame]:
    """Return the plan of a pilot whose people were drawn, and the curve of smallest rise by length.

    Parameters
    ----------
    pilot : its id.
    people : the eligible people; drawn : their assignment; cuts : the borders of the strata.
    pace : how many convert anyway, by length (``pace.pace_of``).
    settings : section ``pilot`` of client.yml.
    context : the round's date and seed.
    choice : the chosen opportunity (title …); empty where none was chosen.
    written_to : who at these people may be written to, for what a contact costs; None for the people themselves.
    """
    size, curve = size_of(pace, drawn, settings)
    cost = cost_of(people, drawn, size, settings, written_to)
    start = context.as_of + timedelta(days=settings.start_in_days)
    plan = Plan(
        pilot_id=pilot,
        as_of=context.as_of,
        seed=context.seed,
        opportunity=str(choice.get("title", "")),
        strata_cuts=cuts,
        start_date=start,
        stop_date=start + timedelta(days=size.days),
        look_dates=look_dates(start, size.days, settings.looks),
        criteria=tuple(criterion.model_dump() for criterion in settings.criteria),
        **{name: getattr(settings, name) for name in DECLARED},
        **asdict(size),
        **asdict(cost),
    )
    return plan, curve


def going_on(plan: Plan, written: Mapping[str, Any]) -> Plan:
    """Return a plan with the days that an earlier round wrote for it: a pilot that goes on does not begin anew.

    Parameters
    ----------
    plan : as made today; written : the earlier plan, as ``to_json`` gave it.
    """
    start, stop = (date.fromisoformat(written[name]) for name in ("start_date", "stop_date"))
    return replace(plan, start_date=start, stop_date=stop, look_dates=tuple(map(date.fromisoformat, written["look_dates"])))


def look_dates(start: date, days: int, looks: int) -> tuple[date, ...]:
    """Return the days of the planned looks: equally spaced, the last one on the stop date."""
    return tuple(start + timedelta(days=round(days * look / looks)) for look in range(1, looks + 1))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        # JSON has no word for what is not known or has no end.
        return float(value) if np.isfinite(value) else None
    return value
