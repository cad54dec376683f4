"""The shape of an export, and what changed since the last round: a frozen record, compared before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from helpers.tables.sketches import apart, still_there

# All thresholds are our convention; each has a test on both sides.
FEWEST_ROWS = 30  # with fewer, a share says little
DOUBLED, THINNED = 1.7, 0.6  # rows of the same months, now to then
MONTH_GONE = 0.2
MOVED = 0.07  # share of the rows of the same months that some months lost, and that others gained
CUSTOMERS_STAY, OF_OTHERS = 0.6, 0.05
# Ids of a list that are still in it: of customers a few per cent go in a month, of products a season's; and how far the share of
# the customers with orders whom the list knows may fall.
LIST_STAYS, LIST_SHORTER, LIST_FELL = 0.8, {"customers": 0.9, "products": 0.6}, 0.1
LOST_ROWS = 0.95  # rows of a table, now to then, below which a source that shrank was not only renamed
# Lists of which every month need not hold some: most customers of a shop were recorded long ago.
_LISTS = ("customers", "products")
# What a pilot sent and what came of it: the next round brings those of its own pilot.
_OF_ONE_PILOT = ("exposures", "outcomes", "test_assignment")
EMPTIED = 0.6  # part of its filled cells to which a column fell, where at least FEWEST_ROWS were filled
CONSENT_ALL, CONSENT_FROM = 0.995, 0.9
PRICE_LEVELS = {"a hundred": (60.0, 160.0), "a thousand": (600.0, 1_600.0)}
TAX = (1.17, 1.27)
NEGATIVE = 0.5
# A new channel or country grows from nothing, a new status says that the system changed: that is named sooner.
NEW_STATUS, NEW_VALUE, GONE_VALUE = 0.02, 0.1, 0.1
OBJECTIONS_LOST, OBJECTIONS_STAY, STATUS_MOVED = 5, 0.8, 0.15
SAME_ROWS = 0.1  # so far may the rows of the same months differ where only the ids are written otherwise
DAMAGED = 0.005
_SERIOUS_ROWS = ("rows_doubled", "rows_thinned", "months_missing", "dates_moved", "source_gone")
_SERIOUS_IDS = ("customers_gone", "list_gone", "list_unmet", "ids_changed", "other_client")
_SERIOUS_CELLS = ("column_emptied", "consent_emptied", "consent_all", "objections_lost", "amounts_scaled")
_SERIOUS_WORDS = ("amounts_taxed", "signs_flipped", "currency_changed", "value_gone", "text_damaged", "outcomes_moved")
SERIOUS = (*_SERIOUS_ROWS, *_SERIOUS_IDS, *_SERIOUS_CELLS, *_SERIOUS_WORDS)
KINDS = (*SERIOUS, "list_shorter", "history_shorter", "nothing_new", "value_new", "column_gone", "column_new")


@dataclass(frozen=True)
class TableShape:
    """The shape of one canonical table of one round.

    Parameters
    ----------
    rows : how many.
    months : rows by month, as "2024-05".
    days : rows by day of the last year, as "2024-05-31".
    filled : share filled, 0 to 1, by column.
    values : rows by value, of columns with few values such as status, channel, currency.
    middle : median of the positive amounts by month; empty without money.
    negative : share of amounts below zero.
    yes : share of yes among the answers, by yes-no column.
    damaged : share of texts with signs of a wrong encoding.
    last_day : of the table's time column.
    ids : of a list, a sample of its ids as salted hashes (``sketches.sketch``).
    sources : rows by system, or by file with the digits of its name left out, as months are named.
    """

    rows: int
    months: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    middle: Mapping[str, float] = field(default_factory=dict)
    negative: float = 0.0
    yes: Mapping[str, float] = field(default_factory=dict)
    damaged: float = 0.0
    last_day: str = ""
    days: Mapping[str, int] = field(default_factory=dict)
    ids: Sequence[str] = ()
    sources: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """The shape of all of a client's exports.

    Parameters
    ----------
    tables : by name.
    unmapped : columns of the files that client.yml does not use, by file.
    salt : of the hashes in ``ids``; those of another one cannot be compared.
    listed : share of the customers with orders whom the customer list knows; None without a list or orders.
    everybody : a sample of the ids of all customers, in a list or an order, as salted hashes.
    """

    tables: Mapping[str, TableShape]
    unmapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    salt: str = ""
    listed: float | None = None
    everybody: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the shape as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Shape:
        """Rebuild the shape that ``to_json`` wrote."""
        tables = {name: TableShape(**table) for name, table in raw["tables"].items()}
        unmapped = {file: tuple(columns) for file, columns in raw["unmapped"].items()}
        return cls(tables, unmapped, raw.get("salt", ""), raw.get("listed"), tuple(raw.get("everybody", ())))


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was in the last round's exports, in a sentence: what was then, what is now.

    Those of a kind in ``SERIOUS`` hold a client back, unless client.yml says that it is right (``accepted``).
    """

    kind: str
    table: str
    sentence: str
    accepted: bool = False

    @property
    def serious(self) -> bool:
        """Whether somebody has to look before anything runs."""
        return self.kind in SERIOUS and not self.accepted


