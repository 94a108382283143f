"""The file layer runs on a folder and on a real S3-compatible server.

A module that says `pytestmark = pytest.mark.both_stores` runs once more with `LAKTHAN_STORE`: its
`database_url` gets a third kind, "bucket" (SQLite, and a fresh prefix of rclone's server).  Its
tests may go on looking into `files.root` and `files.path(key)`: rclone serves a folder.  The
product may not: asked from there, both fail.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from app.shared.bucket_store import BucketStore
from app.shared.files import plain_parts
from tests.packets.bucket import KEY, NAME, SECRET, running

_FOLDERS: dict[str, Path] = {}  # by the server's host and port


def pytest_configure(config: pytest.Config) -> None:
    """Tell the marker."""
    config.addinivalue_line("markers", "both_stores: runs with the files in a bucket as well")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Add the third kind, except where a test says itself which kinds it is for."""
    test = metafunc.definition
    own = any(mark.args[0] == "database_url" for mark in test.iter_markers("parametrize"))
    if test.get_closest_marker("both_stores") and "database_url" in metafunc.fixturenames:
        kinds = ["sqlite", "postgresql", "bucket"]
        if not own:  # as a mark: a fixture's own kinds stand back for that
            test.add_marker(pytest.mark.parametrize("database_url", kinds, indirect=True))


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server that runs as long as the tests."""
    folder = tmp_path_factory.mktemp("bucket")
    with running(folder) as port:
        _FOLDERS[f"127.0.0.1:{port}"] = folder
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def bucket_url(bucket_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """For LAKTHAN_STORE: a prefix of its own."""
    monkeypatch.setattr(BucketStore, "root", property(_root), raising=False)
    monkeypatch.setattr(BucketStore, "path", _path, raising=False)
    return f"s3://{NAME}/{uuid4().hex}?endpoint={bucket_server}"


@pytest.fixture
def store_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """What `settings` say of the store: nothing, or that it is a bucket."""
    kind = getattr(request.node, "callspec", None)
    if kind is None or kind.params.get("database_url") != "bucket":
        return {}
    return in_bucket(request.getfixturevalue("bucket_url"))


def in_bucket(url: str) -> dict[str, str]:
    """Settings for all files in that bucket."""
    return {"store": url, "s3_key": KEY, "s3_secret": SECRET}


def _root(store: BucketStore) -> Path:
    return _folder_of(store)


def _path(store: BucketStore, key: str) -> Path:
    return _folder_of(store).joinpath(*plain_parts(key))


def _folder_of(store: BucketStore) -> Path:
    caller = sys._getframe(2).f_globals["__name__"]
    assert not caller.startswith("app."), f"{caller} looks for a bucket's files on its own disk"
    address = store.bucket.address
    return _FOLDERS[urlsplit(address.endpoint or "").netloc] / NAME / address.prefix
