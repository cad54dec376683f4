"""Paths without people: what points at a person or a session becomes the name of its kind."""

import re
from urllib.parse import unquote

# In this order: what is more special first. Our convention; tested on planted values in every place of an address.
_KINDS = (
    ("{email}", re.compile(r"[^\s/?&=;:,@{}]+@[^\s/?&=;:,@{}]+\.[A-Za-z]{2,}")),
    ("{token}", re.compile(r"eyJ[\w-]{6,}(?:\.[\w-]*){1,2}")),
    (
        "{token}",
        re.compile(r"(?i)(?<=[;/?&_-])(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session|sess|sid|token|auth|key)[=:~][^/?&;]+"),
    ),
    ("{token}", re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")),
    ("{address}", re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")),
    ("{address}", re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])")),
    ("{token}", re.compile(r"(?i)\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b")),
    ("{number}", re.compile(r"(?<![\w{])\+?\d[\d ().-]{7,}\d(?!\w)")),
    ("{number}", re.compile(r"\d{6,}")),
)
_WORD = re.compile(r"[A-Za-z0-9_~+=-]{10,}")
_TURN = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])")
_LONG_TOKEN, _TURNS, _TURNS_LONG = 20, 4, 2
_FILE = re.compile(
    r"(?i)\.(?:css|js|mjs|map|json|xml|txt|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|eot|otf|mp4|webm|mp3|wasm|webmanifest)$"
)


def without_people(text: str) -> str:
    """Return a path, tag or user agent in which addresses, e-mails, tokens, session ids and long numbers are only named by kind.

    Parameters
    ----------
    text : as it stands in an address; what is percent-encoded, also twice, is looked into.

    Returns
    -------
    The text itself where it holds nothing of that kind.
    """
    for candidate in dict.fromkeys((text, unquote(text), unquote(unquote(text)))):
        clean = _cleaned(candidate)
        if clean != candidate:
            return clean
    return text


def is_file(path: str) -> bool:
    """Tell whether a path is that of a picture, style, script or font: part of a page, and none itself."""
    return bool(_FILE.search(path)) or path == "/robots.txt"


def _cleaned(text: str) -> str:
    for name, pattern in _KINDS:
        text = pattern.sub(name, text)
    return _WORD.sub(lambda match: "{token}" if _is_token(match.group()) else match.group(), text)


def _is_token(word: str) -> bool:
    """Tell whether a word was drawn by a machine: letters, capitals and digits change places again and again."""
    turns = len(_TURN.findall(word))
    has_digits = any(sign.isdigit() for sign in word)
    return has_digits and (turns >= _TURNS or (len(word) >= _LONG_TOKEN and turns >= _TURNS_LONG))
