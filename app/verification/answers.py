"""An answer put together: verdict, words and public facts, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from app.verification import phrases
from app.verification.models import PhotoCheck
from app.verification.phrases import Words
from app.verification.queries import Match, PublicRecord, public_record


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says.  `record` is None where no photo of ours is meant, or it is withdrawn."""

    words: Words
    verdict: str
    photo_id: UUID | None = None
    record: PublicRecord | None = None
    kind: LazyString | None = None
    remark: LazyString | None = None
    changes: list[str] = field(default_factory=list)


def of_code(session: Session, photo_id: UUID | None) -> Answer:
    """The answer for a code, which may be nobody's."""
    if photo_id is None:
        return _plain("code_unknown")
    return _about(session, photo_id, "code")


def of_match(session: Session, match: Match) -> Answer:
    """The answer for a file of ours."""
    if match.kind == "original":
        return _about(session, match.photo_id, "original")
    return _about(
        session,
        match.photo_id,
        "rendition",
        kind=phrases.KINDS[match.kind],
        remark=None if match.current else phrases.NOT_CURRENT[match.kind == "sharing"],
    )


def of_check(session: Session, check: PhotoCheck) -> Answer:
    """The answer of a check that is done."""
    verdict = check.verdict or "unknown"
    if check.photo_id is None:
        return _plain(verdict)
    changes = phrases.changes(check.facts) if verdict == "altered" else []
    return _about(session, check.photo_id, verdict, changes=changes)


def _plain(verdict: str) -> Answer:
    return Answer(phrases.VERDICTS[verdict], verdict)


def _about(
    session: Session,
    photo_id: UUID,
    verdict: str,
    *,
    kind: LazyString | None = None,
    remark: LazyString | None = None,
    changes: list[str] | None = None,
) -> Answer:
    record = public_record(session, photo_id)
    if record.withdrawn:
        return Answer(phrases.VERDICTS["withdrawn"], "withdrawn", photo_id)
    if record.destroyed_on:
        return Answer(phrases.DESTROYED[verdict == "original"], "destroyed", photo_id, record, kind)
    return Answer(phrases.VERDICTS[verdict], verdict, photo_id, record, kind, remark, changes or [])
