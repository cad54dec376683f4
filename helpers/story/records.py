"""The records of prose: answer, sentence, key figures, actions, how sure, refusal, page; and all records read back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from helpers.core.results import Action, KeyFigure, Refusal, Verdict
from helpers.core.wording import _
from helpers.story.base import NOTEBOOK, Place, Record, escape, paragraph, part_heading, section, verdict_html, verdict_text
from helpers.story.pictures import Picture
from helpers.story.text_table import TextTable


@dataclass(frozen=True)
class Answer(Record):
    """The answer of a chapter: a heading that is a full sentence, and why.

    The first answer of a notebook becomes the heading of its chapter in the report.
    """

    heading: str
    sentences: Sequence[str] = ()
    verdict: Verdict | None = None
    kind: Literal["answer"] = field(default="answer", kw_only=True)

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the heading, the verdict and the sentences."""
        mark = verdict_html(self.verdict) + " " if self.verdict else ""
        words = " ".join(escape(sentence) for sentence in self.sentences)
        lead = f'<p class="aim-lead">{mark}{words}</p>' if mark or words else ""
        return section(self.kind, _answer_heading(self.heading, place) + lead)

    def to_text(self) -> str:
        """Return heading, verdict and sentences as lines."""
        mark = [verdict_text(self.verdict)] if self.verdict else []
        return "\n".join([self.heading, " ".join([*mark, *self.sentences])]).strip()


def _answer_heading(words: str, place: Place) -> str:
    level = place.answer_level
    return "" if place.heading_above else f'<h{level} class="aim-heading">{escape(words)}</h{level}>'


@dataclass(frozen=True)
class Sentence(Record):
    """One paragraph that reads an outcome."""

    text: str
    kind: Literal["sentence"] = field(default="sentence", kw_only=True)

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the paragraph."""
        return section(self.kind, paragraph(self.text))

    def to_text(self) -> str:
        """Return the paragraph."""
        return self.text


@dataclass(frozen=True)
class KeyFigures(Record):
    """Three to five figures, each with what it is and how sure."""

    figures: Sequence[KeyFigure]
    kind: Literal["figures"] = field(default="figures", kw_only=True)

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the figures as a list of terms."""
        terms = ""
        for figure in self.figures:
            certainty = f'<dd class="aim-certainty">{escape(figure.certainty)}</dd>' if figure.certainty else ""
            number = f'<dd class="aim-figure">{escape(figure.figure)}</dd>'
            terms += f"<div><dt>{escape(figure.meaning)}</dt>{number}{certainty}</div>"
        return section(self.kind, f"<dl>{terms}</dl>")

    def to_text(self) -> str:
        """Return one line per figure."""
        return "\n".join(" · ".join(filter(None, (f.figure, f.meaning, f.certainty))) for f in self.figures)


@dataclass(frozen=True)
class Actions(Record):
    """What to do, each action with its certainty and its date or what it unlocks.

    ``heading`` is "What to do with it" where none is given, and "What to do first" on the first page.
    """

    actions: Sequence[Action]
    heading: str | None = None
    kind: Literal["actions"] = field(default="actions", kw_only=True)

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the heading and a numbered list; nothing at all where there is nothing to do."""
        if not self.actions:
            return section(self.kind, "")
        items = ""
        for action in self.actions:
            when = " · ".join(filter(None, (action.certainty, action.when)))
            note = f' <em class="aim-when">{escape(when)}</em>' if when else ""
            items += f'<li><span class="aim-do">{escape(action.text)}</span>{note}</li>'
        return section(self.kind, f"{part_heading(place.part_level, self._title(place))}<ol>{items}</ol>")

    def _title(self, place: Place) -> str:
        return self.heading or (_("What to do first") if place.first_page else _("What to do with it"))

    def to_text(self) -> str:
        """Return one numbered line per action."""
        if not self.actions:
            return ""
        lines = [f"{i}. {a.text}" + "".join(f" ({n})" for n in (a.certainty, a.when) if n) for i, a in enumerate(self.actions, 1)]
        return "\n".join([self._title(NOTEBOOK), *lines])


Part = str | Sequence[str] | TextTable


@dataclass(frozen=True)
class HowSure(Record):
    """The closed part of a chapter: "How sure is this, and how was it computed?".

    Parameters
    ----------
    parts : small heading (such as "Method", "Settings", "Checks", "Limits") to a paragraph, a
        list of sentences, or a table. Kept as pairs: a notebook file does not keep the order of a mapping.
    """

    parts: Mapping[str, Part] | Sequence[tuple[str, Part]]
    kind: Literal["sure"] = field(default="sure", kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.parts, Mapping):
            object.__setattr__(self, "parts", tuple(self.parts.items()))

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return one small heading per part, in closed details unless the place draws them."""
        inner = "".join(part_heading(place.part_level, name) + _part_html(part) for name, part in self._pairs())
        if place.unfolded:
            return inner
        return section(self.kind, f"<details><summary>{escape(self._title())}</summary>{inner}</details>")

    def to_text(self) -> str:
        """Return the parts below each other."""
        return "\n\n".join([self._title(), *(f"{name}\n{_part_text(part)}" for name, part in self._pairs())])

    def _title(self) -> str:
        return _("How sure is this, and how was it computed?")

    def _pairs(self) -> Sequence[tuple[str, Part]]:
        return tuple(self.parts.items()) if isinstance(self.parts, Mapping) else self.parts


