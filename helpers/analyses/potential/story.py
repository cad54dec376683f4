"""What the potential says: answer, sentences, and the finding."""

import math

import pandas as pd

from helpers.analyses.potential import words
from helpers.analyses.potential.certainty import backtest_words, verdict
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, listing, money, number, percent, plural
from helpers.story import Actions, Answer, Sentence
from helpers.story.chance import chance_words

MOSTLY = 0.5  # of revenue: from more than half on, other brands stand in the way


def _most_unused(result: UntappedPotential) -> pd.DataFrame:
    """Return the segments with the most unused euros that together hold at least half of them."""
    segments = result.profile.sort_values(["unused_potential", "segment"], ascending=[False, True])
    unused_before = segments["unused_potential"].cumsum() - segments["unused_potential"]
    return segments[unused_before < segments["unused_potential"].sum() / 2]


def _quoted_names(result: UntappedPotential, rows: pd.DataFrame) -> list[str]:
    names = dict(zip(result.profile["segment"], words.names(result.profile), strict=True))
    return [_("“{name}”").format(name=names[segment]) for segment in rows["segment"]]


def about(amount: float) -> str:
    """Return an amount in three figures: an estimate is not exact to the euro."""
    if not amount or math.isnan(amount):
        return money(amount)
    return money(round(amount, 2 - math.floor(math.log10(abs(amount)))))


def _range(result: UntappedPotential) -> str:
    return between(about(result.quality["unused_potential_low"]), about(result.quality["unused_potential_high"]))


def headline(result: UntappedPotential) -> str:
    """Return the finding as one sentence with its number."""
    if not result.chance.beaten:
        return _("That some of {n} comparable customers stay behind the others does not show beyond chance").format(
            n=number(result.quality["compared_customers"])
        )
    text = _("Some customers lastingly buy less than their like: about {money} a year below the level that {share} of them exceed")
    if result.quality["years"] == 1:
        text = _("Some customers buy less than their like: about {money} a year below the level that {share} of them exceed")
    return text.format(share=percent(1 - result.quality["peer_level"]), money=about(result.quality["unused_potential"]))


def why(result: UntappedPotential) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    sentences = [chance_words(result.chance, about)]
    if result.chance.beaten:
        most = listing(_quoted_names(result, _most_unused(result)))
        sentences.insert(
            1,
            _("Most of it lies with {names}; whether they could buy more or are other than recorded, only a look at them tells.").format(
                names=most
            ),
        )
        sentences.insert(2, _("The range is {range}, in 95 of 100 cases.").format(range=_range(result)))
    if result.backtest is not None:
        sentences.append(backtest_words(result.backtest))
    dead = dead_sentence(result)
    if dead is not None and result.effort.dead_contacts > 0:
        sentences.append(dead.text)
    return tuple(sentences)


def answer(result: UntappedPotential) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def compared_sentence(result: UntappedPotential) -> Sentence:
    """Return how many customers are compared, and on what."""
    return Sentence(
        _("{n} of {all} customers are compared with others of the same {names}.").format(
            n=number(result.quality["compared_customers"]),
            all=number(result.quality["live_customers"]),
            names=listing([words.feature_name(name) for name in result.compared_on]),
        )
    )


def segments_sentence(result: UntappedPotential) -> Sentence:
    """Return the segment that brings most for its size."""
    first = result.profile.iloc[0]
    return Sentence(
        _("{name} are {share} of the customers and bring {revenue} of the revenue.").format(
            name=_quoted_names(result, result.profile.head(1))[0],
            share=percent(first["share"], 1),
            revenue=percent(first["revenue"] / max(result.profile["revenue"].sum(), 1)),
        )
    )


def brands_sentence(result: UntappedPotential) -> Sentence:
    """Return where other brands and missing refills stand in the way."""
    profile = result.profile.dropna(subset=["third_party_share"])
    if not len(profile):
        return Sentence(_("Whose brand the products are is not recorded, so brands cannot be compared."))
    behind = profile[profile["reached_potential"] <= result.quality["reached_potential"]]
    other_brands = behind[behind["third_party_share"] > MOSTLY].sort_values(["third_party_share", "segment"], ascending=[False, True])
    if not len(other_brands):
        return Sentence(_("In no segment that stays behind do third-party brands have more than half of the revenue."))
    segment = other_brands.iloc[0]
    text = _("{name} spend {third} on third-party brands").format(
        name=_quoted_names(result, other_brands.head(1))[0], third=percent(segment["third_party_share"])
    )
    if not math.isnan(segment["refill_share"]):
        text += " " + _("and {refill} on refills").format(refill=percent(segment["refill_share"]))
    return Sentence(text + ".")


