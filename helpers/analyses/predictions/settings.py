"""The section ``predictions`` of client.yml."""

from __future__ import annotations

from pydantic import Field, model_validator

from helpers.core.sections import Section


class GivenLabel(Section):
    """A label that customers carry, such as who left, from which a model learns."""

    column: str = Field(description="Column of the customer table with the label; empty cells are customers whose label is not known yet.")
    positive: str = Field("yes", description="The value that means: it happened. For a flag, yes.")
    features: tuple[str, ...] = Field((), description="Columns that the model may learn from; empty: all that is known of the customers.")
    leave_out: tuple[str, ...] = Field((), description="Columns known only afterwards: the model never sees them.")
    known_before: tuple[str, ...] = Field(
        (), description="Columns surely filled before the label was known: the leak guard neither refuses them nor asks about them."
    )


class Settings(Section):
    """What the predictions look at, and what a contact costs and brings."""

    horizon_days: int = Field(
        91,
        ge=14,
        le=365,
        description="How many days ahead 'buys again' and 'reaches the next segment' look; 91 days are thirteen weeks, "
        "so that four windows make a year and seasons can be compared.",
    )
    label: GivenLabel | None = Field(None, description="A label that the customers carry, to learn from beside or without orders.")
    training_windows: int = Field(
        4, ge=1, le=12, description="At most this many earlier cut-off dates are learnt from; the latest one only judges."
    )
    value_bands: tuple[float, ...] = Field(
        (),
        description="Borders between value bands, as spend in the last 365 days, low to high; empty means five bands "
        "with equally many customers.",
    )
    contact_cost: float = Field(5.0, ge=0, description="Cost of one contact, in the client's currency.")
    margin_share: float = Field(0.4, gt=0, le=1, description="Margin as a share (0 to 1) of the order amount.")
    contact_effect: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share (0 to 1) of the buyers among those contacted who buy because of the contact; "
        "an assumption until a pilot has measured it.",
    )
    contact_top: int = Field(0, ge=0, description="How many customers can be contacted; 0 means: work out the number that brings most.")
    boosting_from_customers: int = Field(
        1000, ge=0, description="With fewer customers than this, boosted trees are not tried at all: they lose there."
    )
    new_days: int = Field(60, ge=1, le=365, description="A customer is new for this many days after the first order.")
    hesitant_from: float = Field(0.5, gt=0, lt=1, description="Hesitant from this probability that no order comes any more (0 to 1).")
    leaving_from: float = Field(0.75, gt=0, lt=1, description="About to leave from this probability that no order comes any more.")
    gone_from: float = Field(
        0.9, gt=0, lt=1, description="Gone from this probability that no order comes any more; never before one own gap has passed."
    )
    value_horizon_days: int = Field(
        365,
        ge=28,
        le=1095,
        description="How many days ahead customer value looks; left out, half of it is used where more cannot be judged.",
    )
    value_holdout_days: int = Field(
        182, ge=28, le=730, description="Last part of the history, in days, kept apart to judge the customer value."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Settings:
        if not self.hesitant_from < self.leaving_from < self.gone_from:
            raise ValueError("hesitant_from, leaving_from and gone_from must rise")
        if list(self.value_bands) != sorted(set(self.value_bands)):
            raise ValueError("value_bands must rise")
        return self
