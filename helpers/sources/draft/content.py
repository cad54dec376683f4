"""What the cells of a column may be, whatever its name: a key, what a customer repeats, a day, an amount, a yes or no."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from helpers.sources.draft.names import meanings, name_score, nothings, plain, word_list
from helpers.sources.draft.records import SeenColumn, SeenFile

# All thresholds are our convention.
NEARLY, MOST = 0.98, 0.9
_SOME, _ROWS = 800, 5_000
_MOST_GROUPED = 30  # words of a column that groups rows
_PERSONAL = {"name", "person", "email", "phone", "birth"}
_MOST_WORDS = 50  # a column of so many different words is no status
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
PATTERNS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "phone": re.compile(r"[+(]?[0-9][0-9 ()/.+-]{6,}"),
    "postcode": re.compile(r"'?(?:[A-Z]{1,2}-)?[0-9]{3,5}(?: ?[0-9]{2})?(?: ?[A-Z]{2})?|[A-Z]{1,2}[0-9]{1,2}[A-Z]? ?[0-9][A-Z]{2}"),
    "page_path": re.compile(r"(?:https?://|/)\S*"),
    "ip_address": re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]{6,}"),
    "screen": re.compile(r"[0-9]{3,5} ?[x×] ?[0-9]{3,5}"),
    "user_agent": re.compile(r".*(?:Mozilla|AppleWebKit|bot|curl)/.*"),
}
_FEWEST, _MOST_LINES = 20, 20  # receipts, and rows, from which on they say something
_BARE = re.compile(r"[^0-9.,' \u00a0\u202f-]")


@dataclass(frozen=True)
class Content:
    """What was counted in the sampled cells of one column."""

    column: SeenColumn
    shares: dict[Any, float] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def some(self) -> tuple[str, ...]:
        """Filled cells from all over the sample, enough to know a share to two hundredths."""
        return self.filled[:: max(1, len(self.filled) // _SOME)]

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something else than a word for nothing."""
        nothing = nothings()
        return tuple(cell for cell in self.column.filled if cell.lower() not in nothing)

    @cached_property
    def distinct(self) -> float:
        """Share of the filled cells that are different."""
        return len(set(self.filled)) / len(self.filled) if self.filled else 0.0

    @cached_property
    def values(self) -> int:
        """How many different values there are."""
        return len(set(self.filled))

    @cached_property
    def padded(self) -> bool:
        """Whether some are digits with zeros in front."""
        return any(len(cell) > 1 and cell.startswith("0") and cell.isdigit() for cell in self.filled)

    @cached_property
    def digits(self) -> bool:
        """Whether all cells are digits."""
        return bool(self.filled) and all(cell.isdigit() for cell in self.filled)

    @cached_property
    def numeric(self) -> bool:
        """Whether nearly all cells are numbers, in any one reading."""
        return self.column.kind == "number" or self.share(r"[-+(]?[€$£]?\s*[0-9][0-9.,' \u00a0\u202f]*\)?-?\s*(?:€|kr|EUR|SEK)?") >= NEARLY

    @cached_property
    def fraction(self) -> bool:
        """Whether some cells have a decimal mark."""
        if self.filled and all(cell.endswith(".0") for cell in self.filled):
            return False  # whole numbers that became fractions, as in a column with gaps of pandas
        return self.numeric and any(re.search(r"[.,][0-9]{1,2}\D*$|[.,][0-9]{4,}", cell) for cell in self.filled)

    @cached_property
    def numbers(self) -> np.ndarray:
        """The cells as numbers, as far as the sample tells; missing where they are none."""
        decimal, thousands = (self.column.readings or ((",", ""),))[0] if self.column.kind == "number" else (",", "")
        return np.array([_number(cell, decimal, thousands) for cell in self.column.cells])

    @cached_property
    def flags(self) -> bool:
        """Whether all cells are a yes or a no."""
        values = {cell.lower() for cell in set(self.filled)}
        return bool(values) and values <= word_list("yes") | word_list("no")

    @cached_property
    def cancelled(self) -> tuple[str, ...]:
        """The different cells that say that an order was cancelled, by their words or by a yes under such a name."""
        if self.values > _MOST_WORDS:
            return ()
        named = any("cancelled" in words for words in meanings(self.column.name)[0])
        yes = word_list("yes") if named else set()
        cells = [cell for cell in dict.fromkeys(self.filled) if not word_list("not") & set(plain(cell).split())]
        return tuple(cell for cell in cells if cell.lower() in yes or any("cancelled" in words for words in meanings(cell)[0]))

    @cached_property
    def groups(self) -> bool:
        """Whether a few words, none of a person, put the rows in groups."""
        personal = any(words & _PERSONAL for words in meanings(self.column.name)[0])
        return self.column.kind == "text" and 2 <= self.values <= _MOST_GROUPED and self.distinct <= 0.2 and not personal

    @cached_property
    def leaving(self) -> bool:
        """Whether a yes or no says who left."""
        return self.flags and self.values > 1 and any("left" in words for words in meanings(self.column.name)[0])

    @cached_property
    def addresses(self) -> bool:
        """Whether nearly all cells are e-mail addresses."""
        return self.share(PATTERNS["email"]) >= MOST

    @cached_property
    def births(self) -> bool:
        """Whether the dates are days of birth: by their name, or since half are of people long grown up when the last was born."""
        years = sorted(int(year.group()) for cell in self.some if (year := _YEAR.search(cell)))
        early = bool(years) and years[-1] - years[0] > 40 and years[len(years) // 2] < 2000
        named = any("birth" in words for words in meanings(self.column.name)[0])
        return named or self.column.kind == "date" and early and len(years) > NEARLY * len(self.some)

    def share(self, pattern: str | re.Pattern[str]) -> float:
        """Return the share of filled cells that a pattern fits wholly."""
        if pattern not in self.shares:
            form = re.compile(pattern)
            self.shares[pattern] = sum(bool(form.fullmatch(cell)) for cell in self.some) / len(self.some) if self.some else 0.0
        return self.shares[pattern]

    def words(self, *keys: str) -> float:
        """Return the share of filled cells that stand in a list of ``names.yml``."""
        if keys not in self.shares:
            known = word_list(*keys)
            self.shares[keys] = sum(plain(cell) in known for cell in self.some) / len(self.some) if self.some else 0.0
        return self.shares[keys]


def _number(cell: str, decimal: str, thousands: str) -> float:
    text = _BARE.sub("", cell).strip()
    text = (text.replace(thousands, "") if thousands else text).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    try:
        return float(text.replace(decimal, "."))
    except ValueError:
        return float("nan")


@dataclass(frozen=True)
class Sums:
    """What the numbers of a file say of each other, by column names.

    Parameters
    ----------
    product : (quantity, price, amount) where the first two multiply to the third; None where none do.
    totals : columns that are the same on every line of an order, so that adding them up would count them many times.
    with_tax : (net, tax, gross) where the first two add up to the third.
    """

    product: tuple[str, str, str] | None = None
    totals: frozenset[str] = frozenset()
    with_tax: tuple[str, str, str] | None = None


class Contents(dict[str, Content]):
    """What was counted in all columns of a file, by their names."""

    def __init__(self, seen: SeenFile):
        super().__init__({column.name: Content(column) for column in seen.columns})

    @cached_property
    def order(self) -> str:
        """The column that names an order and repeats per line of it; empty where none does."""
        named = next((name for name in self if 0 < self[name].distinct < 0.97 and name_score(name, "orders", "order_id") >= 0.6), "")
        return named or self.receipt.get("order_id", "")

    @cached_property
    def receipt(self) -> Mapping[str, str]:
        """The columns of receipts told by their cells alone: ours -> theirs; none where rows are no lines of receipts."""
        return _receipt_of(self)

    @cached_property
    def everybody(self) -> tuple[str, str, tuple[str, ...]]:
        """The yes or no, the moment, and the words for no, where the moment is empty for just those who did nothing; else empty."""
        for name in (name for name in self if self[name].flags and self[name].values > 1 and _of_outcomes(name)):
            no = tuple(cell for cell in dict.fromkeys(self[name].filled) if cell.lower() in word_list("no"))
            did = [cell not in no for cell in self[name].column.cells]
            for other in (other for other in self if self[other].column.kind == "date" and not self[other].births):
                filled = [bool(cell) for cell in self[other].column.cells]
                if np.mean(np.array(did) == np.array(filled)) >= NEARLY:
                    return name, other, no
        return "", "", ()

    @cached_property
    def sums(self) -> Sums:
        """What the numbers of the file say of each other."""
        return _sums_of(self)


def _of_outcomes(name: str) -> bool:
    """Tell whether a name is one of what people did; paid, agreed and left are said of orders and customers."""
    words = meanings(name)[0]
    return any({"outcome", "responded"} & said for said in words) or len(words) == 1 and "order" in words[0]


def _sums_of(contents: Contents) -> Sums:
    found = {name: content.numbers[:_ROWS] for name, content in contents.items() if content.numeric and not content.padded}
    found = {
        name: numbers for name, numbers in found.items() if np.mean(~np.isnan(numbers)) > 0.5 and len(set(numbers[~np.isnan(numbers)])) > 1
    }
    product = with_tax = None
    names = sorted(found)[:10]
    for amount in names:
        for i, left in enumerate(names):
            for right in names[i + 1 :]:
                if amount in (left, right):
                    continue
                a, b, c = found[amount], found[left], found[right]
                there = ~np.isnan(a) & ~np.isnan(b) & ~np.isnan(c) & (b != 0) & (c != 0) & (b != 1) & (c != 1)
                if there.sum() >= 10 and not product and np.mean(np.abs(a - b * c)[there] <= 0.02 + 1e-3 * np.abs(a[there])) >= MOST:
                    whole = [
                        np.nanmean(found[name] % 1 == 0) + (np.nanmedian(found[name]) < np.nanmedian(found[other]))
                        for name, other in ((left, right), (right, left))
                    ]
                    product = (left, right, amount) if whole[0] >= whole[1] else (right, left, amount)
                if there.sum() >= 10 and not with_tax and np.mean(np.abs(a - b - c)[there] <= 0.02) >= MOST:
                    net, tax = (left, right) if np.nanmedian(b) >= np.nanmedian(c) else (right, left)
                    if np.nanmedian(found[tax]) < 0.35 * np.nanmedian(found[net]):
                        with_tax = (net, tax, amount)
    return Sums(product, _same_per_order(contents, found), with_tax)


def _receipt_of(contents: Contents) -> dict[str, str]:
    """Return what lines of receipts show whatever their names: lines of one number stand together, on one day, each of another product."""
    cells = {name: content.column.cells[:_ROWS] for name, content in contents.items() if len(content.filled) >= NEARLY * _MOST_LINES}
    days = [name for name in cells if contents[name].column.kind == "date" and not contents[name].births]
    numbers = [name for name in cells if name not in days and not contents[name].fraction and 0.1 < contents[name].distinct < 0.8]
    found: list[tuple[int, str, str]] = []
    for number in numbers:
        runs = 1 + sum(a != b for a, b in pairwise(cells[number]))
        values = len(set(cells[number]))
        for day in days:
            pairs = len(set(zip(cells[number], cells[day], strict=True)))
            if values >= _FEWEST and runs <= 1.02 * values and pairs <= 1.02 * values:
                found.append((values, number, day))
    if not found:
        return {}
    _values, number, day = max(found)
    rows = len(cells[number])

    def told_apart(name: str) -> bool:
        """Whether a receipt holds a product once, and the product is on many."""
        several = len(set(zip(cells[number], cells[name], strict=True)))
        return several >= MOST * rows and contents[name].values < 0.5 * rows and contents[name].column.kind in ("id", "text")

    products = [name for name in cells if name not in (number, day) and told_apart(name)]
    if not products:
        return {}
    spaced = [name for name in products if contents[name].share(r".*\S\s\S.*") > 0.3]
    plain_ones = [name for name in products if name not in spaced]
    plain_ones.sort(key=lambda name: -contents[name].values)  # of a department and a product, the one that tells more apart
    sold = {"product_id": plain_ones[0]} if plain_ones else {}
    sold |= {"product_name": (spaced or plain_ones)[0]} if spaced or not sold else {}
    return {"order_id": number, "order_date": day, **sold}


def _same_per_order(contents: Contents, found: dict[str, Any]) -> frozenset[str]:
    """Return the columns of amounts that are the same on all lines of orders with several."""
    if not contents.order:
        return frozenset()
    lines: dict[str, list[int]] = {}
    for i, cell in enumerate(contents[contents.order].column.cells[:_ROWS]):
        if cell:
            lines.setdefault(cell, []).append(i)
    several = [rows for rows in lines.values() if len(rows) > 1]
    if len(several) < 5:
        return frozenset()
    same = {name: np.mean([len({numbers[i] for i in rows}) == 1 for rows in several]) for name, numbers in found.items()}
    return frozenset(name for name, share in same.items() if share >= NEARLY)
