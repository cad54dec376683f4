"""May we: are there enough visitors, and do they differ?"""

from __future__ import annotations

import numpy as np

from helpers.analyses.gates import GateBuilder
from helpers.analyses.personas.detect import detectable
from helpers.analyses.personas.events import Prepared
from helpers.analyses.personas.features import Features
from helpers.analyses.personas.settings import Settings
from helpers.core.results import Gate
from helpers.core.wording import _, number, plural


def gate_of(ready: Prepared | None, features: Features | None, settings: Settings, seed: int) -> Gate:
    """Return the gate for events that were prepared; None where there are none.

    Parameters
    ----------
    ready, features : the events as the analysis sees them.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.
    """
    groups = settings.segments if isinstance(settings.segments, int) else settings.fewest_segments
    need = groups * settings.visitors_per_segment
    have = int(usable_of(features, settings).sum()) if features is not None else 0
    asked = _asked(settings, groups, need, have)
    if have < need:
        return asked.not_yet(
            _("With so few visitors a segment would change with every visitor who comes or stays away."),
            plural("{n} more visitor with enough page views", "{n} more visitors with enough page views", need - have),
        )
    if not _differ(features, settings, groups):
        return asked.not_yet(
            _("The visitors looked at the same pages, so nothing tells them apart."),
            _("Pages that not every visitor opens"),
        )
    tried = detectable(features, usable_of(features, settings), settings, seed)
    if have < 2 * need:
        return asked.with_care(
            _("There are enough visitors for segments, but small segments will be unsure."),
            _("{n} visitors with enough page views").format(n=number(2 * need)),
            tried.sentence(),
        )
    if not tried.steady:
        return asked.with_care(
            _("Other visitors would give other segments, so their borders are rough."),
            _("More visitors, or fewer segments"),
            tried.sentence(),
        )
    return asked.go(_("There are enough visitors for segments."), tried.sentence())


def _asked(settings: Settings, groups: int, need: int, have: int) -> GateBuilder:
    return GateBuilder(
        _("{need} visitors with at least {pages} page views ({each} for each of {groups} segments)").format(
            need=number(need),
            pages=number(settings.fewest_pages),
            each=number(settings.visitors_per_segment),
            groups=number(groups),
        ),
        plural("{n} visitor with enough page views", "{n} visitors with enough page views", have),
        _("Look at the pages where visits begin, and at how many visitors convert."),
    )


def usable_of(features: Features, settings: Settings) -> np.ndarray:
    """Return which visitors opened enough pages, with words, to help make segments."""
    known = np.asarray(features.seen.sum(axis=1)).ravel() > 0
    return known & (features.pages >= settings.fewest_pages)


def _differ(features: Features, settings: Settings, groups: int) -> bool:
    """Return whether there are at least as many different visitors as segments wanted, by their words."""
    usable = np.flatnonzero(usable_of(features, settings))
    rows = features.seen[usable[:: max(len(usable) // 5_000, 1)]]  # of very many visitors, some thousands will tell
    distinct = {tuple(np.sort(rows.indices[rows.indptr[i] : rows.indptr[i + 1]])) for i in range(rows.shape[0])}
    return len(distinct) >= groups
