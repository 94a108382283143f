"""A closed quarter: nothing of it changes, and yet nothing a phone carries is lost."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.activities.kinds import ACTIVITY
from app.audit.models import AuditEntry
from app.followups.service import delete_followup, edit_followup, record_followup
from app.photos.corrections import delete_photo, edit_caption
from app.records.service import strike_out
from app.review.refusals import QuarterOpen
from app.review.sealing import open_of_quarter
from app.review.service import Reason, accept, judge, return_, seal, unseal, waive
from app.rounds.seals import QuarterSealed, seal_of
from app.shared.clock import Quarter
from app.shared.errors import Forbidden, NotFound
from app.shared.files import FileStore
from app.shared.record import capture_of
from app.visits.service import delete_visit, edit_visit, forget_visitor, record_visit
from tests.conftest import World
from tests.followups.drafts import make_followup
from tests.photos.conftest import receive
from tests.review.cast import (
    DISTRICT,
    NOW,
    PROGRAMME,
    activity,
    correct,
    occurrence,
    send,
    unit,
)
from tests.visits.drafts import CONSENTED, make_draft

QUARTER = Quarter(2567, 2)  # January to March 2567
DAY = date(2024, 2, 1)


def close(session: Session, world: World, quarter: Quarter = QUARTER) -> None:
    seal(
        session, DISTRICT, quarter, reason="ตรวจครบแล้ว", although_open=True,
        actor=world["reviewer"], now=NOW,
    )  # fmt: skip


def test_a_quarter_with_open_reports_is_closed_only_by_saying_so(session: Session, world: World):
    who = {"actor": world["reviewer"], "now": NOW}
    with pytest.raises(QuarterOpen) as refused:
        seal(session, DISTRICT, Quarter(2567, 1), reason="ปิด", **who)
    assert refused.value.facts["count"] == 5  # order, assessment, plan, two results
    for key in ("network", "assessment", "result_2024_02", "result_2024_03"):
        waive(
            session, PROGRAMME, occurrence(key), unit(session, world), expected_version=0,
            reason=Reason("sent_on_paper"), **who,
        )  # fmt: skip
    sent = send(session, world)
    left = open_of_quarter(session, world["reviewer"], Quarter(2567, 1))[DISTRICT]
    assert [one.key for one, _ in left] == ["plan"]
    accept(session, sent.id, expected_version=1, **who)
    seal(session, DISTRICT, Quarter(2567, 1), reason="ครบ", **who)
    assert seal_of(session, DISTRICT, Quarter(2567, 1)) is not None


def test_while_it_is_closed_no_step_is_taken(session: Session, world: World):
    sent, who = send(session, world), {"actor": world["reviewer"], "now": NOW}
    item = Reason("figures")
    close(session, world, Quarter(2567, 1))
    due = (PROGRAMME, occurrence("network"), unit(session, world))
    for step in (
        lambda: accept(session, sent.id, expected_version=1, **who),
        lambda: return_(session, sent.id, expected_version=1, reason=item, **who),
        lambda: judge(session, sent.id, "plan_item", sent.id, "ok", **who),
        lambda: waive(session, *due, expected_version=0, reason=item, **who),
        lambda: send(session, world, "network"),
    ):
        with pytest.raises(QuarterSealed):
            step()
    assert send(session, world, "progress_2").state == "submitted"  # another quarter's


def test_what_counts_for_it_is_not_corrected_any_more(
    session: Session, files: FileStore, world: World
):
    officer = {"actor": world["officer"], "now": NOW}
    held = activity(session, world["officer"], world.centre)
    draft = make_draft(world.centre, visit_date=DAY, **CONSENTED)
    visit, _ = record_visit(session, draft, **officer)
    told = make_followup(draft.id, followed_on=date(2024, 2, 3))
    check, _ = record_followup(session, told, **officer)
    photo, _ = receive(session, files, world)  # of 1 February
    close(session, world)
    changed = make_draft(
        world.centre, id=visit.id, visit_date=DAY, n_male=1, capture=capture_of(visit), **CONSENTED
    )
    other_use = make_followup(
        draft.id, id=check.id, followed_on=date(2024, 2, 4), capture=capture_of(check)
    )
    for step in (
        lambda: correct(session, ACTIVITY, held, world["officer"], title="อื่น"),
        lambda: strike_out(session, ACTIVITY, held.id, expected_version=1, reason="ผิด", **officer),
        lambda: edit_visit(session, changed, expected_version=1, **officer),
        lambda: delete_visit(session, visit.id, expected_version=1, reason="ผิด", **officer),
        lambda: edit_followup(session, other_use, expected_version=1, **officer),
        lambda: delete_followup(session, check.id, reason="ผิด", **officer),
        lambda: edit_caption(session, photo.id, "อื่น", expected_version=1, **officer),
        lambda: delete_photo(session, photo.id, expected_version=1, reason="ผิด", **officer),
    ):
        with pytest.raises(QuarterSealed):
            step()


def test_a_record_is_not_moved_into_it_from_another_quarter(session: Session, world: World):
    visit, _ = record_visit(
        session, make_draft(world.centre, visit_date=date(2023, 12, 1)), actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    close(session, world)
    moved = make_draft(world.centre, id=visit.id, visit_date=DAY, capture=capture_of(visit))
    with pytest.raises(QuarterSealed):
        edit_visit(session, moved, expected_version=1, actor=world["officer"], now=NOW)


def test_what_a_phone_still_carries_is_taken_and_a_person_is_forgotten(
    session: Session, world: World
):
    visit, _ = record_visit(
        session, make_draft(world.centre, visit_date=DAY, **CONSENTED), actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    close(session, world)
    late = make_draft(world.centre, visit_date=DAY)
    assert record_visit(session, late, actor=world["volunteer"], now=NOW)[1]
    activity(session, world["volunteer"], world.centre)
    gone = forget_visitor(session, visit.id, actor=world["officer"], now=NOW, reason="ขอให้ลบ")
    assert gone.phone is None


def test_opened_again_with_a_reason_it_can_be_corrected(session: Session, world: World):
    held = activity(session, world["officer"], world.centre)
    close(session, world)
    close(session, world)  # clicked twice
    who = {"actor": world["admin"], "now": NOW}
    unseal(session, DISTRICT, QUARTER, reason="แก้ตัวเลข", **who)
    with pytest.raises(NotFound):
        unseal(session, DISTRICT, QUARTER, reason="แก้ตัวเลข", **who)
    assert correct(session, ACTIVITY, held, world["officer"], title="อื่น").version == 2
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.kind == "quarter")).all()
    assert sorted(actions) == ["quarter.sealed", "quarter.unsealed"]


def test_while_a_correction_is_under_way_nobody_seals(session: Session, world: World):
    held = activity(session, world["officer"], world.centre)
    session.commit()
    correct(session, ACTIVITY, held, world["officer"], title="อื่น")
    if session.get_bind().dialect.name == "sqlite":
        return  # one writer anyway
    locks = "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    assert session.scalars(text(locks)).all() == ["ShareLock"]  # sealing asks for it alone


@pytest.mark.parametrize("who", ["volunteer", "officer", "other_officer"])
def test_only_a_reviewer_closes_a_quarter(session: Session, world: World, who: str):
    with pytest.raises(Forbidden):
        seal(session, DISTRICT, QUARTER, reason="ปิด", actor=world[who], now=NOW)
