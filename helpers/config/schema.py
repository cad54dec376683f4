"""The keys of client.yml as pydantic models, each with its meaning.

The sections of the phases and analyses are not listed here: they follow from ``helpers.phases``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator

from helpers import phases, wording
from helpers.tables import TABLES

STRICT = ConfigDict(extra="forbid", frozen=True)


def _language(value: str) -> str:
    if value not in wording.languages():
        raise ValueError(f"one of {', '.join(wording.languages())}")
    return value


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError as error:
        raise ValueError("a known encoding such as utf-8 or cp1252") from error
    return value


class ClientSection(BaseModel):
    """Who the client is, and how the report speaks."""

    model_config = STRICT
    name: str = Field("New client", description="Name on the report. Say what the firm does if it must stay unnamed.")
    kind: Literal["b2b", "b2c", "both"] = Field(
        "b2c", description="Sells to firms (b2b), to consumers (b2c) or to both."
    )
    language: Annotated[str, AfterValidator(_language)] = Field(
        "en", description="Language of the report. English (en); nl, de and sv once their words are there."
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(
        "EUR", description="Currency of all amounts, as its three-letter code."
    )
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#0b6e6e", description="The one colour of the report, as '#rrggbb' in quotes; darkened when too light to read."
    )


class PrivacySection(BaseModel):
    """What of a customer may leave the house."""

    model_config = STRICT
    show_ids: bool = Field(
        False, description="True: the report shows customer numbers; else rows are numbered as in the exported list."
    )


class IdRepair(BaseModel):
    """How ids of one source are brought into the form that the other sources use."""

    model_config = STRICT
    strip_prefix: str = Field("", description="Text removed from the front of the id, where it stands there.")
    drop: str = Field("", description="Characters removed everywhere in the id, such as '- .'.")
    zero_pad: int = Field(0, ge=0, le=40, description="Length up to which zeros are put in front; 0 for none.")
    upper: bool = Field(False, description="Turn letters into capitals.")


class SetAsideRule(BaseModel):
    """A rule that sets rows aside; the rows are counted, with their money, never lost."""

    model_config = STRICT
    name: str = Field(description="Short name of the rule, shown in the report.")
    column: str = Field(description="Our name of the column that the rule looks at.")
    reason: str = Field("", description="Why these rows are not used, in words for the report.")
    empty: bool = Field(False, description="True: set aside rows where the column is empty.")
    equals: tuple[str, ...] = Field((), description="Set aside rows where the column equals one of these.")
    starts_with: tuple[str, ...] = Field((), description="Set aside rows where the column starts with one of these.")
    matches: str = Field("", description="Set aside rows where the whole column matches this regular expression.")
    at_most: float | None = Field(None, description="Set aside rows where the number is at most this.")
    at_least: float | None = Field(None, description="Set aside rows where the number is at least this.")
    apply: bool = Field(True, description="False: the rows are counted but kept.")

    @model_validator(mode="after")
    def _one_condition(self) -> SetAsideRule:
        given = [self.empty, self.equals, self.starts_with, self.matches]
        count = sum(map(bool, given)) + (self.at_most is not None) + (self.at_least is not None)
        if count != 1:
            raise ValueError("exactly one of empty, equals, starts_with, matches, at_most, at_least")
        try:
            re.compile(self.matches)
        except re.error as error:
            raise ValueError("a valid regular expression in 'matches'") from error
        return self


class Source(BaseModel):
    """One export of the client and how it becomes one of our tables."""

    model_config = STRICT
    table: Literal[tuple(TABLES)] = Field(description="Which of our tables this export fills.")
    file: str = Field(description="File name, relative to the client's folder.")
    system: str = Field("", description="System the export comes from, such as CRM, ERP or web shop.")
    format: Literal["csv", "parquet"] = Field("csv", description="Kind of file.")
    encoding: Annotated[str, AfterValidator(_encoding)] = Field(
        "utf-8-sig", description="Text encoding: utf-8-sig (with or without mark) or cp1252 (Excel in Western Europe)."
    )
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = Field(";", description="Mark between two cells.")
    quote: Annotated[str, Field(min_length=1, max_length=1)] = Field('"', description="Mark around cells.")
    decimal: Literal[",", "."] = Field(",", description="Decimal mark of numbers.")
    thousands: Literal["", ".", ",", " ", "'"] = Field("", description="Mark between thousands; empty for none.")
    date_format: str = Field("%Y-%m-%d", description="Form of dates, as in strftime: %d/%m/%Y is 31/12/2024.")
    date_formats: dict[str, str] = Field({}, description="Form of dates per column, where a column differs.")
    columns: dict[str, str] = Field({}, description="Our column name: their column name. Other columns are not read.")
    extra: dict[str, str] = Field(
        {}, description="Further columns kept under a name of your own, as numbers: own name: their column name."
    )
    values: dict[str, dict[str, str]] = Field(
        {}, description="Per column, their value: our value, such as consent: {Ja: yes, Nee: no}."
    )
    ids: dict[str, IdRepair] = Field({}, description="Per id column, how ids are brought into one form.")
    set_aside: tuple[SetAsideRule, ...] = Field((), description="Rules that set rows aside, in order.")


class ClientBase(BaseModel):
    """The keys that every client has, whatever the analyses."""

    model_config = STRICT
    client: ClientSection = Field(default_factory=ClientSection, description="Who the client is.")
    privacy: PrivacySection = Field(default_factory=PrivacySection, description="What of a customer may leave the house.")
    as_of: date = Field(description="Day the round looks back from, as yyyy-mm-dd; nothing after it is used.")
    history_from: date | None = Field(
        None, description="First day that counts, as yyyy-mm-dd; empty for all history in the exports."
    )
    round_number: int = Field(1, ge=1, description="Which pass through the six phases this is.")
    seed: int = Field(1, ge=0, description="Seed of everything random; the same seed gives the same report.")
    sources: tuple[Source, ...] = Field((), description="The exports, one block per file.")


def _client_model() -> type[ClientBase]:
    sections = {
        phase.section: (
            phase.room.Settings,
            Field(default_factory=phase.room.Settings, description=f"Settings of {phase.notebook}."),
        )
        for phase in phases.PHASES
        if hasattr(phase.room, "Settings")
    }
    return create_model("ClientConfig", __base__=ClientBase, **sections)


ClientConfig = _client_model()
