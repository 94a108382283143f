"""The page's files: one HTML page, what it knows, and its scripts, style and typeface.

Same list, same bytes.  It opens from a folder (`file://`), so nothing is fetched, no script is
a module, and nothing outside the packet is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from app.packets.frozen.content import Content
from app.packets.index_page.data import books, gallery
from app.packets.index_page.html import page
from app.packets.parts import PartMade

PAGE = Path(__file__).parent / "page"
FONTS = Path(__file__).resolve().parents[3] / "static" / "dist" / "packet"
SCRIPTS = ("words.js", "large.js", "gallery.js", "map.js", "search.js", "start.js")
FONT_FILES = (
    "sarabun-thai-400.woff2", "sarabun-latin-400.woff2", "sarabun-thai-700.woff2",
    "sarabun-latin-700.woff2", "OFL.txt",
)  # fmt: skip


def index_chunks(
    content: Content, made: Sequence[PartMade], names: Sequence[str] = ()
) -> list[tuple[str, Iterable[bytes]]]:
    """Return data/index.html and what it needs, named below data/, to be written chunk by chunk.

    `names`: the other files of data/ (report.pdf, attachments/…, tables), which it links to.
    """
    return [
        ("index.html", page(content, made, names, SCRIPTS)),
        ("index/data.js", gallery(content, made)),
        ("index/books.js", books(content, made)),
        *((name, (data,)) for name, data in _standing()),
    ]


@cache
def _standing() -> tuple[tuple[str, bytes], ...]:
    """What is the same in every packet."""
    own = ((f"index/{name}", (PAGE / name).read_bytes()) for name in ("page.css", *SCRIPTS))
    fonts = ((f"index/{name}", (FONTS / name).read_bytes()) for name in FONT_FILES)
    return (*own, *fonts)
