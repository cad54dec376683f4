"""Decisions shown: beside the figure that they concern, or together for a chapter."""

from collections.abc import Sequence

import pandas as pd

from helpers.client.decisions.record import Decision, places
from helpers.core.wording import _
from helpers.story import Table


def table(decisions: Sequence[Decision]) -> Table:
    """Show decisions, the oldest first, with why below each.

    Parameters
    ----------
    decisions : of one chapter; at least one.
    """
    rows = [
        {
            "what": decision.what,
            "about": _figure_name(decision),
            "who": decision.who,
            "when": pd.Timestamp(decision.when),
            "why": decision.why,
        }
        for decision in sorted(decisions, key=lambda decision: (decision.when is None, str(decision.when)))
    ]
    columns = {
        "what": (_("What was decided"), "text"),
        "about": (_("About"), "text"),
        "who": (_("Who"), "text"),
        "when": (_("When"), "date"),
        "why": (_("Why"), "note"),
    }
    return Table(pd.DataFrame(rows), _("Decisions taken on this"), columns)


def _figure_name(decision: Decision) -> str:
    name = places()[decision.about]
    return _(name) if name else ""


def none_yet() -> str:
    """Say that no decision is written down, and how to."""
    return _(
        "No decision is written down: not answered yet. Add what was decided, by whom, when and why under decisions "
        "in client.yml; it is then shown beside the figure that it concerns, in every later report."
    )
