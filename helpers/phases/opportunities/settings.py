"""The section ``opportunities`` of client.yml: how to rank, and which one is chosen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from helpers.core.errors import did_you_mean
from helpers.core.sections import Section
from helpers.phases.opportunities.catalogue import Opportunity, catalogue


class Weights(Section):
    """How heavily each side counts in the ranking; 0 leaves it out."""

    goals: float = Field(2.0, ge=0, le=10, description="Weight of the contribution to your goals.")
    data: float = Field(1.0, ge=0, le=10, description="Weight of the data that is really there.")
    effort: float = Field(1.0, ge=0, le=10, description="Weight of how little work it is.")

    @model_validator(mode="after")
    def _something_counts(self) -> Weights:
        if self.goals + self.data + self.effort == 0:
            raise ValueError("expected at least one weight above 0")
        return self


class Settings(Section):
    """Phase 2: the ranking of opportunities and the choice of one."""

    customers: Literal["business", "consumers", "both"] = Field(
        "both", description="Whom you sell to; decides whether the fit for B2B or B2C counts."
    )
    weights: Weights = Field(Weights(), description="How heavily goals, data and effort count.")
    enough_filled: float = Field(0.8, gt=0, le=1, description="Share of rows in which a column must be filled to count as fully there.")
    effort: dict[str, int] = Field({}, description="Your own effort (1 to 5) for an opportunity, by id.")
    excluded: list[str] = Field([], description="Ids of opportunities that are out of the question.")
    own: list[Opportunity] = Field([], description="Opportunities of your own, in the form of the catalogue.")
    chosen: str = Field("", description="Id of the one use case chosen; empty means the first in rank is proposed.")
    chosen_by: str = Field("", description="Who chose it.")
    chosen_why: str = Field("", description="Why it was chosen, in a sentence.")

    @model_validator(mode="after")
    def _known_ids(self) -> Settings:
        ids = [entry.id for entry in (*catalogue(), *self.own)]
        mentioned = [("chosen", self.chosen)] if self.chosen else []
        mentioned += [("excluded", id_) for id_ in self.excluded] + [("effort", id_) for id_ in self.effort]
        for key, id_ in mentioned:
            if id_ not in ids:
                raise ValueError(f"{key}: no opportunity {id_!r}. {did_you_mean(id_, ids)}")
        if self.chosen in self.excluded and self.chosen:
            raise ValueError(f"chosen: {self.chosen!r} is also excluded")
        if len(set(ids)) < len(ids):
            raise ValueError("own: an id is already in the catalogue")
        if any(not 1 <= effort <= 5 for effort in self.effort.values()):
            raise ValueError("effort: expected a whole number from 1 to 5")
        return self

    @property
    def entries(self) -> tuple[Opportunity, ...]:
        """The opportunities to rank: catalogue and own, without the excluded ones."""
        return tuple(entry for entry in (*catalogue(), *self.own) if entry.id not in self.excluded)
