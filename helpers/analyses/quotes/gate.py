"""May a chance of success be shown on this client's quotes?"""

from helpers.analyses.gates import GateBuilder
from helpers.analyses.quotes.book import Book
from helpers.analyses.quotes.shares import won
from helpers.core.results import Gate
from helpers.core.wording import _, number
from helpers.statistics.power import needed_z

LEAST_DECIDED, LEAST_OF_EACH = 50, 10  # decided quotes, and those won and those lost among them (our convention)
CAUTION_DECIDED = 200  # our convention: with fewer, only large differences show


def gate_of(book: Book | None) -> Gate:
    """Return the gate for a client's quotes; None where there are none."""
    outcome = won(book.judged) if book else ()
    count, wins = len(outcome), int(sum(outcome))
    answers = GateBuilder(
        _("at least {n} decided quotes, of which {each} won and {each} lost").format(n=number(LEAST_DECIDED), each=number(LEAST_OF_EACH)),
        _("{n} decided quotes old enough to judge, of which {won} won").format(n=number(count), won=number(wins)),
        _("Count won and lost quotes by hand each month, and record the day of each decision."),
    )
    missing = max(LEAST_DECIDED - count, LEAST_OF_EACH - wins, LEAST_OF_EACH - (count - wins))
    if missing > 0:
        unlock = _("about {n} more decided quotes").format(n=number(missing))
        return answers.not_yet(_("There are too few decided quotes to say how often a quote is won."), unlock)
    # Two halves of the quotes, compared with 80 % power.
    points = 100 * needed_z() * (4 * wins * (count - wins) / count**3) ** 0.5
    seen = _("If half of the quotes had a chance of success {n} points higher, it would probably show.").format(n=number(points))
    if count < CAUTION_DECIDED:
        unlock = _("{n} decided quotes").format(n=number(CAUTION_DECIDED))
        return answers.with_care(_("With so few quotes only large differences show."), unlock, seen)
    return answers.go(_("There are enough decided quotes to compare."), seen)
