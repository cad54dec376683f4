"""The keys of one source block of client.yml: which export, how it is written, what it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from helpers.tables.canonical import TABLES, WEB_EVENTS

STRICT = ConfigDict(extra="forbid", frozen=True)
# A password in an address that is not a reference to the environment.
_PASSWORD = re.compile(r"://[^/@:]*:(?!\$\{\w+\}@)[^/@]+@")
_SECRET_KEY = re.compile(r"(?:passw|pwd|token|secret|apikey|api_key)\w*=(?!\$\{\w+\}(?:&|$))", re.IGNORECASE)
_MOST_ADDRESS = 2_000


# Encodings that systems write exports in; Python also knows some that are none, such as idna.
_ENCODINGS = ("utf", "cp", "iso", "latin", "ascii", "us-ascii", "windows", "mac", "l1", "8859", "big5", "gb", "shift", "euc", "koi8")


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except (LookupError, UnicodeError) as error:
        raise ValueError("a known encoding such as utf-8 or cp1252") from error
    if not value.lower().replace("_", "-").startswith(_ENCODINGS):
        raise ValueError("an encoding of exports such as utf-8-sig, cp1252 or utf-16")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("a time zone such as Europe/Brussels or Europe/Stockholm") from error
    return value


# Files whose form says which column is which.
WEB_FORMATS = ("combined_log", "ga4")


if TYPE_CHECKING:
    TableName = str
else:  # mypy cannot follow names that are listed elsewhere; pydantic can
    TableName = Literal[tuple(TABLES)]
Mark = Annotated[str, Field(min_length=1, max_length=1)]
DateForms = str | tuple[str, ...]


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
    drop: str = Field("", description="Characters removed everywhere in the id, such as '- .'.")
    digits_only: bool = Field(False, description="True: everything but digits is removed.")
    strip_zeros: bool = Field(False, description="True: zeros in front are removed.")
    zero_pad: int = Field(0, ge=0, le=40, description="Length up to which zeros are put in front; 0 for none.")
    upper: bool = Field(False, description="Turn letters into capitals.")
    add_prefix: Annotated[str, Field(max_length=20)] = Field(
        "", description="Text put in front of the id, where two systems use the same number for different things."
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


class FillDown(BaseModel):
    """Cells that the export writes on the first row of an order only."""

    model_config = STRICT
    columns: tuple[str, ...] = Field((), description="Their columns whose empty cells take the value of the row above.")
    within: str = Field("", description="Their column that keeps an order together; cells are filled within it only.")


class Source(BaseModel):
    """One export of the client and how it becomes one of our tables."""

    model_config = STRICT
    table: TableName = Field(description="Which of our tables this export fills.")
    file: str = Field(
        "",
        description="File name inside the client's folder; or give url. Other folders only where the operator of the "
        "machine allows them (AIM_FOLDERS, see SECURITY.md).",
    )
    url: str = Field(
        "",
        description="Database instead of a file: postgresql://${AIM_USER}:${AIM_PASSWORD}@host/db, spark://local, "
        "spark://host:7077 or duckdb:file (inside the client's folder). Passwords only as ${AIM_NAME}, read from the "
        "environment. Known options may follow, such as ?sslmode=verify-full; any other is refused.",
    )
    sql_table: str = Field("", description="With url: the table or view to read, as name or schema.name.")
    query: str = Field(
        "",
        description="With url: a SELECT to read instead of a table: one statement that only reads tables and computes, "
        "nothing that writes, opens files or calls functions beyond those that are known (SECURITY.md). For more, read "
        "a view that the database's owner has made.",
    )
    system: str = Field("", description="System the export comes from, such as CRM, ERP or web shop.")
    format: Literal["csv", "xlsx", "parquet", "combined_log", "ga4"] = Field(
        "csv",
        description="Kind of file. combined_log (of Apache and nginx) and ga4 (its BigQuery export as JSON lines, parquet or CSV) "
        "bring their own columns; both may be packed as .gz.",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Europe/Brussels", description="With combined_log and ga4: the zone whose clock the client lives by, such as Europe/Stockholm."
    )
    packed: Literal["no", "gz", "zip"] = Field("no", description="Whether the file is packed; a zip holds one file.")
    sheet: str = Field("", description="With xlsx: name of the sheet; may be empty when there is only one.")
    reader: Literal["auto", "text", "engine"] = Field(
        "auto", description="How a CSV is read: line by line (text), by the engine, or by size: over 200 MB the engine (auto)."
    )
    encoding: Annotated[str, AfterValidator(_encoding)] = Field(
        "utf-8-sig", description="Text encoding: utf-8-sig (with or without mark), cp1252 (Excel in Western Europe), utf-16."
    )
    delimiter: Mark = Field(";", description="Mark between two cells.")
    quote: Annotated[str, Field(max_length=1)] = Field('"', description="Mark around cells; empty when the export never quotes.")
    skip_lines: int = Field(0, ge=0, description="Lines before the header (title, filters) that hold no data.")
    skip_last: int = Field(0, ge=0, description="Lines at the end that hold no data, such as totals.")
    header: tuple[str, ...] = Field((), description="Column names, where the file itself has no header line.")
    trailing_delimiter: bool = Field(False, description="True: every line ends in one delimiter too many.")
    text_prefix: Annotated[str, Field(max_length=1)] = Field(
        "", description="Mark that the system puts before text, such as '; removed where it stands first."
    )
    fill_down: FillDown = Field(FillDown(), description="Cells that stand on the first row of an order only.")
    decimal: Literal[",", "."] = Field(",", description="Decimal mark of numbers.")
    thousands: Literal["", ".", ",", " ", "'"] = Field(
        "", description="Mark between thousands; empty for none. A space stands for every kind of space."
    )
    minus: Literal["front", "behind", "brackets"] = Field(
        "front", description="How negative numbers are written: -5 (front), 5- (behind) or (5) (brackets)."
    )
    number_signs: tuple[str, ...] = Field((), max_length=20, description="Signs around numbers that are left out, such as [€, kr].")
    three_decimals: bool = Field(False, description="True: amounts really have three decimals, such as 1,250.")
    date_format: DateForms = Field(
        "%Y-%m-%d",
        description="Form of dates, as in strftime: %d/%m/%Y is 31/12/2024; a list when there are several; "
        "'excel' for day numbers such as 45292.",
    )
    date_formats: dict[str, DateForms] = Field({}, description="Form of dates per column, where a column differs.")
    year: int | None = Field(None, ge=1990, le=2100, description="Year of dates that are written without one, as in DATEV.")
    empty_words: tuple[str, ...] = Field((), description="Words that stand for an empty cell, such as [n/a, '-'].")
    columns: dict[str, str] = Field({}, description="Our column name: their column name. Other columns are not kept.")
    extra: dict[str, str] = Field({}, description="Further columns kept under a name of your own, as numbers: own name: their column name.")
    constants: dict[str, str] = Field(
        {},
        description="Our text columns that this export does not hold because every row says the same, such as channel: web for a web "
        "shop's orders.",
    )
    values: dict[str, dict[str, str]] = Field({}, description="Per column, their value: our value, such as consent: {Ja: yes, Nee: no}.")
    ids: dict[str, IdRepair] = Field({}, description="Per id column, how ids are brought into one form.")
    combine: Literal["auto", "join", "stack"] = Field(
        "auto",
        description="With several sources of one table that has a key: this one brings further columns of the same records (join), "
        "other records (stack), or what its columns and keys say (auto). Customers who may be the same under other ids are asked about.",
    )
    wins: tuple[str, ...] = Field(
        (),
        description="With several sources of one table: our columns in which this source is right where an earlier one says something "
        "else. Elsewhere the source that stands first in client.yml is right.",
    )
    least_met: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Least share of ids that must meet those of the list or source they are joined with, counted on the smaller side; "
        "lower it where you know that fewer do.",
    )
    returns: Returns = Field(Returns(), description="Returns and credit notes written without a minus.")
    set_aside: tuple[SetAsideRule, ...] = Field((), max_length=100, description="Rules that set rows aside, in order.")
    unreadable: Literal["refuse", "set_aside"] = Field(
        "refuse",
        description="What becomes of a cell that cannot be read. refuse: the export is refused. set_aside: in a column that is needed "
        "the row is set aside and counted, in another the cell counts as empty; so does a line with too many or too few cells.",
    )
    unreadable_share: float = Field(
        0.01, gt=0, le=0.5, description="With unreadable: set_aside, the largest share of rows for which that may be done."
    )
    duplicates: Literal["refuse", "first", "last", "newest", "fullest"] = Field(
        "refuse",
        description="Which record wins when a key stands twice: none (refuse), the first or last read, the "
        "newest by date, or the one with the most cells filled.",
    )

    @model_validator(mode="before")
    @classmethod
    def _columns_of_the_form(cls, block: Any) -> Any:
        if isinstance(block, dict) and block.get("format") in WEB_FORMATS and not block.get("columns"):
            return block | {"columns": {name: name for name in WEB_EVENTS.names}}
        return block

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        if bool(self.file) == bool(self.url):
            raise ValueError("a file or a url, and not both")
        if self.delimiter == self.quote:
            raise ValueError("a delimiter that is not the quote")
        if any(not re.fullmatch(r"[A-Za-z]\w{0,62}", name) for name in self.extra):
            raise ValueError("names of extra columns of letters, digits and _, beginning with a letter")
        taken = [name.lower() for name in (*self.columns, *self.extra, *self.constants)]
        if len(set(taken)) < len(taken):
            raise ValueError("each name under columns, extra and constants once, whatever its capitals")
        if self.url and bool(self.sql_table) == bool(self.query):
            raise ValueError("with a url: sql_table or query, and not both")
        address = self.url[:_MOST_ADDRESS]  # a longer one is refused anyhow, and would keep the patterns busy for minutes
        if _PASSWORD.search(address) or _SECRET_KEY.search(address):
            raise ValueError("no password in the url: write ${NAME} and put it in the environment variable NAME")
        return self

    @property
    def origin(self) -> str:
        """What was read, for messages and receipts: the file, or the table or query; never an address."""
        if self.file:
            return self.file
        return self.sql_table or f"query for {self.table}"

    @property
    def theirs(self) -> tuple[str, ...]:
        """Every column of the export that client.yml uses, each once."""
        used = [*self.columns.values(), *self.extra.values(), *self.fill_down.columns]
        used += [name for name in (self.returns.column, self.fill_down.within) if name]
        return tuple(dict.fromkeys(used))

    def date_forms(self, column: str) -> tuple[str, ...]:
        """Return the declared forms of one date column."""
        forms = self.date_formats.get(column, self.date_format)
        return (forms,) if isinstance(forms, str) else tuple(forms)
