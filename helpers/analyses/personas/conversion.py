"""How many of a segment convert, and whether that differs from the others.

Shares get Wilson's interval (1927), differences Newcombe's hybrid of two Wilson intervals (1998,
method 10): both keep their 95 % where few convert (measured in facts/methods-and-statistics).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def wilson(successes: int, trials: int) -> tuple[float, float, float]:
    """Return share, low and high (95 %); NaN without trials."""
    if not trials:
        return (float("nan"),) * 3
    low, high = proportion_confint(successes, trials, method="wilson")
    return successes / trials, float(low), float(high)


def newcombe(a: int, of_a: int, b: int, of_b: int) -> tuple[float, float, float]:
    """Return the difference of two shares (a minus b) with its 95 % interval; NaN without trials."""
    if not of_a or not of_b:
        return (float("nan"),) * 3
    low, high = confint_proportions_2indep(a, of_a, b, of_b, method="newcomb", compare="diff")
    return a / of_a - b / of_b, float(low), float(high)


def per_segment(segment: pd.Series, converted: pd.Series | None) -> pd.DataFrame:
    """Return conversion of every segment and its difference with all others.

    Parameters
    ----------
    segment : segment number per visitor, from 1; 0 (too little seen) counts with no segment.
    converted : True for visitors with an outcome; None where outcomes are not known.

    Returns
    -------
    Frame, index segment, with converted, conversion, low, high, difference, difference_low and
    difference_high.
    """
    columns = ["converted", "conversion", "low", "high", "difference", "difference_low", "difference_high"]
    numbers = sorted(set(segment[segment > 0]))
    if converted is None:
        return pd.DataFrame(np.nan, index=pd.Index(numbers, name="segment"), columns=columns)
    rows, known = [], segment > 0
    for one in numbers:
        inside, outside = converted[segment == one], converted[known & (segment != one)]
        hits, others = int(inside.sum()), int(outside.sum())
        rows.append((hits, *wilson(hits, len(inside)), *newcombe(hits, len(inside), others, len(outside))))
    return pd.DataFrame(rows, index=pd.Index(numbers, name="segment"), columns=columns)
