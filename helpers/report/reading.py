"""Reads one executed notebook: its question, the records it shows, and the terms it explains."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from helpers.core.wording import _
from helpers.report.model import Chapter, ReportRefused
from helpers.report.outputs import read_output
from helpers.story import Record

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
