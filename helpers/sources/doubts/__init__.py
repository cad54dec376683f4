"""The doubt list: what in the exports may not be what it seems, looked for before it is believed."""

from helpers.sources.doubts.finding import find_doubts

__all__ = ["find_doubts"]
