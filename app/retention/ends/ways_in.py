"""Sign-ins, invitations, codes and links that ended long ago are taken away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, Invitation, SignIn
from app.devices.models import EnrolmentCode
from app.keeping.service import is_held
from app.links.models import ShareLink
from app.reminders.models import PushSubscription
from app.retention.days import day_of, starts
from app.retention.disposal import Disposal

_QUIETLY = {"synchronize_session": False}


def sign_ins(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Ended, or not seen, for so long: who was signed in where and when."""
    area, last = Account.area_code, func.coalesce(SignIn.ended_at, SignIn.seen_at)
    return (
        select(
            SignIn.token_sha256.label("id"), area.label("area_code"),
            is_held("account", SignIn.account_id, area, day_of(last)).label("held"),
        )
        .join(Account, Account.id == SignIn.account_id)
        .where(last < starts(first_kept))
    )  # fmt: skip


def drop_sign_ins(session: Session, ids: Collection[Any], now: datetime) -> list[str]:
    """With the browsers' push addresses that hung on them."""
    del now
    hanging = delete(PushSubscription).where(PushSubscription.sign_in_sha256.in_(ids))
    session.execute(hanging, execution_options=_QUIETLY)
    gone = delete(SignIn).where(SignIn.token_sha256.in_(ids))
    session.execute(gone, execution_options=_QUIETLY)
    return []


def invitations(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Links that nobody can use any more."""
    return _of_account(Invitation, Invitation.token_sha256, first_kept)


def drop_invitations(session: Session, ids: Collection[Any], now: datetime) -> list[str]:
    """The audit log keeps that there was one."""
    del now
    gone = delete(Invitation).where(Invitation.token_sha256.in_(ids))
    session.execute(gone, execution_options=_QUIETLY)
    return []


def enrolment_codes(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Codes that enrolled a phone, or expired unused."""
    return _of_account(EnrolmentCode, EnrolmentCode.code_sha256, first_kept)


def drop_enrolment_codes(session: Session, ids: Collection[Any], now: datetime) -> list[str]:
    """The phone, if one came of it, keeps its own row."""
    del now
    gone = delete(EnrolmentCode).where(EnrolmentCode.code_sha256.in_(ids))
    session.execute(gone, execution_options=_QUIETLY)
    return []


def links(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Share links that ended and still say for whom they were."""
    ended = func.coalesce(ShareLink.revoked_at, ShareLink.expires_at)
    area = ShareLink.area_code
    return select(
        ShareLink.id.label("id"), area.label("area_code"),
        is_held("share_link", ShareLink.id, area, day_of(ended)).label("held"),
    ).where(ended < starts(first_kept), ShareLink.label != "")  # fmt: skip


def blank_links(session: Session, ids: Collection[Any], now: datetime) -> list[str]:
    """How often it was opened stays; for whom it was goes."""
    del now
    blank = update(ShareLink).where(ShareLink.id.in_(ids)).values(label="")
    session.execute(blank, execution_options=_QUIETLY)
    return []


def _of_account(model: Any, key: Any, first_kept: date) -> Select[*tuple[Any, ...]]:
    area = Account.area_code
    ended = or_(model.expires_at < starts(first_kept), model.used_at < starts(first_kept))
    day = day_of(model.expires_at)
    return (
        select(
            key.label("id"), area.label("area_code"),
            is_held("account", model.account_id, area, day).label("held"),
        )
        .join(Account, Account.id == model.account_id)
        .where(ended)
    )  # fmt: skip


DISPOSALS = (
    Disposal("sign_in", "sign_in", sign_ins, drop_sign_ins),
    Disposal("sign_in", "invitation", invitations, drop_invitations),
    Disposal("sign_in", "enrolment_code", enrolment_codes, drop_enrolment_codes),
    Disposal("sign_in", "share_link", links, blank_links),
)
