"""What changed since the last round, and the list of all rounds: the loop made visible."""

from helpers.phases.changes import story, tables
from helpers.phases.changes.compare import NAMES, since
from helpers.phases.changes.rounds import line_of, listed

__all__ = ["NAMES", "line_of", "listed", "since", "story", "tables"]
