"""Names that the story and the pictures share."""

from __future__ import annotations

from helpers.core.wording import _


def method_name(method: str) -> str:
    """Return what people call a method."""
    return {
        "popularity": _("what most customers buy"),
        "sector_popularity": _("what most customers in the sector buy"),
        "similarity": _("groups that go together"),
        "factorisation": _("patterns of buying"),
    }[method]
