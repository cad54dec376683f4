"""HTML that may enter the report: an allow-list, read and written again tag by tag.

An output is believed to be one of our records only when every tag and every attribute is one that
``helpers.story`` writes. Anything else is ``Foreign``, and is shown as its plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_TAGS = set(
    "section div h2 h3 p span strong em ol ul li dl dt dd details summary figure figcaption img table caption thead tbody tr th td".split()
)
_CLASS = r"aim-[a-z-]+( aim-[a-z-]+)*"
_ATTRIBUTES = {
    "class": _CLASS,
    "data-aim": r"[a-z]+",
    "data-sort": r"[-+.0-9a-z]*",
    "scope": r"col|row",
    "colspan": r"[0-9]{1,2}",
    "role": r"region",
    "tabindex": r"0",
    "aria-label": r"[^\x00]*",
    "alt": r"[^\x00]*",
    "src": r"data:image/png;base64,[A-Za-z0-9+/]+=*",
    "width": r"[0-9]+",
    "height": r"[0-9]+",
}
_RULES = {name: re.compile(rule) for name, rule in _ATTRIBUTES.items()}


class Foreign(ValueError):
    """HTML that our records do not write."""


@dataclass(frozen=True)
class Piece:
    """One record of a chapter: its role, and its HTML, clean."""

    role: str
    html: str


def read(html: str) -> list[Piece]:
    """Take an output apart into its records.

    Raises
    ------
    Foreign
        A tag, attribute or order of tags that our records do not write.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Foreign("a tag is not closed")
    return reader.pieces


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.pieces: list[Piece] = []
        self._role = ""
        self._written: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise Foreign(f"<{tag}>")
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name not in _RULES or not _RULES[name].fullmatch(value):
                raise Foreign(f"{name} in <{tag}>")
        if not self.open:
            if "data-aim" not in values:
                raise Foreign("not a record")
            self._role, self._written = values["data-aim"], []
        written = "".join(f' {n}="{escape(v)}"' for n, v in values.items() if n != "data-aim")
        self._written.append(f"<{tag}{written}>")
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Foreign(f"</{tag}> without its beginning")
        self._written.append(f"</{tag}>")
        if not self.open:
            self.pieces.append(Piece(self._role, "".join(self._written)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise Foreign(f"<{tag}/>")

    def handle_data(self, data: str) -> None:
        if self.open:
            self._written.append(escape(data, quote=False))
        elif data.strip():
            raise Foreign("words outside a record")

    def handle_comment(self, data: str) -> None:
        raise Foreign("a comment")

    def handle_decl(self, decl: str) -> None:
        raise Foreign("a declaration")

    def unknown_decl(self, data: str) -> None:
        raise Foreign("a declaration")

    def handle_pi(self, data: str) -> None:
        raise Foreign("a processing instruction")


def plain(words: str) -> Piece:
    """Return plain text as a piece, escaped."""
    return Piece("plain", f'<section class="aim-plain"><pre>{escape(words.strip())}</pre></section>')


def bare_picture(png: str, alt: str) -> Piece:
    """Return a picture that is not one of our records (base64), with a last-resort alternative text."""
    source = "data:image/png;base64," + "".join(png.split())
    if not _RULES["src"].fullmatch(source):
        raise Foreign("not a picture")
    image = f'<div class="aim-frame"><img src="{source}" alt="{escape(alt)}"></div>'
    return Piece("picture", f'<section class="aim-picture"><figure>{image}</figure></section>')
