"""The chance of a quote from what is known on the day it is asked: learnt on earlier quotes, judged on later ones.

Logistic regression with few features; it is used only where Brier score and log loss (Gneiting and Raftery 2007) are both lower
than those of either simple rule, by more than other customers would move them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from helpers.analyses.quotes.book import Book
from helpers.analyses.quotes.shares import Floats, mean_and_interval, won

LEARNT_SHARE = 0.6  # of the judged quotes, by the day they were asked (our convention)
LEAST_QUOTES, LEAST_OF_EACH = 50, 10  # in learning, and in judging (our convention)
PRIOR = 10.0  # quotes of average outcome added to a small group (our convention)
METHODS = ("model", "average", "relation")


@dataclass(frozen=True)
class Judgement:
    """How the model did on ``judged`` quotes that it had not seen, with the wins it ``expected`` and those that came.

    ``scores`` holds per method its brier and log_loss, and how far the model is ahead (brier_lead, brier_low, brier_high …).
    """

    scores: pd.DataFrame
    judged: int = 0
    expected: float = float("nan")
    won: int = 0

    @property
    def beats(self) -> bool:
        """True where the model is ahead of both rules in both scores by more than luck."""
        return len(self.scores) > 0 and bool((self.scores.loc[1:, ["brier_low", "log_loss_low"]] > 0).all(axis=None))


def judge(book: Book) -> Judgement:
    """Learn on the earlier of a book's decided quotes and judge on the later ones."""
    decided = book.judged
    start = decided["asked"].quantile(LEARNT_SHARE, interpolation="lower")
    before = (start - decided["asked"]).dt.days
    # On the day from which is judged, the outcomes of the quotes just before it were not known yet.
    earlier, later = decided[(before >= book.mature_days) & ~(decided["days"] > before)], decided[decided["asked"] >= start]
    for part in (earlier, later):
        if len(part) < LEAST_QUOTES or not LEAST_OF_EACH <= won(part).sum() <= len(part) - LEAST_OF_EACH:
            return Judgement(pd.DataFrame())
    chances = {method: _chance(method, earlier, later, book) for method in METHODS}
    losses = {method: _losses(won(later), chance) for method, chance in chances.items()}
    scores = pd.DataFrame({"method": METHODS})
    for name in ("brier", "log_loss"):
        ahead = [mean_and_interval(losses[method][name] - losses["model"][name], later["customer_id"]) for method in METHODS]
        scores[name] = [losses[method][name].mean() for method in METHODS]
        scores[[f"{name}_lead", f"{name}_low", f"{name}_high"]] = ahead
    return Judgement(scores, len(later), float(chances["model"].sum()), int(won(later).sum()))


def open_chances(book: Book, method: str) -> pd.Series:
    """Return the chance of every open quote by one of ``METHODS``, its age taken into account; NaN for those that are old."""
    decided, waiting = book.judged, book.quotes[(book.quotes["status"] == "open") & ~book.quotes["old_enough"]]
    if not len(waiting):
        return pd.Series(np.nan, book.quotes.index)
    average, outcome, days = won(decided).mean(), won(decided), decided["days"].to_numpy()
    # Where wins come sooner than losses, a quote that is still open is less likely to be won than one just asked.
    still = np.array([_towards(average, outcome[days > age]) for age in waiting["age_days"]])
    chance = expit(logit(_chance(method, decided, waiting, book)) + logit(still) - logit(average))
    return pd.Series(chance, waiting.index).reindex(book.quotes.index)


def _chance(method: str, known: pd.DataFrame, asked: pd.DataFrame, book: Book) -> Floats:
    average = float(won(known).mean())
    if method == "model":
        centre = np.log(known["amount"]).mean()
        learnt, wanted = (_features(quotes, len(book.edges), centre) for quotes in (known, asked))
        return LogisticRegression().fit(learnt, won(known)).predict_proba(wanted)[:, 1]
    rates = {name: _towards(average, won(rows)) for name, rows in known.groupby("relation")} if method == "relation" else {}
    return asked["relation"].map(rates).astype(float).fillna(average).to_numpy()


def _towards(average: float, outcome: Floats) -> float:
    return float((outcome.sum() + PRIOR * average) / (len(outcome) + PRIOR))


def _features(quotes: pd.DataFrame, bands: int, centre: float) -> Floats:
    """Return the features of a quote: logarithm and band of its amount, and whether its customer is new or existing."""
    columns = [(np.log(quotes["amount"]) - centre).fillna(0.0)]
    columns += [quotes["amount_band"] == band for band in range(1, bands + 1)]
    columns += [quotes["relation"].eq(relation).fillna(False) for relation in ("new", "existing")]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def _losses(outcome: Floats, chance: Floats) -> dict[str, Floats]:
    chance = np.clip(chance, 1e-6, 1 - 1e-6)
    return {"brier": (outcome - chance) ** 2, "log_loss": -(outcome * np.log(chance) + (1 - outcome) * np.log(1 - chance))}
