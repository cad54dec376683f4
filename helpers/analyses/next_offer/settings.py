"""What a client may set for the next offer (section ``next_offer`` of client.yml)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from helpers.core.sections import Section


class Coupons(Section):
    """The coupon plan: what may be given to whom, and for how much."""

    budget: float | None = Field(None, ge=0, description="Most that redeemed coupons are expected to cost; empty: no limit.")
    discount: float = Field(0.15, gt=0, le=1, description="Discount of a coupon, as a share of the price.")
    per_customer: int = Field(2, ge=1, le=10, description="Most coupons per customer: first a new group, then a familiar one.")
    exclude: tuple[str, ...] = Field((), description="Groups that never get a coupon, such as tobacco.")
    least_margin: float = Field(0.0, ge=0, lt=1, description="A group needs at least this margin, as a share of its price.")
    least_stock: float = Field(1, ge=0, description="A group needs at least this many pieces in stock, where stock is known.")
    holdout: float = Field(0.1, gt=0, lt=0.9, description="Share of the customers who get nothing, drawn at random, to measure by.")
    familiar_orders: int = Field(2, ge=2, description="Orders after which a group counts as familiar.")
    need_consent: bool = Field(True, description="Only customers who agreed to marketing, where consent is known.")


class BundleRule(Section):
    """A rule of the product manager: what goes together, in which price range."""

    name: str = Field(min_length=1, description="Name of the rule.")
    base: str = Field(description="Product group of the main product.")
    add: tuple[str, ...] = Field(min_length=1, description="Product groups of which one product each is added.")
    price_from: float = Field(0, ge=0, description="Lowest price of an added product.")
    price_to: float | None = Field(None, gt=0, description="Highest price of an added product; empty: no limit.")


class Weights(Section):
    """How much each ground counts when added products are ranked; only the ratios matter."""

    conversion: float = Field(1.0, ge=0, description="Share of orders with the main product that hold this one too.")
    units: float = Field(0.2, ge=0, description="Number sold.")
    price: float = Field(0.1, ge=0, description="Price position: cheaper than others of its group.")
    views: float = Field(0.1, ge=0, description="Views of the product page.")
    stock: float = Field(0.1, ge=0, description="Pieces in stock.")

    @model_validator(mode="after")
    def _something(self) -> Weights:
        if not sum(dict(self).values()):
            raise ValueError("at least one weight must be above 0")
        return self


class Settings(Section):
    """Settings of the next offer; every key has a default."""

    level: Literal["product_group", "product_id"] = Field(
        "product_group", description="What is suggested: groups (product_group) or single products (product_id)."
    )
    sector: str = Field(
        "sector",
        description="Column of the customer table with the sector or segment; customers are compared within it. Empty: with everybody.",
    )
    customers_per_sector: int = Field(30, ge=10, description="A smaller sector is compared with everybody.")
    suggestions: int = Field(3, ge=1, le=20, description="Suggestions per customer.")
    later_days: int | None = Field(
        None,
        ge=7,
        le=1830,
        description="Length of the later period that judges the methods, in days; empty: 90, or a quarter "
        "of the history where that is shorter.",
    )
    shrinkage: float = Field(10, ge=0, description="Doubt about rare pairs, in customers: larger trusts frequent pairs only.")
    factors: int = Field(12, ge=2, le=100, description="Factors of the factorisation.")
    neighbours: int = Field(9, ge=3, le=50, description="Most similar customers that a reason speaks of.")
    least_similar: int = Field(
        2, ge=0, description="So many of the most similar customers must buy it, before it is suggested: some customers lack nothing."
    )
    fewest_customers: int = Field(5, ge=1, description="A group needs this many customers to be suggested.")
    most_items: int = Field(5_000, ge=10, description="Most groups or products used, those of most customers first.")
    exclude: tuple[str, ...] = Field((), description="Groups or products that are never suggested, such as deposits.")
    customers_needed: int = Field(
        50, ge=20, description="Customers with orders needed: a hit rate of 20 % is then known to within about 11 points."
    )
    coupons: Coupons = Field(default_factory=Coupons, description="The coupon plan.")
    bundles: tuple[BundleRule, ...] = Field((), description="Rules for bundles; without a rule the pairs that beat chance are shown.")
    bundle_weights: Weights = Field(default_factory=Weights, description="Weights in the ranking of bundles.")
    bundle_support: int = Field(5, ge=1, description="Orders that held both products, before they may be a bundle.")
    bundles_per_product: int = Field(3, ge=1, le=20, description="Ranks kept per main product and added group.")
    largest_order: int = Field(50, ge=2, description="Orders with more lines say nothing about what goes together.")
