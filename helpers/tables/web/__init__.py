"""Web events in their clean form → visits → visitors.

Frames in, frames out. An address is shortened before anything else looks at it.
"""

from helpers.tables.web.events import canonical, shorten_address, split_pages
from helpers.tables.web.noise import is_robot, of_people, only_meant
from helpers.tables.web.visits import add_visits, visitors, visits

__all__ = ["add_visits", "canonical", "is_robot", "of_people", "only_meant", "shorten_address", "split_pages", "visitors", "visits"]
