"""How sure the comparison of channels is, and how it was computed, in words."""

from helpers.analyses.channels.result import Channels
from helpers.core.results import Verdict
from helpers.core.wording import _, number, percent
from helpers.story import HowSure


def verdict(result: Channels) -> Verdict:
    """Return whether customers shift between channels more than chance gives."""
    if result.movement is None:
        return Verdict("caution", _("movement unknown"))
    return Verdict("go", _("more than chance")) if result.claimed is not None else Verdict("caution", _("no shift shown"))


def how_sure(result: Channels) -> HowSure:
    """Return method, checks and limits."""
    return HowSure({_("Method"): _method(), _("Checks"): _checks(result), _("Limits"): [*result.notes, *_limits()]})


def _method() -> list[str]:
    return [
        _("A customer's main channel is the one with more than half of the purchases in a period."),
        _("Chance, several channels: all purchases of a month are dealt over its channels at random."),
        _("Chance, movement: every customer keeps all purchases, and which of them came first is drawn at random."),
        _("A shift of a channel is claimed when a sign-flip test over the customers is significant at 5 %, all channels together."),
    ]


def _checks(result: Channels) -> list[str]:
    quality = result.quality
    checks = [
        _("The channel is recorded for {share} of {n} purchases.").format(
            share=percent(quality["share_recorded"], 1), n=number(quality["purchases"])
        )
    ]
    if result.movement is not None:
        text = _("{moved} of {n} customers went from one main channel to another; with unchanged habits it would be {low} to {high}.")
        checks.append(
            text.format(
                moved=number(result.movement.moved),
                n=number(result.movement.customers),
                low=number(result.movement.moved_low),
                high=number(result.movement.moved_high),
            )
        )
    return checks


def _limits() -> list[str]:
    return [
        _("Who buys in several channels was not told to: the figures say what goes together, not what a second channel would bring."),
        _("Browsing in one channel and buying in another is not seen: only the channel of the order is."),
        _("Of the steps between two channels in the table some lie outside chance by chance."),
    ]
