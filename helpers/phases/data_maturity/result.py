"""What phase 3 results in: one record that tables, charts and story read."""

from dataclasses import dataclass

import pandas as pd

from helpers.phases.data_maturity.contradictions import Contradiction
from helpers.phases.data_maturity.measures import Measure
from helpers.tables.receipts import Receipt


@dataclass(frozen=True)
class Maturity:
    """What phase 3 computed from the data and the answers.

    Parameters
    ----------
    measures : every measured figure, each with its rule and rows.
    evidence : the same as a frame, kept for the next round.
    profile : claim and evidence per dimension (frame of ``profile``).
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
