"""Values over time: lines with their names at their ends."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.charts.figure import EDGE, GAP, LINE_INCHES, Formatter, picture, sheet, spread, width_of, wrap, write
from helpers.charts.plot_area import AXIS_INCHES, PlotArea, rim, ticks, x_axis, y_axis
from helpers.charts.theme import GREY, SOFT, WIDTH_INCHES, accent, kind_colours
from helpers.core.wording import _, day, month_short, number
from helpers.story import Picture

NAME_INCHES = 1.7
TELLABLE = 6  # series that colours can tell apart


def lines(
    frame: pd.DataFrame,
    *,
    caption: str,
    highlight: str | None = None,
    formatter: Formatter = number,
    bands: Mapping[str, tuple[pd.Series, pd.Series]] | None = None,
) -> Picture:
    """Return one line per column, named at its end.

    Parameters
    ----------
    frame : index of dates (or numbers), one column per series; NaN breaks a line.
    caption : what is drawn, unit, period.
    highlight : the series the sentence speaks of: it has the accent, the others are grey.
    formatter : value to words at the ticks.
    bands : series to (low, high), drawn as a light band behind its line.
    """
    frame = frame.sort_index()
    if isinstance(frame.index, pd.PeriodIndex):
        frame = frame.set_axis(frame.index.to_timestamp())
    series = [str(name) for name in frame.columns]
    colours = _colours(series, highlight)
    values = frame.to_numpy(dtype=float)
    # The ends of a band may be beyond every line: they belong to the field as well.
    reach = [values.ravel(), *(np.asarray(end, float) for pair in (bands or {}).values() for end in pair)]
    tick_values = ticks(*rim(np.concatenate(reach)))
    tick_labels = [formatter(value) for value in tick_values]
    names = [wrap(name, NAME_INCHES, name == highlight) for name in series]
    tall = [LINE_INCHES * (1 + name.count("\n")) for name in names]
    height = max(3.2, sum(tall) + AXIS_INCHES + 2 * LINE_INCHES)
    x = _numbers(frame.index)
    right = WIDTH_INCHES - EDGE - max((width_of(n, True) for n in names), default=0) - GAP
    area = PlotArea(
        EDGE + max(width_of(label) for label in tick_labels) + GAP,
        right,
        LINE_INCHES,
        height - AXIS_INCHES,
        rim(x),
        (tick_values[0], tick_values[-1]),
    )
    figure, axes = sheet(height)
    y_axis(axes, area, tick_values, tick_labels)
    x_axis(axes, area, list(x), _when(frame.index))
    for name, (low, high) in (bands or {}).items():
        colour = colours[series.index(str(name))]
        axes.fill_between(
            area.across(x), area.up(np.asarray(low, float)), area.up(np.asarray(high, float)), color=colour, alpha=0.18, linewidth=0
        )
    for at, name in enumerate(series):
        _line(axes, area.across(x), area.up(values[:, at]), colours[at], name == highlight)
    _names(axes, area, values, names, tall, colours, series.index(highlight) if highlight else None)
    table = frame.apply(lambda column: [formatter(v) for v in column]).reset_index(drop=True)
    table.insert(0, _("When"), _when(frame.index), allow_duplicates=True)
    return picture(figure, caption, _alt(frame, caption, formatter, highlight), table)


def _colours(series: list[str], highlight: str | None) -> list[str]:
    if highlight is not None:
        return [accent() if name == highlight else GREY for name in series]
    if len(series) == 1:
        return [accent()]
    return kind_colours(len(series)) if len(series) <= TELLABLE else [GREY] * len(series)


def _numbers(index: pd.Index) -> np.ndarray:
    if len(index) and isinstance(index[0], date):
        return pd.DatetimeIndex(index).to_numpy().astype("datetime64[D]").astype(float)
    return index.to_numpy(dtype=float)


def _when(index: pd.Index) -> list[str]:
    if not len(index) or not isinstance(index[0], date):
        return [number(value) for value in index]
    months = [month_short(value) for value in index]
    return months if len(set(months)) == len(months) else [day(value) for value in index]


def _line(axes: Axes, x: np.ndarray, y: np.ndarray, colour: str, chosen: bool) -> None:
    known = np.isfinite(y)
    wide, level = (2.4, 4) if chosen else (1.8, 3)
    axes.plot(x, y, color=colour, linewidth=wide, zorder=level, solid_capstyle="round")
    alone = known & ~np.r_[False, known[:-1]] & ~np.r_[known[1:], False]
    axes.plot(x[alone], y[alone], "o", color=colour, markersize=5, zorder=level)


def _names(axes: Axes, area: PlotArea, values, names, tall, colours, marked: int | None) -> None:
    """Write each name beside the last known point of its line, moved where names would touch."""
    known = [at for at in range(len(names)) if np.isfinite(values[:, at]).any()]
    wanted = [float(area.up(values[np.isfinite(values[:, at]), at][-1])) for at in known]
    places = spread(wanted, [tall[at] for at in known], area.top - LINE_INCHES, area.bottom + GAP)
    for at, y in zip(known, places, strict=True):
        write(axes, area.right + GAP, y, names[at], "left", SOFT if colours[at] == GREY else colours[at], at == marked)


def _alt(frame: pd.DataFrame, caption: str, formatter: Formatter, highlight: str | None) -> str:
    """Return first and last value per line; of many lines only the one that is spoken of."""
    sentences = []
    when = _when(frame.index)
    for name in [highlight] if highlight else list(frame.columns)[:TELLABLE]:
        known = [(at, value) for at, value in enumerate(frame[name].astype(float)) if np.isfinite(value)]
        if known:
            (start, first), (stop, last) = known[0], known[-1]
            sentence = _("{name} goes from {first} ({start}) to {last} ({stop})")
            sentences.append(sentence.format(name=name, first=formatter(first), start=when[start], last=formatter(last), stop=when[stop]))
    if not sentences:
        return _("{caption}: no figures to show.").format(caption=caption)
    return f"{caption}: {'; '.join(sentences)}."
