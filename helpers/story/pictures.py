"""A picture that is read as well as seen: caption, alternative text, and the same figures."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator

from helpers.core.wording import _
from helpers.story.base import NOTEBOOK, Place, Record, attribute, escape, section
from helpers.story.text_table import TextTable

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"  # the first eight bytes of every file (PNG specification, 5.2)


def checked_png(content: bytes) -> bytes:
    """Return the content of a picture that was read back (ValueError where it is not a PNG)."""
    if not content.startswith(_PNG_SIGNATURE):
        raise ValueError("not a PNG")
    return content


def framed_image(png: bytes, alt: str, size: str = "") -> str:
    """Return a PNG as an image inside the page; ``size`` holds attributes."""
    source = "data:image/png;base64," + b64encode(png).decode("ascii")
    return f'<div class="aim-frame"><img src="{source}" alt="{attribute(alt)}"{size}></div>'


@dataclass(frozen=True)
class Picture(Record):
    """A picture with its caption.

    Parameters
    ----------
    png : the picture, as PNG.
    caption : what is drawn, unit, period; stands above the picture.
    alt : what the picture says, for those who do not see it; never empty.
    width, height : size on the page, in CSS pixels (the file may hold more pixels).
    table : the same figures, see ``figures_table``.

    Raises
    ------
    ValueError : the alternative text is empty.
    """

    png: Annotated[bytes, AfterValidator(checked_png)]
    caption: str
    alt: str
    width: int
    height: int
    table: TextTable | None = None
    kind: Literal["picture"] = field(default="picture", kw_only=True)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a picture needs an alternative text: one sentence that says what it shows")

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the figure with its caption, and the figures it draws in closed details."""
        image = framed_image(self.png, self.alt, f' width="{self.width}" height="{self.height}"')
        return section(self.kind, f"<figure><figcaption>{escape(self.caption)}</figcaption>{image}{self._figures()}</figure>")

    def _figures(self) -> str:
        if self.table is None:
            return ""
        summary = f"<summary>{escape(_('Show the figures'))}</summary>"
        table = self.table.bare_html(hide_caption=True)
        return f'<details class="aim-data">{summary}<div class="aim-scroll">{table}</div></details>'

    def to_text(self) -> str:
        """Return caption and alternative text."""
        return f"{self.caption}\n{self.alt}"
