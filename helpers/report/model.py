"""What a report is made from: the chapters, and what stands at its head."""

from dataclasses import dataclass
from datetime import date

from nbformat import NotebookNode

from helpers.core.errors import AimError

SUMMARY = "00_summary"
_UNFIT = ("failed", "timed", "kernel")


class ReportRefused(AimError):
    """A notebook that did not end well was offered as a chapter."""


@dataclass(frozen=True)
class Chapter:
    """One executed notebook; it is never changed.

    Parameters
    ----------
    name : its file name without ending, such as "41_clusters"; "00_summary" stands first.
    title, phase : of the phase or analysis, as a reader sees it, and 1 to 6 (0 for the summary).
    status : how the notebook ended: "done" or "not enough data".
    """

    notebook: NotebookNode
    name: str
    title: str
    phase: int
    status: str = "done"

    def __post_init__(self) -> None:
        if self.status.startswith(_UNFIT):
            raise ReportRefused(f"{self.name} ended as {self.status!r}: no report is made from it.")

    @property
    def is_summary(self) -> bool:
        """True for the chapter that stands first."""
        return self.name == SUMMARY

    @property
    def anchor(self) -> str:
        """The id of the chapter in the page."""
        return "c" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in self.name)


@dataclass(frozen=True)
class Head:
    """What stands above the report.

    Parameters
    ----------
    client_name : as the client writes it.
    as_of : the day the round looks back from.
    subtitle : what the round looks at, such as "orders July 2017 to June 2021, 1,792 customers".
    language : "en", "nl", "de" or "sv": the page's own words and its ``lang``.
    accent : "#rrggbb"; darkened where it could not be read.
    round_number : 1 for a client's first round.
    made : sentences for the last part, "How this report was made"; none, no such part.
    """

    client_name: str
    as_of: date
    subtitle: str = ""
    language: str = "en"
    accent: str = "#0b6e6e"
    round_number: int = 1
    made: tuple[str, ...] = ()
