"""Whom we had forgotten, a restored backup forgets again, before anything is served."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.documents.destruction import destroy_documents
from app.documents.models import Document
from app.keeping.erasures import Erased
from app.keeping.models import Erasure
from app.keeping.service import note_destroyed
from app.networks.forgetting import forget_member
from app.networks.models import NetworkOrder
from app.photos.destruction import destroy_photos
from app.photos.models import Photo
from app.retention.ends.people import make_nameless
from app.shared.errors import DomainError
from app.visits.forgetting import forget_visit
from app.visits.models import Visit


class UnknownErasure(DomainError):
    """The list names a kind that this version cannot make forget (`kind`): a newer one wrote it."""

    code = "unknown_erasure"


def newer_than_backup(session: Session, listed: Iterable[Erased]) -> list[Erased]:
    """Those of the list that the restored database does not know of, oldest first."""
    known = set(session.scalars(select(Erasure.id)))
    return sorted((each for each in listed if each.id not in known), key=lambda each: each.at)


def forget_again(session: Session, erased: Erased, *, now: datetime) -> bool:
    """Make one record forget.  False: the backup is from before the record, or has forgotten.

    Raises:
        UnknownErasure: this version does not know how.
    """
    forget = _HOW.get(erased.kind)
    if forget is None:
        raise UnknownErasure(kind=erased.kind)
    return forget(session, erased, now)


def _visit(session: Session, erased: Erased, now: datetime) -> bool:
    visit = session.get(Visit, erased.object_id)
    if visit is None:
        return False
    return forget_visit(session, visit, cause="restored", now=now, actor_id=None)


def _photo(session: Session, erased: Erased, now: datetime) -> bool:
    photo = session.get(Photo, erased.object_id)
    if photo is None or photo.destroyed_at is not None:
        return False
    destroy_photos(session, [photo.id], now=now)
    _note(session, "photo", "photo", photo.id, now)
    return True


def _document(session: Session, erased: Erased, now: datetime) -> bool:
    document = session.get(Document, erased.object_id)
    if document is None or document.destroyed_at is not None:
        return False
    destroy_documents(session, [document.id], now=now)
    _note(session, "record", "document", document.id, now)
    return True


def _account(session: Session, erased: Erased, now: datetime) -> bool:
    account = session.get(Account, erased.object_id)
    if account is None or account.disabled_at is None:
        return False
    make_nameless(session, [account.id], now)
    _note(session, "account", "account", account.id, now)
    return True


def _member(session: Session, erased: Erased, now: datetime) -> bool:
    order = session.get(NetworkOrder, erased.object_id)
    return order is not None and forget_member(
        session, order, erased.about or "", cause="restored", now=now, actor_id=None
    )


def _note(session: Session, keeping: str, kind: str, object_id: UUID, now: datetime) -> None:
    note_destroyed(
        session, keeping=keeping, cause="restored", kind=kind, object_ids=[object_id], now=now
    )


_HOW: dict[str, Callable[[Session, Erased, datetime], bool]] = {
    "visit": _visit,
    "photo": _photo,
    "document": _document,
    "account": _account,
    "network_order": _member,
}
