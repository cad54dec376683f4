"""What changed between two rounds: the records that tables and story read."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class GoalChange:
    """One goal's figure then and now.

    Parameters
    ----------
    name, kpi : the goal in the client's words, and the figure it is steered on.
    then, now, target : the figure in the last round, in this one, and where it should go; NaN where not known.
    reached : whether the target is reached now; ``closer`` : whether the figure moved towards it.
    """

    name: str
    kpi: str
    then: float
    now: float
    target: float
    reached: bool
    closer: bool


@dataclass(frozen=True)
class Changes:
    """What changed since the last round.

    Parameters
    ----------
    then, now : dates of the two rounds.
    goals : one record per goal of this round.
    maturity : dimension, before, current (mean level of the measures that both rounds have).
    segments : segment, before, current (customers), on the card of the first round; empty without one.
    same_card : whether both rounds used the same card; else letters must not be compared.
    moved : customers who rose, fell, stayed, came or went between the segments.
    statuses : status, before, current (customers).
    pilot : the last round's plan; None where it wrote none.
    verdict : what this round's evaluation says of it; None where it could not be judged.
    """

    then: date
    now: date
    goals: tuple[GoalChange, ...]
    maturity: pd.DataFrame
    segments: pd.DataFrame
    same_card: bool
    moved: dict[str, int]
    statuses: pd.DataFrame
    pilot: dict[str, Any] | None
    verdict: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        # JSON has no word for NaN, which is not equal to itself.
        goals = [{key: value if value == value else None for key, value in asdict(goal).items()} for goal in self.goals]
        return {
            "then": self.then.isoformat(),
            "now": self.now.isoformat(),
            "goals": goals,
            "moved": self.moved,
            "maturity": self.maturity.to_dict("records"),
            "segments": self.segments.to_dict("records"),
            "statuses": self.statuses.to_dict("records"),
            "same_card": self.same_card,
            "pilot": self.pilot and self.pilot["pilot_id"],
            "verdict": self.verdict,
        }
