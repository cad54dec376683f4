"""Mistakes that a user can mend: one sentence each, never a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MOST_SHOWN = 400


def printable(text: str) -> str:
    """Return text as it may stand in a message: without control characters that a terminal obeys, and not endless."""
    safe = "".join(character if character.isprintable() or character in "\u00a0\u202f" else "�" for character in text)
    return safe if len(safe) <= _MOST_SHOWN else safe[: _MOST_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One mistake in a client's folder, with all that is needed to mend it.

    Parameters
    ----------
    file : name of the file, relative to the client's folder.
    place : where in the file: a key of client.yml, or "line 12, column Datum"; may be empty.
    got : the offending value as the user typed it; may be empty.
    expected : what would have been right.
    fix : what to do, one sentence; may be empty.
    """

    file: str
    place: str
    got: str
    expected: str
    fix: str = ""

    def __str__(self) -> str:
        file, place, got, expected, fix = (printable(text) for text in (self.file, self.place, self.got, self.expected, self.fix))
        where = f"{file}, {place}" if place else file
        return f"{where}:{f' got {got!r};' if got else ''} expected {expected}.{f' {fix}' if fix else ''}"


class AimError(Exception):
    """Base of all errors that end in a plain sentence for the user."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence instead of a traceback in JupyterLab (IPython asks for this)."""
        return [str(self)]


class UserMistakes(AimError):
    """All mistakes found in a client's folder, in one list.

    Parameters
    ----------
    problems : the mistakes, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UndeclaredAccess(AimError):
    """A notebook reads or writes something its line in ``workbook`` does not declare."""


class MissingArtefact(AimError):
    """Something that an earlier notebook writes is not there yet."""


class EndOfPhase(AimError):
    """Ends a notebook early, after its reasoned section was shown; not a failure."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def did_you_mean(word: str, allowed: Sequence[str]) -> str:
    """Return a sentence that names the closest allowed word, or lists them all.

    Parameters
    ----------
    word : what was typed.
    allowed : the words that would have been right.

    Returns
    -------
    A sentence ending in a full stop or question mark; empty when nothing is allowed.
    """
    if not allowed:
        return ""
    close = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = ", ".join(sorted(allowed)[:12])
    return f"Allowed: {shown}." if len(allowed) <= 12 else f"Allowed, among others: {shown}."
