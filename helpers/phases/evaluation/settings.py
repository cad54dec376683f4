"""The section ``evaluation`` of client.yml: which pilot is read, what counts, and how strictly."""

from typing import Literal

from pydantic import Field

from helpers.core.sections import Section


class Settings(Section):
    """How the outcome of an earlier pilot is read."""

    pilot_id: str = Field("", description="Id of the pilot to read; empty: the last one written in an earlier round.")
    outcomes_from: Literal["outcomes", "orders"] = Field(
        "outcomes", description="Where conversions come from: the table outcomes, or the orders after the start."
    )
    outcome: str = Field("", description="Kind of outcome that counts, as in the table outcomes; empty: every kind.")
    ratio_stop: float = Field(0.001, gt=0, lt=0.1, description="The reading stops when arms this uneven would arise by chance less often.")
    least_conversions: int = Field(10, ge=5, description="Least conversions to expect in the smaller arm before rates are compared.")
    least_buyers: int = Field(
        30,
        ge=10,
        description="Least buyers to expect in the smaller arm before revenue is compared; four times as many where amounts are very "
        "uneven.",
    )
    permutations: int = Field(4999, ge=999, le=99999, description="How often the treatments are dealt out again.")
    pre_period_days: int = Field(365, ge=0, le=3660, description="Days before the start whose spend sharpens the comparison.")
    use_pre_period: bool = Field(True, description="Sharpen the comparison of revenue by the spend before (CUPED).")
    segments: tuple[str, ...] = Field(
        ("group_name",), description="Columns of the assignment by which the effect is also read, corrected for many looks."
    )
    months_around: int = Field(6, ge=1, le=36, description="Months shown before the start and after the stop.")
    imbalance: float = Field(0.1, gt=0, description="Standardised difference of a feature known before, above which it is pointed out.")
