"""Phase 6, without a server: weights that learn from a log of what was shown and what came of it."""

from helpers.phases.learning import certainty, charts, story, tables
from helpers.phases.learning.analysis import READS, learn
from helpers.phases.learning.settings import Settings

__all__ = ["READS", "Settings", "certainty", "charts", "learn", "story", "tables"]
