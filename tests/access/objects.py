"""One real object of every kind, of the marked centre, through the services that real ones pass.

What has no service to make it without a browser is written as its row.
"""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Invitation, Passkey
from app.activities.kinds import ACTIVITY
from app.documents.kinds import DOCUMENT
from app.documents.service import keep_file, receive_document, with_file
from app.findings.models import PhotoFinding, PhotoPair
from app.findings.rules import RECIPE as FINDINGS_RECIPE
from app.followups.service import record_followup
from app.incidents.models import Incident, IncidentStep
from app.keeping.models import LegalHold
from app.links.models import ShareLink
from app.networks.kinds import NETWORK_ORDER
from app.packets.models import Packet
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.photos.jobs import process
from app.photos.rules import PhotoDraft, Subject
from app.photos.service import keep_original, receive_photo
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.publicity.kinds import POST
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.records.service import record
from app.reminders.models import Reminder
from app.review.service import submit
from app.review.units import unit_for
from app.rounds.calendar import occurrence_named
from app.rounds.models import ProgrammeVersion
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, now
from app.shared.db import db
from app.shared.files import content_key
from app.shared.geo import Position
from app.shared.ids import new_id
from app.shared.record import Capture
from app.sharing.models import SharingCopy
from app.subjects.models import SubjectRequest
from app.sync.models import HeldItem
from app.uploads.models import Upload
from app.visits.service import record_visit
from tests.assessments.drafts import assess
from tests.documents.files import PDF
from tests.followups.drafts import make_followup
from tests.networks.drafts import member
from tests.packets.building import build
from tests.packets.packet_lists import jpeg
from tests.sync.phone_client import Phone
from tests.visits.drafts import CONSENTED, make_draft

if TYPE_CHECKING:
    from tests.access.cast import Cast

PROGRAMME = load_programme()
WHEN = datetime(2024, 2, 13, 3, 0, tzinfo=UTC)
LATER = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)


def put(app: Flask, session: Session, cast: Cast, mark: str) -> None:
    """Make them all; their names go into `cast.things`."""
    _accounts(session, cast, mark)
    _field(session, cast, mark)
    session.commit()
    _photos(app, session, cast)
    _records(app, session, cast, mark)
    session.commit()
    _review(session, cast, mark)
    _packets(session, cast)
    _papers(session, cast, mark)
    session.commit()


def _name(cast: Cast, thing: str, **arguments: object) -> None:
    cast.things[thing] = {name: str(value) for name, value in arguments.items()}


def _accounts(session: Session, cast: Cast, mark: str) -> None:
    volunteer, instant = cast.people["volunteer"], now()
    _name(cast, "account", account_id=volunteer.account_id)
    _name(cast, "centre", centre_id=cast.centre)
    passkey = Passkey(
        account_id=volunteer.account_id, credential_id=b"credential", public_key=b"key",
        label=f"{mark} phone", added_at=instant,
    )  # fmt: skip
    invitation = Invitation(
        token_sha256=hashlib.sha256(b"invitation").hexdigest(), account_id=volunteer.account_id,
        made_by=cast.people["officer"].account_id, made_at=instant,
        expires_at=instant + timedelta(days=3),
    )  # fmt: skip
    reminder = Reminder(
        account_id=volunteer.account_id, kind="due", programme=_key(), occurrence="plan",
        unit_code="5606", days_before=3, due_by=date(2024, 2, 13), made_at=instant,
    )  # fmt: skip
    version = ProgrammeVersion(
        key=_key().rpartition("_")[0], fiscal_year=2568, version=7, text="key: x",
        made_by=cast.people["admin"].account_id, made_at=instant,
    )  # fmt: skip
    session.add_all([passkey, invitation, reminder, version])
    session.flush()
    _name(cast, "passkey", passkey_id=passkey.id)
    _name(cast, "reminder", reminder_id=reminder.id)


