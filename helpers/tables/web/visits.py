"""Events → visits → visitors: sort once, cut where the silence is too long."""

import numpy as np
import pandas as pd

from helpers.tables.web.events import CONTEXT


def add_visits(events: pd.DataFrame, gap_minutes: float = 30.0) -> pd.DataFrame:
    """Return the events sorted by visitor and time, with the number of their visit.

    A new visit starts with a new visitor or after more than ``gap_minutes`` without an event: the
    half hour that web analytics has used since its beginning, a convention and no law. Where the
    source gives ``session_id``, a change of it starts a visit too.

    Parameters
    ----------
    events : with ``visitor_id`` and ``event_time``; rows without either are left out.
    gap_minutes : silence that ends a visit, in minutes.

    Returns
    -------
    Sorted copy with ``visit`` (0, 1, … over all visitors) and ``step`` (0, 1, … within the visit).
    """
    events = events[events["visitor_id"].notna() & events["event_time"].notna()]
    codes, _ = pd.factorize(events["visitor_id"], sort=True)
    order = [codes.astype(np.int32), events["event_time"].to_numpy().astype("datetime64[us]").astype(np.int64)]
    for name in ("page_path", "event_type"):  # so that equal times do not depend on the order of the rows
        if name in events:
            order.append(pd.factorize(events[name], sort=True)[0].astype(np.int32))
    at = np.lexsort(order[::-1])
    ordered, visitor, time = events.take(at), order[0][at], order[1][at]
    starts = np.ones(len(at), dtype=bool)
    starts[1:] = (np.diff(visitor) != 0) | (np.diff(time) > gap_minutes * 60e6)
    if "session_id" in ordered and ordered["session_id"].notna().any():
        session = pd.factorize(ordered["session_id"])[0]
        starts[1:] |= np.diff(session) != 0
    visit = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    step = np.arange(len(at)) - first[visit] if len(at) else np.array([], dtype=int)
    return ordered.assign(visit=visit, step=step).reset_index(drop=True)


def visits(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row per visit, from what ``add_visits`` returned.

    Returns
    -------
    Frame with visit, visitor_id, start, minutes (first to last event), events, entry_page and the
    first known value of every column in ``canonical.CONTEXT`` that is there.
    """
    by = events.groupby("visit", sort=True)
    table = by.agg(
        visitor_id=("visitor_id", "first"), start=("event_time", "first"), end=("event_time", "last"), events=("event_time", "size")
    )
    table["minutes"] = (table.pop("end") - table["start"]).dt.total_seconds() / 60
    if "page_path" in events:
        table["entry_page"] = by["page_path"].first()
    for name in CONTEXT:
        if name in events:
            table[name] = by[name].first()
    return table.reset_index()


def visitors(per_visit: pd.DataFrame) -> pd.DataFrame:
    """Return one row per visitor from one row per visit, sorted by ``visitor_id``.

    Returns
    -------
    Frame with visitor_id, visits, events, minutes (all visits), first_visit, entry_page (of the
    first visit) and the context of the first visit.
    """
    by = per_visit.sort_values(["visitor_id", "start"], kind="stable").groupby("visitor_id", sort=True)
    table = by.agg(visits=("visit", "size"), events=("events", "sum"), minutes=("minutes", "sum"), first_visit=("start", "first"))
    for name in ("entry_page", *CONTEXT):
        if name in per_visit:
            table[name] = by[name].first()
    return table.reset_index()
