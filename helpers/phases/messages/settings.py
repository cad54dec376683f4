"""The section ``messages`` of client.yml: who gets what, when, and never too often."""

from typing import Literal

from pydantic import Field

from helpers.core.sections import Section

Channel = Literal["sales letter", "e-mail", "postcard", "SMS"]
Status = Literal["new", "bought once", "loyal", "hesitant", "about to leave", "gone"]


def _usual_lead_days() -> dict[Channel, int]:
    return {"sales letter": 7, "postcard": 5, "e-mail": 0, "SMS": 0}


class Caps(Section):
    """How many messages one person may get, over all channels together."""

    in_7_days: int = Field(2, ge=0, le=50, description="Most messages one person gets in any 7 days, over all channels.")
    in_30_days: int = Field(4, ge=0, le=200, description="Most messages one person gets in any 30 days, over all channels.")


class Rule(Section):
    """One rule: who, what, through which channel, from when."""

    status: tuple[Status, ...] = Field((), description="Only customers with one of these statuses; empty means every status.")
    value_bands: tuple[str, ...] = Field((), description="Only these value bands, such as [A, B]; empty means every band.")
    groups: tuple[str, ...] = Field((), description="Only these customer groups; empty means every group.")
    message: str = Field(..., min_length=1, description="Name of the message.")
    channel: Channel = Field(..., description="sales letter, e-mail, postcard or SMS.")
    offer: str = Field("", description="What is offered; empty means no offer.")
    wait_days: int = Field(0, ge=0, le=365, description="Days after the status began before this message may arrive.")
    valid_days: int = Field(
        60, ge=1, le=730, description="Not sent to people whose status began longer ago than wait_days plus this many days."
    )


class Settings(Section):
    """Rules for messages; the first rule that fits goes first where the caps leave room for one."""

    rules: tuple[Rule, ...] = Field((), description="The rules, most important first.")
    caps: Caps = Field(default_factory=Caps, description="How many messages one person may get.")
    basis: Literal["consent", "own_customers", "company_addresses"] = Field(
        "consent", description="Ground on which people are written to; an objection beats every ground."
    )
    lead_days: dict[Channel, int] = Field(
        default_factory=_usual_lead_days,
        description="Days between the decision and the arrival, per channel: paper is slower than digital.",
    )
    plan_days: int = Field(30, ge=1, le=120, description="How many days ahead messages are planned.")
    group_column: str = Field(
        "",
        description="Column of customers that names the customer groups, such as customer_code; empty: past messages are read over all "
        "customers together, since nobody kept the status they had on the day.",
    )
    control: str = Field("", description="Name, in the campaign list, of the arm of a test that got nothing.")
    test_campaign: str = Field("", description="Name of an earlier campaign in which chance decided who got the message.")
    response_days: int = Field(
        14,
        ge=1,
        le=180,
        description="Days after a message within which an order counts as response, "
        "where the campaign list itself does not say who responded.",
    )
    smallest_gain: float = Field(0.02, gt=0, lt=1, description="Smallest difference in response (share, 0 to 1) worth finding in a test.")
