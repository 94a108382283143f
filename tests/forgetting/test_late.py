"""What was written before a forgetting and arrives after it brings nobody back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.devices.models import CaptureProof
from app.followups.models import Followup, FollowupRevision
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.veil import MARK
from app.shared.work import work
from app.sync.models import HeldItem
from app.visits.models import Visit, VisitRevision
from app.visits.service import forget_visitor
from tests.conftest import World
from tests.forgetting.searching import GIVEN, NAME, PHONE, REMARK, SAID, found_in
from tests.photos import makers
from tests.sync.phone_client import Item, Phone


def known(phone: Phone, world: World) -> Item:
    """A visit with a person, received."""
    visit = phone.visit(
        world.centre, leader_name=NAME, phone=PHONE, suggestion=REMARK,
        group_name=f"ครอบครัวคุณ{GIVEN}", visit_date="2024-01-10",
    )  # fmt: skip
    assert phone.put(visit)["status"] == "created"
    return visit


def forget(app: Flask, world: World, visit: Item) -> None:
    with app.app_context(), work() as w:
        forget_visitor(
            w.session, UUID(visit["id"]), actor=world["officer"], now=now(), reason="เจ้าตัวขอ"
        )


def everything(session: Session) -> str:
    """Every row that might say it, as text."""
    tables = (Visit, VisitRevision, Followup, FollowupRevision, Photo, HeldItem, AuditEntry)
    rows: list[Any] = []
    for table in tables:
        rows += [
            {column.key: getattr(row, column.key) for column in table.__mapper__.column_attrs}
            for row in session.scalars(select(table).execution_options(populate_existing=True))
        ]
    return str(rows)


def one(model: Any, record_id: str) -> Any:
    return db.session().get_one(model, UUID(record_id), populate_existing=True)


def test_a_check_written_before_keeps_its_counts_and_loses_its_remarks(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, other = phones
    visit = known(mine, world)
    check = other.followup(visit["id"], method="activity", reason=SAID, next_step=f"โทรหา {NAME}")
    forget(app, world, visit)

    told = other.put(check)
    assert (told["status"], told["receipt"]["version"]) == ("created", 1)
    assert other.put(check)["status"] == "known"  # its receipt was lost: it stays received
    with app.app_context():
        stored = one(Followup, check["id"])
        assert (stored.n_followed, stored.n_used) == (10, 4)
        assert (stored.reason, stored.next_step, stored.search_key) == (None, None, "")
        assert found_in(everything(db.session()).encode()) == set()


def test_a_check_corrected_before_says_nothing_either(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, other = phones
    visit = known(mine, world)
    check = mine.followup(visit["id"], method="activity", n_used=3)  # no remark: not made to forget
    mine.put(check)
    edit = other.edit("followup", check["data"] | {"n_used": 5, "reason": SAID}, 1)
    forget(app, world, visit)

    assert other.put(edit)["status"] == "created"
    with app.app_context():
        assert (one(Followup, check["id"]).n_used, one(Followup, check["id"]).reason) == (5, None)
        assert found_in(everything(db.session()).encode()) == set()


def test_a_photo_taken_before_arrives_without_its_caption(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, other = phones
    visit = known(mine, world)
    picture = makers.jpeg(picture=makers.scene((32, 24)))
    words = {"caption": f"{NAME} ห่มดิน", "file_name": f"{GIVEN}.jpg"}
    photo = other.photo("visit", visit["id"], picture, **words)
    forget(app, world, visit)

    assert other.put(photo)["status"] == "created"
    assert other.put(photo)["status"] == "known"
    with app.app_context():
        assert (one(Photo, photo["id"]).caption, one(Photo, photo["id"]).file_name) == (None, None)
        assert found_in(everything(db.session()).encode()) == set()


def test_an_edit_upon_an_edit_that_never_came_brings_no_name_back(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, _other = phones
    visit = known(mine, world)
    second = mine.edit("visit", visit["data"] | {"n_male": 7}, 2)  # upon one still on the phone
    forget(app, world, visit)  # which makes version 2

    assert mine.put(second)["status"] == "created"
    with app.app_context():
        stored = one(Visit, visit["id"])
        assert (stored.n_male, stored.leader_name, stored.phone) == (7, None, None)
        assert (stored.suggestion, stored.consent_followup) == (None, False)
        assert stored.next_followup_on is None
        assert found_in(everything(db.session()).encode()) == set()


def test_whoever_has_learned_of_it_may_write_a_name_with_consent_anew(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, _other = phones
    visit = known(mine, world)
    forget(app, world, visit)
    mine.pull()

    again = mine.edit("visit", visit["data"] | {"n_male": 8, "phone": "0899999999"}, 2)
    assert mine.put(again)["status"] == "created"
    with app.app_context():
        assert one(Visit, visit["id"]).phone == "0899999999"


def test_what_must_wait_waits_without_the_words(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, other = phones
    visit = known(mine, world)
    check = mine.followup(visit["id"], method="activity")
    mine.put(check)
    waits = other.edit("followup", check["data"] | {"n_used": 2, "reason": SAID}, 5)
    stale = other.edit("visit", visit["data"] | {"n_male": 3}, 1)
    forget(app, world, visit)

    assert other.put(waits)["status"] == "pending"
    assert other.put(stale)["status"] == "conflict"
    assert other.put(stale)["status"] == "conflict"  # kept once
    with app.app_context():
        held = db.session().scalars(select(HeldItem)).all()
        assert len(held) == 2
        assert all(one.item_sha256.startswith(MARK) for one in held)
        assert [one.body["item"]["captured"] for one in held if one.body] == [None, None]
        assert found_in(everything(db.session()).encode()) == set()


def test_no_digest_is_left_that_a_number_could_be_tried_against(
    app: Flask, world: World, phones: tuple[Phone, Phone]
) -> None:
    mine, other = phones
    visit = known(mine, world)
    edit = mine.edit("visit", visit["data"] | {"n_male": 4}, 1)
    mine.put(edit)
    check = mine.followup(visit["id"], reason=SAID)
    mine.put(check)
    other.put(other.edit("visit", visit["data"] | {"n_male": 9}, 1))  # lies in conflict
    items = {item["id"] + item["op"]: item for item in (visit, edit, check)}
    with app.app_context():
        before = _digests(db.session())
        db.session.remove()
    assert not [digest for digest in before if digest.startswith(MARK)]
    forget(app, world, visit)

    with app.app_context():
        session = db.session()
        after = _digests(session)
        assert after.isdisjoint(before)
        assert all(digest.startswith(MARK) and len(digest) == 64 for digest in after)
        proofs = session.scalars(select(CaptureProof)).all()
        assert {(proof.signature, proof.nonce, proof.verified) for proof in proofs} == {
            (None, None, True)
        }
    for item in items.values():  # and each is known for all that
        assert mine.put(item)["status"] == "known"
    same = other.item("visit", "create", visit["data"], base_version=1)  # another item, as said
    assert other.put(same)["status"] == "known"


def _digests(session: Session) -> set[str]:
    columns = (
        Visit.content_sha256, VisitRevision.content_sha256, Followup.content_sha256,
        FollowupRevision.content_sha256, CaptureProof.item_sha256, HeldItem.item_sha256,
    )  # fmt: skip
    return {digest for column in columns for digest in session.scalars(select(column))}