def changes(then: Shape, now: Shape) -> list[Change]:
    """Return what changed between the exports of two rounds."""
    found = []
    stayed = still_there(then.everybody, now.everybody) if then.salt == now.salt else None
    for name, table in then.tables.items():
        if name in _OF_ONE_PILOT:
            continue
        if name not in now.tables:
            found.append(Change("rows_thinned", name, f"{name}: {table.rows:,} rows then, none now"))
        elif table.rows >= FEWEST_ROWS:
            named = [
                *_of_table(table, now.tables[name], name not in _LISTS),
                *_of_sources(table, now.tables[name], name in (*_LISTS, "persons")),
            ]
            named += _of_list(table, now.tables[name], LIST_SHORTER[name]) if name in _LISTS and then.salt == now.salt else []
            found += [Change(kind, name, f"{name}: {sentence}") for kind, sentence in named]
    if stayed is not None and stayed < CUSTOMERS_STAY:
        sentence = f"customers: of those known then {stayed:.0%} are in the exports now"
        if stayed < OF_OTHERS and not _same_rows(then, now):
            return [Change("other_client", "customers", f"{sentence}, and the rows are others: another client's files")]
        found.append(Change("ids_changed" if stayed < OF_OTHERS else "customers_gone", "customers", sentence))
    if then.listed is not None and now.listed is not None and then.listed - now.listed >= LIST_FELL:
        sentence = f"customers: the list knows {now.listed:.0%} of the customers with orders, {then.listed:.0%} then"
        found.append(Change("list_unmet", "customers", sentence))
    for file, columns in then.unmapped.items():
        current = now.unmapped.get(file)
        for column in () if current is None else sorted(set(columns) ^ set(current)):
            gone = column in columns
            word = "is gone" if gone else "is new"
            found.append(Change("column_gone" if gone else "column_new", file, f"{file}: the column {column} {word}"))
    return found


def _same_rows(then: Shape, now: Shape) -> bool:
    """Tell whether the tables hold as many rows of the same months as then; True where no table says."""
    for name, table in then.tables.items():
        if table.months and name not in _LISTS and name in now.tables:
            first = min(now.tables[name].months, default="")
            shared = [month for month in sorted(table.months)[:-1] if month >= first]
            moved = sum(abs(now.tables[name].months.get(month, 0) - table.months[month]) for month in shared)
            if moved > SAME_ROWS * sum(table.months[month] for month in shared):
                return False
    return True


def _of_table(then: TableShape, now: TableShape, steady: bool) -> Iterator[tuple[str, str]]:
    yield from _rows(then, now, steady)
    yield from _amounts(then, now)
    yield from _columns(then, now)
    yield from _values(then, now)
    if now.damaged >= DAMAGED and now.damaged >= 3 * then.damaged:
        yield "text_damaged", f"{now.damaged:.1%} of the texts hold signs of a wrong encoding, {then.damaged:.1%} then"


