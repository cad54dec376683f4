"""How many ids of a list are still in a later one, known from a sample of salted hashes: no id is kept."""

import hashlib
import heapq
from collections.abc import Iterable, Mapping, Sequence

MOST_HASHES = 600  # of so many the share that is still there is known to two hundredths
FEWEST_HASHES = 30  # of fewer a share says little (our convention)


def sketch(ids: Iterable[str], salt: str) -> tuple[str, ...]:
    """Return the smallest salted hashes of distinct ids, in order: a sample of them that is the same in every list that holds them.

    Bottom-k sketch (Broder 1997; Cohen and Kaplan 2007). Hashes of ids can be traced back by whoever tries all ids: they lie beside
    the tables of the round, go nowhere else, and are compared with those of the same client only. The salt is the client's own.
    """
    key = hashlib.blake2b(salt.encode(), digest_size=32).digest()
    hashes = (hashlib.blake2b(id_.encode(), digest_size=6, key=key).hexdigest() for id_ in ids)
    return tuple(heapq.nsmallest(MOST_HASHES, hashes))


def still_there(then: Sequence[str], now: Sequence[str]) -> float | None:
    """Return the share of the ids of then that are there now (sketches of the same salt); None where either list is too short to say."""
    # Beyond the last hash of a full sketch it is not known what the list holds.
    last = now[-1] if len(now) == MOST_HASHES else "g"
    sample = [hash_ for hash_ in then if hash_ <= last]
    return len(set(now).intersection(sample)) / len(sample) if len(sample) >= FEWEST_HASHES and now else None


def apart(then: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Return how far two sets of counts lie apart: the share that would have to move, 0 to 1 (total variation distance)."""
    rows_then, rows_now = sum(then.values()), sum(now.values())
    return sum(abs(then.get(value, 0) / rows_then - now.get(value, 0) / rows_now) for value in {*then, *now}) / 2
