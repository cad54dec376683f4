"""The result of a given label: what could be learnt, how well, and from which columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.analyses.predictions.label_guard import LateColumn
from helpers.core.results import Chance


@dataclass(frozen=True)
class LabelResult:
    """What could be learnt of a given label.

    Parameters
    ----------
    column : the label; event : the name that pictures and sentences use.
    base_rate : share (0 to 1) of the customers with a known label who have it; customers : how many these are; judged_on : held out.
    features : columns learnt from; late : columns refused or asked about, and why; single : the best column by itself.
    auc_without : AUC of the model without the columns asked about; NaN where none is, or nothing else is left.
    chosen, methods, reliability, calibration_error, best_baseline, auc_lead, auc_lead_low : as in ``judging.Judged``.
    chance : the AUC of the chosen method beside what chance gives.
    better : whether the held-out customers are ranked and foretold better than by the base rate, beyond chance.
    scores : customer_id, probability and place of everybody whose label is not known; empty where nobody is, or not better.
    unknown : how many customers these are.
    not_known : words in the label that are read as not known, with their customers; no_values : the values taken as no.
    """

    column: str
    base_rate: float
    customers: int
    judged_on: int
    features: tuple[str, ...]
    late: tuple[LateColumn, ...]
    single: str
    auc_without: float
    chosen: str
    methods: pd.DataFrame
    reliability: pd.DataFrame
    calibration_error: float
    best_baseline: str
    auc_lead: float
    auc_lead_low: float
    chance: Chance
    better: bool
    scores: pd.DataFrame
    unknown: int
    event: str = "label"
    not_known: Mapping[str, int] = field(default_factory=dict)
    no_values: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns that are learnt from although nobody has said whether they were known before."""
        return asked_of(self.late)


def asked_of(late: tuple[LateColumn, ...]) -> tuple[str, ...]:
    """Return the columns that are asked about and not refused."""
    return tuple(dict.fromkeys(name for column in late if not column.refused for name in (column.column, *column.others)))
