"""What is not a person choosing a page: fingers on glass, wheels that turn, and robots."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from helpers.tables.web.paths import is_file

# What a browser reports while a page is read; the page view itself is another event.
NOISE = tuple(
    (
        "touchstart touchend touchmove touchcancel scroll mousemove mouseover mouseout mousedown mouseup wheel resize focus blur "
        "visibilitychange user_engagement"
    ).split()
)
# Programs that fetch pages and say so first; a browser begins with Mozilla, Opera or its app's name.
_PROGRAM = re.compile(
    r"(?i)(?:python|java|go-http|okhttp|php|ruby|perl|libwww|node|axios|guzzle|apache-http|http|lwp|winhttp|postman|insomnia)\b"
)
# Words by which robots name themselves in the user agent; our list, from the robots' own documentation.
ROBOT_WORDS = tuple(
    (
        "bot crawl spider slurp headless phantom selenium python-requests curl wget scrapy httpclient uptime monitor preview "
        "lighthouse facebookexternalhit"
    ).split()
)


def only_meant(events: pd.DataFrame, noise: tuple[str, ...] = NOISE) -> pd.DataFrame:
    """Return the events without touch, scroll and mouse noise, and without pictures, styles and scripts; the order stays.

    ``noise`` names event types in any case of letters, with or without spaces or dashes.
    """
    if "page_path" in events:  # a picture or script is part of a page; robots.txt stays, to give its readers away
        codes, distinct = pd.factorize(events["page_path"])
        parts = np.array([is_file(str(path)) and path != "/robots.txt" for path in distinct] + [False])
        events = events[~parts[codes]]
    if "event_type" not in events:
        return events
    codes, distinct = pd.factorize(events["event_type"])
    names = {_bare(name) for name in noise}
    # The last flag is for a missing value, whose code is -1.
    flags = np.array([_bare(str(kind)) in names for kind in distinct] + [False])
    return events[~flags[codes]]


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def is_robot(events: pd.DataFrame, words: tuple[str, ...] = ROBOT_WORDS, *, pages: int = 30, seconds_per_page: float = 2.0) -> pd.Series:
    """Return, per visitor, whether it is a robot (our convention).

    A robot names itself in the user agent (a kept list, and ``words``), asks for robots.txt, or opens at least ``pages`` pages
    with a median of less than ``seconds_per_page`` between them: nobody reads that fast.

    Parameters
    ----------
    events : web events without noise, with ``visitor_id`` and ``event_time``.
    words : further words in a user agent that give a robot away.
    pages : fewest pages before speed says anything.
    seconds_per_page : speed that no reader reaches.

    Returns
    -------
    Series of booleans, index ``visitor_id``, sorted.
    """
    codes, ids = pd.factorize(events["visitor_id"], sort=True)
    named = np.zeros(len(ids), dtype=bool)
    if "user_agent" in events:
        further = re.compile("|".join(map(re.escape, words)) or "(?!)", re.IGNORECASE)
        _mark(named, codes, events["user_agent"], lambda agent: bool(further.search(agent)) or names_itself(agent))
    if "page_path" in events:
        _mark(named, codes, events["page_path"], lambda path: path == "/robots.txt")
    return pd.Series(named | _too_fast(codes, events["event_time"], len(ids), pages, seconds_per_page), index=ids)


def of_people(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events of visitors who are no robots, by the rules of ``is_robot``; a chapter that counts visitors counts people."""
    robots = is_robot(only_meant(events))
    return events[~events["visitor_id"].isin(robots.index[robots])]


@cache
def _known_robots() -> re.Pattern[str]:
    """Return the kept list of robots (crawler-user-agents, MIT licence), of which every pattern is a piece of a user agent."""
    import crawleruseragents

    return re.compile("|".join(entry["pattern"] for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA))


@lru_cache(maxsize=100_000)
def names_itself(agent: str) -> bool:
    """Tell whether a user agent is that of a robot on the kept list, or of a program and no browser; an empty one is no browser's."""
    return not agent.strip("- ") or bool(_known_robots().search(agent) or _PROGRAM.match(agent))


def _mark(named: np.ndarray, codes: np.ndarray, values: pd.Series, is_sign: Callable[[str], bool]) -> None:
    value_codes, distinct = pd.factorize(values)
    flags = np.array([is_sign(str(value)) for value in distinct] + [False])
    hit = codes[flags[value_codes] & (codes >= 0)]
    named[hit] = True


def _too_fast(codes: np.ndarray, times: pd.Series, size: int, pages: int, seconds: float) -> np.ndarray:
    """Return which visitors opened many pages with a median gap that is too short to read."""
    fast = np.zeros(size, dtype=bool)
    often = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=size) >= pages)
    if not len(often):
        return fast
    chosen = np.isin(codes, often)
    frame = pd.DataFrame({"visitor": codes[chosen], "time": times.to_numpy()[chosen]})
    frame = frame.sort_values(["visitor", "time"], kind="stable")
    gaps = frame["time"].diff().dt.total_seconds().where(frame["visitor"].eq(frame["visitor"].shift()))
    median = gaps.groupby(frame["visitor"]).median()
    fast[median.index[median < seconds]] = True
    return fast
