"""Rules for messages: who gets what, when, through which channel, and which message will probably do best."""

from helpers.phases.messages import charts, story
from helpers.phases.messages.analysis import READS, Advice, advise, earlier_test, people_of, people_or_reason
from helpers.phases.messages.rules import Plan, plan, real_messages
from helpers.phases.messages.settings import Caps, Rule, Settings
from helpers.phases.messages.uplift import Uplift, effect_of, uplift
from helpers.phases.messages.which_message import Choice, choices, people_per_message, response_rates

__all__ = [
    "READS",
    "Advice",
    "Caps",
    "Choice",
    "Plan",
    "Rule",
    "Settings",
    "Uplift",
    "advise",
    "charts",
    "choices",
    "earlier_test",
    "effect_of",
    "people_of",
    "people_or_reason",
    "people_per_message",
    "plan",
    "real_messages",
    "response_rates",
    "story",
    "uplift",
]
