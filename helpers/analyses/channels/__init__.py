"""Channels of orders: what each brings, who buys in several, and who moves between them, beside what chance gives."""

from helpers.analyses.channels import certainty, charts, story, tables
from helpers.analyses.channels.analysis import READS, requires, run
from helpers.analyses.channels.result import Channels
from helpers.analyses.channels.settings import Settings

__all__ = ["READS", "Channels", "Settings", "certainty", "charts", "requires", "run", "story", "tables"]
