"""Would the site know in time? The table judged on pages it has not seen, beside the content of the largest segment for everybody."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.analyses.personas import segments
from helpers.analyses.personas.features import Features, Vocabulary, matrix_for, unit_rows
from helpers.analyses.personas.serving.table import answers, make
from helpers.analyses.personas.settings import Settings
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.intervals import share_and_interval
from helpers.statistics.nulls import DEALS, against_chance, lead_by_lot

PAGES = (1, 2, 3)
FEWEST_JUDGED = 30  # visitors with personal content, before anything is said of how well it fits (our convention)
COLUMNS = ["pages", "visitors", "personal_share", "accuracy", "low", "high", "largest", "without_margin"]


@dataclass(frozen=True)
class ServingCheck:
    """How well the first pages of a visit tell what is looked at next.

    Parameters
    ----------
    table : one row per number of first pages: pages, visitors (who opened more than these), personal_share (who would get personal
        content), accuracy (it fits the segment of the pages that follow), low, high, largest (how many the content of the largest
        segment would fit), without_margin (accuracy when everybody got personal content).
    pages : the number of first pages on which the table is judged: that with most visitors who get personal content; 0 where none
        has enough of them.
    lead : accuracy minus ``largest`` beside what chance alone would give; None where nobody could be judged.
    structure : accuracy without margin beside that of the same answers given to other visitors: whether first pages say anything of
        the pages that follow; None where nobody opened more pages.
    """

    table: pd.DataFrame
    pages: int
    lead: Chance | None
    structure: Chance | None

    @property
    def has_kinds(self) -> bool:
        """True where first pages tell more than chance of the pages that follow, and where nobody could be judged."""
        return self.structure is None or self.structure.beaten

    @property
    def serves(self) -> bool:
        """True where first pages say more than chance, and the table does better than the largest segment's content by more than that."""
        return self.structure is not None and self.has_kinds and self.lead is not None and self.lead.beaten and self.lead.figure > 0


@dataclass(frozen=True)
class _Trial:
    """What the table says of some visitors after some pages: segment from 1 (0 = standard), the same without margin, and the truth."""

    pages: int
    predicted: np.ndarray
    forced: np.ndarray
    truth: np.ndarray

    @property
    def fits(self) -> np.ndarray:
        """1 where personal content fits, of those who get it."""
        personal = self.predicted > 0
        return (self.predicted == self.truth)[personal].astype(float)

    @property
    def fits_largest(self) -> np.ndarray:
        """1 where the content of the segment that is largest among them would fit, of those who get personal content."""
        truth = self.truth[self.predicted > 0]
        return (truth == np.bincount(truth).argmax()).astype(float) if len(truth) else truth.astype(float)


def judge(views: pd.DataFrame, features: Features, count: int, settings: Settings, seed: int) -> ServingCheck:
    """Judge the table on visitors and pages that had no part in it.

    Segments and table are made from one half of the visitors. Each of the other half is scored on the first pages of the first visit
    and compared with the segment of the words of all pages after these, in this and in later visits.

    Parameters
    ----------
    views : page views of the visitors in ``features``, with ``visit`` and ``step``.
    features : of the visitors that segments were fitted on.
    count : number of segments.
    settings : weights and margin of the table.
    seed : of the halves and the fit.
    """
    order = np.random.default_rng(seed).permutation(len(features.visitors))
    train, test = np.sort(order[::2]), np.sort(order[1::2])
    train_matrix = features.matrix[train]
    centres = segments.fit_centres(train_matrix, segments.reduce(train_matrix, seed), count, seed, settings.method)
    names = [str(segment) for segment in range(count)]
    table = make(centres, features.vocabulary, names, names, settings)
    of_test = views[views["visitor_id"].isin(features.visitors[test])]
    trials = [_trial(pages, of_test, features.visitors[test], centres, table, features.vocabulary, settings) for pages in PAGES]
    # Most visitors, not most pages: the more pages are seen, the fewer visitors are left to judge by.
    judged = max(trials, key=lambda trial: len(trial.fits))
    lead = None
    if len(judged.fits) >= FEWEST_JUDGED:
        how = _("For every visitor it was decided by lot which content came from the table.")
        lead = lead_by_lot(judged.fits - judged.fits_largest, seed, how)
    return ServingCheck(
        pd.DataFrame([_row(trial) for trial in trials], columns=COLUMNS), judged.pages if lead else 0, lead, _structure(trials[0], seed)
    )


def _trial(
    pages: int,
    views: pd.DataFrame,
    visitors: np.ndarray,
    centres: np.ndarray,
    table: dict[str, Any],
    vocabulary: Vocabulary,
    settings: Settings,
) -> _Trial:
    """Return what the table says after so many pages, for the visitors who then open another page with words."""
    first_visit = views["visit"] == views.groupby("visitor_id")["visit"].transform("min")
    first = first_visit & (views["step"] < pages)
    size = len(vocabulary.words)
    # Circumstances are left out of the truth: the same device before and after says nothing of what is looked for.
    later = matrix_for(views[~first], visitors, vocabulary, settings)[:, :size]
    enough = views[first].groupby("visitor_id").size().reindex(visitors, fill_value=0).to_numpy() >= pages
    rows = np.flatnonzero(enough & (later.sum(axis=1) > 0))
    truth, _margin = segments.assign(unit_rows(sparse.csr_array(later[rows])), centres[:, :size])
    seen = matrix_for(views[first], visitors, vocabulary, settings)[rows]
    predicted, _margin = answers(table, seen, vocabulary)
    forced, _margin = answers({**table, "margin": 0.0}, seen, vocabulary)
    return _Trial(pages, predicted, forced, truth + 1)


def _row(trial: _Trial) -> tuple:
    fits, visitors = trial.fits, len(trial.truth)
    largest = trial.fits_largest.mean() if len(fits) else np.nan
    without_margin = (trial.forced == trial.truth).mean() if visitors else np.nan
    return (trial.pages, visitors, len(fits) / max(visitors, 1), *share_and_interval(int(fits.sum()), len(fits)), largest, without_margin)


def _structure(trial: _Trial, seed: int) -> Chance | None:
    """Return how often the first page tells the segment of the others, beside the same answers dealt to other visitors."""
    if not len(trial.truth):
        return None
    rng = np.random.default_rng(seed)
    dealt = [(rng.permutation(trial.forced) == trial.truth).mean() for _deal in range(DEALS)]
    how = _("What the first page of a visit says was dealt to other visitors.")
    return against_chance(float((trial.forced == trial.truth).mean()), dealt, how=how)
