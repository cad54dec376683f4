"""How the cost of the customer groups grows with the number of customers.

    OMP_NUM_THREADS=1 .venv/bin/python benchmarks/clusters.py [most]

Prints a Markdown table. The promise: ten times the customers cost at most twelve times the time.
"""

import resource
import sys
import time
from datetime import date

import numpy as np
import pandas as pd

from helpers.analyses import clusters
from helpers.analyses.clusters.code_audit import audit
from helpers.core.results import RunContext

MOMENT = RunContext(date(2021, 6, 30), 7)
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def customers(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(size)
    latent = rng.multivariate_normal(np.zeros(3), [[1, 0.6, 0.7], [0.6, 1, 0.55], [0.7, 0.55, 1]], size)
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:08d}" for number in range(size)],
            "monetary": np.exp(latent[:, 0] * 1.2 + 7).round(2),
            "contacts": np.exp(latent[:, 1] * 0.8 + 1.5).round(),
            "frequency": 1 + np.exp(latent[:, 2] * 0.8 + 0.8).round(),
            "customer_code": rng.choice(list("ABCD"), size),
        }
    )


def main(most: int) -> None:
    print("| customers | groups, s | audit, s | times the row above | fitted on | same group from a second sample | peak memory, MB |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    settings, before = clusters.Settings(), None
    for size in [size for size in SIZES if size <= most]:
        table = customers(size)
        start = time.perf_counter()
        result = clusters.run({"customer_table": table}, settings, MOMENT)
        seconds = time.perf_counter() - start
        audit(result, table, settings, MOMENT)
        audited = time.perf_counter() - start - seconds
        ratio = f"{seconds / before:.1f}" if before else "–"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        quality = result.quality
        print(
            f"| {size:,} | {seconds:.1f} | {audited:.1f} | {ratio} | {quality['fitted_on']:,} | "
            f"{quality['sample_same']:.1%} | {memory:,.0f} |",
            flush=True,
        )
        before = seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
