"""Asking for packets: one edition for one list, the right quarter, and one builder at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.packets import claims, service
from app.packets.claims import Built, ClaimLost, claim, finish, give_back, stale_packets
from app.packets.frozen.content import Content, from_json
from app.packets.models import Packet
from app.packets.queries import choices, packet_for, scope_for
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.visits.models import Visit
from app.visits.service import delete_visit, record_visit
from tests.conftest import World
from tests.packets.conftest import Quarter2567Q2
from tests.visits.drafts import make_draft

ASKED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
Q2 = Quarter.parse("2567Q2")
BUILT = Built("packets/x/1.zip", "a" * 64, 10, 3, 0)


def ask(
    session: Session, actor: Actor, unit: str = "district:5606", at: datetime = ASKED
) -> tuple[Packet, bool]:
    kind, _colon, code = unit.partition(":")
    scope = scope_for(session, actor, kind, code)
    return service.request_packet(session, actor, scope, Q2, programme=load_programme(), now=at)


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
    packet.state, packet.attempts = "failed", 3
    session.flush()
    again, to_build = ask(session, world["officer"])
    assert (again.id, again.state, again.attempts, to_build) == (packet.id, "queued", 0, True)


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


# ---- claims -------------------------------------------------------------------------------


@pytest.fixture
def packet(session: Session, world: World) -> Packet:
    """An asked-for packet of an empty quarter."""
    return ask(session, world["officer"])[0]


def test_a_packet_is_claimed_by_one_worker(session: Session, packet: Packet) -> None:
    assert claim(session, packet.id, ASKED) is not None
    assert claim(session, packet.id, ASKED) is None


def test_progress_renews_the_lease(session: Session, packet: Packet) -> None:
    held = claim(session, packet.id, ASKED)
    assert held
    later = ASKED + timedelta(seconds=100)
    claims.advance(session, held, "survey", 3, 10, now=later)
    session.refresh(packet)
    assert (packet.step, packet.done, packet.total) == ("survey", 3, 10)
    assert packet.lease_until == later + claims.LEASE
    assert stale_packets(session, ASKED + claims.LEASE + timedelta(seconds=1)) == []


def test_a_worker_whose_lease_ran_out_may_not_write_any_more(
    session: Session, packet: Packet
) -> None:
    slow = claim(session, packet.id, ASKED)
    after = ASKED + claims.LEASE + timedelta(seconds=1)
    quick = claim(session, packet.id, after)
    assert slow
    assert quick
    with pytest.raises(ClaimLost):
        claims.advance(session, slow, "report", 0, 1, now=after)
    with pytest.raises(ClaimLost):
        finish(session, slow, BUILT, now=after)
    with pytest.raises(ClaimLost):
        give_back(session, slow, "storage", now=after)
    finish(session, quick, BUILT, now=after)
    with pytest.raises(ClaimLost):
        finish(session, quick, BUILT, now=after)


def test_a_ready_packet_is_never_built_again(session: Session, packet: Packet) -> None:
    held = claim(session, packet.id, ASKED)
    assert held
    finish(session, held, BUILT, now=ASKED)
    assert claim(session, packet.id, ASKED + timedelta(days=1)) is None
    assert stale_packets(session, ASKED + timedelta(days=1)) == []


def test_three_broken_tries_and_it_fails_with_its_reason(session: Session, packet: Packet) -> None:
    for _ in range(claims.MOST_ATTEMPTS):
        held = claim(session, packet.id, ASKED)
        assert held
        give_back(session, held, "storage", now=ASKED)
    session.refresh(packet)
    assert (packet.state, packet.last_error_code) == ("failed", "storage")
    assert claim(session, packet.id, ASKED) is None


def test_the_sweeper_finds_what_nobody_heard_and_what_a_dead_worker_left(
    session: Session, packet: Packet
) -> None:
    assert stale_packets(session, ASKED + timedelta(seconds=5)) == []  # still on its way
    assert stale_packets(session, ASKED + timedelta(seconds=31)) == [packet.id]
    claim(session, packet.id, ASKED)
    assert stale_packets(session, ASKED + timedelta(seconds=119)) == []
    assert stale_packets(session, ASKED + timedelta(seconds=121)) == [packet.id]


def test_a_packet_that_kills_its_workers_fails_and_is_not_tried_for_ever(
    session: Session, packet: Packet
) -> None:
    instant = ASKED
    for _ in range(claims.MOST_ATTEMPTS):
        assert claim(session, packet.id, instant)
        instant += claims.LEASE + timedelta(seconds=1)
    assert stale_packets(session, instant) == []
    session.refresh(packet)
    assert (packet.state, packet.last_error_code) == ("failed", "gave_up")
