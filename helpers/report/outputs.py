"""An output of a notebook ↔ what the report shows of it: our records, else a picture or plain text.

A notebook is a file that anybody may have changed. An output is one of our records only where all of
its JSON is what our records write (``story.read_records``); HTML in it is never looked at.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers.story import RECORDS, Place, Record, read_records
from helpers.story.base import NOTEBOOK, escape, section
from helpers.story.pictures import checked_png, framed_image


@dataclass(frozen=True)
class PlainText(Record):
    """An output that is not ours, as its plain text."""

    text: str
    kind = "plain"

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the text as it stands, letter by letter."""
        return section(self.kind, f"<pre>{escape(self.text)}</pre>")


@dataclass(frozen=True)
class BarePicture(Record):
    """A picture that is not ours, such as a figure that somebody drew in a cell."""

    png: bytes
    alt: str
    kind = "picture"

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the picture without caption and figures."""
        return section(self.kind, f"<figure>{framed_image(self.png, self.alt)}</figure>")


def read_output(output: NotebookNode, fallback_alt: str) -> Sequence[Record]:
    """Return what an output of the type "display_data" or "execute_result" shows; nothing where it has no words at all.

    A picture that brings no alternative text gets the fallback.
    """
    with suppress(ValueError):  # what is not quite a record or a picture is shown as its plain text
        if RECORDS in output.data:
            return read_records(output.data[RECORDS])
        if "image/png" in output.data:
            said = output.metadata.get("image/png")
            alt = (isinstance(said, Mapping) and said.get("alt")) or fallback_alt
            encoded = "".join(_joined(output.data["image/png"]).split())
            return [BarePicture(checked_png(b64decode(encoded, validate=True)), str(alt))]
    text = _joined(output.data.get("text/plain", "")).strip()
    return [PlainText(text)] if text else []


def write_output(record: Record) -> NotebookNode:
    """Return the output from which ``read_output`` gives the record back."""
    if isinstance(record, PlainText):
        return new_output("display_data", {"text/plain": record.text})
    if isinstance(record, BarePicture):
        picture = b64encode(record.png).decode("ascii")
        return new_output("display_data", {"image/png": picture}, metadata={"image/png": {"alt": record.alt}})
    return new_output("display_data", {RECORDS: [record.to_json()]})


def _joined(text: Any) -> str:
    """Return a text that a notebook file may hold as a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
