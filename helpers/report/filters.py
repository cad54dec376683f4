"""What the template asks for: the cells of a merged notebook as HTML for their place on the page."""

from html import escape

import mistune
from nbformat import NotebookNode

from helpers.report.reading import read_output
from helpers.story import Place


def record_html(cell: NotebookNode, level: int) -> str:
    """Return what a cell that ``merge`` made shows, below a chapter's heading of a level (1 for the summary)."""
    where = cell.metadata.aim.place
    place = Place(
        answer_level=level + 1, part_level=level + 1, heading_above=where == "lead", unfolded=where == "sure", first_page=level == 1
    )
    return "".join(record.to_html(place) for record in read_output(cell.outputs[0], ""))


def prose(source: str, level: int = 4) -> str:
    """Return Markdown as HTML: words only, without raw HTML, links and pictures; all headings at ``level``."""
    html = mistune.create_markdown(renderer=_Words(level), plugins=["table"])(source)
    return str(html).strip()


class _Words(mistune.HTMLRenderer):
    """Writes prose; a link keeps its words and loses its address, a picture keeps its words."""

    def __init__(self, level: int):
        super().__init__(escape=True)
        self._level = level

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Return every heading at the one level that fits its place."""
        return f"<h{self._level}>{text}</h{self._level}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a block of code as plain text, whatever language it claims to be."""
        return f"<pre>{escape(code)}</pre>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell; mistune aligns it with an inline style, which the page's content policy refuses."""
        tag = "th" if head else "td"
        side = ' class="aim-number"' if align == "right" else ""
        return f"  <{tag}{side}>{text}</{tag}>\n"
