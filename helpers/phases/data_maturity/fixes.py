"""What to mend first: the gaps in order of what mending them would unlock."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from helpers.phases.data_maturity.measures import Measure
from helpers.phases.data_maturity.settings import System

FILE = Path(__file__).with_name("unlocks.yml")
GOOD_LEVEL = 3
HIGHEST_LEVEL = 4
FOR_CHOSEN = 1.5  # a fix that the chosen use case needs counts half again (our convention)
COLUMNS = ("place key dimension name table column figure unit rows_of rows level fix unlocks analyses worth effort owner benefit").split()
_OF_MEASURE = ("dimension", "name", "table", "column", "figure", "unit", "rows_of", "rows", "level")


@lru_cache
def unlocks() -> dict[str, dict[str, Any]]:
    """Return what each gap keeps shut: "table.column" or measure name to fix, unlocks, worth, effort."""
    return YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))


def fixes(measures: Sequence[Measure], systems: Sequence[System], chosen: Sequence[str] = ()) -> pd.DataFrame:
    """Return the fix list, best first, ready to be exported as the client's to-do list.

    Measures at level 3 or 4 need no fix. ``benefit`` = worth x levels to gain (to level 4), half again for what a ``chosen`` analysis
    needs, which is our convention; ties go to the fix with less effort. The owner is that of the system that holds the table.
    """
    rows = []
    for measure in measures:
        key = f"{measure.table}.{measure.column}"
        key = key if key in unlocks() and measure.name in ("filled", "consent_known") else _missing_result(measure) or measure.name
        if measure.level >= GOOD_LEVEL or key not in unlocks():
            continue
        gap = unlocks()[key]
        factor = FOR_CHOSEN if set(gap["analyses"]) & set(chosen) else 1.0
        rows.append(
            {
                **{name: getattr(measure, name) for name in _OF_MEASURE},
                **{name: gap[name] for name in ("fix", "unlocks", "worth", "effort")},
                "key": key,
                "analyses": ", ".join(gap["analyses"]),
                "owner": next((system.owner for system in systems if measure.table in system.tables and system.owner), ""),
                "benefit": factor * gap["worth"] * (HIGHEST_LEVEL - measure.level),
            }
        )
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "place"])
    order = ["benefit", "effort", "key", "table", "column"]
    frame = frame.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    frame.insert(0, "place", range(1, len(frame) + 1))
    return frame[COLUMNS]


def _missing_result(measure: Measure) -> str:
    """Return which half of a result is missing, what was sent or what came of it; empty for another measure or where both are."""
    if measure.name != "results_recorded" or not measure.facts:
        return ""
    recorded = set(measure.facts.split(", "))
    sent = recorded & {"campaigns", "exposures", "test_assignment"}
    came = recorded & {"outcomes", "campaign responses"}
    return "nothing_missing" if sent and came else "outcome_recorded" if sent else "sent_recorded"


def translatable() -> tuple[str, ...]:
    """Return every text of the file that a person reads, for the translators."""
    return tuple(dict.fromkeys(text for gap in unlocks().values() for text in (gap["fix"], gap["unlocks"])))
