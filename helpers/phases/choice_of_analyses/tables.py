"""The tables of phase 4 as people read them: the analyses with their gates, and the technology dilemmas."""

from collections.abc import Sequence

import pandas as pd
from pydantic import BaseModel

from helpers.core.wording import _
from helpers.phases.choice_of_analyses.dilemmas import Dilemma, sheet
from helpers.phases.choice_of_analyses.ranking import Offer, to_frame
from helpers.phases.choice_of_analyses.story import because
from helpers.story import Table


def gate_table(offers: Sequence[Offer]) -> Table:
    """Show every analysis with its verdict, what it needs, what is there, and what would be seen."""
    frame = to_frame(offers)
    frame["because"] = [because(offer) for offer in offers]
    columns = {
        "analysis": (_("Analysis"), "text"),
        "verdict": (_("May we?"), "verdict"),
        "because": (_("What speaks for it"), "text"),
        "has": (_("You have"), "text"),
        "unlock": (_("What unlocks it"), "text"),
        "needs": (_("It needs"), "note"),
        "detectable": (_("What would be seen on your data"), "note"),
        "instead": (_("Allowed now"), "note"),
    }
    caption = _("The analyses of this workbook, in the order in which they make sense for you")
    return Table(frame, caption, columns, first=len(frame))


def dilemma_table(scores: BaseModel) -> Table:
    """Show every dilemma with the choice made, what it implies and what to do next, from ``analyses.dilemmas`` of client.yml."""
    rows = [_dilemma_row(dilemma, getattr(scores, dilemma.id)) for dilemma in sheet().dilemmas]
    columns = {
        "dilemma": (_("Dilemma"), "text"),
        "choice": (_("Your choice"), "text"),
        "implies": (_("What it implies"), "text"),
        "next": (_("What to do next"), "note"),
    }
    return Table(pd.DataFrame(rows), _("Technology choices discussed in the workshop"), columns)


def _dilemma_row(dilemma: Dilemma, score: int | None) -> dict[str, str]:
    side = dilemma.side(score)
    pole = getattr(dilemma, side) if side else None
    undecided = _("Not decided yet: find out first.") if score == 0 else ""
    return {
        "dilemma": _(dilemma.title),
        "choice": _choice_made(score, _(pole.name) if pole else ""),
        "implies": _(pole.implies) if pole else undecided,
        "next": _(pole.next) if pole else _(dilemma.undecided) if score == 0 else "",
    }


def _choice_made(score: int | None, name: str) -> str:
    if score is None:
        return _("not answered yet")
    if score == 0:
        return _("undecided")
    return name if abs(score) == 2 else _("rather {pole}").format(pole=name)
