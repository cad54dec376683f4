"""The section ``learning`` of client.yml: what is learnt from, how much is explored, what a success is worth."""

from typing import Literal

from pydantic import Field, field_validator

from helpers.core.sections import Section


class Settings(Section):
    """Weights that learn from a log of what was shown."""

    pilot_id: str = Field("", description="Only rows of the table exposures with this pilot_id are learnt from; empty: all rows.")
    option: Literal["item", "treatment"] = Field("item", description="Column of the table exposures that says which option was shown.")
    success: Literal["clicked", "outcomes"] = Field(
        "clicked", description="What counts as a success: a click, or an outcome of the same customer soon after."
    )
    outcome_days: int = Field(7, ge=1, le=90, description="An outcome counts for what was shown at most this many days before it.")
    positions: Literal["randomised", "declared", "unknown"] = Field(
        "unknown",
        description="How options came to their place: randomised (swapped by chance: the effect of the place is "
        "measured), declared (see position_effect), or unknown (the place is not corrected for).",
    )
    position_effect: dict[int, float] = Field(
        {}, description="Chance that a place is looked at, against the first place, such as {2: 0.7, 3: 0.5}."
    )
    method: Literal["top_two", "thompson"] = Field(
        "top_two",
        description="How the next weights explore: thompson (as often as it may be the best), or top_two (half of "
        "that goes to the runner-up, so that the best is found sooner).",
    )
    floor: float = Field(0.05, ge=0, le=0.5, description="Smallest weight of an option; never more than half of an equal share.")
    batch_days: int = Field(7, ge=1, le=92, description="Days between two versions of the weights file.")
    prior_successes: float = Field(1.0, gt=0, description="Successes that every option is thought to have had before it was ever shown.")
    judge_share: float = Field(
        0.5, gt=0.1, lt=0.9, description="Part of the log, the latest, on which weights learnt from the rest are judged."
    )
    least_effective: int = Field(
        100, ge=10, description="Fewest rows that the log must be worth for other weights; below it no value is given."
    )
    least_successes: int = Field(
        20, ge=5, description="Fewest successes that the log must be worth for other weights; below it no value is given."
    )
    least_effective_share: float = Field(0.01, gt=0, lt=1, description="The same as a share of the rows of the log.")
    resamples: int = Field(1000, ge=200, le=20000, description="How often the log is drawn again for the intervals.")
    value_of_success: float | None = Field(
        None, ge=0, description="Margin that one success brings; empty: from the outcomes, else it is not known."
    )
    margin_share: float = Field(0.3, gt=0, le=1, description="Part of revenue that is margin, where the value comes from the outcomes.")
    weeks: int = Field(26, ge=4, le=104, description="Weeks that the simulator looks ahead.")
    runs: int = Field(60, ge=20, le=2000, description="How often the simulator plays these weeks.")
    popularity_weights: tuple[float, ...] = Field(
        (0.0, 0.25, 0.5, 0.75, 1.0),
        min_length=2,
        description="Places of the slider that the log is asked about: 0 is own history only, 1 popularity only.",
    )

    @field_validator("position_effect")
    @classmethod
    def _effects_are_shares(cls, effects: dict[int, float]) -> dict[int, float]:
        if any(place < 1 or not 0 < effect <= 2 for place, effect in effects.items()):
            raise ValueError("places count from 1, and an effect lies between 0 and 2: {2: 0.7}")
        return effects

    @field_validator("popularity_weights")
    @classmethod
    def _places_rise(cls, places: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 <= place <= 1 for place in places) or list(places) != sorted(set(places)):
            raise ValueError("rising places of the slider, between 0 and 1")
        return places
