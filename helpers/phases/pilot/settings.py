"""The section ``pilot`` of client.yml: who, what, how large, how long, at what cost, and who released it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from helpers.core.sections import Section
from helpers.privacy import Basis

Measure = Literal["conversion_uplift", "revenue_per_person", "net_money", "opt_out_rate", "reached_share"]


class Channel(Section):
    """One channel with its list."""

    name: str = Field("email", min_length=1, description="Name of the channel, such as email, postcard, telephone.")
    columns: tuple[str, ...] = Field(
        ("customer_id",), description="The only columns of the customer table that this channel's list may hold."
    )
    needs: str = Field("", description="Column that must be filled to use this channel, such as email; empty: none.")
    cost: float | None = Field(None, ge=0, description="Cost of one contact through this channel; empty: contact_cost.")


class Criterion(Section):
    """One criterion that decides go or no-go, set before the pilot starts."""

    measure: Measure = Field(
        "conversion_uplift",
        description="What is judged: conversion_uplift (difference of rates), revenue_per_person (difference), net_money (extra margin "
        "less cost), opt_out_rate (of the treated), reached_share (of the treated).",
    )
    at_least: float | None = Field(None, description="Go needs at least this; a share is written 0.01 for 1 %.")
    at_most: float | None = Field(None, description="Go allows at most this.")
    surely: bool = Field(True, description="True: the whole interval must meet it; false: the estimate is enough.")

    @model_validator(mode="after")
    def _one_bound(self) -> Criterion:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a criterion has either at_least or at_most: write one of the two")
        return self


class Settings(Section):
    """The pilot of this round."""

    name: str = Field("pilot", min_length=1, description="Short name of the pilot; with the date it makes its id.")
    hypothesis: str = Field("", description="What you expect, in one sentence; empty: made from the opportunity.")
    message: str = Field("", description="What the treated people get: the message, offer or content.")
    groups: tuple[str, ...] = Field((), description="Customer groups (name or number) to include; empty: all.")
    consent_basis: Basis = Field(
        "consent",
        description="Ground on which people are written to: consent (an explicit yes), own_customers (soft opt-in), company_addresses "
        "(impersonal addresses of legal persons). An objection beats all three.",
    )
    consent_note: str = Field("", description="Why another ground than consent holds, and who decided it.")
    most_in_7_days: int = Field(2, ge=0, description="Most marketing messages a person gets in 7 days, all channels.")
    most_in_30_days: int = Field(4, ge=0, description="Most marketing messages a person gets in 30 days, all channels.")
    holdout_share: float = Field(0.5, ge=0.02, le=0.9, description="Share randomly left out, as 0.1 for 10 %.")
    variants: tuple[str, ...] = Field(("treated",), min_length=1, description="Names of what is tried, of equal size.")
    strata: tuple[str, ...] = Field(
        ("group", "monetary"), description="Columns within which the draw is balanced; numbers are cut into three equal parts."
    )
    main_metric: Literal["conversion", "revenue"] = Field("conversion", description="The one figure that decides.")
    guard_metrics: tuple[str, ...] = Field(("opt_out_rate",), description="Figures that must not get worse; what decides are the criteria.")
    alpha: float = Field(0.05, gt=0, lt=0.5, description="Chance of a false alarm that you accept (5 % is usual).")
    power: float = Field(0.8, gt=0.5, lt=1, description="Chance of seeing the hoped-for effect when it is there.")
    hoped_rise: float = Field(0.2, gt=0, description="Relative rise you hope for, as 0.2 for 20 % more conversions.")
    base_rate: float | None = Field(
        None, gt=0, lt=1, description="Share that converts without the pilot, if you know; empty: from the orders."
    )
    looks: int = Field(2, ge=1, le=10, description="How often the result is looked at, the last look included.")
    start_in_days: int = Field(14, ge=0, le=366, description="Days between the round's date and the start, to prepare.")
    days: int | None = Field(None, ge=7, le=1830, description="Length of the pilot in days; empty: as long as needed.")
    most_days: int = Field(90, ge=7, le=1830, description="Longest length considered when the length is computed.")
    contact_cost: float = Field(0.0, ge=0, description="Cost of treating one person once.")
    fixed_cost: float = Field(0.0, ge=0, description="Cost of the pilot that does not depend on its size.")
    margin_share: float = Field(0.3, gt=0, le=1, description="Part of revenue that is margin, as 0.3 for 30 %.")
    channels: tuple[Channel, ...] = Field(
        (Channel(),), min_length=1, description="Channels in order of preference; each person is on one list only."
    )
    criteria: tuple[Criterion, ...] = Field(
        (
            Criterion(measure="conversion_uplift", at_least=0),
            Criterion(measure="net_money", at_least=0, surely=False),
            Criterion(measure="opt_out_rate", at_most=0.02, surely=False),
        ),
        description="What decides go or no-go, set before the start.",
    )
    preconditions: tuple[str, ...] = Field((), description="What must be arranged before the start, in your words.")
    owner_marketing: str = Field("", description="Who answers for the campaign.")
    owner_it: str = Field("", description="Who answers for serving and for the feedback.")
    approved_by: str = Field("", description="Person who released the lists; empty: the lists are marked DRAFT.")
    approved_on: date | None = Field(None, description="Day of the release, not before the round's date; earlier or empty: DRAFT.")

    @model_validator(mode="after")
    def _names_differ(self) -> Settings:
        names = [channel.name for channel in self.channels]
        if len(set(names)) < len(names) or len(set(self.variants)) < len(self.variants):
            raise ValueError("every channel and every variant needs a name of its own")
        if "holdout_group" in self.variants:
            raise ValueError("holdout_group is the name of the people left out: give the variant another name")
        return self


def first_reachable_channel(people: pd.DataFrame, channels: Sequence[Channel]) -> pd.Series:
    """Return the first channel through which each person can be reached; missing where there is none.

    One person is on one list only, so that two lists together never break the contact caps.
    """
    names = pd.Series(pd.NA, index=people.index, dtype="object")
    for channel in channels:
        if channel.needs and channel.needs not in people:
            continue
        reachable = pd.Series(True, index=people.index)
        if channel.needs:
            address = people[channel.needs]
            reachable = address.notna() & (address.astype(str).str.strip() != "")
        # Who was given a channel before keeps it: the channels stand in order of preference.
        names = names.where(names.notna() | ~reachable, channel.name)
    return names
