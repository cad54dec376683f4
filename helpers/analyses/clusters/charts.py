"""The customer groups in pictures."""

import numpy as np
import pandas as pd

from helpers import charts
from helpers.analyses.clusters.code_audit import Audit, code_word
from helpers.analyses.clusters.features import title, word
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.story import leading
from helpers.analyses.kinds import is_indicator
from helpers.core.wording import _, currency_sign, money_short, number, percent
from helpers.story import Picture

POINTS_AT_MOST = 3_000


def _unit(name: str) -> str:
    if name in ("monetary", "monetary_per_order", "company_revenue"):
        return _("{feature} ({currency})").format(feature=title(name), currency=currency_sign())
    return title(name)


def _points(result: Result) -> pd.DataFrame:
    """At most 3,000 customers: every small group whole, the large ones thinned by an even step."""
    table = result.table.sort_values(["group", "customer_id"])
    if len(table) <= POINTS_AT_MOST:
        return table
    each = POINTS_AT_MOST // table["group"].nunique()
    parts = []
    for _group, part in table.groupby("group"):
        # An even step, not a draw: the picture is the same in every run.
        rows = np.unique(np.linspace(0, len(part) - 1, min(each, len(part))).astype(int))
        parts.append(part.iloc[rows])
    return pd.concat(parts)


def _caption_with_count(caption: str, points: pd.DataFrame, result: Result) -> str:
    """Add to a caption how many of the customers the picture shows, where it is not all of them."""
    if len(points) == len(result.table):
        return caption
    text = _("{caption}; {shown} of {all} customers are drawn, of the large groups only a part")
    return text.format(caption=caption, shown=number(len(points)), all=number(len(result.table)))


def groups_3d(result: Result) -> Picture | None:
    """Draw the groups in three features, as in the published case; None with fewer than three."""
    names, points = [name for name in result.features if not is_indicator(name)][:3], _points(result)
    if len(names) < 3:
        return None
    return charts.scatter_3d(
        points[names],
        points["group_name"].tolist(),
        labels=[_unit(name) for name in names],
        caption=_caption_with_count(_("Customers as points, coloured by group (each axis in steps of ten times)"), points, result),
    )


def groups_flat(result: Result) -> Picture:
    """Draw the same groups flat: two features as axes, the third as the size of the point."""
    # A 0/1 feature makes no axis, unless there is nothing else.
    points, names = _points(result), [name for name in result.features if not is_indicator(name)] or list(result.features)
    if "monetary" in names:
        names.remove("monetary")
    across = names[-1] if names else "monetary"
    up = names[0] if result.without_spend else "monetary"
    sizes = points[names[0]].tolist() if len(names) > 1 else None
    caption = _("The same customers seen flat")
    if sizes is not None:
        caption = _("The same customers seen flat; the larger the point, the more {feature}").format(feature=word(names[0]))
    return charts.scatter(
        points[across].tolist(),
        points[up].tolist(),
        kinds=points["group_name"].tolist(),
        sizes=sizes,
        caption=_caption_with_count(caption, points, result),
        x_label=_unit(across),
        y_label=_unit(up),
        log_x=bool((points[across] >= 0).all()),
        log_y=bool((points[up] >= 0).all()),
    )


def profile_heatmap(result: Result) -> Picture:
    """Draw per group how many times the typical customer it is, feature by feature."""
    # Where more than half have 0 (contacts, often) there is no multiple of the median: the mean stands in.
    usual = result.table[list(result.features)].median()
    usual = usual.where((usual != 0) & ~usual.index.map(is_indicator), result.table[list(result.features)].mean())
    typical = {name: result.profile[f"mean_{name}" if is_indicator(name) else f"median_{name}"] for name in result.features}
    frame = pd.DataFrame({title(name): typical[name].to_numpy() / usual[name] for name in typical}, index=result.profile["name"])
    return charts.heatmap(
        frame,
        caption=_("Typical customer of each group, as a multiple of the typical customer of all"),
        formatter=lambda value: f"{number(value, 1)} ×",
    )


def revenue_bars(result: Result) -> Picture:
    """Draw the revenue of each group, or its customers where nobody ordered; the group that the headline speaks of is marked."""
    profile, best = result.profile, leading(result)
    if result.without_spend:
        return charts.bars(profile["name"].tolist(), profile["customers"].tolist(), caption=_("Customers of each group"))
    return charts.bars(
        profile["name"].tolist(),
        profile["revenue"].tolist(),
        formatter=money_short,
        highlight=None if best is None else best["name"],
        caption=_("Revenue of each group in the period"),
    )


def code_shares(audit: Audit) -> Picture:
    """Draw the firm's own codes as shares of each group, as in the published case."""
    frame = audit.shares.rename(columns=code_word)
    return charts.stacked_shares(frame, caption=_("The firm's own code within each group"))


def evidence_over_k(result: Result) -> Picture:
    """Draw how steady the least steady group is, for each number of groups; the used one marked."""
    evidence = result.evidence
    used = int(np.flatnonzero(evidence["clusters"] == result.quality["clusters"])[0])
    return charts.columns(
        [number(clusters) for clusters in evidence["clusters"]],
        evidence["weakest"].tolist(),
        formatter=percent,
        highlight=used,
        caption=_("How much of the least steady group stays when customers are drawn again, for each number of groups"),
    )
