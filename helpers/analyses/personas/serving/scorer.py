"""Reference scorer: which segment does this visit look like so far? Standard library only.

``scorer.js`` does the same, step by step and in the same order, so that both give the same answer.
The table is the JSON that the workbook exports. Only square roots, sums and products are used:
these are exact by IEEE 754, in Python as in JavaScript.
"""

import math
import re
from urllib.parse import unquote_to_bytes

LONGEST_WORD = 30  # letters
MOST_WORDS = 40
_HOST = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)\Z")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_WORD = re.compile(r"[^\W_]+")


def _plain(escapes: re.Match) -> str:
    try:
        return unquote_to_bytes(escapes[0]).decode("utf-8")
    except UnicodeDecodeError:
        return " "


def page_words(path: str) -> list[tuple[str, bool]]:
    """Return the words of a page's path: (word, True for the page itself, False for its folders).

    Scheme, host, query and a file ending are left out, escapes are read, words have 2 to 30 signs of
    which one is a letter, and only the first 40 count: nothing hostile gets past this.
    """
    path = re.split(r"[?#]", _HOST.sub("", path), maxsplit=1)[0]
    path = _ENDING.sub("", _ESCAPES.sub(_plain, path.rstrip("/")).lower())
    parts = [part for part in path.split("/") if part]
    words: list[tuple[str, bool]] = []
    for at, part in enumerate(parts):
        for word in _WORD.findall(part):
            if 2 <= len(word) <= LONGEST_WORD and any(sign.isalpha() for sign in word):
                words.append((word, at == len(parts) - 1))
    return words[:MOST_WORDS]


def score(table: dict, pages: list[str], context: dict[str, str]) -> dict:
    """Return the segment a visit looks like, or the standard content when that is unsure.

    Parameters
    ----------
    table : the exported table.
    pages : paths of the pages seen so far, in order.
    context : what is known of the visit, such as {"device": "mobile"}; keys as in the table.

    Returns
    -------
    dict with ``segment`` (id, or None for the standard content), ``content``, ``margin`` (0 to 1:
    how far the best segment is ahead of the second) and ``scores`` (one per segment).
    """
    ignored = set(table["ignore"])
    weight: dict[str, float] = {}
    for page in pages:
        for word, is_page in page_words(page):
            if word in table["words"] and word not in ignored:
                step = table["page_weight"] if is_page else table["path_weight"]
                weight[word] = weight.get(word, 0.0) + step
    scores = [0.0] * len(table["segments"])
    for word, seen in weight.items():
        root = math.sqrt(seen)
        for at, part in enumerate(table["words"][word]):
            scores[at] += root * part
    for name in table["context_names"]:
        parts = table["context"].get(name + "=" + str(context.get(name, "")).lower())
        for at, part in enumerate(parts or []):
            scores[at] += part
    return _decide(table, scores, bool(weight))


def _decide(table: dict, scores: list[float], known: bool) -> dict:
    best, first, second = 0, -1.0, -1.0
    for at, segment_score in enumerate(scores):
        if segment_score > first:
            best, first, second = at, segment_score, first
        elif segment_score > second:
            second = segment_score
    margin = (first - second) / first if first > 0 and second >= 0 else float(first > 0)
    if not known or margin < table["margin"]:
        return {"segment": None, "content": table["standard"], "margin": margin, "scores": scores}
    chosen = table["segments"][best]
    return {"segment": chosen["id"], "content": chosen["content"], "margin": margin, "scores": scores}
