"""Picture of phase 2: what each opportunity would bring against how feasible it is."""

from dataclasses import replace

import pandas as pd

from helpers import charts
from helpers.core.wording import _, percent
from helpers.phases.opportunities import words
from helpers.phases.opportunities.analysis import Opportunities
from helpers.phases.opportunities.ranking import RankedOpportunity
from helpers.story import Picture, figures_table

LONGEST = 48


def value_feasibility(result: Opportunities) -> Picture:
    """Return contribution against feasibility, one point per opportunity, labelled by its rank.

    The chosen (or proposed) one carries its title; the table behind the picture names them all.
    """
    chosen = result.choice.id if result.choice else ""
    point_labels = [_label(opportunity, opportunity.entry.id == chosen) for opportunity in result.ranking]
    kinds = [words.verdict(opportunity).word for opportunity in result.ranking]
    drawn = charts.scatter(
        [100 * opportunity.feasibility for opportunity in result.ranking],
        [100 * opportunity.contribution for opportunity in result.ranking],
        kinds=kinds,
        labels=point_labels,
        x_label=_("Feasible: data there and little effort, in %"),
        y_label=_("Contribution to your goals, in %"),
        caption=_("Opportunities by contribution and feasibility; the number is the rank"),
    )
    rows = [
        (
            opportunity.place,
            _(opportunity.entry.title),
            percent(opportunity.contribution),
            percent(opportunity.feasibility),
            words.verdict(opportunity).word,
        )
        for opportunity in result.ranking
    ]
    heads = [_("Rank"), _("Opportunity"), _("Contribution"), _("Feasible"), _("Today")]
    return replace(drawn, table=figures_table(pd.DataFrame(rows, columns=heads), drawn.caption))


def _label(opportunity: RankedOpportunity, chosen: bool) -> str:
    title = _(opportunity.entry.title)
    return f"{opportunity.place} {title}" if chosen and len(title) <= LONGEST else str(opportunity.place)
