"""What follows from the verdict, told: the criteria set before the start, and what to change next round."""

from __future__ import annotations

from helpers.core.results import Action, Refusal, Verdict
from helpers.core.wording import _, money, number, percent
from helpers.phases.evaluation.room import Result
from helpers.phases.evaluation.story.in_short import pilot_name, verdict
from helpers.phases.evaluation.verdict import Proposal
from helpers.story import Actions, Table
from helpers.story.criteria import measure_names


def criteria_table(result: Result) -> Table:
    """Return go / no-go criterion by criterion, as set before the start."""
    words = {
        "met": Verdict("go", _("met")),
        "not_met": Verdict("not_yet", _("not met")),
        "unknown": Verdict("caution", _("not known")),
    }
    frame = result.criteria.copy()
    frame["wanted"] = [_bound(row) for row in result.criteria.itertuples()]
    frame["found"] = [_amount(row.measure, row.estimate) for row in result.criteria.itertuples()]
    frame["measure"], frame["answer"] = frame["measure"].map(measure_names()), frame["answer"].map(words)
    return Table(
        frame,
        _("Go or no-go: the criteria set before the start"),
        {
            "measure": (_("What is judged"), "text"),
            "wanted": (_("Wanted"), "text"),
            "found": (_("Found"), "text"),
            "answer": (_("Answer"), "verdict"),
        },
    )


def _bound(row) -> str:
    least = row.at_least is not None and row.at_least == row.at_least
    pattern = {
        (True, True): _("surely at least {x}"),
        (True, False): _("at least {x}"),
        (False, True): _("surely at most {x}"),
        (False, False): _("at most {x}"),
    }[bool(least), bool(row.surely)]
    return pattern.format(x=_amount(row.measure, row.at_least if least else row.at_most))


def _amount(measure: str, value: float) -> str:
    if measure in ("net_money", "revenue_per_person"):
        return money(value, 2 if measure == "revenue_per_person" else 0)
    return percent(value, 1)


def proposal_text(one: Proposal, pilot: str) -> str:
    """Return a proposal for the next round's goals as a sentence that can stand alone.

    Parameters
    ----------
    one : the proposal.
    pilot : name of the pilot that it follows from.
    """
    texts = {
        "scale_up": _("Send “{pilot}” to everyone who may be written to, and keep a small group left out"),
        "stop": _("Stop “{pilot}” for {segment}") if one.segment else _("Stop “{pilot}”"),
        "repeat_larger": _("Repeat “{pilot}” with {people} people") if one.people else _("Repeat “{pilot}” with more people"),
        "repeat_longer": _("Let “{pilot}” run to its planned end before deciding"),
        "try_other_message": _("Try another message or a cheaper channel"),
        "repair_draw": _("Find out where people were lost or moved, and draw again"),
        "only_segment": _("Repeat “{pilot}” for {segment} only, where it seems to work"),
        "begin_with": _("Begin with {segment}, where it is proven to work"),
    }
    return texts[one.change].format(pilot=pilot, segment=one.segment, people=number(one.people))


def actions(result: Result | Refusal) -> Actions:
    """Return what to do with the verdict: the proposals for the next round."""
    if isinstance(result, Refusal):
        return Actions((Action(result.gate.unlock, _("certain"), rank=3),))
    return Actions(
        tuple(
            Action(proposal_text(one, pilot_name(result)), verdict(result).word, _("next round"), rank=2 + place)
            for place, one in enumerate(result.proposals)
        )
    )
