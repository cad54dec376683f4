"""The audit of the firm's own code in words; how sure it is stands in ``certainty``."""

from helpers.analyses.clusters.certainty import audit_verdict
from helpers.analyses.clusters.code_audit import NO_CODE, Audit
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, listing, money, number, percent, plural
from helpers.story import Answer, Sentence

LITTLE_AGREEMENT = 0.1  # our convention: below this, code and group have little in common even where it is beyond chance


def headline(audit: Audit) -> str:
    """Return the finding as one sentence with its number."""
    listed = len(audit.disagreements)
    if not audit.ranked:
        return _("Your own code says what kind of customer somebody is, not how large: it is shown beside the groups, and ranks nobody")
    if not audit.agreement.beyond_chance:
        return _("Your own code says no more of what customers do than chance would")
    if not listed:
        return _("Your own code and the groups place no customer far apart with certainty")
    text = _("Your own code does not fit {customers} ({share} of those with a code)")
    return text.format(customers=plural("{n} customer", "{n} customers", listed), share=percent(listed / audit.customers))


def why(audit: Audit) -> tuple[str, ...]:
    """Return the sentences under the headline."""
    return (agreement_sentence(audit), *disagreement_sentences(audit))


def answer(audit: Audit) -> Answer:
    """Return the answer of this part of the chapter."""
    return Answer(headline(audit), why(audit), audit_verdict(audit))


def agreement_sentence(audit: Audit) -> str:
    """Say how well code and group agree, against what chance gives."""
    agreement = audit.agreement
    if not agreement.beyond_chance:
        text = _(
            "Code and group agree no more than chance would give: {index} on a scale where 0 is chance and 1 the "
            "same groups (chance alone gives {chance})."
        )
    elif agreement.index < LITTLE_AGREEMENT:
        text = _(
            "Code and group have something in common, but little: {index} on a scale where 0 is chance and 1 the "
            "same groups (chance alone gives {chance})."
        )
    else:
        text = _("Code and group agree {index} on a scale where 0 is chance and 1 the same groups (chance alone gives {chance}).")
    return text.format(index=number(agreement.index, 2), chance=between(number(agreement.chance_low, 2), number(agreement.chance_high, 2)))


def disagreement_sentences(audit: Audit) -> tuple[str, ...]:
    """Say how many customers are coded too low and too high, and what they spent so far."""
    texts = {
        "underrated": _("{customers} buy more than their code says; they spent {money} so far, looked after on too low a code."),
        "overrated": _("{customers} buy less than their code says, {money} so far: either there is room to grow, or the code is too high."),
    }
    sentences = [
        text.format(customers=plural("{n} customer", "{n} customers", audit.count(kind)), money=money(audit.at_stake(kind)))
        for kind, text in texts.items()
        if audit.count(kind)
    ]
    if audit.direction < 0:
        sentences.append(_("The code runs against what customers do: the better the code, the lower the group."))
    if audit.set_aside:
        text = _("{customers} more disagree, but their group is not sure enough to put them on the list.")
        sentences.append(text.format(customers=plural("{n} customer", "{n} customers", audit.set_aside)))
    return tuple(sentences)


def mix_sentences(audit: Audit) -> tuple[Sentence, ...]:
    """Say for every group which codes it holds most, as one sentence per group."""
    sentences = []
    for group, row in audit.shares.iterrows():
        shares = row[[code for code in row.index if code != NO_CODE]].sort_values(ascending=False, kind="stable")
        largest = shares[shares > 0].head(2)
        parts = [_("{share} {code}").format(share=percent(share), code=code) for code, share in largest.items()]
        text = _("{group}: {parts}.") if parts else _("{group}: no codes.")
        sentences.append(Sentence(text.format(group=group, parts=listing(parts) if parts else "")))
    return tuple(sentences)


def actions(audit: Audit) -> tuple[Action, ...]:
    """Return what to do with the list."""
    advice: list[Action] = []
    chance = audit.agreement.chance
    if audit.count("underrated"):
        text = _("Let the account managers decide on the {customers} coded too low, who spent {money} so far.")
        customers = plural("{n} customer", "{n} customers", audit.count("underrated"))
        advice.append(
            Action(
                text.format(customers=customers, money=money(audit.at_stake("underrated"))),
                _("only customers with a sure group"),
                _("before the next round"),
                rank=2,
                chance=chance,
            )
        )
    if audit.count("overrated"):
        text = _("Check per sector which of the {customers} coded too high can really grow.")
        customers = plural("{n} customer", "{n} customers", audit.count("overrated"))
        advice.append(Action(text.format(customers=customers), _("only customers with a sure group"), rank=6, chance=chance))
    return tuple(advice)


def finding(audit: Audit) -> Finding:
    """Return the record for the summary, the report and the next round."""
    figures: tuple[KeyFigure, ...] = ()
    if len(audit.disagreements):
        certainty, chance = _("only customers with a sure group"), audit.agreement.chance
        figures = (KeyFigure(number(len(audit.disagreements)), _("customers whose own code does not fit"), certainty, 4, chance),)
    return Finding(headline(audit), why(audit), audit_verdict(audit), figures, actions(audit), rank=4, chance=audit.agreement.chance)
