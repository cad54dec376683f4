"""The catalogue of opportunities: a data file that a consultant can read, check and add to."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from ruamel.yaml import YAML

from helpers.core.errors import did_you_mean
from helpers.core.sections import Section
from helpers.tables import TABLES

FILE = Path(__file__).with_name("catalogue.yml")
Kind = Literal["content", "campaign_targeting", "context"]
Moment = Literal["awareness", "orientation", "purchase", "service", "retention"]
Need = Literal["functional", "emotional", "life_changing", "social_impact"]
Analysis = Literal["clusters", "rfm_movement", "personas", "potential", "predictions", "next_offer", "quotes"]


class Opportunity(Section):
    """One entry of the catalogue."""

    id: str = Field(description="Short name, used in opportunities.chosen.", pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(description="What it is, as an instruction.")
    kind: Kind = Field(description="content, campaign_targeting or context.")
    moments: tuple[Moment, ...] = Field(min_length=1, description="Contact moments along the journey.")
    channels: tuple[str, ...] = Field((), description="Where the customer meets it.")
    need: Need = Field("functional", description="Need of the customer it serves (Bain's Elements of Value).")
    kpis: tuple[str, ...] = Field((), description="Figures of phase 1 that it should move.")
    tables: dict[str, tuple[str, ...]] = Field({}, description="Table to columns without which it cannot be done.")
    analyses: tuple[Analysis, ...] = Field((), description="Notebooks whose outcome it uses.")
    effort: int = Field(3, ge=1, le=5, description="1 an afternoon, 5 a project with IT.")
    b2b: float = Field(0.5, ge=0, le=1, description="Fit for business customers.")
    b2c: float = Field(0.5, ge=0, le=1, description="Fit for consumers.")
    description: str = Field("", description="What it is, in a sentence.")
    pilot: str = Field("", description="What a first small test would look like.")
    metric: str = Field("", description="Main figure of that test.")

    @field_validator("tables")
    @classmethod
    def _known_columns(cls, given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for table, columns in given.items():
            if table not in TABLES:
                raise ValueError(f"no table {table!r}. {did_you_mean(table, list(TABLES))}")
            for column in columns:
                if column not in TABLES[table].names:
                    raise ValueError(f"no column {column!r} in {table}. {did_you_mean(column, TABLES[table].names)}")
        return given

    @property
    def needs(self) -> tuple[tuple[str, str], ...]:
        """The needed columns as (table, column) pairs, sorted."""
        return tuple(sorted((table, column) for table, columns in self.tables.items() for column in columns))


@lru_cache
def catalogue(file: Path = FILE) -> tuple[Opportunity, ...]:
    """Return the entries of a catalogue file (a YAML list; the shipped one by default), in its order.

    Raises
    ------
    ValueError
        An entry that does not keep the form, or an id that occurs twice.
    """
    raw = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    entries = tuple(Opportunity(**entry) for entry in raw)
    ids = [entry.id for entry in entries]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise ValueError(f"{file.name}: these ids occur twice: {', '.join(twice)}")
    return entries


def translatable(file: Path = FILE) -> tuple[str, ...]:
    """Return every text of the catalogue that a person reads, for the translators."""
    texts = [text for entry in catalogue(file) for text in (entry.title, entry.description, entry.pilot, entry.metric, *entry.channels)]
    return tuple(dict.fromkeys(text for text in texts if text))
