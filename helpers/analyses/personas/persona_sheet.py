"""The persona sheet: one segment on one page."""

import pandas as pd

from helpers.analyses.personas.result import Result
from helpers.analyses.steadiness import STABLE
from helpers.core.results import Verdict
from helpers.core.wording import _, between, number, percent
from helpers.story import Answer


def sheet(result: Result, segment: int) -> Answer:
    """Return the persona sheet of one segment: who, what, when, and what comes of it."""
    row = result.profile.set_index("segment").loc[segment]
    size = _("{n} visitors, who open {pages} pages in {visits} visits on average.").format(
        n=number(row["visitors"]), pages=number(row["page_views"], 1), visits=number(row["visits"], 1)
    )
    sentences = [size, _looks_at(row), _match(result, segment), _converts(result, row)]
    stable = row["stability"] >= STABLE
    return Answer(
        _("{name}: {share} of the visitors").format(name=row["name"], share=percent(row["share"])),
        tuple(sentence for sentence in sentences if sentence),
        Verdict("go", _("stable")) if stable else Verdict("caution", _("unsure")),
    )


def page_name(path: str) -> str:
    """Return how people call a page of the site."""
    return _("the home page") if path == "/" else path


def _looks_at(row: pd.Series) -> str:
    text = _("Marked by the words {words}.").format(words=row["words"]) if row["words"] else ""
    if row["entry_page"]:
        text += " " + _("Visits begin most often on {page}.").format(page=page_name(row["entry_page"]))
    if row["device"]:
        text += " " + _("The usual device is: {device}.").format(device=row["device"])
    return text.strip()


def _match(result: Result, segment: int) -> str:
    if result.matches.empty:
        return ""
    row = result.matches[result.matches["segment"] == segment].sort_values("score", ascending=False).iloc[0]
    text = _("{found} of the {said} words of “{persona}” mark it").format(
        found=number(round(row["score"] * row["persona_words"])), said=number(row["persona_words"]), persona=row["persona"]
    )
    if row["matched"]:
        return text + ": " + _("the persona is recognised.")
    if not result.check.has_kinds:
        return text + ": " + _("the visitors are not of several kinds beyond chance, so there is no match.")
    return text + ": " + _("not more than random words of the site might, so there is no match.")


def _converts(result: Result, row: pd.Series) -> str:
    if not result.quality["outcomes_known"]:
        return ""
    text = _("{rate} convert ({range}).").format(
        rate=percent(row["conversion"], 1), range=between(percent(row["low"], 1), percent(row["high"], 1))
    )
    if row["difference_low"] > 0:
        return text + " " + _("That is more than the others, beyond chance.")
    if row["difference_high"] < 0:
        return text + " " + _("That is less than the others, beyond chance.")
    return text + " " + _("Chance can explain the difference with the others.")
