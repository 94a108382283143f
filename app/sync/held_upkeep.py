"""What time and people do to held items: found ready, given up, made to forget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.centres.models import Centre
from app.followups.models import Followup
from app.photos.models import Photo
from app.records.models import Entry
from app.shared.traces import Traces
from app.shared.veil import veiled
from app.sync.kinds import KINDS
from app.sync.models import HeldItem
from app.visits.forgetting import traces_of
from app.visits.models import Visit, VisitRevision

KEPT = timedelta(days=90)
OPEN = ("pending", "conflict")
Blank = Mapping[str, Mapping[str, object]]  # kind -> field -> what stands there instead
_FORGOTTEN: Blank = {
    "visit": {"leader_name": None, "phone": None, "suggestion": None, "consent_followup": False},
    "followup": {"reason": None, "next_step": None},
}
# Whom a photo's words name is known while somebody is forgotten, and hidden; later it is not.
LATE_WORDS: Blank = {**_FORGOTTEN, "photo": {"caption": None, "file_name": None}}


def ready(session: Session, *, limit: int) -> set[UUID]:
    """Records that pending items wait for and that are there by now, for whoever sent them.

    Usually none: whoever brings a record releases what waits for it.  This finds what came at
    the same moment, or was left by a process that died in between.
    """
    found: set[UUID] = set()
    base = func.coalesce(HeldItem.body["item"]["base_version"].as_float(), 0)
    for kind in KINDS.values():
        if kind.table is None:
            continue
        own = case((HeldItem.waits_for == HeldItem.record_id, base), else_=0)
        waiting = (
            select(HeldItem.waits_for)
            .join(kind.table, kind.table.id == HeldItem.waits_for)
            .join(Account, Account.id == HeldItem.account_id)
            .where(HeldItem.state == "pending", own <= kind.table.version)
            .order_by(HeldItem.received_at)
            .limit(limit)
        )
        found |= set(session.scalars(_seen(waiting, kind.table)))
    return found


def dismiss_old(session: Session, now: datetime) -> int:
    """Give up what nobody decided about for 90 days; returns how many.  Their bodies go."""
    result: Any = session.execute(
        update(HeldItem)
        .where(HeldItem.state.in_(OPEN), HeldItem.received_at < now - KEPT)
        .values(state="dismissed", body=None, settled_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def forget_in_held(session: Session, visit_id: UUID) -> None:
    """Take a forgotten person out of what is held of a visit; its counts stay to decide about.

    And out of what waits beside it: checks and photos of the visit that came before it.
    """
    visit = session.get(Visit, visit_id)
    traces = traces_of(visit) if visit else Traces(None, None)
    _strip(session, _about(visit_id), traces)


def forget_late(session: Session) -> None:
    """The same for every visit somebody was ever forgotten in: what slipped in beside it."""
    named = or_(
        and_(HeldItem.kind == "visit", VisitRevision.visit_id == HeldItem.record_id),
        and_(HeldItem.kind == "followup", VisitRevision.visit_id == HeldItem.waits_for),
    )
    forgotten = select(VisitRevision).where(named, VisitRevision.action == "forgotten")
    _strip(session, exists(forgotten), Traces(None, None))


def _about(visit_id: UUID) -> Any:
    said = HeldItem.body["item"]["data"]
    names = (said["visit_id"].as_string(), said["subject_id"].as_string())
    checks = select(Followup.id).where(Followup.visit_id == visit_id)
    photos = select(Photo.id).where(or_(Photo.subject_id == visit_id, Photo.subject_id.in_(checks)))
    return or_(
        HeldItem.record_id == visit_id,
        HeldItem.record_id.in_(checks),
        HeldItem.record_id.in_(photos),
        HeldItem.waits_for == visit_id,
        *(name == str(visit_id) for name in names),
    )


def _strip(session: Session, which: Any, traces: Traces) -> None:
    for row in session.scalars(select(HeldItem).where(which)):
        stripped = traces.hide(without_person(row.body)) if row.body else None
        if stripped != row.body:
            row.body = stripped and unsigned(stripped)
        elif row.body:
            continue  # it tells of nobody, and the signature over it stays good
        _veil(session, row)
    session.flush()


def _veil(session: Session, row: HeldItem) -> None:
    """Its digest says no more what it told; one that came twice beside it keeps its own."""
    veil = veiled(session, row.item_sha256)
    twin = select(HeldItem.id).where(
        HeldItem.record_id == row.record_id, HeldItem.item_sha256 == veil
    )
    if veil != row.item_sha256 and session.scalar(twin) is None:
        row.item_sha256 = veil


def without_person(body: dict[str, Any], blanks: Blank = _FORGOTTEN) -> dict[str, Any]:
    """A held item's body as forgetting leaves its record: no name, number, remark or consent."""
    item = body.get("item", {})
    data = item.get("data")
    if not isinstance(data, dict):
        return body
    forgotten = blanks.get(item.get("kind"), {})
    blank = {name: value for name, value in forgotten.items() if name in data}
    said = (data.get("leader_name"), data.get("phone"))
    traces = Traces(*(word if isinstance(word, str) else None for word in said))
    return body | {"item": item | {"data": traces.hide(data) | blank}}


def unsigned(body: dict[str, Any]) -> dict[str, Any]:
    """The body without its phone's signature, against which a guess at the words could be tried."""
    return body | {"item": body.get("item", {}) | {"captured": None}}


def _seen(waiting: Any, table: Any) -> Any:
    """Those whose account may see what they wait for."""
    office = Account.role != "volunteer"
    if issubclass(table, Entry):  # some are a district's own, of no centre
        its_own = func.substr(Account.area_code, 1, 4)
        return waiting.where(
            or_(
                and_(~office, Account.centre_id == table.centre_id),
                and_(office, table.district_code.startswith(its_own)),
            )
        )
    return waiting.join(Centre, Centre.id == table.centre_id).where(
        or_(
            and_(~office, Account.centre_id == Centre.id),
            and_(office, Centre.subdistrict_code.startswith(Account.area_code)),
        )
    )
