"""Two versions side by side, in the words of the forms; names and numbers masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.followups.draft import followup_from_json
from app.photos.decode import caption_from_json, photo_from_json
from app.records.draft import draft_from_json
from app.records.kinds import KINDS as RECORD_KINDS
from app.records.kinds import RecordKind
from app.records.words import field_words, value_words, words_of
from app.rounds.programme import Programme, programme_named
from app.shared.personal import mask_name, mask_phone
from app.sync.decisions import DECIDERS, can_take, record_of
from app.sync.held_queries import origin_of
from app.sync.items import item_from_json
from app.sync.kinds import KINDS
from app.sync.models import HeldItem
from app.visits.blueprint import shown_value
from app.visits.draft import visit_from_json

Place = Callable[[str | None], str]  # a subdistrict's code in words
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


def compare(session: Session, held: HeldItem, actor: Actor, place: Place) -> Comparison:
    """Put a held item beside the present version of its record."""
    sent = (held.body or {})["item"]
    record = record_of(session, held, actor)
    told = KINDS[held.kind].present(session, item_from_json(sent), actor) if record else None
    origin = origin_of(session, held)
    striking = held.op == "delete"
    return Comparison(
        held=held,
        kind=kind_words(held.kind),
        op=str(OP_WORDS[held.op]),
        recorder=origin.name,
        phone=origin.phone,
        reason=str(sent["data"]["reason"]) if striking else None,
        lines=[] if striking else _compared(session, held, record, place),
        version=told.version if told else None,
        edited_by=told.edited_by if told else None,
        edited_at=told.edited_at if told else None,
        struck_out=bool(told and told.deleted),
        takeable=actor.role in DECIDERS and can_take(held, record),
    )


def kind_words(kind: str) -> str:
    """What a kind of item is called."""
    return str(KIND_WORDS[kind] if kind in KIND_WORDS else words_of(kind).title)


def _compared(session: Session, held: HeldItem, record: Any, place: Place) -> list[Line]:
    said, told = _facts(held, record)
    if kind := RECORD_KINDS.get(held.kind):
        labels, programme = field_words(kind.name), programme_named(str(said["programme_version"]))
        show = partial(_shown_of_record, session, kind, programme)
        return _lines(labels, told, said, show)
    return _lines(FIELD_WORDS, told, said, lambda f, v: _shown(session, f, v, place))


def _facts(held: HeldItem, record: Any) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """What the phone says, as it was understood - years are ours, blanks are None - and what the
    record says; None where there is none."""
    data = (held.body or {})["item"]["data"]
    said: Mapping[str, Any] = {}
    match held.kind, held.op:
        case "visit", _other:
            said = visit_from_json(data).columns()
        case "followup", _other:
            said = followup_from_json(data).columns()
        case "photo", "create":
            said = {"caption": photo_from_json(data).caption}
        case "photo", _other:
            said = {"caption": caption_from_json(data)}
        case kind, _other if kind in RECORD_KINDS:
            said = _record_facts(RECORD_KINDS[kind], data)
    told = None if record is None else {name: getattr(record, name, None) for name in said}
    return said, told


def _record_facts(kind: RecordKind, data: object) -> Mapping[str, Any]:
    """The fields as they would be stored: a number that was not given may stand as nought."""
    draft = draft_from_json(kind.name, kind.fields, data)
    told = kind.derive(draft, programme_named(draft.programme_version))
    stored = {name: told.get(name, value) for name, value in draft.values.items()}
    return stored | {
        "centre_id": draft.centre_id, "programme_version": draft.programme_version
    }  # fmt: skip


def _lines(
    labels: Mapping[str, LazyString],
    told: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    show: Callable[[str, Any], str],
) -> list[Line]:
    """The fields that differ; all that say something where there is nothing to compare with."""
    lines = []
    for field, label in labels.items():
        theirs, ours = said.get(field), told.get(field) if told else None
        if theirs == ours or (told is None and theirs in ("", [], False)):
            continue
        there, here = (show(field, value) for value in (ours, theirs))
        if there == here:  # two names that begin alike, two spellings, as many rows
            here = f"{here} ({gettext('changed')})"
        lines.append(Line(str(label), None if told is None else there, here))
    return lines


def _shown_of_record(
    session: Session, kind: RecordKind, programme: Programme, field: str, value: Any
) -> str:
    if field == "centre_id":
        centre = session.get(Centre, value) if value else None
        return centre.name if centre else gettext("nothing")
    return value_words(kind, programme)(field, value)


def _shown(session: Session, field: str, value: Any, place: Place) -> str:
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
