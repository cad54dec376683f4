"""Puts the chapters in the order a reader needs: answer, why, picture, how sure, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpers.core.wording import _, day
from helpers.report.fragments import Piece
from helpers.report.model import Chapter, Head
from helpers.report.reading import Reading, read_notebook

_HEADING = re.compile(r'<h2 class="aim-heading">(.*?)</h2>', re.DOTALL)
_SURE = re.compile(r"<section[^>]*><details><summary>.*?</summary>(.*)</details></section>", re.DOTALL)
_ANSWERS = ("answer", "reasoned")


def merge(chapters: Sequence[Chapter], head: Head) -> NotebookNode:
    """Return one notebook that holds the whole report, ready for ``AimExporter``.

    Every cell carries ``metadata.aim`` with its chapter and its place there: "lead" (what follows the
    heading), "body", "sure" (inside the closed part), "terms" (prose, inside the closed part) or
    "after" (below it). The notebook's ``metadata.aim`` holds the head and the outline. Cell ids are
    fixed, and nothing of the run (times, paths, counts) is kept.

    Raises
    ------
    ReportRefused
        A notebook holds an error that is not the end of a phase.
    """
    ordered = sorted(chapters, key=lambda one: (not one.is_summary, one.name))
    merged = nbformat.v4.new_notebook()
    outline = []
    for chapter in ordered:
        reading = read_notebook(chapter)
        answer = next((at for at, piece in enumerate(reading.pieces) if piece.role in _ANSWERS), None)
        outline.append(_entry(chapter, reading, answer, head))
        for place, content in _placed(chapter, reading, answer):
            merged.cells.append(_cell(chapter, len(merged.cells), place, content))
    _number_phases(outline)
    merged.metadata["aim"] = {"head": _head(head), "chapters": outline}
    return merged


def _entry(chapter: Chapter, reading: Reading, answer: int | None, head: Head) -> dict[str, Any]:
    """Return the outline of a chapter; ``heading`` is HTML already."""
    found = _HEADING.search(reading.pieces[answer].html) if answer is not None else None
    fallback = head.client_name if chapter.is_summary else chapter.title
    return {
        "name": chapter.name,
        "anchor": chapter.anchor,
        "title": chapter.title,
        "phase": chapter.phase,
        "level": 1 if chapter.is_summary else 2,
        "question": "" if chapter.is_summary else reading.question,
        "heading": found.group(1) if found else "",
        "fallback": fallback,
        "only_terms": not any(piece.role == "sure" for piece in reading.pieces),
    }


def _number_phases(outline: list[dict[str, Any]]) -> None:
    """Mark the first chapter of every phase: it starts a page, the others stand below it."""
    seen: set[int] = set()
    for entry in outline:
        entry["starts_phase"] = entry["phase"] not in seen
        seen.add(entry["phase"])


def _placed(chapter: Chapter, reading: Reading, answer: int | None) -> list[tuple[str, str | Piece]]:
    """Return the content of a chapter with its place, in the order of the page."""
    level = 1 if chapter.is_summary else 2
    pieces = list(reading.pieces)
    placed: list[tuple[str, str | Piece]] = []
    if answer is not None:
        first = pieces.pop(answer)
        placed.append(("lead", Piece(first.role, _levels(_HEADING.sub("", first.html, count=1), level))))
    fold = _fold(pieces)
    for at, piece in enumerate(pieces):
        html = _levels(piece.html, level)
        if piece.role == "sure":
            placed.append(("sure", Piece("sure", _SURE.fullmatch(html).group(1))))
        elif piece.role == "actions" and chapter.is_summary:
            placed.append(("body" if at < fold else "after", Piece("actions", _first_things(html))))
        else:
            placed.append(("body" if at < fold else "after", Piece(piece.role, html)))
    # The first page is a letter: its terms are explained in the chapters.
    return placed + [("terms", source) for source in reading.terms if not chapter.is_summary]


def _fold(pieces: list[Piece]) -> int:
    """Return before which piece the closed part stands: where it was shown, or above the last actions."""
    shown = [at for at, piece in enumerate(pieces) if piece.role == "sure"]
    if shown:
        return shown[-1]
    fold = len(pieces)
    while fold and pieces[fold - 1].role == "actions":
        fold -= 1
    return fold


def _levels(html: str, level: int) -> str:
    """Return a record's HTML with its headings one below the chapter's."""
    return re.sub(r"<(/?)h[23]\b", rf"<\1h{level + 1}", html)


def _first_things(html: str) -> str:
    """Return the actions of the summary under the heading of a first screen."""
    default = f">{_('What to do with it')}</h2>"
    return html.replace(default, f">{_('What to do first')}</h2>", 1)


def _cell(chapter: Chapter, at: int, place: str, content: str | Piece) -> NotebookNode:
    aim = {"chapter": chapter.name, "place": place}
    name = f"{chapter.anchor}-{at:03d}"
    if isinstance(content, str):
        return NotebookNode(id=name, cell_type="markdown", metadata={"aim": aim}, source=content)
    output = nbformat.v4.new_output("display_data", {"text/html": content.html})
    cell = nbformat.v4.new_code_cell("", outputs=[output], metadata={"aim": {**aim, "role": content.role}})
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
