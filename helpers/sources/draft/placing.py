"""Which table a file is, and which of its columns is which of ours: scores of names and cells, with the runners-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from helpers.sources.draft.content import NEARLY, Content, Contents
from helpers.sources.draft.names import file_score, lexicon, meanings, name_score
from helpers.sources.draft.records import SeenFile
from helpers.sources.draft.suiting import suits, told_by_cells
from helpers.tables import TABLES, Table

# Our convention: below LEAST a column is none of ours; a choice that is not ahead by MARGIN is a question.
LEAST, MARGIN, TABLE_MARGIN = 0.3, 0.15, 0.12
_ONLY_ONE = 0.32  # what a column is worth that is the only one that a needed one can be
_BY_SHAPE = 0.55  # what the shape of receipts makes a column worth that no name tells
_RARE = {"exposures": 0.7, "outcomes": 0.7, "test_assignment": 0.7, "quotes": 0.7}  # how sure a column must be that they are known by
_NEARLY_ALL, _MEETS = 0.9, 0.45  # what it adds that a column's ids are those of the customers
LISTED = {"customer_id": "customers", "product_id": "products"}  # keys whose lists other files are compared with
_MEETS_NOT, _FILE_NAMED = 0.6, 0.5
_ASKED = ("customer_id", "person_id", "product_id", "order_id", "quote_id", "campaign_id")

_FEW, _NAMED = 20, 0.6  # so few rows say nothing of what repeats; how sure the name of an order's number must be (our convention)
_BUYING = ("orders", "order_lines")
_ABOUT_PEOPLE = {"sector", "employees", "size_class", "phone", "consent", "opted_out", "customer_language"}

Meets = Mapping[str, Mapping[str, float]]  # our key: their column: share of its ids that the list with that key holds


@dataclass(frozen=True)
class Placed:
    """A file as one of our tables.

    Parameters
    ----------
    table : name of the table.
    columns : our column: their column.
    score : how well it fits, comparable between tables.
    sure : per column of ours, how sure.
    rivals : per column of ours that matters, what else it may be, with how sure; the likeliest first.
    numbered : True where the table's key is not in the file: its rows are numbered.
    by_shape : True where no name says that it is this table, only its cells.
    """

    table: str
    columns: Mapping[str, str]
    score: float
    sure: Mapping[str, float] = field(default_factory=dict)
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbered: bool = False
    by_shape: bool = False


def placings(seen: SeenFile, contents: Contents, meets: Meets, forced: Mapping[str, str]) -> list[Placed]:
    """Return every table that a file may be, the likeliest first.

    Parameters
    ----------
    seen, contents : the file and what was counted in it.
    meets : share of a column's ids that are those of a list of customers or products, by our key and their column.
    forced : our column: their column, as a person has said.
    """
    if contents.everybody[0]:
        forced = {"outcome_date": contents.everybody[1], **forced}
    found = [placed for table in TABLES.values() if (placed := _as_table(seen, table, contents, meets, forced))]
    found = _people_before_orders(found, contents)
    return sorted(found, key=lambda placed: (-placed.score, placed.table))


def _people_before_orders(found: list[Placed], contents: Contents) -> list[Placed]:
    """Put a list in which nobody stands twice and no column names an order before the orders that it may look like, yet near them."""
    people = next((placed for placed in found if placed.table == "customers" and not placed.numbered), None)
    if people is None or not one_row_each(people, contents):
        return found
    orders = [placed.score for placed in found if placed.table in _BUYING]
    ahead = max([people.score, *(score + 0.01 for score in orders)])
    near = {"customers": ahead} | dict.fromkeys(_BUYING, ahead - 0.01)
    return [replace(placed, score=near[placed.table]) if placed.table in near and orders else placed for placed in found]


def one_row_each(people: Placed, contents: Contents) -> bool:
    """Tell whether a list of customers holds each once, names no order, and says who left or what nobody says of an order."""
    number = contents[people.columns["customer_id"]]
    if number.distinct < NEARLY or len(number.filled) < _FEW or any(name_score(name, "orders", "order_id") >= _NAMED for name in contents):
        return False
    about = set(people.columns) & _ABOUT_PEOPLE
    return bool(about) or any(content.leaving or content.births for content in contents.values())


def _as_table(seen: SeenFile, table: Table, contents: Contents, meets: Meets, forced: Mapping[str, str]) -> Placed | None:
    hints = lexicon()["tables"][table.name] if table.name in lexicon()["tables"] else {"by": [], "file": []}
    theirs = list(contents)
    sure = np.array([[_sure(contents, contents[name], column, table, meets) for column in table.columns] for name in theirs])
    if not sure.size:
        return None
    for i, column in enumerate(table.columns):
        if column.required:
            _only_one(sure, i, contents, column, table)
    for ours, name in forced.items():
        if ours in table.names and name in theirs:
            sure[theirs.index(name)], sure[:, table.names.index(ours)] = 0.0, 0.0
            sure[theirs.index(name), table.names.index(ours)] = 2.0
    weight = np.array([1.5 if column.required or column.name == table.money else 1.0 for column in table.columns])
    rows, places = linear_sum_assignment(np.where(sure >= LEAST, sure, 0.0) * weight, maximize=True)
    taken = {table.columns[i].name: theirs[row] for row, i in zip(rows, places, strict=True) if sure[row, i] >= LEAST}
    level = {ours: float(min(sure[theirs.index(name), table.names.index(ours)], 1.0)) for ours, name in taken.items()}
    columns = {name: taken[name] for name in table.names if name in taken}
    if table.name == "customers":
        _known_by_address(columns, level, contents)
    needed = [name for name in table.needed(columns) if name not in columns]
    numbered = needed == list(table.key) and table.key in (("customer_id",), ("order_id",))
    if needed and not numbered:
        return None
    if table.name == "order_lines" and "line_amount" not in columns and not {"quantity", "unit_price"} <= set(columns):
        return None
    known = [name for name in hints["by"] if level.get(name, 0) > _RARE.get(table.name, 0.49)]
    tested = any(level.get(name, 0) > _RARE["outcomes"] for name in ("test_id", "assigned_time", "pilot_id", "clicked"))
    if table.name in _RARE and not tested:
        known = [name for name in known if _no_mere_group(contents[columns[name]], table.column(name), table)]
    here = [name for name in theirs if contents[name].filled]
    named = file_score(seen.path.name, table.name) + file_score(str(seen.block.get("sheet", "")), table.name)
    # Where no column has a name, that of the file may do; every column is then asked about.
    labelled = table.name == "customers" and any(content.leaving for content in contents.values())
    labelled |= table.name == "outcomes" and bool(contents.everybody[0])
    if hints["by"] and not known and not labelled and (named < _FILE_NAMED or needed):
        return None
    if table.name == "customers" and numbered and len(known) < 2 and named < _FILE_NAMED:
        return None  # a code or a day is no list of people
    score = sum(level.values()) / max(len(here), 1) + 0.25 * min(named, 1.0) + 0.03 * len(known) - 0.15 * numbered
    score += _shape(table, columns, contents)
    rivals = {
        ours: runners
        for ours in (*_ASKED, table.when, table.money)
        if ours in columns and (runners := _rivals(sure, theirs, table, ours, columns, level))
    }
    unnamed = bool(hints["by"]) and all(name_score(columns[name], table.name, name) < LEAST for name in known)
    return Placed(table.name, columns, round(float(score), 4), level, rivals, numbered, unnamed and bool(known))


def _sure(contents: Contents, content: Content, column, table: Table, lists: Meets) -> float:
    sums, receipt = contents.sums, contents.receipt
    name, fit = content.column.name, suits(content, column, table)
    meets = lists.get("customer_id", {})
    if not fit:
        return 0.0
    sure = max(name_score(name, table.name, column.name), told_by_cells(content, column, table))
    if table.name == "order_lines" and receipt:
        if receipt.get(column.name) == name or column.name == "line_amount" and content.fraction:
            sure = max(sure, _BY_SHAPE)
    if table.name in ("order_lines", "orders") and column.name == table.money and (name in sums.totals and table.name == "order_lines"):
        return 0.0
    if table.name == "order_lines" and sums.product and column.name in ("quantity", "unit_price", "line_amount"):
        place = ("quantity", "unit_price", "line_amount").index(column.name)
        # Numbers that multiply say more than their names.
        sure = max(sure, 0.95) if sums.product[place] == name else 0.2 * sure if name in sums.product else 0.6 * sure
        return sure * max(fit, 0.9)
    if sums.with_tax and column.name == table.money:
        sure = {0: max(sure, 0.9), 1: 0.0, 2: 0.6 * sure}[sums.with_tax.index(name)] if name in sums.with_tax else 0.8 * sure
    if column.name == "product_id" and table.name == "order_lines" and lists.get("product_id", {}).get(name, 0) >= _NEARLY_ALL:
        sure += _MEETS
    if column.name == "customer_id" and "customer_id" not in table.key and meets.get(name, 0) >= 0.5 and table.name != "products":
        sure = sure + _MEETS * meets[name]
    elif column.name == "customer_id" and "customer_id" not in table.key and max(meets.values(), default=0.0) >= 0.5:
        sure *= _MEETS_NOT  # another column holds the customers' ids
    elif column.kind == "id" and column.name != "customer_id" and meets.get(name, 0) >= 0.5 and column.name not in table.key:
        sure *= 0.8
    return min(sure, 1.0) * fit


def _known_by_address(columns: dict[str, str], level: dict[str, float], contents: Contents) -> None:
    """Let an e-mail address that names the customer say where to write too, and one that stands once name who has no number."""
    for ours, other in (("email", "customer_id"), ("customer_id", "email")):
        theirs = contents.get(columns.get(other, ""))
        if ours not in columns and theirs and theirs.addresses and (ours == "email" or theirs.distinct >= NEARLY):
            columns[ours], level[ours] = columns[other], level[other]


def _no_mere_group(content: Content, column, table: Table) -> bool:
    """Tell whether a column says more than that rows are in groups, which is no word for the arms of a test."""
    grouped = any("group" in words for words in meanings(content.column.name)[0])
    return not grouped or told_by_cells(content, column, table) > 0


def _only_one(sure: np.ndarray, i: int, contents: dict[str, Content], column, table: Table) -> None:
    """Let a column that no name tells be what only it can be: the one date, the one key, the one amount."""
    if sure[:, i].max() >= LEAST:
        return
    # A column whose name says something else is not free for this.
    free = [row for row in range(len(sure)) if np.delete(sure[row], i).max(initial=0.0) < 0.5]
    fitting = [row for row in free if suits(list(contents.values())[row], column, table) >= 0.5]
    for row in fitting:
        sure[row, i] = _ONLY_ONE


def _shape(table: Table, columns: Mapping[str, str], contents: dict[str, Content]) -> float:
    """Return what the repeating of keys says for or against a table."""
    if table.name == "order_lines":
        repeats = contents[columns["order_id"]].distinct < 0.97
        products = {"product_id", "product_name", "product_group"} & set(columns)
        return 0.2 if repeats and products else 0.1 if repeats else -0.1
    if table.name == "orders":
        return 0.1 if "order_id" in columns and contents[columns["order_id"]].distinct >= 0.98 else -0.1
    if table.name == "test_assignment":
        return 0.1 if contents[columns["customer_id"]].distinct >= 0.98 else -0.1
    if table.key and table.key[0] in columns:
        return 0.1 if contents[columns[table.key[0]]].distinct >= 0.98 else -0.1
    return 0.0


def _rivals(
    sure: np.ndarray, theirs: list[str], table: Table, ours: str, columns: Mapping[str, str], level: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the columns that may be one of ours as well: not clearly less sure, and not clearly something else."""
    i = table.names.index(ours)
    chosen = level[ours]
    elsewhere = {name: level[other] for other, name in columns.items() if other != ours}
    near = [
        (sure[row, i], name)
        for row, name in enumerate(theirs)
        if name != columns[ours] and sure[row, i] >= max(LEAST, chosen - MARGIN) and elsewhere.get(name, 0) <= sure[row, i] + MARGIN
    ]
    return tuple(name for _, name in sorted(near, key=lambda entry: (-entry[0], entry[1])))
