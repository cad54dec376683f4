"""Were the arms alike before the start, and who was really reached?

Standardised differences (Rosenbaum and Rubin 1985; Austin 2009: above 0.1 is worth a look). In small arms
chance
alone gives larger ones, so a feature is only pointed out when chance would seldom do that (our convention: 3
standard
errors).
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def balance(people: pd.DataFrame, *, limit: float = 0.1) -> pd.DataFrame:
    """Compare what was known before the start between the arms.

    Parameters
    ----------
    people : ``treated`` and columns named ``before_…``.
    limit : standardised difference that is worth a look.

    Returns
    -------
    One row per feature: feature, treated, holdout_group (means), difference (in standard deviations),
    by_chance (what
    chance alone would seldom pass), even.
    """
    treated = people["treated"].to_numpy(bool)
    count = max(1, int(treated.sum())), max(1, int((~treated).sum()))
    seldom = max(limit, 3 * float(np.sqrt(1 / count[0] + 1 / count[1])))
    rows = []
    for name in [one for one in people if one.startswith("before_")]:
        values = pd.to_numeric(people[name], errors="coerce").to_numpy(float)
        one, other = values[treated & ~np.isnan(values)], values[~treated & ~np.isnan(values)]
        if not len(one) or not len(other):
            continue
        spread = float(np.sqrt((one.var() + other.var()) / 2))
        difference = (one.mean() - other.mean()) / spread if spread else 0.0
        rows.append((name, one.mean(), other.mean(), difference, seldom, abs(difference) <= seldom))
    return pd.DataFrame(rows, columns=["feature", "treated", "holdout_group", "difference", "by_chance", "even"])


def reach(people: pd.DataFrame) -> dict[str, float]:
    """Return the share of the treated that was reached, and of the holdout group that was reached all the
    same.

    Both are NaN when no exposures were brought back.
    """
    if people["reached"].isna().all():
        return {"treated_reached": float("nan"), "holdout_reached": float("nan")}
    shares = people.assign(reached=people["reached"].astype(float)).groupby("treated")["reached"].mean()
    return {
        "treated_reached": float(shares.get(True, np.nan)),
        "holdout_reached": float(shares.get(False, np.nan)),
    }
