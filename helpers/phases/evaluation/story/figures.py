"""Figures as words: a p-value, and the ends of an interval in money."""

import math

from helpers.core.wording import _, between, money, number


def p_words(p_value: float) -> str:
    """Return a p-value with its sign: four decimals, or that it is smaller than they show."""
    return f"= {number(p_value, 4)}" if p_value >= 0.0001 else f"< {number(0.0001, 4)}"


def money_range(low: float, high: float, digits: int = 0) -> str:
    """Return the ends of an interval in money; an end without bound is "unknown".

    Parameters
    ----------
    low, high : in the client's currency; infinite or NaN where there is no bound.
    digits : decimals shown.
    """
    first, last = (money(end, digits) if math.isfinite(end) else _("unknown") for end in (low, high))
    return between(first, last)
