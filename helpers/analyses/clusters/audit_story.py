"""The audit of the firm's own code in words."""

from __future__ import annotations

from helpers.analyses.clusters.own_code import NO_CODE, Audit
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, currency_sign, listing, money, number, percent, plural
from helpers.story import Answer, HowSure, Sentence, Table


def verdict(found: Audit) -> Verdict:
    """Return in a word how well the code fits what customers do."""
    if not found.agreement.beyond_chance:
        return Verdict("not_yet", _("no better than chance"))
    # Our convention: the code follows the groups well from an agreement of 0.5 on.
    if found.agreement.index >= 0.5 and found.direction > 0:
        return Verdict("go", _("fits"))
    return Verdict("caution", _("too coarse") if found.direction > 0 else _("runs backwards"))


def headline(found: Audit) -> str:
    """Return the finding as one sentence with its number."""
    listed = len(found.disagreements)
    if not listed:
        return _("Your own code and the groups place no customer far apart with certainty")
    text = _("Your own code does not fit {customers} ({share} of those with a code)")
    return text.format(customers=plural("{n} customer", "{n} customers", listed), share=percent(listed / found.customers))


def why(found: Audit) -> tuple[str, ...]:
    """Return the sentences under the headline."""
    return tuple(text for text in (agreement_sentence(found), *kinds(found)) if text)


def answer(found: Audit) -> Answer:
    """Return the answer of this part of the chapter."""
    return Answer(headline(found), why(found), verdict(found))


def agreement_sentence(found: Audit) -> str:
    """Say how well code and group agree, against what chance gives."""
    agree = found.agreement
    if not agree.beyond_chance:
        text = _(
            "Code and group agree no more than chance would give: {index} on a scale where 0 is chance "
            "and 1 the "
            "same groups (chance alone gives {chance})."
        )
    elif agree.index < 0.1:
        text = _(
            "Code and group have something in common, but little: {index} on a scale where 0 is chance "
            "and 1 the "
            "same groups (chance alone gives {chance})."
        )
    else:
        text = _("Code and group agree {index} on a scale where 0 is chance and 1 the same groups (chance alone gives {chance}).")
    return text.format(
        index=number(agree.index, 2),
        chance=between(number(agree.chance_low, 2), number(agree.chance_high, 2)),
    )


def kinds(found: Audit) -> tuple[str, ...]:
    """Say how many customers are coded too low and too high, and the revenue at stake."""
    said = []
    for kind, text in (
        (
            "underrated",
            _("{customers} buy more than their code says: {money} of revenue is looked after on too low a code."),
        ),
        (
            "overrated",
            _("{customers} buy less than their code says, {money} in all: either there is room to grow, or the code is too high."),
        ),
    ):
        if found.count(kind):
            customers = plural("{n} customer", "{n} customers", found.count(kind))
            said.append(text.format(customers=customers, money=money(found.at_stake(kind))))
    if found.direction < 0:
        said.append(_("The code runs against what customers do: the better the code, the lower the group."))
    if found.set_aside:
        text = _("{customers} more disagree, but their group is not sure enough to put them on the list.")
        said.append(text.format(customers=plural("{n} customer", "{n} customers", found.set_aside)))
    return tuple(said)


def mix_sentences(found: Audit) -> tuple[Sentence, ...]:
    """Say for every group which codes it holds most, as one sentence per group."""
    said = []
    for group, row in found.shares.iterrows():
        coded = row[[code for code in row.index if code != NO_CODE]].sort_values(ascending=False, kind="stable")
        coded = coded[coded > 0].head(2)
        parts = [_("{share} {code}").format(share=percent(share), code=code) for code, share in coded.items()]
        text = _("{group}: {parts}.") if parts else _("{group}: no codes.")
        said.append(Sentence(text.format(group=group, parts=listing(parts) if parts else "")))
    return tuple(said)


def code_word(code: str) -> str:
    """Return a code as a reader sees it; an empty one is "no code"."""
    return code if code != NO_CODE else _("no code")


def cross_table(found: Audit) -> Table:
    """Return customers per group and code, as in the published case."""
    frame = found.cross.reset_index()
    columns = {"group": (_("Group"), "text")}
    columns |= {code: (code_word(code), "number") for code in found.cross.columns}
    return Table(frame, _("Customers per group and own code"), columns)


def disagreements_table(found: Audit, first: int = 20) -> Table:
    """Return the first listed customers, the most revenue first; the export holds them all."""
    columns = {
        "customer_id": (_("Customer"), "id"),
        "code": (_("Code"), "text"),
        "group_name": (_("Group"), "text"),
        "revenue_at_stake": (_("Revenue at stake ({currency})").format(currency=currency_sign()), "money"),
        "sure": (_("Same group in"), "percent"),
        "reason": (_("Why it is on the list"), "note"),
    }
    caption = _("Customers whose code does not fit what they do, most revenue first")
    return Table(found.disagreements.head(first), caption, columns)


def actions(found: Audit) -> tuple[Action, ...]:
    """Return what to do with the list."""
    said = []
    if found.count("underrated"):
        text = _("Let the account managers decide on the {customers} coded too low: {money} of revenue is at stake.")
        said.append(
            Action(
                text.format(
                    customers=plural("{n} customer", "{n} customers", found.count("underrated")),
                    money=money(found.at_stake("underrated")),
                ),
                _("only customers with a sure group"),
                _("before the next round"),
                rank=2,
            )
        )
    if found.count("overrated"):
        text = _("Check per sector which of the {customers} coded too high can really grow.")
        said.append(
            Action(
                text.format(customers=plural("{n} customer", "{n} customers", found.count("overrated"))),
                _("only customers with a sure group"),
                rank=6,
            )
        )
    return tuple(said)


def finding(found: Audit) -> Finding:
    """Return the record for the summary, the report and the next round."""
    figure = KeyFigure(
        number(len(found.disagreements)),
        _("customers whose own code does not fit"),
        _("only customers with a sure group"),
        4,
    )
    return Finding(headline(found), why(found), verdict(found), (figure,), actions(found), rank=4)


def how_sure(found: Audit) -> HowSure:
    """Return the closed part of the audit."""
    agree = found.agreement
    checks = [
        _("Adjusted Rand index {index}; with the codes dealt out anew 999 times, 95 % lie in {chance}.").format(
            index=number(agree.index, 3),
            chance=between(number(agree.chance_low, 3), number(agree.chance_high, 3)),
        ),
        _("Strength of the relation (Cramér's V, corrected): {strength}; rank correlation: {direction}.").format(
            strength=number(agree.strength, 2), direction=number(found.direction, 2)
        ),
    ]
    return HowSure(
        {
            _("Method"): _(
                "Code and group are both laid along a ladder from the lowest to the highest customer. A "
                "customer "
                "is listed when the two places are far apart and the group is sure."
            ),
            _("Checks"): checks,
            _("Limits"): [
                _("A low code can be right for a customer with little potential left; that is why a person decides."),
                *found.notes,
            ],
        }
    )