def _rows(then: TableShape, now: TableShape, steady: bool) -> Iterator[tuple[str, str]]:
    """Compare the months that both exports must hold: all but the last one of then, which may have been a part."""
    if not then.months:
        if now.rows > DOUBLED * then.rows:
            yield "rows_doubled", f"{then.rows:,} rows then, {now.rows:,} now"
        elif now.rows < THINNED * then.rows:
            yield "rows_thinned", f"{then.rows:,} rows then, {now.rows:,} now"
        return
    first = min(now.months, default="")
    shared = [month for month in sorted(then.months)[:-1] if month >= first]
    rows_then, rows_now = (sum(months.get(month, 0) for month in shared) for months in (then.months, now.months))
    sizes = f"{rows_then:,} rows in the months of both then, {rows_now:,} now"
    if rows_then >= FEWEST_ROWS and rows_now > DOUBLED * rows_then:
        yield "rows_doubled", sizes
    elif rows_then >= FEWEST_ROWS and rows_now < THINNED * rows_then:
        yield "rows_thinned", sizes
    elif moved := _moved(then, now, first):
        yield "dates_moved", f"{moved:.0%} of last year's rows stand on other days than then, as where day and month are swapped"
    elif steady:
        usual = rows_then / max(len(shared), 1)
        busy = [month for month in shared if then.months[month] >= 0.3 * usual >= 3]
        gone = [month for month in busy if now.months.get(month, 0) < MONTH_GONE * then.months[month]]
        doubled = [month for month in busy if now.months.get(month, 0) > DOUBLED * then.months[month]]
        # Months after those of then: one without a row in the middle was lost on the way.
        later = [month for month in _between(max(then.months), max(now.months, default="")) if month not in now.months and usual >= 10]
        if gone or later:
            yield "months_missing", f"hardly a row in {', '.join((gone + later)[:4])}"
        if doubled:
            yield "rows_doubled", f"{', '.join(doubled[:4])} hold about twice the rows of then"
    # An export that always holds the last two years begins later every month; that is no loss.
    if first > min(then.months) and len(now.months) < len(then.months):
        yield "history_shorter", f"begins in {first} now, in {min(then.months)} then"
    if now.middle and now.last_day and now.last_day <= then.last_day:  # only what is bought must go on
        yield "nothing_new", f"the last row is from {now.last_day}, as in the last round"


def _of_sources(then: TableShape, now: TableShape, is_list: bool) -> Iterator[tuple[str, str]]:
    """Name a system of several that sent hardly anything, where the table lost rows: a file may also have another name now.

    A joined list keeps its rows when one of its systems sends half of them: there the same systems must bring their rows.
    """
    fewer = now.rows < LOST_ROWS * then.rows or (is_list and set(now.sources) == set(then.sources))
    for source, rows in then.sources.items() if len(then.sources) > 1 and fewer else ():
        if rows >= FEWEST_ROWS and now.sources.get(source, 0) < THINNED * rows:
            yield "source_gone", f"{now.sources.get(source, 0):,} rows came from {source}, {rows:,} then"


def _of_list(then: TableShape, now: TableShape, shorter: float) -> Iterator[tuple[str, str]]:
    stayed = still_there(then.ids, now.ids)
    if stayed is None:
        return
    sentence = f"of the ids in the list then about {stayed:.0%} are in it now"
    if stayed < OF_OTHERS:
        yield "ids_changed", f"{sentence}: they are written otherwise, or it is another list"
    elif stayed < shorter:
        yield "list_gone" if stayed < LIST_STAYS <= shorter else "list_shorter", sentence


def _moved(then: TableShape, now: TableShape, first: str) -> float:
    """Return the share of the rows that left their day while other days gained as many; 0 where that is life."""
    last = max(then.months)
    days = sorted(day for day in {*then.days, *now.days} if max(first, min(then.days, default=last)) <= day < last)
    rows = sum(then.days.get(day, 0) for day in days)
    steps = [now.days.get(day, 0) - then.days.get(day, 0) for day in days]
    moved = min(-sum(step for step in steps if step < 0), sum(step for step in steps if step > 0))
    return moved / rows if rows >= FEWEST_ROWS and moved >= MOVED * rows else 0.0


