"""May we: are there enough customers, and do they differ?"""

from helpers.analyses.clusters.detect import detectable
from helpers.analyses.clusters.features import Prepared
from helpers.analyses.clusters.kmeans import most_groups
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.gates import GateBuilder
from helpers.core.results import Gate
from helpers.core.wording import _, listing, number, plural


def gate_of(prepared: Prepared, settings: Settings, seed: int) -> Gate:
    """Return the gate for buyers that were prepared.

    Parameters
    ----------
    prepared : from ``features.prepare``.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.

    Notes
    -----
    The number needed is our convention, see ``analysis.requires``.
    """
    groups = settings.clusters if isinstance(settings.clusters, int) else settings.fewest_clusters
    needed, buyers = groups * settings.customers_per_group, int((~prepared.large).sum())
    gate = _gate_builder(settings, groups, needed, buyers, prepared.without_orders)
    if prepared.without_orders and buyers and not prepared.names:
        reason = prepared.notes[0] if prepared.notes else _("Without orders groups are made of features that you name.")
        names = listing(prepared.candidates[:8])
        known = _("clusters.features in client.yml; known of these customers: {names}").format(names=names)
        return gate.not_yet(reason, known if names else _("Columns that say something of the customers (extra, in their source)"))
    if buyers < needed:
        return gate.not_yet(
            _("With so few customers a group would change with every customer that comes or goes."),
            plural("{n} more customer", "{n} more customers", needed - buyers)
            if prepared.without_orders
            else plural("{n} more customer with an order", "{n} more customers with an order", needed - buyers),
        )
    distinct_customers = most_groups(prepared.features[~prepared.large]) if prepared.names else 1
    if distinct_customers < groups:
        return gate.not_yet(
            _("The customers behave too much alike to be told apart by these features."), _("A feature that differs between customers")
        )
    trial = detectable(prepared, settings, seed)
    # Twice the number needed (our convention), so that a group of half the usual size is still large enough.
    if buyers < 2 * needed:
        return gate.with_care(
            _("There are enough customers for groups, but small groups will be unsure."),
            (_("{n} customers") if prepared.without_orders else _("{n} customers with an order")).format(n=number(2 * needed)),
            trial.sentence(),
        )
    if not trial.steady:
        return gate.with_care(
            _("The groups change when the customers are drawn again, so their borders are rough."),
            _("Fewer groups, or features that set customers further apart"),
            trial.sentence(),
        )
    return gate.go(_("There are enough customers for groups."), trial.sentence())


def _gate_builder(settings: Settings, groups: int, needed: int, buyers: int, without_orders: bool) -> GateBuilder:
    if without_orders:
        needs = _("{need} customers ({each} for each of {groups} groups) and a feature that differs between them")
        return GateBuilder(
            needs.format(need=number(needed), each=number(settings.customers_per_group), groups=number(groups)),
            plural("{n} customer, none with an order", "{n} customers, none with an order", buyers),
            _("Count the customers by the columns you know."),
        )
    return GateBuilder(
        _("{need} customers with an order ({each} for each of {groups} groups) and a feature that differs between them").format(
            need=number(needed), each=number(settings.customers_per_group), groups=number(groups)
        ),
        plural("{n} customer with an order", "{n} customers with an order", buyers),
        _("Rank the customers by spend and look at the first ten by name."),
    )
