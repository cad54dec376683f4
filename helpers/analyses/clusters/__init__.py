"""Customer groups: K-Means with evidence, and an audit of the client's own code (case A)."""

from helpers.analyses.clusters import audit_story, certainty, charts, story, tables
from helpers.analyses.clusters.analysis import READS, requires, run
from helpers.analyses.clusters.code_audit import audit
from helpers.analyses.clusters.decisions import read_decisions
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.settings import Settings

__all__ = [
    "READS",
    "Result",
    "Settings",
    "audit",
    "audit_story",
    "certainty",
    "charts",
    "read_decisions",
    "requires",
    "run",
    "story",
    "tables",
]
