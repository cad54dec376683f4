"""Pictures of the quotes: the chance of success per group, and per band of effort."""

import pandas as pd

from helpers import charts
from helpers.analyses.quotes.result import Quotes
from helpers.analyses.quotes.tables import group_name
from helpers.core.wording import _, percent
from helpers.story import Picture


def telling(result: Quotes) -> pd.DataFrame:
    """Return the groups of the two fields that stand out and whose groups lie furthest apart; where none does, of the first."""
    compared = result.profile[~result.profile["field"].isin(["all", "effort"])]
    telling = compared[compared["field"].isin(compared.loc[compared["stands_out"], "field"])]
    spread = telling.groupby("field")["shrunk"].agg(lambda rates: rates.max() - rates.min()).sort_values(ascending=False)
    fields = list(spread.index[:2]) or list(compared["field"][:1])
    return compared[compared["field"].isin(fields)].sort_values("field", key=lambda names: names.map(fields.index), kind="stable")


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
    return charts.bars(names, rows["rate"], caption=caption, highlight=marked, formatter=percent, interval=_("By luck alone"), **ends)
