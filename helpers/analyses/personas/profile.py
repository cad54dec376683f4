"""What each segment is like: size, times, devices, entry pages, conversion, words, persona."""

import numpy as np
import pandas as pd

from helpers.analyses.personas.events import Prepared
from helpers.analyses.personas.features import DAYPARTS, daypart
from helpers.analyses.personas.stability import Stability
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.intervals import difference_and_interval, share_and_interval
from helpers.statistics.nulls import against_chance

DEALS = 999
NAME_WORDS = 3  # words that stand for a segment without a persona
PROFILE_WORDS = 10


def visitor_table(prepared: Prepared, visitors: np.ndarray, segment: np.ndarray, margin: np.ndarray) -> pd.DataFrame:
    """Return one row per visitor, sorted; segment 0 for those who were seen too little.

    Parameters
    ----------
    prepared : the web events, taken apart.
    visitors : ids of the visitors with a segment.
    segment, margin : of the same visitors: number from 1, and lead over the second segment (0 to 1).
    """
    table = prepared.per_visitor.rename(columns={"visitor_id": "customer_id", "events": "page_views"})
    assigned = pd.DataFrame({"segment": segment, "margin": margin}, index=pd.Index(visitors, dtype="str"))
    assigned = assigned.reindex(table["customer_id"])
    table.insert(1, "segment", assigned["segment"].fillna(0).astype(int).to_numpy())
    table.insert(2, "margin", assigned["margin"].fillna(0.0).to_numpy())
    table["converted"] = table["customer_id"].isin(prepared.converted or frozenset())
    return table.reset_index(drop=True)


