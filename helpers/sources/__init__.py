"""The only reader of raw data: client exports → trusted tables, or a clear refusal."""

from helpers.sources.intake import Intake, read_sources

__all__ = ["Intake", "read_sources"]
