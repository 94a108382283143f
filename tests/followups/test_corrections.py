"""A follow-up is corrected by a new version; nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.audit.history import StaleVersion
from app.followups.draft import FollowupDraft
from app.followups.models import Followup
from app.followups.queries import history_of
from app.followups.service import delete_followup, edit_followup, record_followup
from app.shared.db import db
from app.shared.errors import NotFound
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import World
from tests.followups.drafts import VISITED, make_followup
from tests.visits.drafts import CONSENTED, NOW, make_draft


@pytest.fixture
def written(session: Session, world: World) -> FollowupDraft:
    visit = make_draft(world.centre, **CONSENTED | {"visit_date": VISITED})
    record_visit(session, visit, actor=world["officer"], now=NOW)
    draft = make_followup(visit.id)
    record_followup(session, draft, actor=world["officer"], now=NOW)
    return draft


def _edit(session: Session, world: World, draft: FollowupDraft, version: int = 1) -> Followup:
    return edit_followup(session, draft, expected_version=version, actor=world["officer"], now=NOW)


def test_a_correction_is_a_version_that_says_what_changed(
    session: Session, world: World, written: FollowupDraft
) -> None:
    followup = _edit(session, world, replace(written, n_used=7, next_step="ปลูกผักเพิ่ม"))
    (newest, name), (first, _name) = history_of(session, followup)
    assert (followup.version, followup.n_used, name) == (2, 7, "Test officer")
    assert newest.changes == {"n_used": [4, 7], "next_step": None}  # remarks keep no words
    assert (first.action, newest.action) == ("recorded", "edited")


def test_a_correction_that_changes_nothing_makes_no_version(
    session: Session, world: World, written: FollowupDraft
) -> None:
    assert _edit(session, world, written).version == 1


def test_of_two_corrections_at_once_the_second_is_told(
    session: Session, world: World, written: FollowupDraft
) -> None:
    _edit(session, world, replace(written, n_used=7))
    with pytest.raises(StaleVersion):
        _edit(session, world, replace(written, n_used=9))


def test_a_late_retry_does_not_undo_a_correction(
    session: Session, world: World, written: FollowupDraft
) -> None:
    _edit(session, world, replace(written, n_used=7))
    followup, created = record_followup(session, written, actor=world["officer"], now=NOW)
    assert (followup.n_used, created) == (7, False)


def test_a_corrected_day_moves_the_next_check(
    session: Session, world: World, written: FollowupDraft
) -> None:
    asked = date(2024, 5, 1)
    _edit(session, world, replace(written, next_due_on=asked))
    assert session.get_one(Visit, written.visit_id).next_followup_on == asked


def test_a_stranger_corrects_nothing(
    session: Session, world: World, written: FollowupDraft
) -> None:
    with pytest.raises(NotFound):
        edit_followup(
            session, replace(written, n_used=7), expected_version=1,
            actor=world["other_officer"], now=NOW,
        )  # fmt: skip


def test_striking_out_is_a_version_with_its_reason(
    session: Session, world: World, written: FollowupDraft
) -> None:
    followup = delete_followup(
        session, written.id, reason="บันทึกซ้ำ", actor=world["officer"], now=NOW
    )
    newest, _name = history_of(session, followup)[0]
    assert (newest.version, newest.action, newest.reason) == (2, "deleted", "บันทึกซ้ำ")


def _form(followup_id: UUID, **facts: Any) -> dict[str, Any]:
    return {
        "id": str(followup_id), "version": "1", "step_months": "1", "followed_on": "12/2/2567",
        "method": "phone", "used": "used", "n_followed": "10", "n_used": "4",
    } | facts  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_the_page_to_a_correction_and_its_history(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        visit = make_draft(world.centre, **CONSENTED | {"visit_date": VISITED})
        record_visit(db.session(), visit, actor=world["officer"], now=NOW)
        draft = make_followup(visit.id)
        record_followup(db.session(), draft, actor=world["officer"], now=NOW)
        db.session.commit()
    officer = sign_in("officer")
    edit = f"/followups/{draft.id}/edit"
    assert 'value="10"' in officer.get(edit).text

    answer = officer.post(edit, data=_form(draft.id, n_used="๙"))
    assert (answer.status_code, answer.location) == (303, f"/followups/{draft.id}")
    assert "4 → 9" in officer.get(answer.location).text

    stale = officer.post(edit, data=_form(draft.id, n_used="8"))
    assert stale.status_code == 422
    assert 'value="8"' in stale.text  # what was typed stays
    refused = officer.post(edit, data=_form(draft.id, n_used="11", version="2"))
    assert 'id="n_used-errors"' in refused.text


@pytest.mark.parametrize("version", [0, -1, 10**20])
def test_a_version_that_never_was_is_told_like_any_other(
    session: Session, world: World, written: FollowupDraft, version: int
) -> None:
    with pytest.raises(StaleVersion):
        _edit(session, world, replace(written, n_used=7), version)
