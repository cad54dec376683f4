"""Events to visitor segments: seconds and peak memory for 1 and 10 million events, each in a process of
its own.

    python benchmarks/web_events.py            # prints the table for docs/performance.md
    python benchmarks/web_events.py 1000000    # one size

The ratio is what counts: 10 × the events must cost at most 11 × the time.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import date

import numpy as np
import pandas as pd

from helpers.analyses import personas
from helpers.core.results import RunContext

SIZES = (1_000_000, 10_000_000)
KINDS, PAGES, EVENTS_PER_VISITOR = 5, 40, 10


def make(events: int) -> pd.DataFrame:
    """Ten events per visitor, five kinds of visitors, two hundred pages, half of it noise."""
    rng = np.random.default_rng(1)
    visitor = np.repeat(np.arange(events // EVENTS_PER_VISITOR), EVENTS_PER_VISITOR)
    kind = (visitor * 7919) % KINDS
    kind = np.where(rng.random(events) < 0.1, rng.integers(0, KINDS, events), kind)
    paths = pd.Series(
        [
            f"/deel{k}{'abcde'[k]}/pagina{'xyzwv'[k]}-{chr(97 + p % 26)}{chr(97 + p // 26)}woord{k}"
            for k in range(KINDS)
            for p in range(PAGES)
        ],
        dtype="str",
    )
    minutes = np.sort(rng.integers(0, 60 * 24 * 30, events // EVENTS_PER_VISITOR))
    seconds = np.repeat(minutes, EVENTS_PER_VISITOR) * 60 + np.tile(np.arange(EVENTS_PER_VISITOR) * 25, events // EVENTS_PER_VISITOR)
    frame = pd.DataFrame(
        {
            "visitor_id": pd.Series(visitor).map(pd.Series([f"v{i:08d}" for i in range(events // EVENTS_PER_VISITOR)], dtype="str")),
            "event_time": pd.Timestamp("2026-09-01") + pd.to_timedelta(seconds, unit="s"),
            "event_type": paths.__class__(["pageview", "touchstart"], dtype="str").take((rng.random(events) < 0.4).astype(int)).to_numpy(),
            "page_path": paths.take(kind * PAGES + rng.integers(0, PAGES, events)).to_numpy(),
            "device": pd.Series(["mobile", "computer"], dtype="str").take(kind % 2).to_numpy(),
        }
    )
    return frame


def one(events: int) -> None:
    """Measure one size and print it as JSON."""
    frame = make(events)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    result = personas.run({"web_events": frame}, personas.Settings(), RunContext(date(2026, 10, 1), 1))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "events": events,
                "visitors": len(result.table),
                "segments": int(result.quality["segments"]),
                "seconds": round(seconds, 1),
                "before_mb": round(before),
                "peak_mb": round(peak),
            }
        )
    )


def main() -> None:
    """Measure all sizes and print the table."""
    rows = [
        json.loads(subprocess.run([sys.executable, __file__, str(size)], check=True, capture_output=True, text=True).stdout)
        for size in SIZES
    ]
    print("| events | visitors | segments | seconds | data in memory, MB | peak memory, MB |\n|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(f"{value:,}" for value in row.values()) + " |")
    print(f"\n10 × the events take {rows[1]['seconds'] / rows[0]['seconds']:.1f} × the time.")


if __name__ == "__main__":
    one(int(sys.argv[1])) if len(sys.argv) > 1 else main()
