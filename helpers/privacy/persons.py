"""Persons within firms: consent, objections and messages belong to a person, orders to the firm.

Rules (our convention; privacy law is the client's own duty): a firm may be written to when at least one of its persons may. An
objection binds that person, under every number that has the same e-mail address. A no or an objection recorded at the firm
binds all its persons; a yes of the firm is no yes of its persons. A firm without persons is written to itself, on its own flags.
"""

import pandas as pd

from helpers.privacy.consent import answers, has_opted_out


def recipients(firms: pd.DataFrame, persons: pd.DataFrame | None) -> pd.DataFrame:
    """Return who a message to firms may go to: every person of each firm, and every firm without persons itself.

    Parameters
    ----------
    firms : one row per customer; ``customer_id`` and, where known, ``consent`` and ``opted_out``, as recorded or as
        ``with_firm_flags`` gives them: both say the same of a person.
    persons : the canonical table ``persons``, or None. Persons of other firms, or of none, are left out.

    Returns
    -------
    The columns of ``firms``, with ``consent`` and ``opted_out`` those that hold for the recipient, and ``person_id`` and ``role``
    (missing for a firm without persons); sorted by both ids. Without a table of persons: ``firms`` as they are.
    """
    if persons is None:
        return firms
    known = _flags(persons).assign(own_opted_out=_objections_carried).rename(columns={"consent": "own_consent"})
    known = known.reindex(columns=["customer_id", "person_id", "role", "own_consent", "own_opted_out"])
    known = known.drop_duplicates(["customer_id", "person_id"])
    everyone = firms.merge(known[known["customer_id"].notna()], on="customer_id", how="left")
    of_person, firm = everyone["person_id"].notna(), _flags(everyone)
    # What the firm refuses, it refuses for all its persons; what it allows, each person must allow.
    answer = everyone["own_consent"].astype("boolean").mask((~firm["consent"]).fillna(False).astype(bool), False)
    everyone["consent"] = firm["consent"].mask(of_person, answer)
    everyone["opted_out"] = firm["opted_out"] | (of_person & everyone["own_opted_out"].eq(True).fillna(False).astype(bool))
    everyone = everyone.drop(columns=["own_consent", "own_opted_out"])
    return everyone.sort_values(["customer_id", "person_id"], kind="stable", ignore_index=True)


def with_firm_flags(firms: pd.DataFrame, persons: pd.DataFrame | None) -> pd.DataFrame:
    """Return firms with the consent and the objection that follow from their persons (parameters as for ``recipients``).

    Returns
    -------
    The same rows with ``consent``, ``opted_out`` and ``objecting_persons`` (how many of the firm's persons objected). On every
    ground (``consent.Basis``) these flags let a firm be written to exactly when at least one of its recipients may be. A firm
    without persons keeps its own; without a table of persons nothing is added.
    """
    if persons is None:
        return firms
    everyone = recipients(firms, persons)
    everyone = everyone[everyone["person_id"].notna()]
    firm = _flags(firms)
    objecting = everyone["opted_out"].groupby(everyone["customer_id"]).sum()
    # From least to most: no, not asked, yes.
    rank = everyone["consent"].astype("Int64").mul(2).fillna(1)
    best = rank.groupby(everyone["customer_id"]).max()
    best_willing = rank[~everyone["opted_out"]].groupby(everyone["customer_id"]).max().reindex(best.index).fillna(0)
    # Nobody is left but persons who said no: the others' objections have emptied the firm.
    emptied = (best_willing == 0) & (best > 0)
    answers = best_willing.where(~emptied, best).map({0: False, 1: pd.NA, 2: True}).astype("boolean")
    return firms.assign(
        consent=firm["consent"].mask(firms["customer_id"].isin(best.index), firms["customer_id"].map(answers).astype("boolean")),
        opted_out=(firm["opted_out"] | firms["customer_id"].map(emptied).eq(True)).astype("boolean"),
        objecting_persons=firms["customer_id"].map(objecting).fillna(0).astype("int64"),
    )


def _flags(people: pd.DataFrame) -> pd.DataFrame:
    """Return people with both flags as yes, no or missing."""
    return people.assign(consent=answers(people), opted_out=has_opted_out(people))


def _objections_carried(persons: pd.DataFrame) -> pd.Series:
    """Return who objected, under any number or firm: one who stands twice and objected once has objected."""
    objected = persons["opted_out"]
    address = persons.get("email", pd.Series(pd.NA, index=persons.index)).astype("string").str.strip().str.casefold()
    for mark in (persons["person_id"], address.replace("", pd.NA)):
        objected = objected | (mark.notna() & mark.isin(set(mark[objected].dropna())))
    return objected.astype(bool)
