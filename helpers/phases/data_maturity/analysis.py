"""Phase 3 as a whole: claimed beside evidenced, contradictions, fixes, systems, change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.data_maturity.contradictions import Contradiction, claims, contradictions, profile
from helpers.phases.data_maturity.fields import field_measures
from helpers.phases.data_maturity.fixes import fixes
from helpers.phases.data_maturity.joins import join_measures, person_measures
from helpers.phases.data_maturity.measures import Measure, compare, measures_frame
from helpers.phases.data_maturity.settings import Settings
from helpers.phases.data_maturity.systems import reading_measures, system_list
from helpers.phases.data_maturity.timeliness import time_measures
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt


@dataclass(frozen=True)
class Maturity:
    """What phase 3 computed from the data and the answers.

    Parameters
    ----------
    evidence : the measures as a frame, kept for the next round.
    unanswered : dimensions that nobody answered.
    respondents : how many people answered something.
    change : frame of ``compare``; None in the first round.
    gap : levels from which claim and evidence contradict each other.
    """

    measures: tuple[Measure, ...]
    evidence: pd.DataFrame
    profile: pd.DataFrame
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
        for measure in self.measures:
            if measure.name == name and table in ("", measure.table) and column in ("", measure.column):
                return measure
        raise KeyError((name, table, column))


READS = (*TABLES,)


def review(
    tables: Mapping[str, pd.DataFrame],
    receipts: Sequence[Receipt],
    settings: Settings,
    context: RunContext,
    previous: pd.DataFrame | None = None,
    chosen: Sequence[str] = (),
    kind: str = "both",
    merge: Mapping[str, Any] | None = None,
) -> Maturity:
    """Return the whole of phase 3; nothing is drawn.

    Parameters
    ----------
    tables : the client's canonical tables; others in the mapping are left alone.
    previous : ``evidence`` of an earlier round, for the change since.
    chosen : analyses of the chosen use case (``Choice.analyses``); their fixes come sooner.
    kind : "b2b", "b2c" or "both": which fields of customers matter, where client.yml does not say.
    merge : the artefact "merge": what was decided where sources were joined.
    """
    measures = evidence(tables, receipts, settings, context, kind, merge)
    measured = measures_frame(measures)
    by_dimension = profile(claims(settings.respondents), measures)
    return Maturity(
        measures=measures,
        evidence=measured,
        profile=by_dimension,
        contradictions=contradictions(by_dimension, measures, settings.gap),
        fixes=fixes(measures, settings.systems, chosen),
        systems=system_list(receipts, settings.systems, tables),
        unanswered=tuple(map(str, by_dimension.index[by_dimension["answers"] == 0])),
        respondents=sum(bool(respondent.answers) for respondent in settings.respondents),
        systems_answered=bool(settings.systems),
        receipts=tuple(receipts),
        change=None if previous is None else compare(previous, measured),
        gap=settings.gap,
    )


def evidence(
    tables: Mapping[str, pd.DataFrame],
    receipts: Sequence[Receipt],
    settings: Settings,
    context: RunContext,
    kind: str = "both",
    merge: Mapping[str, Any] | None = None,
) -> tuple[Measure, ...]:
    """Return every figure that can be measured, in a fixed order; frames are read, never changed. Parameters as for ``review``."""
    known = {name: table for name, table in tables.items() if name in TABLES}
    measures = [
        *field_measures(known, settings.fields_for(kind), context, (merge or {}).get("decisions", ())),
        *join_measures(known),
        *(person_measures(known) if kind != "b2c" else ()),
        *time_measures(known, context),
        *reading_measures(receipts, settings.systems),
    ]
    return tuple(measure for measure in measures if measure is not None)
