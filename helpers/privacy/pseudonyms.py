"""Pseudonyms: names for people that only the holder of the key can trace back.

A hash without a key protects nothing: all ten million mobile numbers of a country are tried in a minute. So the pseudonym is
a keyed hash (HMAC-SHA256, RFC 2104), the key has 256 bits and stays apart from what is written (EDPB guidelines 1/2025). A
pseudonym is still personal data.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from helpers.core.errors import Problem, UserMistakes
from helpers.core.files import write_atomic
from helpers.core.records import client_home

KEY_BYTES = 32
KEY_FILE = "pseudonym.key"
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


def client_key(folder: Path, make: bool = False) -> bytes:
    """Return the client's secret, from the file ``pseudonym.key`` in its folder.

    Parameters
    ----------
    folder : the client's folder, or the folder in its ``rounds/`` that keeps an earlier client.yml.
    make : whether a missing key is made and kept there, readable by its owner only.

    Returns
    -------
    32 bytes; where there is no key and none is made, bytes that nobody keeps: what is hidden with them is gone.

    Raises
    ------
    UserMistakes : the file holds something else.
    """
    path = client_home(folder.resolve()) / KEY_FILE
    if not path.is_file():
        key = secrets.token_bytes(KEY_BYTES)
        if make:
            write_atomic(path, key.hex().encode() + b"\n")
            path.chmod(0o600)
        return key
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError):
        key = b""
    if len(key) < KEY_BYTES:
        fix = "Put back the file that was there: with another key the same visitor gets another name."
        raise UserMistakes([Problem(KEY_FILE, "", "", f"{KEY_BYTES} bytes as hexadecimal digits", fix)])
    return key
