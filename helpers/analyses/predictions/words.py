"""Names of events, methods and statuses as people read them."""

from __future__ import annotations

from helpers.core.wording import _

_EVENTS = {
    "buy_again": (lambda: _("buying again"), lambda: _("Buying again")),
    "leave": (lambda: _("leaving"), lambda: _("Leaving")),
    "next_segment": (lambda: _("rising to a higher value band"), lambda: _("Rising to a higher value band")),
}
_METHODS = {
    "logistic": lambda: _("the model (logistic regression)"),
    "boosting": lambda: _("the model (boosted trees)"),
    "recency only": lambda: _("days since the last order only"),
    "frequency only": lambda: _("number of orders only"),
    "as last year": lambda: _("as in the same weeks last year"),
}
_STATUSES = {
    "new": lambda: _("new"),
    "loyal": lambda: _("loyal"),
    "hesitant": lambda: _("hesitant"),
    "about to leave": lambda: _("about to leave"),
    "gone": lambda: _("gone"),
    "": lambda: _("not known before"),
}


def event_name(event: str, start: bool = False) -> str:
    """Return an event in words; ``start`` for the first words of a sentence."""
    return _EVENTS[event][int(start)]()


def method_name(method: str) -> str:
    """Return a method in words."""
    return _METHODS[method]()


def status_name(status: str) -> str:
    """Return a status in words."""
    return _STATUSES[status]()
