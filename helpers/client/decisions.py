"""Decisions taken in the workshop, kept in client.yml and shown again beside the figure that they concern."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from pydantic import Field, field_validator
from ruamel.yaml import YAML

from helpers.core.errors import did_you_mean
from helpers.core.sections import Section
from helpers.core.wording import _
from helpers.story import Table
from helpers.workbook import PHASES

FILE = Path(__file__).with_name("figures.yml")


class Decision(Section):
    """One decision taken in the workshop or later, kept for every later report."""

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
        if phase.number:  # the summary shows no figure of its own
            names[phase.section] = ""
            names |= {f"{phase.section}.{figure}": name for figure, name in figures().get(phase.section, {}).items()}
    return names


@cache
def figures() -> dict[str, dict[str, str]]:
    """Return per chapter the figures that a decision can stand beside."""
    return YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))


def translatable() -> tuple[str, ...]:
    """Return the names of the figures, for the translators."""
    return tuple(dict.fromkeys(name for chapter in figures().values() for name in chapter.values()))


def table(decisions: Sequence[Decision]) -> Table:
    """Show the decisions of a chapter, at least one: the oldest first, with why below each."""
    rows = [
        {
            "what": decision.what,
            "about": _(name) if (name := places()[decision.about]) else "",
            "who": decision.who,
            "when": pd.Timestamp(decision.when),
            "why": decision.why,
        }
        for decision in sorted(decisions, key=lambda decision: (decision.when is None, str(decision.when)))
    ]
    columns = {
        "what": (_("What was decided"), "text"),
        "about": (_("About"), "text"),
        "who": (_("Who"), "text"),
        "when": (_("When"), "date"),
        "why": (_("Why"), "note"),
    }
    return Table(pd.DataFrame(rows), _("Decisions taken on this"), columns)


def none_yet() -> str:
    """Say that no decision is written down, and how to."""
    return _(
        "No decision is written down: not answered yet. Add what was decided, by whom, when and why under decisions "
        "in client.yml; it is then shown beside the figure that it concerns, in every later report."
    )
