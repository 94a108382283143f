"""What a person does with their receipt code, or the desk for them: at once, and entered.

Each act enters itself in the register of requests as done.  The audit log names no person.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.keeping.service import UnderLegalHold
from app.links.models import ShareLink
from app.sharing.withdrawal import withdraw_copies
from app.subjects.holding import photo_ids_of
from app.subjects.models import ReceiptCode, RequestKind, SubjectRequest
from app.subjects.service import note_done, open_request
from app.visits.forgetting import forget_visit
from app.visits.models import Visit
from app.visits.withdrawal import area_of, stop_calls, withdraw_followup, withdraw_publication


def stop_followup(session: Session, visit: Visit, *, now: datetime) -> SubjectRequest:
    """The person wants no more calls: name and phone go at once.  Flushes.

    Where an order holds the record, the calls stop and the rest waits for the office.
    """
    area_code = area_of(session, visit)
    try:
        take_back_followup(session, visit, now=now, actor_id=None)
    except UnderLegalHold:
        stop_calls(session, visit, now=now, actor_id=None)
        return _ask(session, "withdraw", area_code, visit.id, now)
    return note_done(session, "withdraw", area_code=area_code, visit_id=visit.id, now=now)


def stop_publication(session: Session, visit: Visit, *, now: datetime) -> SubjectRequest:
    """The person wants no face of theirs in public: copies and the links to them die at once."""
    take_back_photos(session, visit, now=now, actor_id=None)
    area_code = area_of(session, visit)
    return note_done(session, "withdraw", area_code=area_code, visit_id=visit.id, now=now)


def be_forgotten(session: Session, visit: Visit, *, now: datetime) -> SubjectRequest:
    """The person is erased at once, and their code with them; counts stay.  Flushes.

    Where an order holds the record, pictures are still taken back, calls stop, and the rest
    becomes a request that the office answers: state "open".
    """
    area_code = area_of(session, visit)
    take_back_photos(session, visit, now=now, actor_id=None)
    try:
        forget_visit(session, visit, cause="request", now=now, actor_id=None)
    except UnderLegalHold:
        stop_calls(session, visit, now=now, actor_id=None)
        return _ask(session, "forget", area_code, visit.id, now)
    return note_done(session, "forget", area_code=area_code, visit_id=visit.id, now=now)


def take_back_followup(
    session: Session, visit: Visit, *, now: datetime, actor_id: UUID | None
) -> None:
    """Withdraw the consent to be called.  Their code stays good: there may be more to undo.

    Raises:
        UnderLegalHold: the name must stay.
    """
    codes = _codes_of(session, visit.id)
    withdraw_followup(session, visit, now=now, actor_id=actor_id)
    _put_back(session, codes)


def take_back_photos(
    session: Session, visit: Visit, *, now: datetime, actor_id: UUID | None
) -> None:
    """Withdraw the consent to publish, every copy made for the public, and links to them."""
    withdraw_publication(session, visit, now=now, actor_id=actor_id)
    photo_ids = photo_ids_of(session, visit.id)
    copies = withdraw_copies(session, photo_ids, now=now, actor_id=actor_id)
    session.execute(
        update(ShareLink)
        .where(
            ShareLink.kind == "copy", ShareLink.object_id.in_(copies),
            ShareLink.revoked_at.is_(None),
        )
        .values(revoked_at=now, revoked_by=actor_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _ask(
    session: Session, kind: RequestKind, area_code: str, visit_id: UUID, now: datetime
) -> SubjectRequest:
    waiting = session.scalars(
        select(SubjectRequest).where(
            SubjectRequest.visit_id == visit_id, SubjectRequest.kind == kind,
            SubjectRequest.state == "open", SubjectRequest.via == "code",
        )
    ).first()  # fmt: skip
    return waiting or open_request(
        session, kind=kind, via="code", area_code=area_code, visit_id=visit_id, asked=None,
        contact=None, recorded_by=None, now=now,
    )  # fmt: skip


def _codes_of(session: Session, visit_id: UUID) -> list[dict[str, object]]:
    """Withdrawing forgets the contact everywhere, but its person keeps the code for the rest."""
    table = ReceiptCode.__table__
    rows = session.execute(select(table).where(table.c.visit_id == visit_id))
    return [dict(row._mapping) for row in rows]


def _put_back(session: Session, codes: list[dict[str, object]]) -> None:
    session.expire_all()
    for code in codes:
        known = select(ReceiptCode.visit_id).where(ReceiptCode.code_sha256 == code["code_sha256"])
        if session.scalar(known) is None:
            session.execute(insert(ReceiptCode.__table__), code)  # type: ignore[arg-type]
