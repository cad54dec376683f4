"""What one source block of client.yml says of ids, rows and columns, in blocks of its own."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

STRICT = ConfigDict(extra="forbid", frozen=True)


class IdRepair(BaseModel):
    """How ids of one source are brought into the form that the other sources use."""

    model_config = STRICT
    after: Annotated[str, Field(max_length=3)] = Field(
        "", description="The id is what follows this mark, such as '-'; where it is missing, all of it."
    )
    after_times: int = Field(1, ge=1, le=9, description="With after: behind how many of these marks the id begins.")
    strip_prefix: str | tuple[str, ...] = Field(
        "", description="Text removed from the front of the id, where it stands there; a list when there are several."
    )
    strip_suffix: Annotated[str, Field(max_length=20)] = Field(
        "", description="Text removed from the end of the id, where it stands there, such as '.0' of a whole number that became a fraction."
    )
    drop: str = Field("", description="Characters removed everywhere in the id, such as '- .'.")
    digits_only: bool = Field(False, description="True: everything but digits is removed.")
    strip_zeros: bool = Field(False, description="True: zeros in front are removed.")
    zero_pad: int = Field(0, ge=0, le=40, description="Length up to which zeros are put in front; 0 for none.")
    upper: bool = Field(False, description="Turn letters into capitals.")
    add_prefix: Annotated[str, Field(max_length=20)] = Field(
        "", description="Text put in front of the id, where two systems use the same number for different things."
    )
    nobody: tuple[str, ...] = Field(
        (),
        description="Ids that name nobody, such as a till's or a guest account's '0', in the form that the rules above give: the cell "
        "counts as empty, and the order's revenue counts for no customer.",
    )
    powers_of_ten: bool = Field(False, description="True: 9e+05 is 900000, where the system writes every digit, as R does; Excel does not.")

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What ``strip_prefix`` names, the longest first: a prefix may begin another."""
        given = (self.strip_prefix,) if isinstance(self.strip_prefix, str) else self.strip_prefix
        return tuple(sorted(filter(None, given), key=len, reverse=True))


class SetAsideRule(BaseModel):
    """A rule that sets rows aside; the rows are counted, with their money, never lost."""

    model_config = STRICT
    name: str = Field(description="Short name of the rule, shown in the report.")
    column: str = Field(description="Our name of the column that the rule looks at.")
    reason: str = Field("", description="Why these rows are not used, in words for the report.")
    empty: bool = Field(False, description="True: set aside rows where the column is empty.")
    unreadable: bool = Field(
        False, description="True: set aside rows whose cell in the column cannot be read, such as a date of 30 February."
    )
    equals: tuple[str, ...] = Field((), description="Set aside rows where the column equals one of these.")
    other_than: tuple[str, ...] = Field((), description="Set aside rows where the column is filled with anything else.")
    starts_with: tuple[str, ...] = Field((), max_length=50, description="Set aside rows where the column starts with one of these.")
    matches: str = Field("", description="Set aside rows where the whole column matches this regular expression.")
    at_most: float | None = Field(None, description="Set aside rows where the number is at most this.")
    at_least: float | None = Field(None, description="Set aside rows where the number is at least this.")
    apply: bool = Field(True, description="False: the rows are counted but kept.")

    @model_validator(mode="after")
    def _one_condition(self) -> SetAsideRule:
        given = [self.empty, self.unreadable, self.equals, self.other_than, self.starts_with, self.matches]
        count = sum(map(bool, given)) + (self.at_most is not None) + (self.at_least is not None)
        if count != 1:
            raise ValueError("exactly one of empty, unreadable, equals, other_than, starts_with, matches, at_most, at_least")
        try:
            re.compile(self.matches)
        except re.error as error:
            raise ValueError("a valid regular expression in 'matches'") from error
        return self


class Returns(BaseModel):
    """Rows that are returns or credit notes, where the export writes their amounts without a minus."""

    model_config = STRICT
    column: str = Field("", description="Their column that says so, such as Type; empty when amounts carry their own sign.")
    equals: tuple[str, ...] = Field((), description="Its values on returns and credit notes, such as [Credit note].")


class Extra(BaseModel):
    """A column of the export that is kept under a name of the firm's own."""

    model_config = STRICT
    column: str = Field(description="Their column.")
    kind: Literal["number", "text", "date", "flag"] = Field("number", description="What it holds: number, text, date or flag (yes or no).")


class FillDown(BaseModel):
    """Cells that the export writes on the first row of an order only."""

    model_config = STRICT
    columns: tuple[str, ...] = Field((), description="Their columns whose empty cells take the value of the row above.")
    within: str = Field("", description="Their column that keeps an order together; cells are filled within it only.")


def with_kind(given: Any) -> Any:
    """Return the extra columns of a source as mappings: a column's name alone stands for a number."""
    if not isinstance(given, dict):
        return given
    return {name: {"column": extra} if isinstance(extra, str) else extra for name, extra in given.items()}
