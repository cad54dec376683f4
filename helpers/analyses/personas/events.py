"""From raw web events to page views: noise, robots and outcomes taken apart and counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.personas.settings import Settings
from helpers.tables import web

SUSPECT_VISITORS = 10
SUSPECT_SHARE = 0.95
USUAL_SHARE = 0.5  # above this share of converting visitors most pages are seen by those who converted
MOST_SUSPECTS = 5


@dataclass(frozen=True)
class Prepared:
    """Web events, taken apart.

    Parameters
    ----------
    views : page views of people, sorted, with ``visit`` and ``step``; the only source of features.
    per_visitor : one row per person, see ``web.visitors``; page views counted as ``events``.
    converted : ids of visitors with an outcome; None where no outcome is known at all.
    counts : events, noise, robots, robot_events, outcome_events, views, visits, visitors and
        unmatched_outcomes.
    """

    views: pd.DataFrame
    per_visitor: pd.DataFrame
    converted: frozenset[str] | None
    counts: dict[str, int]


def prepare(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Prepared:
    """Return page views, people and conversions of the web events.

    An event that is an outcome (by its type, by its path, or because the table of outcomes calls
    its outcomes so) never becomes a page view: it would let the result explain itself.
    """
    events = tables["web_events"]  # in their clean form since they were read
    if "page_path" not in events:
        events = events.assign(page_path=pd.Series(pd.NA, index=events.index, dtype="str"))
    meant = web.only_meant(events, settings.noise_events)
    robots = web.is_robot(meant, settings.robot_words, pages=settings.robot_pages, seconds_per_page=settings.robot_seconds_per_page)
    people = meant[~meant["visitor_id"].isin(robots.index[robots])]
    outcome = is_outcome(people, tables.get("outcomes"), settings)
    # Left out before anything is counted: a page that only who converted sees would explain the conversion by itself.
    views = people[~outcome & _is_page(people, settings)]
    views = web.add_visits(views, settings.visit_gap_minutes)
    per_visit = web.visits(views)
    per_visitor = web.visitors(per_visit)
    converted, unmatched = _converted(people, outcome, tables.get("outcomes"), per_visitor)
    counts = {
        "events": len(events),
        "noise": len(events) - len(meant),
        "robots": int(robots.sum()),
        "robot_events": len(meant) - len(people),
        "outcome_events": int(outcome.sum()),
        "views": len(views),
        "visits": len(per_visit),
        "visitors": len(per_visitor),
        "unmatched_outcomes": unmatched,
    }
    return Prepared(views, per_visitor, converted, counts)


def is_outcome(events: pd.DataFrame, outcomes: pd.DataFrame | None, settings: Settings) -> np.ndarray:
    """Return which events are conversions, by type or by path."""
    names = set(settings.outcome_events)
    if outcomes is not None and "outcome" in outcomes:
        names |= set(outcomes["outcome"].dropna().unique())
    flags = np.zeros(len(events), dtype=bool)
    if "event_type" in events and names:
        lowered = {str(name).lower() for name in names}
        codes, distinct = pd.factorize(events["event_type"])
        flags |= np.array([str(event_type).lower() in lowered for event_type in distinct] + [False])[codes]
    if settings.outcome_paths:
        codes, distinct = pd.factorize(events["page_path"])
        flags |= np.array([str(path).startswith(settings.outcome_paths) for path in distinct] + [False])[codes]
    return flags


def _is_page(events: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Return which events are looks at a page: the declared types, else page views, else all that name a page."""
    names_page = events["page_path"].notna().to_numpy()
    if "event_type" not in events:
        return names_page
    codes, types = pd.factorize(events["event_type"])
    wanted = settings.page_events or tuple(name for name in types if re.sub(r"[\s_-]", "", str(name)).lower() == "pageview")
    if not wanted:
        return names_page
    # The last entry stands for an event without a type, whose code is -1.
    return names_page & np.array([name in wanted for name in types] + [False])[codes]


def _converted(
    people: pd.DataFrame, outcome: np.ndarray, outcomes: pd.DataFrame | None, per_visitor: pd.DataFrame
) -> tuple[frozenset[str] | None, int]:
    """Return who converted, and how many rows of outcomes match no visitor."""
    converted = set(people.loc[outcome, "visitor_id"])
    if outcomes is None:
        return (frozenset(converted) if outcome.any() else None), 0
    customers = outcomes["customer_id"].dropna()
    visitors = set(per_visitor["visitor_id"])
    matched = customers.isin(visitors)
    converted |= set(customers[matched])
    if "customer_id" in people:
        # Who is known under a visitor's id and a customer's id may convert under either.
        pairs = people[["visitor_id", "customer_id"]].dropna().drop_duplicates()
        converted |= set(pairs.loc[pairs["customer_id"].isin(customers), "visitor_id"])
        matched |= customers.isin(pairs["customer_id"])
    return frozenset(converted & visitors), int((~matched).sum())


def suspect_pages(prepared: Prepared) -> list[str]:
    """Return pages seen almost only by those who converted: they may be part of converting (at most five).

    Our limits: 10 visitors, of whom 95 % converted; where more than half of all visitors convert, nothing is suspect.
    """
    if not prepared.converted or len(prepared.converted) > USUAL_SHARE * len(prepared.per_visitor):
        return []
    pairs = prepared.views[["page_path", "visitor_id"]].drop_duplicates()
    pairs = pairs.assign(converted=pairs["visitor_id"].isin(prepared.converted))
    by_page = pairs.groupby("page_path")["converted"].agg(["size", "mean"])
    suspect = by_page[(by_page["size"] >= SUSPECT_VISITORS) & (by_page["mean"] >= SUSPECT_SHARE)]
    return sorted(suspect.index)[:MOST_SUSPECTS]
