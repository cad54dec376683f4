"""The customer groups in words: every sentence is made from the result; how sure they are stands in ``certainty``."""

from pandas import Series

from helpers.analyses.clusters import naming
from helpers.analyses.clusters.certainty import nature, stability_sentence, verdict
from helpers.analyses.clusters.evidence import smallest_allowed
from helpers.analyses.clusters.features import word
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.scale import scale_name
from helpers.analyses.clusters.scale_comparison import DOMINATES
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, money, nearly, number, percent, plural
from helpers.story import Answer, Sentence

AHEAD = 0.05  # our convention: so much more of the revenue than of the customers makes a group worth a headline


def headline(result: Result) -> str:
    """Return the finding as one sentence: where the revenue sits, with its numbers.

    The sentence names the group that brings the most revenue for its size, unless no group brings
    clearly more than its share of customers.
    """
    best = leading(result)
    groups = plural("{n} group of customers", "{n} groups of customers", result.quality["clusters"])
    if not result.quality["natural_here"]:
        groups = plural("A useful cut into {n} group of customers", "A useful cut into {n} groups of customers", result.quality["clusters"])
    if result.without_spend:
        largest = result.groups.loc[result.groups["customers"].idxmax()]
        text = _("{groups} by what is known of them; the largest, “{name}”, holds {share}")
        return text.format(groups=groups, name=largest["name"], share=_share(largest["share"]))
    if best is None:
        return _("{groups}, and each brings about its share of revenue").format(groups=groups)
    text = _("{groups}; “{name}” are {share} of the customers and bring {revenue} of the revenue")
    return text.format(groups=groups, name=best["name"], share=_share(best["share"]), revenue=percent(best["revenue_share"]))


def _share(share: float) -> str:
    return percent(share, 1 if share < 0.1 else 0)


def leading(result: Result) -> Series | None:
    """Return the group that brings most revenue beyond its share of customers.

    None when no group is ahead by at least 5 points (our convention).
    """
    groups = result.groups
    ahead = (groups["revenue_share"] - groups["share"]).fillna(0.0)
    return groups.loc[ahead.idxmax()] if ahead.max() >= AHEAD else None


def answer(result: Result) -> Answer:
    """Return the chapter's answer: the finding, and what supports it."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences under the headline: nature of the groups, how sure, large accounts."""
    sentences = [nature(result), stability_sentence(result)]
    if result.quality["large_accounts"]:
        text = _("{accounts} stand apart: they bring {share} of the revenue and are looked after by name.")
        # The very large accounts are the last row of the profile.
        sentences.append(text.format(share=percent(result.profile["revenue_share"].iloc[-1]), accounts=_large_accounts(result)))
    return tuple(sentences)


def _large_accounts(result: Result) -> str:
    return plural("{n} very large account", "{n} very large accounts", result.quality["large_accounts"])


def group_sentences(result: Result) -> tuple[Sentence, ...]:
    """Return one sentence per group: its size, its revenue and what marks it."""
    medians = result.table.loc[~result.table["large_account"], list(result.features)].median()
    text = _("{name}: {customers}, {share} of the revenue. {marks}")
    if result.without_spend:
        text = _("{name}: {customers}. {marks}")
    return tuple(
        Sentence(
            text.format(
                name=group["name"],
                customers=plural("{n} customer", "{n} customers", group["customers"]),
                share=percent(group["revenue_share"]),
                marks=naming.marks_in_words(group, medians, result.features),
            )
        )
        for _index, group in result.groups.iterrows()
    )


def evidence_sentence(result: Result) -> Sentence:
    """Say what the evidence proposes, and whether that is what was used."""
    quality = result.quality
    if quality["declared"] and quality["proposed"] != quality["clusters"]:
        text = _("You declared {used} groups; by itself the evidence would propose {proposed}.")
    elif quality["declared"]:
        text = _("You declared {used} groups, and the evidence proposes the same number.")
    else:
        text = _("The evidence proposes {proposed} groups, and these were used.")
    if not quality["natural"] and quality["proposed"] == result.settings.most_useful_clusters:
        text += " " + _("Without natural groups no more than {proposed} are proposed: our convention of what a team can treat differently.")
    return Sentence(text.format(used=number(quality["clusters"]), proposed=number(quality["proposed"])))


