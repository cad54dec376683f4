"""What changed since the last round, and the list of all rounds: the loop made visible."""

from helpers.changes import story
from helpers.changes.compare import NAMES, Changes, GoalChange, since
from helpers.changes.rounds import RoundLine, line_of, listed

__all__ = ["NAMES", "Changes", "GoalChange", "RoundLine", "line_of", "listed", "since", "story"]
