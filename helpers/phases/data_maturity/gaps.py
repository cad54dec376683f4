"""Claim beside evidence: the profile per dimension, and the contradictions, which are the finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.phases.data_maturity.anchors import DIMENSIONS
from helpers.phases.data_maturity.claims import WIDE_SPREAD
from helpers.phases.data_maturity.measures import Measure


@dataclass(frozen=True)
class Contradiction:
    """One point at which claim and evidence, or two respondents, do not agree.

    Parameters
    ----------
    kind : "claim_above" (claimed higher than measured), "claim_below" (lower than measured) or
        "respondents" (the answers lie two levels or more apart).
    dimension : where.
    claimed : median claimed level.
    evidence : measured level: of the measure when there is one, else of the dimension.
    measure : the measured figure that speaks against the claim; None for "respondents".
    lowest, highest : lowest and highest answer, for "respondents".
    roles : who gave the lowest and the highest answer, for "respondents".
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


def profile(claimed: pd.DataFrame, measures: tuple[Measure, ...]) -> pd.DataFrame:
    """Return claim and evidence per dimension.

    Returns
    -------
    Frame indexed by dimension, in order: the columns of ``claims`` and evidence (median level of
    the dimension's measures, missing when nothing measures it), lowest_measure (level), measures
    (count), gap (claimed minus evidence).
    """
    levels = {name: [one.level for one in measures if one.dimension == name] for name in DIMENSIONS}
    frame = claimed.copy()
    frame["evidence"] = [float(np.median(levels[name])) if levels[name] else np.nan for name in frame.index]
    frame["lowest_measure"] = [float(min(levels[name])) if levels[name] else np.nan for name in frame.index]
    frame["measures"] = [len(levels[name]) for name in frame.index]
    frame["gap"] = frame["claimed"] - frame["evidence"]
    return frame


def contradictions(shape: pd.DataFrame, measures: tuple[Measure, ...], gap: int) -> tuple[Contradiction, ...]:
    """Return where claim and evidence part, largest first.

    Parameters
    ----------
    shape : frame of ``profile``.
    measures : all measured figures.
    gap : levels from which a difference counts.

    Notes
    -----
    A claim is held against every single measure of its dimension, because one failing figure (a key
    that is not unique, say) is enough to make "clean" untrue; the lowest measure of each rule is
    named. A claim is too modest only when the dimension as a whole lies above it and none of its
    measures below it.
    """
    found = []
    for name, row in shape.iterrows():
        if row["answers"] == 0:
            continue
        found += _above(str(name), float(row["claimed"]), measures, gap)
        if row["evidence"] - row["claimed"] >= gap and row["lowest_measure"] >= row["claimed"]:
            found.append(Contradiction("claim_below", str(name), row["claimed"], row["evidence"]))
        if row["spread"] >= WIDE_SPREAD:
            roles = (row["lowest_role"], row["highest_role"])
            found.append(
                Contradiction(
                    "respondents",
                    str(name),
                    row["claimed"],
                    row["evidence"],
                    None,
                    row["lowest"],
                    row["highest"],
                    roles,
                )
            )
    found.sort(key=lambda one: (one.kind != "claim_above", -one.size, DIMENSIONS.index(one.dimension), _name(one)))
    return tuple(found)


def _above(dimension: str, claimed: float, measures: tuple[Measure, ...], gap: int) -> list[Contradiction]:
    worst: dict[str, Measure] = {}
    for one in measures:
        if one.dimension != dimension or claimed - one.level < gap:
            continue
        kept = worst.get(one.name)
        if kept is None or (one.level, one.figure) < (kept.level, kept.figure):
            worst[one.name] = one
    return [Contradiction("claim_above", dimension, claimed, float(one.level), one) for one in worst.values()]


def _name(one: Contradiction) -> str:
    return one.measure.name if one.measure else ""
