"""Worked, did not, or cannot be known yet; money with its interval; go or no-go; and what to change next round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.revenue import Shift
from helpers.statistics.intervals import critical_value
from helpers.statistics.power import people_for_rates
from helpers.statistics.sequential import estimate_after_stop

_NAN = float("nan")
# Level at which an effect in a segment is proven, after Holm's correction for all that were looked at (our convention).
SEGMENT_LEVEL = 0.05
Kind = Literal[
    "worked",
    "harmed",
    "not_enough",
    "failed",
    "unknown",
    "too_early",
    "too_little",
    "ratio",
    "drift",
    "attrition",
    "described",
    "arms_differ",
]
Decision = Literal["go", "no_go", "wait"]
# The kinds after which the figures are not read: the arms are not what they should be.
STOPPED: tuple[Kind, ...] = ("ratio", "drift", "attrition")
# The kinds that say something of the effect, and hold only where nobody was lost on the way back.
CLAIMS: tuple[Kind, ...] = ("worked", "harmed", "not_enough", "failed", "arms_differ")


@dataclass(frozen=True)
class Judgement:
    """The verdict on a pilot.

    Parameters
    ----------
    kind : "worked" (surely better), "harmed" (surely worse), "not_enough" (surely below what pays), "failed" (a criterion is surely
        not met), "unknown" (the interval holds both), "too_early" (no planned look yet), "too_little" (too few conversions);
        "ratio", "drift", "attrition" (the arms are not of the planned sizes, their split changed over time, people were lost, more
        of them in one arm); "described" (no plan was written down before the start); "arms_differ" (some of several arms worked or
        did harm, and others did not).
    decision : "go", "no_go" or "wait", from the criteria set before the start.
    people_needed : people, both arms together, needed to know (0 where it cannot be said).
    next_look : day of the next planned look; None when all are past.
    ruled_out : whether the rise hoped for lies outside the interval, so that more people would not find it.
    losses_unchecked : whether nothing could show that people were lost on the way back, so that nothing is decided.
    """

    kind: Kind
    decision: Decision
    people_needed: int = 0
    next_look: date | None = None
    ruled_out: bool = False
    losses_unchecked: bool = False


@dataclass(frozen=True)
class Money:
    """Extra margin of the treated people less the cost, over the pilot, with its interval; NaN where not known."""

    net: float
    low: float
    high: float
    cost: float
    treated_people: int


@dataclass(frozen=True)
class Proposal:
    """Something to put into the next round's goals.

    Parameters
    ----------
    change : "scale_up", "stop", "repeat_larger", "repeat_longer", "try_other_message", "repair_draw", "one_split", "find_out",
        "plan_first", "only_segment", "begin_with", "check_losses".
    segment : the segment it is about; empty for all.
    people : people it is about or needs; 0 where that says nothing.
    arm : the one of several arms that it is about; empty for all.
    points, points_elsewhere : percentage points more that convert in the segment, drawn towards the mean of all segments by how
        little it rests on, and in the other segments; NaN where it is about no segment.
    """

    change: str
    segment: str = ""
    people: int = 0
    arm: str = ""
    points: float = _NAN
    points_elsewhere: float = _NAN


def money_of(shift: Shift | None, plan: Mapping[str, Any], treated_people: int) -> Money:
    """Return what the treated people brought more, less what it cost.

    Parameters
    ----------
    shift : difference in revenue per person; None when it could not be read.
    plan : ``margin_share``, ``contact_cost`` (per treated person; NaN where nobody said what it cost) and ``fixed_cost``.
    """
    cost = float(plan.get("contact_cost") or 0) * treated_people + float(plan.get("fixed_cost") or 0)
    if shift is None:
        return Money(_NAN, _NAN, _NAN, cost, treated_people)
    # Without a margin in the plan revenue itself is counted.
    margin = treated_people * float(plan.get("margin_share") or 1)
    net, low, high = (margin * difference - cost for difference in (shift.difference, shift.low, shift.high))
    return Money(net, low, high, cost, treated_people)


def judge(
    comparison: Difference | Shift | None,
    criteria: pd.DataFrame,
    *,
    kept: Kind | None = None,
    looks_done: int,
    next_look: date | None,
    worthwhile: float,
    people_needed: int,
    hoped: float = _NAN,
) -> Judgement:
    """Return the verdict.

    Parameters
    ----------
    comparison : of the main metric; None when there is too little data for it.
    criteria : from ``check_criteria``.
    kept : kind of verdict that is given whatever the figures are: "ratio" or "drift", where the arms are not as planned, or
        "described", where no plan was written down before the start and there is no claim to test.
    worthwhile : smallest effect that pays (same unit as ``comparison``); NaN where it is not known, then 0.
    people_needed : what it would take to know.
    hoped : the effect hoped for (same unit as ``comparison``); NaN where it is not known.
    """
    if kept in STOPPED:
        return Judgement(kept, "wait", people_needed, next_look)
    if looks_done == 0:
        return Judgement("too_early", "wait", people_needed, next_look)
    if comparison is None:
        return Judgement("too_little", "wait", people_needed, next_look)
    if kept:
        return Judgement(kept, "wait", people_needed, next_look)
    kind, last = _kind(comparison, worthwhile), next_look is None
    # A criterion fails a pilot when its whole interval does, at the last look; an estimate alone may be chance, and may still turn.
    failed = last and bool(criteria["ruled_out"].any())
    if failed and kind == "unknown":
        kind = "not_enough" if criteria.loc[criteria["ruled_out"], "measure"].eq("net_money").any() else "failed"
    decision: Decision = "wait"
    if failed or kind in ("harmed", "not_enough"):
        decision = "no_go"
    elif kind == "worked" and set(criteria["answer"]) <= {"met"}:
        decision = "go"
    ruled_out = kind == "unknown" and bool(comparison.high < hoped)
    return Judgement(kind, decision, 0 if ruled_out else people_needed, next_look, ruled_out)


def without_check(judgement: Judgement) -> Judgement:
    """Return the verdict of which nobody knows whether people were lost on the way back: as read, and nothing is decided."""
    if judgement.kind in STOPPED or judgement.kind in ("too_early", "too_little"):
        return judgement
    return replace(judgement, decision="wait", losses_unchecked=True)


def put_right(comparison: Difference | Shift | None, kind: Kind, plan: Mapping[str, Any], looks_done: int, level: float) -> float:
    """Return the effect of a pilot that stopped before its last look, without what is too large only because it stopped.

    Parameters
    ----------
    comparison : of the main metric; kind : of the verdict on it.
    plan : its look_dates and alpha; looks_done : at which look it stopped; level : at which that look was read.

    Returns
    -------
    In the unit of the comparison; NaN where nothing stopped early.
    """
    looks = len(plan["look_dates"])
    if comparison is None or kind not in ("worked", "harmed") or looks_done >= looks:
        return _NAN
    error = (comparison.high - comparison.low) / 2 / critical_value(level)
    if not 0 < error < float("inf"):
        return _NAN
    z = comparison.difference / error
    return comparison.difference * estimate_after_stop(z, looks_done, looks, float(plan.get("alpha") or 0.05)) / z


def _kind(comparison: Difference | Shift, worthwhile: float) -> Kind:
    if comparison.low > 0:
        return "worked"
    if comparison.high < 0:
        return "harmed"
    return "not_enough" if worthwhile > 0 and comparison.high < worthwhile else "unknown"


def people_to_know(rate: float, uplift: float, holdout_share: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return how many people, both arms together, it takes to see a difference of rates; 0 where it cannot be said."""
    raised = rate + uplift
    if not (0 < rate < 1 and 0 < raised < 1) or uplift == 0:
        return 0
    return people_for_rates(raised, rate, holdout_share=holdout_share, alpha=alpha, power=power)


