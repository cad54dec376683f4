"""Raw web logs and exports → the clean form of ``tables.web``. Lines and frames in, frames out; nothing here opens a file."""

from helpers.sources.webevents.ga4 import from_ga4
from helpers.sources.webevents.log import read_combined

__all__ = ["from_ga4", "read_combined"]
