"""Pictures of the quotes: the chance of success per group, and per band of effort."""

from __future__ import annotations

import pandas as pd

from helpers import charts
from helpers.analyses.quotes.result import Quotes
from helpers.analyses.quotes.tables import group_name
from helpers.core.wording import _, percent
from helpers.story import Picture


def telling(result: Quotes) -> pd.DataFrame:
    """Return the groups of the fields that stand out; where none does, those of the first field."""
    compared = result.profile[~result.profile["field"].isin(["all", "effort"])]
    fields = compared.loc[compared["stands_out"], "field"].unique()
    return compared[compared["field"].isin(fields if len(fields) else compared["field"].head(1))]


def groups(result: Quotes) -> Picture | None:
    """Return the share won per group, with what luck alone gives; None where nothing could be compared."""
    return _bars(result, telling(result), _("Decided quotes that were won; the line is what luck alone gives"))


def effort(result: Quotes) -> Picture | None:
    """Return the share won per band of effort, with what luck alone gives; None where no effort could be compared."""
    rows = result.profile[result.profile["field"] == "effort"]
    return _bars(result, rows, _("Decided quotes that were won, by effort; the line is what luck alone gives"))


def _bars(result: Quotes, rows: pd.DataFrame, caption: str) -> Picture | None:
    names = [group_name(result, row.field, row.group) for row in rows.itertuples()]
    if not names:
        return None
    marked = int(rows["shrunk"].to_numpy().argmax()) if rows["stands_out"].any() else None
    ends = {"low": rows["chance_low"].tolist(), "high": rows["chance_high"].tolist()}
    return charts.bars(names, rows["rate"], caption=caption, highlight=marked, formatter=percent, **ends)
