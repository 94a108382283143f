"""Both stores keep the same promises, and a bucket keeps them when it fails."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.shared.bucket import BucketBroken
from app.shared.bucket_store import GOING, BucketStore
from app.shared.clock import now
from app.shared.files import FileEmpty, FileStore, FileTooLarge
from app.shared.stores import store_at
from tests.packets.bucket import KEY, NAME, SECRET
from tests.plugins.fault_proxy import Fault, FaultProxy

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LARGE = os.urandom(9 * 1024 * 1024)  # two parts
FULL = (
    b"HTTP/1.1 507 Insufficient Storage\r\nContent-Type: application/xml\r\n"
    b"Content-Length: 56\r\nConnection: close\r\n\r\n"
    b"<Error><Code>XMinioStorageFull</Code></Error>           "
)
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def bucket_at(url: str, folder: Path, secret: str = SECRET) -> BucketStore:
    found = store_at(url, folder / "files", folder / "scratch", key=KEY, secret=secret)
    assert isinstance(found, BucketStore)
    return found


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "bucket":
        return bucket_at(request.getfixturevalue("bucket_url"), tmp_path)
    return store_at("", tmp_path / "files", tmp_path / "scratch")


@pytest.fixture
def bucket(bucket_url: str, tmp_path: Path) -> BucketStore:
    return bucket_at(bucket_url, tmp_path)


@pytest.fixture
def line(bucket_server: str, make_fault_proxy: Callable[[str], FaultProxy]) -> FaultProxy:
    """A line to the bucket that can be broken."""
    return make_fault_proxy(bucket_server)


@pytest.fixture
def far(line: FaultProxy, bucket: BucketStore, tmp_path: Path, hurry: None) -> BucketStore:
    """The same bucket over that line."""
    prefix = bucket.bucket.address.prefix
    return bucket_at(f"s3://{NAME}/{prefix}?endpoint={line.address}", tmp_path / "far")


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a bucket that says nothing."""
    monkeypatch.setattr("app.shared.bucket.READ_S", 1)
    monkeypatch.setattr("app.shared.bucket.TRIES", 1)


def names(store: FileStore) -> list[str]:
    return [each.key for each in store.keys("")]


# ---- what both do ------------------------------------------------------------------------


def test_a_stream_lies_under_its_digest_whatever_its_size(store: FileStore) -> None:
    for data in (b"small", LARGE):
        stored = store.put_stream("originals", BytesIO(data), max_bytes=10_000_000)
        digest = hashlib.sha256(data).hexdigest()
        assert stored.key == f"originals/{digest[:2]}/{digest[2:4]}/{digest}"
        assert store.read(stored.key) == data
        assert store.size(stored.key) == len(data)