def _key() -> str:
    return PROGRAMME.name.rpartition(".")[0]


def _field(session: Session, cast: Cast, mark: str) -> None:
    """The visitor book and its follow-up."""
    actor = cast.people["volunteer"]
    told = CONSENTED | {
        "group_name": f"คณะ{mark}", "leader_name": f"ครู{mark}", "suggestion": mark,
    }  # fmt: skip
    draft = make_draft(cast.centre, **told)
    visit, _ = record_visit(session, draft, actor=actor, now=WHEN, programme=PROGRAMME)
    check, _ = record_followup(
        session, make_followup(visit.id, followed_on=date(2024, 3, 14), next_step=mark),
        actor=actor, now=LATER, programme=PROGRAMME,
    )  # fmt: skip
    _name(cast, "visit", visit_id=visit.id)
    _name(cast, "followup", followup_id=check.id)


def _photos(app: Flask, session: Session, cast: Cast) -> None:
    """Two of the visit that show the same, a question about one, the pair, and a copy to share."""
    visit_id, instant = UUID(cast.things["visit"]["visit_id"]), now()
    subject = Subject("visit", visit_id, cast.centre, date(2024, 2, 13))
    ids = [_photo(app, session, cast, subject, number) for number in (1, 2)]
    session.commit()
    for photo_id in ids:
        process(str(photo_id))
    finding = PhotoFinding(
        id=new_id(), photo_id=ids[0], kind="time", code="test", recipe=FINDINGS_RECIPE,
        programme_version=PROGRAMME.name, text_th="ถ่ายเมื่อใด", text_en="When was it taken?",
        found_at=instant,
    )  # fmt: skip
    pair = PhotoPair(
        earlier_id=ids[0], later_id=ids[1], kind="same_picture", recipe=1, found_at=instant
    )
    copy = _copy(app, cast, ids[0], instant)
    session.add_all([finding, pair, copy])
    session.flush()
    _name(cast, "photo", photo_id=ids[0])
    _name(cast, "finding", finding_id=finding.id)
    _name(cast, "pair", earlier_id=ids[0], later_id=ids[1])
    _name(cast, "copy", photo_id=ids[0], copy_id=copy.id)


def _photo(app: Flask, session: Session, cast: Cast, subject: Subject, number: int) -> UUID:
    stream = io.BytesIO(jpeg(number, (640, 480)))
    original = keep_original(app.extensions["files"], stream, max_bytes=2_000_000)
    draft = PhotoDraft(
        id=new_id(), subject=subject, source="camera", caption="ภาพหมายลับกข",
        capture=Capture(at=WHEN, position=Position(19.1501, 100.2701, 10.0)),
    )  # fmt: skip
    who = cast.people["volunteer"].account_id
    return receive_photo(session, original, draft, recorder_id=who, now=WHEN)[0].id


def _copy(app: Flask, cast: Cast, photo_id: UUID, instant: datetime) -> SharingCopy:
    data = jpeg(3, (64, 48))
    sha256 = hashlib.sha256(data).hexdigest()
    app.extensions["files"].put_bytes(content_key("renditions", sha256), data)
    return SharingCopy(
        id=new_id(), photo_id=photo_id, boxes=[], nobody=True, state="made", sha256=sha256,
        recipe=1, asked_by=cast.people["officer"].account_id, asked_at=instant, made_at=instant,
    )  # fmt: skip


def _records(app: Flask, session: Session, cast: Cast, mark: str) -> None:
    activity = _write(session, cast, ACTIVITY, "volunteer", **_activity(mark))
    order = _write(session, cast, NETWORK_ORDER, "officer", district="5606", **_order(mark))
    item = _write(session, cast, PLAN_ITEM, "officer", **_plan_item(mark))
    result = _write(
        session, cast, PLAN_RESULT, "officer", item_id=item.id, reported_on=date(2024, 3, 20),
        done_percent=50, result=mark, spent_baht=2_000,
    )  # fmt: skip
    post = _write(session, cast, POST, "volunteer", **_post(mark))
    grade = assess(session, cast.people["officer"], cast.centre, problems=mark)
    for thing, row in {
        "activity": activity, "network": order, "plan_item": item, "plan_result": result,
        "post": post, "assessment": grade, "document": _document(app, session, cast, mark),
    }.items():  # fmt: skip
        _name(cast, thing, record_id=row.id)


