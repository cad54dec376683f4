"""Groups in words: a small tree that imitates them, and names from what marks them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from helpers.analyses.clusters.features import amount, first_up, word
from helpers.analyses.kinds import is_indicator
from helpers.core.wording import _, listing, number, percent

DEPTH = 3
# A feature marks a group when its typical value is this many times (or one over) everyone's.
MARKS = 1.5


@dataclass(frozen=True)
class Rules:
    """A small tree that imitates the groups.

    Parameters
    ----------
    fidelity : share of customers (0 to 1) that the tree puts in their group.
    table : per group: group (0, 1, …), low_<i> and high_<i> bounds per feature of its main leaf,
        caught (share of the group in that leaf), pure (share of that leaf in the group).
    """

    fidelity: float
    table: pd.DataFrame


def surrogate_tree(features: np.ndarray, labels: np.ndarray) -> Rules:
    """Imitate the groups with a decision tree of depth 3 (CART, Breiman et al. 1984).

    A global surrogate with its fidelity, as in Craven & Shavlik (1996). Depth 3 is our convention:
    at most three conditions, so that a person can say the rule aloud.
    """
    tree = DecisionTreeClassifier(max_depth=DEPTH, random_state=0).fit(features, labels)
    leaves = tree.apply(features)
    rows = []
    for group in np.unique(labels):
        # A group may lie in several leaves; people remember one rule, so the leaf with most of the group speaks for it.
        own_leaves, counts = np.unique(leaves[labels == group], return_counts=True)
        leaf = own_leaves[counts.argmax()]
        low, high = _bounds(tree, leaf)
        rows.append(
            {
                "group": int(group),
                "caught": counts.max() / counts.sum(),
                "pure": (labels[leaves == leaf] == group).mean(),
                **{f"low_{place}": value for place, value in enumerate(low)},
                **{f"high_{place}": value for place, value in enumerate(high)},
            }
        )
    return Rules(float((tree.predict(features) == labels).mean()), pd.DataFrame(rows))


def _bounds(tree: DecisionTreeClassifier, leaf: int) -> tuple[np.ndarray, np.ndarray]:
    """Walk from a leaf to the root and keep the tightest bounds per feature."""
    nodes = tree.tree_
    low = np.full(nodes.n_features, -np.inf)
    high = np.full(nodes.n_features, np.inf)
    node = leaf
    while node != 0:  # 0 is the root
        parent = int(np.flatnonzero((nodes.children_left == node) | (nodes.children_right == node))[0])
        feature, cut = nodes.feature[parent], nodes.threshold[parent]
        if nodes.children_left[parent] == node:
            high[feature] = min(high[feature], cut)
        else:
            low[feature] = max(low[feature], cut)
        node = parent
    return low, high


def rule_in_words(row: pd.Series, names: tuple[str, ...]) -> str:
    """Return the main leaf of a group as one sentence, with how far it holds."""
    parts = [_condition(name, row[f"low_{place}"], row[f"high_{place}"]) for place, name in enumerate(names)]
    parts = [part for part in parts if part]
    if not parts:
        return _("No short rule tells this group from the others.")
    text = _("{conditions}: this holds for {caught} of the group, and {pure} of the customers like this are in it.")
    return text.format(conditions=first_up(listing(parts)), caught=percent(row["caught"]), pure=percent(row["pure"]))


def _condition(name: str, low: float, high: float) -> str:
    """One side or both sides of a feature; whole numbers are said as whole numbers, 0/1 features as the value or not."""
    if is_indicator(name):
        return word(name) if np.isfinite(low) else _("not {feature}").format(feature=word(name)) if np.isfinite(high) else ""
    if name in ("contacts", "frequency"):
        low, high = np.ceil(low), np.floor(high)
    if np.isfinite(low) and np.isfinite(high):
        text = _("{feature} from {low} to {high}")
    elif np.isfinite(low):
        text = _("{feature} from {low} on")
    elif np.isfinite(high):
        text = _("{feature} up to {high}")
    else:
        return ""
    return text.format(feature=word(name), low=amount(name, low), high=amount(name, high))


def names_for(profile: pd.DataFrame, features: tuple[str, ...], declared: tuple[str, ...]) -> list[str]:
    """Name the groups, ordered from the lowest to the highest spend (our convention).

    Parameters
    ----------
    profile : one row per group in order, with mean_monetary and median_<feature>.
    features : features that the groups are made of.
    declared : the client's own names; used when there is one for every group.
    """
    if len(declared) == len(profile):
        return list(declared)
    sizes = _size_words(len(profile))
    names = []
    for place in range(len(profile)):
        mark = _mark_in_words(profile, place, [name for name in features if name != "monetary"])
        text = _("{size}, {mark}") if mark else "{size}"
        names.append(text.format(size=sizes[place], mark=mark))
    return names


def _size_words(count: int) -> list[str]:
    small, middle, large = _("Small buyers"), _("Mid-size buyers"), _("Large buyers")
    known = {
        1: [_("All buyers")],
        2: [small, large],
        3: [small, middle, large],
        4: [small, middle, large, _("Largest buyers")],
        5: [_("Smallest buyers"), small, middle, large, _("Largest buyers")],
    }
    numbered = [_("Spend level {n} of {all}").format(n=number(place + 1), all=number(count)) for place in range(count)]
    return known.get(count, numbered)


def _mark_in_words(profile: pd.DataFrame, place: int, features: list[str]) -> str:
    """What sets this group apart from the next smaller one more than spend does."""
    if len(profile) < 2 or not features:
        return ""
    # The lowest group has no smaller one and is held against the next.
    neighbour = place - 1 if place else 1
    strength = {name: _log_ratio(profile, f"median_{name}", place, neighbour) for name in features}
    strongest = max(strength, key=lambda name: abs(strength[name]))
    spend = abs(_log_ratio(profile, "median_monetary", place, neighbour))
    # Spend orders the groups and is in the name already; only what differs more than that is worth a word.
    if abs(strength[strongest]) <= max(spend, np.log(MARKS)):
        return ""
    return _high_or_low(strongest, strength[strongest] > 0)


def _log_ratio(profile: pd.DataFrame, column: str, place: int, neighbour: int) -> float:
    here, there = profile[column].iloc[place], profile[column].iloc[neighbour]
    return float(np.sign(here) * np.log1p(abs(here)) - np.sign(there) * np.log1p(abs(there)))


def _high_or_low(name: str, high: bool) -> str:
    known = {
        "contacts": (_("much contact"), _("little contact")),
        "frequency": (_("many orders"), _("few orders")),
        "frequency_per_month": (_("order often"), _("order seldom")),
        "monetary_per_order": (_("large orders"), _("small orders")),
        "recency_days": (_("long not seen"), _("recently active")),
        "tenure_days": (_("known for long"), _("new")),
    }
    any_feature = (_("high {feature}"), _("low {feature}"))
    return known.get(name, any_feature)[0 if high else 1].format(feature=word(name))


def _mark(name: str, here: float, usual: float) -> str:
    if is_indicator(name):
        return (_("mostly {feature}") if here > usual else _("mostly not {feature}")).format(feature=word(name))
    return _("{feature} {here} against {usual}").format(feature=word(name), here=amount(name, here), usual=amount(name, usual))


def names_without_spend(profile: pd.DataFrame, everyone: pd.DataFrame, declared: tuple[str, ...]) -> list[str]:
    """Name groups of customers without orders by the feature whose mean lies furthest from that of all, in spreads of all (our convention).

    Parameters
    ----------
    profile : one row per group in order, with mean_<feature>; everyone : the features, a row per customer; declared : as in ``names_for``.
    """
    if len(declared) == len(profile):
        return list(declared)
    names = []
    for place in range(len(profile)):
        far = {str(name): (profile[f"mean_{name}"].iloc[place] - everyone[name].mean()) / everyone[name].std() for name in everyone}
        strongest = max(far, key=lambda name: abs(far[name]))
        mark = word(strongest) if is_indicator(strongest) else _high_or_low(strongest, far[strongest] > 0)
        if is_indicator(strongest) and far[strongest] < 0:
            mark = _("not {feature}").format(feature=mark)
        names.append(_("Group {n}, {mark}").format(n=number(place + 1), mark=mark))
    return names


def marks_in_words(row: pd.Series, everyone: pd.Series, features: tuple[str, ...]) -> str:
    """Say what marks a group against the typical customer, as one sentence.

    Parameters
    ----------
    row : the group's row of the profile, with median_<feature>.
    everyone : medians of all grouped customers, by feature.
    """
    differences = {}
    for name in features:
        here, usual = row[f"median_{name}"], everyone[name]
        low, high = sorted((abs(here), abs(usual)))
        if high >= MARKS * low and high != low:
            differences[name] = abs(np.log1p(abs(here)) - np.log1p(abs(usual)))
    if not differences:
        return _("Close to the typical customer in everything.")
    marks = [_mark(name, row[f"median_{name}"], everyone[name]) for name in sorted(differences, key=lambda name: -differences[name])]
    return _("Set apart from the typical customer by {marks}.").format(marks=listing(marks))
