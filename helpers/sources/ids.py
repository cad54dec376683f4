"""Ids in one form: what no system means to say with an id (blanks, invisible signs, look-alikes, empty words) goes, counted.

An id stands for the same customer whether or not an export put a blank behind it. These steps are ours to
take, because no system tells two customers apart by them; what a client alone can know, such as a prefix
that one system adds, is declared in client.yml (``IdRepair``).
"""

import unicodedata
from functools import cache
from typing import Any

import ibis

from helpers.tables.declared import IdRepair
from helpers.tables.receipts import UNKNOWN_WORDS

# The steps, as bits of one small number per cell.
STEPS = {"spaces": 1, "look-alikes": 2, "empty word": 4}
SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
# Signs that take no room: soft hyphen, zero-width spaces and joiners, marks of direction and of byte order.
INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_EDGES = f"^[{SPACES}]+|[{SPACES}]+$"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
EMPTY_WORDS = UNKNOWN_WORDS | {"n.a.", "#n/a", "#na", "#value!", "nil", "--", "<null>", "(null)", "(blank)", "(leer)", "(leeg)", "okänd"}
_LONGEST_WORD = max(map(len, EMPTY_WORDS))


def hygienic(ids: Any) -> tuple[Any, Any]:
    """Return ids (an ibis column of text) without blanks around them, invisible signs, look-alikes and words for "none".

    Returns
    -------
    The ids, empty where only a word for "none" stood there; and the steps taken per cell, as a sum of ``STEPS``.

    Look-alikes are brought into Unicode's form NFKC (Unicode Standard Annex 15) as far as one sign becomes one
    sign, and every dash becomes "-"; accents typed as a sign of their own are joined to their letter where the
    engine can do that (DuckDB, PostgreSQL).
    """
    # Nearly every id is plain, and seeing that costs a tenth of the cleaning.
    odd = ids.re_search("[^!-~]").fill_null(False)
    bare = ids.re_replace(_EDGES, "").translate(INVISIBLE, "").re_replace(_EDGES, "")
    clean = ibis.ifelse(odd, _composed(bare).translate(*_look_alikes()), ids)
    word = ((clean.length() <= _LONGEST_WORD) & clean.lower().isin(sorted(EMPTY_WORDS))).fill_null(False)
    steps = (
        ibis.ifelse(odd & (bare != ids), STEPS["spaces"], 0)
        + ibis.ifelse(odd & (clean != bare), STEPS["look-alikes"], 0)
        + ibis.ifelse(word, STEPS["empty word"], 0)
    )
    return ibis.ifelse(word, ibis.null("string"), clean), steps.fill_null(0).cast("int8")


def repaired(ids: Any, rule: IdRepair) -> Any:
    """Bring ids (an ibis column) into the form that ``rule`` declares; missing ids stay missing, and those of nobody go."""
    text = ids
    if rule.after:
        for _ in range(rule.after_times):
            rest = text.substr(text.find(rule.after) + len(rule.after))
            text = ibis.ifelse(text.contains(rule.after), rest, text)
    if rule.prefixes:
        text = ibis.cases(*((text.startswith(prefix), text.substr(len(prefix))) for prefix in rule.prefixes), else_=text)
    if rule.strip_suffix:
        kept = text.substr(0, text.length() - len(rule.strip_suffix))
        text = ibis.ifelse(text.endswith(rule.strip_suffix), kept, text)
    for character in rule.drop:
        text = text.replace(character, "")
    if rule.digits_only:
        text = text.re_replace("[^0-9]", "")
    if rule.strip_zeros:
        text = ibis.ifelse(text.startswith("0"), text.re_replace("^0+(.)", r"\1"), text)
    if rule.zero_pad:
        text = ibis.ifelse(text.length() < rule.zero_pad, text.lpad(rule.zero_pad, "0"), text)
    text = text.upper() if rule.upper else text
    text = ibis.literal(rule.add_prefix) + text if rule.add_prefix else text
    return ibis.ifelse(text.isin(rule.nobody), ibis.null("string"), text) if rule.nobody else text


def repaired_text(text: str, rule: IdRepair) -> str:
    """Return one id in the form that ``rule`` declares, as ``repaired`` gives it in every engine."""
    if rule.after:
        for _ in range(rule.after_times):
            text = text.split(rule.after, 1)[1] if rule.after in text else text
    text = next((text.removeprefix(prefix) for prefix in rule.prefixes if text.startswith(prefix)), text)
    text = text.removesuffix(rule.strip_suffix)
    for character in rule.drop:
        text = text.replace(character, "")
    if rule.digits_only:
        text = "".join(sign for sign in text if sign in "0123456789")
    if rule.strip_zeros:
        text = text.lstrip("0") or text[-1:]
    if rule.zero_pad:
        text = text.rjust(rule.zero_pad, "0")
    return rule.add_prefix + (text.upper() if rule.upper else text)


@cache
def _look_alikes() -> tuple[str, str]:
    """Return the signs that NFKC turns into one other sign, and those signs; Latin, digits and marks, which ids are made of."""
    pairs = {sign: "-" for sign in _DASHES}
    for code in range(0x80, 0x10000):
        sign = chr(code)
        form = unicodedata.normalize("NFKC", sign)
        if sign not in pairs and len(form) == 1 and form != sign and ord(form) < 0x250:
            pairs[sign] = form
    return "".join(pairs), "".join(pairs.values())


def _composed(text: Any) -> Any:
    """Return text whose accents are joined to their letters, in an engine that does that by itself."""
    name = {"duckdb": "nfc_normalize", "postgres": "normalize"}.get(text.get_backend().name)
    if name is None:
        return text

    def builtin(text): ...

    builtin.__name__ = name
    compose = ibis.udf.scalar.builtin(builtin, name=name, signature=(("string",), "string"))
    return compose(text)
