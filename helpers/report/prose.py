"""Markdown of our notebooks as HTML: words only; no raw HTML, no links, no pictures."""

from __future__ import annotations

import re
from html import escape

import mistune


class _Words(mistune.HTMLRenderer):
    """Writes prose; a link keeps its words and loses its address, a picture keeps its words."""

    def __init__(self, level: int):
        super().__init__(escape=True)
        self._level = level

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Return every heading at the one level that fits its place."""
        return f"<h{self._level}>{text}</h{self._level}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return the words of a link."""
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the words of a picture."""
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a block of code as plain text, whatever language it claims to be."""
        return f"<pre>{escape(code)}</pre>\n"


def prose(source: str, level: int = 4) -> str:
    """Return Markdown as HTML, all headings at ``level``."""
    html = mistune.create_markdown(renderer=_Words(level), plugins=["table"])(source)
    # mistune aligns table cells with inline styles, which the page's content policy refuses.
    html = re.sub(r' style="text-align:(left|center)"', "", html)
    return html.replace(' style="text-align:right"', ' class="aim-number"').strip()
