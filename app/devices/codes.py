"""Enrolment codes: made by somebody who may, spent once, worth nothing after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.audit.service import record
from app.devices.models import EnrolmentCode
from app.devices.rules import CODE_LENGTH, may_get_code, normal_code
from app.shared.codes import code_digest, new_code
from app.shared.errors import DomainError, NotFound

CODE_LIFE = timedelta(hours=24)
_PURPOSE = b"lakthan-code-1"


class CodeInvalid(DomainError):
    """Unknown, used, expired, for a closed account: one answer for all."""

    code = "code_invalid"


def make_code(
    session: Session, account_id: UUID, *, actor: Actor, seed: str, now: datetime
) -> tuple[str, EnrolmentCode]:
    """Make a code that enrols one phone for the account.  The code itself is kept nowhere.

    Raises:
        NotFound: no such account, or the actor may make none for it.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled_at:
        raise NotFound
    if not may_get_code(actor, account.id, account.role, account.area_code):
        raise NotFound
    _forget_expired(session, account_id, now)
    code = new_code(CODE_LENGTH)
    entry = EnrolmentCode(
        code_sha256=_digest(seed, code),
        account_id=account_id,
        made_by=actor.account_id,
        made_at=now,
        expires_at=now + CODE_LIFE,
    )
    session.add(entry)
    record(
        session, actor_id=actor.account_id, action="device.code_made", kind="account",
        object_id=account_id, now=now,
    )  # fmt: skip
    session.flush()
    return code, entry


def spend_code(session: Session, text: str, *, seed: str, now: datetime) -> EnrolmentCode:
    """Use a code up, as typed.  Of two phones at the same moment one gets it.

    The database decides: the row is changed only where it is still unused, and the second
    waits for the first.  Whoever fails afterwards rolls back, and the code stays good.

    Raises:
        CodeInvalid: for every reason alike.
    """
    code = normal_code(text)
    if code is None:
        raise CodeInvalid
    digest = _digest(seed, code)
    spent = session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.code_sha256 == digest,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(EnrolmentCode.code_sha256)
        .execution_options(synchronize_session=False)
    ).first()
    if spent is None:
        raise CodeInvalid
    return session.scalars(
        select(EnrolmentCode)
        .where(EnrolmentCode.code_sha256 == digest)
        .execution_options(populate_existing=True)
    ).one()


def end_codes(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Let no unused code of the account enrol a phone any more: its phone was lost."""
    session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.account_id == account_id,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at > now,
        )
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def _forget_expired(session: Session, account_id: UUID, now: datetime) -> None:
    session.execute(
        delete(EnrolmentCode).where(
            EnrolmentCode.account_id == account_id,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at < now,
        )
    )


def _digest(seed: str, code: str) -> str:
    return code_digest(seed, _PURPOSE, code)
