"""Reads one executed notebook: its question, the records it shows, and the terms it explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from helpers.core.wording import _
from helpers.report.fragments import Foreign, Piece, bare_picture, plain, read
from helpers.report.frames import frame
from helpers.report.model import Chapter, ReportRefused

DROPPED_TAGS = {"parameters", "injected-parameters", "papermill-error-cell-tag", "closing", "remove-cell"}
_OUR_END = "EndOfPhase"


@dataclass
class Reading:
    """What a notebook has to say: question, records in order, and its prose (Markdown)."""

    question: str = ""
    pieces: list[Piece] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


def read_notebook(chapter: Chapter) -> Reading:
    """Return what a chapter's notebook says, without code, streams, paths or tracebacks.

    The first Markdown cell holds title and question. The last cell, where it is Markdown, says what
    was written and what comes next, which is the notebook's business and not the reader's. After
    ``EndOfPhase`` nothing is read: the rest of the notebook never ran.

    Raises
    ------
    ReportRefused
        The notebook holds an error that is not the end of a phase.
    """
    cells = [cell for cell in chapter.notebook.cells if not DROPPED_TAGS & set(cell.metadata.get("tags", []))]
    if len(cells) > 1 and cells[-1].cell_type == "markdown":
        cells = cells[:-1]
    found = Reading()
    first = True
    for cell in cells:
        if cell.cell_type == "markdown":
            if first:
                found.question, first = _question(cell.source), False
            elif cell.source.strip():
                found.terms.append(cell.source)
        elif cell.cell_type == "code":
            found.pieces += _pieces(cell, chapter)
            if any(output.output_type == "error" for output in cell.outputs):
                break
    return found


def _question(source: str) -> str:
    """Return the first paragraph below the title, as plain words."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", source.strip())]
    lines = [line for line in "\n\n".join(blocks).splitlines()]
    prose = "\n".join(line for line in lines if not line.startswith("#")).strip()
    return re.sub(r"\s+", " ", re.sub(r"[*_`]", "", prose.split("\n\n")[0])).strip()


def _pieces(cell: NotebookNode, chapter: Chapter) -> Iterator[Piece]:
    for output in cell.outputs:
        if output.output_type == "error":
            if output.ename != _OUR_END:
                raise ReportRefused(f"{chapter.name} stopped with {output.ename}: no report is made from it.")
        elif output.output_type in ("display_data", "execute_result"):
            yield from _output(output, chapter)


def _output(output: NotebookNode, chapter: Chapter) -> list[Piece]:
    """Return an output as pieces: a record of ours, a simple frame, a picture, or its plain text."""
    data, html = output.data, _joined(output.data.get("text/html", ""))
    if html and "role" in output.metadata.get("aim", {}):
        try:
            return read(html)
        except Foreign:
            pass
    try:
        if html:
            return [frame(html, chapter.title)]
        if "image/png" in data:
            alt = output.metadata.get("image/png", {}).get("alt") or _("Picture from the chapter {title}")
            return [bare_picture(_joined(data["image/png"]), alt.replace("{title}", chapter.title))]
    except Foreign:
        pass
    words = _joined(data.get("text/plain", ""))
    return [plain(words)] if words.strip() else []


def _joined(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "".join(words)
