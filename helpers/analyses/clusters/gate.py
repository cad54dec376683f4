"""May we: are there enough customers, and do they differ?"""

from __future__ import annotations

from helpers.analyses.clusters.detect import detectable
from helpers.analyses.clusters.features import Prepared
from helpers.analyses.clusters.fit import most_groups
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.gates import GateBuilder
from helpers.core.results import Gate
from helpers.core.wording import _, number, plural


def gate_of(ready: Prepared, settings: Settings, seed: int) -> Gate:
    """Return the gate for buyers that were prepared.

    Parameters
    ----------
    ready : from ``features.prepare``.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.

    Notes
    -----
    The number needed is our convention, see ``room.requires``.
    """
    groups = settings.clusters if isinstance(settings.clusters, int) else settings.fewest_clusters
    need, have = groups * settings.customers_per_group, int((~ready.large).sum())
    asked = _asked(settings, groups, need, have)
    if have < need:
        return asked.not_yet(
            _("With so few customers a group would change with every customer that comes or goes."),
            plural("{n} more customer with an order", "{n} more customers with an order", need - have),
        )
    if _behaviours(ready) < groups:
        return asked.not_yet(
            _("The customers behave too much alike to be told apart by these features."),
            _("A feature that differs between customers"),
        )
    tried = detectable(ready, settings, seed)
    if have < 2 * need:
        return asked.with_care(
            _("There are enough customers for groups, but small groups will be unsure."),
            _("{n} customers with an order").format(n=number(2 * need)),
            tried.sentence(),
        )
    if not tried.steady:
        return asked.with_care(
            _("The groups change when the customers are drawn again, so their borders are rough."),
            _("Fewer groups, or features that set customers further apart"),
            tried.sentence(),
        )
    return asked.go(_("There are enough customers for groups."), tried.sentence())


def _asked(settings: Settings, groups: int, need: int, have: int) -> GateBuilder:
    return GateBuilder(
        _("{need} customers with an order ({each} for each of {groups} groups) and a feature that differs between them").format(
            need=number(need), each=number(settings.customers_per_group), groups=number(groups)
        ),
        plural("{n} customer with an order", "{n} customers with an order", have),
        _("Rank the customers by spend and look at the first ten by name."),
    )


def _behaviours(ready: Prepared) -> int:
    """Return how many different customers there are, as far as the features tell."""
    return most_groups(ready.features[~ready.large]) if ready.names else 1
