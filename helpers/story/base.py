"""What all display records share: how they become an output, and how words become HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape as _escape
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter

from helpers.core.results import Verdict

RECORDS = "application/vnd.aim.record+json"  # the kind of output that the report is built from: a list of records

# A sign before a currency, as in "-€ 5"; before a digit no line breaks anyway (Unicode Standard Annex 14, LB25).
_SIGN = re.compile("(?<![\\w-])([-+−])(?=[^\\s\\d-]{1,4}\u00a0\\d)")
_WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class Place:
    """Where a record is rendered; as it stands, in a notebook.

    Parameters
    ----------
    answer_level : of the heading of an answer, 1 to 6.
    part_level : of the headings inside a record.
    heading_above : the answer's heading stands above already, as that of its chapter.
    unfolded : what surrounds the record draws the closed part "How sure is this?" itself.
    first_page : the summary, whose actions are "What to do first".
    """

    answer_level: int = 2
    part_level: int = 3
    heading_above: bool = False
    unfolded: bool = False
    first_page: bool = False


NOTEBOOK = Place()


class Record:
    """Base of the display records: frozen dataclasses that become an output.

    A subclass has a field ``kind``, by which it is recognised when it is read back, and the two
    methods ``to_html`` and ``to_text``. In an output it stands as JSON for the report, and as HTML
    and text for those who open the notebook.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, ser_json_bytes="base64", val_json_bytes="base64")
    kind: str

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the record as an HTML fragment that fits its place."""
        raise NotImplementedError

    def to_text(self) -> str:
        """Return the record as readable plain text."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values; ``helpers.story.read_records`` reads them back."""
        return self._adapter().dump_python(self, mode="json")

    @classmethod
    @cache
    def _adapter(cls) -> TypeAdapter:
        return TypeAdapter(cls)

    def records(self) -> tuple[Record, ...]:
        """Return the records that stand in the output: of a page its parts, else this one."""
        return (self,)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # The picture is in the JSON and in the HTML: JupyterLab shows one kind only, and finds no picture in another.
        return {RECORDS: [record.to_json() for record in self.records()], "text/html": self.to_html(), "text/plain": self.to_text()}


def escape(words: object) -> str:
    """Return words as HTML text, safe between tags; no line ends between a sign and its amount."""
    return _SIGN.sub(rf"\1{_WORD_JOINER}", _escape(str(words), quote=False))


def attribute(words: object) -> str:
    """Return words as HTML text, safe inside a quoted attribute."""
    return _escape(str(words), quote=True)


def section(kind: str, inner: str) -> str:
    """Return the outer element of a record."""
    return f'<section class="aim-{kind}">{inner}</section>'


def paragraph(words: object) -> str:
    """Return one paragraph."""
    return f"<p>{escape(words)}</p>"


def part_heading(level: int, words: object) -> str:
    """Return a heading inside a record."""
    return f"<h{level}>{escape(words)}</h{level}>"


def verdict_html(verdict: Verdict) -> str:
    """Return a verdict as a sign and a word in an outline."""
    kind = verdict.kind.replace("_", "-")
    return f'<strong class="aim-verdict aim-{kind}">{verdict.sign} {escape(verdict.word)}</strong>'


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as a sign and a word."""
    return f"[{verdict.sign} {verdict.word}]"
