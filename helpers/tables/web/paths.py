"""Paths without people: what points at a person or a session becomes the name of its kind.

Kept is what is harmless by its form: words of letters, short numbers, product codes. All else is named by kind only. Which
forms are harmless is our convention; it is measured on made-up addresses (docs/strangers.md).
"""

import html
import re
import unicodedata
from urllib.parse import unquote

UNSEEN = re.compile(r"[\x00-\x1f\x7f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_SLASH = "\u2215"  # stands for an encoded slash, which may be a sign of base64 as well as the border of a folder
_ENCODED_SLASH = re.compile(r"%(?:25)*2[fF]")
# Behind these folders a number is somebody's, and what has digits is a secret; a year is neither.
_NO_YEAR = r"(?!(?:19|20)\d\d(?:[/\u2215]|$))"
_OWN = (
    "user|klant|customer|kunde|client|account|konto|compte|member|lid|leden|profil|profile|profiel|order|bestelling|factuur|invoice|rechnung"
    "|facture|mijn|my|mon|mein|ticket|booking|reservering|polis|dossier"
)
_SECRET = (
    r"sid|key|hash|reset|token|verify|confirm|bevestig\w*|activate|activeer\w*|invite|uitnodiging|unsubscribe|uitschrijven|afmelden|session|sessie|auth"
    "|login|magic|sso|share|optout|opt-out"
)
_KEYS = (
    r"\w*sess\w*|\w*sid|s|\w*token\w*|\w*auth\w*|\w*key|\w*code|\w*clid|sig\w*|hash|nonce|state|ticket|pass\w*|pw|pwd|id|uid|\w*_id|\w*user\w*|login"
    r"|\w*na(?:am|me)|nom|q|query|search|zoek\w*|\w*mail\w*|tel|\w*phone\w*|gsm|mobiel|dob|birth\w*|geb\w*|iban|ip|addr\w*|adres"
)
_ENDINGS = "com|net|org|info|be|nl|lu|de|fr|eu|uk|es|it"
# In this order: what is more special first, then words drawn by a machine, then what is mostly digits.
_KINDS = (
    (
        "{email}",
        re.compile(
            rf"(?i)[^/?&;#=|{{}}]*(?:@|[\[(]\s?at\s?[\])]|_at_[\w-]+\.|[-_. ]at[-_. ][\w-]+[-_.](?:{_ENDINGS})(?![\w-]))[^/?&;#=|{{}}]*"
        ),
    ),
    ("{token}", re.compile(r"eyJ[\w-]{6,}(?:\.[\w-]*){1,2}")),
    ("{token}", re.compile(rf"(?i)(?<![^\W_])(?:{_KEYS})[=:~](?!\{{)[^/?&;#|\u2215]+")),
    ("={value}", re.compile(r"(?<=\w)=(?!(?:[A-Za-z]{1,20}|\d{1,4})(?:[/?&;#|\u2215]|$)|[{=/?&;#|\u2215]|$)[^/?&;#|]+")),
    ("{token}", re.compile(r"(?i)(?<![0-9a-z])[0-9a-f]{8}-?(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])")),
    ("{token}", re.compile(r"(?<![0-9A-Za-z])(?=[A-Z-]*\d)(?=[\d-]*[A-Z])(?:[A-Z0-9]{4,6}-){2,}[A-Z0-9]{4,6}(?![0-9A-Za-z])")),
)
_DIGITS = (
    ("{address}", re.compile(r"(?<!\d)(?<!\d\.)(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)")),
    ("{address}", re.compile(r"(?i)(?<![\w-])(?=[\d-]*[a-f])(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?![\w-])")),
    (
        "{address}",
        re.compile(r"(?i)(?<![\w:])(?!\d\d?:\d\d:\d\d(?![\w:]))(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{3,}(?:\.\d+)*(?![\w:])(?:%\w+)?"),
    ),
    (
        "{iban}",
        re.compile(
            r"(?i)(?<![0-9a-z])[a-z]{2}\d\d(?=(?:[ ._+\u2215-]?[a-z]){0,6}(?:[ ._+\u2215-]?\d){6})(?:[ ._+\u2215-]?[a-z0-9]{4}){2,7}"
            r"(?:[ ._+\u2215-]?[a-z0-9]{1,4})?(?![0-9a-z])"
        ),
    ),
    (  # of a birth: a later one is that of news or an open day
        "{date}",
        re.compile(
            r"(?<!\d)(?:(?:19\d\d|200\d)"
            r"(?:([-/._ \u2215])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
            r"|(?:0?[1-9]|[12]\d|3[01])([-/._ +\u2215])(?:0?[1-9]|1[0-2]|[A-Za-z]{3,9})\2(?:19\d\d|200\d)"
            r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19\d\d|200\d))(?!\d)"
        ),
    ),
    ("{number}", re.compile(r"(?<![\w{])(?:\+|\(?0)[ ._+/()\u2215-]{0,3}\d(?:[ ._+/()\u2215-]{0,3}\d){7,14}(?!\d)")),  # a phone
    ("{number}", re.compile(r"(?<![\w{])(?=[\d ._+()-]*\d{3})(?!(?:19|20)\d\d[-._ ][01]?\d[-._ ])\d(?:[ ._+()-]{0,3}\d){8,19}(?!\w)")),
    ("{number}", re.compile(r"(?<![0-9A-Za-z])\d{9,}(?![0-9A-Za-z])")),
    (
        r"\1{number}",
        re.compile(rf"(?i)((?<![^/\u2215])(?:{_OWN})s?[/\u2215]){_NO_YEAR}(?=(?:[^/\u2215]*\d){{3}}|\d{{2}}(?:/|$))[^/\u2215]+"),
    ),
    (r"\1{number}", re.compile(rf"(?i)((?<![a-z])(?:{_OWN})(?:nummer|number|nr|no|id)?s?[-_]){_NO_YEAR}\d{{4,}}")),
    (r"\1{token}", re.compile(rf"(?i)((?<![^/\u2215])(?:{_SECRET})s?[/\u2215]){_NO_YEAR}(?=(?:[^/\u2215]*\d){{2}})[^/\u2215]{{6,}}")),
)
_PIECE = re.compile(r"[A-Za-z0-9_~+=\u2215-]{8,}")
_PLAIN = re.compile(r"\A(?:(?:[A-Z]?[a-z]{1,20}|[a-z]{1,9}\d{1,4}|\d{1,4})[-_.+]+)*")
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LONGEST_WORD = 40
_HARMLESS = re.compile(r"(?:/|[a-z]{1,40}(?:-(?:[a-z]{1,40}|\d{1,2}(?![\d-])))*(?:\.html?|\.php)?(?=/|$))*")
_HARMFUL = re.compile(r"-at-|[a-f]{10}|(?:[a-f]{2}-){5}")
_FILE = re.compile(
    r"(?i)\.(?:css|js|mjs|map|json|xml|txt|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|eot|otf|mp4|webm|mp3|wasm|webmanifest)$"
)


