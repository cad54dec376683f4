"""The records of prose: answer, sentence, key figures, actions, how sure, refusal, page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.core.results import Action, KeyFigure, Refusal, Verdict
from helpers.core.wording import _
from helpers.story.base import Record, escape, paragraph, section, verdict_html, verdict_text
from helpers.story.tables import Table


@dataclass(frozen=True)
class Answer(Record):
    """The answer of a chapter: a heading that is a full sentence, and why.

    The first answer of a notebook becomes the heading of its chapter in the report.
    """

    heading: str
    sentences: Sequence[str] = ()
    verdict: Verdict | None = None
    role = "answer"

    def to_html(self) -> str:
        """Return the heading, the verdict and the sentences."""
        mark = verdict_html(self.verdict) + " " if self.verdict else ""
        words = " ".join(escape(sentence) for sentence in self.sentences)
        lead = f'<p class="aim-lead">{mark}{words}</p>' if mark or words else ""
        return section(self.role, f'<h2 class="aim-heading">{escape(self.heading)}</h2>{lead}')

    def to_text(self) -> str:
        """Return heading, verdict and sentences as lines."""
        mark = [verdict_text(self.verdict)] if self.verdict else []
        return "\n".join([self.heading, " ".join([*mark, *self.sentences])]).strip()


@dataclass(frozen=True)
class Sentence(Record):
    """One paragraph that reads an outcome."""

    text: str
    role = "sentence"

    def to_html(self) -> str:
        """Return the paragraph."""
        return section(self.role, paragraph(self.text))

    def to_text(self) -> str:
        """Return the paragraph."""
        return self.text


@dataclass(frozen=True)
class KeyFigures(Record):
    """Three to five figures, each with what it is and how sure."""

    figures: Sequence[KeyFigure]
    role = "figures"

    def to_html(self) -> str:
        """Return the figures as a list of terms."""
        return section(self.role, f"<dl>{''.join(self._one(figure) for figure in self.figures)}</dl>")

    def _one(self, figure: KeyFigure) -> str:
        sure = f'<dd class="aim-certainty">{escape(figure.certainty)}</dd>' if figure.certainty else ""
        number = f'<dd class="aim-figure">{escape(figure.figure)}</dd>'
        return f"<div><dt>{escape(figure.meaning)}</dt>{number}{sure}</div>"

    def to_text(self) -> str:
        """Return one line per figure."""
        return "\n".join(" · ".join(filter(None, (f.figure, f.meaning, f.certainty))) for f in self.figures)


@dataclass(frozen=True)
class Actions(Record):
    """What to do, each action with its certainty and its date or what it unlocks.

    ``heading`` is "What to do with it" where none is given.
    """

    actions: Sequence[Action]
    heading: str | None = None
    role = "actions"

    def to_html(self) -> str:
        """Return the heading and a numbered list; nothing at all where there is nothing to do."""
        if not self.actions:
            return section(self.role, "")
        items = "".join(self._one(action) for action in self.actions)
        return section(self.role, f"<h3>{escape(self._title())}</h3><ol>{items}</ol>")

    def _title(self) -> str:
        return self.heading or _("What to do with it")

    def _one(self, action: Action) -> str:
        when = " · ".join(filter(None, (action.certainty, action.when)))
        note = f' <em class="aim-when">{escape(when)}</em>' if when else ""
        return f'<li><span class="aim-do">{escape(action.text)}</span>{note}</li>'

    def to_text(self) -> str:
        """Return one numbered line per action."""
        if not self.actions:
            return ""
        lines = [f"{i}. {a.text}" + "".join(f" ({n})" for n in (a.certainty, a.when) if n) for i, a in enumerate(self.actions, 1)]
        return "\n".join([self._title(), *lines])


@dataclass(frozen=True)
class HowSure(Record):
    """The closed part of a chapter: "How sure is this, and how was it computed?".

    Parameters
    ----------
    parts : small heading (such as "Method", "Settings", "Checks", "Limits") to a paragraph, a
        list of sentences, or a ``Table``.
    """

    parts: Mapping[str, str | Sequence[str] | Table]
    role = "sure"

    def to_html(self) -> str:
        """Return closed details with one small heading per part."""
        inner = "".join(f"<h3>{escape(name)}</h3>{self._part(part)}" for name, part in self.parts.items())
        return section(self.role, f"<details><summary>{escape(sure_title())}</summary>{inner}</details>")

    def _part(self, part: str | Sequence[str] | Table) -> str:
        if isinstance(part, Record):
            return part.to_html()
        if isinstance(part, str):
            return paragraph(part)
        return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in part) + "</ul>"

    def to_text(self) -> str:
        """Return the parts below each other."""
        return "\n\n".join([sure_title(), *(f"{name}\n{_plain(part)}" for name, part in self.parts.items())])


def sure_title() -> str:
    """Return the line that opens the closed part of a chapter."""
    return _("How sure is this, and how was it computed?")


def _plain(part: str | Sequence[str] | Table) -> str:
    if isinstance(part, Record):
        return part.to_text()
    return part if isinstance(part, str) else "\n".join(f"- {line}" for line in part)


@dataclass(frozen=True)
class Reasoned(Record):
    """The section of an analysis that cannot answer: what is missing, and what to do instead."""

    refusal: Refusal
    role = "reasoned"

    def _facts(self) -> list[tuple[str, str]]:
        gate = self.refusal.gate
        facts = [
            (_("What it needs"), gate.needs),
            (_("What you have"), gate.has),
            (_("What would unlock it"), gate.unlock),
            (_("What you can do now"), gate.instead),
        ]
        return [(name, words) for name, words in facts if words]

    def to_html(self) -> str:
        """Return the heading, the verdict with its reason, and the four facts."""
        gate = self.refusal.gate
        facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in self._facts())
        lead = f'<p class="aim-lead">{verdict_html(gate.verdict)} {escape(gate.reason)}</p>'
        heading = f'<h2 class="aim-heading">{escape(self.refusal.heading)}</h2>'
        return section(self.role, f"{heading}{lead}<dl>{facts}</dl>")

    def to_text(self) -> str:
        """Return heading, verdict, reason and facts as lines."""
        gate = self.refusal.gate
        facts = [f"{name}: {words}" for name, words in self._facts()]
        return "\n".join([self.refusal.heading, f"{verdict_text(gate.verdict)} {gate.reason}", *facts])


@dataclass(frozen=True)
class Page(Record):
    """Several records in one output, in order."""

    parts: Sequence[Record]
    role = "page"

    def to_html(self) -> str:
        """Return the parts below each other."""
        return "".join(part.to_html() for part in self.parts)

    def to_text(self) -> str:
        """Return the parts with an empty line between them."""
        return "\n\n".join(part.to_text() for part in self.parts)
