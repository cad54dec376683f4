"""Looking more than once without fooling oneself: the boundary for planned looks.

Looking five times at a test of 5 % alarms in 14 % of cases without any effect. A boundary that is very strict early and
almost the usual one at the end keeps the whole at 5 %: O'Brien and Fleming (1979) in the form of Lan and DeMets (1983), who
spend the level as information comes in: on each side 2 (1 - Phi(z / sqrt(t))). The boundary follows by numerical integration
over the path of the statistic (Armitage, McPherson and Rowe 1969).
"""

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

MOST_LOOKS = 20
_POINTS = 801  # of the grid over the statistic: with these the boundary is right to four decimals

Floats = NDArray[np.float64]


def spent(share: float, alpha: float = 0.05) -> float:
    """Return how much of the two-sided level of all looks may be spent when a share (above 0, up to 1) of the information is in."""
    return float(4 * norm.sf(norm.ppf(1 - alpha / 4) / np.sqrt(share)))


@lru_cache(maxsize=64)
def boundary(looks: int, alpha: float = 0.05) -> tuple[float, ...]:
    """Return, for each of 1 to 20 equally spaced looks, how many standard errors an effect must be away from zero.

    For five looks at a two-sided level of 5 % for all together: 4.877, 3.357, 2.680, 2.290, 2.031.

    Raises
    ------
    ValueError : when the number of looks is out of range.
    """
    if not 1 <= looks <= MOST_LOOKS:
        raise ValueError(f"looks must be 1 to {MOST_LOOKS}, got {looks}")
    times = np.arange(1, looks + 1) / looks
    spent_per_look = np.diff([0.0, *(spent(time, alpha) for time in times)])
    borders = [float(norm.isf(spent_per_look[0] / 2))]
    # Density of the score process at the current look, over the points where the pilot went on.
    grid = _between_borders(borders[0], times[0])
    density: Floats = norm.pdf(grid, scale=np.sqrt(times[0]))
    for look in range(1, looks):
        step, root = times[look] - times[look - 1], np.sqrt(times[look])
        # Every border lies below the one before it.
        highest = max(9.0, borders[-1])
        borders.append(float(brentq(_overspent, 0.5, highest, args=(grid, density, step, root, spent_per_look[look]), xtol=1e-10)))
        next_grid = _between_borders(borders[-1], times[look])
        moves = norm.pdf(next_grid[:, None] - grid[None, :], scale=np.sqrt(step))
        grid, density = next_grid, np.trapezoid(moves * density, grid, axis=1)
    return tuple(borders)


def _between_borders(border: float, time: float) -> Floats:
    """Return points of the score process between the two borders of a look; the score's variance is the time."""
    limit = border * np.sqrt(time)
    return np.linspace(-limit, limit, _POINTS)


def _overspent(border: float, grid: Floats, density: Floats, step: float, root: float, allowed: float) -> float:
    """Return the chance to cross this border first at this look, less what may be spent here."""
    crossing = norm.sf((border * root - grid) / np.sqrt(step)) + norm.cdf((-border * root - grid) / np.sqrt(step))
    return float(np.trapezoid(crossing * density, grid)) - allowed


def level_of_look(look: int, looks: int, alpha: float = 0.05) -> float:
    """Return the two-sided level at which a test or interval of one planned look is to be read; ``alpha`` is that of all together.

    Raises
    ------
    ValueError : when the look is not among the planned ones, 1 to ``looks``.
    """
    if not 1 <= look <= looks:
        raise ValueError(f"look must be 1 to {looks}, got {look}")
    return float(2 * norm.sf(boundary(looks, alpha)[look - 1]))


def looks_done(look_dates: list[date], as_of: date) -> int:
    """Return how many planned looks lie on or before a day; looks in between do not count."""
    return sum(day <= as_of for day in look_dates)


def estimate_after_stop(z: float, look: int, looks: int, alpha: float = 0.05) -> float:
    """Return what a statistic that crossed its border before the last look is worth: its conditional median-unbiased estimate.

    Only what came out large stops early, so what is seen then is too large on average (Whitehead 1986; Bassler et al. 2010). Given that
    the statistic crossed either border at this very look, the estimate is the drift at which so large a statistic is as likely as a
    smaller one (median-unbiased: Cox and Hinkley 1974, section 7.2; conditional on the stop: Troendle and Yu 1999; Zhong and Prentice
    2008 for the two-sided border).

    Parameters
    ----------
    z : estimate over its standard error at this look; what lies inside the border counts as on it.
    look, looks : at which of the planned looks it stopped; ``alpha`` : two-sided level of all looks together.

    Returns
    -------
    The corrected estimate in standard errors, between 0 and z.
    """
    border = boundary(looks, alpha)[look - 1]
    seen = max(abs(z), border)
    beyond = np.linspace(seen, seen + 9, _POINTS)
    inside = np.linspace(border, seen, _POINTS)
    log_chances = {
        name: np.log(np.maximum(_chances_at(points, look, looks, alpha), 1e-300))
        for name, points in (("beyond", beyond), ("inside", inside))
    }

    def chance_beyond(drift: float) -> float:
        # A drift tilts the chances of the driftless path by exp(drift z): the statistic is sufficient (Emerson and Fleming 1990).
        def weight(name: str, points: Floats, sign: int) -> float:
            return float(np.trapezoid(np.exp(log_chances[name] + drift * (sign * points - seen)), points))

        upper = weight("beyond", beyond, 1)
        return upper / (upper + weight("inside", inside, 1) + weight("beyond", beyond, -1) + weight("inside", inside, -1)) - 0.5

    if chance_beyond(0.0) >= 0:
        return 0.0
    # Paths that were inside the border until now may point beyond what was seen; nothing is added to it.
    return float(np.sign(z) * (seen if chance_beyond(seen) <= 0 else brentq(chance_beyond, 0.0, seen)))


def _chances_at(points: Floats, look: int, looks: int, alpha: float) -> Floats:
    """Return the density of the statistic at a look, without drift, over the paths that crossed no border before."""
    borders, times = boundary(looks, alpha), np.arange(1, looks + 1) / looks
    if look == 1:
        return np.asarray(norm.pdf(points))
    grid = _between_borders(borders[0], times[0])
    density: Floats = norm.pdf(grid, scale=np.sqrt(times[0]))
    for earlier in range(1, look):
        to = _between_borders(borders[earlier], times[earlier]) if earlier < look - 1 else points * np.sqrt(times[earlier])
        moves = norm.pdf(to[:, None] - grid[None, :], scale=np.sqrt(times[earlier] - times[earlier - 1]))
        grid, density = to, np.trapezoid(moves * density, grid, axis=1)
    return density
