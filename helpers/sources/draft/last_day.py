"""The day to look back from: the last with orders; without orders, the last in any dated column."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from helpers.core.wording import _
from helpers.sources.asking import counts, frame
from helpers.sources.intake import Intake
from helpers.tables import TABLES

# Our convention.
_MOST_FREE = 3  # days without an order up to the end of a month that is complete all the same
_PLANNED = 0.01  # share of cells beyond today, or a year beyond our own columns, from which a column holds plans
_YEAR, _MONTH = timedelta(365), timedelta(31)


def last_day(intake: Intake, today: date) -> tuple[date | None, str, list[str]]:
    """Return the day to look back from, the reason, and what is to be said of other columns that end far from it.

    Parameters
    ----------
    intake : the tables.
    today : days after it are no facts.

    Notes
    -----
    Orders come first: after their last day nobody could have bought. Without them every dated column counts, ours before the
    firm's own, such as the day a member left. Of either, the end of the month where that is all but complete.
    """
    ours = dict(_last_days(intake, today, True))
    buying = [where for where in ours if where in ("orders.order_date", "order_lines.order_date")]
    own = dict(_last_days(intake, min(today, max(ours.values()) + _YEAR) if ours else today, False))
    days = ours | own
    if not days:
        return None, "", []
    where = buying[0] if buying else max(days, key=lambda name: days[name])
    day, reason = _end_of_month(days[where], where)
    text = _("{column} ends on {day}, {other} on {last}: as_of follows the latter. Is it the day of the export?")
    apart = [name for name in days if abs(days[name] - days[where]) > _MONTH and (days[name] > day or not buying)]
    said = [text.format(column=name, day=days[name].isoformat(), other=where, last=days[where].isoformat()) for name in apart]
    return day, reason, said


def _last_days(intake: Intake, limit: date, ours: bool) -> Iterator[tuple[str, date]]:
    """Yield the last day of every dated column, ours or the firm's own, by table and column; of plans nothing."""
    for name, rows in intake.relations.items():
        known = set(TABLES[name].names)
        for column in [column for column, kind in rows.schema().items() if kind.is_temporal() and (column in known) == ours]:
            later = rows[column].cast("date") > limit
            seen = counts(rows, later=later.sum(), filled=rows[column].count())
            last = _last(rows.filter(~later), column) if seen["later"] <= _PLANNED * seen["filled"] else None
            if last is not None:
                yield f"{name}.{column}", last


def _last(rows: Any, column: str) -> date | None:
    last = frame(rows.aggregate(last=rows[column].max()))["last"].iloc[0]
    return None if last is None or last != last else last.date()


def _end_of_month(day: date, where: str) -> tuple[date, str]:
    end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if day == end:
        return day, _("The last day in {column}, the end of its month.").format(column=where)
    if (end - day).days <= _MOST_FREE:
        return end, _("The last day in {column} is {day}; its month is complete.").format(column=where, day=day.isoformat())
    return day, _("The last day in {column}.").format(column=where)
