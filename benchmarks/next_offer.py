"""Offers for 100,000 customers × 1,000 groups: seconds and peak memory, and the arithmetic of preparing them.

python benchmarks/next_offer.py [customers] [groups]
"""

import json
import resource
import sys
import time

import numpy as np
from scipy import sparse

from helpers.analyses.next_offer import methods, precompute, reasons
from helpers.analyses.next_offer.history import History
from helpers.analyses.next_offer.settings import Settings

GROUPS_PER_CUSTOMER = 15


def make(customers: int, groups: int) -> History:
    """Ten sectors, each with groups of its own; popular groups are popular."""
    rng = np.random.default_rng(1)
    sector = np.arange(customers) % 10
    rows = np.repeat(np.arange(customers), GROUPS_PER_CUSTOMER)
    drawn = (rng.pareto(1.2, len(rows)) * 8).astype(int) % groups
    columns = (drawn + np.repeat(sector, GROUPS_PER_CUSTOMER) * groups // 10) % groups
    orders = sparse.csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(customers, groups))
    bought = orders.copy()
    bought.data[:] = 1
    names = np.array([f"c{i:07d}" for i in range(customers)], dtype=object)
    items = np.array([f"g{i:05d}" for i in range(groups)], dtype=object)
    return History(names, items, bought, orders, np.array([f"s{number}" for number in sector], dtype=object))


def main(customers: int, groups: int) -> None:
    """Measure every method and the reasons, one after the other in one process."""
    settings, known = Settings(), make(customers, groups)
    for name in methods.METHODS:
        start = time.perf_counter()
        models = methods.fit(name, known, settings, 1)
        best = methods.top(models, known, settings.suggestions)
        print(f"{name:20} {time.perf_counter() - start:6.1f} s")
    start = time.perf_counter()
    offers = reasons.suggestions(known, best, models, settings, 1)
    print(f"{'reasons':20} {time.perf_counter() - start:6.1f} s")
    size = precompute.arithmetic(customers, settings.suggestions, bytes_per_row=precompute.bytes_of(offers))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": size.rows, "mb": round(size.size_bytes / 1e6), "peak_mb": round(peak), "prepare": size.prepare}))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3])) if len(sys.argv) > 2 else main(100_000, 1_000)
