"""Google Analytics 4: rows of its BigQuery export (``events_YYYYMMDD``) as JSON or as a flat table.

Columns as documented by Google (support.google.com/firebase/answer/7029846): ``event_timestamp``
in microseconds UTC, ``event_params`` nested. The CSV of its screens holds aggregates and no persons.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.tables.web.events import CONTEXT

_DEVICES = {"desktop": "computer", "mobile": "mobile", "tablet": "tablet"}
# The export has no column for the size of the screen.
_TEXT = ("visitor_id", "event_type", "page_path", "session_id", *(name for name in CONTEXT if name != "screen"), "customer_id")


def from_ga4(rows: Iterable[Mapping[str, Any]], zone: str) -> pd.DataFrame:
    """Return rows of the GA4 export as web events.

    Parameters
    ----------
    rows : one mapping per event, nested as BigQuery writes it, or flat with names such as
        ``device.category`` and ``event_params.page_location``.
    zone : time zone of the client; times become its wall clock.

    Returns
    -------
    Frame in the columns of ``tables.WEB_EVENTS``; paths as they stand, cleaned with those of all sources. Rows without visitor
    or time are left out.
    """
    frame = pd.DataFrame([_one(row) for row in rows], columns=["micros", *_TEXT])
    micros = pd.to_numeric(frame.pop("micros"), errors="coerce")
    when = pd.to_datetime(micros, unit="us", utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    frame = frame.astype("str").where(frame.notna())
    frame.insert(1, "event_time", when.astype("datetime64[us]"))
    return frame[frame["event_time"].notna() & frame["visitor_id"].notna()].reset_index(drop=True)


def _one(row: Mapping[str, Any]) -> dict[str, Any]:
    device = _inside(row, "device")
    source = _inside(row, "collected_traffic_source") or _inside(row, "traffic_source")
    params = _params(row)
    session = params.get("ga_session_id")
    visitor = row.get("user_pseudo_id")
    return {
        "micros": row.get("event_timestamp"),
        "visitor_id": visitor,
        "event_type": "page view" if row.get("event_name") == "page_view" else row.get("event_name"),
        "page_path": params.get("page_location"),
        "session_id": f"{visitor}.{session}" if session is not None else None,
        "device": _DEVICES.get(str(device.get("category")), device.get("category")),
        "operating_system": device.get("operating_system"),
        "browser_language": device.get("language"),
        "web_place": _inside(row, "geo").get("city"),
        "utm_source": source.get("manual_source") or source.get("source"),
        "utm_medium": source.get("manual_medium") or source.get("medium"),
        "utm_campaign": source.get("manual_campaign_name") or source.get("name"),
        "customer_id": row.get("user_id"),
    }


def _inside(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    if isinstance(row.get(name), Mapping):
        return dict(row[name])
    start = name + "."
    return {key[len(start) :]: value for key, value in row.items() if key.startswith(start)}


def _params(row: Mapping[str, Any]) -> dict[str, Any]:
    nested = row.get("event_params")
    if isinstance(nested, (list, tuple)):
        return {item["key"]: _first(item.get("value")) for item in nested if isinstance(item, Mapping) and "key" in item}
    return _inside(row, "event_params")


def _first(value: Any) -> Any:
    if isinstance(value, Mapping):
        return next((number for number in value.values() if number is not None), None)
    return value
