"""How many of a segment convert, and whether that differs from the others.

Shares get Wilson's interval (1927), differences Newcombe's hybrid of two Wilson intervals (1998,
method 10): both keep their 95 % where few convert (measured in facts/methods-and-statistics).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.statistics.intervals import difference_and_interval, share_and_interval


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
        rows.append((hits, *share_and_interval(hits, len(inside)), *difference_and_interval(hits, len(inside), others, len(outside))))
    return pd.DataFrame(rows, index=pd.Index(numbers, name="segment"), columns=columns)
