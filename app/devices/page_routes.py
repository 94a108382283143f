"""Pages on phones: which there are and how they fare, and codes to enrol them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor, fresh
from app.accounts.models import Account
from app.areas.words import place_words
from app.devices import codes, phrases, queries, service
from app.devices.blueprint import bp
from app.devices.forms import CodeForm
from app.devices.models import Device
from app.devices.rules import Danger, dangers, show_code
from app.shared.clock import now
from app.shared.db import db
from app.shared.panels import panels_for
from app.shared.qr import qr_picture
from app.shared.work import work
from app.web import nav
from app.web.asked import asked_id
from config import Settings

nav.register("devices.index", _l("Phones"), "mobile", order=10, account=True)
SHOWN = ("used", "danger", "revoked")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One phone in the list: whose it is, and what is wrong with it."""

    device: Device
    account: Account
    dangers: list[Danger]


@bp.get("/devices")
@allow()
def index() -> ResponseReturnValue:
    """Phones of the actor's area, those in danger first; a volunteer sees their own."""
    actor, instant = current_actor(), now()
    rows = [
        Row(device, account, dangers(device, instant))
        for device, account in queries.list_devices(db.session(), actor)
    ]
    kinds = {
        "used": sorted((r for r in rows if not r.device.revoked_at), key=_urgency),
        "danger": [r for r in rows if r.dangers and not r.device.revoked_at],
        "revoked": [r for r in rows if r.device.revoked_at],
    }
    shown = request.args.get("show", "used")
    shown = shown if shown in SHOWN else "used"
    after = asked_id("after")
    page = _after(kinds[shown], after)
    return render_template(
        "devices/index.html",
        rows=page[:PAGE_SIZE],
        after=after,
        more=page[PAGE_SIZE - 1].device.id if len(page) > PAGE_SIZE else None,
        counts={kind: len(kinds[kind]) for kind in SHOWN},
        shown=shown,
        unsent=queries.unsent_summary(db.session(), actor),
        may_add=actor.role != "reviewer",
        place_words=place_words(),
        **_words(instant),
    )


@bp.route("/devices/new", methods=["GET", "POST"])
@allow("volunteer", "officer", "admin")
@fresh
def new() -> ResponseReturnValue:
    """Make a code that enrols one phone; it is shown once, on the page that answers."""
    actor = current_actor()
    people = queries.people_to_enrol(db.session(), actor)
    form = CodeForm()
    form.offer(people, chosen=asked_id("account"))
    if people and form.validate_on_submit():
        chosen = UUID(form.account_id.data)
        instant, settings = now(), _settings()
        with work() as w:
            code, entry = codes.make_code(
                w.session, chosen, actor=actor, seed=settings.signing_key, now=instant
            )
        person = next(account for account in people if account.id == chosen)
        return _code_page(code, entry.expires_at, person)
    status = 422 if form.errors else 200
    return render_template("devices/new.html", form=form, people=people), status


@bp.get("/devices/<uuid:device_id>")
@allow()
def show(device_id: UUID) -> ResponseReturnValue:
    """One phone: whose it is, how it fares, and what to do when it is lost."""
    instant, session = now(), db.session()
    device = queries.device_for(session, current_actor(), device_id)
    return render_template(
        "devices/show.html",
        device=device,
        account=session.get_one(Account, device.account_id),
        dangers=dangers(device, instant),
        panels=panels_for("device", device),
        may_add=current_actor().role != "reviewer",
        place_words=place_words(),
        **_words(instant),
    )


@bp.post("/devices/<uuid:device_id>/revoke")
@allow()
def revoke(device_id: UUID) -> ResponseReturnValue:
    """Take a phone out of use; its token and its page sessions end at once."""
    with work() as w:
        device = service.revoke(w.session, device_id, actor=current_actor(), now=now())
    flash(_("The phone %(label)s is out of use.", label=device.label), "done")
    return redirect(url_for(".index"), code=303)


def _code_page(code: str, expires_at: datetime, person: Account) -> str:
    # Chat browsers lose what is written in them: the parameter opens a real one from LINE.
    # The code stands behind #, so that it is never sent to the server and stands in no log.
    shown = show_code(code)
    address = f"{request.url_root}phone/enrol?openExternalBrowser=1#{shown}"
    return render_template(
        "devices/code.html",
        code=shown,
        picture=qr_picture(address),
        site=request.host,
        expires_at=expires_at,
        person=person,
        place_words=place_words(),
    )


def _after(rows: list[Row], device_id: UUID | None) -> list[Row]:
    """The rows below a phone's; all where it is not among them any more."""
    places = (place for place, row in enumerate(rows, 1) if row.device.id == device_id)
    return rows[next(places, 0) :]


def _urgency(row: Row) -> tuple[bool, datetime]:
    return not row.dangers, row.device.last_contact_at


def _words(instant: datetime) -> dict[str, Callable[..., str] | object]:
    """What templates need to say a phone's state in words."""
    return {
        "ago": partial(phrases.ago, now=instant),
        "amount": phrases.amount,
        "clock_words": phrases.clock_words,
        "danger_words": phrases.DANGERS,
    }


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
