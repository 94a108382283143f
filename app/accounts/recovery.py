"""Recovery codes: ten on paper, each good once, for whoever lost the second factor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, RecoveryCode
from app.accounts.one_time import WrongCode
from app.audit.service import record
from app.shared.codes import code_digest, new_code, normal_code, show_code

N_CODES = 10
CODE_LENGTH = 12  # 60 bits: stays safe even where somebody gets hold of the table
_PURPOSE = b"lakthan-recovery-1"


def make_codes(session: Session, account_id: UUID, *, seed: str, now: datetime) -> list[str]:
    """Ten new codes, as people read them; those made before are worth nothing any more.

    They are told here and nowhere else.
    """
    session.get_one(Account, account_id, with_for_update=True)  # two at once would make twenty
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [new_code(CODE_LENGTH) for _ in range(N_CODES)]
    session.add_all(
        RecoveryCode(
            code_sha256=code_digest(seed, _PURPOSE, code), account_id=account_id, made_at=now
        )
        for code in codes
    )
    _note(session, "account.recovery_codes_made", account_id, now, N_CODES)
    return [show_code(code) for code in codes]


def use_code(session: Session, account_id: UUID, typed: str, *, seed: str, now: datetime) -> None:
    """Use a code up.  Of two that bring it at once one is let in.

    Raises:
        WrongCode: unknown, another account's, or used.
    """
    code = normal_code(typed, CODE_LENGTH)
    if code is None:
        raise WrongCode
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_sha256 == code_digest(seed, _PURPOSE, code),
            RecoveryCode.account_id == account_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.code_sha256)
        .execution_options(synchronize_session=False)
    ).first()
    if used is None:
        raise WrongCode
    n_left, _ = count(session, account_id)
    _note(session, "account.recovery_code_used", account_id, now, n_left)


def count(session: Session, account_id: UUID) -> tuple[int, datetime | None]:
    """How many codes are left, and since when the account has them."""
    n, made_at = session.execute(
        select(func.count().filter(RecoveryCode.used_at.is_(None)), func.max(RecoveryCode.made_at))
        .where(RecoveryCode.account_id == account_id)
    ).one()  # fmt: skip
    return n, made_at


def remove_all(session: Session, account_id: UUID) -> None:
    """Let none of the account's codes count any more.  Twice is harmless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _note(session: Session, action: str, account_id: UUID, now: datetime, n_left: int) -> None:
    record(
        session, actor_id=account_id, action=action, kind="account", object_id=account_id,
        now=now, facts={"left": n_left},
    )  # fmt: skip
