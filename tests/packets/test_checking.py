"""Checking: every file read once, what is right noted, what is wrong named - and nothing stops."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from app.packets.checking import check_files
from app.packets.frozen.content import Content, DocumentItem, Options, PhotoItem
from app.packets.jpeg import Shape, shape_of
from app.packets.parts import CheckedFile, GapFound, plan_parts
from app.photos.store import ORIGINALS, RENDITIONS
from app.shared.files import content_key
from app.shared.folder_store import FolderStore
from tests.packets.packet_lists import FolderSources, make_content, make_document, make_photo

VIEW, THUMB, ORIGINAL = b"view", b"thumb", b"original"


@pytest.fixture
def files(tmp_path: Path) -> FolderStore:
    """A file store."""
    return FolderStore(tmp_path / "store")


def picture(number: int = 0, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    colour = number if mode == "L" else (number, 90, 60, 0)[: len(mode)]
    Image.new(mode, size, colour).save(target, "JPEG")
    return target.getvalue()


def keep(files: FolderStore, prefix: str, data: bytes) -> str:
    return files.put_stream(prefix, io.BytesIO(data), max_bytes=1 << 30).sha256


@pytest.fixture
def photo(files: FolderStore, tmp_path: Path) -> PhotoItem:
    """A photo, all its files in the store."""
    original = b"as it came from the phone"
    folder = tmp_path / "unused"
    folder.mkdir()
    return replace(
        make_photo(FolderSources(folder)),
        view_sha256=keep(files, RENDITIONS, picture(1)),
        thumb_sha256=keep(files, RENDITIONS, picture(2, (8, 6))),
        original_sha256=keep(files, ORIGINALS, original),
        original_bytes=len(original),
        original_name="heic",
    )


def found(files: FolderStore, content: Content) -> tuple[list[CheckedFile], list[GapFound]]:
    every = [check_files(content, part, files) for part in plan_parts(content)]
    return [file for fs, _ in every for file in fs], [gap for _, gs in every for gap in gs]


def spoil(files: FolderStore, prefix: str, sha256: str | None, data: bytes | None) -> None:
    path = files.path(content_key(prefix, str(sha256)))
    path.unlink() if data is None else path.write_bytes(data)


def test_a_file_is_noted_with_all_that_a_copy_of_it_needs(
    files: FolderStore, photo: PhotoItem
) -> None:
    checked, gaps = found(files, make_content(photos=(photo,)))
    path = files.path(content_key(RENDITIONS, str(photo.view_sha256)))
    name = f"5601/5601-001/2024-02-13_visit_001_{photo.original_sha256[:8]}.jpg"

    assert gaps == []
    assert [file.name for file in checked] == [f"photos/{name}", f"thumbs/{name}"]
    assert checked[0] == CheckedFile(
        f"photos/{name}", "view", photo.id, content_key(RENDITIONS, str(photo.view_sha256)),
        hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size,
        zlib.crc32(path.read_bytes()), 40, 30, 3, path.stat().st_ctime_ns,
    )  # fmt: skip


def test_originals_go_along_when_the_list_asks_for_them(
    files: FolderStore, photo: PhotoItem
) -> None:
    content = make_content(photos=(photo,), options=Options(originals=True))
    checked, gaps = found(files, content)
    assert gaps == []
    assert checked[-1].kind == "original"
    assert checked[-1].name.startswith("originals/5601/5601-001/2024-02-13_visit_001_")
    assert checked[-1].name.endswith(".heic")
    assert checked[-1].sha256 == photo.original_sha256


CUT = picture(1)[:-2]
SPOILT = {
    "awaited": ({"state": "awaited"}, None),
    "unreadable": ({"state": "unreadable"}, None),
    "not_processed": ({"state": "received"}, None),
    "view_missing": ({}, (RENDITIONS, "view_sha256", None)),
    "view_changed": ({}, (RENDITIONS, "view_sha256", picture(7))),
    "thumb_missing": ({}, (RENDITIONS, "thumb_sha256", None)),
    "thumb_changed": ({}, (RENDITIONS, "thumb_sha256", b"")),
    "original_missing": ({}, (ORIGINALS, "original_sha256", None)),
}


@pytest.mark.parametrize("reason", SPOILT)
def test_what_is_wrong_with_a_photo_is_named_and_the_next_one_is_checked(
    files: FolderStore, photo: PhotoItem, reason: str
) -> None:
    facts, spoilt = SPOILT[reason]
    good_view = keep(files, RENDITIONS, picture(9))
    good = replace(photo, id="good", view_sha256=good_view, thumb_sha256=None)
    if spoilt:
        prefix, column, data = spoilt
        # its own file, so that the other photo's are as they were
        own = keep(files, prefix, picture(11) + reason.encode() + b"\xff\xd9")
        size = len(picture(11)) + len(reason) + 2
        facts = {**facts, column: own, **({"original_bytes": size} if prefix == ORIGINALS else {})}
        spoil(files, prefix, own, data)
    bad = replace(photo, id="bad", **facts)

    checked, gaps = found(files, make_content(photos=(bad, good)))

    assert [(gap.of, gap.reason) for gap in gaps] == [("bad", reason)]
    assert "good" in {file.of for file in checked}
    shown = {file.of for file in checked if file.kind == "view"}
    assert ("bad" in shown) is reason.startswith(("thumb", "original"))


def test_a_rendition_that_was_cut_when_it_was_made_is_damaged(
    files: FolderStore, photo: PhotoItem
) -> None:
    bad = replace(photo, view_sha256=keep(files, RENDITIONS, CUT))
    checked, gaps = found(files, make_content(photos=(bad,)))
    assert [gap.reason for gap in gaps] == ["view_damaged"]
    assert checked == []


def test_a_changed_original_is_found_when_it_should_go_along(
    files: FolderStore, photo: PhotoItem
) -> None:
    spoil(files, ORIGINALS, photo.original_sha256, b"as it came from the phonf")
    content = make_content(photos=(photo,), options=Options(originals=True))
    checked, gaps = found(files, content)
    assert [(gap.reason, gap.name.split("/")[0]) for gap in gaps] == [
        ("original_changed", "originals")
    ]
    assert {file.kind for file in checked} == {"view", "thumb"}


def test_a_folder_in_the_place_of_a_file_is_a_gap(files: FolderStore, photo: PhotoItem) -> None:
    path = files.path(content_key(RENDITIONS, str(photo.view_sha256)))
    path.unlink()
    path.mkdir()
    _checked, gaps = found(files, make_content(photos=(photo,)))
    assert [gap.reason for gap in gaps] == ["view_missing"]


@pytest.fixture
def document(files: FolderStore, tmp_path: Path) -> DocumentItem:
    """A received document, its file in the store."""
    folder = tmp_path / "unused-2"
    folder.mkdir()
    sha256 = keep(files, ORIGINALS, b"%PDF-1.7 an order")
    return replace(make_document(FolderSources(folder)), file_sha256=sha256, extension="pdf")


@pytest.mark.parametrize("reason", ["", "awaited", "document_missing", "document_changed"])
def test_a_document_goes_along_or_is_named(
    files: FolderStore, document: DocumentItem, reason: str
) -> None:
    if reason == "awaited":
        document = replace(document, state="awaited")
    elif reason:
        data = None if reason == "document_missing" else b"%PDF-1.7 an 0rder"
        spoil(files, ORIGINALS, document.file_sha256, data)

    checked, gaps = found(files, make_content(documents=(document,)))

    assert [gap.reason for gap in gaps] == ([reason] if reason else [])
    assert [file.kind for file in checked] == ([] if reason else ["document"])
    name = (checked or gaps)[0].name
    assert name.startswith("documents/5601/")
    assert name.endswith(".pdf")


def test_a_jpegs_shape_is_read_from_its_markers() -> None:
    for mode, channels in (("RGB", 3), ("L", 1)):
        data = picture(5, (321, 123), mode)
        assert shape_of(data, data[-2:]) == Shape(321, 123, channels)
    progressive = io.BytesIO()
    Image.new("RGB", (9, 7)).save(progressive, "JPEG", progressive=True, comment=b"x" * 60_000)
    assert shape_of(progressive.getvalue(), b"\xff\xd9") == Shape(9, 7, 3)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xc0", b"\xff\xd8\xff\xc0\x00\x11\x08\x00",
     b"\xff\xd8\xff" + b"\xff" * 50, b"\xff\xd8\xff\xe0\x00\x00" * 9, b"\x89PNG\r\n\x1a\n",
     picture(0, (4, 4), "CMYK"), picture(1)[:40]],
)  # fmt: skip
def test_what_a_pdf_cannot_show_has_no_shape(data: bytes) -> None:
    assert shape_of(data, b"\xff\xd9") is None
