"""May we: are there enough visitors, and do they differ?"""

from dataclasses import replace

import numpy as np

from helpers.analyses.gates import GateBuilder
from helpers.analyses.personas.detect import detectable
from helpers.analyses.personas.features import Features
from helpers.analyses.personas.settings import Settings
from helpers.core.results import Gate
from helpers.core.wording import _, number, plural

PAGES_PER_WORD = 2  # more different pages than this for each word that visitors share: addresses are numbers or codes (our convention)
COMPARED = 5_000  # visitors compared for differences: of very many, some thousands will tell


def gate_of(features: Features, settings: Settings, seed: int) -> Gate:
    """Return the gate for visitors whose features were built.

    Parameters
    ----------
    features : of all visitors.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.

    Notes
    -----
    The number needed is our convention, see ``analysis.requires``.
    """
    usable = usable_of(features, settings)
    needed, visitors = _needed(settings), int(usable.sum())
    gate = _gate_builder(settings, visitors)
    if visitors < needed:
        return _too_few_usable(features, settings, visitors)
    if _distinct_visitors(features, usable) < _segments_wanted(settings):
        if _only_numbers(features):
            return _without_words(gate, features)
        return gate.not_yet(
            _("The visitors looked at the same pages, so nothing tells them apart."), _("Pages that not every visitor opens")
        )
    trial = detectable(features, usable, settings, seed)
    # Twice the number needed (our convention), so that a segment of half the usual size is still large enough.
    if visitors < 2 * needed:
        return gate.with_care(
            _("There are enough visitors for segments, but small segments will be unsure."),
            _("{n} visitors with enough page views").format(n=number(2 * needed)),
            trial.sentence(),
        )
    if not trial.steady:
        return gate.with_care(
            _("Other visitors would give other segments, so their borders are rough."),
            _("More visitors, or fewer segments"),
            trial.sentence(),
        )
    return gate.go(_("There are enough visitors for segments."), trial.sentence())


def _too_few_usable(features: Features, settings: Settings, visitors: int) -> Gate:
    """Return the closed gate with what is really missing: visitors, pages opened, pages at all, or words in their addresses."""
    needed, everybody = _needed(settings), len(features.visitors)
    enough = int((features.pages >= settings.fewest_pages).sum())
    gate = _gate_builder(settings, enough)
    if enough >= needed and _only_numbers(features):
        return _without_words(gate, features)
    if everybody == 0:
        reason = _("No event names a page that a person opened; touches, robots and conversions do not count.")
        return gate.not_yet(reason, _("The address of each page: map page_path"))
    if everybody >= needed > enough:
        missing = plural("{n} more visitor with enough page views", "{n} more visitors with enough page views", needed - enough)
        reason = _("{n} visitors came, and {few} of them opened fewer than {pages} pages: too little to tell them apart.")
        reason = reason.format(n=number(everybody), few=number(everybody - enough), pages=number(settings.fewest_pages))
        if _only_numbers(features):
            reason += " " + _numbers_sentence(features)
        return gate.not_yet(reason, missing)
    return _too_few(_gate_builder(settings, visitors), needed - visitors)


def _only_numbers(features: Features) -> bool:
    return features.distinct_pages > PAGES_PER_WORD * len(features.vocabulary.words)


def _numbers_sentence(features: Features) -> str:
    words = plural("{n} word", "{n} words", len(features.vocabulary.words))
    text = _(
        "The addresses of the {pages} pages are numbers or codes: visitors share {words} of them, too little to say what they look for."
    )
    return text.format(pages=number(features.distinct_pages), words=words)


def _without_words(gate: GateBuilder, features: Features) -> Gate:
    has = _("{visitors}, on pages whose addresses are numbers or codes").format(visitors=gate.has)
    return replace(gate, has=has).not_yet(
        _numbers_sentence(features), _("Addresses with words, or the name or group of each page as page_path")
    )


def gate_without_events(settings: Settings) -> Gate:
    """Return the closed gate of a client without web events."""
    return _too_few(_gate_builder(settings, 0), _needed(settings))


def usable_of(features: Features, settings: Settings) -> np.ndarray:
    """Return which visitors opened enough pages, with words, to help make segments."""
    has_words = np.asarray(features.seen.sum(axis=1)).ravel() > 0
    return has_words & (features.pages >= settings.fewest_pages)


def _segments_wanted(settings: Settings) -> int:
    return settings.segments if isinstance(settings.segments, int) else settings.fewest_segments


def _needed(settings: Settings) -> int:
    return _segments_wanted(settings) * settings.visitors_per_segment


def _gate_builder(settings: Settings, visitors: int) -> GateBuilder:
    return GateBuilder(
        _("{need} visitors with at least {pages} page views ({each} for each of {groups} segments)").format(
            need=number(_needed(settings)),
            pages=number(settings.fewest_pages),
            each=number(settings.visitors_per_segment),
            groups=number(_segments_wanted(settings)),
        ),
        plural("{n} visitor with enough page views", "{n} visitors with enough page views", visitors),
        _("Look at the pages where visits begin, and at how many visitors convert."),
    )


def _too_few(gate: GateBuilder, missing: int) -> Gate:
    return gate.not_yet(
        _("With so few visitors a segment would change with every visitor who comes or stays away."),
        plural("{n} more visitor with enough page views", "{n} more visitors with enough page views", missing),
    )


def _distinct_visitors(features: Features, usable: np.ndarray) -> int:
    """Return how many different visitors there are, by the words they saw."""
    rows = np.flatnonzero(usable)
    seen = features.seen[rows[:: max(len(rows) // COMPARED, 1)]]
    return len({tuple(np.sort(seen.indices[seen.indptr[i] : seen.indptr[i + 1]])) for i in range(seen.shape[0])})