def _write(
    session: Session, cast: Cast, of: RecordKind, who: str, /, district: str | None = None,
    **told: Any,
) -> Any:  # fmt: skip
    draft = _draft(cast, of, district, **told)
    return record(session, of, draft, actor=cast.people[who], now=LATER, programme=PROGRAMME)[0]


def _draft(cast: Cast, of: RecordKind, district: str | None, /, **told: Any) -> Draft:
    values = {field.name: field.nothing for field in of.fields} | told
    return Draft(
        kind=of.name, id=new_id(), values=values, capture=Capture(at=WHEN),
        centre_id=None if district else cast.centre, district_code=district,
        programme_version=PROGRAMME.name,
    )  # fmt: skip


def _activity(mark: str) -> dict[str, Any]:
    return {
        "kind": "training", "title": f"ห่มดิน {mark}", "held_on": date(2024, 2, 2),
        "sides": ["place"], "n_male": 4, "n_female": 6, "lead": mark,
    }  # fmt: skip


def _order(mark: str) -> dict[str, Any]:
    return {
        "order_no": f"{mark} 14/2567", "dated_on": date(2024, 1, 22), "fiscal_year": 2567,
        "act": "appoint", "members": [member("government", f"นาย{mark}")],
    }  # fmt: skip


def _plan_item(mark: str) -> dict[str, Any]:
    return {
        "fiscal_year": 2567, "side": "place", "strategy": "repair", "title": f"ซ่อมคันนา {mark}",
        "target": "1 แห่ง", "starts_on": date(2024, 2, 1), "ends_on": date(2024, 3, 1),
        "budget_baht": 5_000, "budget_source": "none", "responsible": f"นาย{mark}",
    }  # fmt: skip


def _post(mark: str) -> dict[str, Any]:
    return {
        "channel": "facebook", "posted_on": date(2024, 2, 1), "title": f"ข่าว {mark}",
        "url": "https://www.facebook.com/example/posts/1", "side": "people",
    }  # fmt: skip


def _document(app: Flask, session: Session, cast: Cast, mark: str) -> Any:
    kept = keep_file(app.extensions["files"], io.BytesIO(PDF), max_bytes=1_000_000)
    bare = _draft(
        cast, DOCUMENT, None, kind="other", title=f"คำสั่ง {mark}", dated_on=date(2024, 2, 1)
    )
    draft = with_file(bare, kept, f"{mark}.pdf")
    return receive_document(
        session, DOCUMENT, draft, actor=cast.people["volunteer"], now=WHEN, programme=PROGRAMME
    )[0]


def _review(session: Session, cast: Cast, mark: str) -> None:
    """The district's plan as sent, with its one item."""
    occurrence = occurrence_named(PROGRAMME, "plan")
    assert occurrence is not None
    unit = unit_for(session, cast.people["reviewer"], "5606")
    sent = submit(
        session, PROGRAMME, occurrence, unit, seen_edition=0, actor=cast.people["officer"],
        now=LATER,
    )  # fmt: skip
    _name(cast, "submission", submission_id=sent.id)
    _name(
        cast, "item", submission_id=sent.id, kind="plan_item",
        item_id=cast.things["plan_item"]["record_id"],
    )  # fmt: skip
    _name(cast, "report", programme=_key(), occurrence="plan", unit="5606")
    _name(cast, "district_plan", district="5606", year=2567)
    _name(cast, "district_quarter", quarter="2567Q2", district="5606")
    _name(cast, "district_board", code="5606")


