"""The other classes: packets, orders, evidence files, accounts, phones, requests, sign-ins."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account, Invitation, SignIn
from app.devices.models import CarriedContact, Device
from app.documents.models import Document
from app.documents.service import keep_file
from app.keeping.holds import HoldDraft, place_hold
from app.keeping.models import Destruction, Erasure
from app.networks.models import NetworkOrder
from app.packets.frozen.content import Options, Scope
from app.packets.models import Packet
from app.packets.service import request_packet
from app.photos.models import Photo
from app.retention.ends.people import CLOSED
from app.shared.clock import Quarter, now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.ids import new_id
from app.shared.work import work
from app.subjects.models import SubjectRequest
from app.visits.models import Visit
from tests.conftest import World
from tests.photos import makers
from tests.retention.conftest import Night, Visit_, on_disk
from tests.visits.drafts import PROGRAMME

LONG_AGO = datetime(2023, 1, 10, tzinfo=UTC)
IN_2567 = date(2024, 2, 13)
PONG = Scope("district", "5606", "อำเภอปง", "อำเภอปง", "จังหวัดพะเยา")


def captured(world: World) -> dict[str, object]:
    """What every record carries."""
    return {
        "id": new_id(),
        "district_code": "5606",
        "search_key": "",
        "captured_at": LONG_AGO,
        "received_at": LONG_AGO,
        "recorder_id": world["officer"].account_id,
        "content_sha256": "0" * 64,
        "programme_version": PROGRAMME.name,
    }


def test_a_closed_account_loses_its_person_and_keeps_its_id(app: Flask, world: World, night: Night):
    gone, here = world["other_volunteer"].account_id, world["volunteer"].account_id
    with app.app_context(), work() as w:
        account = w.session.get_one(Account, gone)
        account.disabled_at, account.phone = LONG_AGO, "0812345678"
        w.session.add(
            Invitation(token_sha256="1" * 64, account_id=gone, made_at=LONG_AGO, expires_at=now())
        )
    night()
    with app.app_context():
        account = db.session.get_one(Account, gone)
        assert (account.name, account.phone, account.password_hash) == (CLOSED, None, None)
        assert "other_volunteer" not in account.username
        assert db.session.get_one(Account, here).name == "Test volunteer"
        assert db.session.scalars(select(Invitation)).all() == []
        assert db.session.scalars(select(Erasure.kind)).all() == ["account"]
    assert night().counts["account:account"]["due"] == 0


def test_phones_leave_an_old_order_and_the_members_stay(app: Flask, world: World, night: Night):
    member = {"name": "นายดี งาม", "sector": "state", "phone": "0812345678"}
    with app.app_context(), work() as w:
        for day in (date(2020, 9, 30), date(2021, 10, 1)):
            w.session.add(
                NetworkOrder(
                    **captured(world),
                    dated_on=day,
                    fiscal_year=2563,
                    order_no="1",
                    act="appointed",
                    members=[member],
                    sectors=["state"],
                )
            )
    night(date(2026, 9, 30))
    with app.app_context():
        orders = db.session.scalars(select(NetworkOrder).order_by(NetworkOrder.dated_on)).all()
        assert [order.members[0]["phone"] for order in orders] == [None, "0812345678"]
        assert orders[0].members[0]["name"] == "นายดี งาม"


def test_an_evidence_file_goes_after_five_years_unless_a_photo_is_the_same_bytes(
    app: Flask,
    world: World,
    visit: Visit_,
    photo: Callable[..., Photo],
    files: FileStore,
    night: Night,
):
    shared, own = makers.jpeg(quality=61), makers.jpeg(quality=62)
    with app.app_context(), work() as w:
        for data in (shared, own):
            kept = keep_file(files, io.BytesIO(data), max_bytes=10**6)
            w.session.add(
                Document(
                    **captured(world),
                    dated_on=date(2020, 9, 1),
                    kind="other",
                    title="ใบลงชื่อ",
                    file_name="สมชาย.jpg",
                    file_sha256=kept.sha256,
                    file_bytes=kept.size_bytes,
                    file_type="image/jpeg",
                    state="received",
                )
            )
    twin = photo(visit(date(2025, 1, 5)), date(2025, 1, 5), shared)

    night()

    with app.app_context():
        rows = db.session.scalars(select(Document)).all()
        assert all(row.destroyed_at and row.file_name is None for row in rows)
        assert {row.title for row in rows} == {"ใบลงชื่อ"}
    originals = [name for name in on_disk(files) if files.exists(content_key("originals", name))]
    assert originals == [twin.original_sha256]


def test_the_page_of_a_destroyed_file_says_so_and_gives_none_away(
    app: Flask, world: World, sign_in: Callable[..., object], night: Night
):
    document = Document(
        **captured(world),
        dated_on=date(2020, 9, 1),
        kind="other",
        title="ใบลงชื่อ",
        file_sha256="2" * 64,
        file_bytes=9,
        file_type="image/jpeg",
        state="received",
    )
    with app.app_context(), work() as w:
        w.session.add(document)
    night()
    client: object = sign_in("reviewer")
    assert client.get(f"/documents/{document.id}/file").status_code == 404  # type: ignore[attr-defined]
    assert client.get(f"/documents/{document.id}").status_code == 200  # type: ignore[attr-defined]


def test_words_and_address_of_an_answered_request_go_and_its_days_stay(
    app: Flask, world: World, night: Night
):
    with app.app_context(), work() as w:
        for state, decided_at in (("done", LONG_AGO), ("open", None)):
            w.session.add(
                SubjectRequest(
                    kind="access",
                    via="paper",
                    state=state,
                    area_code="560601",
                    asked="ขอดูข้อมูล",
                    contact="0812345678",
                    received_at=LONG_AGO,
                    due_on=date(2023, 2, 9),
                    decided_at=decided_at,
                )
            )
    night()
    with app.app_context():
        found = {one.state: one for one in db.session.scalars(select(SubjectRequest))}
        assert (found["done"].asked, found["done"].contact) == (None, None)
        assert found["done"].due_on == date(2023, 2, 9)
        assert found["open"].contact == "0812345678"


def test_old_sign_ins_and_revoked_phones_end_and_living_ones_do_not(
    app: Flask, world: World, night: Night
):
    who = world["volunteer"].account_id
    with app.app_context(), work() as w:
        for token, seen in (("3" * 64, LONG_AGO), ("4" * 64, now())):
            w.session.add(
                SignIn(token_sha256=token, account_id=who, started_at=seen, seen_at=seen, agent="x")
            )
        for revoked in (LONG_AGO, None):
            w.session.add(
                Device(
                    install_id=new_id(),
                    account_id=who,
                    label="Android · Chrome",
                    sealed_locker=b"sealed",
                    enrolled_at=LONG_AGO,
                    last_contact_at=LONG_AGO,
                    revoked_at=revoked,
                )
            )
    night(date(2026, 11, 23))
    with app.app_context():
        assert db.session.scalars(select(SignIn.token_sha256)).all() == ["4" * 64]
        phones = {phone.revoked_at: phone for phone in db.session.scalars(select(Device))}
        assert (phones[LONG_AGO].label, phones[LONG_AGO].sealed_locker) == ("", b"")
        assert (phones[None].label, phones[None].sealed_locker) == ("Android · Chrome", b"sealed")


def ask(app: Flask, world: World, *, unmasked: bool) -> UUID:
    """A district's packet of 2567Q2, queued."""
    with app.app_context(), work() as w:
        packet, _ = request_packet(
            w.session,
            world["reviewer"],
            Scope("district", "5606", "อำเภอปง", "อำเภอปง", "จังหวัดพะเยา"),
            Quarter.parse("2567Q2"),
            programme=PROGRAMME,
            now=now(),
            reason="ตรวจการติดตาม",
            options=Options(unmasked=unmasked),
        )
        return packet.id


