"""The web personas in words: every sentence is made from the result."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.personas.room import Result
from helpers.analyses.personas.sheet import page_name, sheet
from helpers.analyses.personas.show import (
    accuracy_table,
    evidence_table,
    matches_table,
    profile_table,
    words_table,
)
from helpers.analyses.personas.stability import STABLE
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, listing, number, percent, plural
from helpers.story import Actions, Answer, HowSure, KeyFigures, Sentence

__all__ = [
    "accuracy_table",
    "actions",
    "answer",
    "early",
    "evidence_table",
    "finding",
    "headline",
    "how_sure",
    "key_figures",
    "matches_table",
    "personas",
    "profile_table",
    "sentences",
    "sheet",
    "steadiness",
    "verdict",
    "why",
    "words_table",
]


def verdict(result: Result) -> Verdict:
    """Return how far the segments can be trusted (0.75: Hennig 2007; structure: shuffled copies)."""
    if result.quality["weakest"] >= STABLE and result.quality["natural"]:
        return Verdict("go", _("stable"))
    return Verdict("caution", _("partly stable") if result.quality["agreement"] >= 0.6 else _("unsure"))


def headline(result: Result) -> str:
    """Return the finding as one sentence with its numbers."""
    found = plural("{n} segment", "{n} segments", result.quality["segments"])
    best = _clearly_best(result)
    if best is not None:
        return _("{segments} come to the site; “{name}” converts best, {rate} against {others} of the others").format(
            segments=found,
            name=best["name"],
            rate=percent(best["conversion"], 1),
            others=percent(best["conversion"] - best["difference"], 1),
        )
    first = result.profile.iloc[0]
    return _("{segments} come to the site; the largest, “{name}”, is {share} of the visitors").format(
        segments=found, name=first["name"], share=percent(first["share"])
    )


def _clearly_best(result: Result) -> pd.Series | None:
    """Return the segment that converts best, where chance does not explain its lead."""
    profile = result.profile
    if not result.quality["outcomes_known"] or not (profile["difference_low"] > 0).any():
        return None
    return profile.loc[profile["conversion"].idxmax()]


def answer(result: Result) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences that support the headline: steadiness, personas, serving."""
    return tuple(text for text in (steadiness(result), personas(result), early(result)) if text)


def steadiness(result: Result) -> str:
    """Say whether other visitors would give the same segments."""
    quality = result.quality
    text = _(
        "Made from one half of the visitors and from the other, the segments agree to {agreement} (1 is "
        "the same, "
        "0 is chance), and of the ten strongest words {words} come back."
    ).format(agreement=number(quality["agreement"], 2), words=percent(quality["words_kept"]))
    if quality["natural"]:
        return text
    return text + " " + _("Shuffled events do nearly as well or a segment is unsteady: read the segments as a cut, not as kinds of people.")


def personas(result: Result) -> str:
    """Say which personas were found, and which were not."""
    quality = result.quality
    if not quality["personas"]:
        return _("No personas were written down beforehand; add them under personas.personas in client.yml.")
    matched = result.matches[result.matches["matched"]]
    missing = [one.name for one in result.settings.personas if one.name not in set(matched["persona"])]
    text = _("{n} of {all} personas are recognised in a segment by their own words").format(
        n=number(quality["matched"]), all=number(quality["personas"])
    )
    if not missing:
        return text + "."
    return text + "; " + _("no segment speaks the words of {names}.").format(names=listing(missing))


def early(result: Result) -> str:
    """Say how soon within a visit the site knows enough."""
    row = result.accuracy.iloc[-1]
    if not row["visitors"] or row["accuracy"] != row["accuracy"]:
        return ""
    return _("After {pages} pages {share} of the visitors would get personal content, and it fits {accuracy} of them ({range}).").format(
        pages=number(row["pages"]),
        share=percent(row["personal_share"]),
        accuracy=percent(row["accuracy"]),
        range=between(percent(row["low"]), percent(row["high"])),
    )


def key_figures(result: Result) -> KeyFigures:
    """Show the figures of the chapter."""
    return KeyFigures(_figures(result))


def _figures(result: Result) -> tuple[KeyFigure, ...]:
    quality, figures = result.quality, []
    sure = _("agreement of halves {value}").format(value=number(quality["agreement"], 2))
    figures.append(KeyFigure(number(quality["segments"]), _("segments of visitors"), sure, 4))
    if quality["outcomes_known"]:
        rate = quality["conversions"] / max(quality["visitors"], 1)
        figures.append(KeyFigure(percent(rate, 1), _("of visitors convert"), _("counted"), 3))
    return tuple(figures)


def actions(result: Result) -> Actions:
    """Return what to do with the segments."""
    return Actions(_actions(result))


def _actions(result: Result) -> tuple[Action, ...]:
    found, sure = [], verdict(result).word
    best = _clearly_best(result)
    if best is not None:
        found.append(
            Action(
                _("Give “{name}” a first page of its own: it begins most often on {page}.").format(
                    name=best["name"], page=page_name(best["entry_page"])
                ),
                sure,
                rank=3,
            )
        )
    found.append(
        Action(
            _("Hand the serving table to whoever runs the site, and test it on half of the visitors before believing it."),
            sure,
            rank=4,
        )
    )
    unmatched = result.profile[result.profile["persona"] == ""]
    if result.quality["personas"] and len(unmatched):
        found.append(
            Action(
                _("Read the words of {names} together: it is a kind of visitor nobody wrote down.").format(
                    names=listing([f"“{one}”" for one in unmatched["name"]])
                ),
                _("judgement"),
                rank=5,
            )
        )
    return tuple(found)


def how_sure(result: Result) -> HowSure:
    """Return the closed part: method, checks, limits."""
    quality = result.quality
    return HowSure(
        {
            _("Method"): _(
                "Words come from the paths of pages and count once per visitor. Visitors with like "
                "words form a "
                "segment; {segments} were looked for because every one of them comes back in random halves."
            ).format(segments=number(quality["segments"]))
            if not quality["declared"]
            else _(
                "Words come from the paths of pages and count once per visitor. The number of segments was "
                "declared; the halves propose {n}."
            ).format(n=number(quality["proposed"])),
            _("Checks"): evidence_table(result),
            _("Limits"): [
                *result.notes,
                _("A visitor is a browser: one person with a telephone and a computer counts twice, and a shared computer counts once."),
                _("Accuracy within a visit compares with the segment of all pages, of which the first are a part."),
            ],
        }
    )


def sentences(result: Result) -> tuple[Sentence, ...]:
    """Return the sentences that read the outcome."""
    return tuple(Sentence(text) for text in why(result))


def finding(result: Result) -> Finding:
    """Return the record for summary, report and next round."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), 4)
