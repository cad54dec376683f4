"""What a client can declare for the channels of orders."""

from pydantic import Field

from helpers.core.sections import Section


class Settings(Section):
    """The section ``channels`` of client.yml."""

    months: int = Field(
        12, ge=12, le=36, multiple_of=12, description="length of the current period and of the one before it: whole years, for the season"
    )
    most_channels: int = Field(5, ge=2, le=8, description="channels that are shown by name; smaller ones are put together")
    draws: int = Field(200, ge=50, le=2000, description="random re-draws for what chance alone gives")
    least_customers: int = Field(30, ge=10, description="fewest customers with two purchases or more, and in both periods, to compare")
