"""Whether there is a log to learn from, and exactly what to bring where there is none."""

import pandas as pd

from helpers.core.results import Gate, Verdict
from helpers.core.wording import _, number
from helpers.phases.learning.log import EXPOSURE_COLUMNS, can_be_weighed
from helpers.phases.learning.logged_chances import WrongChance, wrong_chance
from helpers.phases.learning.settings import Settings

FEWEST_ROWS = 200  # with fewer, two rates of a few percent cannot be told apart (our convention)


def may_we(log: pd.DataFrame | None, settings: Settings) -> Gate:
    """Return whether there is a log to learn from, and exactly what to bring where there is none.

    Parameters
    ----------
    log : from ``read_log``; None where the client brought none.
    settings : names the columns that have to be there.
    """
    rows = 0 if log is None else len(log)
    successes = 0 if log is None else int(log["success"].sum())
    options = 0 if log is None else log["option"].nunique()
    needs = _("a table exposures with {columns}: at least {n} rows, two options and one success").format(
        columns=", ".join(_columns(settings)), n=number(FEWEST_ROWS)
    )
    has = _("{n} rows, {options} options, {successes} successes").format(
        n=number(rows), options=number(options), successes=number(successes)
    )
    if log is not None and rows >= FEWEST_ROWS and options > 1 and successes > 0:
        # Weights need no chances; to judge them, and to compare with what was shown, every row does.
        if can_be_weighed(log):
            wrong = wrong_chance(log)
            if wrong is not None:
                return _wrong_chances(wrong, needs, has)
            return Gate(Verdict("go", _("can learn")), needs, has, _("The log says what was shown and what came of it."))
        return Gate(
            Verdict("caution", _("without chances")),
            needs,
            has,
            _("The chance with which things were shown was not logged, so other weights cannot be judged from it."),
            _("treatment_probability on every row"),
            _("Use the weights in a pilot with a holdout group."),
        )
    return Gate(
        Verdict("not_yet", _("not yet")),
        needs,
        has,
        _("Without a log nobody knows which option did better, and in which place."),
        _(
            "Log one row for every option shown, also when nothing came of it: {columns}; draw the option by chance and "
            "write down the chance (0 to 1) as treatment_probability"
        ).format(columns=", ".join(_columns(settings))),
        _("Show every option equally often, drawn by chance: that is the best log to learn from."),
    )


def _wrong_chances(wrong: WrongChance, needs: str, has: str) -> Gate:
    """Return the closed gate of a log whose chances are not those with which options were shown."""
    text = (
        _("{option} was shown more often than its logged chance says: {shown} times instead of about {expected}.")
        if wrong.shown > wrong.expected
        else _("{option} was shown less often than its logged chance says: {shown} times instead of about {expected}.")
    )
    return Gate(
        Verdict("not_yet", _("wrong chances")),
        needs,
        has,
        text.format(option=wrong.option, shown=number(wrong.shown), expected=number(wrong.expected)),
        _("treatment_probability: the chance with which this option was really drawn, for this customer and at this time"),
        _("Show every option equally often, drawn by chance: that is the best log to learn from."),
    )


def _columns(settings: Settings) -> list[str]:
    """Return the columns to bring: the canonical ones, for the declared option and success."""
    columns = [settings.option if name == "item" else name for name in EXPOSURE_COLUMNS]
    if settings.success == "clicked":
        return columns
    return [*(name for name in columns if name != "clicked"), "outcomes.customer_id", "outcomes.outcome_date"]
