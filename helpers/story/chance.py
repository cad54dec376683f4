"""The sentence that sets a claim beside what chance alone would give."""

from collections.abc import Callable

from helpers.core.results import Chance
from helpers.core.wording import _, between


def chance_words(chance: Chance, shown: Callable[[float], str], *, with_how: bool = True) -> str:
    """Return what chance alone would give; ``shown`` makes a figure a text, as ``wording.money``.

    ``with_how`` says how that was found out; False beside a figure or an action, where the chapter says how.
    """
    low, high = shown(chance.low), shown(chance.high)
    span = low if low == high else between(low, high)
    return _("Chance alone would give {span}.").format(span=span) + (" " + chance.how if chance.how and with_how else "")
