"""What the name of a column or file says, in five languages: ``Kundennr.`` is a number of a customer."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_LINKS = {"", "s", "n", "en", "es", "e", "er", "r", "ar", "or", "a", "et", "na", "ns", "t", "an"}
_SHORT = 3  # a word of so few letters is only found where all the rest of a name is known too
_LEAST_KNOWN = 0.6  # share of a name's letters that must be known for its words to count
_EXTRA, _UNKNOWN = 0.5, 0.8  # what a further word, known or not, leaves of the certainty (our convention)
_TWO_SIGNS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ß", "ss"), ("æ", "a"), ("ø", "o"))


@cache
def lexicon() -> dict[str, Any]:
    """Return the words of ``names.yml``."""
    return YAML(typ="safe").load(Path(__file__).with_name("names.yml"))


def plain(text: str) -> str:
    """Return text in small letters without accents, its words parted by single spaces; "ae" counts as "ä" without its dots."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z])", " ", text)
    low = "".join(sign for sign in unicodedata.normalize("NFKD", parted.casefold()) if not unicodedata.combining(sign))
    for two, one in _TWO_SIGNS:
        low = low.replace(two, one)
    return " ".join(re.findall(r"[a-z0-9€$£]+", low.replace("#", " nr ")))


def own_name(text: str) -> str:
    """Return a name of letters, digits and _ that a column of theirs can keep: its own letters, in small ones and without accents."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z])", " ", text).casefold().replace("æ", "ae").replace("ø", "o").replace("ł", "l")
    low = "".join(sign for sign in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(sign))
    name = "_".join(re.findall(r"[a-z0-9]+", low)) or "column"
    return name if name[0].isalpha() else f"n_{name}"


@cache
def word_list(*keys: str) -> set[str]:
    """Return the words of a list in ``names.yml``, in small letters and as ``plain`` writes them; keys lead to it."""
    entry = lexicon()
    for key in keys:
        entry = entry[key]
    low = {str(word).lower() for word in entry}
    return low | {plain(word) for word in low if plain(word)}


@cache
def nothings() -> set[str]:
    """Return the words and marks that stand for an empty cell."""
    return word_list("empty") | {"-", "--", "?"}


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """Return what every word may mean, by the word without spaces."""
    meanings: dict[str, set[str]] = {}
    for meaning, words in lexicon()["words"].items():
        for word in words:
            meanings.setdefault(plain(str(word)).replace(" ", ""), set()).add(meaning)
    return {word: frozenset(found) for word, found in meanings.items() if word}


@cache
def meanings(name: str) -> tuple[tuple[frozenset[str], ...], bool]:
    """Return what each known word of a name may mean, in their order, and whether all of the name is known."""
    tokens = [token for token in plain(name).split() if not token.isdigit()]
    known, complete, at = [], True, 0
    while at < len(tokens):
        # Words that are written apart may be one: "Kunde seit", "e-mail".
        for end in range(min(len(tokens), at + 4), at, -1):
            found = _vocabulary().get("".join(tokens[at:end]))
            if found:
                known.append(found)
                break
        else:
            end = at + 1
            parts, sure = _parts(tokens[at])
            known += parts
            complete &= sure or tokens[at] in _LINKS or len(tokens[at]) <= _SHORT
        at = end
    return tuple(known), complete


def _parts(token: str) -> tuple[list[frozenset[str]], bool]:
    """Return the words inside a compound, and whether they and joining letters are all of it; the fewest unknown letters win."""
    whole, unknown = _cut(token, _vocabulary())
    if not unknown:
        return whole, True
    # Where letters stay unknown a short word is chance, as "lan" in "plan" is.
    words = {word: meaning for word, meaning in _vocabulary().items() if len(word) > _SHORT}
    found, unknown = _cut(token, words)
    if found and unknown <= (1 - _LEAST_KNOWN) * len(token):
        return found, False
    # The last part of a compound says what it is; else the longest word in it.
    inside = [word for word in words if word in token]
    return [words[max(inside, key=lambda word: (token.endswith(word), len(word), word))]] if inside else [], False


def _cut(token: str, words: Mapping[str, frozenset[str]]) -> tuple[list[frozenset[str]], int]:
    """Return the words that a compound is best cut into, and how many of its letters belong to none."""
    best: list[tuple[float, int, list[frozenset[str]]]] = [(0.0, 0, [])]
    for end in range(1, len(token) + 1):
        options = [(best[end - 1][0] + 1.1, best[end - 1][1] + 1, best[end - 1][2])]
        for start in range(end):
            piece, (cost, unknown, found) = token[start:end], best[start]
            if piece in words:
                options.append((cost + (0.3 if len(piece) > _SHORT else 0.8), unknown, [*found, words[piece]]))
            elif piece in _LINKS and found:
                options.append((cost + 0.5, unknown, found))
        best.append(min(options, key=lambda option: option[0]))
    return best[-1][2], best[-1][1]


@cache
def name_score(name: str, table: str, ours: str) -> float:
    """Return how sure a name makes it that a column is one of ours, 0 to 1.

    Parameters
    ----------
    name : of their column.
    table, ours : canonical table and column.
    """
    known, complete = meanings(name)
    columns = lexicon()["columns"]
    wanted = columns.get(f"{table}.{ours}", columns.get(ours, {}))
    best = 0.0
    for words, sure in wanted.items():
        rest = _without(known, words.split())
        if rest is not None:
            best = max(best, sure * _EXTRA ** len(rest) * (1 if complete else _UNKNOWN))
    return best


def _without(known: Sequence[frozenset[str]], wanted: Sequence[str]) -> list[frozenset[str]] | None:
    """Return what is left of a name's words when those that are wanted are taken away; None where one of them is missing."""
    rest = list(known)
    for meaning in sorted(wanted):
        fitting = [words for words in rest if meaning in words]
        if not fitting:
            return None
        rest.remove(min(fitting, key=len))
    # A word said twice (Datum/Date) says nothing more.
    return [words for words in rest if not words & set(wanted)]


def file_score(name: str, table: str) -> float:
    """Return how much the name of a file or sheet speaks for a table, 0 to 1."""
    known, _ = meanings(re.sub(r"\.[a-z.]+$", "", name, flags=re.IGNORECASE))
    scores = [0.0]
    for words in lexicon()["tables"][table]["file"]:
        rest = _without(known, words.split())
        scores.append(0.0 if rest is None else (0.5 + 0.5 * bool(len(words.split()) > 1)) * 0.8 ** len(rest))
    return max(scores)
