"""Executed notebooks in, one self-contained HTML report out.

``merge`` takes what the notebooks show and puts it in the order a reader needs; ``AimExporter``, an
nbconvert exporter with a small template of our own, writes the page. The page is written from records,
checked when they are read back; what is not one of our records is shown as plain text or a picture, and no
HTML of a notebook is ever passed on. Nothing in the page asks the network for anything.
"""

from helpers.report.exporter import AimExporter, render
from helpers.report.merge import merge
from helpers.report.model import Chapter, Head, ReportRefused

__all__ = ["AimExporter", "Chapter", "Head", "ReportRefused", "merge", "render"]