def effort_sentence(result: UntappedPotential) -> Sentence:
    """Return what contacts go with, said as an association."""
    effort = result.effort
    if math.isnan(effort.ratio):
        return Sentence(_("Contacts against orders cannot be told: contacts are not recorded, or all customers get the same."))
    text = _(
        "Customers contacted twice as often placed {ratio} times the orders ({low} to {high}), size and usage being equal. "
        "This goes together; it does not show that contacts bring orders."
    )
    return Sentence(text.format(ratio=number(effort.ratio, 2), low=number(effort.low, 2), high=number(effort.high, 2)))


def wasted_sentence(result: UntappedPotential) -> Sentence | None:
    """Return who is contacted often and orders seldom; None where no contact is recorded."""
    effort = result.effort
    if not effort.all_contacts:
        return None
    if not effort.often_seldom:
        return Sentence(_("Nobody is contacted often while ordering seldom."))
    text = _("{n} were contacted often and ordered seldom: {contacts} contacts in a year").format(
        n=plural("{n} customer", "{n} customers", effort.often_seldom), contacts=number(effort.often_seldom_contacts)
    )
    if effort.often_seldom_cost > 0:
        text += " " + _("for {money}").format(money=money(effort.often_seldom_cost))
    return Sentence(text + ".")


def dead_sentence(result: UntappedPotential) -> Sentence | None:
    """Return what goes to dead records; None where no contact is recorded."""
    effort = result.effort
    if not effort.all_contacts:
        return None
    if not effort.dead_contacts:
        return Sentence(_("No contacts went to dead records."))
    text = _("{contacts} of {all} contacts went to {n} without an order or a device").format(
        contacts=number(effort.dead_contacts), all=number(effort.all_contacts), n=plural("{n} dead record", "{n} dead records", effort.dead)
    )
    if effort.dead_cost > 0:
        text += ": " + _("{money} a year").format(money=money(effort.dead_cost))
    return Sentence(text + ".")


def experiment_sentence(result: UntappedPotential) -> Sentence:
    """Return the experiment that would tell what contacts bring."""
    needed, live = result.effort.experiment_per_arm, result.quality["live_customers"]
    if math.isnan(needed):
        return Sentence(_("An experiment on contacts needs customers who are contacted and order."))
    text = _(
        "An experiment would tell: draw by lot who is contacted half as often for a year; {n} customers per group show a "
        "difference of {effect} in orders."
    ).format(n=number(needed), effect=percent(result.effort.experiment_effect))
    # An experiment has two groups.
    if 2 * needed > live:
        text += " " + _("With {live} customers only a larger difference will show.").format(live=number(live))
    return Sentence(text)


def actions(result: UntappedPotential) -> Actions:
    """Return what to do with it."""
    return Actions(finding(result).actions)


def finding(result: UntappedPotential) -> Finding:
    """Return the finding of the phase."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), 2, result.chance)


def _figures(result: UntappedPotential) -> tuple[KeyFigure, ...]:
    quality, effort = result.quality, result.effort
    figures = [
        KeyFigure(about(quality["unused_potential"]), _("unused potential per year"), _range(result), 2, result.chance),
        KeyFigure(percent(quality["reached_potential"]), _("of the potential is reached"), verdict(result).word, 4, result.chance),
    ]
    if effort.dead_contacts and effort.dead_cost > 0:
        figures.append(KeyFigure(money(effort.dead_cost), _("budget now going to dead records"), _("counted"), 5))
    elif effort.dead_contacts:
        figures.append(KeyFigure(number(effort.dead_contacts), _("contacts now going to dead records"), _("counted"), 5))
    return tuple(figures)


def _actions(result: UntappedPotential) -> tuple[Action, ...]:
    actions = []
    most_unused = _most_unused(result).head(len(result.profile) if result.chance.beaten else 0)
    for row, name in zip(most_unused.itertuples(), _quoted_names(result, most_unused), strict=True):
        customers = plural("{n} customer", "{n} customers", row.customers)
        text = _("{name} ({n}): {advice}").format(name=name, n=customers, advice=words.advice(row.kind, row.marks))
        actions.append(Action(text, verdict(result).word, _("next campaign"), 3, result.chance))
    effort = result.effort
    if effort.dead_contacts:
        text = _("Take {n} out of the campaigns").format(n=plural("{n} dead record", "{n} dead records", effort.dead))
        actions.append(Action(text, _("counted"), _("at once"), 2))
    if effort.often_seldom and not math.isnan(effort.experiment_per_arm):
        text = _("Test by lot whether fewer contacts cost orders, before spending differently")
        actions.append(Action(text, _("open question"), _("a year"), 5))
    return tuple(actions)
