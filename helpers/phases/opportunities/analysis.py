"""Phase 2 as a whole: the ranking, the choice, and what is still open."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.opportunities.choice import choose
from helpers.phases.opportunities.ranking import GoalLike, availability, rank
from helpers.phases.opportunities.result import Opportunities
from helpers.phases.opportunities.settings import Settings
from helpers.tables import TABLES

READS = (*TABLES,)


def review(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, goals: Sequence[GoalLike] = ()) -> Opportunities:
    """Return the whole of phase 2.

    Parameters
    ----------
    tables : the client's canonical tables.
    settings : section ``opportunities`` of client.yml; all keys optional.
    context : the round's context; nothing here depends on it, and nothing is drawn.
    goals : the goals of phase 1 (goals.goals in client.yml).
    """
    ranking = rank(tables, goals, settings)
    return Opportunities(ranking, choose(ranking, settings), len(goals), availability(tables), settings)