def _packets(session: Session, cast: Cast) -> None:
    """One of the centre that is issued, and one of the district that is being made."""
    issued = _packet(session, cast, "centre", "5606-001")
    session.commit()
    build(str(issued))
    drafting = _packet(session, cast, "district", "5606")
    packet = session.get_one(Packet, issued)
    assert packet.state == "ready", packet.last_error_code
    _name(cast, "packet", packet_id=issued)
    _name(cast, "packet_in_the_making", packet_id=drafting)
    _name(cast, "packet_document", packet_id=issued, name="report.pdf")


def _packet(session: Session, cast: Cast, kind: str, code: str) -> UUID:
    actor = cast.people["officer"]
    packet, _to_build = request_packet(
        session, actor, scope_for(session, actor, kind, code), Quarter.parse("2567Q2"),
        programme=PROGRAMME, now=now(),
    )  # fmt: skip
    return packet.id


def _papers(session: Session, cast: Cast, mark: str) -> None:
    """What is kept beside the records: links, holds, requests, incidents, what phones sent."""
    instant, officer = now(), cast.people["officer"].account_id
    rows: dict[str, Any] = {
        "link_id": ShareLink(
            token_sha256=hashlib.sha256(b"link").hexdigest(), kind="copy", label=mark,
            object_id=UUID(cast.things["copy"]["copy_id"]), area_code="560601", made_by=officer,
            made_at=instant, expires_at=instant + timedelta(days=7),
        ),
        "hold_id": LegalHold(
            area_code="5606", reason=mark, placed_by=officer, placed_at=instant
        ),
        "request_id": SubjectRequest(
            kind="access", via="paper", area_code="560601", asked=mark, contact=mark,
            visit_id=UUID(cast.things["visit"]["visit_id"]), received_at=instant,
            due_on=instant.date() + timedelta(days=30), recorded_by=officer,
        ),
        "incident_id": Incident(
            kind="lost_phone", area_code="5606", what=mark, aware_at=instant, recorded_by=officer
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    for name, row in rows.items():
        _name(cast, name.removesuffix("_id"), **{name: row.id})
    _name(cast, "shared", kind="copy", object_id=cast.things["copy"]["copy_id"])
    _name(cast, "incident_told", incident_id=rows["incident_id"].id, whom="office")
    session.add(
        IncidentStep(incident_id=rows["incident_id"].id, at=instant, by=officer, action="opened")
    )
    _upload(session, cast, instant)


def _upload(session: Session, cast: Cast, instant: datetime) -> None:
    device_id, account_id = cast.devices["phone"], cast.people["volunteer"].account_id
    upload = Upload(
        device_id=device_id, account_id=account_id, attachment_id=new_id(), role="original",
        sha256="b" * 64, size_bytes=1000, created_at=instant, touched_at=instant,
        expires_at=instant + timedelta(days=30),
    )  # fmt: skip
    session.add(upload)
    session.flush()
    _name(cast, "upload", upload_id=upload.id)


def hold(app: Flask, cast: Cast, mark: str) -> None:
    """What the volunteer's phone sent too late: a correction of what was corrected meanwhile."""
    client = app.test_client(use_cookies=False)
    phone = Phone(client, token=cast.tokens["phone"], device_id=str(cast.devices["phone"]))
    visit = phone.visit(cast.centre, group_name=mark, leader_name=mark)
    corrections = [phone.edit("visit", visit["data"] | {"n_male": n}, 1) for n in (30, 31)]
    for item in (visit, *corrections):
        body = {"items": [item], "device_time": now().isoformat()}
        answer = phone.send("POST", "/records", json=body)
        assert answer.status_code == 200, answer.text
    assert answer.json["results"][0]["status"] == "conflict", answer.text
    with app.app_context():
        held = db.session().scalars(select(HeldItem)).one()
        _name(cast, "held", held_id=held.id)
        db.session.remove()
