"""What each segment is like: size, times, devices, entry pages, conversion, words, persona."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.personas.events import Prepared
from helpers.analyses.personas.features import DAYPARTS, daypart
from helpers.core.wording import _

NAME_WORDS = 3  # words that stand for a segment without a persona


def visitor_table(ready: Prepared, visitors: np.ndarray, segment: np.ndarray, margin: np.ndarray) -> pd.DataFrame:
    """Return one row per visitor, sorted; segment 0 for those who were seen too little."""
    table = ready.per_visitor.rename(columns={"visitor_id": "customer_id", "events": "page_views"})
    found = pd.DataFrame({"segment": segment, "margin": margin}, index=pd.Index(visitors, dtype="str"))
    found = found.reindex(table["customer_id"])
    table.insert(1, "segment", found["segment"].fillna(0).astype(int).to_numpy())
    table.insert(2, "margin", found["margin"].fillna(0.0).to_numpy())
    table["converted"] = table["customer_id"].isin(ready.converted or frozenset())
    return table.reset_index(drop=True)


def per_segment(people: pd.DataFrame, rates: pd.DataFrame, marks: pd.DataFrame, matches: pd.DataFrame, steady) -> pd.DataFrame:
    """Return one row per segment.

    Returns
    -------
    Frame with segment, name (persona, or its words), persona ("" without a match), match_score,
    visitors, share, visits, page_views, minutes (means per visitor), device and entry_page (most
    frequent), words (the ten strongest), stability (Jaccard), words_kept, and conversion columns.
    """
    known = people[people["segment"] > 0]
    by = known.groupby("segment")
    profile = pd.DataFrame(
        {
            "visitors": by.size(),
            "share": by.size() / len(known),
            "visits": by["visits"].mean(),
            "page_views": by["page_views"].mean(),
            "minutes": by["minutes"].mean(),
        }
    )
    for name in ("device", "entry_page"):
        profile[name] = by[name].agg(_most) if name in known else ""
    top = marks[marks["rank"] <= 10].groupby("segment")["word"].agg(", ".join)
    profile["words"] = top.reindex(profile.index).fillna("")
    profile["stability"], profile["words_kept"] = steady.jaccard, steady.words
    profile = profile.join(rates).reset_index()
    matched = matches[matches["matched"]].set_index("segment")
    best = matches.groupby("segment")["score"].max() if len(matches) else pd.Series(dtype=float)
    named = dict(zip(matched.index, matched["persona"], strict=True))
    profile.insert(1, "persona", pd.array([named.get(one, "") for one in profile["segment"]], dtype="str"))
    profile.insert(2, "match_score", profile["segment"].map(best).astype("float64"))
    profile.insert(1, "name", _names(profile, marks))
    return profile


def _names(profile: pd.DataFrame, marks: pd.DataFrame) -> list[str]:
    """Return the persona, or the strongest words; a name that comes back gets its number."""
    first = marks[marks["rank"] <= NAME_WORDS].groupby("segment")["word"].agg(", ".join)
    plain = _("Segment {n}")
    names: list[str] = []
    for row in profile.itertuples():
        name = row.persona or first.get(row.segment, "") or plain.format(n=row.segment)
        names.append(name if name not in names else f"{name} ({row.segment})")
    return names


def _most(values: pd.Series) -> str:
    counts = values.dropna().value_counts()
    return "" if counts.empty else str(min(counts.index[counts == counts.iloc[0]]))


def entry_pages(people: pd.DataFrame, most: int = 5) -> pd.DataFrame:
    """Return the pages where first visits begin: segment, page, visitors, share; the five most frequent."""
    known = people[people["segment"] > 0]
    counts = known.groupby(["segment", "entry_page"]).size().rename("visitors").reset_index()
    counts["share"] = counts["visitors"] / counts["segment"].map(known["segment"].value_counts())
    counts = counts.sort_values(["segment", "visitors", "entry_page"], ascending=[True, False, True])
    return counts.groupby("segment").head(most).rename(columns={"entry_page": "page"}).reset_index(drop=True)


def shares(views: pd.DataFrame, people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return segment × part of the week (by page views) and segment × device (by visitors), as shares."""
    segment = views["visitor_id"].map(people.set_index("customer_id")["segment"]).to_numpy()
    order = [f"{day} {part}" for day in ("weekday", "weekend") for part in DAYPARTS]
    times = pd.crosstab(segment, daypart(views["event_time"]).to_numpy(), normalize="index")
    times = times.reindex(columns=order, fill_value=0.0)
    devices = pd.DataFrame(index=sorted(set(people["segment"])))
    if "device" in people:
        devices = pd.crosstab(people["segment"], people["device"].fillna(_("unknown")), normalize="index")
    return tuple(one[one.index > 0].rename_axis("segment").rename_axis(None, axis=1) for one in (times, devices))
