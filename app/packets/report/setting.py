"""A document set by Typst: chapters in, a tagged archival PDF out, the same bytes each time.

Typst gets its data as one JSON string and can read nothing but the folder that holds the
template and the placeholder pictures (`placeholders.py`).  Every word is set as text.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno

from app.packets.parts import CheckedFile
from app.packets.report import typeset
from app.packets.report.chapters import Block, Document, Picture
from app.packets.report.placeholders import Placeholders
from app.packets.report.printed import printable

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "packets" / "report.typ"
FONT_FOLDER = Path(__file__).resolve().parents[3] / "static" / "dist" / "fonts"
PICTURES = "pictures.bin"  # the placeholders
FONTS = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")
# What Sarabun has, and the marks of where a line may break; the rest goes through `printable`.
_SETTABLE = re.compile(
    "[\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u017e\u0e01-\u0e3a\u0e3f-\u0e5b\u200b\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\u2212]*"
)
TIMEOUT_S = 100  # below the lease of 120 s; a part of 300 photos and 1,000 lines takes 3 s


class TypesettingFailed(Exception):
    """Typst wrote no PDF; says which document and what Typst said."""


def set_document(
    document: Document,
    folder: Path,
    name: str,
    *,
    pictures: Mapping[str, CheckedFile],
    fonts: Path = FONT_FOLDER,
    timestamp: int,
    numbered: bool = True,
) -> Path:
    """Set `document` as the PDF/A-2a `name` (a plain file name) in `folder`.

    `pictures` knows each photo by its name below data/; a picture whose file it does not know is
    a named empty frame.  `timestamp`: seconds since 1970, the only date inside.  Without
    `numbered`, pages carry no numbers and the headings' levels go along: pages for `binding`.

    Raises:
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
        subprocess.TimeoutExpired: it took longer than TIMEOUT_S.
    """
    if not all((fonts / needed).is_file() for needed in FONTS):
        raise TypesettingFailed(name, "fonts")  # Typst would leave every word out, and say nothing
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / f"{name}.set"
    root.mkdir()
    try:
        shutil.copyfile(TEMPLATE, root / TEMPLATE.name)
        shown = Placeholders()
        data = _view(document, shown, pictures) | {"numbered": numbered}
        (root / PICTURES).write_bytes(shown.data)
        _typeset(data, root, fonts, timestamp)
        (root / "pages.pdf").replace(folder / name)
    finally:
        shutil.rmtree(root)
    return folder / name


def headings(document: Document) -> list[tuple[str, int]]:
    """Every heading of the document and its level, in the order of its bookmarks."""
    found = []
    for chapter in document["chapters"]:
        if not chapter.get("goes_on"):
            found.append((chapter["title"], 1))
        for block in chapter["blocks"]:
            if block["kind"] == "heading":
                found.append((block["text"], block["level"]))
    return found


def _view(
    document: Document, shown: Placeholders, pictures: Mapping[str, CheckedFile]
) -> dict[str, Any]:
    chapters = [
        {**chapter, "blocks": [_block(block, shown, pictures) for block in chapter["blocks"]]}
        for chapter in document["chapters"]
    ]
    cover: dict[str, Any] | None = dict(document["cover"]) if document["cover"] else None
    if cover and cover.get("qr"):
        cover["svg"] = _qr(cover["qr"])
    levels = "".join(str(level) for _text, level in headings(document))
    whole = {**document, "chapters": chapters, "cover": cover}
    settable: dict[str, Any] = _printable(whole)
    return settable | {"levels": levels}


def _printable(value: Any) -> Any:
    """The same data without a character that the font lacks: Typst refuses all for one of them.

    What comes here was made printable before; this is for the one text that was forgotten.
    """
    if isinstance(value, str):
        return value if _SETTABLE.fullmatch(value) else printable(value, len(value))
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value


def _block(
    block: Block, shown: Placeholders, pictures: Mapping[str, CheckedFile]
) -> dict[str, Any]:
    if block["kind"] == "qr":
        return {**block, "svg": _qr(block["data"])}
    if block["kind"] != "pictures":
        return {**block}
    items = [_picture(item, shown, pictures.get(item["file"])) for item in block["items"]]
    return {**block, "items": items}


def _picture(item: Picture, shown: Placeholders, photo: CheckedFile | None) -> dict[str, Any]:
    if photo is None or photo.channels not in (1, 3):
        return {**item, "file": ""}
    ratio = photo.width / max(1, photo.height)
    return {**item, "place": shown.place(photo), "ratio": ratio}


def _qr(data: str) -> str:
    drawn = io.BytesIO()
    segno.make(data, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _typeset(data: dict[str, Any], root: Path, fonts: Path, timestamp: int) -> None:
    order = {
        "template": TEMPLATE.name,
        "output": "pages.pdf",
        "root": str(root),
        "fonts": str(fonts),
        "timestamp": timestamp,
        "data": data,
    }
    done = subprocess.run(
        [sys.executable, "-I", typeset.__file__],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
        # Our secrets are none of its business; one thread, for its neighbours work too.
        env={"RAYON_NUM_THREADS": "1"},
    )
    if done.returncode:
        raise TypesettingFailed(root.stem, done.stderr.decode(errors="replace")[-2000:])
