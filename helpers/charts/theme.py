"""The house style of every picture, in one place: colours, type, size.

The accent marks what the sentence speaks of; the rest is grey. Kinds get the colours of Okabe and
Ito, which people with any colour sight can tell apart; ordered values get one hue, light to dark.
"""

import seaborn

from helpers.story.colour import contrast, hexed, parts, readable

INK, SOFT, GREY, LINE, PAPER = "#1b1f23", "#5b6670", "#c3cad0", "#dfe4e8", "#ffffff"
DEFAULT_ACCENT = "#0b6e6e"
WIDTH_INCHES, DPI = 7.2, 144
TEXT_POINTS = 11  # at 7.2 inches on the page: as large as the text of a table
# Okabe and Ito (2008), Color Universal Design; its yellow and black are left out: too light, and ink.
KINDS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

_accent = DEFAULT_ACCENT

seaborn.set_theme(
    style="white",
    rc={
        "figure.dpi": DPI,
        "figure.facecolor": PAPER,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same picture on every machine
        **dict.fromkeys(("font.size", "axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize"), TEXT_POINTS),
        "text.color": INK,
        "axes.labelcolor": SOFT,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "axes.edgecolor": GREY,
        **dict.fromkeys(("axes.spines.top", "axes.spines.right", "axes.spines.left"), False),
        "grid.color": LINE,
        "axes.axisbelow": True,
        "text.parse_math": False,  # a client's "$" is money, never mathematics
    },
)


def use_accent(colour: str) -> str:
    """Set the accent ("#rrggbb") of all later pictures, darkened until its contrast on white is at least 4.5; return it."""
    global _accent
    _accent = readable(colour)
    return _accent


def accent() -> str:
    """Return the accent as "#rrggbb"."""
    return _accent


def on(ground: str) -> str:
    """Return ink, white or black: the first that reads well (4.5) on the ground."""
    return next((colour for colour in (INK, PAPER) if contrast(colour, ground) >= 4.5), "#000000")


def mix(colour: str, amount: float) -> str:
    """Return the colour thinned with white; ``amount`` 1 is the full colour, 0 is white."""
    return hexed(tuple(1 - amount * (1 - part) for part in parts(colour)))


def kind_colours(count: int) -> list[str]:
    """Return a colour per kind: at most six can be told apart, the rest is grey."""
    return [KINDS[at] if at < len(KINDS) else GREY for at in range(count)]
