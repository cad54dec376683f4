"""The log of what was shown, in one form: option, place, chance with which it was shown, success."""

from collections.abc import Mapping

import pandas as pd

from helpers.phases.learning.settings import Settings

COLUMNS = ("customer_id", "when", "option", "position", "channel", "chance", "success")
# What the client has to bring, as the canonical table ``exposures`` names it.
EXPOSURE_COLUMNS = ("customer_id", "shown_time", "item", "position", "treatment_probability", "clicked")


def read_log(tables: Mapping[str, pd.DataFrame], settings: Settings) -> pd.DataFrame | None:
    """Return the log to learn from; None where the client brought none.

    Parameters
    ----------
    tables : canonical ``exposures``; ``outcomes`` where these are the successes.
    settings : section ``learning`` of client.yml.

    Returns
    -------
    One row per option shown: ``COLUMNS`` (chance is missing where it was not logged, success is 0 or 1),
    ordered by time. Rows without an option or without a known success are left out; equal rows are not.

    """
    shown = tables.get("exposures")
    if shown is None or settings.option not in shown:
        return None
    if settings.pilot_id:
        shown = shown[_column(shown, "pilot_id").astype("str") == settings.pilot_id]
    # Ids are text here: in one table they may be numbers, and text in the other.
    log = pd.DataFrame(
        {
            "customer_id": shown["customer_id"].astype("str"),
            "when": pd.to_datetime(shown["shown_time"]),
            "option": shown[settings.option],
            "position": pd.to_numeric(_column(shown, "position")).astype("Int64").fillna(1).astype(int),
            "channel": _column(shown, "channel").astype("str").fillna(""),
            "chance": pd.to_numeric(_column(shown, "treatment_probability")).astype(float),
            "success": _successes(shown, tables.get("outcomes"), settings),
        }
    ).dropna(subset=["option", "success"])
    log["option"] = log["option"].astype("str")
    order = ["when", "customer_id", "position", "option", "success"]
    return log.sort_values(order, kind="stable").reset_index(drop=True)


def can_be_weighed(log: pd.DataFrame) -> bool:
    """Return whether every row says with what chance its option was shown."""
    return bool(log["chance"].between(0, 1, inclusive="right").all())


def weeks_of(log: pd.DataFrame) -> float:
    """Return the length of the log in weeks, at least one day."""
    days = (log["when"].max() - log["when"].min()).total_seconds() / 86_400
    return max(days, 1.0) / 7


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index)


def _successes(shown: pd.DataFrame, outcomes: pd.DataFrame | None, settings: Settings) -> pd.Series:
    if settings.success == "clicked":
        return pd.to_numeric(_column(shown, "clicked").astype("boolean").astype("Float64")).astype(float)
    if outcomes is None or outcomes.empty:
        return pd.Series(float("nan"), index=shown.index)
    return _followed(shown, outcomes, settings.outcome_days)


def _followed(shown: pd.DataFrame, outcomes: pd.DataFrame, days: int) -> pd.Series:
    """Return 1 where the customer had an outcome within so many days after the row, else 0."""
    exposures = pd.DataFrame(
        {
            "customer_id": shown["customer_id"].astype("str"),
            "when": pd.to_datetime(shown["shown_time"]).astype("datetime64[us]"),
            "row": range(len(shown)),
        }
    ).sort_values("when", kind="stable")
    events = (
        pd.DataFrame(
            {
                "customer_id": outcomes["customer_id"].astype("str"),
                "when": pd.to_datetime(outcomes["outcome_date"]).astype("datetime64[us]"),
                "followed": 1.0,
            }
        )
        .dropna()
        .sort_values("when", kind="stable")
    )
    # The next outcome of the same customer; rows keep their number, since they have to be sorted by time for the join.
    joined = pd.merge_asof(exposures, events, on="when", by="customer_id", direction="forward", tolerance=pd.Timedelta(days=days))
    followed = joined.sort_values("row")["followed"].fillna(0.0)
    return pd.Series(followed.to_numpy(), index=shown.index)
