"""Orders that lines add up to, as a frame, for tests that begin with lines."""

from __future__ import annotations

import pandas as pd

from helpers.sources.customers import check_owners, orders_of
from helpers.sources.frames import frame_of
from helpers.sources.store import Store
from helpers.tables import ORDERS, dtypes


def orders_from_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the canonical table orders that order lines add up to, by order_id."""
    with Store() as store:
        held = store.add(lines)
        check_owners(held)
        return frame_of(orders_of(held).order_by("order_id"), dtypes(ORDERS))
