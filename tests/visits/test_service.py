"""The visitor book's promises: stored once, corrected openly, forgotten on request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.shared.errors import NotFound
from app.shared.ids import new_id
from app.visits.models import Visit, VisitRevision
from app.visits.queries import VisitFilter, revisions_of, visit_for, visit_totals
from app.visits.service import (
    CentreFixed,
    StaleVersion,
    UnknownCentre,
    UnknownPlace,
    VisitConflict,
    delete_visit,
    edit_visit,
    forget_visitor,
    record_visit,
)
from tests.conftest import World
from tests.visits.drafts import CONSENTED, NOW, TODAY, make_draft

LATER = NOW + timedelta(hours=1)


def test_a_phone_that_retries_records_one_visit(session: Session, world: World):
    draft = make_draft(world.centre)

    first, created = record_visit(session, draft, actor=world["volunteer"], now=NOW)
    again, created_again = record_visit(session, draft, actor=world["volunteer"], now=LATER)

    assert (again.id, created, created_again) == (first.id, True, False)
    assert session.scalar(select(func.count(Visit.id))) == 1
    assert session.scalar(select(func.count()).select_from(VisitRevision)) == 1
    assert again.received_at == NOW


def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(
    session: Session, world: World
):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)

    with pytest.raises(VisitConflict):
        record_visit(
            session,
            make_draft(world.centre, id=draft.id, n_male=99),
            actor=world["volunteer"],
            now=LATER,
        )

    assert visit_for(session, world["volunteer"], draft.id).n_male == 20


def test_a_late_retry_does_not_undo_a_correction(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    corrected = make_draft(world.centre, id=draft.id, n_male=19)
    edit_visit(session, corrected, expected_version=1, actor=world["officer"], now=LATER)

    visit, created = record_visit(session, draft, actor=world["volunteer"], now=LATER)

    assert (visit.n_male, visit.n_total, visit.version, created) == (19, 41, 2, False)


def test_a_volunteer_cannot_write_in_another_centres_book(session: Session, world: World):
    with pytest.raises(UnknownCentre):
        record_visit(session, make_draft(world.neighbour), actor=world["volunteer"], now=NOW)


def test_a_centre_that_does_not_exist_looks_like_a_foreign_one(session: Session, world: World):
    foreign = make_draft(world.stranger)
    nowhere = make_draft(new_id())
    for draft in (foreign, nowhere):
        with pytest.raises(UnknownCentre) as refusal:
            record_visit(session, draft, actor=world["officer"], now=NOW)
        assert refusal.value.code == "unknown_centre"


def test_an_origin_that_is_no_subdistrict_is_refused(session: Session, world: World):
    draft = make_draft(world.centre, origin_subdistrict_code="999999")
    with pytest.raises(UnknownPlace):
        record_visit(session, draft, actor=world["officer"], now=NOW)


def test_consent_plans_the_first_followup_a_month_later(session: Session, world: World):
    draft = make_draft(world.centre, visit_date=date(2024, 1, 31), **CONSENTED)
    visit, _ = record_visit(session, draft, actor=world["volunteer"], now=NOW)
    assert visit.next_followup_on == date(2024, 2, 29)


def test_without_consent_nothing_is_due(session: Session, world: World):
    visit, _ = record_visit(session, make_draft(world.centre), actor=world["volunteer"], now=NOW)
    assert visit.next_followup_on is None


def test_an_edit_says_who_changed_what_and_never_a_phone_number(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)

    edited = make_draft(
        world.centre, **CONSENTED | {"id": draft.id, "n_male": 5, "phone": "054445544"}
    )
    visit = edit_visit(session, edited, expected_version=1, actor=world["officer"], now=LATER)

    newest = revisions_of(session, visit)[0]
    assert newest.changes == {"n_male": [20, 5], "n_total": [42, 27], "phone": None}
    assert (newest.version, newest.made_by, newest.made_at) == (
        2,
        world["officer"].account_id,
        LATER,
    )
    logged = str([entry.facts for entry in session.scalars(select(AuditEntry))])
    assert "0544" not in logged
    assert "0812" not in logged


def test_two_people_editing_at_once_do_not_overwrite_each_other(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    first = make_draft(world.centre, id=draft.id, n_male=1)
    second = make_draft(world.centre, id=draft.id, n_male=2)
    edit_visit(session, first, expected_version=1, actor=world["officer"], now=LATER)

    with pytest.raises(StaleVersion) as refusal:
        edit_visit(session, second, expected_version=1, actor=world["volunteer"], now=LATER)

    assert refusal.value.facts == {"version": 2}
    assert visit_for(session, world["officer"], draft.id).n_male == 1


def test_an_edit_without_a_change_makes_no_version(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    visit = edit_visit(session, draft, expected_version=1, actor=world["volunteer"], now=LATER)
    assert visit.version == 1


def test_a_visit_stays_with_its_centre(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["officer"], now=NOW)
    moved = make_draft(world.neighbour, id=draft.id)
    with pytest.raises(CentreFixed):
        edit_visit(session, moved, expected_version=1, actor=world["officer"], now=LATER)


def test_correcting_the_day_moves_the_followup_with_it(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    earlier = make_draft(
        world.centre, **CONSENTED | {"id": draft.id, "visit_date": date(2024, 2, 1)}
    )
    visit = edit_visit(session, earlier, expected_version=1, actor=world["volunteer"], now=LATER)
    assert visit.next_followup_on == date(2024, 3, 1)


def test_withdrawing_consent_ends_the_followups(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    plain = make_draft(world.centre, id=draft.id)
    visit = edit_visit(session, plain, expected_version=1, actor=world["volunteer"], now=LATER)
    assert (visit.next_followup_on, visit.phone, visit.leader_name) == (None, None, None)


def test_a_struck_out_visit_keeps_its_reason_and_no_longer_counts(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)

    visit = delete_visit(
        session, draft.id, expected_version=1, reason="ลงซ้ำ", actor=world["officer"], now=LATER
    )

    assert visit_totals(session, world["officer"], VisitFilter()).people == 0
    assert (visit.deleted_at, revisions_of(session, visit)[0].reason) == (LATER, "ลงซ้ำ")
    with pytest.raises(NotFound):
        visit_for(session, world["officer"], draft.id)


def test_a_struck_out_visit_stays_struck_out_when_the_phone_retries(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    delete_visit(
        session, draft.id, expected_version=1, reason="x", actor=world["officer"], now=LATER
    )
    visit, created = record_visit(session, draft, actor=world["volunteer"], now=LATER)
    assert (created, visit.deleted_at) == (False, LATER)


def test_a_person_is_forgotten_and_the_counts_stay_true(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED, suggestion="ครูสมศรีอยากกลับมาอีก")
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    louder = make_draft(world.centre, **CONSENTED, id=draft.id, suggestion="ครูสมศรีชอบมาก")
    edit_visit(session, louder, expected_version=1, actor=world["volunteer"], now=NOW)

    visit = forget_visitor(session, draft.id, actor=world["officer"], now=LATER, reason="ผู้เยี่ยมขอลบ")

    kept = str([vars(row) for row in (visit, *revisions_of(session, visit))])
    assert "สมศรี" not in kept
    assert "0812345678" not in kept
    assert visit_totals(session, world["officer"], VisitFilter()).people == 42
    assert visit.next_followup_on is None


def test_what_was_forgotten_does_not_come_back_with_a_retry(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    forget_visitor(session, draft.id, actor=world["officer"], now=LATER, reason="ขอลบ")
    visit, created = record_visit(session, draft, actor=world["volunteer"], now=LATER)
    assert (created, visit.phone, visit.leader_name) == (False, None, None)


def test_forgetting_twice_makes_one_version(session: Session, world: World):
    draft = make_draft(world.centre, **CONSENTED)
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    for _ in range(2):
        visit = forget_visitor(session, draft.id, actor=world["officer"], now=LATER, reason="ขอลบ")
    assert visit.version == 2


def test_nobody_outside_the_area_can_edit_or_strike_out(session: Session, world: World):
    draft = make_draft(world.centre)
    record_visit(session, draft, actor=world["officer"], now=NOW)
    with pytest.raises(NotFound):
        edit_visit(session, draft, expected_version=1, actor=world["other_officer"], now=NOW)
    with pytest.raises(NotFound):
        delete_visit(
            session, draft.id, expected_version=1, reason="x", actor=world["other_officer"], now=NOW
        )


def test_a_visit_remembers_the_bangkok_day_it_happened(session: Session, world: World):
    visit, _ = record_visit(session, make_draft(world.centre), actor=world["officer"], now=NOW)
    assert visit.visit_date == TODAY
