"""What all display records share: how they become an output, and how words become HTML."""

from __future__ import annotations

from html import escape as _escape
from typing import Any, ClassVar

from helpers.core.results import Verdict


class Record:
    """Base of the display records: an output with HTML, plain text and a role.

    A subclass gives ``role`` and the two methods ``to_html`` and ``to_text``.
    """

    role: ClassVar[str] = "record"

    def to_html(self) -> str:
        """Return the record as an HTML fragment."""
        raise NotImplementedError

    def to_text(self) -> str:
        """Return the record as readable plain text."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        data = {"text/html": self.to_html(), "text/plain": self.to_text()}
        return data, {"aim": {"role": self.role}}


def escape(words: object) -> str:
    """Return words as HTML text, safe inside elements and inside quoted attributes."""
    return _escape(str(words), quote=True)


def section(role: str, inner: str) -> str:
    """Return the outer element of a record, by which the report takes pages apart."""
    return f'<section class="aim-{role}" data-aim="{role}">{inner}</section>'


def paragraph(words: object, kind: str = "") -> str:
    """Return one paragraph, optionally with the class ``aim-<kind>``."""
    mark = f' class="aim-{kind}"' if kind else ""
    return f"<p{mark}>{escape(words)}</p>"


def verdict_html(verdict: Verdict) -> str:
    """Return a verdict as a sign and a word in an outline."""
    kind = verdict.kind.replace("_", "-")
    return f'<strong class="aim-verdict aim-{kind}">{verdict.sign} {escape(verdict.word)}</strong>'


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as a sign and a word."""
    return f"[{verdict.sign} {verdict.word}]"
