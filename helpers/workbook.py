"""The ordered list of notebooks: what each is about, what it reads, and what it writes.

Adding an analysis is one line here; its section in client.yml, its contract test, its row in the
table of analyses and its chapter in the report follow from that line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pandas as pd

from helpers.analyses import channels, clusters, halves, next_offer, personas, potential, predictions, quotes, rfm_movement
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _
from helpers.phases import choice_of_analyses, data_maturity, evaluation, goals, learning, messages, opportunities, pilot, summary
from helpers.phases.changes import NAMES as COMPARED


@dataclass(frozen=True)
class Phase:
    """One notebook of the workbook.

    Parameters
    ----------
    notebook : its name without ending; the first digit is the AIM phase.
    room : the package that computes and tells it.
    reads : what must be there before it runs: canonical tables, or what earlier notebooks wrote.
    may_read : what it uses where it is there.
    reads_earlier : results of earlier rounds that it uses where they are there.
    writes : names under which it keeps its own results.
    halves : of "customers" and "orders", what it can say nothing without (``analyses.halves``).
    """

    notebook: str
    room: ModuleType
    reads: tuple[str, ...] = ()
    may_read: tuple[str, ...] = ()
    reads_earlier: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()

    @property
    def optional(self) -> tuple[str, ...]:
        """What it uses where it is there: its own, what the analyses read that it asks, and what is doubtful in the exports."""
        asked = [name for phase in GATED for name in phase.room.READS] if self.room is choice_of_analyses else []
        return tuple(dict.fromkeys((*self.may_read, *(name for name in asked if name not in self.reads), "doubts")))

    @property
    def number(self) -> int:
        """The AIM phase, 1 to 6; 0 for the summary."""
        return int(self.notebook[0])

    @property
    def section(self) -> str:
        """The name of the notebook without its number: also its section in client.yml."""
        return self.notebook.split("_", 1)[1]

    @property
    def is_analysis(self) -> bool:
        """True when the room keeps the contract of an analysis: requires and run."""
        return hasattr(self.room, "requires") and hasattr(self.room, "run")

    @property
    def title(self) -> str:
        """The chapter's title, in the client's language."""
        return _TITLES[self.section]() if self.section in _TITLES else _(self.section.replace("_", " ").capitalize())


_TITLES = {
    "summary": lambda: _("In short"),
    "clusters": lambda: _("Customer groups"),
    "rfm_movement": lambda: _("Value and movement"),
    "personas": lambda: _("Web personas"),
    "next_offer": lambda: _("Next offer"),
    "predictions": lambda: _("Predictions"),
    "channels": lambda: _("Channels"),
    "messages": lambda: _("Messages"),
    "potential": lambda: _("Untapped potential"),
    "quotes": lambda: _("Quotes"),
    "pilot": lambda: _("Pilot"),
    "evaluation": lambda: _("Evaluation"),
    "learning": lambda: _("Learning"),
}

_CUSTOMERS = (halves.CUSTOMERS,)
_BOTH = (halves.CUSTOMERS, halves.ORDERS)
_TABLE = ("customer_table",)
_SALES = ("orders", "order_lines", "customers", "contacts", "web_events", "outcomes", "quotes")
_GOODS = ("products", "usage")
_SENT = ("campaigns", "exposures", "test_assignment")

# In the order in which they run; the summary reads only what the others wrote, and comes last.
PHASES = (
    Phase("10_goals", goals, reads=_TABLE, may_read=_SALES, writes=("kpis", "goal_checks")),
    Phase("20_opportunities", opportunities, reads=_TABLE, may_read=(*_SALES, *_GOODS, "campaigns"), writes=("opportunities", "choice")),
    Phase(
        "30_data_maturity",
        data_maturity,
        reads=("receipts",),
        reads_earlier=("maturity",),
        may_read=("customer_table", "choice", "merge", *_SALES, *_GOODS, *_SENT, "persons"),
        writes=("maturity", "fixes"),
    ),
    Phase(
        "40_analyses",
        choice_of_analyses,
        reads=_TABLE,
        may_read=("choice", "opportunities", *_SALES, *_GOODS, "campaigns", "external", "persons"),
        writes=("gates",),
    ),
    Phase("41_clusters", clusters, reads=_TABLE, may_read=("orders",), writes=("groups", "group_profile", "code_audit"), halves=_CUSTOMERS),
    Phase(
        "42_rfm_movement",
        rfm_movement,
        reads=_TABLE,
        may_read=("orders",),
        reads_earlier=("segment_card",),
        writes=("movement", "segment_card"),
        halves=_BOTH,
    ),
    Phase("43_personas", personas, may_read=("web_events", "outcomes"), writes=("personas", "persona_profile")),
    Phase(
        "44_potential",
        potential,
        reads=_TABLE,
        may_read=("orders", "order_lines", "products", "usage", "campaigns", "contacts", "external"),
        writes=("potential", "potential_profile"),
        halves=_BOTH,
    ),
    Phase(
        "45_predictions",
        predictions,
        reads=_TABLE,
        may_read=("orders",),
        reads_earlier=("statuses",),
        writes=("statuses", "status_profile", "label_scores"),
        halves=_CUSTOMERS,
    ),
    Phase(
        "46_next_offer",
        next_offer,
        reads=_TABLE,
        may_read=("order_lines", "orders", "products", "persons"),
        writes=("offers",),
        halves=_BOTH,
    ),
    Phase("47_channels", channels, reads=_TABLE, may_read=("orders",), writes=("channels", "channel_profile"), halves=_BOTH),
    Phase("48_quotes", quotes, reads=_TABLE, may_read=("quotes", "orders", "contacts"), writes=("quote_chances", "quote_profile")),
    Phase(
        "50_pilot",
        pilot,
        reads=_TABLE,
        reads_earlier=("assignment", "plan"),
        may_read=("choice", "groups", "movement", "campaigns", "orders", "customers", "persons"),
        writes=("assignment", "plan"),
        halves=_CUSTOMERS,
    ),
    Phase(
        "51_messages",
        messages,
        may_read=("statuses", "customer_table", "customers", "orders", "campaigns", "persons"),
        writes=("messages",),
        halves=_BOTH,
    ),
    Phase(
        "60_evaluation",
        evaluation,
        reads=_TABLE,
        reads_earlier=("assignment", "plan"),
        may_read=("orders", "exposures", "outcomes", "test_assignment"),
        writes=("evaluation",),
    ),
    Phase("61_learning", learning, may_read=("exposures", "outcomes"), writes=("learning",)),
    Phase(
        "00_summary", summary, reads=("findings",), may_read=("choice", "receipts", *COMPARED), reads_earlier=COMPARED, writes=("changes",)
    ),
)

ANALYSES = tuple(phase for phase in PHASES if phase.is_analysis)
# What stands in the table of "may we?": the analyses, and the A/B test of the pilot.
GATED = tuple(phase for phase in PHASES if hasattr(phase.room, "requires"))


def phase_named(notebook: str) -> Phase:
    """Return the phase of a notebook by its name, number or section: "41_clusters", "41" or "clusters" (KeyError when there is none)."""
    for phase in PHASES:
        if notebook in (phase.notebook, phase.notebook.split("_", 1)[0], phase.section):
            return phase
    raise KeyError(notebook)


def writer_of(name: str) -> Phase | None:
    """Return the phase that writes a result; None for what the preparation makes."""
    return next((phase for phase in PHASES if name in phase.writes), None)


def gates(tables_for: Callable[[ModuleType], Mapping[str, pd.DataFrame]], config: Any, context: RunContext) -> dict[str, Gate]:
    """Ask every analysis, and the pilot, whether it may run on this client's tables, by section name; ``config`` has their settings.

    Parameters
    ----------
    tables_for : gives the tables that a room reads and that are there.
    context : the round's date and seed.
    """
    # One after the other, each with its own tables: all of them at once may be more than the memory holds.
    asked = {phase: phase.room.requires(tables_for(phase.room), getattr(config, phase.section), context) for phase in GATED}
    given = tables_for(halves)
    return {phase.section: halves.true_ground(gate, given, phase.halves)[1] for phase, gate in asked.items()}


def gate_titles() -> dict[str, str]:
    """Return the title of every analysis, and of the pilot, by section name."""
    return {phase.section: phase.title for phase in GATED}
