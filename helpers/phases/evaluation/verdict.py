"""Worked, did not, or cannot be known yet; money with its interval; go or no-go; and what to change next round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.revenue import Shift
from helpers.statistics.power import people_for_rates

_NAN = float("nan")
# Level at which an effect in a segment is proven, after Holm's correction for all that were looked at (our convention).
SEGMENT_LEVEL = 0.05
Kind = Literal["worked", "harmed", "not_enough", "unknown", "too_early", "too_little", "ratio", "drift", "described", "arms_differ"]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a pilot.

    Parameters
    ----------
    kind : "worked" (surely better), "harmed" (surely worse), "not_enough" (surely below what pays), "unknown" (the
        interval holds both), "too_early" (no planned look yet), "too_little" (too few conversions), "ratio" (the arms
        are not what was planned), "drift" (the split between them changed over time), "described" (no plan was written down before
        the start), "arms_differ" (some of several arms worked or did harm, and others did not).
    decision : "go", "no_go" or "wait", from the criteria set before the start.
    people_needed : people, both arms together, needed to know (0 where it cannot be said).
    next_look : day of the next planned look; None when all are past.
    """

    kind: Kind
    decision: Literal["go", "no_go", "wait"]
    people_needed: int = 0
    next_look: date | None = None


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
    change : "scale_up", "stop", "repeat_larger", "repeat_longer", "try_other_message", "repair_draw", "find_out",
        "plan_first", "only_segment", "begin_with".
    segment : the segment it is about; empty for all.
    people : people it is about or needs; 0 where that says nothing.
    arm : the one of several arms that it is about; empty for all.
    """

    change: str
    segment: str = ""
    people: int = 0
    arm: str = ""


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
    """
    if kept and kept != "described":
        return Judgement(kept, "wait", people_needed, next_look)
    if looks_done == 0:
        return Judgement("too_early", "wait", people_needed, next_look)
    if comparison is None:
        return Judgement("too_little", "wait", people_needed, next_look)
    if kept:
        return Judgement(kept, "wait", people_needed, next_look)
    kind = _kind(comparison, worthwhile)
    answers = set(criteria["answer"])
    failed = kind in ("harmed", "not_enough")
    if failed or "not_met" in answers:
        # Before the last look only a proven failure ends a pilot; an estimate may still turn.
        ended = failed or next_look is None
        return Judgement(kind, "no_go" if ended else "wait", people_needed, next_look)
    proven = kind == "worked" and answers <= {"met"}
    return Judgement(kind, "go" if proven else "wait", people_needed, next_look)


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
    if judgement.kind == "arms_differ" and by_arm:
        return tuple(replace(_main_proposal(of_arm), arm=arm) for arm, of_arm in by_arm.items())
    main = _main_proposal(judgement)
    if len(segments) < 2 or judgement.kind not in ("unknown", "not_enough", "worked", "harmed"):
        return (main,)
    proven = segments[(segments["p_holm"] <= SEGMENT_LEVEL) & segments["readable"]]
    better, worse = proven[proven["difference"] > 0], proven[proven["difference"] < 0]
    # Where it worked on the whole but is proven in some segments only, these come first.
    change = "begin_with" if judgement.kind == "worked" else "only_segment"
    # When it is proven in every segment that can be read, there is nothing to choose between them.
    chosen = better if len(better) < int(segments["readable"].sum()) else better.iloc[:0]
    stopped = worse if judgement.kind != "harmed" else worse.iloc[:0]
    return (main, *_segment_proposals(change, chosen), *_segment_proposals("stop", stopped))


def _segment_proposals(change: str, segments: pd.DataFrame) -> list[Proposal]:
    return [Proposal(change, segment, int(people)) for segment, people in zip(segments["segment"], segments["people"], strict=True)]


def _main_proposal(judgement: Judgement) -> Proposal:
    if judgement.decision == "go":
        return Proposal("scale_up")
    change = {
        "harmed": "stop",
        "not_enough": "try_other_message",
        "worked": "repeat_longer" if judgement.next_look else "find_out",
        "unknown": "repeat_larger",
        "too_little": "repeat_larger",
        "too_early": "repeat_longer",
        "ratio": "repair_draw",
        "drift": "repair_draw",
        "described": "plan_first",
    }[judgement.kind]
    return Proposal(change, people=judgement.people_needed)
