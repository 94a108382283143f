"""The register as an officer's browser drives it, for tests: facts, acts, and what it holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.incidents.models import Incident, IncidentStep
from app.shared.clock import in_bangkok
from app.shared.db import db

REASON = "ข้อมูลมีเพียงชื่อและเบอร์โทร เครื่องล็อกอยู่"


def boxes(name: str, at: datetime) -> dict[str, str]:
    """The day and time boxes `name` as they stand filled on the page: a Thai day."""
    local = in_bangkok(at)
    return {
        f"{name}_on-day": str(local.day),
        f"{name}_on-month": str(local.month),
        f"{name}_on-year": str(local.year + 543),
        f"{name}_time": f"{local:%H:%M}",
    }


def facts(aware_at: datetime, **more: object) -> dict[str, object]:
    """The form of a new incident, learned of at `aware_at`."""
    return {
        "kind": "wrong_recipient", "area_code": "5606", "what": "ส่งรายชื่อทางอีเมลผิดคน",
        "data_kinds": ["name", "phone"], "n_people": "1234", "n_records": "1300",
        "consequences": "อาจถูกโทรรบกวน", "measures": "ขอให้ผู้รับลบอีเมลแล้ว",
        **boxes("aware", aware_at), **more,
    }  # fmt: skip


class Register:
    """One incident, and the acts of somebody on it."""

    def __init__(self, app: Flask, client: FlaskClient, incident_id: UUID) -> None:
        self.app, self.client, self.id = app, client, incident_id

    def act(self, name: str, **data: object) -> int:
        """Press one button; returns the status."""
        return self.client.post(f"/incidents/{self.id}/{name}", data=data).status_code

    def judge(self, risk: str, reason: str = REASON) -> int:
        """Judge the risk."""
        return self.act("judge", risk=risk, reason=reason)

    def told(self, whom: str, at: datetime, words: str = "หนังสือที่ พย 0019/123") -> int:
        """Note that `whom` was told at `at`."""
        given = {f"{whom}-{key}": value for key, value in boxes("told", at).items()}
        return self.act(f"told/{whom}", **given, **{f"{whom}-words": words})

    def page(self) -> str:
        """What the incident's page says now."""
        return self.client.get(f"/incidents/{self.id}").text.replace("\xa0", " ")

    def now(self) -> Incident:
        """The row as it stands."""
        with self.app.app_context():
            return db.session().get_one(Incident, self.id)

    def steps(self) -> list[str]:
        """What was done, in order."""
        with self.app.app_context():
            wanted = (
                select(IncidentStep.action)
                .where(IncidentStep.incident_id == self.id)
                .order_by(IncidentStep.at, IncidentStep.id)
            )
            return list(db.session().scalars(wanted))

    def audited(self) -> list[str]:
        """The same in the audit log."""
        with self.app.app_context():
            wanted = select(AuditEntry.action).where(AuditEntry.object_id == str(self.id))
            return list(db.session().scalars(wanted.order_by(AuditEntry.id)))


def open_one(app: Flask, client: FlaskClient, aware_at: datetime, **more: object) -> Register:
    """Enter an incident through its form."""
    answer = client.post("/incidents/new", data=facts(aware_at, **more))
    assert answer.status_code == 303, answer.text
    return Register(app, client, UUID(answer.headers["Location"].rsplit("/", 1)[1]))