@pytest.mark.parametrize(("data", "refusal"), [(b"", FileEmpty), (b"x" * 11, FileTooLarge)])
def test_what_is_refused_leaves_nothing(
    store: FileStore, data: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        store.put_stream("originals", BytesIO(data), max_bytes=10)
    assert names(store) == []


def test_a_file_being_written_is_not_there_yet_and_never_after_an_error(store: FileStore) -> None:
    with pytest.raises(ZeroDivisionError), store.writing("packets/one/1.zip") as target:
        target.write(b"half")
        assert not store.exists("packets/one/1.zip")
        raise ZeroDivisionError
    assert names(store) == []


def test_keys_are_told_in_order_below_a_folder_and_nowhere_beside(store: FileStore) -> None:
    for key in ("b/2", "b/1", "bb/1", "a/x/y"):
        store.put_bytes(key, key.encode())
    assert names(store) == ["a/x/y", "b/1", "b/2", "bb/1"]
    assert [(each.key, each.size_bytes) for each in store.keys("b")] == [("b/1", 3), ("b/2", 3)]
    assert all(abs(now() - each.changed_at) < timedelta(hours=1) for each in store.keys(""))


def test_a_stretch_a_copy_and_a_look_into_the_middle(store: FileStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(LARGE)
    store.put_file(source, "packets/one/1.zip")
    assert b"".join(store.stream("packets/one/1.zip", 10, 5_000_010)) == LARGE[10:5_000_010]
    with store.local("packets/one/1.zip") as path:
        assert path.read_bytes() == LARGE
    with store.open("packets/one/1.zip") as file:
        file.seek(-100, os.SEEK_END)
        assert file.read() == LARGE[-100:]
    for ask in (store.read, store.open, lambda key: store.local(key).__enter__()):
        with pytest.raises(FileNotFoundError):
            ask("packets/none/1.zip")


def test_removing_beside_leaves_what_lies_deeper(store: FileStore) -> None:
    for key in ("packets/a/1.zip", "packets/a/parts/1.pdf", "packets/b/1.zip"):
        store.put_bytes(key, b"x")
    store.delete_beside("packets/a")
    assert names(store) == ["packets/a/parts/1.pdf", "packets/b/1.zip"]
    store.delete_below("packets/a")
    assert names(store) == ["packets/b/1.zip"]


@pytest.mark.parametrize("key", ["", "../x", "a/../../x", "/x", "a\\b", "a\0b"])
def test_a_key_cannot_leave_the_store(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="plain key"):
        store.put_bytes(key, b"x")


# ---- throwing away while the same bytes come again -----------------------------------------


def test_what_was_stored_again_stays_and_what_is_old_goes(store: FileStore) -> None:
    stored = store.put_stream("originals", BytesIO(b"once"), max_bytes=10)
    assert not store.discard(stored.key, untouched_since=LONG_AGO)
    assert store.discard(stored.key, untouched_since=now() + timedelta(minutes=1))
    assert not store.discard(stored.key, untouched_since=now() + timedelta(minutes=1))
    assert names(store) == []


def test_whoever_stores_while_the_same_bytes_go_stores_them_again(
    bucket: BucketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: stored after the other has looked, and deleted by the other after that."""
    key = bucket.put_stream("originals", BytesIO(b"once"), max_bytes=10).key
    inner, told = bucket.bucket.delete, []

    def late(gone: str) -> None:
        if gone == key and not told:
            other = iter([True])
            listed = bucket.bucket.listed

            def look(prefix: str) -> Iterator[object]:
                found = list(listed(prefix))
                if next(other, False):
                    assert found, "the mark was not there to be seen"
                    inner(key)  # the delete that was on its way arrives after our PUT
                    inner(found[0].key)
                return iter(found)

            monkeypatch.setattr(bucket.bucket, "listed", look)
            told.append(bucket.put_stream("originals", BytesIO(b"once"), max_bytes=10).key)
            return
        inner(gone)

    monkeypatch.setattr(bucket.bucket, "delete", late)
    bucket.discard(key, untouched_since=now() + timedelta(minutes=1))
    assert told == [key]
    assert bucket.read(key) == b"once"


def test_a_mark_whose_maker_died_holds_nobody_up_for_ever(
    bucket: BucketStore, bucket_url: str
) -> None:
    key = bucket.put_stream("originals", BytesIO(b"once"), max_bytes=10).key
    mark = f"{GOING}/{key}/left"
    bucket.put_bytes(mark, b"going")
    with pytest.raises(BucketBroken):
        bucket.put_stream("originals", BytesIO(b"once"), max_bytes=10)
    old = (now() - timedelta(minutes=11)).timestamp()
    os.utime(bucket.path(mark), (old, old))  # type: ignore[attr-defined]
    bucket.put_stream("originals", BytesIO(b"once"), max_bytes=10)
    bucket.tidy(now() - timedelta(minutes=1))
    assert names(bucket) == [key]


# ---- a bucket that fails ---------------------------------------------------------------------


def test_a_wrong_secret_is_told_and_not_shown(bucket_url: str, tmp_path: Path) -> None:
    store = bucket_at(bucket_url, tmp_path, "another-secret")
    with pytest.raises(BucketBroken) as said:
        store.put_stream("originals", BytesIO(b"x"), max_bytes=10)
    assert "another-secret" not in str(said.value)
    assert not store.ready()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("answer", answer=BROKEN, times=99),
        Fault("answer", answer=FULL, times=99),
        Fault("silence", 300_000, times=99),
        Fault("reset", 300_000, times=99),
    ],
    ids=["500", "full", "hangs", "cut"],
)
@pytest.mark.parametrize("data", [LARGE[:1_000_000], LARGE], ids=["one", "parts"])
def test_what_fails_on_its_way_in_is_not_there_and_not_told(
    far: BucketStore,
    line: FaultProxy,
    bucket: BucketStore,
    tmp_path: Path,
    fault: Fault,
    data: bytes,
) -> None:
    line.faults.append(fault)
    with pytest.raises(OSError) as said:
        far.put_stream("originals", BytesIO(data), max_bytes=10_000_000)
    assert (said.value.errno == 28) == (fault.answer is FULL)
    line.faults.clear()
    line.cut_all()  # what is open goes on suffering
    assert names(bucket) == []
    again = bucket_at(
        f"s3://{NAME}/{bucket.bucket.address.prefix}?endpoint={line.address}", tmp_path
    )
    stored = again.put_stream("originals", BytesIO(data), max_bytes=10_000_000)
    assert bucket.read(stored.key) == data


def test_a_stream_that_is_cut_goes_on_where_it_stopped(
    far: BucketStore, line: FaultProxy, bucket: BucketStore
) -> None:
    bucket.put_bytes("packets/one/1.zip", LARGE)
    line.faults.append(Fault("reset", 3_000_000, "phone", times=2))
    assert b"".join(far.stream("packets/one/1.zip", 0, len(LARGE))) == LARGE


def test_what_a_killed_upload_left_in_parts_goes_with_its_file(
    far: BucketStore, line: FaultProxy, bucket: BucketStore, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(LARGE)
    line.faults.append(Fault("silence", 8_600_000, times=99))  # after the first part
    child = os.fork()
    if not child:
        try:
            far.put_file(source, "originals/ab/cd/killed")
        finally:
            os._exit(1)
    while line.sent_up < 8_000_000:
        os.sched_yield()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not bucket.exists("originals/ab/cd/killed")
    bucket.discard("originals/ab/cd/killed", untouched_since=now())
    assert bucket.bucket.abort_unfinished("") == 0
    assert bucket.bucket.abort_unfinished("", now()) == 0


def test_an_old_upload_in_parts_is_given_up_by_the_sweep(bucket: BucketStore) -> None:
    begun = bucket.bucket._client.create_multipart_upload(**bucket.bucket._at("originals/x"))
    assert begun["UploadId"]
    bucket.tidy(LONG_AGO)
    assert bucket.bucket.abort_unfinished("", LONG_AGO) == 0
    bucket.tidy(now() + timedelta(minutes=1))
    assert bucket.bucket.abort_unfinished("") == 0


def test_a_forked_worker_speaks_over_its_own_connection(bucket: BucketStore) -> None:
    bucket.put_bytes("a/b", b"parent")
    child = os.fork()
    if not child:
        os._exit(0 if bucket.read("a/b") == b"parent" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert bucket.read("a/b") == b"parent"


# ---- links -----------------------------------------------------------------------------------


def test_a_link_gives_one_file_for_a_minute_under_headers_of_ours(
    bucket_url: str, bucket_server: str, tmp_path: Path
) -> None:
    store = bucket_at(f"{bucket_url}&public={bucket_server}", tmp_path)
    store.put_bytes("originals/x", b"picture")
    link = store.link("originals/x", media_type="image/jpeg", disposition="attachment; filename=a")
    assert link
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["60"]
    assert SECRET not in link
    answer = requests.get(link, timeout=10)
    assert answer.content == b"picture"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a"
    assert answer.headers["Cache-Control"] == "private, no-store"
    for changed in (link.replace("/x?", "/y?"), link.replace("image%2Fjpeg", "text%2Fhtml")):
        assert requests.get(changed, timeout=10).status_code == 403


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ("s3://b-b/p", None),
        ("s3://b-b/p?endpoint=https://s3.example.go.th", "https://s3.example.go.th"),
        ("s3://b-b/p?endpoint=http://store:9000", ""),
        ("s3://b-b/p?endpoint=https://s3.example.go.th&public=no", ""),
        ("s3://b-b/p?endpoint=http://store:9000&public=https://f.go.th", "https://f.go.th"),
    ],
)
def test_only_where_browsers_come_there_is_a_link(
    said: str, public: str | None, tmp_path: Path
) -> None:
    store = bucket_at(said, tmp_path)
    assert store.bucket.address.public == public
    assert bool(store.link("x", media_type="a/b", disposition="c")) == (public != "")