def scale_sentences(result: Result) -> tuple[Sentence, ...]:
    """Return what the raw scale lets decide, which scale is recommended and why, and which was used."""
    scales = result.scales.set_index("scale")
    sentences = []
    if "raw" in scales.index and len(result.features) > 1:
        sentences.append(_raw_scale_sentence(result.features, scales.loc["raw"]))
    recommended = scales.index[scales["recommended"]][0]
    text = _("We recommend the scale “{scale}”: {reason}")
    roomy = bool(scales.loc[recommended, "smallest"] >= smallest_allowed(result.quality["fitted_on"], result.settings))
    sentences.append(text.format(scale=scale_name(recommended), reason=_why_recommended(recommended, roomy)))
    if recommended != result.settings.scale:
        text = _("The groups in this chapter use the scale “{scale}”, as declared.")
        sentences.append(text.format(scale=scale_name(result.settings.scale)))
    return tuple(Sentence(sentence) for sentence in sentences)


def _raw_scale_sentence(features: tuple[str, ...], raw: Series) -> str:
    shares = {name: float(raw[f"decides_{name}"]) for name in features}
    largest = max(shares, key=lambda name: shares[name])
    text = _("Taken as they are, {feature} decides {share} of the difference between customers: {reading}")
    if shares[largest] > DOMINATES:
        reading = _("the other features hardly count.")
    else:
        reading = _("the other features count too.")
    return text.format(feature=word(largest), share=nearly(shares[largest]), reading=reading)


def _why_recommended(scale: str, roomy: bool) -> str:
    """Why a scale is recommended; ``roomy`` tells whether it leaves no tiny group."""
    if scale == "log" and not roomy:
        return _("no single feature decides there.")
    return {
        "log": _(
            "no single feature decides, no group is tiny, and a difference of ten times counts the same for small and large customers."
        ),
        "rank": _("the groups are steadiest there, although it forgets how much larger one customer is than the next."),
        "standard": _("the groups are steadiest there and no single feature decides."),
        "raw": _("no other scale gives groups that hold."),
    }[scale]


def key_figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the figures that the summary may show."""
    quality, settings, best = result.quality, result.settings, leading(result)
    kind = _("natural groups") if quality["natural_here"] else _("a useful cut, not natural groups")
    resampled = _("the same in at least {certain} of {times} resamples").format(
        certain=percent(settings.certain_share), times=number(settings.resamples)
    )
    figures = [
        KeyFigure(number(quality["clusters"]), _("groups of customers"), kind, 4),
        KeyFigure(percent(quality["sure_share"]), _("of customers have a sure group"), resampled, 6),
    ]
    if best is not None:
        meaning = _("of revenue from “{name}”, {share} of the customers").format(name=best["name"], share=_share(best["share"]))
        figures.insert(0, KeyFigure(percent(best["revenue_share"]), meaning, _("counted, not estimated"), 3))
    return tuple(figures)


def actions(result: Result) -> tuple[Action, ...]:
    """Return what to do with the groups."""
    advice: list[Action] = []
    if result.quality["large_accounts"]:
        text = _("Give each of the {accounts} a named contact and a plan of its own.")
        advice.append(Action(text.format(accounts=_large_accounts(result)), _("counted, not estimated"), rank=3))
    best = leading(result)
    if best is not None:
        text = _("Plan this year's approach to “{name}” first: {customers} bring {revenue}.")
        customers = plural("{n} customer", "{n} customers", best["customers"])
        advice.append(
            Action(text.format(name=best["name"], revenue=money(best["revenue"]), customers=customers), verdict(result).word, rank=4)
        )
    unsure = int((result.table["sure"] < result.settings.certain_share).sum())
    if unsure:
        text = _("Do not fix the approach of {customers} near a border by their group alone.")
        customers = plural("{n} customer", "{n} customers", unsure)
        advice.append(Action(text.format(customers=customers), _("their group changes with the draw"), rank=7))
    return tuple(advice)


def finding(result: Result) -> Finding:
    """Return the record for the summary, the report and the next round."""
    return Finding(headline(result), why(result), verdict(result), key_figures(result), actions(result), rank=3)
