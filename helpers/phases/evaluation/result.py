"""What an evaluation hands on: who was in the pilot, what was measured, and the verdict."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.phases.evaluation.arms import Verdict
from helpers.phases.evaluation.attrition import Attrition
from helpers.phases.evaluation.drift import SplitOverTime
from helpers.phases.evaluation.readings import Readings
from helpers.phases.evaluation.sample_ratio import SampleRatio
from helpers.phases.evaluation.verdict import Judgement, Money, Proposal


@dataclass(frozen=True, kw_only=True)
class Result(Readings):
    """An evaluated pilot, with what was read of it.

    Parameters
    ----------
    table : one row per assigned person; ``profile`` : one row per arm; ``quality`` : plain numbers;
        ``notes``.
    plan : as written before the start.
    until : last day that counts; ``look`` : planned looks done; ``alpha`` : level of this look.
    ratio, drift, attrition, balance, reached : the checks; no drift where people did not come in over time, no attrition where no
        table could show it.
    cumulative, evolution : how it built up, and the months around it.
    criteria, judgement, money, proposals : the verdict; ``arm_verdicts`` : on each of several arms.
    put_right : the effect after an early stop, in the unit of the main metric (see ``estimate_after_stop``); NaN without one.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, float]
    notes: tuple[str, ...]
    plan: dict[str, Any]
    until: date
    look: int
    alpha: float
    ratio: SampleRatio
    drift: SplitOverTime | None
    attrition: Attrition | None
    balance: pd.DataFrame
    reached: dict[str, float]
    cumulative: pd.DataFrame
    evolution: pd.DataFrame
    criteria: pd.DataFrame
    judgement: Judgement
    money: Money
    proposals: tuple[Proposal, ...]
    arm_verdicts: dict[str, Verdict]
    put_right: float
