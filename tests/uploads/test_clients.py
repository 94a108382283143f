"""The public clients, as they come, against the server as it runs: tuspy and tus-js-client."""

from __future__ import annotations

import io
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from app.shared.files import FileStore, content_key
from app.shared.ids import new_id
from tests.photos import makers
from tests.plugins.fault_proxy import Fault, FaultProxy
from tests.plugins.product import Product
from tests.uploads.conftest import Row
from tests.uploads.tus import TusPhone, sha256_of
from tools.setup.node import find_node
from tools.setup.places import NODE_MODULES

MIB = 1024 * 1024
PICTURE = makers.jpeg() + random.Random(2567).randbytes(3 * MIB)
SCRIPT = Path(__file__).parent / "tus_js.mjs"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def address(start_product: Callable[..., Product]) -> str:
    """A server as it runs."""
    return start_product("web").address


@pytest.fixture
def broken(address: str, make_fault_proxy: Callable[[str], FaultProxy]) -> FaultProxy:
    """A line to it that can be cut."""
    return make_fault_proxy(address)


def about(data: bytes = PICTURE) -> dict[str, str]:
    return {"attachment_id": str(new_id()), "sha256": sha256_of(data), "filename": "ภาพ.jpg"}


def stored(files: FileStore, data: bytes = PICTURE) -> bool:
    return files.read(content_key("originals", sha256_of(data))) == data


# --- tuspy ---------------------------------------------------------------------------------


def tuspy(address: str, phone: TusPhone, metadata: dict[str, str], **options: Any) -> Any:
    client = TusClient(f"{address}/api/v1/uploads", {"Authorization": f"Bearer {phone.token}"})
    usual = {"chunk_size": MIB, "retries": 6, "retry_delay": 0}
    return client.uploader(file_stream=io.BytesIO(PICTURE), metadata=metadata, **(usual | options))


def test_tuspy_sends_a_picture(address: str, phone: TusPhone, files: FileStore, row: Row):
    for options in (
        {},
        {"upload_checksum": True},
        {"chunk_size": 2**62},
        {"chunk_size": 2**62, "upload_checksum": True},
    ):
        uploader = tuspy(address, phone, about(), **options)
        uploader.upload()

        assert row(uploader.url).state == "held", options
    assert stored(files)


@pytest.mark.parametrize("upload_checksum", [True, False])
def test_tuspy_goes_on_after_cuts(
    broken: FaultProxy, phone: TusPhone, files: FileStore, upload_checksum: bool
):
    uploader = tuspy(broken.address, phone, about(), upload_checksum=upload_checksum)
    uploader.upload_chunk()
    broken.faults = [Fault("reset", after=300_000), Fault("reset", after=70_000)]
    uploader.upload()

    assert stored(files)


def test_tuspy_resumes_by_the_address_it_kept(address: str, phone: TusPhone, files: FileStore):
    first = tuspy(address, phone, about())
    first.upload(stop_at=MIB)

    later = tuspy(address, phone, {}, url=first.url)
    assert later.offset == MIB
    later.upload()

    assert stored(files)


def test_tuspy_is_told_why_a_picture_is_refused(address: str, phone: TusPhone):
    uploader = tuspy(address, phone, about(b"something else"), retries=0)

    with pytest.raises(TusCommunicationError) as told:
        uploader.upload()
    assert (told.value.status_code, b"sha256_mismatch" in told.value.response_content) == (
        422, True,
    )  # fmt: skip


# --- tus-js-client ---------------------------------------------------------------------------


def tus_js(
    address: str, phone: TusPhone, folder: Path, metadata: dict[str, str], **options: Any
) -> dict[str, Any]:
    node = find_node()
    if node is None or not (NODE_MODULES / "tus-js-client").exists():
        pytest.fail("no Node or no tus-js-client here: run `make test`")
    file = folder / "picture.jpg"
    file.write_bytes(PICTURE)
    asked = {
        "endpoint": f"{address}/api/v1/uploads", "token": phone.token, "file": str(file),
        "metadata": metadata, "options": options,
    }  # fmt: skip
    answer = subprocess.run(
        [node.node, SCRIPT, json.dumps(asked)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    outcome: dict[str, Any] = json.loads(answer.stdout)
    return outcome


def test_tus_js_client_sends_a_picture(
    address: str, phone: TusPhone, files: FileStore, row: Row, tmp_path: Path
):
    for options in (
        {},
        {"chunkSize": MIB},
        {"uploadDataDuringCreation": True, "chunkSize": MIB},
        {"uploadDataDuringCreation": True},
        {"overridePatchMethod": True, "chunkSize": MIB},
    ):
        outcome = tus_js(address, phone, tmp_path, about(), **options)

        assert row(outcome["url"]).state == "held", (options, outcome)
    assert stored(files)


def test_tus_js_client_goes_on_after_cuts(
    broken: FaultProxy, phone: TusPhone, files: FileStore, tmp_path: Path
):
    broken.faults = [Fault("reset", after=after) for after in (500, 700_000, 2_000, 1_200_000)]

    outcome = tus_js(broken.address, phone, tmp_path, about(), chunkSize=MIB)

    assert "url" in outcome, outcome
    assert stored(files)


def test_tus_js_client_that_begins_anew_sends_only_the_rest(
    address: str, phone: TusPhone, files: FileStore, tmp_path: Path
):
    metadata = about()
    tuspy(address, phone, metadata).upload(stop_at=2 * MIB)

    outcome = tus_js(address, phone, tmp_path, metadata, chunkSize=MIB)
    again = tus_js(address, phone, tmp_path, metadata, chunkSize=MIB)

    assert stored(files)
    # It believes that what it begins is empty, is told otherwise, asks (on a busy machine twice:
    # its own patience), and goes on from there.
    statuses = [status for _method, status in outcome["statuses"]]
    assert statuses[:3] == [201, 409, 200]
    assert [status for status in statuses if status != 200] == [201, 409, 204, 204]
    assert [status for _method, status in again["statuses"]] == [201, 409, 200]


def test_tus_js_client_gives_up_at_once_what_is_refused(
    address: str, phone: TusPhone, tmp_path: Path
):
    outcome = tus_js(address, phone, tmp_path, about(b"something else"), chunkSize=4 * MIB)

    assert "sha256_mismatch" in outcome["error"]
    assert [status for _method, status in outcome["statuses"]] == [201, 422]
