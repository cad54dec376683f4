"""The technology dilemmas told: the choices made, what each implies, and where they conflict."""

from __future__ import annotations

import pandas as pd
from pydantic import BaseModel

from helpers.core.wording import _, number
from helpers.phases.choice_of_analyses.dilemmas import Dilemma, conflicts_in, quick_and_safe, sheet
from helpers.story import Page, Sentence, Table


def table(scores: BaseModel) -> Table:
    """Show every dilemma with the choice made, what it implies and what to do next.

    Parameters
    ----------
    scores : the record ``analyses.dilemmas`` of client.yml.
    """
    rows = [_row(one, getattr(scores, one.id)) for one in sheet().dilemmas]
    columns = {
        "dilemma": (_("Dilemma"), "text"),
        "choice": (_("Your choice"), "text"),
        "implies": (_("What it implies"), "text"),
        "next": (_("What to do next"), "note"),
    }
    return Table(pd.DataFrame(rows), _("Technology choices discussed in the workshop"), columns)


def sentences(scores: BaseModel) -> Page:
    """Say how far the discussion got, whether it is quick and safe, and where answers conflict."""
    given = scores.model_dump()
    answered = sum(value is not None for value in given.values())
    if answered == 0:
        return Page(
            [
                Sentence(
                    _(
                        "The technology dilemmas are not answered yet: fill in analyses.dilemmas in client.yml, or the form "
                        "in this notebook."
                    )
                )
            ]
        )
    quick, judged = quick_and_safe(given)
    said = [_("{answered} of {total} dilemmas were discussed.").format(answered=number(answered), total=number(len(given)))]
    if judged:
        said.append(
            _("Aim for high speed and low risk: {quick} of {judged} answers that bear on it lean that way.").format(
                quick=number(quick), judged=number(judged)
            )
        )
    conflicts = [Sentence(_(one.says)) for one in conflicts_in(given)]
    return Page([Sentence(" ".join(said)), *conflicts])


def _row(one: Dilemma, score: int | None) -> dict[str, str]:
    side = one.side(score)
    pole = getattr(one, side) if side else None
    undecided = _("Not decided yet: find out first.") if score == 0 else ""
    return {
        "dilemma": _(one.title),
        "choice": _choice(score, _(pole.name) if pole else ""),
        "implies": _(pole.implies) if pole else undecided,
        "next": _(pole.next) if pole else _(one.undecided) if score == 0 else "",
    }


def _choice(score: int | None, name: str) -> str:
    if score is None:
        return _("not answered yet")
    if score == 0:
        return _("undecided")
    return name if abs(score) == 2 else _("rather {pole}").format(pole=name)
