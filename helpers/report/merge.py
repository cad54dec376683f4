"""Puts the chapters in the order a reader needs: answer, why, picture, how sure, what to do."""

from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpers.core.wording import _, day
from helpers.report.model import Chapter, Head
from helpers.report.reading import Reading, read_notebook, write_output
from helpers.story import Actions, Answer, HowSure, Reasoned, Record


def merge(chapters: Sequence[Chapter], head: Head) -> NotebookNode:
    """Return one notebook that holds the whole report, ready for ``AimExporter``.

    Every cell carries ``metadata.aim`` with its chapter and its place there: "lead" (what follows the
    heading), "body", "sure" (inside the closed part), "terms" (prose, inside the closed part) or
    "after" (below it). The notebook's ``metadata.aim`` holds the head and the outline. Cell ids are
    fixed, and nothing of the run (times, paths, counts) is kept.

    Raises
    ------
    ReportRefused : a notebook holds an error that is not the end of a phase.
    """
    merged = nbformat.v4.new_notebook()
    outline: list[dict[str, Any]] = []
    for chapter in sorted(chapters, key=lambda chapter: (not chapter.is_summary, chapter.name)):
        reading = read_notebook(chapter)
        lead = next((record for record in reading.records if isinstance(record, Answer | Reasoned)), None)
        # The first chapter of every phase starts a page, the others stand below it.
        starts_phase = all(entry["phase"] != chapter.phase for entry in outline)
        outline.append(_entry(chapter, reading, lead, head) | {"starts_phase": starts_phase})
        for place, content in _placed(chapter, reading, lead):
            merged.cells.append(_cell(chapter, len(merged.cells), place, content))
    merged.metadata["aim"] = {"head": _head(head), "chapters": outline}
    return merged


def _entry(chapter: Chapter, reading: Reading, lead: Answer | Reasoned | None, head: Head) -> dict[str, Any]:
    """Return the outline of a chapter."""
    return {
        "name": chapter.name,
        "anchor": chapter.anchor,
        "title": chapter.title,
        "phase": chapter.phase,
        "level": 1 if chapter.is_summary else 2,
        "question": "" if chapter.is_summary else reading.question,
        "heading": lead.heading if lead else head.client_name if chapter.is_summary else chapter.title,
        "only_terms": not any(isinstance(record, HowSure) for record in reading.records),
    }


def _placed(chapter: Chapter, reading: Reading, lead: Record | None) -> list[tuple[str, str | Record]]:
    """Return the content of a chapter with its place, in the order of the page."""
    placed: list[tuple[str, str | Record]] = [("lead", lead)] if lead else []
    records = [record for record in reading.records if record is not lead]
    fold = _fold(records)
    for position, record in enumerate(records):
        beside = "body" if position < fold else "after"
        placed.append(("sure" if isinstance(record, HowSure) else beside, record))
    # The first page is a letter: its terms are explained in the chapters.
    return placed + [("terms", source) for source in reading.terms if not chapter.is_summary]


def _fold(records: list[Record]) -> int:
    """Return before which record the closed part stands: where it was shown, or above the last actions."""
    closed = [position for position, record in enumerate(records) if isinstance(record, HowSure)]
    if closed:
        return closed[-1]
    fold = len(records)
    while fold and isinstance(records[fold - 1], Actions):
        fold -= 1
    return fold


def _cell(chapter: Chapter, number: int, place: str, content: str | Record) -> NotebookNode:
    metadata = {"aim": {"chapter": chapter.name, "place": place}}
    name = f"{chapter.anchor}-{number:03d}"
    if isinstance(content, str):
        return NotebookNode(id=name, cell_type="markdown", metadata=metadata, source=content)
    cell = nbformat.v4.new_code_cell("", outputs=[write_output(content)], metadata=metadata)
    cell["id"] = name
    return cell


def _head(head: Head) -> dict[str, Any]:
    above = [_("Round {n}").format(n=head.round_number), head.subtitle]
    return {
        "client": head.client_name,
        "as_of": _("as of {day}").format(day=day(head.as_of)),
        "above": " · ".join(filter(None, above)),
        "language": head.language,
        "accent": head.accent,
        "made": list(head.made),
    }
