"""What a client can declare for RFM(T) and movement."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from helpers.core.sections import Section

FEATURES = ("recency_days", "frequency_per_month", "monetary_per_year", "tenure_days")


class Weights(Section):
    """How much each measure counts in a customer's value; only the proportions matter."""

    recency_days: float = Field(1.0, ge=0, description="weight of a recent last order")
    frequency_per_month: float = Field(1.0, ge=0, description="weight of orders per month")
    monetary_per_year: float = Field(1.0, ge=0, description="weight of net spend per year")
    tenure_days: float = Field(0.25, ge=0, description="weight of being a customer for long; low, so that nobody rises by growing older")


class ScoreCuts(Section):
    """Declared cuts of the scores 1 to 5, rising; an empty list takes the fifths of the first round."""

    recency_days: list[float] = Field([], description="four rising cuts in days, such as [30, 90, 180, 365]")
    frequency_per_month: list[float] = Field([], description="four rising cuts in orders per month")
    monetary_per_year: list[float] = Field([], description="four rising cuts in money per year")
    tenure_days: list[float] = Field([], description="four rising cuts in days")

    @model_validator(mode="after")
    def _four_and_rising(self) -> ScoreCuts:
        for name in FEATURES:
            cuts = getattr(self, name)
            if cuts and (len(cuts) != 4 or sorted(set(cuts)) != list(cuts)):
                raise ValueError(f"{name}: four rising numbers are expected, or none")
        return self


class Settings(Section):
    """The section ``rfm_movement`` of client.yml."""

    comparison_months: int = Field(36, ge=1, le=120, description="length of the comparison period, in months")
    current_months: int = Field(12, ge=1, le=60, description="length of the current period, in months")
    whole_months: bool = Field(True, description="end both periods with a complete month, so that half a month makes nobody sleep")
    segments: int = Field(5, ge=3, le=8, description="number of segments; 5 gives A to E as in the published case")
    shortest_months: float = Field(
        3.0, ge=1, description="rates are taken over at least this many months, so that one early order is no habit"
    )
    weights: Weights = Field(default_factory=Weights, description="what counts in a customer's value, and how much")
    score_cuts: ScoreCuts = Field(default_factory=ScoreCuts, description="declared cuts of the scores 1 to 5")
    lowest_stays: Literal["loyal", "sleeping"] = Field(
        "loyal", description="group of a customer who was in the lowest segment, still orders and stays there"
    )
    redraws: int = Field(200, ge=20, le=5000, description="random re-draws of every customer's orders for the noise floor")
    clock: Literal["market", "calendar"] = Field(
        "market",
        description="how time is counted when orders are drawn again: by what all customers order (market), so that a season is "
        "not taken for movement, or by days (calendar)",
    )
    least_customers: int = Field(30, ge=5, description="fewest customers in the comparison period for which segments are made")
