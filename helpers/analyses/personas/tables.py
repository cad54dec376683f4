"""The web personas as tables that a person reads."""

from helpers.analyses.personas.persona_sheet import page_name
from helpers.analyses.personas.result import Result
from helpers.core.wording import _
from helpers.story import Table


def profile_table(result: Result) -> Table:
    """Show the segments side by side."""
    columns = {
        "name": (_("Segment"), "text"),
        "visitors": (_("Visitors"), "number"),
        "share": (_("Share"), "percent"),
        "page_views": (_("Pages per visitor"), "number1"),
        "minutes": (_("Minutes per visitor"), "number1"),
        "device": (_("Usual device"), "text"),
        "entry_page": (_("Usual first page"), "text"),
    }
    if result.quality["outcomes_known"]:
        columns |= {"conversion": (_("Converts"), "percent1"), "low": (_("from"), "percent1"), "high": (_("to"), "percent1")}
    frame = result.profile.assign(entry_page=result.profile["entry_page"].map(page_name))
    return Table(frame, _("The segments of the site's visitors"), columns)


def words_table(result: Result, segment: int) -> Table:
    """Show the words of one segment: the same as its cloud."""
    frame = result.words[result.words["segment"] == segment]
    columns = {
        "word": (_("Word"), "text"),
        "share": (_("Seen by this segment"), "percent"),
        "others": (_("Seen by the others"), "percent"),
        "strength": (_("Strength (z)"), "number1"),
    }
    return Table(frame, _("Words that mark “{name}”").format(name=result.name_of(segment)), columns)


def matches_table(result: Result) -> Table:
    """Show, for each persona, the segment that comes closest, matched or not."""
    best = result.matches.sort_values(["persona", "score", "segment"], ascending=[True, False, True])
    best = best.groupby("persona").head(1)
    names = best["segment"].map(result.profile.set_index("segment")["name"])
    best = best.assign(name=names.where(best["score"] > 0, "–"))
    columns = {
        "persona": (_("Persona"), "text"),
        "name": (_("Closest segment"), "text"),
        "score": (_("Share of its words"), "percent"),
        "by_chance": (_("Random words"), "percent"),
        "own_words": (_("Words found there"), "text"),
        "matched": (_("Match"), "yesno"),
    }
    return Table(best, _("Personas written beforehand, and the segments"), columns)


def accuracy_table(result: Result) -> Table:
    """Show what a site would get right after 1, 2 and 3 pages."""
    columns = {
        "pages": (_("Pages seen"), "number"),
        "visitors": (_("Visitors"), "number"),
        "personal_share": (_("Get personal content"), "percent"),
        "accuracy": (_("Of those, it fits"), "percent"),
        "low": (_("from"), "percent"),
        "high": (_("to"), "percent"),
        "largest": (_("Largest segment for all"), "percent"),
        "without_margin": (_("Fits if everyone got it"), "percent"),
    }
    return Table(result.check.table, _("Expected accuracy within a visit"), columns)


def evidence_table(result: Result) -> Table:
    """Show how steady each number of segments is."""
    columns = {
        "segments": (_("Segments"), "number"),
        "agreement": (_("Agreement of halves"), "number2"),
        "weakest": (_("Least stable segment"), "number2"),
        "chance": (_("The same when shuffled"), "number2"),
        "smallest_share": (_("Smallest segment"), "percent"),
    }
    return Table(result.evidence, _("How many segments: split-half stability"), columns)
