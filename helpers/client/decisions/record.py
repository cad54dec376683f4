"""The decisions of client.yml: what was decided, by whom, when, why, and which figure it concerns."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator
from ruamel.yaml import YAML

from helpers.core.errors import did_you_mean
from helpers.workbook import PHASES

FILE = Path(__file__).with_name("figures.yml")


class Decision(BaseModel):
    """One decision taken in the workshop or later, kept for every later report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = Field(min_length=1, description="What was decided, in one sentence.")
    about: str = Field(description="What it concerns: a chapter such as goals or clusters, or a figure in it such as goals.kpis.")
    who: str = Field("", description="Who decided it, as a role or a name.")
    when: date | None = Field(None, description="Day of the decision, as yyyy-mm-dd.")
    why: str = Field("", description="Why, in one sentence.")

    @field_validator("about")
    @classmethod
    def _known_place(cls, given: str) -> str:
        known = places()
        if given not in known:
            chapter = given.split(".")[0]
            near = [place for place in known if place.startswith(f"{chapter}.")] if chapter in known else list(known)
            raise ValueError(f"a chapter, or a figure in it. {did_you_mean(given, near or list(known))}")
        return given

    @property
    def chapter(self) -> str:
        """The chapter it belongs to: the section of client.yml."""
        return self.about.split(".")[0]

    @property
    def figure(self) -> str:
        """The figure it concerns; empty when it is about the whole chapter."""
        return self.about.partition(".")[2]


def places() -> dict[str, str]:
    """Return what a decision can be about, with what it is called (in English), in the order of the chapters."""
    names: dict[str, str] = {}
    for phase in PHASES:
        if not phase.number:  # the summary shows no figure of its own
            continue
        names[phase.section] = ""
        names |= {f"{phase.section}.{figure}": name for figure, name in figures().get(phase.section, {}).items()}
    return names


@lru_cache
def figures(file: Path = FILE) -> dict[str, dict[str, str]]:
    """Return per chapter the figures that a decision can stand beside."""
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def translatable() -> tuple[str, ...]:
    """Return the names of the figures, for the translators."""
    return tuple(dict.fromkeys(name for chapter in figures().values() for name in chapter.values()))
