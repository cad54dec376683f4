"""Customer groups: K-Means with evidence, and an audit of the client's own code (case A)."""

from helpers.analyses.clusters import audit_story, charts, story
from helpers.analyses.clusters.decisions import Decided, read_decisions
from helpers.analyses.clusters.own_code import Audit, audit
from helpers.analyses.clusters.room import READS, Result, requires, run
from helpers.analyses.clusters.settings import Settings

__all__ = [
    "READS",
    "Audit",
    "Decided",
    "Result",
    "Settings",
    "audit",
    "audit_story",
    "charts",
    "read_decisions",
    "requires",
    "run",
    "story",
]