def test_a_packet_with_names_goes_and_its_visitors_go_without_making_it_again(
    app: Flask, world: World, visit: Visit_, night: Night
):
    visits = [visit(IN_2567) for _ in range(3)]
    named, masked = ask(app, world, unmasked=True), ask(app, world, unmasked=False)

    night()

    with app.app_context():
        rows = db.session.scalars(select(Packet).order_by(Packet.edition)).all()
        state = {row.id: row.state for row in rows}
        assert (state[named], state[masked]) == ("withdrawn", "withdrawn")
        again = [row for row in rows if row.id not in (named, masked)]
        assert [row.redacts_id for row in again] == [masked]  # once, not once a visitor
        assert "0812345678" not in str(again[0].frozen) and "สมชาย" not in str(again[0].frozen)
        assert rows[0].frozen == {} and rows[0].content_sha256
        assert all(db.session.get_one(Visit, each).leader_name is None for each in visits)


def test_a_hold_on_one_village_keeps_the_districts_packet_and_whom_it_names(
    app: Flask, world: World, visit: Visit_, night: Night
):
    inside, outside = visit(IN_2567), visit(IN_2567, centre=world.neighbour)
    ask(app, world, unmasked=True)
    with app.app_context(), work() as w:
        draft = HoldDraft("560601", "คดี", date(2024, 2, 1), date(2024, 2, 28))
        place_hold(w.session, draft, actor=world["admin"], now=now())

    night()

    with app.app_context():
        assert [row.state for row in db.session.scalars(select(Packet))] == ["queued"]
        kept = [db.session.get_one(Visit, each).leader_name for each in (inside, outside)]
        assert all(kept)


