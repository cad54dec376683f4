"""Helpers shared by the generators of the sample clients.

Every sample client imitates an export from some office package in some country. What differs between
countries (separator, decimal mark, date order, encoding, line ending) stands here once, so that a
generator speaks of whole cents and of dates and never of how they are written down.

Money is counted in whole cents (int) everywhere: only then can totals be exact.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Dialect:
    """How one country's office software writes a CSV export."""

    separator: str
    decimal: str
    thousands: str
    date_format: str
    encoding: str
    newline: str = "\r\n"


BELGIAN = Dialect(";", ",", ".", "%d/%m/%Y", "cp1252")
DUTCH = Dialect(";", ",", ".", "%d-%m-%Y", "utf-8-sig")
GERMAN = Dialect(";", ",", ".", "%d.%m.%Y", "cp1252")
SWEDISH = Dialect(";", ",", "\u00a0", "%Y-%m-%d", "utf-8", "\n")


def write_csv(path: Path, header: list[str], rows: list[list[str]], dialect: Dialect) -> None:
    """Write rows of ready-made strings as bytes, so the platform cannot change line endings."""
    lines = [dialect.separator.join(quote(cell, dialect) for cell in row) for row in [header, *rows]]
    text = dialect.newline.join(lines) + dialect.newline
    path.write_bytes(text.encode(dialect.encoding))


def quote(cell: str, dialect: Dialect) -> str:
    """Quote a cell only where it must be: office exports do the same."""
    if dialect.separator in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def money(cents: int, dialect: Dialect) -> str:
    """-123456 cents in the Belgian dialect is '-1.234,56'."""
    whole, rest = divmod(abs(int(cents)), 100)
    grouped = f"{whole:,}".replace(",", dialect.thousands)
    return f"{'-' if cents < 0 else ''}{grouped}{dialect.decimal}{rest:02d}"


def day_text(day: date, dialect: Dialect) -> str:
    """A date as this country writes it."""
    return day.strftime(dialect.date_format)


def euros(cents: int) -> str:
    """Cents as plain '1234.56', for TRUTH files: a string, since a float is not exact."""
    return f"{'-' if cents < 0 else ''}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02d}"


def split_cents(total: int, weights: np.ndarray, minimum: int = 0) -> np.ndarray:
    """Split whole cents in proportion to weights, each part at least `minimum`, summing exactly."""
    weights = np.asarray(weights, dtype=float)
    free = int(total) - minimum * len(weights)
    if free < 0:
        raise ValueError(f"{total} cents cannot give {len(weights)} parts of at least {minimum}")
    parts = np.floor(free * weights / weights.sum()).astype(np.int64)
    parts[np.argmax(parts)] += free - parts.sum()  # what rounding left over: the largest part hides it best
    return parts + minimum


def integers_with_sum(rng: np.random.Generator, values: np.ndarray, total: int, low: int) -> np.ndarray:
    """Round positive values to whole numbers >= low whose sum is exactly `total`.

    The values are first scaled to the total, so that only the rounding is left to repair, by one at a time.
    """
    whole = np.maximum(low, np.rint(values * total / values.sum())).astype(np.int64)
    while whole.sum() != total:
        step = 1 if whole.sum() < total else -1
        movable = np.flatnonzero(whole + step >= low)
        count = min(abs(total - int(whole.sum())), len(movable))
        whole[rng.choice(movable, size=count, replace=False)] += step
    return whole


def pick_days(rng: np.random.Generator, weights: np.ndarray, first: int, last: int, count: int) -> np.ndarray:
    """Draw day numbers from first..last in proportion to the weight of each day."""
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    drawn = rng.uniform(edges[first], edges[last + 1], size=count)
    return np.clip(np.searchsorted(edges, drawn, side="right") - 1, first, last)


def sprinkle(rng: np.random.Generator, values: list[str], share: float) -> list[str]:
    """Keep each value with chance `share`, empty the others: an optional field that few people fill in."""
    return [
        value if keep else "" for value, keep in zip(values, rng.random(len(values)) < share, strict=True)
    ]