def proposals(judgement: Judgement, segments: pd.DataFrame, by_arm: Mapping[str, Judgement] | None = None) -> tuple[Proposal, ...]:
    """Return what to put into the next round's goals; where several arms differ, arm by arm."""
    if judgement.losses_unchecked:
        return (Proposal("check_losses") if judgement.kind in CLAIMS else _main_proposal(judgement),)
    if judgement.kind == "arms_differ" and by_arm:
        return tuple(replace(_main_proposal(of_arm), arm=arm) for arm, of_arm in by_arm.items())
    main = _main_proposal(judgement)
    if len(segments) < 2 or judgement.kind not in ("unknown", "not_enough", "worked", "harmed"):
        return (main,)
    # An effect of its own must be proven, and that it is another than elsewhere: the first alone tells no segment from the others.
    proven = segments[(segments[["p_holm", "p_apart"]] <= SEGMENT_LEVEL).all(axis=1) & segments["readable"].astype(bool)]
    better = proven[(proven["difference"] > 0) & (proven["difference"] > proven["elsewhere"])]
    worse = proven[(proven["difference"] < 0) & (proven["difference"] < proven["elsewhere"])]
    change = "begin_with" if judgement.kind == "worked" else "only_segment"
    stopped = worse if judgement.kind != "harmed" else worse.iloc[:0]
    first = _segment_proposals(change, better.sort_values("shrunken", ascending=False))
    # Where it is proven to do more in some segments, it is not sent to everyone: what it does elsewhere is another question.
    return (*([] if first and main.change == "scale_up" else [main]), *first, *_segment_proposals("stop", stopped))


def _segment_proposals(change: str, segments: pd.DataFrame) -> list[Proposal]:
    rows = segments[["segment", "people", "shrunken", "elsewhere"]].itertuples(index=False)
    return [Proposal(change, row.segment, int(row.people), points=100 * row.shrunken, points_elsewhere=100 * row.elsewhere) for row in rows]


def _main_proposal(judgement: Judgement) -> Proposal:
    if judgement.decision == "go":
        return Proposal("scale_up")
    if judgement.next_look and judgement.kind in ("worked", "unknown", "failed", "too_little", "too_early"):
        return Proposal("repeat_longer")
    change = {
        "harmed": "stop",
        "not_enough": "try_other_message",
        "failed": "try_other_message",
        "worked": "try_other_message" if judgement.decision == "no_go" else "find_out",
        "unknown": "try_other_message" if judgement.ruled_out else "repeat_larger",
        "drift": "one_split",
        "described": "plan_first",
    }.get(judgement.kind, "repair_draw" if judgement.kind in STOPPED else "repeat_larger")
    return Proposal(change, people=judgement.people_needed)
