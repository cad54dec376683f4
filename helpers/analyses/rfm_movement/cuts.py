"""The cuts that part one axis into groups with the least spread inside them.

In one dimension K-Means has an exact answer that needs no random start: Fisher (1958), "On grouping for
maximum homogeneity"; Wang and Song (2011), "Ckmeans.1d.dp". Beyond ``BINS`` different values the axis is
first laid in bins of equal width (our choice, to keep the cost linear in the number of customers).
"""

import numpy as np

BINS = 800


def natural_breaks(values: np.ndarray, groups: int) -> np.ndarray:
    """Return the ``groups - 1`` rising cuts between groups of values.

    Parameters
    ----------
    values : finite numbers with at least ``groups`` different values.
    groups : number of groups, 2 or more.

    Raises
    ------
    ValueError : there are fewer different values than groups.
    """
    low, high, mean, weight = filled_bins(np.sort(values))
    if len(mean) < groups:
        raise ValueError(f"{len(mean)} different values cannot be parted into {groups} groups")
    ends = _last_of_each_group(mean, weight, groups)
    return np.array([(high[end] + low[end + 1]) / 2 for end in ends])


def filled_bins(values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return lowest, highest and mean value and the count of every filled bin."""
    unique, counts = np.unique(values, return_counts=True)
    if len(unique) <= BINS:
        return unique, unique, unique, counts.astype(float)
    # Only filled bins count: an empty one would be a group without anybody.
    edges = np.linspace(unique[0], unique[-1], BINS + 1)
    place = np.clip(np.searchsorted(edges, unique, side="right") - 1, 0, BINS - 1)
    starts = np.flatnonzero(np.r_[True, np.diff(place) > 0])
    weight = np.add.reduceat(counts, starts).astype(float)
    total = np.add.reduceat(unique * counts, starts)
    return unique[starts], unique[np.r_[starts[1:], len(unique)] - 1], total / weight, weight


def _last_of_each_group(mean: np.ndarray, weight: np.ndarray, groups: int) -> list[int]:
    """Return the index of the last bin of every group but the highest (dynamic programming)."""
    # Around the mean, so that squares of large values do not lose their digits.
    spread = _spread_of_stretches(mean - mean.mean(), weight)
    best = spread[0].copy()
    choices = []
    for _group in range(1, groups):
        cost = np.full_like(spread, np.inf)
        cost[1:] = best[:-1, None] + spread[1:]  # cost[i, j]: the last group is i..j
        choices.append(np.argmin(cost, axis=0))
        best = np.min(cost, axis=0)
    # Read back from the highest group: where it begins is where the one below it ends.
    ends, end = [], len(mean) - 1
    for choice in reversed(choices):
        end = int(choice[end]) - 1
        ends.append(end)
    return ends[::-1]


def _spread_of_stretches(mean: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the sum of squares inside every stretch i..j; infinite where j < i."""
    count = np.r_[0.0, np.cumsum(weight)]
    total = np.r_[0.0, np.cumsum(weight * mean)]
    square = np.r_[0.0, np.cumsum(weight * mean**2)]
    size = count[None, 1:] - count[:-1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = square[None, 1:] - square[:-1, None] - (total[None, 1:] - total[:-1, None]) ** 2 / size
    possible = np.arange(len(mean))[:, None] <= np.arange(len(mean))[None, :]
    return np.where(possible, np.maximum(inside, 0.0), np.inf)
