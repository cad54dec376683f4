"""Audit of the firm's own customer code: where it fits what customers do, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.clusters.agreement import Agreement, agreement
from helpers.analyses.clusters.room import Result
from helpers.analyses.clusters.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext, Verdict
from helpers.core.wording import _, money, number, percent, plural

NO_CODE = ""
FEWEST = 30


@dataclass(frozen=True)
class Audit:
    """What the audit of the firm's own code found.

    Parameters
    ----------
    cross : customers per group (rows, by name) and code (columns, best first; "" = no code).
    shares : the same as shares of each group.
    agreement : corrected for chance, over the customers with a code.
    direction : rank correlation (-1 to 1) of code and group; below 0 the code runs backwards.
    disagreements : customers whose code and group are far apart and whose group is sure:
        customer_id, code, group, group_name, sure, kind ("underrated" or "overrated"), monetary,
        revenue_at_stake, reason, decision (empty), new_code (empty).
    set_aside : customers that disagree too, but whose group is not sure enough to be listed.
    codes : the codes, best first.
    customers : customers with a code that took part.
    notes : sentences about what was left out.
    """

    cross: pd.DataFrame
    shares: pd.DataFrame
    agreement: Agreement
    direction: float
    disagreements: pd.DataFrame
    set_aside: int
    codes: tuple[str, ...]
    customers: int
    notes: tuple[str, ...]

    def at_stake(self, kind: str) -> float:
        """Revenue at stake over the listed customers of one kind."""
        listed = self.disagreements
        return float(listed.loc[listed["kind"] == kind, "revenue_at_stake"].sum())

    def count(self, kind: str) -> int:
        """Listed customers of one kind."""
        return int((self.disagreements["kind"] == kind).sum())


def audit(result: Result, customer_table: pd.DataFrame, settings: Settings, context: RunContext) -> Audit | Refusal:
    """Compare the firm's own code with the groups.

    Code and group each place a customer on a ladder from the lowest (0) to the highest (1): the
    share of customers on lower steps plus half of its own step (ridit, Bross 1958). They disagree
    when the two places are more than ``disagreement_level`` apart, and only customers whose group
    is the same in ``certain_share`` of the resamples are listed; both limits are our convention.

    Parameters
    ----------
    result : the customer groups.
    customer_table : holds the code in the column ``own_code``; not changed.
    settings : own_code, code_order, disagreement_level, certain_share.
    context : its seed decides the permutations.
    """
    if settings.own_code not in customer_table:
        return _refused(_("There is no code of your own in the data to compare the groups with."), 0, 0)
    coded = _coded(result, customer_table, settings)
    codes, notes = _order(coded["code"], settings)
    part = coded[coded["code"].isin(codes)]
    if len(part) < FEWEST or len(codes) < 2 or part["group"].nunique() < 2:
        return _refused(
            _("Too few customers carry a code of your own to compare it with the groups."),
            len(part),
            len(codes),
        )
    cross = _cross(coded, [*codes, NO_CODE])
    counts = _cross(part, list(codes)).to_numpy()
    found = agreement(counts[counts.sum(axis=1) > 0], context.seed)
    levels = _levels(part, codes)
    apart = levels["group_level"] - levels["code_level"]
    far = part.assign(apart=apart)[apart.abs() > settings.disagreement_level]
    sure = far["sure"] >= settings.certain_share
    listed = _listed(part, far[sure])
    shares = cross.div(cross.sum(axis=1), axis=0)
    direction = float(levels.corr().iloc[0, 1])
    return Audit(cross, shares, found, direction, listed, int((~sure).sum()), codes, len(part), notes)


def _refused(reason: str, customers: int, codes: int) -> Refusal:
    gate = Gate(
        Verdict("not_yet", _("not yet")),
        _("{n} customers with an order and a code, and at least 2 codes").format(n=number(FEWEST)),
        _("{customers} with {codes}").format(
            customers=plural("{n} customer", "{n} customers", customers),
            codes=plural("{n} code", "{n} codes", codes),
        ),
        reason,
        _("A column with your own code in the customer list"),
        _("Use the groups by themselves."),
    )
    return Refusal(_("Your own customer code cannot be compared with the groups yet."), gate)


def _coded(result: Result, customer_table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    own = customer_table.drop_duplicates("customer_id").set_index("customer_id")[settings.own_code]
    code = result.table["customer_id"].map(own)
    text = code.astype("object").where(code.notna(), NO_CODE).astype(str).str.strip()
    return result.table.assign(code=text)


def _order(code: pd.Series, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    present = sorted(set(code) - {NO_CODE})
    if not settings.code_order:
        note = _("The codes were read in alphabetical order, the first as the best.")
        return tuple(present), (note,) if present else ()
    order = tuple(one for one in settings.code_order if one in present)
    other = [one for one in present if one not in settings.code_order]
    note = _("{customers} with a code outside the declared order were left out of the comparison.")
    left = int(code.isin(other).sum())
    return order, (note.format(customers=plural("{n} customer", "{n} customers", left)),) if left else ()


def _cross(coded: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    names = coded.drop_duplicates("group").set_index("group")["group_name"].sort_index()
    cross = pd.crosstab(coded["group"], coded["code"]).reindex(columns=codes, fill_value=0)
    cross.index = pd.Index([names[group] for group in cross.index], name="group")
    return cross.loc[:, [code for code in codes if code != NO_CODE or cross[code].sum()]]


def _levels(part: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    step = part["code"].map({code: -place for place, code in enumerate(codes)})
    size = len(part)
    return pd.DataFrame({"group_level": (part["group"].rank() - 0.5) / size, "code_level": (step.rank() - 0.5) / size})


def _listed(part: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """The rows handed to the account managers, the most revenue first.

    Revenue at stake is what the customer spends in the window (our convention): revenue that is
    looked after on a code that does not fit.
    """
    code_share = part["code"].value_counts(normalize=True)
    higher = {group: float((part["group"] > group).mean()) for group in part["group"].unique()}
    rows = listed.assign(
        kind=np.where(listed["apart"] > 0, "underrated", "overrated"),
        revenue_at_stake=listed["monetary"].clip(lower=0),
        reason=_reasons(listed, code_share, higher),
        decision="",
        new_code="",
    )
    rows = rows.sort_values(["revenue_at_stake", "customer_id"], ascending=[False, True])
    columns = [
        "customer_id",
        "code",
        "group",
        "group_name",
        "sure",
        "kind",
        "monetary",
        "revenue_at_stake",
        "reason",
        "decision",
        "new_code",
    ]
    return rows[columns].reset_index(drop=True)


def _reasons(listed: pd.DataFrame, code_share: pd.Series, higher: dict[int, float]) -> list[str]:
    """One line each: what the code says, what the customer does, and how many do more.

    Shares are put into words once per code and group and not once per customer: that is what
    keeps a list of many thousands affordable.
    """
    shares = {code: percent(share) for code, share in code_share.items()}
    above = {group: percent(share, 1 if share < 0.02 else 0) for group, share in higher.items()}
    texts = {
        "top": _("Coded {code}, like {share} of the customers with a code, yet in “{group}” with {spend}: no group is higher."),
        "underrated": _(
            "Coded {code}, like {share} of the customers with a code, yet in “{group}” with {spend}: only {above} are in a higher group."
        ),
        "overrated": _(
            "Coded {code}, like {share} of the customers with a code, yet in “{group}” with {spend}: {above} are in a higher group."
        ),
    }
    return [
        texts["top" if higher[group] == 0 else "underrated" if apart > 0 else "overrated"].format(
            code=code, share=shares[code], group=name, spend=money(spend), above=above[group]
        )
        for code, group, name, spend, apart in zip(
            listed["code"],
            listed["group"],
            listed["group_name"],
            listed["monetary"],
            listed["apart"],
            strict=True,
        )
    ]