def _between(start: str, end: str) -> list[str]:
    months, (year, month) = [], map(int, start.split("-"))
    while end and (year, month) < tuple(map(int, end.split("-"))):
        if f"{year}-{month:02}" != start:
            months.append(f"{year}-{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def _amounts(then: TableShape, now: TableShape) -> Iterator[tuple[str, str]]:
    # The same months again: their amounts do not change. Months that are new are held against the last ones of then.
    same = [now.middle[month] / then.middle[month] for month in sorted(then.middle)[:-1] if month in now.middle and then.middle[month] > 0]
    new = {month: middle for month, middle in now.middle.items() if month > max(then.middle, default="")}
    last = [then.middle[month] for month in sorted(then.middle)[-6:] if then.middle[month] > 0]
    ratio = sorted(same)[len(same) // 2] if same else 1.0
    ratio_new = sorted(new.values())[len(new) // 2] / (sorted(last)[len(last) // 2]) if new and last else ratio
    for name, (low, high) in PRICE_LEVELS.items():
        for of_both, months in ((ratio, "the months of both"), (ratio_new, ", ".join(sorted(new)[:4]))):
            if low <= of_both <= high or low <= 1 / max(of_both, 1e-9) <= high:
                yield "amounts_scaled", f"the amounts of {months} are {name} times {'higher' if of_both > 1 else 'lower'} than then"
                return
    if TAX[0] <= ratio <= TAX[1] or TAX[0] <= 1 / max(ratio, 1e-9) <= TAX[1]:
        yield "amounts_taxed", f"the amounts of the same months are {ratio:.2f} times those of then, as with and without tax"
    if now.negative - then.negative >= NEGATIVE:
        yield "signs_flipped", f"{now.negative:.0%} of the amounts are below zero, {then.negative:.0%} then"


def _columns(then: TableShape, now: TableShape) -> Iterator[tuple[str, str]]:
    for column, share in then.filled.items():
        if share * then.rows >= FEWEST_ROWS and now.filled.get(column, 0.0) <= EMPTIED * share:
            kind = "consent_emptied" if column in ("consent", "opted_out") else "column_emptied"
            yield kind, f"{column} is filled in {now.filled.get(column, 0.0):.0%} of the rows, in {share:.0%} then"
    for column, share in then.yes.items():
        current = now.yes.get(column, share)
        if column == "opted_out":
            before, left = (round(yes * shape.filled.get(column, 0.0) * shape.rows) for yes, shape in ((share, then), (current, now)))
            # Nobody takes an objection back; who asked to be forgotten may have left the list.
            if before - left >= OBJECTIONS_LOST and left < OBJECTIONS_STAY * before * min(1.0, now.rows / max(then.rows, 1)):
                yield "objections_lost", f"{left:,} rows hold an objection, {before:,} then"
        if current >= CONSENT_ALL and share <= CONSENT_FROM:
            yield "consent_all", f"{column} is yes for {current:.0%}, for {share:.0%} then"
        elif column != "opted_out" and share >= 0.1 and current <= 0.1 * share:
            yield "consent_emptied", f"{column} is yes for {current:.0%}, for {share:.0%} then"


def _values(then: TableShape, now: TableShape) -> Iterator[tuple[str, str]]:
    for column, counts in then.values.items():
        current = now.values.get(column, {})
        total_then, total = sum(counts.values()), sum(current.values())
        if not total or not total_then:
            continue
        share = NEW_STATUS if column in ("order_status", "currency") else NEW_VALUE
        new = [value for value, n in current.items() if value not in counts and n >= share * total]
        gone = [value for value, n in counts.items() if value not in current and n >= GONE_VALUE * total_then]
        if column == "quote_status" and (moved := apart(counts, current)) >= STATUS_MOVED:
            yield "outcomes_moved", f"the shares of won, lost and open quotes differ by {moved:.0%} from those of then"
        if column == "currency" and (new or gone):
            yield "currency_changed", f"currencies now {', '.join(sorted(current))}, then {', '.join(sorted(counts))}"
        elif gone:
            also = f"; new is {', '.join(sorted(new)[:3])}" if new else ""
            yield "value_gone", f"{column} is never {', '.join(sorted(gone)[:3])} any more{also}"
        elif new:
            yield "value_new", f"{column} has a new value: {', '.join(sorted(new)[:3])}"
