"""A day in the field: signed in once, then no signal until the evening, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.faults.field import digests, originals, pictures, visits
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_school_group_and_its_photos_written_without_a_signal_arrive_whole(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    line.refuse = True
    line.cut_all()
    visit_id = handset.log_visit("โรงเรียนบ้านควรดง ป.5")
    photos = pictures(tmp_path, 3)
    handset.add_pictures("visit", visit_id, *photos)
    handset.kill()
    handset.switch_on()
    handset.open("/phone/outbox")
    handset.await_states(waiting=4)
    assert visits(app) == []

    line.refuse = False
    handset.send_now()
    handset.await_received(4)
    assert [(str(v.id), v.group_name, v.n_total) for v in visits(app)] == [
        (visit_id, "โรงเรียนบ้านควรดง ป.5", 42)
    ]
    assert originals(app, settings) == digests(photos)
