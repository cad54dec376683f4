"""Rules for messages: who gets what, when, through which channel, and which message will probably do best."""

from helpers.phases.messages import charts, story
from helpers.phases.messages.analysis import READS, advise, people_of, people_or_reason
from helpers.phases.messages.rules import Plan, plan
from helpers.phases.messages.settings import Rule, Settings
from helpers.phases.messages.uplift import effect_of, uplift
from helpers.phases.messages.which_message import people_per_message

__all__ = [
    "READS",
    "Plan",
    "Rule",
    "Settings",
    "advise",
    "charts",
    "effect_of",
    "people_of",
    "people_or_reason",
    "people_per_message",
    "plan",
    "story",
    "uplift",
]
