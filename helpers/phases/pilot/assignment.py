"""Who is treated and who is left out: a stratified random draw that is written once and never moves anyone.

How it is drawn (our convention, after permuted blocks: Zelen 1974; hashing as in Kohavi, Tang and Xu 2020): within a
stratum people are put in the order of a keyed hash of their id, which is a random order that depends on the seed and
the pilot and on nothing else; the places of the holdout group are spread evenly over that order, from a random start.
So each stratum has its share to within one person, whatever the order of the rows. What was written stays. People who
come later are put in the order of their own hash and continue where their stratum stopped: nobody moves, and the
balance holds.
"""

import hashlib
import hmac
import re
from datetime import date

import numpy as np
import pandas as pd

HOLDOUT = "holdout_group"
COLUMNS = ("pilot_id", "customer_id", "treatment", "stratum", "assigned_on")


def pilot_id(name: str, as_of: date) -> str:
    """Return the id of a pilot: its name in plain letters and the round's date, such as
    "win-back-2026-06-30"."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{plain or 'pilot'}-{as_of.isoformat()}"


def stratum_cuts(people: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, list[float]]:
    """Return the borders that cut each number into three equal parts; frozen in the plan for who comes later."""
    cuts = {}
    for name in columns:
        if name in people and name != "group" and pd.api.types.is_numeric_dtype(people[name]):
            values = people[name].dropna()
            cuts[name] = sorted({float(cut) for cut in values.quantile([1 / 3, 2 / 3])}) if len(values) else []
    return cuts


def strata(people: pd.DataFrame, columns: tuple[str, ...], cuts: dict[str, list[float]]) -> pd.Series:
    """Return the stratum of each person as text, such as "group=2 monetary=3"; columns not there are left
    out."""
    parts = pd.Series("", index=people.index)
    for name in columns:
        if name not in people:
            continue
        label = people[name].map(_label)
        if name in cuts:
            third = np.searchsorted(cuts[name], people[name].fillna(-np.inf).to_numpy(float), side="right") + 1
            label = pd.Series(third, index=people.index).astype(str).where(people[name].notna(), "none")
        parts += f"{name}=" + label.astype(str) + " "
    return parts.str.strip().replace("", "all")


def assign(
    people: pd.DataFrame,
    pilot: str,
    *,
    seed: int,
    holdout_share: float,
    variants: tuple[str, ...] = ("treated",),
    assigned_on: date,
    earlier: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Draw who is treated and who is left out.

    Parameters
    ----------
    people : ``customer_id`` (each once) and ``stratum``; in any order.
    pilot : id of the pilot.
    seed : seed of the round in which the pilot was first written.
    holdout_share : share left out, between 0 and 1.
    variants : names of what is tried, of equal size.
    assigned_on : day of this draw.
    earlier : the assignment as written before; its people keep their place, also who is no longer in
        ``people``.

    Returns
    -------
    The earlier rows as they were, then the new ones sorted by customer_id, with the columns ``COLUMNS``.

    """
    if people["customer_id"].duplicated().any():
        raise ValueError("each customer must be there once: the draw is per person")
    earlier = None if earlier is None or earlier.empty else earlier
    newcomers = people if earlier is None else people[~people["customer_id"].isin(earlier["customer_id"])]
    key = f"{seed}|{pilot}".encode()
    drawn = newcomers[["customer_id", "stratum"]].copy()
    drawn["hash"] = [_hash(key, "person", customer) for customer in drawn["customer_id"]]
    # The id settles a tie of two hashes: nothing may depend on the order of the rows.
    drawn = drawn.sort_values(["stratum", "hash", "customer_id"])
    parts = [_draw(part, str(stratum), key, holdout_share, variants, earlier) for stratum, part in drawn.groupby("stratum")]
    # Without newcomers there is nothing to join; the columns must be there all the same.
    new = pd.concat(parts) if parts else drawn.assign(treatment=pd.Series(dtype="str"))
    new = new.assign(pilot_id=pilot, assigned_on=pd.Timestamp(assigned_on)).sort_values("customer_id")
    new = new[list(COLUMNS)].reset_index(drop=True)
    return new if earlier is None else pd.concat([earlier[list(COLUMNS)], new], ignore_index=True)


def _draw(
    part: pd.DataFrame, stratum: str, key: bytes, share: float, variants: tuple[str, ...], earlier: pd.DataFrame | None
) -> pd.DataFrame:
    """Give the people of one stratum, in their hash order, the next places of that stratum."""
    drawn_before = pd.Series(dtype="str") if earlier is None else earlier.loc[earlier["stratum"] == stratum, "treatment"]
    treated_before = int((drawn_before != HOLDOUT).sum())
    # A random start and a random first variant: else every small stratum would begin alike.
    start, turn = (_hash(key, kind, stratum) / 2**64 for kind in ("start", "turn"))
    places = len(drawn_before) + np.arange(len(part) + 1)
    # The count of holdout places up to each place; a step in it is a holdout place.
    left_out = np.diff(np.floor(places * share + start)) > 0
    rank = treated_before + np.cumsum(~left_out) - 1 + int(turn * len(variants))
    names = np.asarray(variants, dtype=object)[rank % len(variants)]
    return part.assign(treatment=pd.Series(np.where(left_out, HOLDOUT, names), index=part.index, dtype="str"))


def balance_of_draw(assignment: pd.DataFrame, holdout_share: float) -> pd.DataFrame:
    """Return, per stratum, how many are treated and left out, and how far the holdout group is from its
    share.

    Returns
    -------
    One row per stratum: stratum, people, holdout_group, wanted, off (people too many or too few).
    """
    left_out = assignment["treatment"].eq(HOLDOUT)
    table = left_out.groupby(assignment["stratum"]).agg(people="size", holdout_group="sum").reset_index()
    table["wanted"] = table["people"] * holdout_share
    table["off"] = table["holdout_group"] - table["wanted"]
    return table


def serving_table(assignment: pd.DataFrame) -> pd.DataFrame:
    """Return what a site or mailing tool looks up: pilot_id, customer_id, treatment, sorted by customer."""
    return assignment[["pilot_id", "customer_id", "treatment"]].sort_values("customer_id").reset_index(drop=True)


def _hash(key: bytes, kind: str, value: object) -> int:
    # Keyed, so that nobody without the seed can foretell who will be left out.
    digest = hmac.new(key, f"{kind}|{value}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def _label(value: object) -> str:
    missing = value is None or value is pd.NA or value != value
    return "none" if missing else str(value).removesuffix(".0")
