"""The section ``analyses`` of client.yml."""

from typing import Any

from pydantic import BaseModel, Field, create_model

from helpers.core.sections import Section
from helpers.phases.choice_of_analyses.dilemmas import Dilemma, sheet


def _score(dilemma: Dilemma) -> tuple[Any, Any]:
    """Return the type and the field of one score, as ``create_model`` takes them."""
    description = f"{dilemma.title}: -2 (fully {dilemma.first.name}) to 2 (fully {dilemma.second.name}); empty when not discussed."
    return int | None, Field(None, ge=-2, le=2, description=description)


class _Scores(Section):
    """The technology dilemmas as a scored discussion sheet; one key per entry of dilemmas.yml."""


# The keys follow from the data file, so that a dilemma added there is a key of client.yml at once.
_FIELDS: dict[str, Any] = {dilemma.id: _score(dilemma) for dilemma in sheet().dilemmas}
Dilemmas: type[BaseModel] = create_model("Dilemmas", __base__=_Scores, **_FIELDS)


class Settings(Section):
    """What phase 4 is told: which analyses are wanted first, and the technology discussion."""

    wanted: tuple[str, ...] = Field(
        (), description="Analyses the client asks for, most wanted first, such as clusters; empty for our order."
    )
    dilemmas: Dilemmas = Field(default_factory=Dilemmas, description="The technology dilemmas, scored in the workshop.")
