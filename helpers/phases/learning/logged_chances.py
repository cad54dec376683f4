"""Whether the logged chances can be those with which options were really shown: a wrong chance makes every value wrong.

Where the chances are right, the sum of 1 / chance over the rows of an option is about the number of rows in which it could be
shown (Horvitz and Thompson 1952; as a check of logged propensities: Li, Chen, Kleban and Gupta 2015). It is looked at per
option, over all rows and within each channel and half of the log, and corrected for all looks (Bonferroni).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import gamma

WRONG = 0.001  # right chances are called wrong less often than this (our convention)


@dataclass(frozen=True)
class WrongChance:
    """The option whose logged chance fits least.

    Parameters
    ----------
    option : its name.
    shown : rows in which it was shown.
    expected : rows in which it should have been shown by its logged chances.
    """

    option: str
    shown: int
    expected: float


def wrong_chance(log: pd.DataFrame) -> WrongChance | None:
    """Return the option that was shown more or less often than its chances say beyond any accident; None where none was.

    Parameters
    ----------
    log : from ``read_log``, ordered by time, with the chance (above 0, to 1) of every row.
    """
    cells = _cells(log)
    looks = [cells.groupby(["option", *within]).sum(numeric_only=True).reset_index() for within in ([], ["channel"], ["half"])]
    sums = pd.concat(looks, ignore_index=True)
    sums = sums[sums["rows"] > 0]
    if sums.empty:
        return None
    p_values = _p_values(sums, sums["option"].map(_times_together(log)).to_numpy(float))
    least = int(np.argmin(p_values))
    if p_values[least] * len(sums) >= WRONG:
        return None
    row = sums.iloc[least]
    return WrongChance(str(row["option"]), int(row["shown"]), float(row["shown"] * row["rows"] / max(row["inverse"], 1.0)))


def _cells(log: pd.DataFrame) -> pd.DataFrame:
    """Return sums of each option per channel and half, over the rows between its first and its last there.

    Before the first and after the last it may not have been on offer; the rows between the two are a fair draw.
    """
    cell = ["channel", "half"]
    rows = log.assign(half=np.arange(len(log)) * 2 // max(len(log), 1), inverse=1 / log["chance"])
    rows["squares"] = (1 - log["chance"]) / log["chance"] ** 2
    rows["turn"] = rows.groupby(cell).cumcount()
    by_option = rows.groupby([*cell, "option"])
    ends = by_option["turn"].agg(["min", "max"])
    inner = rows[(rows["turn"] > by_option["turn"].transform("min")) & (rows["turn"] < by_option["turn"].transform("max"))]
    sums = inner.groupby([*cell, "option"]).agg(shown=("inverse", "size"), inverse=("inverse", "sum"))
    # The variance is read from all rows: between two of them there may be none.
    sums = sums.reindex(ends.index, fill_value=0.0).join(by_option.agg(weight=("inverse", "sum"), squares=("squares", "sum")))
    between = (ends["max"] - ends["min"] - 1).clip(lower=0).rename("rows")
    return sums.join(between).reset_index()


def _p_values(sums: pd.DataFrame, together: np.ndarray) -> np.ndarray:
    """Return the two-sided p-values of the sums: counts of a Poisson with the sums' own variance, exact where chances are small."""
    size = np.maximum(sums["squares"] / sums["weight"], 1e-3).to_numpy(float) * together
    mean, counted = sums["rows"].to_numpy(float) / size, sums["inverse"].to_numpy(float) / size
    as_many = np.where(counted > 0, gamma.cdf(mean, np.maximum(counted, 1e-12)), 1.0)
    return np.minimum(1.0, 2 * np.minimum(as_many, gamma.sf(mean, counted + 1)))


def _times_together(log: pd.DataFrame) -> pd.Series:
    """Return, per option, how many times the variance of single rows that of whole customers is, at least 1 (Kish 1965)."""
    inverse, rows = 1 / log["chance"], log.groupby("customer_id").size()
    per_customer = inverse.groupby([log["option"], log["customer_id"]]).sum()
    n = per_customer.index.get_level_values("customer_id").map(rows)
    by_option = pd.DataFrame({"a": per_customer**2, "b": per_customer * n}).groupby("option").sum()
    single = pd.DataFrame({"a": inverse**2, "b": inverse}).groupby(log["option"]).sum()
    ratio = single["b"] / len(log)
    customers = by_option["a"] - 2 * ratio * by_option["b"] + ratio**2 * float((rows**2).sum())
    return (customers / (single["a"] - 2 * ratio * single["b"] + ratio**2 * len(log)).clip(lower=1e-9)).clip(lower=1.0)
