"""Events of a site whose pages are numbers, and of its twin whose pages have names: who opened what is the same."""

from __future__ import annotations

import random

import pandas as pd

GROUPS = {"shoes": ("sandals", "boots", "laces"), "coats": ("parkas", "raincoats", "hoods"), "hats": ("caps", "berets", "brims")}


def site_events(seed: int, form: str, visitors: int = 300, pages_each: int = 6) -> pd.DataFrame:
    """Return web events in their clean form.

    Parameters
    ----------
    seed : of everything drawn.
    form : "names" (/shoes/boots), "items" (/item/4711), "numbers" (/4711), "codes" (/q7x1k9), or "none" (no page is named).
    visitors, pages_each : how many persons, and how many pages each opens.
    """
    rng = random.Random(seed)
    numbers: dict[tuple[str, str, int], int] = {}
    rows = []
    start = pd.Timestamp("2026-03-01 09:00")
    for who in range(visitors):
        group = rng.choice(list(GROUPS))
        at = start + pd.Timedelta(minutes=rng.randrange(60 * 24 * 20))
        for _ in range(pages_each):
            page = (group, rng.choice(GROUPS[group]), rng.randrange(400))
            number = numbers.setdefault(page, 100_000 + 37 * len(numbers))
            code = "".join("0123456789bcdfghjklmnpqrstvwxz"[number // 30**i % 30] for i in range(4))
            path = {
                "names": f"/{page[0]}/{page[1]}",
                "items": f"/item/{number}",
                "numbers": f"/{number}",
                "codes": f"/{code}",
                "none": None,
            }[form]
            rows.append({"visitor_id": f"v{who:04}", "event_time": at, "page_path": path})
            at += pd.Timedelta(seconds=rng.randrange(20, 200))
    return pd.DataFrame(rows).astype({"visitor_id": "str", "page_path": "str"})
