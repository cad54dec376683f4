"""The technology dilemmas: what they are, what each answer implies, and which answers conflict."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator
from ruamel.yaml import YAML

from helpers.core.errors import did_you_mean
from helpers.core.sections import Section

FILE = Path(__file__).with_name("dilemmas.yml")
Side = Literal["first", "second"]


class Pole(Section):
    """One side of a dilemma."""

    name: str = Field(description="What this side is called.")
    implies: str = Field(description="What choosing it implies.")
    next: str = Field(description="What to do next when it is chosen.")


class Dilemma(Section):
    """One dilemma with its two sides."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Key under analyses.dilemmas in client.yml.")
    title: str = Field(description="The dilemma as a person says it.")
    first: Pole = Field(description="The side of negative scores.")
    second: Pole = Field(description="The side of positive scores.")
    undecided: str = Field(description="What to find out first, with a score of 0.")
    quick_safe: Literal["first", "second", "neither"] = Field(description="Side of high speed and low risk.")

    def side(self, score: int | None) -> Side | None:
        """Return the side a score leans to; None when it leans to neither or there is no score."""
        return None if not score else "first" if score < 0 else "second"


class Conflict(Section):
    """Two answers that pull in different directions."""

    when: dict[str, Side] = Field(min_length=2, description="Dilemma to side; all must hold.")
    says: str = Field(description="Why they are hard to have together.")


class Sheet(Section):
    """The discussion sheet as the data file holds it."""

    dilemmas: tuple[Dilemma, ...]
    conflicts: tuple[Conflict, ...]

    @model_validator(mode="after")
    def _known_ids(self) -> Sheet:
        ids = [dilemma.id for dilemma in self.dilemmas]
        if len(set(ids)) < len(ids):
            raise ValueError("every dilemma needs an id of its own")
        for name in (name for conflict in self.conflicts for name in conflict.when):
            if name not in ids:
                raise ValueError(f"conflicts: no dilemma {name!r}. {did_you_mean(name, ids)}")
        return self


@lru_cache
def sheet(file: Path = FILE) -> Sheet:
    """Return the discussion sheet of a data file; the shipped one by default."""
    return Sheet.model_validate(YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")))


def conflicts_in(scores: Mapping[str, int | None]) -> tuple[Conflict, ...]:
    """Return the conflicts that these scores hold: -2 to 2 by dilemma id, None where it was not discussed."""
    sides = {dilemma.id: dilemma.side(scores.get(dilemma.id)) for dilemma in sheet().dilemmas}
    return tuple(conflict for conflict in sheet().conflicts if all(sides[name] == side for name, side in conflict.when.items()))


def quick_and_safe(scores: Mapping[str, int | None]) -> tuple[int, int]:
    """Return how many answers lean to high speed and low risk, and of how many that can be said."""
    judged = [dilemma for dilemma in sheet().dilemmas if dilemma.quick_safe != "neither" and dilemma.side(scores.get(dilemma.id))]
    return sum(dilemma.side(scores[dilemma.id]) == dilemma.quick_safe for dilemma in judged), len(judged)


def translatable() -> tuple[str, ...]:
    """Return every text of the sheet that a person reads, for the translators."""
    texts = [conflict.says for conflict in sheet().conflicts]
    for dilemma in sheet().dilemmas:
        texts += [dilemma.title, dilemma.undecided]
        texts += [text for pole in (dilemma.first, dilemma.second) for text in (pole.name, pole.implies, pole.next)]
    return tuple(dict.fromkeys(texts))
