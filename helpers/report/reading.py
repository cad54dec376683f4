"""Reads one executed notebook: its question, the records it shows, and the terms it explains.

A notebook is a file that anybody may have changed. An output is one of our records only where all of
its JSON is what our records write (``story.read_records``); else it is shown as a picture or plain text, and
HTML in it is never looked at.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers.core.wording import _
from helpers.report.model import Chapter, ReportRefused
from helpers.story import RECORDS, Place, Record, read_records
from helpers.story.base import NOTEBOOK, escape, section
from helpers.story.pictures import checked_png, framed_image

DROPPED_TAGS = {"parameters", "injected-parameters", "papermill-error-cell-tag", "closing", "remove-cell"}
_OUR_END = "EndOfPhase"


@dataclass
class Reading:
    """What a notebook has to say: question, records in order, and its prose (Markdown)."""

    question: str = ""
    records: list[Record] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


def read_notebook(chapter: Chapter) -> Reading:
    """Return what a chapter's notebook says, without code, streams, paths or tracebacks.

    The first Markdown cell holds title and question. The last cell, where it is Markdown, says what
    was written and what comes next, which is the notebook's business and not the reader's. After
    ``EndOfPhase`` nothing is read: the rest of the notebook never ran.

    Raises
    ------
    ReportRefused : the notebook holds an error that is not the end of a phase, or an output that cannot be shown.
    """
    cells = [cell for cell in chapter.notebook.cells if not DROPPED_TAGS & set(cell.metadata.get("tags", []))]
    if len(cells) > 1 and cells[-1].cell_type == "markdown":
        cells = cells[:-1]
    reading = Reading()
    before_title = True
    for cell in cells:
        if cell.cell_type == "markdown":
            if before_title:
                reading.question, before_title = _question(cell.source), False
            elif "**" in cell.source:  # a term is set in bold where it is explained; the rest leads to what follows
                reading.terms.append(cell.source)
        elif cell.cell_type == "code":
            reading.records += _records(cell, chapter)
            if any(output.output_type == "error" for output in cell.outputs):
                break
    return reading


def _question(source: str) -> str:
    """Return the first paragraph below the title, as plain words."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", source.strip())]
    lines = "\n\n".join(blocks).splitlines()
    prose = "\n".join(line for line in lines if not line.startswith("#")).strip()
    return re.sub(r"\s+", " ", re.sub(r"[*_`]", "", prose.split("\n\n")[0])).strip()


def _records(cell: NotebookNode, chapter: Chapter) -> Iterator[Record]:
    for output in cell.outputs:
        if output.output_type == "error":
            if output.ename != _OUR_END:
                raise ReportRefused(f"{chapter.name} stopped with {output.ename}: no report is made from it.")
        elif output.output_type in ("display_data", "execute_result"):
            yield from _shown(output, cell, chapter)


def _shown(output: NotebookNode, cell: NotebookNode, chapter: Chapter) -> Sequence[Record]:
    """Return the records of an output, each written once on trial: only here is it known in which cell it stands."""
    try:
        records = read_output(output, _("Picture from the chapter {title}").replace("{title}", chapter.title))
        for record in records:
            record.to_html()
    except Exception as error:  # an output may hold anything, and one odd output must not end in a traceback
        sentence = _("{notebook}: the report cannot show what the cell numbered {cell} shows ({error}). Change that cell, or remove it.")
        kind = type(error).__name__
        raise ReportRefused(sentence.format(notebook=chapter.name, cell=cell.execution_count, error=kind)) from error
    return records


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