def _part_html(part: Part) -> str:
    if isinstance(part, TextTable):
        return part.to_html()
    if isinstance(part, str):
        return paragraph(part)
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in part) + "</ul>"


def _part_text(part: Part) -> str:
    if isinstance(part, TextTable):
        return part.to_text()
    return part if isinstance(part, str) else "\n".join(f"- {line}" for line in part)


@dataclass(frozen=True)
class Reasoned(Record):
    """The section of an analysis that cannot answer: what is missing, and what to do instead."""

    refusal: Refusal
    kind: Literal["reasoned"] = field(default="reasoned", kw_only=True)

    @property
    def heading(self) -> str:
        """The sentence that heads the section, as that of an answer."""
        return self.refusal.heading

    def _facts(self) -> list[tuple[str, str]]:
        gate = self.refusal.gate
        facts = [
            (_("What it needs"), gate.needs),
            (_("What you have"), gate.has),
            (_("What would unlock it"), gate.unlock),
            (_("What you can do now"), gate.instead),
        ]
        return [(name, words) for name, words in facts if words]

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the heading, the verdict with its reason, and the four facts."""
        gate = self.refusal.gate
        facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in self._facts())
        lead = f'<p class="aim-lead">{verdict_html(gate.verdict)} {escape(gate.reason)}</p>'
        return section(self.kind, f"{_answer_heading(self.heading, place)}{lead}<dl>{facts}</dl>")

    def to_text(self) -> str:
        """Return heading, verdict, reason and facts as lines."""
        gate = self.refusal.gate
        facts = [f"{name}: {words}" for name, words in self._facts()]
        return "\n".join([self.heading, f"{verdict_text(gate.verdict)} {gate.reason}", *facts])


@dataclass(frozen=True)
class Page(Record):
    """Several records in one output, in order."""

    parts: Sequence[Record]

    def records(self) -> tuple[Record, ...]:
        """Return the parts, and those of pages among them."""
        return tuple(record for part in self.parts for record in part.records())

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the parts below each other."""
        return "".join(part.to_html(place) for part in self.parts)

    def to_text(self) -> str:
        """Return the parts with an empty line between them."""
        return "\n\n".join(part.to_text() for part in self.parts)


def read_records(content: object) -> list[Record]:
    """Return the records of an output, given as ``Record.to_json`` writes them, in a list.

    A notebook is a file that anybody may have changed: what is not exactly what our records write (a
    kind of record, field or type that they do not have, a picture that is not a PNG) is refused whole (ValueError).
    """
    return _known_records().validate_json(json.dumps(content))


@cache
def _known_records() -> TypeAdapter:
    kinds = Answer | Sentence | KeyFigures | Actions | TextTable | HowSure | Picture | Reasoned
    return TypeAdapter(list[Annotated[kinds, Field(discriminator="kind")]])
