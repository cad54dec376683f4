"""The pictures of the web personas."""

import io
from pathlib import Path

import matplotlib
import pandas as pd
from PIL import Image
from wordcloud import WordCloud

from helpers import charts
from helpers.analyses.personas.result import Result
from helpers.core.wording import _, listing, number, percent
from helpers.story import Picture, figures_table

WIDE, HIGH, CSS = 1036, 432, 691  # pixels of the file, and its width on the page
# DejaVu Sans comes with matplotlib: the same cloud on every machine.
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def cloud(result: Result, segment: int) -> Picture:
    """Draw the words that mark a segment; size is how clearly they mark it, not how often they occur.

    Parameters
    ----------
    result : the segments.
    segment : number of the segment, from 1.
    """
    words = result.words[result.words["segment"] == segment]
    name = result.name_of(segment)
    caption = _("Words that mark “{name}” (size: how clearly, compared with the other visitors)").format(name=name)
    if words.empty:
        alt = _("No word marks the segment “{name}”.").format(name=name)
        return Picture(_png(Image.new("RGB", (WIDE, 60), "white")), caption, alt, CSS, 40)
    first = listing(words["word"].head(5).tolist())
    alt = _("Word cloud of “{name}”. Its {n} strongest words are {words}.").format(name=name, n=number(min(5, len(words))), words=first)
    drawing = _layout(dict(zip(words["word"], words["strength"], strict=True)))
    table = pd.DataFrame(
        {
            _("Word"): words["word"].to_numpy(),
            _("Seen by this segment"): [percent(share) for share in words["share"]],
            _("Seen by the others"): [percent(share) for share in words["others"]],
        }
    )
    return Picture(_png(drawing), caption, alt, CSS, round(CSS * HIGH / WIDE), figures_table(table, caption))


def _layout(strength: dict[str, float]) -> Image.Image:
    top = sorted(strength, key=lambda word: (-strength[word], word))[:5]
    cloud = WordCloud(
        width=WIDE,
        height=HIGH,
        font_path=str(FONT),
        background_color="white",
        prefer_horizontal=1.0,
        relative_scaling=0.5,
        max_font_size=96,
        min_font_size=15,
        margin=6,
        random_state=1,
        color_func=lambda word, **_: charts.accent() if word in top else "#5b6670",
    )
    return cloud.generate_from_frequencies({word: strength[word] for word in sorted(strength)}).to_image()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Few colours and no dithering make a small file.
    small = image.convert("RGB").quantize(64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(out, format="png", optimize=True)
    return out.getvalue()


def clouds(result: Result) -> list[Picture]:
    """Draw the word cloud of every segment, the largest segment first."""
    return [cloud(result, segment) for segment in result.profile["segment"]]


def sizes(result: Result) -> Picture:
    """Draw how many visitors each segment has."""
    caption = _("Visitors per segment")
    return charts.bars(result.profile["name"], result.profile["visitors"], caption=caption, formatter=number)


def conversion(result: Result) -> Picture | None:
    """Draw the conversion of each segment with its interval; None where no outcome is known."""
    profile = result.profile
    if not result.quality["outcomes_known"]:
        return None
    caption = _("Share of visitors who convert, per segment, with the likely range (95 %)")
    best = int(profile["conversion"].argmax())
    return charts.bars(
        profile["name"],
        profile["conversion"],
        caption=caption,
        highlight=best,
        formatter=lambda value: percent(value, 1),
        low=profile["low"],
        high=profile["high"],
    )


def times(result: Result) -> Picture:
    """Draw when each segment comes."""
    frame = result.times.copy()
    frame.index = result.profile.set_index("segment").loc[frame.index, "name"]
    frame.columns = [_part_of_week(name) for name in frame.columns]
    return charts.heatmap(frame, caption=_("Page views by part of the week, per segment"), formatter=percent)


def _part_of_week(name: str) -> str:
    names = {
        "weekday night": _("weekday night"),
        "weekday morning": _("weekday morning"),
        "weekday afternoon": _("weekday afternoon"),
        "weekday evening": _("weekday evening"),
        "weekend night": _("weekend night"),
        "weekend morning": _("weekend morning"),
        "weekend afternoon": _("weekend afternoon"),
        "weekend evening": _("weekend evening"),
    }
    return names.get(name, name)


def devices(result: Result) -> Picture | None:
    """Draw on what each segment comes; None where the device is not known."""
    if result.devices.empty or not len(result.devices.columns):
        return None
    frame = result.devices.copy()
    frame.index = result.profile.set_index("segment").loc[frame.index, "name"]
    return charts.stacked_shares(frame, caption=_("Devices per segment, share of visitors"))


def accuracy(result: Result) -> Picture:
    """Draw how often the site would be right after 1, 2 and 3 pages."""
    table = result.check.table
    labels = [_("after {n} pages").format(n=number(n)) if n > 1 else _("after 1 page") for n in table["pages"]]
    caption = _("How often personal content fits what is looked at next, by pages seen (95 % range)")
    return charts.bars(labels, table["accuracy"], caption=caption, formatter=percent, low=table["low"], high=table["high"])
