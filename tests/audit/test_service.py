"""The audit log: appended to, sealed once, and loud when it was touched."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit import service
from app.audit.models import AuditEntry
from tests.conftest import NOW


@pytest.fixture
def chain(session: Session) -> list[AuditEntry]:
    for number in range(5):
        service.record(
            session, actor_id=None, action="test.done", kind="test", object_id=number, now=NOW,
            facts={"นับ": number},
        )  # fmt: skip
    session.flush()
    assert service.seal(session) >= 5
    session.commit()
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.position)))


def test_a_whole_log_has_no_break(session: Session, chain: list[AuditEntry]) -> None:
    assert service.first_break(session) is None


def test_sealing_twice_changes_nothing(session: Session, chain: list[AuditEntry]) -> None:
    before = [(entry.position, entry.digest) for entry in chain]
    assert service.seal(session) == 0
    assert [(entry.position, entry.digest) for entry in chain] == before


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.other"},
        {"object_id": "9"},
        {"facts": {"นับ": 99}},
        {"actor_id": None, "kind": "x"},
    ],
)
def test_a_changed_entry_is_found(
    session: Session, chain: list[AuditEntry], change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(chain[2], name, value)
    session.commit()
    assert service.first_break(session) == chain[2].position


def test_a_missing_entry_is_found(session: Session, chain: list[AuditEntry]) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id == chain[1].id))
    session.commit()
    assert service.first_break(session) == chain[1].position


def test_later_entries_join_the_same_chain(session: Session, chain: list[AuditEntry]) -> None:
    service.record(
        session, actor_id=None, action="test.late", kind="test", object_id="late", now=NOW
    )
    assert service.seal(session) == 1
    session.commit()
    assert service.first_break(session) is None
