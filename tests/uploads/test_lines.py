"""Lines that break: what came stays, the next line goes on from there, and no dead one blocks it.

Against gunicorn, over sockets.  LAKTHAN_FAULTS=full sweeps a photo of 4 MB instead of a small one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

import pytest
from flask import Flask

from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.ids import new_id
from app.uploads.line import SIP_BYTES
from app.uploads.models import Upload
from tests.photos import makers
from tests.plugins.product import Product
from tests.uploads.conftest import PhoneOf, all_files
from tests.uploads.tus import OFFSET_STREAM, TusPhone, checksum, sha256_of
from tests.uploads.wire import WirePhone

FULL = os.environ.get("LAKTHAN_FAULTS") == "full"
STEP = 64 * 1024
STEPS = 64 if FULL else 4
PICTURE = makers.jpeg() + random.Random(2567).randbytes(STEPS * STEP + 500)
CUTS = [k * STEP + d for k in range(1, STEPS + 1) for d in (-1, 0, 1)]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def wire(phone: TusPhone, start_product: Callable[..., Product]) -> WirePhone:
    """The volunteer's phone before a real server."""
    return WirePhone(phone, start_product("web").address)


@SQLITE
@pytest.mark.timeout(1_800 if FULL else 180)
@pytest.mark.parametrize("how", ["cut", "hang_up", "fall_silent"])
def test_what_came_before_a_cut_stays_wherever_it_was_cut(
    wire: WirePhone, files: FileStore, how: str
):
    url, lines = wire.begin(PICTURE, new_id()), []
    for cut in CUTS:
        offset = wire.offset(url)
        line = wire.dial(url, offset, len(PICTURE) - offset)
        with suppress(OSError):  # too many silent lines: this one is refused, and that is a cut too
            line.send(PICTURE[offset:cut])
        getattr(line, how)()
        lines.append(line)
    wire.finish(url, PICTURE)

    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE
    assert len(all_files(files)) == 1
    for line in lines:
        line.hang_up()


@SQLITE
def test_of_a_cut_line_at_most_a_sip_is_sent_again(wire: WirePhone):
    url, cut = wire.begin(PICTURE, new_id()), 3 * STEP + 17
    line = wire.dial(url, 0, len(PICTURE))
    line.send(PICTURE[:cut])
    line.hang_up()

    until = monotonic() + 10
    while (kept := wire.offset(url)) < cut - SIP_BYTES and monotonic() < until:
        pass
    assert cut - SIP_BYTES <= kept <= cut


@SQLITE
def test_a_piece_with_a_checksum_is_kept_whole_or_not_at_all(wire: WirePhone, files: FileStore):
    url = wire.begin(PICTURE, new_id())
    for cut in CUTS:
        line = wire.dial(url, 0, len(PICTURE), Upload_Checksum=checksum(PICTURE))
        line.send(PICTURE[:cut])
        line.cut()
        assert wire.offset(url) == 0

    wire.finish(url, PICTURE, piece=STEP, checked=True)
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


def test_a_dead_line_does_not_block_the_next_and_cannot_spoil_it(wire: WirePhone, files: FileStore):
    url = wire.begin(PICTURE, new_id())
    dead = wire.dial(url, 0, len(PICTURE))
    dead.send(PICTURE[:STEP])

    started = monotonic()
    assert wire.patch(url, 0, PICTURE) == 204
    assert monotonic() - started < 10
    dead.send(bytes(len(PICTURE) - STEP))  # the old line wakes up, with rubbish

    assert dead.status() == 409
    dead.hang_up()
    assert wire.offset(url) == len(PICTURE)
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE
    assert len(all_files(files)) == 1


@SQLITE
def test_what_was_answered_is_there_after_the_server_was_killed(
    phone: TusPhone, files: FileStore, start_product: Callable[..., Product]
):
    product = start_product("web")
    wire = WirePhone(phone, product.address)
    url, answered = wire.begin(PICTURE, new_id()), 0
    for cut in (STEP, 2 * STEP + 7, len(PICTURE)):
        assert wire.patch(url, answered, PICTURE[answered:cut]) == 204
        answered = cut
        with wire.under_way(url, answered, PICTURE):
            product.kill("web")
        product.start("web")
        assert wire.offset(url) >= answered

    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


@SQLITE
def test_a_refused_piece_leaves_the_line_usable(wire: WirePhone):
    url = wire.begin(PICTURE, new_id())
    with wire.keep_alive() as ask:
        for _ in range(2):
            sent = {"Upload_Offset": "7", "Content_Type": OFFSET_STREAM}
            assert ask("PATCH", url, PICTURE[7:], **sent) == 409
        assert ask("HEAD", url) == 200


@SQLITE
def test_silent_lines_of_a_phone_give_way_to_its_next_one(wire: WirePhone):
    """Six silent lines would hold every thread there is for uploads; the seventh gets through."""
    urls = [wire.begin(PICTURE, new_id()) for _ in range(6)]
    silent = []
    for url in urls:
        line = wire.dial(url, 0, len(PICTURE))
        line.send(PICTURE[:100])
        silent.append(line)

    wire.finish(wire.begin(PICTURE, new_id()), PICTURE)

    assert set(wire.statuses) <= {204, 503}
    for line in silent:
        line.hang_up()


@SQLITE
def test_pages_are_served_while_all_upload_lines_are_slow(wire: WirePhone, phone_of: PhoneOf):
    phones = [wire] + [WirePhone(phone_of("officer"), wire.address) for _ in range(2)]
    slow = []
    for one in phones:
        for _ in range(4):
            line = one.dial(one.begin(PICTURE, new_id()), 0, len(PICTURE))
            line.send(b"\xff")
            slow.append(line)

    assert wire.request("GET", "/healthz").status == 200
    for line in slow:
        line.hang_up()


def test_twenty_senders_of_one_attachment_make_one_held_file(
    wire: WirePhone, files: FileStore, app: Flask
):
    attachment = new_id()

    def send(number: int) -> None:
        one = WirePhone(wire.phone, wire.address)
        url = one.begin(PICTURE, attachment)
        one.finish(url, PICTURE, piece=STEP if number % 2 else 3 * STEP, checked=number % 3 > 0)
        assert set(one.statuses) <= {204, 409, 503}

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(send, range(20)))

    with app.app_context():
        [upload] = db.session.query(Upload).all()
        db.session.remove()
    assert upload.state == "held"
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE
    assert len(all_files(files)) == 1
