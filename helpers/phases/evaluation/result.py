"""What an evaluation hands on: who was in the pilot, what was measured, and the verdict."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.revenue import Shift
from helpers.phases.evaluation.sample_ratio import SampleRatio
from helpers.phases.evaluation.verdict import Judgement, Money, Proposal


@dataclass(frozen=True)
class Result:
    """An evaluated pilot.

    Parameters
    ----------
    table : one row per assigned person; ``profile`` : one row per arm; ``quality`` : plain numbers;
        ``notes``.
    plan : as written before the start.
    until : last day that counts; ``look`` : planned looks done; ``alpha`` : level of this look.
    ratio, balance, reached : the checks.
    conversions, revenue : the comparisons; None when there is too little data, or the arms are not as
        planned; ``carried`` : what is left of the revenue without the person who carries it, None where nobody does.
    variants, segments : the same by variant and by segment (Holm-corrected).
    cumulative, evolution : how it built up, and the months around it.
    criteria, judgement, money, proposals : the verdict.
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
    balance: pd.DataFrame
    reached: dict[str, float]
    conversions: Difference | None
    revenue: Shift | None
    carried: Shift | None
    variants: pd.DataFrame
    segments: pd.DataFrame
    cumulative: pd.DataFrame
    evolution: pd.DataFrame
    criteria: pd.DataFrame
    judgement: Judgement
    money: Money
    proposals: tuple[Proposal, ...]
