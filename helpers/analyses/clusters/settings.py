"""What a client may set for the customer groups (section ``clusters`` of client.yml)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from helpers.core.sections import Section

ScaleName = Literal["raw", "standard", "log", "rank"]
SCALES: tuple[ScaleName, ...] = ("raw", "standard", "log", "rank")


class Settings(Section):
    """Settings of the customer groups; every key has a default."""

    features: tuple[str, ...] = Field(
        ("monetary", "contacts", "frequency"),
        min_length=1,
        description="Columns of the customer table that the groups are made from; a date counts as days before the round, a flag or a "
        "value of a text as 0 or 1 on every scale (at most eight values of 2 % of the customers each); a column that is missing or the "
        "same for everyone is left out with a note.",
    )
    scale: ScaleName = Field(
        "log",
        description="How the features are made comparable: raw (as they are: the largest unit decides), standard (divided by their "
        "spread), log (ratios count, so one giant account does not decide) or rank (only the order counts).",
    )
    clusters: int | Literal["evidence"] = Field(
        "evidence", description="Number of groups: a whole number that you declare, or evidence to let the table of evidence choose."
    )
    fewest_clusters: int = Field(2, ge=2, le=20, description="Smallest number of groups looked at.")
    most_clusters: int = Field(8, ge=2, le=20, description="Largest number of groups looked at.")
    most_useful_clusters: int = Field(
        5,
        ge=2,
        le=20,
        description="When there are no natural groups: the most groups a marketing "
        "team can treat differently; the evidence proposes no more than this.",
    )
    smallest_group_share: float = Field(
        0.01,
        gt=0,
        le=0.2,
        description="A group proposed by the evidence holds at least this share of the customers (and never fewer than 10).",
    )
    customers_per_group: int = Field(
        25,
        ge=5,
        description="Buyers needed per group. A resample leaves out about a third of them; "
        "the 16 that remain know an average spend to within about a quarter.",
    )
    resamples: int = Field(100, ge=10, le=2000, description="Resamples that say how sure each customer's group is.")
    evidence_resamples: int = Field(25, ge=5, le=500, description="Resamples for each number of groups in the table of evidence.")
    references: int = Field(
        19,
        ge=9,
        le=199,
        description="Structureless copies of the data that the groups are compared with; 19 gives a false alarm of at most 1 in 20.",
    )
    starts: int = Field(20, ge=1, le=200, description="Random starts of K-Means; the best is kept.")
    fit_sample: int = Field(
        50_000,
        ge=1_000,
        description="With more customers than this the groups are fitted on a "
        "sample of this size and the others are assigned to them; the agreement is stated.",
    )
    large_accounts: Literal["named", "off"] = Field(
        "named",
        description="named: very large accounts are listed one by one and do not bend the groups; off: they take part like everyone else.",
    )
    large_account_share: float = Field(
        0.02, gt=0, lt=1, description="A very large account brings at least this share of all revenue by itself."
    )
    large_accounts_at_most: float = Field(
        0.01,
        gt=0,
        le=0.1,
        description="If more than this share of customers would be very large "
        "accounts, they are a group and not exceptions: none is taken out.",
    )
    names: tuple[str, ...] = Field(
        (), description="Names of your own for the groups, from the lowest to the highest spend; empty: named from what marks them."
    )
    own_code: str = Field("customer_code", description="Column with the firm's own code for a customer, audited against the groups.")
    code_order: tuple[str, ...] = Field(
        (),
        description="The codes from best to worst, such as [A, B, C, D]; empty: letters (A to E) and numbers (1 to 5) in their order, "
        "where that shows in what customers do; other codes are kinds of customers and rank nobody.",
    )
    disagreement_level: float = Field(
        1 / 3, gt=0, lt=1, description="Code and group disagree when they place a customer further apart than this share of all customers."
    )
    certain_share: float = Field(
        0.9,
        ge=0.5,
        le=1,
        description="Only customers whose group is the same in at least this share of resamples can be listed as a disagreement.",
    )

    @model_validator(mode="after")
    def _numbers_fit(self) -> Settings:
        if isinstance(self.clusters, int) and not 2 <= self.clusters <= 20:
            raise ValueError("clusters must be 2 to 20, or evidence")
        if self.fewest_clusters > self.most_clusters:
            raise ValueError("fewest_clusters must not be larger than most_clusters")
        if len(set(self.features)) < len(self.features):
            raise ValueError("features must not name the same column twice")
        return self
