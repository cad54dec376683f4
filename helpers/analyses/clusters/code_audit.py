"""Audit of the firm's own customer code: where it fits what customers do, and where it does not."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from helpers.analyses.clusters.agreement import Agreement, permutation_agreement
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.gates import GateBuilder
from helpers.core.results import NEWS, Refusal, RunContext
from helpers.core.wording import _, money, number, percent, plural

NO_CODE = ""
FEWEST = 30  # our convention: so many customers a cross table of groups and codes needs at least


@dataclass(frozen=True)
class Audit:
    """What the audit of the firm's own code found.

    Parameters
    ----------
    cross : customers per group (rows, by name) and code (columns, best first; "" = no code).
    shares : the same as shares of each group.
    agreement : corrected for chance, over the customers with a code.
    ranked : whether the code is read as a ranking; a kind of customer in words is none, and is held against no group.
    direction : rank correlation (-1 to 1) of code and group; below 0 the code runs backwards; NaN where the code is no ranking.
    disagreements : customers whose code and group are far apart and whose group is sure, empty where the code is no ranking or
        agrees with the groups no more than chance:
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
    ranked: bool = True

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

    Only a ranking is held against the groups: codes with a declared order, or codes that sort by themselves (A to E, 1 to 5) and
    rise or fall with the groups by more than chance. Where code and group agree no more than chance, nobody is listed.

    Parameters
    ----------
    result : the customer groups.
    customer_table : holds the code in the column ``own_code``; not changed.
    settings : own_code, code_order, disagreement_level, certain_share.
    context : its seed decides the permutations.
    """
    if settings.own_code not in customer_table:
        return _refusal(_("There is no code of your own in the data to compare the groups with."), 0, 0)
    if not result.table.get("monetary", pd.Series([1.0])).any():
        return _refusal(_("Without spend the groups have no order from low to high, so a code cannot be held against them."), 0, 0)
    buyers = _with_code(result, customer_table, settings)
    codes, notes = _codes_in_order(buyers["code"], settings)
    coded = buyers[buyers["code"].isin(codes)]
    if len(coded) < FEWEST or len(codes) < 2 or coded["group"].nunique() < 2:
        return _refusal(_("Too few customers carry a code of your own to compare it with the groups."), len(coded), len(codes))
    ranked = bool(settings.code_order)
    if not ranked and _sorts_by_itself(codes):
        rises = spearmanr(coded["group"], coded["code"].map(codes.index))
        ranked = bool(rises.pvalue <= NEWS)
        # Letters begin with the best; numbers may count either way, which shows.
        if ranked and codes[0].isdigit() and rises.statistic > 0:
            codes, notes = (
                codes[::-1],
                (_("The codes were read as numbers, the highest as the best, since they rise with what customers do."),),
            )
    counts = _cross_table(coded, list(codes)).to_numpy()
    agreement = permutation_agreement(counts[counts.sum(axis=1) > 0], context.seed)
    # Places and not steps are compared: four codes and five groups have no step in common.
    ladder = _ladder(coded, codes)
    apart = ladder["group_level"] - ladder["code_level"]
    disagreeing = coded.assign(apart=apart)[(apart.abs() > settings.disagreement_level) & ranked & agreement.beyond_chance]
    certain = disagreeing["sure"] >= settings.certain_share
    cross = _cross_table(buyers, [*codes, NO_CODE])
    return Audit(
        cross=cross,
        shares=cross.div(cross.sum(axis=1), axis=0),
        agreement=agreement,
        direction=float(ladder.corr().iloc[0, 1]) if ranked else float("nan"),
        disagreements=_list_to_decide_on(disagreeing[certain], coded),
        set_aside=int((~certain).sum()),
        codes=codes,
        customers=len(coded),
        notes=notes if ranked else (),
        ranked=ranked,
    )


def _sorts_by_itself(codes: tuple[str, ...]) -> bool:
    """Return whether codes have an order without words: single letters, or numbers of one or two digits (our convention)."""
    return all(re.fullmatch(r"[A-Za-z][+-]?", code) for code in codes) or all(re.fullmatch(r"\d{1,2}", code) for code in codes)


def code_word(code: str) -> str:
    """Return a code as a reader sees it; an empty one is "no code"."""
    return code if code != NO_CODE else _("no code")


def _refusal(reason: str, customers: int, codes: int) -> Refusal:
    gate = GateBuilder(
        _("{n} customers with an order and a code, and at least 2 codes").format(n=number(FEWEST)),
        _("{customers} with {codes}").format(
            customers=plural("{n} customer", "{n} customers", customers), codes=plural("{n} code", "{n} codes", codes)
        ),
        _("Use the groups by themselves."),
    ).not_yet(reason, _("A column with your own code in the customer list"))
    return Refusal(_("Your own customer code cannot be compared with the groups yet."), gate)


def _with_code(result: Result, customer_table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    code_of = customer_table.drop_duplicates("customer_id").set_index("customer_id")[settings.own_code]
    code = result.table["customer_id"].map(code_of)
    text = code.astype("object").where(code.notna(), NO_CODE).astype(str).str.strip()
    return result.table.assign(code=text)


def _codes_in_order(code: pd.Series, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes that take part, best first, and a note on how that order came about or what it leaves out."""
    present = sorted(set(code) - {NO_CODE}, key=lambda name: name.rjust(2) if name.isdigit() else name)
    if not settings.code_order:
        note = _("The codes were read in alphabetical order, the first as the best.")
        return tuple(present), (note,) if present else ()
    order = tuple(name for name in settings.code_order if name in present)
    undeclared = [name for name in present if name not in settings.code_order]
    note = _("{customers} with a code outside the declared order were left out of the comparison.")
    left_out = int(code.isin(undeclared).sum())
    return order, (note.format(customers=plural("{n} customer", "{n} customers", left_out)),) if left_out else ()


def _cross_table(buyers: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Customers per group name and code; the column of those without a code only where there are some."""
    names = buyers.drop_duplicates("group").set_index("group")["group_name"].sort_index()
    cross = pd.crosstab(buyers["group"], buyers["code"]).reindex(columns=codes, fill_value=0)
    cross.index = pd.Index([names[group] for group in cross.index], name="group")
    return cross.loc[:, [code for code in codes if code != NO_CODE or cross[code].sum()]]


def _ladder(coded: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    """Per customer the place (0 to 1) that the group and the code give: ridits, from average ranks."""
    # Negative, so that the best code, which stands first, is the highest step.
    code_step = coded["code"].map({code: -place for place, code in enumerate(codes)})
    size = len(coded)
    return pd.DataFrame({"group_level": (coded["group"].rank() - 0.5) / size, "code_level": (code_step.rank() - 0.5) / size})


def _list_to_decide_on(listed: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """The rows handed to the account managers, the most revenue first.

    Revenue at stake is what the customer spends in the window (our convention): revenue that is
    looked after on a code that does not fit.
    """
    code_share = coded["code"].value_counts(normalize=True)
    higher = {group: float((coded["group"] > group).mean()) for group in coded["group"].unique()}
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
    reasons = []
    columns = (listed[name] for name in ("code", "group", "group_name", "monetary", "apart"))
    for code, group, name, spend, apart in zip(*columns, strict=True):
        if higher[group] == 0:
            text = texts["top"]
        else:
            text = texts["underrated" if apart > 0 else "overrated"]
        reasons.append(text.format(code=code, share=shares[code], group=name, spend=money(spend), above=above[group]))
    return reasons
