"""Documents, as the list holds them: the quarter's, and those of what is in the list."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from app.documents.models import Document
from app.documents.sniff import EXTENSIONS
from app.packets.frozen.asked import Asked, by_many
from app.packets.frozen.content import DocumentItem


def documents(
    asked: Asked, subjects: Iterable[UUID], named: Iterable[UUID]
) -> tuple[DocumentItem, ...]:
    """Documents dated in the quarter, those of the records `subjects`, and those `named`.

    A screenshot, a scan or a proof travels with its record, whenever it was made.
    """
    ours = select(Document).where(asked.holds(Document))
    found = {
        row.id: row
        for row in asked.session.scalars(ours.where(asked.in_quarter(Document.dated_on)))
    }
    for share in by_many([*subjects, *named]):
        either = or_(Document.subject_id.in_(share), Document.id.in_(share))
        found |= {row.id: row for row in asked.session.scalars(ours.where(either))}
    return tuple(
        asked.item(DocumentItem, row, extension=EXTENSIONS.get(row.file_type, "bin"))
        for row in asked.in_order(found.values(), "dated_on")
    )
