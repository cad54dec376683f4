"""What a client can declare for untapped potential."""

from __future__ import annotations

from pydantic import Field

from helpers.core.sections import Section

PURCHASES = ("orders_per_year", "revenue_per_year", "own_brand_share", "refill_revenue_per_year", "contacts_per_year", "reached_potential")
CONTEXT = ("employees", "devices", "usage_per_month", "external_measure")


class Settings(Section):
    """The section ``potential`` of client.yml."""

    months: int = Field(12, ge=3, le=60, description="months of history up to the round's date that are used")
    segments: int = Field(5, ge=2, le=10, description="number of segments; 5 as in the published case")
    context_weight: float = Field(
        0.3, ge=0, le=1, description="weight of size, usage and external figures in the segments; purchases weigh 1"
    )
    refill_groups: list[str] = Field(
        ["refill", "füllprodukt", "navul", "påfyll"],
        description="words for refills: a product group counts when its name contains one of them",
    )
    external_measure: str = Field("", description="which external figure to use; empty takes the first by name")
    external_key: str = Field("postcode", description="column of the customer list on which the external figures are joined")
    peer_level: float = Field(0.80, gt=0.5, lt=0.99, description="level of comparable customers that counts as the potential")
    least_peers: int = Field(30, ge=5, description="sectors with fewer customers are taken together")
    least_customers: int = Field(50, ge=20, description="fewest customers with orders for which a potential is computed")
    draws: int = Field(200, ge=20, le=2000, description="draws for the intervals")
    often_contacts: float = Field(8, gt=0, description="contacts per year from which a customer is contacted often")
    seldom_orders: float = Field(3, ge=0, description="orders per year up to which a customer orders seldom")
    cost_per_contact: float | None = Field(
        None, ge=0, description="cost of one contact, used where the campaigns do not say; empty counts contacts only"
    )
