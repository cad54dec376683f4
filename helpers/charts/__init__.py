"""Pictures in the house style: every form takes plain numbers and returns a ``story.Picture``.

The colours, type and size live in ``theme``; the paper, the measuring of words and the writing of
the file in ``paper``. A room draws with these forms and adds none of its own style.
"""

from .grid import heatmap
from .height import columns
from .length import bars
from .paper import blank, picture
from .points import scatter
from .shares import stacked_shares
from .space import scatter_3d
from .theme import GREY, INK, LINE, SOFT, accent, kind_colours, ordered_colours, use_accent
from .time import lines

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
