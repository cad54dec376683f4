"""Phase 3 as a whole: claimed beside evidenced, contradictions, fixes, systems, change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.data_maturity.claims import claims, unanswered
from helpers.phases.data_maturity.compare import compare
from helpers.phases.data_maturity.fields import field_measures
from helpers.phases.data_maturity.fixes import fixes
from helpers.phases.data_maturity.gaps import Contradiction, contradictions, profile
from helpers.phases.data_maturity.joins import join_measures
from helpers.phases.data_maturity.keeping import time_measures
from helpers.phases.data_maturity.measures import Measure, frame
from helpers.phases.data_maturity.reading import reading_measures, system_list
from helpers.phases.data_maturity.settings import Settings
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt

READS = (*TABLES,)


@dataclass(frozen=True)
class Maturity:
    """What phase 3 found.

    Parameters
    ----------
    measures : every measured figure, each with its rule and rows.
    evidence : the same as a frame, kept for the next round.
    shape : claim and evidence per dimension (frame of ``profile``).
    contradictions : where claim and evidence or respondents part, largest first.
    fixes : the fix list, best first.
    systems : the list of systems and sources.
    unanswered : dimensions that nobody answered.
    respondents : how many people answered something.
    systems_answered : True when client.yml lists systems.
    receipts : the receipts the evidence rests on.
    change : frame of ``compare``; None in the first round.
    gap : levels from which claim and evidence contradict each other.
    """

    measures: tuple[Measure, ...]
    evidence: pd.DataFrame
    shape: pd.DataFrame
    contradictions: tuple[Contradiction, ...]
    fixes: pd.DataFrame
    systems: pd.DataFrame
    unanswered: tuple[str, ...]
    respondents: int
    systems_answered: bool
    receipts: tuple[Receipt, ...]
    change: pd.DataFrame | None
    gap: int = 2

    def measure(self, name: str, table: str = "", column: str = "") -> Measure:
        """Return the first measure of a rule, of a table and column where given (KeyError when none)."""
        for one in self.measures:
            if one.name == name and table in ("", one.table) and column in ("", one.column):
                return one
        raise KeyError((name, table, column))


def review(
    tables: Mapping[str, pd.DataFrame],
    receipts: Sequence[Receipt],
    settings: Settings,
    context: RunContext,
    previous: pd.DataFrame | None = None,
    chosen: Sequence[str] = (),
) -> Maturity:
    """Return the whole of phase 3.

    Parameters
    ----------
    tables : the client's canonical tables; others in the mapping are left alone.
    receipts : what the reader did with each file; may be empty.
    settings : section ``data_maturity`` of client.yml; all keys optional.
    context : the as-of date; nothing is drawn.
    previous : ``evidence`` of an earlier round, for the change since.
    chosen : analyses of the chosen use case (``Choice.analyses``); their fixes come sooner.
    """
    measures = evidence(tables, receipts, settings, context)
    shape = profile(claims(settings.respondents), measures)
    table = frame(measures)
    return Maturity(
        measures,
        table,
        shape,
        contradictions(shape, measures, settings.gap),
        fixes(measures, settings.systems, chosen),
        system_list(receipts, settings.systems, tables),
        unanswered(settings.respondents),
        sum(bool(one.answers) for one in settings.respondents),
        bool(settings.systems),
        tuple(receipts),
        None if previous is None else compare(previous, table),
        settings.gap,
    )


def evidence(
    tables: Mapping[str, pd.DataFrame], receipts: Sequence[Receipt], settings: Settings, context: RunContext
) -> tuple[Measure, ...]:
    """Return every figure that can be measured, in a fixed order; frames are read, never changed."""
    known = {name: table for name, table in tables.items() if name in TABLES}
    found = [
        *field_measures(known, settings.core_fields, context),
        *join_measures(known),
        *time_measures(known, context),
        *reading_measures(receipts, settings.systems),
    ]
    return tuple(one for one in found if one is not None)
