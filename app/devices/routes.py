"""What phones ask: to be enrolled, heard, let go.  The pages for people: `page_routes.py`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, abort, current_app, request

from app.accounts import browsers
from app.accounts.access import (
    allow,
    allow_public,
    current_actor,
    end_session,
    session_secret,
    start_session,
)
from app.accounts.models import Account
from app.accounts.second_factor import next_stage
from app.accounts.sessions import bind_to_device, open_session
from app.devices import page_routes, queries, service
from app.devices.access import allow_device, current_device
from app.devices.answers import api_answer, clock_facts, enrolled_facts
from app.devices.blueprint import bp
from app.devices.draft import (
    Code,
    PhoneDraft,
    enrolment_from_json,
    heartbeat_from_json,
    lost_from_json,
)
from app.devices.enrolment import Enrolled, enrol, enrol_by_code
from app.devices.proving import Proved, proved
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Malformed
from app.shared.work import Work, work
from app.web.forms import csrf
from app.web.json_body import read_json
from config import Settings

__all__ = ["bp", "page_routes"]
BODY_MAX = 16 * 1024  # bytes; an enrolment takes under one thousand
LEAVE_HEADER = "Lakthan-Leave"  # no foreign page can send it: that is all the protection needed


@bp.post("/api/v1/devices")
@csrf.exempt  # a JSON body, which no foreign page can send; and no cookie lets anybody in here
@allow_public
def enrol_phone() -> Response:
    """Enrol a phone with a password or a code: that is signing in, on a phone."""
    asked = enrolment_from_json(read_json(BODY_MAX), signed_in=False)
    if asked.proof is None:
        raise Malformed("code", "either a code, or login and password")
    secret = None
    with proved(asked.proof) as proof:
        instant = now()
        with work() as w:
            done = _enrol(w, asked.phone, proof.who, instant)
            if asked.web_session and _opens_pages(w, proof, done.account):
                secret = open_session(
                    w.session, done.account, proof=proof.proof, now=instant,
                    agent=browsers.agent(), device_id=done.device.id,
                )  # fmt: skip
    if secret:
        end_session()
        start_session(secret)
    return _enrolled(done, instant)


@bp.post("/phone/enrol")
@allow()
def enrol_here() -> Response:
    """Enrol this browser for whoever is signed in on its pages."""
    actor, instant = current_actor(), now()
    asked = enrolment_from_json(read_json(BODY_MAX), signed_in=True)
    with work() as w:
        done = _enrol(w, asked.phone, actor.account_id, instant)
        bind_to_device(w.session, session_secret() or "", done.device.id)
    return _enrolled(done, instant)


@bp.post("/phone/leave")
@csrf.exempt  # the header below; and all that a forger could do is to sign somebody out
@allow_public
def leave() -> Response:
    """End this browser's page session: a phone signs out of both.  Twice is harmless."""
    if request.headers.get(LEAVE_HEADER) != "1":
        abort(400)
    end_session()
    return Response(status=204)


@bp.delete("/api/v1/devices/self")
@allow_device
def sign_out() -> Response:
    """Sign the phone out: its token is worth nothing any more; what it holds stays on it."""
    with work() as w:
        service.sign_out(w.session, current_device().device_id, now=now())
    return Response(status=204)


@bp.post("/api/v1/devices/self/lost")
@allow_device
def report_lost() -> Response:
    """Note that an earlier phone of this account was this one, and its data are gone."""
    phone = current_device()
    device_id = lost_from_json(read_json(BODY_MAX))
    with work() as w:
        service.report_lost(w.session, phone, device_id, now=now())
    return Response(status=204)


@bp.post("/api/v1/heartbeat")
@allow_device
def heartbeat() -> Response:
    """Hear how a phone fares; for the phone, the proof that it is really us who answer."""
    phone = current_device()
    said = heartbeat_from_json(read_json(BODY_MAX))
    instant = now()
    with work() as w:
        answer = service.hear(w.session, phone, said, now=instant)
    return api_answer(
        clock_facts(instant)
        | {
            "beat": answer.beat,
            "forked": answer.forked,
            "clock_skew_s": service.skew_s(said.device_time, instant),
        }
    )


def _opens_pages(w: Work, proof: Proved, account: Account) -> bool:
    """Whether what was shown opens the pages, too: a code is one factor, and opens a phone."""
    return proof.proof != "code" or next_stage(w.session, account) == "open"


def _enrol(w: Work, phone: PhoneDraft, who: UUID | Code, instant: datetime) -> Enrolled:
    seed = _settings().signing_key
    if isinstance(who, UUID):
        return enrol(w.session, phone, who, seed=seed, now=instant)
    return enrol_by_code(
        w.session,
        phone,
        who.text,
        seed=seed,
        now=instant,
        allow_demo=not _settings().is_production,
    )


def _enrolled(done: Enrolled, instant: datetime) -> Response:
    earlier = queries.earlier_with_unsent(db.session(), done.device)
    return api_answer(enrolled_facts(done, earlier, instant), 201)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