def without_people(text: str) -> str:
    """Return a path, tag or user agent in which addresses, e-mails, tokens, session ids and long numbers are only named by kind.

    What is percent-encoded, however often, and look-alikes such as a wide @ are looked into; where nothing of that kind is held, the
    text itself comes back.
    """
    plain = decoded(text)
    clean = _cleaned(plain)
    return text if clean == plain else clean.replace(_SLASH, "/")


def clean_path(path: str) -> str:
    """Return a path without people and without what stands behind ``;``, ``?`` or ``#``, encoded or not."""
    plain = decoded(path)
    page = re.split("[?#;]", plain, maxsplit=1)[0]
    clean = _cleaned(page)
    return path if clean == plain else clean.replace(_SLASH, "/")


def decoded(text: str) -> str:
    """Return text as a person would read it: escapes, wide letters and invisible signs undone until nothing changes."""
    plain = _ENCODED_SLASH.sub(_SLASH, text)
    while (simpler := UNSEEN.sub("", unicodedata.normalize("NFKC", html.unescape(unquote(plain))))) != plain:
        plain = _ENCODED_SLASH.sub(_SLASH, simpler)
    return plain


def is_file(path: str) -> bool:
    """Tell whether a path is that of a picture, style, script or font: part of a page, and none itself."""
    return bool(_FILE.search(path)) or path == "/robots.txt"


