"""Money added up exactly: the same cents in every engine, in whatever order the rows come.

Sums of floating-point amounts depend on their order. Amounts are therefore added as whole
ten-thousandths (our convention), and rounded half up, as an invoice does.
"""

from typing import Any

import ibis

_PARTS = 10_000


def cents(amount: Any) -> Any:
    """Return an amount (an ibis column of numbers) rounded half up to the cent.

    A product such as 3 × 0.835 is a hair under its tie in binary; the hair is given back.
    """
    size = (amount.abs() * 100 + (0.5 + 1e-7)).floor() / 100
    return ibis.ifelse(amount < 0, -size, size)


def exact_sum(amount: Any, where: Any = None) -> Any:
    """Return the sum of amounts in whole ten-thousandths; 0 where there is nothing to add."""
    return _whole(amount).cast("int64").sum(where=where).fill_null(0)


def light_sum(amount: Any) -> Any:
    """Return the same sum for one of many groups, in half the memory.

    Whole numbers held as floating point: exact in any order up to nine hundred billion per group.
    """
    return _whole(amount).cast("float64").sum().fill_null(0.0)


def from_parts(parts: Any) -> Any:
    """Return what a sum of ten-thousandths is in the client's currency, to the cent (an ibis column)."""
    return cents(parts.cast("float64") / _PARTS)


def amount_of(parts: int | None) -> float:
    """Return the same for one plain number."""
    return round(int(parts or 0) / _PARTS, 2)


def _whole(amount: Any) -> Any:
    return (amount * _PARTS + 0.5).floor()
