"""What was seen in files that nobody has declared yet, what is proposed for them, and what only a person can decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

ColumnKind = Literal["id", "date", "number", "flag", "text", "empty"]


@dataclass(frozen=True)
class SeenColumn:
    """One column of a file, from a sample of its rows.

    Parameters
    ----------
    name : as the file writes it.
    cells : the sampled cells as text, stripped; "" where empty. One per sampled row, in the file's order.
    kind : what the great majority of the filled cells may be.
    readings : the likeliest first; more than one is a question. With a date: the forms of strftime that most cells fit, each a value
        of date_format: one form, or a tuple of forms where cells are written in several. With a number: the pairs (decimal,
        thousands) that most cells fit. Most is at least 98 % of the filled cells; what does not fit is counted in the evidence.
    """

    name: str
    cells: tuple[str, ...]
    kind: ColumnKind
    readings: tuple[Any, ...] = ()

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True)
class SeenFile:
    """One file, or one sheet of a workbook.

    Parameters
    ----------
    path : the file.
    block : the keys of a source in client.yml that say how the file is written (file, format, encoding, delimiter, quote, packed,
        skip_lines, skip_last, header, sheet, trailing_delimiter, minus, number_signs, empty_words ...); only what differs from
        the defaults, except ``file``.
    columns : its columns, in its order; none for a format that brings its own (combined_log, ga4).
    rows : rows in the sample.
    whole : True when the sample is the whole file.
    evidence : sentences that say why it is read so.
    preset : name of the system's export that its header is; "" for none.
    """

    path: Path
    block: Mapping[str, Any]
    columns: tuple[SeenColumn, ...]
    rows: int
    whole: bool
    evidence: tuple[str, ...] = ()
    preset: str = ""

    @property
    def label(self) -> str:
        """Its name in questions and messages: the file, and the sheet of a workbook."""
        return f"{self.path.name} {self.block.get('sheet', '')}".strip()

    def column(self, name: str) -> SeenColumn:
        """Return a column by its name (KeyError where there is none)."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Question:
    """What the files alone cannot decide.

    Parameters
    ----------
    name : stable name, by which an answer is given back, such as "date_format orders.csv".
    text : the question, one plain sentence with an example from the file.
    choices : the allowed answers: value -> what it means.
    usual : the answer taken without a person; a key of ``choices``.
    reason : why that one.
    weight : how much depends on it; the heaviest are asked first.
    """

    name: str
    text: str
    choices: Mapping[str, str]
    usual: str
    reason: str
    weight: float = 1.0


@dataclass(frozen=True)
class Draft:
    """A client.yml that reads, as far as the files tell.

    Parameters
    ----------
    settings : keys of client.yml outside ``sources``, such as client.kind, client.currency, as_of, confirmed; nested plain values.
    sources : source blocks, only what differs from the defaults, in the order in which they should stand.
    reasons : why a value is as it is, by its place such as "as_of", "sources.0.ids" or "sources.2.set_aside.0"; one short sentence.
    questions : what was not asked or answered, the heaviest first; ``usual`` was taken.
    doubts : sentences of what a person should look at, such as a doubt of ``aim check``.
    left_out : files, sheets and columns that are not used, with the reason.
    rows : rows read per source, in their order.
    """

    settings: Mapping[str, Any]
    sources: tuple[Mapping[str, Any], ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    doubts: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
