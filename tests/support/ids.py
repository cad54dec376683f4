"""What an id becomes when it is read, worked out a second way."""

from __future__ import annotations

import unicodedata

WORDS = {"na", "n/a", "null", "none", "nan", "-", "--", "?", "unknown", "onbekend", "unbekannt"}
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


def as_an_id(text: str | None) -> str | None:
    """Return an id without blanks around it, invisible signs and look-alikes; None for a word that means none."""
    bare = unicodedata.normalize("NFKC", "".join(sign for sign in text or "" if sign not in INVISIBLE)).strip()
    return None if bare.lower() in WORDS or not bare else bare
