"""Visitors become nameless, requests are blanked, closed accounts lose their person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import (
    Account,
    Invitation,
    OneTimeSecret,
    Passkey,
    RecoveryCode,
    SignIn,
)
from app.centres.models import Centre
from app.followups.models import Followup
from app.keeping.service import is_held, note_erased
from app.packets.models import Packet, PacketPerson
from app.reminders.models import PushSubscription, ReminderChoice
from app.retention.days import day_of, starts
from app.retention.disposal import Disposal
from app.retention.ends.papers import packet_is_touched
from app.shared.thai import fold
from app.subjects.models import SubjectRequest
from app.visits.forgetting import forget_visit
from app.visits.models import Visit

CLOSED = "บัญชีที่ปิดแล้ว"  # stands where the name stood, in either language: it is data
_OF_ACCOUNT = (PushSubscription, ReminderChoice, Passkey, OneTimeSecret, RecoveryCode, Invitation)


def visitors(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Visits that name somebody, or whose remarks or follow-ups may."""
    remarks = exists(
        select(Followup.id).where(
            Followup.visit_id == Visit.id,
            or_(Followup.reason.is_not(None), Followup.next_step.is_not(None)),
        )
    )
    named = or_(
        Visit.leader_name.is_not(None), Visit.phone.is_not(None), Visit.suggestion.is_not(None),
        Visit.consent_followup, remarks,
    )  # fmt: skip
    # Forgetting would withdraw the packet: while a hold keeps that, it keeps who is in it.
    in_held_packet = exists(
        select(PacketPerson.packet_id)
        .join(Packet, Packet.id == PacketPerson.packet_id)
        .where(
            PacketPerson.visit_id == Visit.id, Packet.state != "withdrawn",
            packet_is_touched(first_kept),
        )
    )  # fmt: skip
    area = Centre.subdistrict_code
    return (
        select(
            Visit.id.label("id"), area.label("area_code"),
            (is_held("visit", Visit.id, area, Visit.visit_date) | in_held_packet).label("held"),
        )
        .join(Centre, Centre.id == Visit.centre_id)
        .where(Visit.visit_date < first_kept, named)
    )  # fmt: skip


def forget_visitors(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """By the same way as at a person's wish: history, held items, packets, follow-ups too."""
    visits = session.scalars(select(Visit).where(Visit.id.in_(ids)).order_by(Visit.id))
    for visit in visits.all():
        forget_visit(session, visit, cause="retention", now=now, actor_id=None, noted=True)
    return []


def requests(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Requests decided long ago that still hold words or an address."""
    area, day = SubjectRequest.area_code, day_of(SubjectRequest.decided_at)
    return select(
        SubjectRequest.id.label("id"), area.label("area_code"),
        is_held("subject_request", SubjectRequest.id, area, day).label("held"),
    ).where(
        SubjectRequest.state != "open", SubjectRequest.decided_at < starts(first_kept),
        SubjectRequest.blanked_at.is_(None),
    )  # fmt: skip


def blank_requests(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """What was asked, decided and when stays; the person's words and address go."""
    session.execute(
        update(SubjectRequest)
        .where(SubjectRequest.id.in_(ids))
        .values(asked=None, contact=None, decision=None, blanked_at=now)
        .execution_options(synchronize_session=False)
    )
    return []


def accounts(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Closed accounts that still have a person's name."""
    area, day = Account.area_code, day_of(Account.disabled_at)
    return select(
        Account.id.label("id"), area.label("area_code"),
        is_held("account", Account.id, area, day).label("held"),
    ).where(
        Account.disabled_at < starts(first_kept),
        or_(Account.name != CLOSED, Account.phone.is_not(None)),
    )  # fmt: skip


def make_nameless(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Name, phone, user name, address and every key go; records keep the account's id."""
    for model in _OF_ACCOUNT:
        session.execute(
            delete(model).where(model.account_id.in_(ids)),
            execution_options={"synchronize_session": False},
        )
    session.execute(
        update(SignIn).where(SignIn.account_id.in_(ids)).values(
            agent=None, ended_at=func.coalesce(SignIn.ended_at, now)
        ),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    for account in session.scalars(select(Account).where(Account.id.in_(ids))):
        account.name, account.phone, account.password_hash = CLOSED, None, None
        account.username = fold(f"closed-{account.id.hex}")
        note_erased(session, "account", account.id, now=now)
    session.flush()
    return []


VISITORS = (Disposal("visitor", "visit", visitors, forget_visitors),)
REQUESTS = (Disposal("request", "subject_request", requests, blank_requests),)
ACCOUNTS = (Disposal("account", "account", accounts, make_nameless),)
