"""The keys of one source block of client.yml: which export, how it is written, what it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from helpers.tables.canonical import CUSTOMER_TABLE, TABLES, WEB_EVENTS
from helpers.tables.columns import Column
from helpers.tables.declared_rules import STRICT, Extra, FillDown, IdRepair, Returns, SetAsideRule, with_kind

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
# Text whose cells are parted by blanks, or by where they stand in the line.
SPACED_FORMATS = ("spaces", "fixed_width")
# Tables whose rows may be numbered where the export has no id, and the column that takes the number.
NUMBERED = {"customers": "customer_id", "orders": "order_id", "order_lines": "order_id", "quotes": "quote_id"}


if TYPE_CHECKING:
    TableName = str
else:  # mypy cannot follow names that are listed elsewhere; pydantic can
    TableName = Literal[tuple(TABLES)]
Mark = Annotated[str, Field(min_length=1, max_length=1)]
DateForms = str | tuple[str, ...]


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
    format: Literal["csv", "spaces", "fixed_width", "xlsx", "parquet", "combined_log", "ga4"] = Field(
        "csv",
        description="Kind of file. spaces: text whose cells are parted by one or more blanks. fixed_width: text whose cells stand at the "
        "places that starts names (both up to 1,000 MB). combined_log (of Apache and nginx) and ga4 (its BigQuery export as JSON lines, "
        "parquet or CSV) bring their own columns; both may be packed as .gz.",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Europe/Brussels",
        description="The zone whose clock the client lives by, such as Europe/Stockholm: times that say their own zone (%z, combined_log, "
        "ga4, parquet and databases) are brought to it.",
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
    starts: tuple[Annotated[int, Field(ge=0, le=100_000)], ...] = Field(
        (),
        max_length=1_000,
        description="With fixed_width: where each column starts in the line, counted in characters from 0: [0, 10, 25].",
    )
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
    extra: Annotated[dict[str, Extra], BeforeValidator(with_kind)] = Field(
        {},
        description="Further columns kept under a name of your own. own name: their column name keeps a number; own name: {column: their "
        "column name, kind: text} another kind: text, date (as date_format says) or flag.",
    )
    number_rows: bool = Field(
        False,
        description="True: the export has no id. A row's number in the file becomes the customer_id (of customers), order_id (of orders "
        "and order_lines) or quote_id (of quotes): row 17. Such a row meets no other file, and none of next month's.",
    )
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
    repeated_in: tuple[str, ...] = Field(
        (),
        description="With several sources of order_lines: files (or tables) of those further down that hold some of the same orders. "
        "An order with the same number and day, and the same customer where both name one, counts as it stands there, not here.",
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
        if bool(self.starts) != (self.format == "fixed_width") or list(self.starts) != sorted(set(self.starts)):
            raise ValueError("with format: fixed_width, and only there, starts: places that rise, such as [0, 10, 25]")
        if self.header and self.starts and len(self.header) != len(self.starts):
            raise ValueError(f"a header of {len(self.starts)} names, as many as there are starts")
        if self.number_rows and (self.url or self.table not in NUMBERED or NUMBERED[self.table] in self.columns):
            tables = ", ".join(NUMBERED)
            raise ValueError(f"number_rows only for a file of {tables}, and without the id under columns: the row's number takes its place")
        if self.repeated_in and self.table != "order_lines":
            raise ValueError("repeated_in only for order_lines: in other tables the same id counts once by itself")
        if any(not re.fullmatch(r"[A-Za-z]\w{0,62}", name) for name in self.extra):
            raise ValueError("names of extra columns of letters, digits and _, beginning with a letter")
        ours = {name.lower() for name in (*TABLES[self.table].names, *(CUSTOMER_TABLE.names if self.table == "customers" else ()))}
        if used := [name for name in self.extra if name.lower() in ours]:
            raise ValueError(f"names of extra columns that are not ours: {used[0]} is, and is mapped under columns")
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
        used = [*self.columns.values(), *(extra.column for extra in self.extra.values()), *self.fill_down.columns]
        used += [name for name in (self.returns.column, self.fill_down.within) if name]
        return tuple(dict.fromkeys(used))

    @property
    def kept(self) -> dict[str, str]:
        """Our columns and the firm's own, each with its column of the export."""
        return self.columns | {name: extra.column for name, extra in self.extra.items()}

    @property
    def own_columns(self) -> tuple[Column, ...]:
        """The firm's own columns, as those of a table."""
        return tuple(Column(name, extra.kind, "") for name, extra in self.extra.items())

    def date_forms(self, column: str) -> tuple[str, ...]:
        """Return the declared forms of one date column."""
        forms = self.date_formats.get(column, self.date_format)
        return (forms,) if isinstance(forms, str) else tuple(forms)
