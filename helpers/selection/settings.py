"""The section ``analyses`` of client.yml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

STRICT = ConfigDict(extra="forbid", frozen=True)
_SCALE = "-2 (fully the first) to 2 (fully the second); empty when not discussed."


class Dilemmas(BaseModel):
    """The technology dilemmas as a scored discussion sheet."""

    model_config = STRICT
    incremental_or_disruptive: int | None = Field(None, ge=-2, le=2, description=f"Incremental or disruptive: {_SCALE}")
    project_or_process: int | None = Field(None, ge=-2, le=2, description=f"Project or process: {_SCALE}")
    one_or_many_applications: int | None = Field(None, ge=-2, le=2, description=f"One application or many: {_SCALE}")
    suite_or_best_of_breed: int | None = Field(None, ge=-2, le=2, description=f"Suite or best of breed: {_SCALE}")
    open_or_closed_source: int | None = Field(None, ge=-2, le=2, description=f"Open or closed source: {_SCALE}")
    ease_or_influence: int | None = Field(None, ge=-2, le=2, description=f"Ease of use or influence: {_SCALE}")
    agility_or_maintenance: int | None = Field(
        None, ge=-2, le=2, description=f"Agility or little maintenance: {_SCALE}"
    )


class Settings(BaseModel):
    """What phase 4 is told: which analyses are wanted first, and the technology discussion."""

    model_config = STRICT
    wanted: tuple[str, ...] = Field(
        (), description="Analyses the client asks for, most wanted first, such as clusters; empty for our order."
    )
    dilemmas: Dilemmas = Field(default_factory=Dilemmas, description="The technology dilemmas, scored in the workshop.")
