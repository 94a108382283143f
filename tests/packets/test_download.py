"""Taking a packet away, from the folder and from a real S3 server: by Range, whole, and cut."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.packets.directory import NotAPacket, list_documents
from app.packets.frozen.content import Options
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.packets.vault import FolderVault, S3Vault, Vault, vault_at
from app.rounds.programme import load_programme
from app.shared.bucket import BucketBroken
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.folder_store import FolderStore
from app.shared.work import work
from tests.conftest import World
from tests.packets.bucket import KEY, SECRET, Bucket, serving

SignIn = Callable[[str], FlaskClient]
ASKED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
REPORT = b"%PDF-1.7 " + bytes(range(256)) * 3000
INSIDE = {
    "photos/5606/1.jpg": b"\xff\xd8" + os.urandom(1_500_000),
    "report.pdf": REPORT,
    "attachments/5606/plan-6.docx": b"PK docx",
    "places.kml": b"<kml/>",
    "index.html": b"<html>",
}


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Files are the same whichever database: one is enough here."""
    place = tmp_path / "test.db"
    place.write_bytes(request.getfixturevalue("filled_sqlite").read_bytes())
    return f"sqlite:///{place}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A real S3 server."""
    with serving(tmp_path_factory.mktemp("s3")) as bucket:
        yield bucket


def bucket_vault(server: Bucket, files: FileStore, secret: str = SECRET) -> Vault:
    return vault_at(server.url, files, server.folder.parent / "scratch", key=KEY, secret=secret)


@pytest.fixture(params=["folder", "s3"])
def vault(request: pytest.FixtureRequest, app: Flask) -> Vault:
    """Where issued packets lie: each test runs on both."""
    files: FileStore = app.extensions["files"]
    if request.param == "s3":
        app.extensions["packet_vault"] = bucket_vault(request.getfixturevalue("server"), files)
    found: Vault = app.extensions["packet_vault"]
    return found


