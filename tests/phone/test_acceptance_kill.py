"""The battery goes flat at any moment: what the screen called saved is there, once, and a draft
is at most one box behind.

reliability.md bar 9 and P 23-24, peers.md section 5 number 1.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from config import Settings
from tests.faults.field import FULL, originals, pictures, visits
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.timeout(900 if FULL else 180),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SEEDS = range(2567, 2577) if FULL else range(2567, 2569)
KILLS = 10 if FULL else 5
LONGEST_S = {"writing": 1.0, "saving": 0.3, "after": 1.5}  # the moments at which a battery goes
BETWEEN_BOXES_MS = 150  # nobody taps faster

Box = tuple[Callable[[Page, str], None], Callable[[Page], str]]


def _text(name: str) -> Box:
    return (
        lambda page, said: page.fill(f"[name={name}]", said),
        lambda page: page.input_value(f"[name={name}]"),
    )


def _choice(name: str) -> Box:
    return (
        lambda page, _said: page.click(f"label[for={name}]"),
        lambda page: str(page.is_checked(f"#{name}")),
    )


BOXES: dict[str, Box] = {
    **{name: _text(name) for name in ("group_name", "n_male", "n_female")},
    **{name: _choice(name) for name in ("kind-0", "topics-0", "topics-1", "sector-0")},
}


@dataclass
class Volunteer:
    """Writes visits, each for a group of its own, and goes on after a dead battery."""

    handset: Handset
    chance: random.Random
    album: list[Path]
    groups: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)  # into the form that is open
    saved: set[str] = field(default_factory=set)
    photos: list[Path] = field(default_factory=list)  # whose tile said "saved"
    unsaid: list[str] = field(default_factory=list)  # groups whose form was empty after a death
    behind: int = 0
    timer: Timer | None = None

    def work_until_it_dies(self, moment: str) -> None:
        """Until the battery goes flat, in a moment of this kind."""
        try:
            while True:
                self._write_a_visit(moment)
        except BrowserError:
            assert self.timer is not None
            self.timer.join()  # else it was no battery, and the error is shown
        self.timer = None
        self.handset.kill()
        self.handset.switch_on()

    def _write_a_visit(self, moment: str) -> None:
        page = self._open_form()
        self._at("writing", moment)
        for name, (put, read) in BOXES.items():
            if self.typed.get(name) != read(page):
                said = self.typed.get(name) or self._words_for(name)
                put(page, said)
                self.typed[name] = read(page)
                page.wait_for_timeout(BETWEEN_BOXES_MS)
        self._at("saving", moment)
        page.click("form.visit-form .form-actions button[type=submit]")
        page.wait_for_url(lambda url: "/phone/visits/" in url and not url.endswith("/new"))
        visit_id = page.url.split("/phone/visits/")[1].split("?")[0]
        self.saved.add(visit_id)
        self.typed = {}
        self._at("after", moment)
        self._take_a_picture(visit_id)

    def _open_form(self) -> Page:
        """The form, with what the phone kept of the one before."""
        page = self.handset.open("/phone/visits/new")
        page.wait_for_selector(".screen--visit-form:not(.screen--opening)")
        there = {name: read(page) for name, (_, read) in BOXES.items()}
        if self.typed and there["group_name"] == "" and len(self.typed) > 1:
            self.unsaid.append(self.typed["group_name"])  # saved, but no time to say so
            self.typed = {}
        lost = [name for name, said in self.typed.items() if there[name] != said]
        self.behind = max(self.behind, len(lost))
        assert lost in ([], list(self.typed)[-1:])
        return page

    def _words_for(self, name: str) -> str:
        if name != "group_name":
            return "17"
        self.groups.append(f"คณะที่ {len(self.groups)}")
        return self.groups[-1]

    def _take_a_picture(self, visit_id: str) -> None:
        photo = self.album.pop()
        page = self.handset.open(f"/phone/photos/new?kind=visit&id={visit_id}")
        page.set_input_files("#photo-files", str(photo))
        page.wait_for_selector("[data-shot]")
        self.photos.append(photo)

    def _at(self, here: str, moment: str) -> None:
        """Light the fuse, once, where this moment begins."""
        if here == moment and self.timer is None:
            self.timer = Timer(self.chance.uniform(0, LONGEST_S[here]), self.handset.cut_power)
            self.timer.start()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_called_saved_outlives_any_dead_battery(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
    seed: int,
) -> None:
    chance = random.Random(seed)
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    volunteer = Volunteer(handset, chance, pictures(tmp_path, KILLS * 8))
    for _ in range(KILLS):
        line.refuse = chance.random() < 0.5
        if line.refuse:
            line.cut_all()
        volunteer.work_until_it_dies(chance.choice(list(LONGEST_S)))
        handset.open("/phone/outbox")
        kept = [item["id"] for item in handset.items()]
        assert volunteer.saved <= set(kept)
        assert len(kept) == len(set(kept))

    line.refuse = False
    handset.send_now()
    handset.await_received(len(handset.items()), timeout_ms=60_000)
    stored = visits(app)
    assert volunteer.saved <= {str(visit.id) for visit in stored}
    groups = [visit.group_name for visit in stored]
    assert len(groups) == len(set(groups))
    assert set(volunteer.unsaid) <= set(groups) <= set(volunteer.groups)
    assert {sha256(p.read_bytes()).hexdigest() for p in volunteer.photos} <= set(
        originals(app, settings)
    )
    print(f"{len(stored)} visits, {len(volunteer.photos)} photos, behind {volunteer.behind}")  # noqa: T201
