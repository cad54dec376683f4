"""The pictures of phase 4, read aloud."""

from __future__ import annotations

from helpers.core.wording import _, money_short, month, number, percent
from helpers.phases.choice_of_analyses.overview import Overview
from helpers.story import Sentence


def months(seen: Overview) -> Sentence:
    """Read the revenue picture: the last twelve months beside the twelve before."""
    frame = seen.months
    if len(frame) < 24:
        return Sentence(
            _("There are {n} whole months of orders; two years are needed to compare a month with the year before.").format(
                n=number(len(frame))
            )
        )
    last, before = frame["revenue"].iloc[-12:].sum(), frame["revenue"].iloc[-24:-12].sum()
    if before <= 0:
        return Sentence(_("The year before the last twelve months brought nothing to compare with."))
    change = last / before - 1
    text = (
        _("The twelve months to {month} brought {amount}, {change} more than the twelve before.")
        if change >= 0
        else _("The twelve months to {month} brought {amount}, {change} less than the twelve before.")
    )
    return Sentence(text.format(month=month(frame.index[-1]), amount=money_short(last), change=percent(abs(change))))


def concentration(seen: Overview) -> Sentence:
    """Read the concentration picture: how much hangs on the tenth who spend most."""
    if len(seen.concentration) < 2:
        return Sentence(_("Nobody has ordered yet, so there is no revenue to share out."))
    return Sentence(_("The tenth of customers who spend most bring {share} of the revenue.").format(share=percent(seen.top_tenth_share)))


def retention(seen: Overview) -> Sentence:
    """Read the retention picture: do new customers come back?"""
    if 1 not in seen.retention or seen.retention[1].notna().sum() == 0:
        return Sentence(_("There is too little history to see whether new customers come back."))
    return Sentence(
        _("Of new customers, {share} order again in the quarter after their first order, on average.").format(
            share=percent(seen.retention[1].mean())
        )
    )


def heat(seen: Overview) -> Sentence:
    """Read the recency and frequency picture: one-off buyers, and those who fell silent."""
    total = seen.heat.to_numpy().sum()
    if not total:
        return Sentence(_("Nobody has ordered yet, so nobody is active or silent."))
    once = seen.heat.iloc[:, 0].sum() / total
    gone = seen.heat.iloc[4:, :].to_numpy().sum() / total
    return Sentence(
        _("{once} of the customers ordered once only; {gone} have not ordered for a year or longer.").format(
            once=percent(once), gone=percent(gone)
        )
    )
