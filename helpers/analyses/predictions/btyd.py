"""Buy till you die: how many orders a customer will still place, and of what size.

BG/NBD: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2); equations
(6) likelihood, (9) expected orders, (10) conditional expectation. Gamma-Gamma: Fader & Hardie (2013), "The
Gamma-Gamma Model of Monetary Value". Both by maximum likelihood; time is counted in weeks. The search runs over
the logarithm of the parameters from several starts; borders at e^-12 and e^14 are our convention and are reported
when touched.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, gammaln, hyp2f1

LOW, HIGH = -12.0, 14.0  # of the logarithm of every parameter
NEAR_BORDER = 0.05  # this near counts as touched
STARTS = ((0.0, 0.0, 0.0, 0.0), (-1.0, 1.5, -0.5, 1.0), (0.5, 2.5, -2.0, 1.0))


@dataclass(frozen=True)
class BgNbd:
    """Fitted BG/NBD: r and alpha shape how often people buy, a and b how soon they leave.

    ``log_likelihood`` is of all customers together; ``at_border`` names parameters that ran to a border of the
    search.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    at_border: tuple[str, ...] = ()

    @property
    def leave_after_order(self) -> float:
        """Mean chance that a customer leaves after an order."""
        return self.a / (self.a + self.b)


@dataclass(frozen=True)
class GammaGamma:
    """Fitted Gamma-Gamma: p, q and gamma of the spend per order."""

    p: float
    q: float
    gamma: float
    log_likelihood: float

    def expected_order_amount(self, repeat_orders: np.ndarray, mean_amount: np.ndarray) -> np.ndarray:
        """Return the expected amount per order: own mean drawn towards the shop's (Fader & Hardie 2013, eq. 5)."""
        own = self.p * np.asarray(repeat_orders, dtype=float)
        shop = self.gamma * self.p / (self.q - 1) if self.q > 1 else np.nan
        weight = own / (self.q - 1 + own)
        return (1 - weight) * shop + weight * np.asarray(mean_amount, dtype=float)


def summary(known: pd.DataFrame, through: pd.Timestamp) -> pd.DataFrame:
    """Return what both models need, per customer, in weeks.

    Returns
    -------
    Index customer_id; repeat_orders (days with an order after the first), first_to_last_weeks, weeks (since the
    first order), mean_repeat_amount (mean spend on those days; 0 where there are none), first_day.
    """
    past = known[(known["order_day"] <= through) & (known["order_amount"] > 0)]
    days = past.groupby(["customer_id", "order_day"], sort=True)["order_amount"].sum().reset_index()
    by_customer = days.groupby("customer_id", sort=True)
    frame = by_customer["order_day"].agg(first_day="min", last_day="max", days="size")
    frame["repeat_orders"] = (frame["days"] - 1).astype(float)
    frame["first_to_last_weeks"] = (frame["last_day"] - frame["first_day"]).dt.days / 7
    frame["weeks"] = (through - frame["first_day"]).dt.days / 7
    repeat_sum = by_customer["order_amount"].sum() - by_customer["order_amount"].first()
    frame["mean_repeat_amount"] = (repeat_sum / frame["repeat_orders"].where(frame["repeat_orders"] > 0)).fillna(0.0)
    return frame[["repeat_orders", "first_to_last_weeks", "weeks", "mean_repeat_amount", "first_day"]]


def bg_log_likelihood(parameters, x, tx, t) -> np.ndarray:
    """Return the log-likelihood per customer (Fader, Hardie & Lee 2005, eq. 6, in the four-part form)."""
    r, alpha, a, b = parameters
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    shape = betaln(a, b + x) - betaln(a, b)
    alive = -(r + x) * np.log(alpha + t)
    left = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + tx), -np.inf)
    return common + shape + np.logaddexp(alive, left)


def fit_bg_nbd(repeat_orders, first_to_last_weeks, weeks) -> BgNbd:
    """Fit BG/NBD by maximum likelihood.

    Parameters
    ----------
    repeat_orders, first_to_last_weeks, weeks : x, t_x and T, one per customer, T > 0 somewhere.
    """
    x, tx, t = (np.asarray(part, dtype=float) for part in (repeat_orders, first_to_last_weeks, weeks))
    # Many customers share the same three numbers: each combination is worked out once.
    (x, tx, t), counts = _unique(x, tx, t)

    def loss(logs):
        return -np.average(bg_log_likelihood(np.exp(logs), x, tx, t), weights=counts)

    best = _minimise(loss, STARTS)
    names = ("r", "alpha", "a", "b")
    at_border = tuple(name for name, log in zip(names, best.x, strict=True) if log < LOW + NEAR_BORDER or log > HIGH - NEAR_BORDER)
    r, alpha, a, b = (float(parameter) for parameter in np.exp(best.x))
    return BgNbd(r, alpha, a, b, float(-best.fun * counts.sum()), at_border)


def _unique(*columns):
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return rows.T, counts


def _minimise(loss, starts):
    bounds = [(LOW, HIGH)] * len(starts[0])
    options = {"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-8}
    tries = [minimize(loss, start, method="L-BFGS-B", bounds=bounds, options=options) for start in starts]
    return min(tries, key=lambda result: result.fun)


def probability_alive(model: BgNbd, repeat_orders, first_to_last_weeks, weeks) -> np.ndarray:
    """Return the chance that each customer has not left (Fader & Hardie 2008, note on P(alive))."""
    x, tx, t = (np.asarray(part, dtype=float) for part in (repeat_orders, first_to_last_weeks, weeks))
    log_odds = (model.r + x) * np.log((model.alpha + t) / (model.alpha + tx))
    log_odds = log_odds + np.log(model.a) - np.log(model.b + np.maximum(x, 1) - 1)
    return np.where(x > 0, expit(-log_odds), 1.0)


def expected_orders(model: BgNbd, ahead_weeks: float, repeat_orders, first_to_last_weeks, weeks) -> np.ndarray:
    """Return the orders expected in the coming weeks, given the past (Fader, Hardie & Lee 2005, eq. 10)."""
    x, t = np.asarray(repeat_orders, dtype=float), np.asarray(weeks, dtype=float)
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    z = ahead_weeks / (alpha + t + ahead_weeks)
    shrink = ((alpha + t) / (alpha + t + ahead_weeks)) ** (r + x)
    series = hyp2f1(r + x, b + x, a + b + x - 1, z)
    factor = (a + b + x - 1) / (a - 1) if a != 1 else (a + b + x - 1) / 1e-9
    return factor * (1 - shrink * series) * probability_alive(model, x, first_to_last_weeks, t)


def fit_gamma_gamma(repeat_orders, mean_amount) -> GammaGamma:
    """Fit Gamma-Gamma by maximum likelihood on customers with a repeat order (Fader & Hardie 2013, eq. 1a)."""
    x, m = np.asarray(repeat_orders, dtype=float), np.asarray(mean_amount, dtype=float)
    repeat = (x > 0) & (m > 0)
    x, m = x[repeat], m[repeat]

    def log_likelihood(logs):
        p, q, gamma = np.exp(logs)
        head = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
        return head + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(gamma + m * x)

    starts = ((0.0, 1.0, float(np.log(m.mean()))), (1.5, 1.3, float(np.log(m.mean())) - 1), (0.0, 0.5, 0.0))
    best = _minimise(lambda logs: -log_likelihood(logs).mean(), starts)
    p, q, gamma = (float(parameter) for parameter in np.exp(best.x))
    return GammaGamma(p, q, gamma, float(-best.fun * len(x)))
