"""What respondents claim: the median level and the spread of their answers, per dimension."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.phases.data_maturity.anchors import DIMENSIONS
from helpers.phases.data_maturity.settings import Respondent

WIDE_SPREAD = 2


def claims(respondents: Sequence[Respondent]) -> pd.DataFrame:
    """Return the claimed level of each dimension.

    Parameters
    ----------
    respondents : section data_maturity.respondents of client.yml; may be empty.

    Returns
    -------
    Frame indexed by dimension: answers (count), claimed (median, missing without answers), lowest,
    highest, spread (highest minus lowest), lowest_role, highest_role.
    """
    rows = []
    for name in DIMENSIONS:
        given = [(one.answers[name], one.role or one.name) for one in respondents if name in one.answers]
        levels = [level for level, _role in given]
        low, high = (min(given, default=(np.nan, "")), max(given, default=(np.nan, "")))
        rows.append(
            {
                "dimension": name,
                "answers": len(given),
                "claimed": float(np.median(levels)) if levels else np.nan,
                "lowest": float(low[0]),
                "highest": float(high[0]),
                "spread": float(high[0]) - float(low[0]),
                "lowest_role": low[1],
                "highest_role": high[1],
            }
        )
    return pd.DataFrame(rows).set_index("dimension")


def unanswered(respondents: Sequence[Respondent]) -> tuple[str, ...]:
    """Return the dimensions that nobody answered, in order."""
    return tuple(name for name in DIMENSIONS if not any(name in one.answers for one in respondents))
