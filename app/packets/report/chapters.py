"""Documents, chapters and blocks: what the report, the single forms and their DOCX are made of.

Plain data, so that it goes to the typesetter as JSON: every word and number is set as text,
never as markup.  Numbers carry Thai digits; `in_digits` changes a whole document at once.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from app.packets.report.tabular import Table


class Text(TypedDict):
    """Paragraphs."""

    kind: Literal["text"]
    paragraphs: list[str]


class TableBlock(TypedDict):
    """A table with its caption (`tabular.py`)."""

    kind: Literal["table"]
    table: Table


class Facts(TypedDict):
    """Label and value, line by line."""

    kind: Literal["facts"]
    rows: list[list[str]]


class Heading(TypedDict):
    """A heading inside a chapter; it stands in the contents and among the bookmarks.

    `level` 2 for a district or a centre, 3 below that.
    """

    kind: Literal["heading"]
    level: int
    text: str


class Signatures(TypedDict):
    """Places to sign, by title."""

    kind: Literal["signatures"]
    roles: list[str]


class Picture(TypedDict):
    """One photo.  `file` is its name below data/, or "" for a named empty frame."""

    file: str
    title: str
    alt: str
    lines: list[str]


class Pictures(TypedDict):
    """Photos, two, four or six to a page."""

    kind: Literal["pictures"]
    per_page: int
    items: list[Picture]


class Qr(TypedDict):
    """A QR code with what stands beside it."""

    kind: Literal["qr"]
    data: str
    lines: list[str]


Block = Text | TableBlock | Facts | Heading | Signatures | Pictures | Qr


class Chapter(TypedDict):
    """A numbered chapter.  `wide` lies across; `goes_on` is set without a new heading.

    `title` is a bookmark and a line of the contents.  `annex` stands at the top right, above the
    title ("สิ่งที่ส่งมาด้วย ๖"); the lines of `under` stand centred and bold below it.
    """

    title: str
    wide: bool
    goes_on: NotRequired[bool]
    annex: NotRequired[str]
    under: NotRequired[list[str]]
    blocks: list[Block]


class Cover(TypedDict):
    """The first page."""

    kind: str
    subject: list[str]
    quarter: str
    period: str
    scope: str
    office: str
    facts: list[list[str]]
    qr: NotRequired[str]


class Document(TypedDict):
    """What is set in one go.  `contents`: title, level (1 to 3) and page number of each line."""

    title: str
    author: str
    header: str
    watermark: str  # "" or who asked for an unmasked packet, and when
    digits: Literal["thai", "arabic"]
    unbroken: str  # a pattern of names that no line may break
    cover: Cover | None
    contents: list[tuple[str, int, int]] | None
    chapters: list[Chapter]


def in_digits(value: Any, digits: str) -> Any:
    """The same data with every Thai digit as an Arabic one, if `digits` is "arabic"."""
    if digits != "arabic":
        return value
    if isinstance(value, str):
        return value.translate(_ARABIC)
    if isinstance(value, dict):
        return {key: in_digits(each, digits) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [in_digits(each, digits) for each in value]
    return value


_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
