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
    session, actor, instant = db.session(), current_actor(), now()
    phones = queries.list_phones(session, actor)
    wrong = {phone.id: dangers(phone, instant) for phone in phones}
    used = [phone for phone in phones if not phone.revoked_at]
    kinds = {
        "used": sorted(used, key=lambda phone: (not wrong[phone.id], phone.last_contact_at)),
        "danger": [phone for phone in used if wrong[phone.id]],
        "revoked": [phone for phone in phones if phone.revoked_at],
    }
    shown = request.args.get("show", "used")
    shown = shown if shown in SHOWN else "used"
    after = asked_id("after")
    ids = _below([phone.id for phone in kinds[shown]], after)
    page = ids[:PAGE_SIZE]
    found = queries.with_owners(session, page)
    return render_template(
        "devices/index.html",
        rows=[Row(*found[id_], wrong[id_]) for id_ in page if id_ in found],
        after=after,
        more=page[-1] if len(ids) > PAGE_SIZE else None,
        counts={kind: len(kinds[kind]) for kind in SHOWN},
        shown=shown,
        unsent=queries.unsent_summary(session, actor),
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


def _below(ids: list[UUID], after: UUID | None) -> list[UUID]:
    """Those after one; all where it is not among them any more."""
    return ids[ids.index(after) + 1 :] if after in ids else ids


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
