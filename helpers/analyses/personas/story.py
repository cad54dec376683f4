"""The web personas in words: every sentence is made from the result."""

import pandas as pd

from helpers.analyses.personas.certainty import stability_sentence, verdict
from helpers.analyses.personas.persona_sheet import page_name
from helpers.analyses.personas.result import Result
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, listing, number, percent, plural
from helpers.story import Actions, Answer, Sentence


def headline(result: Result) -> str:
    """Return the finding as one sentence with its numbers."""
    segments = plural("{n} segment", "{n} segments", result.quality["segments"])
    best = _clearly_best(result)
    if best is not None:
        return _("{segments} come to the site; “{name}” converts best, {rate} against {others} of the others").format(
            segments=segments,
            name=best["name"],
            rate=percent(best["conversion"], 1),
            others=percent(best["conversion"] - best["difference"], 1),
        )
    if not result.check.has_kinds:
        text = _("The visitors form no kinds: the first page says nothing of the next; the {segments} are a cut")
        return text.format(segments=segments)
    largest = result.profile.iloc[0]
    return _("{segments} come to the site; the largest, “{name}”, is {share} of the visitors").format(
        segments=segments, name=largest["name"], share=percent(largest["share"])
    )


def _clearly_best(result: Result) -> pd.Series | None:
    """Return the segment that converts best, where chance does not explain its lead."""
    if result.best is None or not result.best[1].beaten:
        return None
    return result.profile.set_index("segment").loc[result.best[0]]


def answer(result: Result) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences that support the headline: stability, personas, serving."""
    return tuple(text for text in (stability_sentence(result), personas_sentence(result), within_visit_sentence(result)) if text)


def personas_sentence(result: Result) -> str:
    """Say which personas were recognised, and which were not."""
    quality = result.quality
    if not quality["personas"]:
        return _("No personas were written down beforehand; add them under personas.personas in client.yml.")
    if not result.check.has_kinds:
        return _("No persona is recognised: the visitors are not of several kinds; words of one page are seen together anyhow.")
    matched = result.matches[result.matches["matched"]]
    missing = [persona.name for persona in result.settings.personas if persona.name not in set(matched["persona"])]
    text = _("{n} of {all} personas are recognised in a segment by their own words, beyond what random words of the site give").format(
        n=number(quality["matched"]), all=number(quality["personas"])
    )
    if not missing:
        return text + "."
    return text + "; " + _("no segment speaks the words of {names}.").format(names=listing(missing))


def within_visit_sentence(result: Result) -> str:
    """Say how soon within a visit the site knows enough, beside the content of the largest segment for everybody."""
    check = result.check
    if check.lead is None:
        return _("Too few visitors go on to more pages to say how soon the site would know them, so no table for the site is written.")
    row = check.table.set_index("pages").loc[check.pages]
    text = _(
        "After {pages} pages {share} of the visitors would get personal content. It fits what {accuracy} of them look at next ({range}); "
        "the content of the largest segment for all of them would fit {largest}."
    ).format(
        pages=number(check.pages),
        share=percent(row["personal_share"]),
        accuracy=percent(row["accuracy"]),
        range=between(percent(row["low"]), percent(row["high"])),
        largest=percent(row["largest"]),
    )
    if check.serves:
        return text
    return text + " " + _("That is no better than chance would have it, so no table for the site is written.")


def _figures(result: Result) -> tuple[KeyFigure, ...]:
    quality = result.quality
    agreement = _("agreement of halves {value}").format(value=number(quality["agreement"], 2))
    figures = [KeyFigure(number(quality["segments"]), _("segments of visitors"), agreement, 4, result.check.structure)]
    if quality["outcomes_known"]:
        rate = quality["conversions"] / max(quality["visitors"], 1)
        figures.append(KeyFigure(percent(rate, 1), _("of visitors convert"), _("counted"), 3))
    return tuple(figures)


def actions(result: Result) -> Actions:
    """Return what to do with the segments."""
    return Actions(_actions(result))


def _actions(result: Result) -> tuple[Action, ...]:
    advice = []
    certainty = verdict(result).word
    best = _clearly_best(result)
    if best is not None and result.best is not None:
        text = _("Give “{name}” a first page of its own: it begins most often on {page}.")
        text = text.format(name=best["name"], page=page_name(best["entry_page"]))
        advice.append(Action(text, certainty, rank=3, chance=result.best[1]))
    if result.serving is not None:
        text = _("Hand the serving table to whoever runs the site, and test it on half of the visitors before believing it.")
        advice.append(Action(text, certainty, rank=4, chance=result.check.lead))
    unmatched = result.profile[result.profile["persona"] == ""]
    if result.quality["matched"] and len(unmatched):
        text = _("Read the words of {names} together: it may be a kind of visitor nobody wrote down.")
        names = listing([f"“{name}”" for name in unmatched["name"]])
        advice.append(Action(text.format(names=names), _("judgement"), rank=5, chance=result.check.structure))
    return tuple(advice)


def sentences(result: Result) -> tuple[Sentence, ...]:
    """Return the sentences that read the outcome."""
    return tuple(Sentence(text) for text in why(result))


def finding(result: Result) -> Finding:
    """Return the record for summary, report and next round."""
    chance = result.best[1] if result.best is not None and result.best[1].beaten else result.check.structure
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=4, chance=chance)
