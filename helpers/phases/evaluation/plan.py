"""The plan of a pilot, or of a test made elsewhere, and what follows from it on the day a round looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.core.wording import _
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.verdict import Money, people_to_know
from helpers.statistics.sequential import level_of_look, looks_done


@dataclass(frozen=True)
class Progress:
    """How far a pilot was when a round looked at it.

    Parameters
    ----------
    looks_done : planned looks that lie behind; next_look : day of the next one, None when all are past.
    until : last day that counts; alpha : level at which this look is read.
    """

    looks_done: int
    next_look: date | None
    until: date
    alpha: float


def called(plan: Mapping[str, Any], arm: str = "") -> str:
    """Return what a pilot or test is called: its name in client.yml, else its id; with an arm, that arm of it."""
    if arm:
        return _("{arm} against {control}").format(arm=arm_name(arm, plan), control=arm_name(HOLDOUT, plan))
    return str(plan.get("name") or plan["pilot_id"])


def arm_name(arm: str, plan: Mapping[str, Any]) -> str:
    """Return the words for an arm."""
    return {HOLDOUT: plan.get("control") or _("left out"), "treated": _("treated")}.get(arm, arm)


def as_date(value: Any) -> date:
    """Return a day, given as date, time or text."""
    return pd.Timestamp(value).date()


def with_dates(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan with days for its texts; without planned looks, the stop date is the only one."""
    written = dict(plan)
    for key in ("start_date", "stop_date"):
        written[key] = as_date(written[key])
    looks = written.get("look_dates") or [written["stop_date"]]
    written["look_dates"] = sorted(as_date(look) for look in looks)
    return written


def progress_of(plan: Mapping[str, Any], as_of: date) -> Progress:
    """Return how far the pilot is on a day.

    Parameters
    ----------
    plan : from ``with_dates``; as_of : the round's date.

    Notes
    -----
    Between two looks the data of the last look count, so that an extra look cannot creep in.
    """
    dates = plan["look_dates"]
    done = looks_done(dates, as_of)
    return Progress(
        looks_done=done,
        next_look=dates[done] if done < len(dates) else None,
        until=dates[done - 1] if done else min(as_of, plan["stop_date"]),
        alpha=_level(plan, max(done, 1)),
    )


def levels_of_looks(plan: Mapping[str, Any]) -> dict[date, float]:
    """Return the day of each planned look with the level at which it is read."""
    return {day: _level(plan, look) for look, day in enumerate(plan["look_dates"], start=1)}


def _level(plan: Mapping[str, Any], look: int) -> float:
    return level_of_look(look, len(plan["look_dates"]), float(plan.get("alpha") or 0.05))


def planned_shares(plan: Mapping[str, Any], people: pd.DataFrame) -> dict[str, float]:
    """Return the planned share per arm: from ``shares`` where the plan has them, else the holdout's and the rest."""
    if plan.get("shares"):
        return dict(plan["shares"])
    variants = list(plan.get("variants") or sorted(set(people["treatment"]) - {HOLDOUT}))
    holdout = float(plan["holdout_share"])
    return {HOLDOUT: holdout, **{variant: (1 - holdout) / len(variants) for variant in variants}}


def worthwhile_effect(plan: Mapping[str, Any], money: Money) -> float:
    """Return the smallest effect that pays, in the unit of the main metric."""
    if plan.get("main_metric") == "revenue":
        margin = money.treated_people * float(plan.get("margin_share") or 1)
        return money.cost / margin if margin else float("nan")
    break_even = plan.get("break_even_uplift")
    return float("nan") if break_even is None else float(break_even)


def hoped_effect(people: pd.DataFrame, plan: Mapping[str, Any]) -> float:
    """Return the effect hoped for, in the unit of the main metric: the rise hoped for, on what the holdout group did; NaN without one."""
    column = "revenue" if plan.get("main_metric") == "revenue" else "converted"
    return float(plan.get("hoped_rise") or "nan") * float(people.loc[~people["treated"], column].mean())


def people_needed(people: pd.DataFrame, plan: Mapping[str, Any]) -> int:
    """Return the people needed to see the rise hoped for, at the holdout group's rate; 0 where they are there, or none was hoped for."""
    if not plan.get("hoped_rise"):
        return 0
    # Where nobody in the holdout group converted, the rate that was expected before the start is the better guess.
    rate = float(people.loc[~people["treated"], "converted"].mean()) or float(plan.get("base_rate") or 0)
    rise = float(plan["hoped_rise"])
    needed = people_to_know(
        rate, rate * rise, float(plan["holdout_share"]), alpha=float(plan.get("last_alpha") or 0.05), power=float(plan.get("power") or 0.8)
    )
    return needed if needed > len(people) else 0
