"""The figure a picture is drawn on: its size, the measuring of words, and the file it becomes.

Nothing here touches pyplot's state: a figure is made, drawn on, written and forgotten.
"""

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from helpers.charts.theme import DPI, SOFT, TEXT_POINTS, WIDTH_INCHES
from helpers.core.wording import _
from helpers.story import Picture, figures_table

CSS_PIXELS = 96  # per inch, by definition
LINE_INCHES = TEXT_POINTS * 1.3 / 72
DESCENT_INCHES = TEXT_POINTS * 0.24 / 72  # how far a "y" hangs below its line
EDGE = 0.04  # inches that stay white at the rim
GAP = 0.08  # inches between a mark and its words
COLOURS = 128
Formatter = Callable[[float], str]


def blank(width_inches: float = WIDTH_INCHES, height_inches: float = 3.2) -> tuple[Figure, Axes]:
    """Return a figure and its axes in the house style, for a drawing of one's own.

    Write it with ``picture``. The axes fill the paper but for the room of the tick labels.
    """
    figure = Figure(figsize=(width_inches, height_inches), dpi=DPI, layout="constrained")
    return figure, figure.add_subplot()


def sheet(height_inches: float) -> tuple[Figure, Axes]:
    """Return a figure whose one axes is the paper itself, in inches from the upper left corner."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH_INCHES), ylim=(height_inches, 0))
    axes.axis("off")
    return figure, axes


def picture(figure: Figure, caption: str, alt: str, table: pd.DataFrame | None = None) -> Picture:
    """Return the figure as a picture: a small PNG, the same bytes every time.

    Parameters
    ----------
    figure : what was drawn.
    caption : what is drawn, unit, period.
    alt : what it says, for those who do not see it.
    table : the same figures for those who do not see them.
    """
    wide, high = (round(inches * CSS_PIXELS) for inches in figure.get_size_inches())
    return Picture(to_png(figure), caption, alt, wide, high, figures_table(table, caption) if table is not None else None)


def to_png(figure: Figure) -> bytes:
    """Return the figure as a PNG of at most 128 colours, without date or program name."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    file = io.BytesIO()
    _with_palette(np.asarray(canvas.buffer_rgba())[..., :3]).save(file, format="png")
    return file.getvalue()


def _with_palette(pixels: np.ndarray) -> Image.Image:
    """Return the picture in its most frequent colours, which stay exact; others become the nearest.

    Pillow's own quantisation moves the house's colours a little, and white with them.
    """
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    colour_of_pixel, distinct = pd.factorize(packed.ravel(), sort=True)
    count = np.bincount(colour_of_pixel)
    colours = np.column_stack([distinct >> 16 & 255, distinct >> 8 & 255, distinct & 255]).astype(np.int32)
    palette = colours[np.argsort(-count, kind="stable")[:COLOURS]]
    distance = np.zeros((len(colours), len(palette)), dtype=np.int32)  # squared, of every colour to those of the palette
    for channel in range(3):
        distance += (colours[:, None, channel] - palette[None, :, channel]) ** 2
    nearest = distance.argmin(axis=1).astype(np.uint8)
    image = Image.fromarray(nearest[colour_of_pixel.reshape(pixels.shape[:2])], mode="P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image


@lru_cache(maxsize=20_000)
def size_of(words: str, bold: bool = False, points: float = TEXT_POINTS) -> tuple[float, float]:
    """Return width and height of words in inches, as they will be drawn."""
    text = _measure.text(0, 0, words, fontsize=points, fontweight="bold" if bold else "normal")
    extent: Bbox = text.get_window_extent(_measure_renderer)
    text.remove()
    return extent.width / DPI, extent.height / DPI


_measure = Figure(figsize=(1, 1), dpi=DPI)
_measure_renderer = FigureCanvasAgg(_measure).get_renderer()


def width_of(words: str, bold: bool = False, points: float = TEXT_POINTS) -> float:
    """Return the width of words in inches."""
    return size_of(words, bold, points)[0]


def wrap(words: str, width_inches: float, bold: bool = False) -> str:
    """Return the words on as many lines as the width asks for; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in str(words).split():
        tried = f"{line} {word}".strip()
        if width_of(tried, bold) <= width_inches:
            line = tried
            continue
        lines += [line] if line else []
        *full, line = _broken(word, width_inches, bold)
        lines += full
    return "\n".join([*lines, line])


def _broken(word: str, width_inches: float, bold: bool) -> list[str]:
    pieces, piece, wide = [], "", 0.0
    for letter in word:
        step = width_of(letter, bold)
        if piece and wide + step > width_inches:
            pieces.append(piece)
            piece, wide = "", 0.0
        piece, wide = piece + letter, wide + step
    return [*pieces, piece]


def level(words: str) -> str:
    """Return the vertical alignment that puts words level with a mark, whatever letters they have."""
    return "center" if "\n" in words else "center_baseline"


def write(axes: Axes, x: float, y: float, words: str, side: str = "left", colour: str = SOFT, bold: bool = False) -> None:
    """Write a name on a ``sheet``, on one line or more, level with a mark; its ``side`` ("left" or "right") stands at ``x``."""
    axes.text(x, y, words, ha=side, va=level(words), color=colour, fontweight="bold" if bold else "normal", linespacing=1.2)


def spread(wanted: Sequence[float], gap: float | Sequence[float], low: float, high: float) -> list[float]:
    """Return middles near the wanted ones, for things ``gap`` tall that stay within low and high.

    Where they cannot all fit, they stand close together and rise above ``low``.
    """
    gaps = list(gap) if isinstance(gap, Sequence) else [gap] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    placed = [0.0] * len(wanted)
    edge = low
    for at in order:
        placed[at] = max(wanted[at], edge + gaps[at] / 2)
        edge = placed[at] + gaps[at] / 2
    ceiling = high
    for at in reversed(order):
        placed[at] = min(placed[at], ceiling - gaps[at] / 2)
        ceiling = placed[at] - gaps[at] / 2
    return placed


def describe(caption: str, labels: Sequence[str], values: Sequence[float], formatter: Formatter) -> str:
    """Return the alternative text: caption, number of marks, largest and smallest."""
    known = [(value, label) for value, label in zip(values, labels, strict=True) if value == value]
    if not known:
        return _("{caption}: no figures to show.").format(caption=caption)
    (low, lowest), (high, highest) = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
    if len(known) == 1:
        return _("{caption}: {label} {value}.").format(caption=caption, label=highest, value=formatter(high))
    return _("{caption}: {n} figures; largest {highest} ({high}), smallest {lowest} ({low}).").format(
        caption=caption, n=len(known), highest=highest, high=formatter(high), lowest=lowest, low=formatter(low)
    )
