"""The clean form of web events: paths without host and query, campaign tags apart, addresses short."""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from helpers.tables.canonical import WEB_EVENTS
from helpers.tables.web.paths import UNSEEN, clean_path, decoded, without_people

LONGEST_PATH = 300  # characters kept of a path; what is longer is an attack or a mistake
LONGEST_TAG = 100
LONGEST_ADDRESS = 2000
UTM = ("utm_source", "utm_medium", "utm_campaign")
# On what, from where and after which campaign somebody came; a visit and a visitor keep the first that is known.
CONTEXT = ("device", "screen", "operating_system", "browser_language", "web_place", *UTM)
_MOBILE = re.compile(r"iphone|android.*mobile|mobile.*firefox|windows phone", re.IGNORECASE)
_TABLET = re.compile(r"ipad|tablet|android(?!.*mobile)|kindle|silk/", re.IGNORECASE)
_SYSTEMS = {"iphone|ipad|ios": "iOS", "android": "Android", "windows": "Windows", "mac os|macintosh": "macOS", "linux|x11": "Linux"}


def canonical(events: pd.DataFrame, hide: Callable[[str], str] | None = None) -> pd.DataFrame:
    """Return web events in their clean form; the input is not changed.

    Parameters
    ----------
    events : rows of ``tables.WEB_EVENTS``; ``page_path`` may hold a full address with its query.
    hide : turns what points at a person into a pseudonym; None where that was done before.

    Returns
    -------
    The same rows and order with: ``page_path`` without scheme, host, query and invisible signs;
    campaign tags taken from the query where the column has none; e-mails, tokens, session ids and long
    numbers in all of these only named by kind (``paths``); ``ip_address`` shortened and hidden, so are
    ``session_id`` and a ``visitor_id`` that is itself an address or an e-mail; ``device`` and
    ``operating_system`` derived from the user agent where they are missing.
    """
    clean = events.copy()
    if "page_path" in clean:
        parts = split_pages(clean["page_path"])
        clean["page_path"] = parts["page_path"]
        for name in UTM:
            if name in clean:
                clean[name] = clean[name].where(clean[name].notna(), parts[name])
            elif parts[name].notna().any():
                clean[name] = parts[name]
    for name in (*UTM, "user_agent", "web_place"):
        if name in clean:
            clean[name] = _each(clean[name], without_people)
    if "ip_address" in clean and hide is None:
        clean["ip_address"] = _each(clean["ip_address"], shorten_address)
    if hide is not None:
        clean = _hidden(clean, hide)
    if "user_agent" in clean:
        for name, read in (("device", device_of), ("operating_system", system_of)):
            derived = _each(clean["user_agent"], read)
            clean[name] = clean[name].where(clean[name].notna(), derived) if name in clean else derived
    return clean[[name for name in WEB_EVENTS.names if name in clean] + [name for name in clean if name not in WEB_EVENTS.names]]


def _hidden(events: pd.DataFrame, hide: Callable[[str], str]) -> pd.DataFrame:
    def hidden_address(address: str) -> str | None:
        short = shorten_address(address)
        return hide(short) if short else None

    def hidden_visitor(visitor: str) -> str:
        return hide(visitor) if "@" in decoded(visitor) or shorten_address(visitor) else visitor

    read = {"ip_address": hidden_address, "session_id": hide, "visitor_id": hidden_visitor}
    return events.assign(**{name: _each(events[name], hidden) for name, hidden in read.items() if name in events})


def split_pages(pages: pd.Series) -> pd.DataFrame:
    """Return path and campaign tags of page addresses; every distinct address is read once."""
    codes, distinct = pd.factorize(pages)
    known = pd.DataFrame([_split(str(page)) for page in distinct], columns=["page_path", *UTM], dtype="str")
    read = known.reindex(codes) if len(known) else known.reindex(range(len(pages)))
    return read.set_index(pages.index)


def _split(page: str) -> tuple[str, str | None, str | None, str | None]:
    if len(page) > LONGEST_ADDRESS:  # cut at a folder: half an e-mail is no e-mail any more
        page = page[:LONGEST_ADDRESS].rpartition("/")[0]
    page = UNSEEN.sub("", page).strip()
    try:
        address = urlsplit(page if "://" in page[:12] or page.startswith("/") else "/" + page)
        tags = parse_qs(address.query, max_num_fields=50)
        path = address.path
    except ValueError:  # a host that is no host, a query of a thousand fields
        path, tags = page.split("?")[0], {}
    source, medium, campaign = (_tag(tags.get(name)) for name in UTM)
    path = re.sub(r"[\s/]+\Z", "", clean_path(path)[:LONGEST_PATH])
    return "/" + path.lstrip("/"), source, medium, campaign


def _tag(values: list[str] | None) -> str | None:
    """Return the first value of a campaign tag, or only the kind of what it holds; None where there is none."""
    if not values or not values[0]:
        return None
    tag = without_people(UNSEEN.sub("", values[0]))
    kind = re.search(r"\{\w+\}", tag)
    return kind.group() if kind else tag[:LONGEST_TAG].lower()


def shorten_address(address: str) -> str | None:
    """Return an IP address without the part that points at a person; None for what is no address.

    The last 8 bits of version 4 and the last 80 of version 6 become zero: the form in which
    Google Analytics' anonymizeIp kept addresses. A shortened address is still no public fact.
    """
    try:
        whole = ipaddress.ip_address(str(address).strip().split("%")[0])
    except ValueError:
        return None
    if whole.version == 6 and whole.ipv4_mapped:
        whole = whole.ipv4_mapped
    bits = 24 if whole.version == 4 else 48
    return str(ipaddress.ip_network((whole, bits), strict=False).network_address)


def device_of(user_agent: str) -> str:
    """Return mobile, tablet or computer by the user agent (our convention: unknown is computer)."""
    if _MOBILE.search(user_agent):
        return "mobile"
    return "tablet" if _TABLET.search(user_agent) else "computer"


def system_of(user_agent: str) -> str | None:
    """Return the family of the operating system by the user agent; None when it does not say."""
    lowered = user_agent.lower()
    return next((name for words, name in _SYSTEMS.items() if re.search(words, lowered)), None)


def _each(values: pd.Series, read: Callable[[str], str | None]) -> pd.Series:
    """Read every distinct value once."""
    known = {value: read(str(value)) for value in values.dropna().unique()}
    return values.map(known).astype("str")
