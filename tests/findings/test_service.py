"""Findings are put once, answered once, decided by the reviewer, and nothing of it is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import StaleVersion
from app.audit.models import AuditEntry
from app.findings import service
from app.findings.models import PhotoFinding
from app.findings.service import Compared, FindingAnswered, FindingDecided
from app.photos.models import Photo
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from tests.conftest import NOW, World
from tests.photos.conftest import Send

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = NOW + timedelta(hours=1)
NOTHING = Compared(None, 1)


@pytest.fixture
def far(session: Session, send: Send) -> Iterator[Photo]:
    """A processed photo taken 2.6 km away."""
    photo, _created = send()
    photo.state, photo.band, photo.distance_m = "unreadable", "far", 2612.0
    photo.position_source, photo.lat, photo.lon, photo.accuracy_m = "device", 19.16, 100.29, 10.0
    session.flush()
    yield photo


def findings(session: Session, photo: Photo) -> dict[str, PhotoFinding]:
    held = session.scalars(select(PhotoFinding).where(PhotoFinding.photo_id == photo.id))
    return {finding.code: finding for finding in held}


def put_question(session: Session, photo: Photo) -> PhotoFinding:
    assert service.examine(session, photo.id, NOTHING, now=NOW)
    return findings(session, photo)["position_far"]


def entries(session: Session, action: str) -> list[AuditEntry]:
    statement = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(session.scalars(statement))


def test_examining_twice_puts_each_question_once(session, far: Photo):
    first = put_question(session, far)

    assert service.examine(session, far.id, NOTHING, now=LATER)

    held = findings(session, far)
    assert set(held) == {"position_far", "file_unreadable"}
    assert (held["position_far"].id, held["position_far"].found_at) == (first.id, NOW)
    assert first.text_th.startswith("พิกัดจากโทรศัพท์อยู่ห่างจากศูนย์ 2.6 กม.")
    assert (first.programme_version, far.examined_at) == ("khok_nong_na_2567.1", LATER)
    assert len(entries(session, "photo.examined")) == 1


def test_what_is_no_longer_found_is_withdrawn_and_may_come_back(session, far: Photo):
    question = put_question(session, far)
    far.band, far.distance_m = "inside", 20.0
    service.examine(session, far.id, NOTHING, now=LATER)
    assert question.withdrawn_at == LATER

    far.band, far.distance_m = "far", 2700.0
    service.examine(session, far.id, NOTHING, now=LATER)
    assert question.withdrawn_at is None
    assert "2.7 กม." in question.text_th


@SQLITE
def test_what_was_decided_stays_as_it_was_put(session, far: Photo, world: World):
    question = put_question(session, far)
    service.decide(
        session, question.id, "settled", None, seen=None, actor=world["reviewer"], now=NOW
    )
    far.band, far.distance_m = "inside", 20.0

    service.examine(session, far.id, NOTHING, now=LATER)

    assert (question.withdrawn_at, question.decision) == (None, "settled")
    assert "2.6 กม." in question.text_th


@SQLITE
def test_a_photo_that_got_another_picture_meanwhile_is_not_done(session, far: Photo):
    assert not service.examine(session, far.id, Compared("a" * 64, 1), now=NOW)
    assert far.examined_at is None


def test_a_finding_is_answered_once(session, far: Photo, world: World):
    question = put_question(session, far)
    volunteer, officer = world["volunteer"], world["officer"]

    service.answer_finding(session, question.id, "ถ่ายที่แปลงสาขา", actor=volunteer, now=NOW)
    service.answer_finding(session, question.id, "ถ่ายที่แปลงสาขา", actor=volunteer, now=LATER)
    with pytest.raises(FindingAnswered):
        service.answer_finding(session, question.id, "ที่อื่น", actor=officer, now=LATER)

    assert (question.answer, question.answered_at) == ("ถ่ายที่แปลงสาขา", NOW)
    assert [e.actor_id for e in entries(session, "photo_finding.answered")] == [
        volunteer.account_id
    ]


@SQLITE
def test_what_was_decided_needs_no_answer_any_more(session, far: Photo, world: World):
    question = put_question(session, far)
    service.decide(
        session, question.id, "doubtful", "ไม่ใช่ที่นี่", seen=None, actor=world["admin"], now=NOW
    )
    with pytest.raises(FindingDecided):
        service.answer_finding(session, question.id, "ใช่", actor=world["officer"], now=LATER)


def test_a_decision_may_be_replaced_and_the_log_keeps_both(session, far: Photo, world: World):
    question, reviewer = put_question(session, far), world["reviewer"]
    service.decide(session, question.id, "doubtful", "ชื่อคน", seen=None, actor=reviewer, now=NOW)

    with pytest.raises(StaleVersion):  # a tab that saw no decision yet
        service.decide(session, question.id, "settled", None, seen=None, actor=reviewer, now=LATER)
    service.decide(session, question.id, "settled", None, seen=NOW, actor=reviewer, now=LATER)

    kept = [entry.facts for entry in entries(session, "photo_finding.decided")]
    assert [(facts["before"], facts["decision"]) for facts in kept] == [
        (None, "doubtful"), ("doubtful", "settled"),
    ]  # fmt: skip
    assert (question.decision, question.decision_note) == ("settled", None)


@SQLITE
def test_the_log_holds_no_word_that_anybody_wrote(session, far: Photo, world: World):
    question = put_question(session, far)
    service.answer_finding(session, question.id, "คุณสมชายถ่าย", actor=world["officer"], now=NOW)
    service.decide(
        session, question.id, "doubtful", "ถามสมชาย", seen=None, actor=world["admin"], now=NOW
    )
    assert "สมชาย" not in str([entry.facts for entry in session.scalars(select(AuditEntry))])


@SQLITE
def test_nobody_answers_or_decides_outside_their_area(session, far: Photo, world: World):
    question = put_question(session, far)
    for who in ("other_officer", "other_volunteer"):
        with pytest.raises(NotFound):
            service.answer_finding(session, question.id, "x", actor=world[who], now=NOW)


@SQLITE
def test_a_question_that_was_withdrawn_is_no_longer_there(session, far: Photo, world: World):
    question = put_question(session, far)
    far.band = "inside"
    service.examine(session, far.id, NOTHING, now=LATER)
    with pytest.raises(NotFound):
        service.answer_finding(session, question.id, "x", actor=world["officer"], now=LATER)


@pytest.mark.parametrize(
    ("decision", "note", "problems"),
    [
        ("settled", None, []),
        ("doubtful", None, [("note", "required")]),
        ("doubtful", "ก" * 501, [("note", "too_long")]),
        ("settled", "1101700230708", [("note", "national_id_refused")]),
    ],
)
def test_a_doubt_says_what_is_doubted(decision, note, problems):
    found = service.check_decision(decision, note)
    assert [(problem.field, problem.code) for problem in found] == problems


def test_of_two_tabs_that_answer_at_once_one_is_told(app: Flask, far: Photo, session, world: World):
    question_id = put_question(session, far).id
    db.session.commit()
    ready, outcomes = threading.Barrier(2), []

    def answer(words: str, finding_id: UUID) -> None:
        with app.app_context():
            ready.wait()
            try:
                with work() as w:
                    service.answer_finding(
                        w.session, finding_id, words, actor=world["officer"], now=NOW
                    )
                outcomes.append(words)
            except FindingAnswered:
                outcomes.append("told")

    tabs = [threading.Thread(target=answer, args=(w, question_id)) for w in ("หนึ่ง", "สอง")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    session.rollback()
    kept = session.get_one(PhotoFinding, question_id, populate_existing=True)
    assert sorted(outcomes) == sorted([kept.answer, "told"])
