"""Were the arms alike before the start, and who was really reached?

Standardised differences (Rosenbaum and Rubin 1985; Austin 2009: above 0.1 is worth a look). In small arms chance
alone gives larger ones, so a feature is only pointed out when chance would seldom do that (our convention: 3 standard
errors).
"""

import numpy as np
import pandas as pd

# Chance alone seldom moves a standardised difference further than this many standard errors (our convention).
SELDOM_ERRORS = 3


def balance(people: pd.DataFrame, *, limit: float = 0.1) -> pd.DataFrame:
    """Compare what was known before the start between the arms.

    Parameters
    ----------
    people : ``treated`` and columns named ``before_…``.
    limit : standardised difference that is worth a look.

    Returns
    -------
    One row per feature: feature, treated, holdout_group (means), difference (in standard deviations), by_chance (what
    chance alone would seldom pass), even.
    """
    treated = people["treated"].to_numpy(bool)
    n_treated, n_holdout = max(1, int(treated.sum())), max(1, int((~treated).sum()))
    by_chance = max(limit, SELDOM_ERRORS * float(np.sqrt(1 / n_treated + 1 / n_holdout)))
    rows = []
    for feature in [name for name in people if name.startswith("before_")]:
        values = pd.to_numeric(people[feature], errors="coerce").to_numpy(float)
        known = ~np.isnan(values)
        of_treated, of_holdout = values[treated & known], values[~treated & known]
        if not len(of_treated) or not len(of_holdout):
            continue
        spread = float(np.sqrt((of_treated.var() + of_holdout.var()) / 2))
        difference = (of_treated.mean() - of_holdout.mean()) / spread if spread else 0.0
        rows.append((feature, of_treated.mean(), of_holdout.mean(), difference, by_chance, abs(difference) <= by_chance))
    return pd.DataFrame(rows, columns=["feature", "treated", "holdout_group", "difference", "by_chance", "even"])


def reach(people: pd.DataFrame) -> dict[str, float]:
    """Return the share of the treated that was reached, and of the holdout group that was reached all the same.

    Both are NaN when no exposures were brought back.
    """
    if people["reached"].isna().all():
        return {"treated_reached": float("nan"), "holdout_reached": float("nan")}
    shares = people.assign(reached=people["reached"].astype(float)).groupby("treated")["reached"].mean()
    return {"treated_reached": float(shares.get(True, np.nan)), "holdout_reached": float(shares.get(False, np.nan))}
