"""The section ``evaluation`` of client.yml: which pilot or test is read, what counts, and how strictly."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from helpers.core.sections import Section


class Test(Section):
    """What was written down of a test that another tool ran; who was in which arm is the table test_assignment."""

    control: str = Field("", description="Arm that got nothing new, as in test_assignment; filled in, this test is judged.")
    test_id: str = Field("", description="Id of the test, as in test_assignment; empty where that holds one test only.")
    compare: str = Field("", description="Arm that decides, where there are several; empty: each is judged against the control.")
    metric: Literal["", "conversion", "revenue"] = Field(
        "", description="The one figure that decides, as written down before the start; empty: none was, and conversions are described."
    )
    starts: date | None = Field(None, description="First day that counts; empty: the first day on which somebody was assigned.")
    ends: date | None = Field(
        None, description="Last day that counts, as written down before the start; empty: none was, and the test is only described."
    )
    days_to_convert: int = Field(
        0,
        ge=0,
        description="Days after a person was put in the test in which an outcome counts, the same for everybody, as written down before "
        "the start; who came in too late for them is left out of all arms. 0: everything up to the end counts.",
    )
    looks: int = Field(1, ge=1, le=20, description="How often the result was to be looked at, evenly spread, the end included.")
    shares: Literal["equal"] | dict[str, Annotated[float, Field(gt=0)]] | None = Field(
        None, description="Planned share of each arm, as {A: 0.9, B: 0.1}, or equal; empty: arms that are not equal are only described."
    )
    people: int = Field(0, ge=0, description="People planned, all arms together; 0: not written down.")
    contact_cost: float | None = Field(None, ge=0, description="Cost of treating one person; go needs it, or fixed_cost (0 for free).")
    fixed_cost: float | None = Field(None, ge=0, description="Cost of the test that does not depend on its size.")
    margin_share: float = Field(0.3, gt=0, le=1, description="Part of revenue that is margin, as 0.3 for 30 %.")
    hoped_rise: float | None = Field(
        None, gt=0, description="Relative rise hoped for, as 0.2 for 20 % more conversions; empty: none was written down."
    )
    everybody_counted: bool = Field(
        False,
        description="true: you checked that the outcomes of everybody in the test came back; without it, or a table that shows it, "
        "nothing is decided.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Test:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(f"ends on or after starts ({self.starts})")
        if self.looks > 1 and not self.ends:
            raise ValueError("ends, the day of the last look, where looks are planned")
        if not self.control and any((self.test_id, self.compare, self.metric, self.starts, self.ends, self.shares)):
            raise ValueError("control, the name of the arm that got nothing new")
        return self


class Settings(Section):
    """How the outcome of an earlier pilot is read."""

    pilot_id: str = Field("", description="Id of the pilot to read; empty: the last one written in an earlier round.")
    test: Test = Field(default_factory=Test, description="A test that another tool ran; judged unless a pilot of ours started later.")
    outcomes_from: Literal["outcomes", "orders"] = Field(
        "outcomes", description="Where conversions come from: the table outcomes, or the orders after the start."
    )
    outcome: str = Field("", description="Kind of outcome that counts, as in the table outcomes; empty: every kind.")
    ratio_stop: float = Field(0.001, gt=0, lt=0.1, description="The reading stops when arms this uneven would arise by chance less often.")
    least_conversions: int = Field(10, ge=5, description="Least conversions to expect in the smaller arm before rates are compared.")
    least_buyers: int = Field(
        15,
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
