"""Rules for messages: who gets what, when, through which channel, and which message will probably do best."""

from helpers.phases.messages import charts, story
from helpers.phases.messages.analysis import READS, advise, people_or_reason
from helpers.phases.messages.settings import Settings

__all__ = ["READS", "Settings", "advise", "charts", "people_or_reason", "story"]
