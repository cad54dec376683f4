"""The picture of the channels: how the customers' shares shifted."""

from helpers import charts
from helpers.analyses.channels.result import Channels
from helpers.core.wording import _, number
from helpers.story import Picture


def shift(result: Channels) -> Picture | None:
    """Return by how many percentage points the customers' share of each channel changed; None without movement."""
    if result.movement is None:
        return None
    frame = result.movement.shift
    return charts.bars(
        [result.names[label] for label in frame["label"]],
        (100 * frame["change"]).tolist(),
        caption=_("Change in each channel's share of a customer's purchases, percentage points; the line is the 95 % interval"),
        formatter=lambda value: number(value, 1),
        low=(100 * frame["low"]).tolist(),
        high=(100 * frame["high"]).tolist(),
        highlight=None if result.claimed is None else int(result.claimed["label"]),
    )
