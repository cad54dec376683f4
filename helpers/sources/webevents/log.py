"""Raw web-server logs in the combined format of Apache and nginx.

The form is ``%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`` with English months (Apache
HTTP Server documentation, mod_log_config), with or without the site in front, the list of forwarded addresses first or last,
the last two and what follows them. A log knows no visitors: browser and address together
stand for one, which is an approximation that parts phones that move and joins a school behind one door.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import pandas as pd

from helpers.privacy.pseudonyms import pseudonym
from helpers.tables.web.events import shorten_address
from helpers.tables.web.paths import is_file

_LINE = re.compile(
    r'^(?P<who>.*?) \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
    r'(?: "(?:[^"\\]|\\.)*" "(?P<agent>(?:[^"\\]|\\.)*)")?(?P<behind>(?: "[^"]*")?)'
)
_HOST_AND_PORT = re.compile(r"\S+:\d{1,5}")


@dataclass(frozen=True)
class LogRead:
    """What was read from a log.

    Parameters
    ----------
    events : page views in the columns of ``tables.WEB_EVENTS``; paths as they stand, cleaned with those of all sources.
    counts : lines, unreadable, not_pages (pictures, style, scripts), not_shown (errors, redirects,
        other than GET) and pages.
    unreadable_lines : the numbers of unreadable lines.
    """

    events: pd.DataFrame
    counts: dict[str, int]
    unreadable_lines: tuple[int, ...] = ()


def read_combined(lines: Iterable[str], zone: str, key: bytes, first: int = 1) -> LogRead:
    """Read the lines of a combined log, of which only GET requests for pages that were shown (status 2xx or 304) are kept.

    Parameters
    ----------
    lines, first : the lines, with or without line end, and the number of the first.
    zone : time zone in which the client lives, such as "Europe/Brussels"; times become its wall clock.
    key : secret of at least 32 bytes: a visitor is a keyed hash of the shortened address and browser.
    """
    counts = dict.fromkeys(("lines", "unreadable", "not_pages", "not_shown", "pages"), 0)
    rows: list[tuple] = []
    unreadable: list[int] = []
    for number, line in enumerate(lines, first):
        counts["lines"] += 1
        row, kind = _read(line)
        counts[kind] += 1
        if kind == "unreadable":
            unreadable.append(number)
        if row:
            rows.append(row)
    frame = pd.DataFrame(rows, columns=["ip_address", "event_time", "page_path", "user_agent"], dtype="str")
    when = pd.to_datetime(frame["event_time"], format="%d/%b/%Y:%H:%M:%S %z", utc=True, errors="coerce")
    frame["event_time"] = when.dt.tz_convert(zone).dt.tz_localize(None).astype("datetime64[us]")
    counts["unreadable"] += int(frame["event_time"].isna().sum())
    counts["pages"] -= int(frame["event_time"].isna().sum())
    frame = frame[frame["event_time"].notna()].reset_index(drop=True)
    who = frame["ip_address"] + " " + frame["user_agent"]
    hashed = {address: pseudonym(address, key) for address in who.unique()}
    frame.insert(0, "visitor_id", who.map(hashed).astype("str"))
    frame.insert(2, "event_type", "page view")
    frame["ip_address"] = frame["ip_address"].map(shorten_address).astype("str")  # the name of a host only helps to tell visitors apart
    return LogRead(frame, counts, tuple(unreadable))


def is_log(lines: Sequence[str]) -> bool:
    """Return whether nearly all of some lines are those of a web server's log in the combined format."""
    filled = [line[:4_000] for line in lines if line.strip()]  # a longer one is looked at in part: it may be made to keep us busy
    return bool(filled) and sum(_LINE.match(line) is not None for line in filled) >= 0.9 * len(filled)


def _read(line: str) -> tuple[tuple | None, str]:
    match = _LINE.match(line.rstrip("\r\n"))
    parts = match["request"].split(" ") if match else []
    if not match or len(parts) < 2:
        return None, "unreadable"
    if parts[0] != "GET" or not (match["status"].startswith("2") or match["status"] == "304"):
        return None, "not_shown"
    try:
        path = urlsplit(parts[1]).path
    except ValueError:
        return None, "unreadable"
    if is_file(path) and path != "/robots.txt":  # who asks for that file is a robot
        return None, "not_pages"
    visitor = _address(match["who"], match["behind"])
    return ((visitor, match["time"], parts[1], match["agent"] or "-"), "pages") if visitor else (None, "unreadable")


def _address(before: str, behind: str) -> str | None:
    """Return the shortened address, or the host, of who asked; None where the line names neither.

    A load balancer stands in front of many: the list of whom it asked for (X-Forwarded-For), first or last in the line, goes before
    its own address, and the first of the list is the visitor. A name with a port in front is the site's own (``vhost_combined``).
    """
    fields = before.replace('"', " ").replace(",", " ").split()
    if len(fields) > 3 and _HOST_AND_PORT.fullmatch(fields[0]) and shorten_address(fields[1]):
        fields = fields[1:]
    known = [*map(shorten_address, behind.strip(' "').replace(",", " ").split()), *(shorten_address(_bare(field)) for field in fields)]
    return next(filter(None, known), None) or (fields[-3] if len(fields) > 2 and fields[-3] != "-" else None)


def _bare(field: str) -> str:
    """Return an address without its port and brackets."""
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::\d+)?", field)
    return bracketed[1] if bracketed else re.sub(r"^([\d.]+):\d+$", r"\1", field)
