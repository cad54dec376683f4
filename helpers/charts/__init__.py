"""Pictures in the house style: every form takes plain numbers and returns a ``story.Picture``.

The colours, type and size live in ``theme``; the paper, the measuring of words and the writing of
the file in ``paper``. A room draws with these forms and adds none of its own style.
"""

from helpers.charts.grid import heatmap
from helpers.charts.height import columns
from helpers.charts.length import bars
from helpers.charts.paper import blank, picture
from helpers.charts.points import scatter
from helpers.charts.shares import stacked_shares
from helpers.charts.space import scatter_3d
from helpers.charts.theme import GREY, INK, LINE, SOFT, accent, kind_colours, ordered_colours, use_accent
from helpers.charts.time import lines

__all__ = [
    "GREY",
    "INK",
    "LINE",
    "SOFT",
    "accent",
    "bars",
    "blank",
    "columns",
    "heatmap",
    "kind_colours",
    "lines",
    "ordered_colours",
    "picture",
    "scatter",
    "scatter_3d",
    "stacked_shares",
    "use_accent",
]
