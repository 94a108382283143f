"""Phones: enrolled once, found again with the same locker, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.accounts.managing import close_account
from app.accounts.models import Account, SignIn
from app.accounts.service import WrongCredentials
from app.accounts.sessions import actor_for, open_session
from app.audit.models import AuditEntry
from app.devices import codes, queries, service
from app.devices.codes import CodeInvalid
from app.devices.enrolment import (
    Enrolled,
    LockerUnreadable,
    RoleWithoutPhone,
    enrol,
    enrol_by_code,
)
from app.devices.models import Device, DeviceKey, EnrolmentCode
from app.devices.rules import Phone
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.ids import new_id
from tests.conftest import NOW, World
from tests.devices.phones import SEED, enrolled, make_heartbeat, make_phone, new_public_key
from tests.visits.test_concurrency import AT_ONCE, at_once

DAY = timedelta(days=1)


def _phone(done: Enrolled, world: World, who: str = "volunteer") -> Phone:
    return Phone(done.device.id, world[who])


def _actions(session: Session) -> list[str]:
    query = select(AuditEntry).where(AuditEntry.kind == "device").order_by(AuditEntry.id)
    return [entry.action for entry in session.scalars(query)]


def test_the_same_storage_and_account_is_one_device_with_one_locker(
    session: Session, world: World
) -> None:
    phone, account_id = make_phone(public_key=new_public_key()), world["volunteer"].account_id
    first = enrol(session, phone, account_id, seed=SEED, now=NOW)
    service.sign_out(session, first.device.id, now=NOW)
    again = enrol(session, phone, account_id, seed=SEED, now=NOW + DAY)

    assert (again.device.id, again.locker) == (first.device.id, first.locker)
    assert again.token != first.token
    assert again.key_id == first.key_id  # the same key keeps its id
    assert session.scalar(select(func.count(Device.id))) == 1


def test_a_new_key_does_not_end_an_old_one(session: Session, world: World) -> None:
    account_id, install_id = world["volunteer"].account_id, new_id()
    keys = [
        enrolled(session, account_id, install_id=install_id, public_key=new_public_key()).key_id
        for _ in range(2)
    ]

    assert set(session.scalars(select(DeviceKey.id))) == set(keys)
    assert len(set(keys)) == 2


def test_two_accounts_on_one_phone_have_a_device_and_a_locker_each(
    session: Session, world: World
) -> None:
    shared = new_id()
    one = enrolled(session, world["volunteer"].account_id, install_id=shared)
    other = enrolled(session, world["officer"].account_id, install_id=shared)

    assert one.device.id != other.device.id
    assert one.locker != other.locker


@pytest.mark.parametrize("who", ["reviewer", "admin"])
def test_a_desk_role_gets_no_phone(session: Session, world: World, who: str) -> None:
    with pytest.raises(RoleWithoutPhone):
        enrolled(session, world[who].account_id)


def test_an_account_closed_a_moment_ago_gets_no_phone(session: Session, world: World) -> None:
    volunteer = world["volunteer"].account_id
    close_account(session, volunteer, actor=world["admin"], now=NOW)
    with pytest.raises(WrongCredentials):
        enrolled(session, volunteer)


def test_a_server_with_another_key_replaces_no_locker(session: Session, world: World) -> None:
    phone, account_id = make_phone(), world["volunteer"].account_id
    done = enrol(session, phone, account_id, seed=SEED, now=NOW)
    sealed = done.device.sealed_locker

    with pytest.raises(LockerUnreadable):
        enrol(session, phone, account_id, seed="B" * 42 + "A", now=NOW)
    assert done.device.sealed_locker == sealed


def test_no_secret_is_stored_in_the_clear(session: Session, world: World) -> None:
    actor = world["volunteer"]
    code, _entry = codes.make_code(session, actor.account_id, actor=actor, seed=SEED, now=NOW)
    done = enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW, allow_demo=True)
    session.flush()

    stored = []
    for table in inspect(session.get_bind()).get_table_names():
        for row in session.execute(db.metadata.tables[table].select()):
            stored += [str(value) for value in row] + [v for v in row if isinstance(v, bytes)]
    text = "\n".join(value for value in stored if isinstance(value, str))
    assert done.token not in text
    assert code not in text
    assert all(done.locker not in value for value in stored if isinstance(value, bytes))


def test_a_heartbeat_says_how_the_phone_fares(session: Session, world: World) -> None:
    done = enrolled(session, world["volunteer"].account_id)
    said = make_heartbeat(
        unsent_records=3, unsent_photos=12, unsent_bytes=40_000_000, storage_persisted=False,
        oldest_unsent_at=NOW - DAY, app_version="0.2.0",
    )  # fmt: skip
    answer = service.hear(session, _phone(done, world), said, now=NOW + timedelta(minutes=1))

    device = done.device
    assert (device.unsent_records, device.unsent_photos, device.unsent_bytes) == (3, 12, 40_000_000)
    assert (device.clock_skew_s, device.storage_persisted, device.app_version) == (
        -60, False, "0.2.0",
    )  # fmt: skip
    assert device.last_contact_at == NOW + timedelta(minutes=1)
    assert (answer.forked, device.beat) == (False, answer.beat)


def test_a_phone_in_the_year_2567_still_says_how_old_its_oldest_record_is(
    session: Session, world: World
) -> None:
    done = enrolled(session, world["volunteer"].account_id)
    there = NOW.replace(year=2567)
    said = make_heartbeat(
        unsent_records=1, device_time=there, oldest_unsent_at=there - timedelta(hours=5)
    )
    service.hear(session, _phone(done, world), said, now=NOW)

    assert done.device.oldest_unsent_at == NOW - timedelta(hours=5)
    assert (done.device.clock_skew_s or 0) > 500 * 365 * 86400


def test_a_copied_storage_is_believed_in_nothing(session: Session, world: World) -> None:
    done = enrolled(session, world["volunteer"].account_id)
    phone = _phone(done, world)
    old = service.hear(session, phone, make_heartbeat(unsent_records=5), now=NOW).beat
    for _ in range(2):
        newest = service.hear(
            session, phone, make_heartbeat(unsent_records=5, beat=(done.device.beat or "")[:16]),
            now=NOW,
        )  # fmt: skip
    forked = service.hear(session, phone, make_heartbeat(unsent_records=0, beat=old), now=NOW)

    assert (forked.forked, forked.beat, newest.forked) == (True, None, False)
    assert done.device.unsent_records == 5


def test_enrolling_again_starts_a_new_row_of_beats(session: Session, world: World) -> None:
    account_id, install_id = world["volunteer"].account_id, new_id()
    done = enrolled(session, account_id, install_id=install_id)
    service.hear(session, _phone(done, world), make_heartbeat(), now=NOW)
    enrolled(session, account_id, install_id=install_id)

    assert not service.hear(session, _phone(done, world), make_heartbeat(), now=NOW).forked


def test_a_lost_phone_is_counted_once_and_no_longer_as_unsent(
    session: Session, world: World
) -> None:
    volunteer = world["volunteer"]
    old, new = (enrolled(session, volunteer.account_id) for _ in range(2))
    said = make_heartbeat(unsent_records=2, unsent_photos=5)
    service.hear(session, _phone(old, world), said, now=NOW)
    assert list(queries.earlier_with_unsent(session, new.device)) == [old.device]

    for _ in range(2):
        service.report_lost(session, _phone(new, world), old.device.id, now=NOW)
    assert (old.device.lost_items, old.device.lost_at) == (7, NOW)
    assert queries.unsent_summary(session, volunteer).phones == 0
    assert list(queries.earlier_with_unsent(session, new.device)) == []
    assert _actions(session).count("device.lost") == 1


def test_a_phone_given_up_for_lost_that_speaks_is_found(session: Session, world: World) -> None:
    old, new = (enrolled(session, world["volunteer"].account_id) for _ in range(2))
    service.report_lost(session, _phone(new, world), old.device.id, now=NOW)
    service.hear(session, _phone(old, world), make_heartbeat(unsent_records=1), now=NOW)

    assert (old.device.lost_at, old.device.lost_items) == (None, 0)
    assert _actions(session)[-1] == "device.found"


def test_nobody_loses_another_s_phone_nor_their_own_in_hand(session: Session, world: World) -> None:
    mine = enrolled(session, world["volunteer"].account_id)
    theirs = enrolled(session, world["officer"].account_id)
    for device_id in (theirs.device.id, mine.device.id, new_id()):
        with pytest.raises(NotFound):
            service.report_lost(session, _phone(mine, world), device_id, now=NOW)


def test_revoking_ends_the_phone_s_page_sessions_too(session: Session, world: World) -> None:
    account = session.get_one(Account, world["volunteer"].account_id)
    done = enrolled(session, account.id)
    on_phone = open_session(
        session, account, proof="password", now=NOW, agent=None, device_id=done.device.id
    )
    elsewhere = open_session(session, account, proof="password", now=NOW, agent=None)
    for _ in range(2):
        service.revoke(session, done.device.id, actor=world["officer"], now=NOW)

    alive = [actor_for(session, s, now=NOW, idle=DAY, longest=DAY) for s in (on_phone, elsewhere)]
    assert [actor is not None for actor in alive] == [False, True]
    assert (done.device.revoked_by, _actions(session).count("device.revoked")) == (
        world["officer"].account_id, 1,
    )  # fmt: skip


def test_a_revoked_phone_comes_back_when_its_owner_enrols_it(
    session: Session, world: World
) -> None:
    phone, volunteer = make_phone(), world["volunteer"]
    first = enrol(session, phone, volunteer.account_id, seed=SEED, now=NOW)
    service.revoke(session, first.device.id, actor=volunteer, now=NOW)
    again = enrol(session, phone, volunteer.account_id, seed=SEED, now=NOW)

    assert (again.device.revoked_at, again.locker) == (None, first.locker)


@pytest.mark.parametrize("who", ["other_volunteer", "other_officer"])
def test_a_phone_outside_the_area_does_not_exist(session: Session, world: World, who: str) -> None:
    done = enrolled(session, world["volunteer"].account_id)
    with pytest.raises(NotFound):
        service.revoke(session, done.device.id, actor=world[who], now=NOW)
    assert not queries.list_phones(session, world[who])
    assert queries.unsent_summary(session, world[who]).phones == 0


def test_what_lies_on_phones_is_summed_for_the_area(session: Session, world: World) -> None:
    for who, records, photos in (("volunteer", 2, 3), ("officer", 0, 1), ("other_officer", 9, 9)):
        done = enrolled(session, world[who].account_id)
        said = make_heartbeat(unsent_records=records, unsent_photos=photos)
        service.hear(session, _phone(done, world, who), said, now=NOW)
    gone = enrolled(session, world["volunteer"].account_id)
    service.hear(session, _phone(gone, world), make_heartbeat(unsent_records=50), now=NOW)
    service.revoke(session, gone.device.id, actor=world["officer"], now=NOW)
    enrolled(session, world["volunteer"].account_id)

    assert queries.unsent_summary(session, world["officer"]) == queries.UnsentSummary(2, 4, 2)
    assert queries.unsent_summary(session, world["reviewer"]) == queries.UnsentSummary(11, 13, 3)


def _code(session: Session, world: World, *, actor: str = "officer", of: str = "volunteer") -> str:
    return codes.make_code(
        session, world[of].account_id, actor=world[actor], seed=SEED, now=NOW
    )[0]  # fmt: skip


def test_a_code_enrols_the_one_it_was_made_for_once(session: Session, world: World) -> None:
    code = _code(session, world)
    done = enrol_by_code(
        session, make_phone(), f" {code[:4].lower()} {code[4:]}", seed=SEED,
        now=NOW + timedelta(hours=23), allow_demo=True,
    )  # fmt: skip

    assert done.device.account_id == world["volunteer"].account_id
    assert session.scalar(select(EnrolmentCode.device_id)) == done.device.id
    with pytest.raises(CodeInvalid):
        enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW, allow_demo=True)


def test_a_code_is_worth_nothing_after_a_day(session: Session, world: World) -> None:
    code = _code(session, world)
    with pytest.raises(CodeInvalid):
        enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW + DAY, allow_demo=True)


@pytest.mark.parametrize("typed", ["", "00000000", "not a code at all", "\0", "ก" * 8])
def test_a_code_nobody_made_enrols_nobody(session: Session, world: World, typed: str) -> None:
    with pytest.raises(CodeInvalid):
        enrol_by_code(session, make_phone(), typed, seed=SEED, now=NOW, allow_demo=True)


def test_a_code_for_a_closed_account_says_only_that_it_does_not_work(
    session: Session, world: World
) -> None:
    code = _code(session, world)
    close_account(session, world["volunteer"].account_id, actor=world["admin"], now=NOW)
    with pytest.raises(CodeInvalid):
        enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW, allow_demo=True)


def test_a_demo_account_s_code_is_worth_nothing_among_real_people(
    session: Session, world: World
) -> None:
    session.get_one(Account, world["volunteer"].account_id).is_demo = True
    code = _code(session, world)
    with pytest.raises(CodeInvalid):
        enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW, allow_demo=False)


@pytest.mark.parametrize(
    ("actor", "of"),
    [
        ("officer", "reviewer"),
        ("admin", "reviewer"),
        ("reviewer", "reviewer"),
        ("reviewer", "volunteer"),
        ("other_officer", "volunteer"),
        ("volunteer", "other_volunteer"),
        ("admin", "admin"),
    ],
)
def test_nobody_makes_a_code_beyond_their_area_nor_for_a_desk(
    session: Session, world: World, actor: str, of: str
) -> None:
    with pytest.raises(NotFound):
        _code(session, world, actor=actor, of=of)
    assert world[of] not in queries.people_to_enrol(session, world[actor])


def test_whom_one_may_make_a_code_for(session: Session, world: World) -> None:
    def names(who: str) -> list[str]:
        return [a.username for a in queries.people_to_enrol(session, world[who])]

    assert names("volunteer") == ["volunteer"]
    assert names("officer") == ["officer", "volunteer", "other_volunteer"]
    assert names("reviewer") == []
    assert names("admin") == [
        "other_officer", "officer", "volunteer", "other_volunteer",
    ]  # fmt: skip


def test_a_code_works_for_one_of_twenty_phones_at_the_same_moment(app: Flask, world: World) -> None:
    with app.app_context():
        code = _code(db.session(), world)
        db.session.commit()

    def try_code(_number: int) -> object:
        enrol_by_code(db.session(), make_phone(), code, seed=SEED, now=NOW, allow_demo=True)
        return "enrolled"

    answers = at_once(app, try_code)
    assert sorted(map(str, answers)) == ["code_invalid"] * (AT_ONCE - 1) + ["enrolled"]
    with app.app_context():
        assert db.session.scalar(select(func.count(Device.id))) == 1


def test_a_storage_that_enrols_twice_at_once_is_one_device(app: Flask, world: World) -> None:
    phone, account_id = make_phone(), world["volunteer"].account_id
    lockers = at_once(
        app, lambda _: enrol(db.session(), phone, account_id, seed=SEED, now=NOW).locker
    )

    assert len(set(lockers)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Device.id))) == 1


def test_heartbeats_that_cross_are_no_copy(app: Flask, world: World) -> None:
    with app.app_context():
        done = enrolled(db.session(), world["volunteer"].account_id)
        db.session.commit()
    phone = Phone(done.device.id, world["volunteer"])

    answers = at_once(
        app, lambda _: service.hear(db.session(), phone, make_heartbeat(), now=NOW).beat
    )
    assert len(set(answers)) == 1
    assert None not in answers


def test_signing_out_ends_the_phone_s_page_sessions(session: Session, world: World) -> None:
    account = session.get_one(Account, world["volunteer"].account_id)
    done = enrolled(session, account.id)
    open_session(session, account, proof="password", now=NOW, agent=None, device_id=done.device.id)
    service.sign_out(session, done.device.id, now=NOW)

    assert done.device.token_sha256 is None
    assert session.scalar(select(SignIn.ended_at)) == NOW
