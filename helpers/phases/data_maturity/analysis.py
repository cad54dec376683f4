"""Phase 3 as a whole: claimed beside evidenced, contradictions, fixes, systems, change."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.data_maturity.contradictions import claims, contradictions, profile, unanswered
from helpers.phases.data_maturity.fields import field_measures
from helpers.phases.data_maturity.fixes import fixes
from helpers.phases.data_maturity.joins import join_measures, person_measures
from helpers.phases.data_maturity.measures import Measure, compare, measures_frame
from helpers.phases.data_maturity.result import Maturity
from helpers.phases.data_maturity.settings import Settings
from helpers.phases.data_maturity.systems import reading_measures, system_list
from helpers.phases.data_maturity.timeliness import time_measures
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt

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
    """Return the whole of phase 3.

    Parameters
    ----------
    tables : the client's canonical tables; others in the mapping are left alone.
    receipts : what the reader did with each file; may be empty.
    settings : section ``data_maturity`` of client.yml; all keys optional.
    context : the as-of date; nothing is drawn.
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
        unanswered=unanswered(settings.respondents),
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
