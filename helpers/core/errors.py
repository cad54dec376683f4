"""Mistakes that a user can mend: one sentence each, never a traceback."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_MOST_SHOWN = 400
_EXAMPLES = 3
# An address, a phone number, or what may be a secret.
_PERSONAL = re.compile(r"@|[0-9][0-9 ./-]{7,}|passw|secret|token", re.IGNORECASE)


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
    count : how many equal mistakes it stands for; ``got`` then holds the first few values.
    """

    file: str
    place: str
    got: str
    expected: str
    fix: str = ""
    count: int = 1

    def __str__(self) -> str:
        """Say it with the value itself: for the person at the terminal, who has the file open."""
        got = printable(self.got)
        return self._sentence(repr(got) if got else "")

    @property
    def safe(self) -> str:
        """The same for a file that stays, or a log: the kind of value instead of the value, which may be a person's."""
        # What stands in client.yml the consultant has typed.
        shown = self.file == "client.yml" and not _PERSONAL.search(self.got)
        return self._sentence(repr(printable(self.got)) if self.got and shown else kind_of(self.got))

    def _sentence(self, got: str) -> str:
        file, place, expected, fix = (printable(text) for text in (self.file, self.place, self.expected, self.fix))
        where = f"{file}, {place}" if place else file
        return f"{where}:{f' got {got};' if got else ''} expected {expected}.{f' {fix}' if fix else ''}"


def kind_of(text: str) -> str:
    """Return what kind of value a cell is, without the value; empty for an empty one."""
    if not text:
        return ""
    if "@" in text:
        return "text with an @"
    if re.fullmatch(r"[-+(]?[0-9][0-9 .,'()%]*", text.strip()):
        return f"a number of {sum(sign.isdigit() for sign in text)} digits"
    if re.fullmatch(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}.*", text.strip()):
        return "a date or time"
    return f"text of {len(text)} characters"


def condensed(problems: Iterable[Problem], count: int = 0) -> list[Problem]:
    """Return problems with equal ones as one: their places, three examples, and how many there are.

    Parameters
    ----------
    problems : mistakes of one file or of a whole client, in order; they are equal where file, column, expectation and fix are.
    count : how many there are in all, where only the first are given; what is not given goes to the last kind.
    """
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        line, column = _line_and_rest(problem.place)
        rest = column if line else problem.got
        where = "" if line else problem.place.split(",")[0]
        groups.setdefault((problem.file, rest, problem.expected, problem.fix, where), []).append(problem)
    unlisted = max(0, count - sum(problem.count for group in groups.values() for problem in group))
    last = len(groups) - 1
    return [_one_of(group, unlisted if place == last else 0) for place, group in enumerate(groups.values())]


def _one_of(group: list[Problem], unlisted: int) -> Problem:
    number = sum(problem.count for problem in group) + unlisted
    if number == 1 or (len(group) == 1 and not unlisted):
        return group[0]
    lines = [_line_and_rest(problem.place) for problem in group[:_EXAMPLES]]
    places = ", ".join(line.split(" ", 1)[1] for line, _ in lines if line)
    word = lines[0][0].split(" ", 1)[0] + "s" if lines[0][0] else ""
    rest = number - len(lines)
    more = f" and {rest} more" if rest else ""
    place = ", ".join(part for part in (f"{word} {places}{more}", lines[0][1]) if part.strip())
    values = ", ".join(dict.fromkeys(problem.got for problem in group[:_EXAMPLES] if problem.got))
    return replace(group[0], place=place if word else f"{group[0].place}{more}", got=values, count=number)


def _line_and_rest(place: str) -> tuple[str, str]:
    match = re.match(r"((?:line|row) [0-9]+)(?:, (.*))?$", place, re.DOTALL)
    return (match.group(1), match.group(2) or "") if match else ("", place)


class AimError(Exception):
    """Base of all errors that end in a plain sentence for the user."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence instead of a traceback in JupyterLab (IPython asks for this)."""
        return [str(self)]


class UserMistakes(AimError):
    """All mistakes found in a client's folder, in one list, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems: tuple[Problem, ...] = tuple(condensed(problems))
        # The text of an exception ends in records, notebooks and logs.
        super().__init__("\n".join(problem.safe for problem in self.problems))


class HeldBack(AimError):
    """The exports changed since the last round in a way that somebody has to look at first."""


class UndeclaredAccess(AimError):
    """A notebook reads or writes something its line in ``workbook`` does not declare."""


class MissingArtefact(AimError):
    """Something that an earlier notebook writes is not there yet."""


class EndOfPhase(AimError):
    """Ends a notebook early, after its reasoned section was shown; not a failure."""


def did_you_mean(word: str, allowed: Sequence[str]) -> str:
    """Return a sentence that names the allowed word closest to what was typed, or lists them all; empty when nothing is allowed."""
    if not allowed:
        return ""
    same = [name for name in allowed if name.casefold() == str(word).casefold()]
    close = same or difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = ", ".join(sorted(allowed)[:12])
    return f"Allowed: {shown}." if len(allowed) <= 12 else f"Allowed, among others: {shown}."
