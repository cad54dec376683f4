"""The pilot told: who, how large, how long, what it costs, and a page for marketing and one for IT."""

from helpers.phases.pilot.story.in_short import answer, hypothesis, pays, sees, verdict
from helpers.phases.pilot.story.next_steps import actions, figures, finding
from helpers.phases.pilot.story.pages import criterion_text, it_page, marketing_page
from helpers.phases.pilot.story.people import curve_sentence, funnel_sentence, funnel_table, lists_sentence
from helpers.phases.pilot.story.sure import how_sure

__all__ = [
    "actions",
    "answer",
    "criterion_text",
    "curve_sentence",
    "figures",
    "finding",
    "funnel_sentence",
    "funnel_table",
    "how_sure",
    "hypothesis",
    "it_page",
    "lists_sentence",
    "marketing_page",
    "pays",
    "sees",
    "verdict",
]
