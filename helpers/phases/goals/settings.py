"""The section ``goals`` of client.yml: what the client wants, and what it would bring."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from helpers.core.sections import Section

Stage = Literal["awareness", "orientation", "purchase", "service", "retention"]
STAGES: tuple[str, ...] = ("awareness", "orientation", "purchase", "service", "retention")
Unit = Literal["customers", "orders", "lines", "share", "money", "days"]
# name: unit, which way is better
KPIS: dict[str, tuple[Unit, Literal["up", "down"]]] = {
    "active_customers": ("customers", "up"),
    "new_customers": ("customers", "up"),
    "repeat_rate": ("share", "up"),
    "revenue": ("money", "up"),
    "orders": ("orders", "up"),
    "revenue_per_customer": ("money", "up"),
    "order_value": ("money", "up"),
    "basket_size": ("lines", "up"),
    "days_between_orders": ("days", "down"),
    "top_share": ("share", "down"),
    "conversion": ("share", "up"),
}
SHARES = tuple(name for name, (unit, _better) in KPIS.items() if unit == "share")
if TYPE_CHECKING:
    KpiName = str
else:  # mypy cannot follow names that are listed elsewhere; pydantic can
    KpiName = Literal[(*KPIS, "own")]


class Goal(Section):
    """One goal as a SMART record."""

    name: str = Field("", description="The goal in the client's own words.")
    stage: Stage | None = Field(None, description="Stage of the funnel that the goal belongs to.")
    customer_group: str = Field("", description="Group of customers it is about; empty means all.")
    kpi: KpiName = Field("own", description="Figure that shows whether the goal is reached; 'own' for your own.")
    own_kpi: str = Field("", description="Name of your own figure, when kpi is 'own'.")
    baseline: float | None = Field(None, description="Where it stands now, if you know; else it is computed.")
    target: float | None = Field(None, description="Where it should be; a share is written as 0.28 for 28 %.")
    better: Literal["up", "down"] | None = Field(
        None, description="Whether a higher (up) or lower (down) figure is better; known for computed figures."
    )
    by: date | None = Field(None, description="Date by which the target is to be reached, as 2026-12-31.")
    owner: str = Field("", description="Person who answers for the goal.")
    priority: int = Field(3, ge=1, le=5, description="How much it matters: 5 is most, 1 is least.")

    @model_validator(mode="after")
    def _shares_are_shares(self) -> Goal:
        for key in ("baseline", "target"):
            given = getattr(self, key)
            if self.kpi in SHARES and given is not None and not 0 <= given <= 1:
                raise ValueError(f"{key} of {self.kpi} is a share between 0 and 1: write 0.28 for 28 %")
        return self


class Assumption(Section):
    """One number of the business case: low, middle and high, with where it comes from."""

    low: float | None = Field(None, ge=0, description="The lowest value you find credible.")
    middle: float | None = Field(None, ge=0, description="The value you expect.")
    high: float | None = Field(None, ge=0, description="The highest value you find credible.")
    source: str = Field("", description="Where the number comes from: a quote, last year's test, a guess by whom.")

    @model_validator(mode="after")
    def _in_order(self) -> Assumption:
        given = [number for number in (self.low, self.middle, self.high) if number is not None]
        if given != sorted(given):
            raise ValueError("low, middle and high must not fall: expected low <= middle <= high")
        return self


class Option(Section):
    """Another way to spend the same money, to compare with."""

    name: str = Field("", description="What else the money could be spent on.")
    net_per_year: float | None = Field(None, description="What that would bring in a year, after its cost.")
    source: str = Field("", description="Where that number comes from.")


class BusinessCase(Section):
    """The assumptions of the business case, each editable and each with its source."""

    customers_reached: Assumption = Field(
        Assumption(), description="Customers reached in a year; left out: the active customers of the orders."
    )
    extra_orders: Assumption = Field(Assumption(), description="Extra orders per customer reached in a year, such as 0.05.")
    order_value: Assumption = Field(Assumption(), description="Net amount of an order; left out: computed from the orders.")
    margin_share: Assumption = Field(Assumption(), description="Share of the order amount that is margin, 0 to 1.")
    cost_once: Assumption = Field(Assumption(), description="Cost to set it up, once.")
    cost_per_year: Assumption = Field(Assumption(), description="Cost that comes back every year.")
    years: int = Field(1, ge=1, le=5, description="Years over which yield and cost are added up.")
    other_options: list[Option] = Field([], description="Other ways to spend the money, to compare with.")


class CultureAnswer(Section):
    """One answer on culture or expertise."""

    level: int | None = Field(None, ge=0, le=4, description="0 not at all, 2 partly, 4 fully.")
    note: str = Field("", description="Why, in a sentence.")


class Culture(Section):
    """Culture and expertise: whether the firm is ready to work with data."""

    urgency: CultureAnswer = Field(CultureAnswer(), description="Does the management feel that this cannot wait?")
    in_house_skill: CultureAnswer = Field(CultureAnswer(), description="Are there people in the house who can work with data?")
    sales_see_use: CultureAnswer = Field(CultureAnswer(), description="Do the sales people see the use of recording data?")
    recording_enforced: CultureAnswer = Field(CultureAnswer(), description="Are the fields that matter mandatory, and is that kept to?")
    testing: CultureAnswer = Field(CultureAnswer(), description="Is something new tried on a part of the customers first, and measured?")
    together: CultureAnswer = Field(CultureAnswer(), description="Do marketing and IT plan campaigns together?")
    time_and_budget: CultureAnswer = Field(CultureAnswer(), description="Are hours and money set aside for this, with a name to them?")
    outsourced: list[str] = Field([], description="Work on marketing, data or IT that others do for you.")


class Settings(Section):
    """Phase 1: the goals, the business case, and culture and expertise."""

    goals: list[Goal] = Field([], description="The goals, each with figure, target, date, owner and priority.")
    business_case: BusinessCase = Field(BusinessCase(), description="Assumptions of the business case.")
    culture: Culture = Field(Culture(), description="Questions on culture and expertise, with the answers.")
    conversion_events: list[str] = Field(
        ["purchase", "order", "transaction", "checkout", "quote_request"],
        description="Values of event_type in web_events that count as a conversion.",
    )
