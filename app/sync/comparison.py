"""Two versions side by side, in the words of the forms; names and numbers masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.followups.draft import followup_from_json
from app.photos.decode import caption_from_json, photo_from_json
from app.shared.personal import mask_name, mask_phone
from app.sync.decisions import DECIDERS, can_take, record_of
from app.sync.held_queries import origin_of
from app.sync.items import item_from_json
from app.sync.kinds import KINDS
from app.sync.models import HeldItem
from app.visits.blueprint import shown_value
from app.visits.draft import visit_from_json

KIND_WORDS = {
    "visit": _l("Visit"),
    "followup": _l("Follow-up"),
    "photo": _l("Photo"),
    "contact_seen": _l("A look at the name and number"),
}
OP_WORDS = {
    "create": _l("Written on a phone"),
    "edit": _l("Corrected on a phone"),
    "delete": _l("Struck out on a phone"),
}
FIELD_WORDS: Mapping[str, LazyString] = {  # in the order of the forms
    "centre_id": _l("Centre"),
    "visit_date": _l("Date"),
    "followed_on": _l("Date"),
    "step_months": _l("Which check is this?"),
    "time_in": _l("Time of arrival"),
    "time_out": _l("Time of leaving"),
    "kind": _l("Came for"),
    "method": _l("How"),
    "used": _l("In use?"),
    "group_name": _l("Group"),
    "sector": _l("Sector"),
    "origin_subdistrict_code": _l("Came from"),
    "origin_text": _l("Another province or country"),
    "n_male": _l("Men"),
    "n_female": _l("Women"),
    "n_other": _l("Other"),
    "n_child": _l("Of these, under 20"),
    "n_followed": _l("Answered for"),
    "n_used": _l("Of these, using it"),
    "topics": _l("Topics"),
    "outcomes": _l("What came of it?"),
    "plot_rai": _l("On how many rai"),
    "baht_saved_month": _l("Saved a month"),
    "baht_earned_month": _l("Earned a month"),
    "passed_on_to": _l("Passed on to how many people"),
    "trainer": _l("Who taught"),
    "satisfaction": _l("Satisfaction"),
    "suggestion": _l("Suggestions"),
    "reason": _l("Why not yet?"),
    "next_step": _l("What next?"),
    "next_due_on": _l("Follow up again on"),
    "consent_followup": _l("May be called"),
    "leader_name": _l("Name"),
    "phone": _l("Phone"),
    "consent_photo": _l("Photos may be published"),
    "caption": _l("Caption"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field, as it is and as the phone has it."""

    label: str
    ours: str | None  # None where there is nothing to compare with
    theirs: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One held item as its page shows it."""

    held: HeldItem
    kind: str
    op: str
    recorder: str
    phone: str
    reason: str | None  # of a striking-out
    lines: list[Line]
    version: int | None  # of the record as it is
    edited_by: str | None
    edited_at: datetime | None
    struck_out: bool
    takeable: bool


def compare(
    session: Session, held: HeldItem, actor: Actor, place: Callable[[str | None], str]
) -> Comparison:
    """Put a held item beside the present version of its record."""
    sent = (held.body or {})["item"]
    record = record_of(session, held, actor)
    told = KINDS[held.kind].present(session, item_from_json(sent), actor) if record else None
    origin = origin_of(session, held)
    striking = held.op == "delete"
    return Comparison(
        held=held,
        kind=str(KIND_WORDS[held.kind]),
        op=str(OP_WORDS[held.op]),
        recorder=origin.name,
        phone=origin.phone,
        reason=str(sent["data"]["reason"]) if striking else None,
        lines=[] if striking else _lines(session, record, _facts(held.kind, held.op, sent), place),
        version=told.version if told else None,
        edited_by=told.edited_by if told else None,
        edited_at=told.edited_at if told else None,
        struck_out=bool(told and told.deleted),
        takeable=actor.role in DECIDERS and can_take(held, record),
    )


def _facts(kind: str, op: str, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the phone says, as it was understood: years are ours, blanks are None."""
    data = sent["data"]
    match kind, op:
        case "visit", _other:
            return visit_from_json(data).columns()
        case "followup", _other:
            return followup_from_json(data).columns()
        case "photo", "create":
            return {"caption": photo_from_json(data).caption}
        case "photo", _other:
            return {"caption": caption_from_json(data)}
    return {}


def _lines(
    session: Session, record: Any, said: Mapping[str, Any], place: Callable[[str | None], str]
) -> list[Line]:
    """The fields that differ; all that say something where there is nothing to compare with."""
    lines = []
    for field, label in FIELD_WORDS.items():
        theirs, ours = said.get(field), getattr(record, field, None)
        if theirs == ours or (record is None and theirs in ("", [], False)):
            continue
        there, here = (_shown(session, field, value, place) for value in (ours, theirs))
        if there == here:  # two names that begin alike, or two spellings
            here = f"{here} ({gettext('changed')})"
        lines.append(Line(str(label), None if record is None else there, here))
    return lines


def _shown(session: Session, field: str, value: Any, place: Callable[[str | None], str]) -> str:
    """A value in words; of a person only as much as lists show."""
    if value is None:
        return shown_value(field, None)
    match field:
        case "leader_name":
            return mask_name(value)
        case "phone":
            return mask_phone(value)
        case "origin_subdistrict_code":
            return place(value)
        case "centre_id":
            centre = session.get(Centre, value)
            return centre.name if centre else str(value)
    return shown_value(field, value)
