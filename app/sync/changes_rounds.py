"""What is due, on a phone: until when the offices take it, and what became of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.records.kinds import KINDS
from app.records.queries import in_scope
from app.review.models import ItemVerdict, Submission, SubmissionStep
from app.review.queries import submissions_in_scope
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme, Words, programme_key
from app.rounds.queries import rounds_on_phone
from app.sync.shapes import record_shape
from app.visits.queries import IdsOrAsked

OVERDUE_DAYS = 45  # how long a round that was not answered stays on the phone


def rounds_told(
    session: Session, actor: Actor, programme: Programme, today: date
) -> list[dict[str, Any]]:
    """What is due, each with the answers that units of the actor's area have sent.

    A unit without an answer is not listed: it has not sent anything.  What was sent back is told
    however long ago it was due.
    """
    sent = _sent(session, actor, programme)
    back = {key for key, rows in sent.items() if any(row["state"] == "returned" for row in rows)}
    return [
        told | {"sent": sent.get(told["key"], [])}
        for told, shown in calendar_told(programme, today)
        if shown or told["key"] in back
    ]


def calendar_told(programme: Programme, today: date) -> list[tuple[dict[str, Any], bool]]:
    """Every round of the programme, and whether it is shown though nothing of it was sent back."""
    due = {one.key for one in rounds_on_phone(programme, today)}
    return [
        (_round(one), one.key in due or _just_missed(one, today)) for one in occurrences(programme)
    ]


def _just_missed(due: Occurrence, today: date) -> bool:
    return due.due_by < today <= due.due_by + timedelta(days=OVERDUE_DAYS)


def _round(due: Occurrence) -> dict[str, Any]:
    return {
        "key": due.key,
        "title": _words(due.title),
        "quarter": str(due.quarter),
        "level": due.level,
        "opens_on": due.opens_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "due_by": due.due_by.isoformat(),
        "month": due.month.isoformat() if due.month else None,
        "note": _words(due.note) if due.note else None,
    }


def _words(words: Words) -> dict[str, str]:
    return {"th": words.th, "en": words.en}


def _sent(session: Session, actor: Actor, programme: Programme) -> dict[str, list[dict[str, Any]]]:
    rows = session.scalars(_sent_asked(actor, programme_key(programme))).all()
    returned = [row.id for row in rows if row.state == "returned"]
    reasons, items = _why(session, returned), _to_mend(session, actor, returned)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        reason_key, reason = reasons.get(row.id, (None, None))
        told = {
            "id": str(row.id), "unit_code": row.unit_code,
            "centre_id": str(row.centre_id) if row.centre_id else None, "state": row.state,
            "late": row.late, "reason_key": reason_key, "reason": reason,
            "items": items.get(row.id, []),
        }  # fmt: skip
        found.setdefault(row.occurrence, []).append(told)
    return found


def rounds_asked(actor: Actor, programme: str) -> dict[str, Select[Any]]:
    """The questions that `rounds_told` asks; the ids between them stay in the database."""
    sent = _sent_asked(actor, programme)
    back = sent.with_only_columns(Submission.id).where(Submission.state == "returned")
    verdicts = _verdicts_asked(back)
    told: dict[str, Select[Any]] = {"sent": sent, "why": _why_asked(back), "verdicts": verdicts}
    for name in KINDS:
        of_kind = verdicts.with_only_columns(ItemVerdict.item_id).where(
            ItemVerdict.item_kind == name
        )
        told[f"mend_{name}"] = _present_asked(actor, name, of_kind)
    return told


def _sent_asked(actor: Actor, programme: str) -> Select[Submission]:
    return (
        submissions_in_scope(actor)
        .where(Submission.programme == programme)
        .order_by(Submission.unit_code)
    )


def _why_asked(ids: IdsOrAsked) -> Select[SubmissionStep]:
    return (
        select(SubmissionStep)
        .where(SubmissionStep.submission_id.in_(ids), SubmissionStep.step == "returned")
        .order_by(SubmissionStep.number)
    )


def _verdicts_asked(ids: IdsOrAsked) -> Select[ItemVerdict]:
    return (
        select(ItemVerdict)
        .where(ItemVerdict.submission_id.in_(ids), ItemVerdict.verdict == "return")
        .order_by(ItemVerdict.item_kind, ItemVerdict.item_id)
    )


def _present_asked(actor: Actor, kind: str, ids: IdsOrAsked) -> Select[Any]:
    model = KINDS[kind].model
    return select(model).where(
        model.id.in_(ids), in_scope(model, actor), model.deleted_at.is_(None)
    )


def _why(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str | None, str | None]]:
    """Why each of these was sent back last."""
    if not ids:
        return {}
    steps = session.scalars(_why_asked(ids))
    return {step.submission_id: (step.reason_key, step.reason) for step in steps}


def _to_mend(
    session: Session, actor: Actor, ids: Sequence[UUID]
) -> dict[UUID, list[dict[str, Any]]]:
    """The items that were sent back, each with its reason and as it is now, to mend it offline."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    if not ids:
        return found
    verdicts = session.scalars(_verdicts_asked(ids)).all()
    present = _present(session, actor, verdicts)
    for one in verdicts:
        row = present.get(one.item_id)
        found.setdefault(one.submission_id, []).append(
            {
                "kind": one.item_kind,
                "id": str(one.item_id),
                "version": row.version if row else one.item_version,
                "reason_key": one.reason_key,
                "note": one.note,
                "data": record_shape(KINDS[one.item_kind], row) if row else None,
            }
        )
    return found


def _present(session: Session, actor: Actor, verdicts: Sequence[ItemVerdict]) -> dict[UUID, Any]:
    """The records of these verdicts that the actor may see, by id; one query for each kind."""
    found: dict[UUID, Any] = {}
    for name in {one.item_kind for one in verdicts} & KINDS.keys():
        ids = [one.item_id for one in verdicts if one.item_kind == name]
        rows = session.scalars(_present_asked(actor, name, ids))
        found |= {row.id: row for row in rows}
    return found