def with_names(visitors: pd.DataFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """Return the visitors with ``segment_name`` and ``persona`` of their segment."""
    by_segment = profile.set_index("segment")
    visitors = visitors.copy()
    visitors.insert(2, "segment_name", visitors["segment"].map(by_segment["name"]).fillna(_("Too little seen")))
    visitors.insert(3, "persona", visitors["segment"].map(by_segment["persona"]).fillna(""))
    return visitors


def conversion(segment: pd.Series, converted: pd.Series | None) -> pd.DataFrame:
    """Return conversion of every segment and its difference with all others.

    Parameters
    ----------
    segment : segment number per visitor, from 1; 0 (too little seen) counts with no segment.
    converted : True for visitors with an outcome; None where outcomes are not known.

    Returns
    -------
    Frame, index segment, with converted, conversion, low, high, difference, difference_low and
    difference_high.

    Notes
    -----
    Shares get Wilson's interval (1927), differences Newcombe's hybrid of two Wilson intervals (1998,
    method 10): both keep their 95 % where few convert (measured in facts/methods-and-statistics).
    """
    columns = ["converted", "conversion", "low", "high", "difference", "difference_low", "difference_high"]
    index = pd.Index(sorted(set(segment[segment > 0])), name="segment")
    if converted is None:
        return pd.DataFrame(np.nan, index=index, columns=columns)
    rows = []
    for number in index:
        inside, outside = converted[segment == number], converted[(segment > 0) & (segment != number)]
        hits, outside_hits = int(inside.sum()), int(outside.sum())
        share = share_and_interval(hits, len(inside))
        difference = difference_and_interval(hits, len(inside), outside_hits, len(outside))
        rows.append((hits, *share, *difference))
    return pd.DataFrame(rows, index=index, columns=columns)


def best_converting(rates: pd.DataFrame, segment: pd.Series, seed: int) -> tuple[int, Chance] | None:
    """Return the segment whose conversion is furthest above the site's, and its distance beside what chance alone would give.

    Parameters
    ----------
    rates : from ``conversion``.
    segment : of every visitor, 0 = none.
    seed : of the round.

    Returns
    -------
    The segment and its distance in standard errors, against the largest of all segments when the conversions are dealt to the
    visitors again; None where nobody or everybody converted, or outcomes are unknown.
    """
    converted = rates["converted"].to_numpy(dtype=float)
    sizes = segment[segment > 0].value_counts().reindex(rates.index, fill_value=0).to_numpy()
    if np.isnan(converted).any() or not 0 < converted.sum() < sizes.sum() or len(rates) < 2:
        return None
    rate = converted.sum() / sizes.sum()
    error = np.sqrt(sizes * rate * (1 - rate) * (1 - sizes / sizes.sum()))
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(sizes, int(converted.sum()), size=DEALS)
    distance, distances = ((counts - sizes * rate) / error for counts in (converted, dealt))
    how = _("The conversions were dealt to all visitors again.")
    return int(rates.index[distance.argmax()]), against_chance(float(distance.max()), distances.max(axis=1), how=how)


def per_segment(
    visitors: pd.DataFrame, rates: pd.DataFrame, words: pd.DataFrame, matches: pd.DataFrame, stability: Stability
) -> pd.DataFrame:
    """Return one row per segment.

    Parameters
    ----------
    visitors : from ``visitor_table``.
    rates : from ``conversion``.
    words : from ``log_odds.words_table``.
    matches : from ``matching.scores``.
    stability : of the segments, in order.

    Returns
    -------
    Frame with segment, name (persona, or its words), persona ("" without a match), visitors, share, visits,
    page_views, minutes (means per visitor), device and entry_page (most frequent), words (the ten strongest),
    stability (Jaccard), words_kept, and conversion columns.
    """
    assigned = visitors[visitors["segment"] > 0]
    by_segment = assigned.groupby("segment")
    profile = pd.DataFrame(
        {
            "visitors": by_segment.size(),
            "share": by_segment.size() / len(assigned),
            "visits": by_segment["visits"].mean(),
            "page_views": by_segment["page_views"].mean(),
            "minutes": by_segment["minutes"].mean(),
        }
    )
    for name in ("device", "entry_page"):
        profile[name] = by_segment[name].agg(_most_frequent) if name in assigned else ""
    profile["words"] = _first_words(words, PROFILE_WORDS).reindex(profile.index).fillna("")
    profile["stability"], profile["words_kept"] = stability.jaccard, stability.words
    profile = profile.join(rates).reset_index()
    matched = matches[matches["matched"]]
    persona_of = dict(zip(matched["segment"], matched["persona"], strict=True))
    profile.insert(1, "persona", pd.array([persona_of.get(segment, "") for segment in profile["segment"]], dtype="str"))
    profile.insert(1, "name", _names(profile, words))
    return profile


def _first_words(words: pd.DataFrame, most: int) -> pd.Series:
    return words[words["rank"] <= most].groupby("segment")["word"].agg(", ".join)


def _names(profile: pd.DataFrame, words: pd.DataFrame) -> list[str]:
    """Return the persona, or the strongest words; a name that comes back gets its number."""
    strongest = _first_words(words, NAME_WORDS)
    numbered = _("Segment {n}")
    names: list[str] = []
    for row in profile.itertuples():
        name = row.persona or strongest.get(row.segment, "") or numbered.format(n=row.segment)
        names.append(name if name not in names else f"{name} ({row.segment})")
    return names


def _most_frequent(values: pd.Series) -> str:
    counts = values.dropna().value_counts()
    return "" if counts.empty else str(min(counts.index[counts == counts.iloc[0]]))


def shares(views: pd.DataFrame, visitors: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return segment × part of the week (by page views) and segment × device (by visitors), as shares."""
    segment = views["visitor_id"].map(visitors.set_index("customer_id")["segment"]).to_numpy()
    order = [f"{day} {part}" for day in ("weekday", "weekend") for part in DAYPARTS]
    times = pd.crosstab(segment, daypart(views["event_time"]).to_numpy(), normalize="index")
    times = times.reindex(columns=order, fill_value=0.0)
    devices = pd.DataFrame(index=sorted(set(visitors["segment"])))
    if "device" in visitors:
        devices = pd.crosstab(visitors["segment"], visitors["device"].fillna(_("unknown")), normalize="index")
    return _segments_only(times), _segments_only(devices)


def _segments_only(shares_table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of segments, without those who were seen too little (0)."""
    return shares_table[shares_table.index > 0].rename_axis("segment").rename_axis(None, axis=1)
