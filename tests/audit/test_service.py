"""The audit log: appended to, sealed once, and loud when it was touched."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit import service, triggers
from app.audit.anchors import FILE, anchor_of, keep_anchor
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


def as_owner_of_the_database(session: Session) -> None:
    """Somebody who may drop a trigger drops those that keep sealed entries as they are."""
    for statement in triggers.REMOVE[session.get_bind().dialect.name]:
        session.execute(text(statement))


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
    as_owner_of_the_database(session)
    for name, value in change.items():
        setattr(chain[2], name, value)
    session.commit()
    assert service.first_break(session) == chain[2].position


def test_a_missing_entry_is_found(session: Session, chain: list[AuditEntry]) -> None:
    as_owner_of_the_database(session)
    session.execute(delete(AuditEntry).where(AuditEntry.id == chain[1].id))
    session.commit()
    assert service.first_break(session) == chain[1].position


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "UPDATE audit_entry SET position = NULL",
        "DELETE FROM audit_entry",
    ],
)
def test_a_sealed_entry_cannot_be_changed_or_removed(
    session: Session, chain: list[AuditEntry], statement: str
) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(statement))
    session.rollback()
    assert service.first_break(session) is None


def test_an_inserted_entry_is_found(session: Session, chain: list[AuditEntry]) -> None:
    as_owner_of_the_database(session)
    last = chain[-1].position or 0
    forged = AuditEntry(
        at=NOW, actor_id=None, action="test.done", kind="test", object_id="9", facts={},
        position=last + 1, digest="a" * 64,
    )  # fmt: skip
    session.add(forged)
    session.commit()
    assert service.first_break(session) == last + 1


def test_entries_that_changed_places_are_found(session: Session, chain: list[AuditEntry]) -> None:
    as_owner_of_the_database(session)
    first, second = chain[1], chain[2]
    for one, other in ((first.id, second), (second.id, first)):
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.id == one)
            .values(object_id=other.object_id, facts=other.facts)
        )
    session.commit()
    session.expire_all()
    assert service.first_break(session) == first.position


def test_a_tail_that_was_cut_off_is_found_by_its_anchor(
    app: Flask, session: Session, chain: list[AuditEntry], tmp_path: Path
) -> None:
    anchor = anchor_of(session)
    assert anchor is not None
    own = app.config["SETTINGS"].var_dir / FILE
    assert keep_anchor(own, anchor)
    assert not keep_anchor(own, anchor)  # once is enough
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert whole.exit_code == 0, whole.output
    assert f"{anchor.position} entries, 1 anchors hold" in whole.output
    as_owner_of_the_database(session)
    session.execute(delete(AuditEntry).where(AuditEntry.position >= anchor.position - 1))
    session.commit()
    assert service.first_break(session) is None  # the chain alone cannot tell
    cut = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert cut.exit_code == 1
    assert f"anchored at entry {anchor.position}" in cut.output
    own.unlink()
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"audit": asdict(anchor)}))
    again = app.test_cli_runner().invoke(args=["audit", "verify", "--anchor", str(manifest)])
    assert again.exit_code == 1


def test_later_entries_join_the_same_chain(session: Session, chain: list[AuditEntry]) -> None:
    service.record(
        session, actor_id=None, action="test.late", kind="test", object_id="late", now=NOW
    )
    assert service.seal(session) == 1
    session.commit()
    assert service.first_break(session) is None
