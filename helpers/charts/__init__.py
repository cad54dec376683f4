"""Pictures in the house style: every form takes plain numbers and returns a ``story.Picture``.

The colours, type and size live in ``theme``; the paper, the measuring of words and the writing of
the file in ``figure``. A room draws with these forms and adds none of its own style.
"""

from helpers.charts.bar_chart import bars
from helpers.charts.column_chart import columns
from helpers.charts.figure import blank, picture
from helpers.charts.heat_map import heatmap
from helpers.charts.line_chart import lines
from helpers.charts.scatter_plot import scatter, scatter_3d
from helpers.charts.share_chart import stacked_shares
from helpers.charts.theme import GREY, INK, LINE, SOFT, accent, kind_colours, use_accent

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
    "picture",
    "scatter",
    "scatter_3d",
    "stacked_shares",
    "use_accent",
]