def _cleaned(text: str) -> str:
    if _HARMLESS.fullmatch(text) and not _HARMFUL.search(text):  # the usual page: nothing has to be looked for
        return text
    for name, pattern in _KINDS:
        text = pattern.sub(name, text)
    text = _PIECE.sub(lambda match: _without_token(match.group()), text)
    text = re.sub(r"\{token\}[^/\s;,(){}]+", "{token}", text)  # what follows is the rest of it, such as the signature
    for name, pattern in _DIGITS:
        text = pattern.sub(name, text)
    return text


def _without_token(piece: str) -> str:
    """Return a piece with only its first plain words where a machine drew a word of it: what follows may be the rest of that."""
    rest = _PLAIN.sub("", piece)
    plain = piece[: len(piece) - len(rest)]
    if any(map(_is_token, _ASCII_WORD.findall(plain))):
        plain, rest = "", piece
    words = _ASCII_WORD.findall(rest)
    few = len(words) <= 1 + len(rest) / 6 or _SLASH in rest
    whole = few and any(map(_is_cased, words)) and _is_mixed(rest)
    padded = re.search(r"[A-Za-z0-9]{6}={1,2}$", piece)
    return plain + "{token}" if whole or padded or any(map(_is_token, words)) else piece


def _is_cased(word: str) -> bool:
    return len(word) >= 5 and bool(re.search("[a-z]", word)) and not re.fullmatch("[A-Z]?[a-z0-9]+", word)


def _is_mixed(text: str) -> bool:
    """Tell whether small letters, capitals and digits change places again and again."""
    kinds = (re.search("[a-z]", text), re.search("[A-Z]", text), re.search("[0-9]", text))
    runs, size = len(_RUN.findall(text)), len(text)
    if set("+" + _SLASH) & set(text) and size >= 16 and runs * 4 > size:  # the further signs of base64
        return True
    return all(kinds) and runs * (2.3 if size >= 16 else 1.8) > size


def _is_token(word: str) -> bool:
    """Tell whether a word was drawn by a machine, and is no word, product code or year."""
    runs, size = len(_RUN.findall(word)), len(word)
    if size < 10:
        return _is_mixed(word)
    sounds = all(_sounds(run) for run in _RUN.findall(word))
    if re.fullmatch(r"(?=\d*\D)(?:[0-9a-f]+|[0-9A-F]+)", word) or (re.search(r"\d{9}", word) and not word.isdigit()):
        return True
    if not any(sign.isdigit() for sign in word):
        has_both = word not in (word.lower(), word.upper())
        return size > _LONGEST_WORD or (has_both and (runs * (4 if size >= 16 else 3) > size or (runs >= 3 and not sounds)))
    if runs >= 4 or (size >= 20 and runs >= 3):
        return True
    return (not sounds and (runs >= 3 or size >= 14)) or (word[0].isdigit() and not word.isdigit() and size >= 14)


def _sounds(run: str) -> bool:
    """Tell whether letters can be spoken, as those of a word; digits and short codes count as such."""
    vowels = len(re.findall("[aeiouy]", run.lower()))
    return run.isdigit() or len(run) <= 3 or (0.2 <= vowels / len(run) <= 0.7 and not re.search("(?i)[bcdfghjklmnpqrstvwxz]{8}", run))
