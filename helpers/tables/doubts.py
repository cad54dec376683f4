"""What is doubtful in a client's exports: a frozen record, and the words that say what was seen, what it would do, what mends it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from ruamel.yaml import YAML

from helpers.core.errors import did_you_mean
from helpers.core.wording import _, money, number, percent


@dataclass(frozen=True)
class Doubt:
    """One thing in the exports that may not be what it seems; what is kept of it holds no id, name or address.

    Parameters
    ----------
    kind : a key of ``KINDS``.
    table : the canonical table it was seen in.
    rows, of : how many rows, customers or products it concerns, of how many looked at.
    amount : their net amount; 0 where there is none.
    detail : a month, a word, a ratio or a column, in plain text; may be empty.
    confirmed : True when client.yml says that it is right.
    act_on : the ids it concerns, for the terminal of whoever has the files; never kept.
    """

    kind: str
    table: str
    rows: int
    of: int
    amount: float = 0.0
    detail: str = ""
    confirmed: bool = False
    act_on: str = field(default="", repr=False, compare=False)

    @property
    def share(self) -> float:
        """Rows concerned of those looked at, 0 to 1."""
        return self.rows / self.of if self.of else 0.0

    @property
    def serious(self) -> bool:
        """Whether it stands on page 1: it would turn a headline, and nobody has confirmed it."""
        return KINDS[self.kind].serious and not self.confirmed

    @property
    def seen(self) -> str:
        """What was seen, with its counts."""
        facts = {
            "rows": number(self.rows),
            "of": number(self.of),
            "share": percent(self.share, 1 if self.share < 0.01 else 0),
            "amount": money(self.amount),
            "detail": self.detail,
        }
        return _(KINDS[self.kind].seen).format(**facts)

    @property
    def effect(self) -> str:
        """What it would do to which figures."""
        return _(KINDS[self.kind].effect)

    @property
    def mend(self) -> str:
        """The lines of client.yml, or the step, that mend it."""
        return KINDS[self.kind].mend

    @property
    def confirm(self) -> str:
        """The line of client.yml that says it is right as it is."""
        return f"confirmed: [{{kind: {self.kind}, reason: …}}]"


@dataclass(frozen=True)
class Kind:
    """One kind of doubt, an entry of ``doubts.yml``, where its fields are explained."""

    serious: bool
    chapters: list[str]
    seen: str
    effect: str
    mend: str


KINDS: dict[str, Kind] = {name: Kind(**kind) for name, kind in YAML(typ="safe").load(Path(__file__).with_suffix(".yml")).items()}


class Confirmed(BaseModel):
    """A doubt that somebody has looked into: it is right as it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str = Field(description="Which doubt, as aim check names it: " + ", ".join(KINDS) + ".")
    reason: str = Field("", description="Why it is right, in words for the report.")

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"a kind of doubt. {did_you_mean(kind, list(KINDS))}")
        return kind


def confirmed(doubts: Iterable[Doubt], given: Iterable[Confirmed]) -> tuple[Doubt, ...]:
    """Return the doubts, those that client.yml confirms marked so."""
    right = {entry.kind for entry in given}
    return tuple(replace(doubt, confirmed=doubt.kind in right) for doubt in doubts)


def to_json(doubts: Iterable[Doubt]) -> dict[str, Any]:
    """Return doubts as plain JSON values."""
    return {"doubts": [{name: value for name, value in asdict(doubt).items() if name != "act_on"} for doubt in doubts]}


def doubts_of(record: Mapping[str, Any] | None) -> tuple[Doubt, ...]:
    """Return the doubts that ``to_json`` wrote, from the artefact "doubts"; none where a round kept none."""
    return tuple(Doubt(**doubt) for doubt in (record or {}).get("doubts", ()))


def resting_on(doubts: Iterable[Doubt]) -> str:
    """Return the sentence that a chapter says when its figures rest on doubted data."""
    return _("Rests on doubted data: {seen}").format(seen=" ".join(doubt.seen for doubt in doubts))


def about(doubts: Iterable[Doubt], chapter: str) -> tuple[Doubt, ...]:
    """Return the serious doubts that the figures of a chapter (section of a notebook, such as "clusters") rest on."""
    return tuple(doubt for doubt in doubts if doubt.serious and chapter in KINDS[doubt.kind].chapters)
