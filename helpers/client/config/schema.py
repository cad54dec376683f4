"""The keys of client.yml as pydantic models, each with its meaning.

The sections of the phases and analyses are not listed here: they follow from ``helpers.workbook``.
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, Field, create_model

from helpers import workbook
from helpers.client.decisions import Decision
from helpers.core import wording
from helpers.core.errors import did_you_mean
from helpers.core.sections import Section
from helpers.tables.declared import Source
from helpers.tables.doubts import Confirmed
from helpers.tables.shapes import KINDS as CHANGE_KINDS


def _language(value: str) -> str:
    if value not in wording.languages():
        raise ValueError(f"one of {', '.join(wording.languages())}")
    return value


def _change_kind(value: str) -> str:
    if value not in CHANGE_KINDS:
        raise ValueError(f"a kind of change. {did_you_mean(value, list(CHANGE_KINDS))}")
    return value


class ClientSection(Section):
    """Who the client is, and how the report speaks."""

    name: str = Field("New client", description="Name on the report. Say what the firm does if it must stay unnamed.")
    kind: Literal["b2b", "b2c", "both"] = Field("b2c", description="Sells to firms (b2b), to consumers (b2c) or to both.")
    language: Annotated[str, AfterValidator(_language)] = Field(
        "en", description="Language of the report. English (en); nl, de and sv once their words are there."
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field("EUR", description="Currency of all amounts, as its three-letter code.")
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#0b6e6e", description="The one colour of the report, as '#rrggbb' in quotes; darkened when too light to read."
    )


class PrivacySection(Section):
    """What of a customer may leave the house."""

    show_ids: bool = Field(False, description="True: the report shows customer numbers; else rows are numbered as in the exported list.")


class ClientBase(Section):
    """The keys that every client has, whatever the analyses."""

    client: ClientSection = Field(default_factory=ClientSection, description="Who the client is.")
    privacy: PrivacySection = Field(default_factory=PrivacySection, description="What of a customer may leave the house.")
    as_of: date = Field(description="Day the round looks back from, as yyyy-mm-dd; nothing after it is used.")
    history_from: date | None = Field(None, description="First day that counts, as yyyy-mm-dd; empty for all history in the exports.")
    round_number: int = Field(1, ge=1, le=9999, description="Which pass through the six phases this is.")
    seed: int = Field(1, ge=0, le=2**32 - 1, description="Seed of everything random; the same seed gives the same report.")
    sources: tuple[Source, ...] = Field((), description="The exports, one block per file.")
    confirmed: tuple[Confirmed, ...] = Field((), description="Doubts of aim check that you have looked into: right as they stand.")
    accept_changes: tuple[Annotated[str, AfterValidator(_change_kind)], ...] = Field(
        (),
        description="Changes of the exports since the last round that are right, for this round only; as aim check names them: "
        + ", ".join(CHANGE_KINDS)
        + ".",
    )
    decisions: tuple[Decision, ...] = Field(
        (), description="Decisions taken in the workshop and later, each shown beside the figure that it concerns."
    )


def _client_model() -> type[ClientBase]:
    sections: dict[str, Any] = {
        phase.section: (phase.room.Settings, Field(default_factory=phase.room.Settings, description=f"Settings of {phase.notebook}."))
        for phase in workbook.PHASES
        if hasattr(phase.room, "Settings")
    }
    return create_model("ClientConfig", __base__=ClientBase, **sections)


if TYPE_CHECKING:

    class ClientConfig(ClientBase):
        """What a type checker sees of client.yml: the common keys by name; a section of a phase is that room's Settings."""

        def __getattr__(self, section: str) -> Any: ...

else:
    ClientConfig = _client_model()


def model_in(annotation: Any, repeated: bool = False) -> tuple[type[BaseModel] | None, bool]:
    """Return the first model inside a type (None where there is none), and whether it stands in a list or mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, repeated
    origin = getattr(annotation, "__origin__", None)
    for arg in get_args(annotation):
        model, is_repeated = model_in(arg, repeated or origin in (tuple, list, dict))
        if model is not None:
            return model, is_repeated
    return None, repeated
