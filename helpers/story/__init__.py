"""What a notebook cell ends in: the records that a person reads, in JupyterLab and in the report.

Every record knows its ``to_html()`` (a fragment without style, script or id) and its ``to_text()`` (the
same content, readable). Its output carries ``metadata.aim.role``, by which the report recognises it.
All words of a caller are plain text: they are escaped here, once.
"""

from helpers.story.pictures import Picture
from helpers.story.records import Actions, Answer, HowSure, KeyFigures, Page, Reasoned, Record, Sentence
from helpers.story.tables import FORMATS, Table, show_ids

__all__ = [
    "FORMATS",
    "Actions",
    "Answer",
    "HowSure",
    "KeyFigures",
    "Page",
    "Picture",
    "Reasoned",
    "Record",
    "Sentence",
    "Table",
    "show_ids",
]
