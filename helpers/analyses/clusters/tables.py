"""The tables of the customer groups and of the audit of the firm's own code, as people read them."""

import numpy as np
import pandas as pd

from helpers.analyses.clusters.code_audit import Audit, code_word
from helpers.analyses.clusters.features import title, word
from helpers.analyses.clusters.naming import rule_in_words
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.scale import scale_name
from helpers.analyses.kinds import is_indicator
from helpers.core.wording import _, between, currency_sign, number, percent
from helpers.story import Table


def groups_table(result: Result) -> Table:
    """Return the groups as people read them, as in the published case: means and customers."""
    columns = {
        "name": (_("Group"), "text"),
        "customers": (_("Customers"), "number"),
        "share": (_("Share of customers"), "percent1"),
        **{f"mean_{name}": _mean_column(name) for name in dict.fromkeys((*result.features, "monetary"))},
        "revenue_share": (_("Share of revenue"), "percent"),
        "stability": (_("Stays the same"), "percent"),
    }
    if result.without_spend:
        columns = {key: column for key, column in columns.items() if key not in ("mean_monetary", "revenue_share")}
        return Table(result.profile, _("The groups; averages per customer, of a value the share that has it"), columns)
    return Table(result.profile, _("The groups, from the lowest to the highest spend; averages per customer"), columns)


def _mean_column(name: str) -> tuple[str, str]:
    header = _("{feature}, average").format(feature=title(name))
    if name in ("monetary", "monetary_per_order", "company_revenue"):
        return f"{header} ({currency_sign()})", "money"
    return (title(name), "percent") if is_indicator(name) else (header, "number1")


def rules_table(result: Result) -> Table:
    """Return per group the short rule that imitates it."""
    rules = result.rules.table
    names = dict(zip(result.groups["group"], result.groups["name"], strict=True))
    frame = pd.DataFrame(
        {
            "name": [names[group + 1] for group in rules["group"]],
            "rule": [rule_in_words(row, result.features) for _place, row in rules.iterrows()],
        }
    )
    caption = _("A short rule per group; together they put {share} of the customers in the right group")
    return Table(
        frame,
        caption.format(share=percent(result.rules.fidelity)),
        {"name": (_("Group"), "text"), "rule": (_("How to recognise it"), "text")},
    )


def evidence_table(result: Result) -> Table:
    """Return the table of evidence, the used number of groups marked."""
    frame = result.evidence.assign(
        spread=[
            between(number(low, 2), number(high, 2))
            for low, high in zip(result.evidence["agreement_low"], result.evidence["agreement_high"], strict=True)
        ]
    )
    columns = {
        "clusters": (_("Groups"), "number"),
        "agreement": (_("Same when drawn again (1 = always)"), "number2"),
        "spread": (_("Spread"), "text"),
        "weakest": (_("Least steady group"), "number2"),
        "smallest": (_("Smallest group"), "number"),
        "readability": (_("Caught by a short rule"), "percent"),
        "emptiness": (_("Empty space between groups (1 = empty)"), "number2"),
        "silhouette": (_("Simplified silhouette"), "number2"),
        "davies_bouldin": (_("Davies-Bouldin (low is good)"), "number2"),
    }
    used = int(np.flatnonzero(frame["clusters"] == result.quality["clusters"])[0])
    return Table(frame, _("What speaks for each number of groups"), columns, highlight=used)


def scales_table(result: Result) -> Table:
    """Return what each scale does, side by side, the recommended one marked."""
    frame = result.scales.assign(name=[scale_name(scale) for scale in result.scales["scale"]])
    columns = {"name": (_("Scale"), "text")}
    for feature in result.features:
        header = _("Decided by {feature}").format(feature=word(feature))
        columns[f"decides_{feature}"] = (header, "percent")
    columns |= {"sizes": (_("Group sizes"), "text"), "weakest": (_("Least steady group"), "number2")}
    recommended = int(np.flatnonzero(frame["recommended"])[0])
    return Table(frame, _("What the scale does to the groups"), columns, highlight=recommended)


def cross_table(audit: Audit) -> Table:
    """Return customers per group and code, as in the published case."""
    frame = audit.cross.reset_index()
    columns = {"group": (_("Group"), "text")}
    columns |= {code: (code_word(code), "number") for code in audit.cross.columns}
    return Table(frame, _("Customers per group and own code"), columns)


def disagreements_table(audit: Audit, first: int = 20) -> Table:
    """Return the first listed customers, the most revenue first; the export holds them all.

    Parameters
    ----------
    audit : the audit of the firm's own code.
    first : rows shown.
    """
    columns = {
        "customer_id": (_("Customer"), "id"),
        "code": (_("Code"), "text"),
        "group_name": (_("Group"), "text"),
        "revenue_at_stake": (_("Spent so far ({currency})").format(currency=currency_sign()), "money"),
        "sure": (_("Same group in"), "percent"),
        "reason": (_("Why it is on the list"), "note"),
    }
    caption = _("Customers whose code does not fit what they do, most revenue first")
    return Table(audit.disagreements.head(first), caption, columns)
