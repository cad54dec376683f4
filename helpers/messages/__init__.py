"""Rules for messages: who gets what, when, through which channel, and which message will probably do best."""

from . import charts, story
from .advice import READS, Advice, advise, earlier_test, people_of, people_or_reason
from .rules import Plan, plan, real_messages
from .settings import Caps, Rule, Settings
from .uplift import Uplift, effect_of, uplift
from .which_message import Choice, choices, response_rates, test_size

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
    "plan",
    "real_messages",
    "response_rates",
    "story",
    "test_size",
    "uplift",
]
