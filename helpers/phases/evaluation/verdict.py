"""Worked, did not, or cannot be known yet; money with its interval; go or no-go; and what to change next
round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.revenue import Shift

Kind = Literal["worked", "harmed", "not_enough", "unknown", "too_early", "too_little", "ratio"]
Answer = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a pilot.

    Parameters
    ----------
    kind : "worked" (surely better), "harmed" (surely worse), "not_enough" (surely below what pays),
        "unknown" (the
        interval holds both), "too_early" (no planned look yet), "too_little" (too few conversions), "ratio"
        (the arms
        are not what was planned).
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
    """Extra margin of the treated people less the cost, over the pilot, with its interval; NaN where not
    known."""

    extra_revenue: float
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
    change : "scale_up", "stop", "repeat_larger", "repeat_longer", "try_other_message", "repair_draw",
        "only_segment", "begin_with".
    segment : the segment it is about; empty for all.
    people : people it is about or needs; 0 where that says nothing.
    value : the figure it rests on (a difference of rates, or money), NaN where none.
    """

    change: str
    segment: str = ""
    people: int = 0
    value: float = float("nan")

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        known = None if self.value != self.value else self.value
        return {"change": self.change, "segment": self.segment, "people": self.people, "value": known}


def money_of(shift: Shift | None, plan: Mapping[str, Any], treated_people: int) -> Money:
    """Return what the treated people brought more, less what it cost.

    Parameters
    ----------
    shift : difference in revenue per person; None when it could not be read.
    plan : ``margin_share``, ``contact_cost`` (per treated person) and ``fixed_cost``.
    """
    cost = float(plan.get("contact_cost") or 0) * treated_people + float(plan.get("fixed_cost") or 0)
    if shift is None:
        return Money(*[float("nan")] * 4, cost, treated_people)
    margin = treated_people * float(plan.get("margin_share") or 1)
    ends = [margin * one - cost for one in (shift.difference, shift.low, shift.high)]
    return Money(shift.difference * treated_people, *ends, cost, treated_people)


def check_criteria(plan: Mapping[str, Any], figures: Mapping[str, tuple[float, float, float]]) -> pd.DataFrame:
    """Hold the criteria set before the start against what was measured.

    Parameters
    ----------
    plan : its ``criteria``: dicts with measure, at_least or at_most, surely.
    figures : measure to (estimate, low, high); NaN where not known.

    Returns
    -------
    One row per criterion: measure, at_least, at_most, surely, estimate, low, high, answer.
    """
    rows = []
    for one in plan.get("criteria") or ():
        estimate, low, high = figures.get(one["measure"], (np.nan,) * 3)
        least, most, surely = one.get("at_least"), one.get("at_most"), bool(one.get("surely", True))
        answer = _answer((estimate, low, high), least, most, surely)
        rows.append((one["measure"], least, most, surely, estimate, low, high, answer))
    columns = ["measure", "at_least", "at_most", "surely", "estimate", "low", "high", "answer"]
    return pd.DataFrame(rows, columns=columns)


def _answer(figure: tuple[float, float, float], least: float | None, most: float | None, surely: bool) -> Answer:
    estimate, low, high = figure
    if estimate != estimate:
        return "unknown"
    # Turned round, "at most" is "at least" of the negative.
    border, low, high, estimate = (least, low, high, estimate) if least is not None else (-most, -high, -low, -estimate)
    if not surely:
        return "met" if estimate >= border else "not_met"
    if low != low:
        return "unknown"
    # "Surely at least nothing" asks for a gain: a lower end of exactly zero is not one.
    if low > border or (low == border and border != 0):
        return "met"
    return "not_met" if high < border else "unknown"


def judge(
    read: Difference | Shift | None,
    plan: Mapping[str, Any],
    criteria: pd.DataFrame,
    *,
    ratio_holds: bool,
    looks_done: int,
    next_look: date | None,
    worthwhile: float,
    people_needed: int,
) -> Judgement:
    """Return the verdict.

    Parameters
    ----------
    read : the main comparison; None when there is too little data for it.
    plan : as written before the start.
    criteria : from ``check_criteria``.
    worthwhile : smallest effect that pays (same unit as ``read``); NaN where it is not known, then 0.
    people_needed : what it would take to know.
    """
    if not ratio_holds:
        return Judgement("ratio", "wait", people_needed, next_look)
    if looks_done == 0:
        return Judgement("too_early", "wait", people_needed, next_look)
    if read is None:
        return Judgement("too_little", "wait", people_needed, next_look)
    kind = _kind(read, worthwhile)
    answers = set(criteria["answer"])
    if kind == "harmed" or kind == "not_enough" or "not_met" in answers:
        # Before the last look only a proven failure ends a pilot; an estimate may still turn.
        ended = next_look is None or kind in ("harmed", "not_enough")
        return Judgement(kind, "no_go" if ended else "wait", people_needed, next_look)
    sure = kind == "worked" and answers <= {"met"}
    return Judgement(kind, "go" if sure else "wait", people_needed, next_look)


def _kind(read: Difference | Shift, worthwhile: float) -> Kind:
    if read.low > 0:
        return "worked"
    if read.high < 0:
        return "harmed"
    pays = worthwhile if worthwhile == worthwhile and worthwhile > 0 else 0.0
    return "not_enough" if pays and read.high < pays else "unknown"


def people_to_know(rate: float, uplift: float, holdout_share: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return how many people, both arms together, it takes to see a difference of rates; 0 where it cannot
    be said."""
    other = rate + uplift
    if not (0 < rate < 1 and 0 < other < 1) or uplift == 0:
        return 0
    effect = 2 * (np.arcsin(np.sqrt(other)) - np.arcsin(np.sqrt(rate)))
    z = norm.ppf(1 - alpha / 2) + norm.ppf(power)
    return int(np.ceil((z / effect) ** 2 * (1 / holdout_share + 1 / (1 - holdout_share))))


def proposals(judgement: Judgement, segments: pd.DataFrame, uplift: float) -> tuple[Proposal, ...]:
    """Return what to put into the next round's goals."""
    found = [_main_proposal(judgement, uplift)]
    if len(segments) > 1 and judgement.kind in ("unknown", "not_enough", "worked", "harmed"):
        proven = segments[(segments["p_holm"] <= 0.05) & segments["readable"]]
        better = proven[proven["difference"] > 0]
        # Where it worked on the whole but is proven in some segments only, these come first.
        change = "begin_with" if judgement.kind == "worked" else "only_segment"
        if len(better) < int(segments["readable"].sum()):
            found += [Proposal(change, row.segment, int(row.people), row.difference) for row in better.itertuples()]
        worse = proven[proven["difference"] < 0]
        if judgement.kind != "harmed":
            found += [Proposal("stop", row.segment, int(row.people), row.difference) for row in worse.itertuples()]
    return tuple(found)


def _main_proposal(judgement: Judgement, uplift: float) -> Proposal:
    if judgement.decision == "go":
        return Proposal("scale_up", value=uplift)
    change = {
        "harmed": "stop",
        "not_enough": "try_other_message",
        "worked": "repeat_longer",
        "unknown": "repeat_larger",
        "too_little": "repeat_larger",
        "too_early": "repeat_longer",
        "ratio": "repair_draw",
    }[judgement.kind]
    return Proposal(change, people=judgement.people_needed, value=uplift)
