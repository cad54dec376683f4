"""Pseudonyms: names for people that only the holder of the key can trace back.

A hash without a key protects nothing: all ten million mobile numbers of a country are tried in a minute. So the pseudonym is
a keyed hash (HMAC-SHA256, RFC 2104), the key has 256 bits and stays apart from what is written (EDPB guidelines 1/2025). A
pseudonym is still personal data.
"""

from __future__ import annotations

import hashlib
import hmac

import pandas as pd

KEY_BYTES = 32
FEWEST_DIGITS, MOST_DIGITS = 16, 64  # with fewer, two people of a large client may share a pseudonym


def pseudonym(value: str, key: bytes, *, length: int = 24) -> str:
    """Return the pseudonym of one value.

    Parameters
    ----------
    value : the identifier, as text.
    key : the client's secret, at least 32 bytes.
    length : hexadecimal digits kept, 16 to 64.

    Raises
    ------
    ValueError : when the key is too short to protect anything, or the length out of range.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"a pseudonym needs a key of at least {KEY_BYTES} bytes, got {len(key)}")
    if not FEWEST_DIGITS <= length <= MOST_DIGITS:
        raise ValueError(f"a pseudonym has {FEWEST_DIGITS} to {MOST_DIGITS} digits, got {length}")
    return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:length]


def pseudonyms(values: pd.Series, key: bytes, *, length: int = 24) -> pd.Series:
    """Return the pseudonyms of a column; missing stays missing, equal values stay equal."""
    by_value = {value: pseudonym(value, key, length=length) for value in values.dropna().unique()}
    return values.map(by_value)