def test_a_night_that_was_broken_off_goes_on_and_a_finished_one_does_not(app: Flask, visit: Visit_):
    from app.retention import runs

    two = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)  # 02.00 of the 24th in Bangkok
    with app.app_context():
        with work() as w:
            assert runs.last_night(two - timedelta(seconds=1)) < runs.last_night(two)
            first = runs.owed(w.session, two)
            assert first is not None
        with work() as w:
            again = runs.owed(w.session, two + timedelta(minutes=20))
            assert again is not None and again.id == first.id
            runs.end(w.session, first.id, two + timedelta(minutes=21))
        with work() as w:
            assert runs.owed(w.session, two + timedelta(hours=23)) is None
        with work() as w:  # the clock was away for three days: one run makes up for them
            late = runs.owed(w.session, two + timedelta(days=3, hours=9))
            assert late is not None and late.id != first.id


def test_no_entry_of_the_log_is_left_without_a_class(app: Flask, world: World, night: Night):
    night()
    with app.app_context():
        assert db.session.scalars(select(Destruction)).all() == []


def test_what_a_phone_was_given_is_kept_a_year_after_it_let_go(
    app: Flask, world: World, visit: Visit_, night: Night
):
    let_go, later, carries, dead = (visit(date(2026, 6, day)) for day in (1, 2, 3, 4))
    with app.app_context(), work() as w:
        phones = [
            Device(
                install_id=new_id(), account_id=world["volunteer"].account_id, label="Android",
                sealed_locker=b"k", enrolled_at=LONG_AGO, last_contact_at=LONG_AGO,
                revoked_at=revoked_at,
            )
            for revoked_at in (None, LONG_AGO)
        ]  # fmt: skip
        w.session.add_all(phones)
        w.session.flush()
        in_use, lost = (phone.id for phone in phones)
        a_year_ago = datetime(2025, 10, 1, tzinfo=UTC)
        for device_id, visit_id, ended in (
            (in_use, let_go, a_year_ago - timedelta(days=1)),
            (in_use, later, a_year_ago + timedelta(days=1)),
            (in_use, carries, None),
            (lost, dead, None),
            (lost, later, a_year_ago - timedelta(days=1)),
        ):
            w.session.add(
                CarriedContact(
                    device_id=device_id, visit_id=visit_id, given_at=LONG_AGO, let_go_at=ended
                )
            )
    run = night()
    with app.app_context():
        kept = {(row.device_id, row.visit_id) for row in db.session.scalars(select(CarriedContact))}
        assert kept == {(in_use, later), (in_use, carries)}
        noted = select(Destruction).where(Destruction.kind == "carried_contact")
        assert len(db.session.scalars(noted).one().objects) == 3
    assert run.counts["device:carried_contact"]["due"] == 3
