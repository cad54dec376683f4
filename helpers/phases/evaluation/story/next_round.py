"""What follows from the verdict, in words: what to do next round, and what is handed on to it and to the summary."""

import math
from typing import Any

from helpers.core.results import Action, Finding, KeyFigure, Refusal
from helpers.core.wording import _, between, money, number, percent
from helpers.phases.evaluation.arms import PROVEN
from helpers.phases.evaluation.certainty import by_chance, main_comparison
from helpers.phases.evaluation.plan import called
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.story.answer import headline, verdict, verdict_answer
from helpers.phases.evaluation.story.figures import money_range
from helpers.phases.evaluation.verdict import Proposal
from helpers.story import Actions


def proposal_text(proposal: Proposal, pilot: str) -> str:
    """Return a proposal for the next round's goals as a sentence that can stand alone.

    Parameters
    ----------
    proposal : from ``verdict.proposals``.
    pilot : name of the pilot that it follows from.
    """
    texts = {
        "scale_up": _("Send “{pilot}” to everyone who may be written to, and keep a small group left out"),
        "stop": _("Stop “{pilot}” for {segment}") if proposal.segment else _("Stop “{pilot}”"),
        "repeat_larger": _("Repeat “{pilot}” with {people} people") if proposal.people else _("Repeat “{pilot}” with more people"),
        "repeat_longer": _("Let “{pilot}” run to its planned end before deciding"),
        "try_other_message": _("Try another message or a cheaper channel"),
        "find_out": _("Find out what the criteria call not known, then decide on “{pilot}”"),
        "plan_first": _("Before the next test, write down what decides, until when, and who gets what"),
        "one_split": _("Test again with the same split between the arms from the first to the last day"),
        "check_losses": _("Bring a table in which everybody of “{pilot}” stands, then decide"),
        "repair_draw": _("Find out where people were lost or moved, and draw again"),
        "only_segment": _(
            "Repeat “{pilot}” for {segment} only: luck allowed for, {points} percentage points more convert there, elsewhere {elsewhere}"
        ),
        "begin_with": _("Begin with {segment}: luck allowed for, {points} percentage points more convert there, elsewhere {elsewhere}"),
    }
    points = {"points": number(proposal.points, 1), "elsewhere": number(proposal.points_elsewhere, 1)}
    return texts[proposal.change].format(pilot=pilot, segment=proposal.segment, people=number(proposal.people), **points)


def actions(result: Result | Refusal) -> Actions:
    """Return what to do with the verdict: the proposals for the next round."""
    if isinstance(result, Refusal):
        return Actions((Action(result.gate.unlock, _("certain"), rank=3),))
    return Actions(
        tuple(
            Action(proposal_text(proposal, called(result.plan, proposal.arm)), verdict(result).word, _("next round"), rank=rank)
            for rank, proposal in enumerate(result.proposals, start=2)
        )
    )


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(result.heading, (result.gate.reason,), result.gate.verdict, actions=tuple(actions(result).actions), rank=7)
    in_short = verdict_answer(result)
    # A decision heads the whole report; a verdict that still waits does not.
    differ = result.judgement.kind == "arms_differ" and not result.judgement.losses_unchecked
    rank = 1 if result.judgement.decision in ("go", "no_go") or differ else 3
    return Finding(
        in_short.heading,
        tuple(in_short.sentences),
        in_short.verdict,
        key_figures(result),
        tuple(actions(result).actions),
        rank,
        chance=None
        if result.judgement.losses_unchecked or result.judgement.kind not in (*PROVEN, "described")
        else by_chance(result, main_comparison(result)),
    )


def key_figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the key figures; none of all arms together where they differ, and none of what is only described or not checked."""
    if result.judgement.kind in ("arms_differ", "described") or result.judgement.losses_unchecked:
        return ()
    figures = []
    if result.conversions:
        rates = result.conversions
        figures.append(
            KeyFigure(
                _("{points} points").format(points=number(100 * rates.difference, 1)),
                _("percentage points more converted"),
                _("from {range}").format(range=between(number(100 * rates.low, 1), number(100 * rates.high, 1))),
                rank=2,
                chance=by_chance(result, rates),
            )
        )
    if not math.isnan(result.money.net):
        figures.append(
            KeyFigure(
                money(result.money.net),
                _("margin less cost of the pilot, at an assumed margin of {share}").format(share=percent(result.plan["margin_share"]))
                if result.plan.get("margin_assumed")
                else _("margin less cost of the pilot"),
                _("from {range}").format(range=money_range(result.money.low, result.money.high)),
                rank=2,
                chance=by_chance(result, result.revenue),
            )
        )
    return tuple(figures)


def record(result: Result) -> dict[str, Any]:
    """Return what the next round reads of this verdict, as plain JSON values."""
    return {
        "pilot_id": str(result.plan["pilot_id"]),
        "kind": result.judgement.kind,
        "decision": result.judgement.decision,
        "headline": headline(result),
        "arms": {arm: verdict.judgement.decision for arm, verdict in result.arm_verdicts.items()},
        "until": result.until.isoformat(),
    }
