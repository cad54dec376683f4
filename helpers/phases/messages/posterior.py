"""What the response of every message could be in truth, given what came back: drawn, not plugged in.

In a group the messages' rates follow a Beta around the group's own mean, with one size (how alike the messages are) for all
groups; mean and size are unknown too and are drawn from their marginal posterior on a grid before any rate is drawn (Gelman
et al. 2013, Bayesian Data Analysis, section 5.3). So few contacts do not pass for many. The prior of the size is the uniform
shrinkage prior (Christiansen and Morris 1997; Daniels 1999).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, logit

DRAWS = 20_000
SIZES = np.geomspace(2, 1e5, 30)
# Odds around those of the group: close together in the middle, where large groups leave their mean little room.
_ODDS = 7 * np.sinh(np.linspace(-3.5, 3.5, 61)) / np.sinh(3.5)


def draw_rates(responses: NDArray[np.float64], sent: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the true response of every message in every group.

    Parameters
    ----------
    responses, sent : counts of shape (groups, messages); a message that a group never got has 0 in both.
    rng : generator seeded by the round.

    Returns
    -------
    Array of shape (draws, groups, messages), within 0 and 1.
    """
    means, log_posterior = _posterior(responses, sent)
    of_size = np.logaddexp.reduce(log_posterior, axis=2).sum(axis=0) + _log_prior(sent)
    sizes = rng.choice(len(SIZES), size=DRAWS, p=_normalised(of_size))
    draws = np.empty((DRAWS, *sent.shape))
    for group in range(len(sent)):
        steps = np.cumsum([_normalised(row) for row in log_posterior[group]], axis=1)
        mean = means[group, (rng.random(DRAWS)[:, None] > steps[sizes]).sum(axis=1).clip(max=len(_ODDS) - 1)]
        hits, misses = SIZES[sizes] * mean, SIZES[sizes] * (1 - mean)
        draws[:, group] = rng.beta(hits[:, None] + responses[group], misses[:, None] + (sent - responses)[group])
    return draws


def _posterior(responses: NDArray[np.float64], sent: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the grid of means per group, and the log posterior of size and mean per group up to the size's prior."""
    overall = (responses.sum(axis=1) + 0.5) / (sent.sum(axis=1) + 1)
    means = expit(logit(overall)[:, None] + _ODDS)
    # Flat in the mean: each point of the grid stands for the stretch of means around it.
    log_posterior = np.log(means * (1 - means) * np.gradient(_ODDS))[:, None, :].repeat(len(SIZES), axis=1)
    hits, misses = SIZES[:, None] * means[:, None, :], SIZES[:, None] * (1 - means[:, None, :])
    for message in range(sent.shape[1]):
        back, away = responses[:, message, None, None], (sent - responses)[:, message, None, None]
        log_posterior += betaln(hits + back, misses + away) - betaln(hits, misses)
    return means, log_posterior


def _log_prior(sent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log prior of every size: the share that is drawn to the mean is as likely small as large."""
    typical = 1 / np.mean(1 / sent[sent > 0])
    return np.log(SIZES) + np.log(typical) - 2 * np.log(typical + SIZES)


def _normalised(log_weights: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum()
