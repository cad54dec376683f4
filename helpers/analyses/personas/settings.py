"""What a client may set for the web personas (section ``personas`` of client.yml)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from helpers.tables.web.events import CONTEXT
from helpers.tables.web.noise import NOISE, ROBOT_WORDS


class Persona(BaseModel):
    """A persona the marketing department wrote down before anyone looked at the data."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, description="Name of the persona.")
    words: tuple[str, ...] = Field(min_length=2, description="Words this persona would look for on the site, in the site's language.")
    content: str = Field("", description="What a visitor of this persona is shown; empty: the persona's name.")


class Settings(BaseModel):
    """Settings of the web personas; every key has a default."""

    model_config = ConfigDict(extra="forbid")

    personas: tuple[Persona, ...] = Field((), description="Personas written beforehand; segments are matched with them by their words.")
    visit_gap_minutes: float = Field(30, gt=0, le=1440, description="Silence after which a new visit begins, in minutes.")
    noise_events: tuple[str, ...] = Field(
        NOISE, description="Event types that are not a choice of a page: touches, scrolling, mouse moves."
    )
    page_events: tuple[str, ...] = Field(
        (),
        description="Event types that count as looking at a page; empty: page views by their usual name, "
        "else everything but noise and outcomes.",
    )
    outcome_events: tuple[str, ...] = Field(
        (), description="Event types that are conversions. They are counted as such and never used to make segments."
    )
    outcome_paths: tuple[str, ...] = Field(
        (), description="Starts of paths that only someone who converted sees, such as /bedankt; never used to make segments."
    )
    robot_words: tuple[str, ...] = Field(ROBOT_WORDS, description="Words in a user agent that give a robot away.")
    robot_pages: int = Field(30, ge=5, description="Pages opened before speed says that it is a robot.")
    robot_seconds_per_page: float = Field(2, gt=0, description="A median time per page below this is no reader, in seconds.")
    ignore_words: tuple[str, ...] = Field(
        (), description="Words that say nothing here, such as the name of the site; articles and the like are left out already."
    )
    fewest_pages: int = Field(2, ge=1, description="A visitor needs this many page views to help make segments.")
    fewest_visitors: int = Field(5, ge=2, description="A word needs this many visitors to be a feature.")
    most_words: int = Field(2_000, ge=10, description="Most words used, those seen by most visitors first.")
    page_weight: float = Field(1.0, gt=0, description="Weight of a word in the page's own name.")
    path_weight: float = Field(0.5, ge=0, description="Weight of a word in the folders above the page.")
    context_weight: float = Field(0.5, ge=0, description="Weight of when, from where and on what, against one word seen once.")
    context: tuple[str, ...] = Field(
        ("device", "browser_language", "utm_source", "utm_medium", "daypart"),
        description="Circumstances used: device, screen, operating_system, browser_language, web_place, "
        "utm_source, utm_medium, utm_campaign, daypart.",
    )
    method: Literal["clusters", "topics"] = Field(
        "clusters",
        description="clusters: every visitor to the nearest centre (K-Means after a reduction); "
        "topics: to the strongest topic (non-negative matrix factorisation).",
    )
    segments: int | Literal["stability"] = Field(
        "stability", description="Number of segments: a whole number that you declare, or stability."
    )
    fewest_segments: int = Field(2, ge=2, le=20, description="Smallest number of segments looked at.")
    most_segments: int = Field(8, ge=2, le=20, description="Largest number of segments looked at.")
    smallest_share: float = Field(0.02, gt=0, le=0.2, description="A segment holds at least this share of visitors.")
    visitors_per_segment: int = Field(
        50, ge=10, description="Visitors needed per segment: a conversion of 10 % is then known to within about 8 points."
    )
    halves: int = Field(8, ge=2, le=100, description="Times the visitors are split in half to test stability.")
    references: int = Field(3, ge=1, le=20, description="Shuffled copies without structure, to compare with.")
    fit_sample: int = Field(20_000, ge=500, description="With more visitors, segments are fitted on so many.")
    cloud_words: int = Field(40, ge=5, le=100, description="Most words in a word cloud.")
    prior_visitors: float = Field(
        500, gt=0, description="Weight of the whole site in the comparison of words: small makes rare words loud."
    )
    match_at_least: float = Field(0.5, gt=0, le=1, description="Share of a persona's words that must mark the segment to speak of a match.")
    serving_words: int = Field(500, ge=20, description="Most words in the table that a web site uses.")
    serving_margin: float = Field(0.2, ge=0, lt=1, description="How far the best segment must be ahead before content becomes personal.")
    standard_content: str = Field("standard", description="Content for the unknown visitor.")

    @model_validator(mode="after")
    def _numbers_fit(self) -> Settings:
        if isinstance(self.segments, int) and not 2 <= self.segments <= 20:
            raise ValueError("segments must be 2 to 20, or stability")
        if self.fewest_segments > self.most_segments:
            raise ValueError("fewest_segments must not be larger than most_segments")
        allowed = {*CONTEXT, "daypart"}
        if set(self.context) - allowed:
            raise ValueError(f"context must be among {', '.join(sorted(allowed))}")
        if len({persona.name for persona in self.personas}) < len(self.personas):
            raise ValueError("two personas must not have the same name")
        return self
