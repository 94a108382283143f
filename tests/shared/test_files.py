"""Files: complete or absent, named by content, never outside their folder."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from app.shared.files import FileEmpty, FileTooLarge
from app.shared.folder_store import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def _all_files(store: FolderStore) -> list[str]:
    return [p.name for p in store.root.rglob("*") if p.is_file()]


def test_bytes_lie_under_the_digest_the_server_computed(store: FolderStore) -> None:
    data = bytes(range(256)) * 9_000
    stored = store.put_stream("originals", BytesIO(data), max_bytes=10_000_000)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.key == f"originals/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"
    assert store.read(stored.key) == data
    assert (stored.size_bytes, stored.head) == (len(data), data[:65536])


def test_the_same_bytes_are_kept_once(store: FolderStore) -> None:
    first = store.put_stream("originals", BytesIO(b"once"), max_bytes=10)
    again = store.put_stream("originals", BytesIO(b"once"), max_bytes=10)
    assert first == again
    assert len(_all_files(store)) == 1


@pytest.mark.parametrize(("data", "refusal"), [(b"", FileEmpty), (b"x" * 11, FileTooLarge)])
def test_a_refused_stream_leaves_nothing_behind(
    store: FolderStore, data: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        store.put_stream("originals", BytesIO(data), max_bytes=10)
    assert _all_files(store) == []


def test_a_line_that_breaks_leaves_nothing_behind(store: FolderStore) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("connection reset")
            return super().read(5)

    with pytest.raises(OSError, match="reset"):
        store.put_stream("originals", Broken(b"never whole"), max_bytes=100)
    assert _all_files(store) == []


def test_a_file_being_written_is_not_there_yet(store: FolderStore) -> None:
    with pytest.raises(RuntimeError), store.writing("packets/a.zip") as target:
        target.write(b"half")
        assert not store.exists("packets/a.zip")
        raise RuntimeError
    assert _all_files(store) == []


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../../x", "a\\b", "a\0b"])
def test_a_key_cannot_leave_the_store(store: FolderStore, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        store.path(key)
