"""Executed notebooks in, one self-contained HTML report out.

``merge`` takes what the notebooks show and puts it in the order a reader needs; ``AimExporter``, an
nbconvert exporter with a small template of our own, writes the page. Nothing in the page asks the
network for anything, and nothing that is not one of our records is passed on as HTML.
"""

from helpers.report.exporter import AimExporter, render
from helpers.report.fragments import Foreign
from helpers.report.merge import merge
from helpers.report.model import Chapter, Head, ReportRefused

__all__ = ["AimExporter", "Chapter", "Foreign", "Head", "ReportRefused", "merge", "render"]
