"""Claim beside evidence: the profile per dimension, and the contradictions, which are the finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.phases.data_maturity.anchors import DIMENSIONS
from helpers.phases.data_maturity.measures import Measure
from helpers.phases.data_maturity.settings import Respondent

WIDE_SPREAD = 2  # levels between two respondents from which they should talk (our convention)


@dataclass(frozen=True)
class Contradiction:
    """One point at which claim and evidence, or two respondents, do not agree.

    Parameters
    ----------
    kind : "claim_above" (claimed higher than measured), "claim_below" (lower than measured) or
        "respondents" (the answers lie two levels or more apart).
    evidence : measured level: of the measure that speaks against a claim too high when there is one, else of the dimension.
    lowest, highest, roles : lowest and highest answer, and who gave them, for "respondents".
    """

    kind: Literal["claim_above", "claim_below", "respondents"]
    dimension: str
    claimed: float
    evidence: float
    measure: Measure | None = None
    lowest: float = float("nan")
    highest: float = float("nan")
    roles: tuple[str, str] = ("", "")

    @property
    def size(self) -> float:
        """Levels between the two."""
        return self.highest - self.lowest if self.kind == "respondents" else abs(self.claimed - self.evidence)


def claims(respondents: Sequence[Respondent]) -> pd.DataFrame:
    """Return the claimed level of each dimension.

    Returns
    -------
    Frame indexed by dimension: answers (count), claimed (median, missing without answers), lowest,
    highest, spread (highest minus lowest), lowest_role, highest_role.
    """
    rows = []
    for name in DIMENSIONS:
        given = [(respondent.answers[name], respondent.role or respondent.name) for respondent in respondents if name in respondent.answers]
        levels = [level for level, _role in given]
        (lowest, lowest_role), (highest, highest_role) = min(given, default=(np.nan, "")), max(given, default=(np.nan, ""))
        rows.append(
            {
                "dimension": name,
                "answers": len(given),
                "claimed": float(np.median(levels)) if levels else np.nan,
                "lowest": float(lowest),
                "highest": float(highest),
                "spread": float(highest) - float(lowest),
                "lowest_role": lowest_role,
                "highest_role": highest_role,
            }
        )
    return pd.DataFrame(rows).set_index("dimension")


def profile(claimed: pd.DataFrame, measures: tuple[Measure, ...]) -> pd.DataFrame:
    """Return claim and evidence per dimension.

    Returns
    -------
    Frame indexed by dimension, in order: the columns of ``claims`` and evidence (``_evidenced``; missing when nothing
    measures it), lowest_measure (level), measures (count), gap (claimed minus evidence).
    """
    evidence = {name: [measure for measure in measures if measure.dimension == name] for name in DIMENSIONS}
    frame = claimed.copy()
    frame["evidence"] = [_evidenced(evidence[name]) for name in frame.index]
    frame["lowest_measure"] = [min((float(measure.level) for measure in evidence[name]), default=np.nan) for name in frame.index]
    frame["measures"] = [len(evidence[name]) for name in frame.index]
    frame["gap"] = frame["claimed"] - frame["evidence"]
    return frame


def _evidenced(measures: Sequence[Measure]) -> float:
    """Return the median level of measures, and no more than the lowest critical one: one broken key makes good fields worthless."""
    if not measures:
        return np.nan
    middle = float(np.median([measure.level for measure in measures]))
    return min([middle, *(float(measure.level) for measure in measures if measure.critical)])


def contradictions(by_dimension: pd.DataFrame, measures: tuple[Measure, ...], gap: int) -> tuple[Contradiction, ...]:
    """Return where claim and evidence (of ``profile``) part by at least ``gap`` levels, largest first.

    A claim is held against every single measure of its dimension, because one failing figure (a key that is not
    unique, say) is enough to make "clean" untrue; the lowest measure of each rule is named. A claim is too modest
    only when the dimension as a whole lies above it and none of its measures below it.
    """
    disagreements: list[Contradiction] = []
    for name, row in by_dimension.iterrows():
        if row["answers"] == 0:
            continue
        disagreements += _above(str(name), float(row["claimed"]), measures, gap)
        if row["evidence"] - row["claimed"] >= gap and row["lowest_measure"] >= row["claimed"]:
            disagreements.append(Contradiction("claim_below", str(name), row["claimed"], row["evidence"]))
        if row["spread"] >= WIDE_SPREAD:
            roles = (row["lowest_role"], row["highest_role"])
            disagreements.append(
                Contradiction(
                    "respondents", str(name), row["claimed"], row["evidence"], lowest=row["lowest"], highest=row["highest"], roles=roles
                )
            )
    disagreements.sort(key=_order)
    return tuple(disagreements)


def _above(dimension: str, claimed: float, measures: tuple[Measure, ...], gap: int) -> list[Contradiction]:
    lowest: dict[str, Measure] = {}
    for measure in measures:
        if measure.dimension != dimension or claimed - measure.level < gap:
            continue
        lowest_so_far = lowest.get(measure.name)
        if lowest_so_far is None or (measure.level, measure.figure) < (lowest_so_far.level, lowest_so_far.figure):
            lowest[measure.name] = measure
    return [Contradiction("claim_above", dimension, claimed, float(measure.level), measure) for measure in lowest.values()]


def _order(contradiction: Contradiction) -> tuple[bool, float, int, str]:
    """Return what sorts the worst first: claims too high, by size; then the order of dimensions and rules."""
    rule = contradiction.measure.name if contradiction.measure else ""
    return contradiction.kind != "claim_above", -contradiction.size, DIMENSIONS.index(contradiction.dimension), rule