def issued_file(path: Path) -> bytes:
    """A small file of a packet's shape."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in INSIDE.items():
            archive.writestr(zipfile.ZipInfo(f"lakthan-5606/data/{name}"), data)
    return path.read_bytes()


@pytest.fixture
def address(app: Flask, vault: Vault, world: World) -> str:
    """The address of an issued packet of Pong."""
    files: FileStore = app.extensions["files"]
    with app.app_context():
        with work() as w:
            officer = world["officer"]
            packet, _ = request_packet(
                w.session, officer, scope_for(w.session, officer, "district", "5606"),
                Quarter.parse("2567Q2"), programme=load_programme(), now=ASKED, options=Options(),
            )  # fmt: skip
            key = f"packets/{packet.id}/1.zip"
            files.path(key).parent.mkdir(parents=True)
            whole = issued_file(files.path(key))
            vault.put(files.path(key), key)
            packet.state, packet.file_key, packet.size_bytes = "ready", key, len(whole)
            packet.fingerprint, packet.n_files, packet.ready_at = "ab" * 32, 5, ASKED
            found = f"/packets/{packet.id}"
        db.session.remove()
    return found


@pytest.fixture
def whole(vault: Vault, address: str) -> bytes:
    """All bytes of the packet, as they lie in the vault."""
    key = f"packets/{address.rsplit('/', 1)[1]}/1.zip"
    return b"".join(vault.stream(key, 0, vault.size(key) or 0))


def test_the_whole_file_comes_as_it_was_issued(sign_in: SignIn, address: str, whole: bytes) -> None:
    answer = sign_in("officer").get(f"{address}/download", buffered=True)
    assert (answer.status_code, answer.data == whole) == (200, True)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{"ab" * 32}"'
    assert answer.content_length == len(whole)


def test_a_stretch_is_exactly_the_bytes_asked_for(
    sign_in: SignIn, address: str, whole: bytes
) -> None:
    client, size = sign_in("officer"), len(whole)
    for asked, start, stop in (
        ("bytes=0-0", 0, 1),
        ("bytes=1000-1999", 1000, 2000),
        (f"bytes=1000000-{size * 2}", 1_000_000, size),
        ("bytes=-5", size - 5, size),
        (f"bytes=-{size * 2}", 0, size),
        (f"bytes={size - 1}-", size - 1, size),
    ):
        answer = client.get(f"{address}/download", headers={"Range": asked}, buffered=True)
        assert answer.status_code == 206, asked
        assert answer.data == whole[start:stop], asked
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"


def test_what_lies_behind_the_end_is_refused_with_the_length(
    sign_in: SignIn, address: str, whole: bytes
) -> None:
    answer = sign_in("officer").get(
        f"{address}/download", headers={"Range": f"bytes={len(whole)}-"}
    )
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_halves_of_two_files_are_never_joined(sign_in: SignIn, address: str, whole: bytes) -> None:
    client = sign_in("officer")

    def ask(condition: str) -> int:
        headers = {"Range": "bytes=10-", "If-Range": condition}
        return client.get(f"{address}/download", headers=headers, buffered=True).status_code

    assert ask(f'"{"ab" * 32}"') == 206
    assert ask('"another"') == 200
    assert ask("Tue, 02 Apr 2024 00:00:00 GMT") == 200
    same = client.get(f"{address}/download", headers={"If-None-Match": f'"{"ab" * 32}"'})
    assert (same.status_code, same.data) == (304, b"")


def test_several_ranges_at_once_are_answered_with_the_whole(
    sign_in: SignIn, address: str, whole: bytes
) -> None:
    headers = {"Range": "bytes=0-1,5-6"}
    answer = sign_in("officer").get(f"{address}/download", headers=headers, buffered=True)
    assert (answer.status_code, answer.data == whole) == (200, True)


def test_asking_for_the_head_sends_no_byte_and_is_no_download(
    app: Flask, sign_in: SignIn, address: str, whole: bytes
) -> None:
    answer = sign_in("officer").head(f"{address}/download")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(whole))
    assert downloads(app) == []


def downloads(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.scalars(
            select(AuditEntry.facts).where(AuditEntry.action == "packet.downloaded")
        ).all()
        db.session.remove()
    return [str(facts["document"]) for facts in found]


def test_a_broken_download_counts_once_however_often_it_goes_on(
    app: Flask, sign_in: SignIn, address: str, whole: bytes
) -> None:
    client, got = sign_in("officer"), b""
    while len(got) < len(whole):  # each answer is left after 400 kB at most
        answer = client.get(f"{address}/download", headers={"Range": f"bytes={len(got)}-"})
        for piece in answer.response:
            got += piece[:400_000]
            break
        answer.close()
    assert got == whole
    assert downloads(app) == [""]


@pytest.mark.parametrize("asked", [
    "bytes=1-", "bytes=-99999999", "bytes=5-6,0-", "bytes=-5,1-2", "bytes=4096-", "lines=5-",
])  # fmt: skip
def test_no_way_of_asking_takes_a_packet_away_unnoted(
    app: Flask, sign_in: SignIn, address: str, asked: str
) -> None:
    client = sign_in("officer")
    assert client.get(f"{address}/download", headers={"Range": asked}, buffered=True).data
    assert downloads(app) == [""]
    other = {"Range": "bytes=10-", "If-Range": '"another"'}
    assert client.get(f"{address}/download", headers=other, buffered=True).status_code == 200
    assert downloads(app) == ["", ""]  # the whole, once more
    sign_in("reviewer").get(f"{address}/download", headers={"Range": "bytes=9-"}, buffered=True)
    assert downloads(app) == ["", "", ""]  # what the officer took, the reviewer had not


def test_the_page_tells_who_took_what_away(sign_in: SignIn, world: World, address: str) -> None:
    sign_in("reviewer").get(f"{address}/documents/places.kml", buffered=True)
    shown = sign_in("officer").get(address).text
    assert world["reviewer"].name in shown
    assert "ยังไม่มี" not in shown


def test_each_document_is_had_alone_with_its_type_and_a_thai_name(
    app: Flask, sign_in: SignIn, address: str
) -> None:
    client = sign_in("officer")
    for name, kind in (
        ("report.pdf", "application/pdf"),
        ("attachments/5606/plan-6.docx", "application/vnd.openxmlformats-officedocument."),
        ("places.kml", "application/vnd.google-earth.kml+xml"),
    ):
        answer = client.get(f"{address}/documents/{name}", buffered=True)
        assert (answer.status_code, answer.data) == (200, INSIDE[name])
        assert answer.headers["Content-Type"].startswith(kind)
        named = answer.headers["Content-Disposition"]
        assert named.isascii()
        assert "filename*=UTF-8''%E0%B8" in named
        assert f".{name.rpartition('.')[2]}" in named
    part = client.get(
        f"{address}/documents/report.pdf", headers={"Range": "bytes=100-199"}, buffered=True
    )
    assert (part.status_code, part.data) == (206, REPORT[100:200])
    assert downloads(app) == ["report.pdf", "attachments/5606/plan-6.docx", "places.kml"]


def test_no_other_file_of_the_packet_is_served(sign_in: SignIn, address: str) -> None:
    client = sign_in("officer")
    for name in ("index.html", "photos/5606/1.jpg", "..%2Freport.pdf", "nothing.pdf"):
        assert client.get(f"{address}/documents/{name}").status_code == 404
    other = sign_in("other_officer")
    assert other.get(f"{address}/documents/report.pdf").status_code == 404


def test_a_file_that_is_gone_or_too_short_is_said_to_be_away(
    app: Flask, sign_in: SignIn, vault: Vault, address: str, tmp_path: Path
) -> None:
    key = f"packets/{UUID(address.rsplit('/', 1)[1])}/1.zip"
    short = tmp_path / "short.zip"
    short.write_bytes(b"PK")
    vault.delete(key)
    vault.put(short, key)
    assert sign_in("officer").get(f"{address}/download").status_code == 503
    vault.delete(key)
    assert sign_in("officer").get(f"{address}/download").status_code == 503
    assert sign_in("officer").get(address).status_code == 200
    assert downloads(app) == []


def test_the_page_offers_each_document_by_name(sign_in: SignIn, address: str) -> None:
    shown = sign_in("officer").get(address).text
    assert f"{address}/documents/report.pdf" in shown
    assert f"{address}/documents/attachments/5606/plan-6.docx" in shown
    assert "index.html" not in shown


# ---- the vault itself ---------------------------------------------------------------------


def test_an_upload_leaves_one_whole_object_and_nothing_behind(
    app: Flask, server: Bucket, tmp_path: Path
) -> None:
    vault = bucket_vault(server, app.extensions["files"])
    data = os.urandom(20 * 1024 * 1024)  # of three parts
    source = tmp_path / "big.zip"
    source.write_bytes(data)
    vault.put(source, "packets/big/1.zip")
    assert not source.exists()
    [lying] = [path for path in server.lying() if "big" in path.parts]
    assert lying.read_bytes() == data
    assert vault.size("packets/big/1.zip") == len(data)


def test_a_connection_that_is_cut_goes_on_where_it_stopped(
    app: Flask, server: Bucket, tmp_path: Path
) -> None:
    vault = bucket_vault(server, app.extensions["files"])
    data = os.urandom(6 * 1024 * 1024)
    source = tmp_path / "cut.zip"
    source.write_bytes(data)
    vault.put(source, "packets/cut/1.zip")
    server.cut_after = 2_000_000
    assert b"".join(vault.stream("packets/cut/1.zip", 100, len(data))) == data[100:]
    assert server.cut_after is None


def test_only_what_is_asked_for_leaves_the_bucket(
    app: Flask, server: Bucket, tmp_path: Path
) -> None:
    vault = bucket_vault(server, app.extensions["files"])
    source = tmp_path / "range.zip"
    source.write_bytes(os.urandom(8 * 1024 * 1024))
    vault.put(source, "packets/range/1.zip")
    before = server.sent_bytes
    assert len(b"".join(vault.stream("packets/range/1.zip", 10, 50_010))) == 50_000
    assert server.sent_bytes - before == 50_000


def test_a_refused_upload_keeps_the_local_file(app: Flask, server: Bucket, tmp_path: Path) -> None:
    vault = bucket_vault(server, app.extensions["files"], "another-secret")
    source = tmp_path / "kept.zip"
    source.write_bytes(b"PK")
    with pytest.raises(BucketBroken) as said:
        vault.put(source, "packets/kept/1.zip")
    assert source.read_bytes() == b"PK"
    assert "another-secret" not in str(said.value)


def test_what_is_not_there_is_said_to_be_not_there(
    app: Flask, server: Bucket, tmp_path: Path
) -> None:
    files = FolderStore(tmp_path)
    for vault in (bucket_vault(server, files), FolderVault(files)):
        assert vault.size("packets/none/1.zip") is None
        vault.delete("packets/none/1.zip")
        with pytest.raises(FileNotFoundError):
            next(iter(vault.stream("packets/none/1.zip", 0, 1)))
        with pytest.raises(FileNotFoundError):
            vault.open("packets/none/1.zip")


def test_an_address_without_a_bucket_is_refused(tmp_path: Path) -> None:
    files = FolderStore(tmp_path)
    assert isinstance(vault_at("", files, tmp_path), FolderVault)
    assert isinstance(vault_at("s3://bucket", files, tmp_path, key="k", secret="s"), S3Vault)
    for url in ("s3://", "http://bucket", "/folder"):
        with pytest.raises(ValueError, match="s3://bucket"):
            vault_at(url, files, tmp_path)


# ---- the file's own directory -------------------------------------------------------------


def test_the_directory_of_a_large_packet_is_read_beyond_65535_entries() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(66_000):
            archive.writestr(f"top/data/photos/{number}.jpg", b"")
        archive.writestr("top/data/report.pdf", b"%PDF")
    [[name, start, size]] = list_documents(buffer)
    assert name == "report.pdf"
    assert buffer.getvalue()[int(start) : int(start) + int(size)] == b"%PDF"


def test_what_is_no_packet_has_no_directory() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("top/data/report.pdf", b"%PDF" * 100)
    for file in (io.BytesIO(b""), io.BytesIO(b"x" * 100), packed):
        with pytest.raises(NotAPacket):
            list_documents(file)
