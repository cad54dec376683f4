"""What a client can declare for quotes."""

from pydantic import Field

from helpers.core.sections import Section


class Settings(Section):
    """The section ``quotes`` of client.yml."""

    amount_bands: list[float] = Field([], max_length=8, description="amounts at which a band of quotes begins; empty takes quarters")
    revision_days: int = Field(7, ge=0, le=90, description="days within which a quote of the same customer and amount is the same again")
    by_owner: bool = Field(False, description="True: also compare the codes of those who made the quotes")
