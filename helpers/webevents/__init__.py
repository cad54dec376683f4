"""Web events: raw logs and exports → one clean table of events → visits → visitors.

Text and frames in, frames out; nothing here opens a file. An address is shortened before anything
else looks at it.
"""

from .canonical import canonical, shorten_address, split_pages
from .ga4 import from_ga4
from .log import read_combined
from .noise import NOISE, ROBOT_WORDS, is_robot, only_meant
from .visits import add_visits, visitors, visits

__all__ = [
    "NOISE",
    "ROBOT_WORDS",
    "add_visits",
    "canonical",
    "from_ga4",
    "is_robot",
    "only_meant",
    "read_combined",
    "shorten_address",
    "split_pages",
    "visitors",
    "visits",
]
