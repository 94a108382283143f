"""Asking for packets: one edition for one list, the right quarter, and one builder at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.models import AuditEntry
from app.packets import service
from app.packets.frozen.content import Content, Options, Scope, from_json
from app.packets.heads import read_head
from app.packets.models import Packet, PacketPerson
from app.packets.queries import choices, packet_for, scope_for
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.errors import Forbidden, NotFound
from app.visits.models import Visit
from app.visits.service import delete_visit, record_visit
from tests.conftest import World
from tests.packets.conftest import Quarter2567Q2
from tests.visits.drafts import make_draft

ASKED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
Q2 = Quarter.parse("2567Q2")


WHY = "ตรวจสอบพยานหลักฐานร่วมกับจังหวัด"
UNMASKED = Options(unmasked=True)


def ask(
    session: Session,
    actor: Actor,
    unit: str = "district:5606",
    at: datetime = ASKED,
    options: Options | None = None,
    reason: str | None = None,
) -> tuple[Packet, bool]:
    kind, _colon, code = unit.partition(":")
    scope = scope_for(session, actor, kind, code)
    return service.request_packet(
        session, actor, scope, Q2, programme=load_programme(), now=at, options=options,
        reason=reason,
    )  # fmt: skip


def listed(session: Session, packet: Packet) -> Content:
    return from_json(packet.frozen)


def test_a_district_gets_its_own_visits_followups_and_photos(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, to_build = ask(session, world["officer"])
    content = listed(session, packet)

    assert to_build
    assert [c.code for c in content.centres] == ["5606-001", "5606-002"]
    assert {v.id for v in content.visits} == {str(i) for i in quarter.visits}
    assert [f.id for f in content.followups] == [str(quarter.followup)]
    assert {p.id for p in content.photos} == {str(i) for i in quarter.photos}
    assert content.photos[0].distance_m == pytest.approx(15.3, abs=2)
    assert content.photos[0].view_sha256
    assert (packet.quarter, packet.edition, packet.state) == ("2567Q2", 1, "queued")


def test_a_photo_still_on_a_phone_is_on_the_list_as_such(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    away = session.get_one(Photo, quarter.photos[0])
    away.state = "awaited"  # with the renditions of its preview
    packet, _to_build = ask(session, world["officer"])

    [frozen] = [p for p in listed(session, packet).photos if p.id == str(away.id)]
    assert (frozen.state, frozen.view_sha256) == ("awaited", None)


def test_no_name_and_no_telephone_is_frozen(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"])
    text = str(packet.frozen)
    assert "ครูสมศรี" not in text
    assert "0812345678" not in text


def test_one_centre_is_only_that_centre(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"], "centre:5606-002")
    content = listed(session, packet)
    assert [v.id for v in content.visits] == [str(quarter.visits[1])]
    assert content.photos == ()


def test_a_visit_one_minute_before_the_new_quarter_in_bangkok_is_in_the_old_one(
    session: Session, world: World
) -> None:
    for day in (date(2024, 3, 31), date(2024, 4, 1)):
        draft = make_draft(world.centre, visit_date=day)
        record_visit(session, draft, actor=world["officer"], now=ASKED)
    packet, _ = ask(session, world["officer"])
    assert [v.visit_date for v in listed(session, packet).visits] == [date(2024, 3, 31)]


def test_a_struck_out_visit_is_not_in_the_packet_nor_are_its_photos(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    visit = session.get_one(Visit, quarter.visits[0])
    delete_visit(
        session, visit.id, expected_version=visit.version, reason="written twice",
        actor=world["officer"], now=ASKED,
    )  # fmt: skip
    content = listed(session, ask(session, world["officer"])[0])
    assert [v.id for v in content.visits] == [str(quarter.visits[1])]
    assert content.followups == ()
    assert content.photos == ()


def test_asking_again_while_nothing_changed_gives_the_same_packet(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    first, _ = ask(session, world["officer"])
    again, _ = ask(session, world["reviewer"], at=ASKED + timedelta(days=3))
    assert again.id == first.id


def test_what_arrives_after_the_packet_was_asked_for_makes_the_next_edition(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    first, _ = ask(session, world["officer"])
    before = listed(session, first)
    record_visit(session, make_draft(world.centre), actor=world["officer"], now=ASKED)

    second, to_build = ask(session, world["officer"])

    assert (second.edition, to_build) == (2, True)
    session.refresh(first)
    assert listed(session, first) == before
    assert len(listed(session, second).visits) == len(before.visits) + 1


def test_a_packet_that_failed_is_queued_again_not_given_a_new_number(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"])
    packet.state = "failed"
    session.flush()
    again, to_build = ask(session, world["officer"])
    assert (again.id, again.state, to_build) == (packet.id, "queued", True)


def test_another_choice_of_looks_is_another_packet_and_the_same_choice_the_same(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    plain, _ = ask(session, world["officer"])
    arabic, _ = ask(session, world["officer"], options=Options(digits="arabic"))
    again, _ = ask(session, world["reviewer"], options=Options(digits="arabic"))
    assert (arabic.edition, again.id) == (plain.edition + 1, arabic.id)
    assert listed(session, arabic).options.digits == "arabic"


def test_the_head_tells_pages_what_the_list_holds_and_no_name(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"], options=UNMASKED, reason=WHY)
    head = read_head(packet)
    assert (head.centres, head.visits, head.photos) == (2, 2, 2)
    assert (head.list, head.by) == ("lakthan-5606-2567Q2-e1", world["officer"].name)
    assert head.options["unmasked"] is True
    assert "ครูสมศรี" not in str(packet.head)


def test_the_next_edition_counts_what_is_new_since_the_one_before(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    ask(session, world["officer"])
    record_visit(session, make_draft(world.centre), actor=world["officer"], now=ASKED)
    second, _ = ask(session, world["officer"], at=ASKED + timedelta(days=1))
    head = read_head(second)
    assert (head.previous, head.changes["new"]) == (1, 1)


def test_a_packet_of_before_heads_were_kept_still_has_one(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"])
    kept = read_head(packet)
    packet.head = {}
    assert read_head(packet) == kept


# ---- with names and numbers ---------------------------------------------------------------


def test_names_and_numbers_are_in_the_list_only_when_asked_for_with_a_reason(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"], options=UNMASKED, reason=WHY)
    assert packet.unmasked
    assert "ครูสมศรี" in str(packet.frozen)
    named = session.scalars(
        select(PacketPerson.visit_id).where(PacketPerson.packet_id == packet.id)
    ).all()
    assert quarter.visits[0] in named
    for reason in (None, "", "   ok     ", "123456789"):
        with pytest.raises(service.RequestRefused):
            ask(session, world["officer"], options=UNMASKED, reason=reason)


def test_an_unmasked_packet_is_its_requesters_own_for_their_name_stands_on_it(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    mine, _ = ask(session, world["officer"], options=UNMASKED, reason=WHY)
    same, _ = ask(session, world["officer"], options=UNMASKED, reason=WHY)
    other, _ = ask(session, world["reviewer"], options=UNMASKED, reason=WHY)
    assert same.id == mine.id
    assert (other.edition, read_head(other).by) == (2, world["reviewer"].name)


def test_nobody_without_the_right_to_names_gets_them(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    foreign = Scope("district", "5606", "ปง", None, "พะเยา")
    for who in ("other_officer", "volunteer"):
        with pytest.raises(Forbidden):
            service.request_packet(
                session, world[who], foreign, Q2, programme=load_programme(), now=ASKED,
                options=UNMASKED, reason=WHY,
            )  # fmt: skip
    packet, _ = ask(session, world["officer"], "centre:5606-001", options=UNMASKED, reason=WHY)
    assert packet_for(session, world["reviewer"], packet.id) is packet
    for who in ("other_officer", "volunteer"):
        with pytest.raises(NotFound):
            packet_for(session, world[who], packet.id)


# ---- cancelling ---------------------------------------------------------------------------


def test_a_cancelled_packet_is_built_as_it_was_fixed_when_it_is_wanted_again(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"])
    fixed = listed(session, packet)
    assert service.cancel(session, packet, world["reviewer"], ASKED)
    assert not service.cancel(session, packet, world["officer"], ASKED)
    assert packet.state == "cancelled"
    assert service.ask_again(session, packet, world["officer"], ASKED)
    assert not service.ask_again(session, packet, world["officer"], ASKED)
    assert (packet.state, listed(session, packet)) == ("queued", fixed)
    done = session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == str(packet.id)))
    assert sorted(done) == ["packet.cancelled", "packet.requested", "packet.requested"]


def test_what_is_issued_cannot_be_cancelled(
    session: Session, world: World, quarter: Quarter2567Q2
) -> None:
    packet, _ = ask(session, world["officer"])
    packet.state, packet.fingerprint = "ready", "a" * 64
    packet.size_bytes, packet.file_key = 1, "packets/x/1.zip"
    session.flush()
    assert not service.cancel(session, packet, world["officer"], ASKED)
    assert packet.state == "ready"


def test_nobody_can_ask_for_what_they_do_not_see(session: Session, world: World) -> None:
    for who, unit in (
        ("officer", "district:5601"),
        ("officer", "province:56"),
        ("officer", "centre:5601-001"),
        ("volunteer", "centre:5606-001"),
        ("reviewer", "district:5099"),
        ("reviewer", "subdistrict:560601"),
        ("reviewer", "centre:none"),
        ("reviewer", "district:56"),
    ):
        with pytest.raises(NotFound):
            ask(session, world[who], unit)


def test_the_choices_are_the_actors_own_area(session: Session, world: World) -> None:
    assert choices(session, world["volunteer"]) == []
    officer = [c.key for c in choices(session, world["officer"])]
    assert officer == ["district:5606", "centre:5606-001", "centre:5606-002"]
    reviewer = [c.key for c in choices(session, world["reviewer"])]
    assert reviewer[0] == "province:56"
    assert len([k for k in reviewer if k.startswith("district:")]) == 9


def test_a_foreign_packet_does_not_exist(session: Session, world: World) -> None:
    packet, _ = ask(session, world["reviewer"], "centre:5601-001")
    whole, _ = ask(session, world["reviewer"], "province:56")
    assert packet_for(session, world["other_officer"], packet.id) is packet
    for who, one in (("officer", packet), ("officer", whole), ("other_volunteer", packet)):
        with pytest.raises(NotFound):
            packet_for(session, world[who], one.id)
