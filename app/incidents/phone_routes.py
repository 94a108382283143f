"""A lost phone: the one press, and who was on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.models import Account
from app.audit.service import record
from app.devices.models import Device
from app.incidents import queries, words
from app.incidents.blueprint import bp, incident_words
from app.incidents.forms import LostForm, ReasonForm
from app.incidents.lost_phone import phone_and_account, report_lost
from app.incidents.on_phone import OnPhone, Person, on_phone
from app.incidents.rules import check_reason
from app.incidents.service import add_step
from app.shared.clock import bangkok_day, day_starts_at, now
from app.shared.db import db
from app.shared.personal import mask_name, mask_phone, show_phone
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.shared.work import work


@bp.post("/devices/<uuid:device_id>/lost")
@allow()
def lost(device_id: UUID) -> ResponseReturnValue:
    """The phone was lost: out of use this instant, and the 72 hours begin."""
    actor, form = current_actor(), LostForm()
    if not form.validate_on_submit():
        return redirect(url_for("devices.show", device_id=device_id), code=303)
    with work() as w:
        device, account = phone_and_account(w.session, actor, device_id)
        what = _("The phone %(label)s of %(name)s was lost.", label=device.label, name=account.name)
        incident = report_lost(w.session, device_id, what=what, actor=actor, now=now())
    if actor.role == "volunteer":
        flash(_("The phone is out of use. Your district office has been told here."), "done")
        return redirect(url_for("devices.show", device_id=device_id), code=303)
    flash(_("The phone is out of use, and the incident is in the register."), "done")
    return redirect(url_for(".show", incident_id=incident.id), code=303)


@bp.get("/devices/<uuid:device_id>/people")
@allow("officer", "reviewer", "admin")
def people(device_id: UUID) -> ResponseReturnValue:
    """Who was on a phone on a day, masked."""
    device, account, at = _asked(device_id)
    return _people_page(device, account, at, ReasonForm(formdata=None))


@bp.get("/devices/<uuid:device_id>/people.csv")
@allow("officer", "reviewer", "admin")
def people_csv(device_id: UUID) -> Response:
    """The same as a table; names and numbers masked."""
    device, account, at = _asked(device_id)
    return _csv(on_phone(db.session(), device, account, at=at), masked=True)


@bp.post("/devices/<uuid:device_id>/people.csv")
@allow("officer", "reviewer", "admin")
def people_named(device_id: UUID) -> ResponseReturnValue:
    """The same with names and numbers, to tell the people; the reason is kept and logged."""
    actor, form = current_actor(), ReasonForm()
    device, account, at = _asked(device_id)
    if not form.validate_on_submit() or not form.refuse(check_reason("reason", form.reason.data)):
        return _people_page(device, account, at, form)
    with work() as w:
        device, account = phone_and_account(w.session, actor, device_id)
        found = on_phone(w.session, device, account, at=at)
        facts = {"people": len(found.people), "day": bangkok_day(at).isoformat()}
        record(
            w.session, actor_id=actor.account_id, action="device.people_taken", kind="device",
            object_id=device_id, now=now(), facts=facts,
        )  # fmt: skip
        for incident in queries.incidents_of_phone(w.session, device_id)[:1]:
            add_step(
                w.session, incident, "list_taken", actor=actor, now=now(),
                words=form.reason.data, facts=facts,
            )  # fmt: skip
    return _csv(found, masked=False)


def _people_page(
    device: Device, account: Account, at: datetime, form: ReasonForm
) -> ResponseReturnValue:
    found = on_phone(db.session(), device, account, at=at)
    html = render_template(
        "incidents/people.html", device=device, account=account, found=found, form=form,
        day=bangkok_day(at), asked_day=request.values.get("day", ""), **incident_words(),
    )  # fmt: skip
    return html, 422 if form.errors else 200


def _asked(device_id: UUID) -> tuple[Device, Account, datetime]:
    """The phone in scope, and the end of the day asked for; without one, this instant."""
    device, account = phone_and_account(db.session(), current_actor(), device_id)
    try:
        day = date.fromisoformat(request.values.get("day", ""))
        at = min(day_starts_at(day + timedelta(days=1)), now())
    except (ValueError, OverflowError):
        at = now()
    return device, account, at


def _csv(found: OnPhone, *, masked: bool) -> Response:
    file = write_csv(_columns(), _rows(found, masked=masked))
    name = "people-on-phone.csv" if masked else "people-on-phone-named.csv"
    answer: Response = send_file(file, CSV_TYPE, as_attachment=True, download_name=name)
    return answer


def _columns() -> list[Column]:
    return [
        Column(_("Why it was there")), Column(_("Name")), Column(_("Phone")),
        Column(_("Centre or district")),
        Column(_("Date")), Column(_("Record")),
    ]  # fmt: skip


def _rows(found: OnPhone, *, masked: bool) -> Iterator[Row]:
    for person in found.people:
        name, phone = _shown(person, masked=masked)
        visit_id = str(person.visit_id) if person.visit_id else ""
        yield str(words.HOW[person.how]), name, phone, person.centre_code, person.day, visit_id


def _shown(person: Person, *, masked: bool) -> tuple[str, str]:
    name, phone = person.name or "", person.phone or ""
    if masked:
        return mask_name(name), mask_phone(phone) if phone else ""
    return name, show_phone(phone) if phone else ""
