"""Two systems write the same id in two ways: which small rule makes them meet? Searched for, proposed, never applied by itself."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from helpers.sources.ids import repaired_text
from helpers.tables.declared import IdRepair, Source

# Ids that are tried: of so many the share that meets is known to two hundredths (our convention).
SAMPLE = 1_000
MOST_LISTED = 300_000
# A rule is proposed when it makes half of the smaller side meet, and does not turn two ids into one (our convention).
LEAST_MET, LEAST_DISTINCT = 0.5, 0.99
GOOD_ENOUGH = 0.98
_MOST_KEYS_OF_LIST = 3
_COMMON = 0.1  # share of ids that must begin alike for a prefix to be looked at
_MARKS = "-_/.:| "
_MOSTLY = 0.5  # share of the signs that must be digits before the rest may go; of the ids that makes them e-mail addresses (our convention)


def proposal(ids: Sequence[str], listed: set[str], column: str, source: Source, list_source: Source) -> str:
    """Return what to write in client.yml so that the ids of a column meet those of a list; empty when no small rule helps."""
    rules, met, tried = best_rules(ids, listed)
    return lines_for(rules, met, tried, column, source, list_source) if met else ""


def lines_for(rules: Sequence[dict[str, Any]], met: int, tried: int, column: str, source: Source, list_source: Source) -> str:
    """Return what to write in client.yml for the rules of ``best_rules``."""
    blocks = []
    for block, found in zip((source, list_source), rules, strict=True):
        if found:
            keys = ", ".join(f"{name}: {json.dumps(given, ensure_ascii=False)}" for name, given in found.items())  # YAML reads it, too
            blocks.append(f"in the source of {block.origin}: ids: {{{column}: {{{keys}}}}}")
    return f"{met / tried:.0%} would meet if you write " + ", and ".join(blocks) + "."


def best_rules(ids: Sequence[str], listed: set[str]) -> tuple[tuple[dict[str, Any], dict[str, Any]], int, int]:
    """Return the smallest pair of rules that makes most ids meet a list.

    Returns
    -------
    Keys of ``IdRepair`` for each side ({} for none), how many of the tried ids meet then, and how many were tried. The number
    is 0 when no pair reaches ``LEAST_MET``.
    """
    mine, theirs = sorted(set(ids)), sorted(listed)[:MOST_LISTED]
    # The smaller side is what must meet: of 1,000 buyers all may be among 50,000 listed.
    flipped = len(mine) > len(theirs)
    small, large = (theirs, mine[:MOST_LISTED]) if flipped else (mine, theirs)
    sample = small[:: max(1, len(small) // SAMPLE)]
    tried = [(rule, keys) for rule in sorted(_rules(sample), key=_cost) if (keys := _distinct(sample, rule)) is not None]
    best: tuple[int, dict[str, Any], dict[str, Any]] = (0, {}, {})
    for large_rule in sorted(_rules(large), key=_cost):
        cost = _cost(best[1]) + _cost(best[2])
        if len(large_rule) > _MOST_KEYS_OF_LIST or (best[0] >= GOOD_ENOUGH * len(sample) and _cost(large_rule) >= cost):
            continue
        target = _distinct(large, large_rule)
        for rule, keys in tried if target is not None else ():
            met = len(keys & (target or set()))
            cheaper = _cost(rule) + _cost(large_rule) < _cost(best[1]) + _cost(best[2])
            # A rule that says more must make clearly more ids meet.
            if met > best[0] * 1.01 or (cheaper and met and met >= best[0] * 0.99):
                best = (met, rule, large_rule)
    met, rule, large_rule = best
    if met < LEAST_MET * len(sample):
        return ({}, {}), 0, len(sample)
    return ((large_rule, rule) if flipped else (rule, large_rule)), met, len(sample)


def _distinct(ids: Sequence[str], rule: dict[str, Any]) -> set[str] | None:
    """Return ids under a rule; None where it turns different ids into one."""
    if not rule:
        return set(ids)
    repair = IdRepair.model_validate(rule)
    changed = {repaired_text(id_, repair) for id_ in ids} - {""}
    return changed if len(changed) >= LEAST_DISTINCT * len(set(ids)) else None


def _cost(rule: dict[str, Any]) -> float:
    """Return how much a rule says; throwing away all that is no digit says more than naming what goes."""
    return len(rule) - ("after_times" in rule) + 0.6 * ("digits_only" in rule)


def _rules(ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the small rules that these ids give reason for."""
    sample = ids[:: max(1, len(ids) // SAMPLE)]
    if sum("@" in id_ for id_ in sample) > _MOSTLY * len(sample):
        yield {}  # the number in an address is no customer's
        yield {"upper": True}
        return
    cuts: list[dict[str, Any]] = [{}]
    for mark in _MARKS:
        most = min(Counter(id_.count(mark) for id_ in sample if mark in id_), default=0)
        cuts += [{"after": mark} | ({"after_times": times} if times > 1 else {}) for times in range(1, min(most, 3) + 1)]
    ends: list[dict[str, Any]] = [{}] + ([{"strip_suffix": tail}] if (tail := _shared_end(sample)) else [])
    heads = [{}, *({"strip_prefix": prefix} for prefix in _prefixes(sample))]
    marks = "".join(sorted({sign for id_ in sample for sign in id_ if not sign.isalnum()}))
    signs = "".join(sample)
    codes = sum(sign.isdigit() for sign in signs) >= _MOSTLY * len(signs)
    bodies: list[dict[str, Any]] = [{}] + ([{"digits_only": True}] if codes else []) + ([{"drop": marks}] if marks else [])
    zeros: list[dict[str, Any]] = [{}, {"strip_zeros": True}]
    cases: list[dict[str, Any]] = [{}] + ([{"upper": True}] if any(id_ != id_.upper() for id_ in sample) else [])
    for cut, head, end, body, zero, case in product(cuts, heads, ends, bodies, zeros, cases):
        if not (cut and head) and not (body.get("digits_only") and (head or case)):
            yield {**cut, **head, **end, **body, **zero, **case}


def _prefixes(ids: Sequence[str]) -> list[Any]:
    """Return what many ids begin with that is no number: each by itself, its beginnings, and all of them at once."""
    heads = Counter(match.group() for id_ in ids if (match := re.match(r"[^0-9]+", id_)) and match.group() != id_)
    common = [head for head, n in heads.most_common(3) if n >= _COMMON * len(ids)]
    shared = _shared_start(ids)
    found: list[Any] = [*common, *((shared,) if shared and shared not in common else ())]
    # A system may put its letters before those of another: NAS before AW-000.
    found += [head[:cut] for head in common for cut in range(1, len(head)) if head[:cut] not in found]
    return [*found, *([sorted(common)] if len(common) > 1 else [])]


def _shared_start(ids: Iterable[str]) -> str:
    low, high = min(ids, default=""), max(ids, default="")
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), 0)
    return low[:length].rstrip("0123456789")


def _shared_end(ids: Sequence[str]) -> str:
    """Return what all ids end with from a mark on, such as the ".0" of whole numbers that became fractions."""
    ends = {match.group(1) if (match := re.search(r".([^A-Za-z0-9][A-Za-z0-9]*)$", id_)) else "" for id_ in ids}
    return ends.pop() if len(ends) == 1 else ""
