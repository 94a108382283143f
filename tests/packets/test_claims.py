"""Who may build: parts by many workers, the packet by one, and what the sweeper rings for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.packets import claims, part_claims, service
from app.packets.claims import Built, Claim, ClaimLost, claim, finish, give_back, progress_of
from app.packets.models import Packet, PacketPart
from app.packets.part_claims import begin, claim_part, finish_part, give_back_part, renew_part
from app.packets.waiting import Waiting, forget_parts, left_over, waiting
from tests.conftest import World
from tests.packets.test_service import ASKED, ask

BUILT = Built("packets/x/1.zip", "a" * 64, 10, 3, 0)
WEIGHTS = (6, 10, 4)
SECOND = timedelta(seconds=1)
NOTHING = Waiting((), (), (), ())


@pytest.fixture
def packet(session: Session, world: World) -> Packet:
    """A packet that was asked for."""
    return ask(session, world["officer"])[0]


@pytest.fixture
def begun(session: Session, packet: Packet) -> Packet:
    """Its three parts are planned."""
    assert begin(session, packet.id, WEIGHTS, now=ASKED) == [0, 1, 2]
    session.refresh(packet)
    return packet


@pytest.fixture
def held(session: Session, begun: Packet) -> Claim:
    """Its parts are done, and somebody binds it."""
    make(session, begun.id, 0, 1, 2)
    held = claim(session, begun.id, ASKED)
    assert held
    return held


def make(session: Session, packet_id: UUID, *numbers: int) -> list[bool]:
    last = []
    for number in numbers:
        part = claim_part(session, packet_id, number, ASKED)
        assert part
        last.append(finish_part(session, part, now=ASKED + (number + 1) * SECOND))
    return last


def states(session: Session, packet: Packet) -> list[str]:
    of_packet = PacketPart.packet_id == packet.id
    return list(
        session.scalars(select(PacketPart.state).where(of_packet).order_by(PacketPart.number))
    )


def look(session: Session, packet: Packet) -> Packet:
    session.expire_all()
    return session.get_one(Packet, packet.id)


# ---- parts --------------------------------------------------------------------------------


def test_beginning_twice_plans_once(session: Session, begun: Packet) -> None:
    make(session, begun.id, 1)
    claim_part(session, begun.id, 2, ASKED)
    assert begin(session, begun.id, WEIGHTS, now=ASKED) == [0]
    assert states(session, begun) == ["waiting", "done", "making"]
    assert (begun.state, begun.started_at) == ("building", ASKED)


def test_a_plan_of_another_version_takes_the_place_of_the_old_one(
    session: Session, begun: Packet
) -> None:
    make(session, begun.id, 0)
    assert begin(session, begun.id, (9, 11), now=ASKED) == [0, 1]
    assert states(session, begun) == ["waiting", "waiting"]


def test_a_part_is_claimed_by_one_worker_and_made_once(session: Session, begun: Packet) -> None:
    part = claim_part(session, begun.id, 1, ASKED)
    assert part
    assert claim_part(session, begun.id, 1, ASKED) is None
    assert claim_part(session, begun.id, 2, ASKED) is not None
    finish_part(session, part, now=ASKED)
    assert claim_part(session, begun.id, 1, ASKED + timedelta(days=1)) is None


def test_the_last_part_to_be_done_says_so(session: Session, begun: Packet) -> None:
    assert make(session, begun.id, 2, 0, 1) == [False, False, True]


def test_a_worker_whose_lease_ran_out_may_not_finish_its_part(
    session: Session, begun: Packet
) -> None:
    after = ASKED + claims.LEASE + SECOND
    slow = claim_part(session, begun.id, 0, ASKED)
    quick = claim_part(session, begun.id, 0, after)
    assert slow
    assert quick
    with pytest.raises(ClaimLost):
        renew_part(session, slow, now=after)
    with pytest.raises(ClaimLost):
        finish_part(session, slow, now=after)
    renew_part(session, quick, now=after)
    assert claim_part(session, begun.id, 0, after + claims.LEASE - SECOND) is None


def test_cancelling_stops_every_part_and_the_binding(
    session: Session, world: World, begun: Packet
) -> None:
    part = claim_part(session, begun.id, 0, ASKED)
    assert part
    service.cancel(session, begun, world["officer"], ASKED)
    with pytest.raises(ClaimLost):
        renew_part(session, part, now=ASKED)
    with pytest.raises(ClaimLost):
        finish_part(session, part, now=ASKED)
    assert claim_part(session, begun.id, 1, ASKED) is None
    assert begin(session, begun.id, WEIGHTS, now=ASKED) is None


def test_a_part_that_breaks_three_times_fails_its_packet_with_the_reason(
    session: Session, begun: Packet
) -> None:
    for _ in range(claims.MOST_BROKEN):
        part = claim_part(session, begun.id, 1, ASKED)
        assert part
        give_back_part(session, part, "memory", now=ASKED)
    assert (look(session, begun).state, begun.last_error_code) == ("failed", "memory")
    assert claim_part(session, begun.id, 0, ASKED) is None


def test_a_failed_packet_that_is_wanted_again_keeps_the_parts_that_are_done(
    session: Session, world: World, begun: Packet
) -> None:
    make(session, begun.id, 0)
    for _ in range(claims.MOST_BROKEN):
        part = claim_part(session, begun.id, 1, ASKED)
        assert part
        give_back_part(session, part, "memory", now=ASKED)
    assert service.ask_again(session, look(session, begun), world["officer"], ASKED)
    assert begin(session, begun.id, WEIGHTS, now=ASKED) == [1, 2]
    assert make(session, begun.id, 1, 2) == [False, True]


# ---- the packet ---------------------------------------------------------------------------


def test_a_packet_is_bound_by_one_worker_and_only_when_its_parts_are_done(
    session: Session, begun: Packet
) -> None:
    make(session, begun.id, 0, 1)
    assert claim(session, begun.id, ASKED) is None
    make(session, begun.id, 2)
    assert claim(session, begun.id, ASKED) is not None
    assert claim(session, begun.id, ASKED) is None


def test_a_packet_without_a_plan_cannot_be_bound(session: Session, packet: Packet) -> None:
    assert claim(session, packet.id, ASKED) is None


def test_progress_renews_the_lease(session: Session, begun: Packet, held: Claim) -> None:
    later = ASKED + timedelta(seconds=50)
    claims.advance(session, held, "archive", 0.5, now=later)
    packet = look(session, begun)
    assert (packet.step, packet.lease_until) == ("archive", later + claims.LEASE)
    assert sum(WEIGHTS) < packet.done < packet.total


def test_a_worker_whose_lease_ran_out_may_not_write_any_more(
    session: Session, begun: Packet, held: Claim
) -> None:
    after = ASKED + claims.LEASE + SECOND
    quick = claim(session, begun.id, after)
    assert quick
    with pytest.raises(ClaimLost):
        claims.advance(session, held, "report", 0, now=after)
    with pytest.raises(ClaimLost):
        finish(session, held, BUILT, now=after)
    with pytest.raises(ClaimLost):
        give_back(session, held, "storage", now=after)
    finish(session, quick, BUILT, now=after)
    with pytest.raises(ClaimLost):
        finish(session, quick, BUILT, now=after)


def test_three_broken_tries_and_it_fails_with_its_reason(
    session: Session, begun: Packet, held: Claim
) -> None:
    again: Claim | None = held
    for _ in range(claims.MOST_BROKEN):
        assert again
        give_back(session, again, "storage", now=ASKED)
        again = claim(session, begun.id, ASKED)
    assert again is None
    assert (look(session, begun).state, begun.last_error_code) == ("failed", "storage")


def test_whoever_bound_an_earlier_try_has_lost_it(
    session: Session, world: World, begun: Packet, held: Claim
) -> None:
    service.cancel(session, begun, world["officer"], ASKED)
    service.ask_again(session, begun, world["officer"], ASKED)
    begin(session, begun.id, WEIGHTS, now=ASKED)
    with pytest.raises(ClaimLost):
        finish(session, held, BUILT, now=ASKED)


def test_an_issued_packet_is_read_back_once(session: Session, begun: Packet, held: Claim) -> None:
    assert claims.claim_reading(session, begun.id, ASKED) is None
    finish(session, held, BUILT, now=ASKED)
    assert claims.claim_reading(session, begun.id, ASKED) == (BUILT.file_key, BUILT.fingerprint)
    assert claims.claim_reading(session, begun.id, ASKED) is None
    claims.found_whole(session, begun.id, "b" * 64)
    assert claims.claim_reading(session, begun.id, ASKED + timedelta(days=1)) is None
    assert (look(session, begun).state, begun.sha256) == ("ready", "b" * 64)


def test_an_issued_file_that_is_broken_fails_its_packet(
    session: Session, begun: Packet, held: Claim
) -> None:
    finish(session, held, BUILT, now=ASKED)
    claims.claim_reading(session, begun.id, ASKED)
    claims.found_broken(session, begun.id, now=ASKED)
    packet = look(session, begun)
    assert (packet.state, packet.last_error_code) == ("failed", "not_whole")
    assert (packet.file_key, packet.fingerprint) == (None, None)


# ---- progress -----------------------------------------------------------------------------


def test_remaining_time_is_unknown_until_something_is_done(
    session: Session, packet: Packet
) -> None:
    assert progress_of(session, packet).remaining_s is None
    begin(session, packet.id, WEIGHTS, now=ASKED)
    seen = progress_of(session, look(session, packet))
    assert (seen.done, seen.remaining_s, seen.step) == (0, None, "parts")


def test_remaining_time_follows_from_what_is_done(session: Session, begun: Packet) -> None:
    part = claim_part(session, begun.id, 1, ASKED)
    assert part
    finish_part(session, part, now=ASKED + timedelta(seconds=20))
    seen = progress_of(session, look(session, begun))
    assert seen.done == 10
    assert seen.total == 20 + claims.binding_weight(20)
    assert seen.remaining_s == pytest.approx(2.0 * (seen.total - 10))


def test_an_issued_packet_is_done(session: Session, begun: Packet, held: Claim) -> None:
    finish(session, held, BUILT, now=ASKED)
    packet = look(session, begun)
    assert packet.done == packet.total
    assert progress_of(session, packet).step == ""


# ---- the sweeper --------------------------------------------------------------------------


def test_the_sweeper_finds_a_request_that_nobody_heard(session: Session, packet: Packet) -> None:
    assert waiting(session, ASKED + 5 * SECOND) == NOTHING  # still on its way
    assert waiting(session, ASKED + 31 * SECOND).to_begin == (packet.id,)


def test_the_sweeper_finds_parts_that_nobody_heard_and_those_of_dead_workers(
    session: Session, begun: Packet
) -> None:
    claim_part(session, begun.id, 1, ASKED)
    assert waiting(session, ASKED + 5 * SECOND) == NOTHING
    assert waiting(session, ASKED + 31 * SECOND).parts == ((begun.id, 0), (begun.id, 2))
    every = tuple((begun.id, number) for number in (0, 1, 2))
    assert waiting(session, ASKED + claims.LEASE + SECOND).parts == every


def test_the_sweeper_does_not_ring_for_parts_while_their_packet_goes_on(
    session: Session, begun: Packet
) -> None:
    part = claim_part(session, begun.id, 1, ASKED + 40 * SECOND)
    assert part
    finish_part(session, part, now=ASKED + 50 * SECOND)
    assert waiting(session, ASKED + 60 * SECOND).parts == ()


def test_the_sweeper_finds_a_packet_to_bind_and_one_to_read_back(
    session: Session, begun: Packet, held: Claim
) -> None:
    assert waiting(session, ASKED + 59 * SECOND) == NOTHING
    assert waiting(session, ASKED + 61 * SECOND).to_bind == (begun.id,)
    finish(session, held, BUILT, now=ASKED)
    assert waiting(session, ASKED + 31 * SECOND) == Waiting((), (), (), (begun.id,))


def test_a_part_that_kills_its_workers_fails_and_is_not_tried_for_ever(
    session: Session, begun: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_claims, "MOST_KILLED", 3)
    monkeypatch.setattr("app.packets.waiting.MOST_KILLED", 3)
    instant = ASKED
    while claim_part(session, begun.id, 0, instant):
        instant += claims.LEASE + SECOND
    assert waiting(session, instant).parts == ()
    assert (look(session, begun).state, begun.last_error_code) == ("failed", "gave_up")


def test_ten_kills_do_not_fail_a_packet(session: Session, begun: Packet) -> None:
    instant = ASKED
    for _ in range(10):
        assert claim_part(session, begun.id, 0, instant)
        instant += claims.LEASE + SECOND
    waiting(session, instant)
    assert look(session, begun).state == "building"


def test_parts_are_forgotten_when_their_packet_is_over(
    session: Session, begun: Packet, held: Claim
) -> None:
    assert left_over(session) == []
    finish(session, held, BUILT, now=ASKED)
    assert left_over(session) == [begun.id]
    forget_parts(session, begun.id)
    assert left_over(session) == []
    assert states(session, begun) == []
