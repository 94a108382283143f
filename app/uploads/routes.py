"""Attachments over tus 1.0: begin, ask how far, send a piece, give up.

No transaction is open while bytes come over the line; a piece is on disk before its offset is
answered, and the last one is answered when the whole is hashed, in its place, and in the database.
"""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.devices.access import allow_device, current_device
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.uploads import arrivals, queries, service
from app.uploads.body import Body, has_body, socket_of
from app.uploads.landing import BytesRefused, Landing, WrongOffset
from app.uploads.landings import landing_of
from app.uploads.line import Exchange, hang_up, spill, turns_in_this_process
from app.uploads.models import Upload
from app.uploads.protocol import (
    VERSION,
    abilities,
    answers,
    check_version,
    draft_from,
    whole_number,
)
from app.uploads.storage import storing
from app.web.errors import problem
from app.web.wording import wording

log = logging.getLogger(__name__)
bp = Blueprint("uploads", __name__, url_prefix="/api/v1/uploads")
ONE = "/<uuid:upload_id>"
COME_AGAIN_S = {429: 3600, 503: 5, 507: 300}
_exchange = Exchange(turns_in_this_process())


@bp.route("", methods=["OPTIONS"], provide_automatic_options=False)
@bp.route(ONE, methods=["OPTIONS"], provide_automatic_options=False)
@allow_public
def options(upload_id: UUID | None = None) -> ResponseReturnValue:
    """What this server can do."""
    return Response(status=204, headers=abilities(_max_bytes()))


@bp.route("", methods=["POST"], provide_automatic_options=False)
@allow_device
def create() -> ResponseReturnValue:
    """Begin an upload, or find the one that was begun; its first bytes may come with it."""
    check_version(request.headers)
    draft, phone = draft_from(request.headers, max_bytes=_max_bytes()), current_device()
    with work() as w:
        upload = service.begin(
            w.session,
            draft,
            device_id=phone.device_id,
            account_id=phone.actor.account_id,
            now=now(),
        )
        if upload.state == "held":
            arrivals.tell(w, upload, now())
    offset = _offset(upload)
    if has_body(request) and not offset:
        offset = _receive(upload, 0)
    offset = _complete(upload, offset)
    place = url_for(".tell", upload_id=upload.id)
    return Response(status=201, headers={"Location": place, **answers(upload, offset)})


@bp.route(ONE, methods=["HEAD"], provide_automatic_options=False)
@allow_device
def tell(upload_id: UUID) -> ResponseReturnValue:
    """How far the upload is."""
    upload = _mine(upload_id)
    offset = _complete(upload, _offset(upload))
    return Response(status=200, headers=answers(upload, offset))


@bp.route(ONE, methods=["PATCH"], provide_automatic_options=False)
@allow_device
def append(upload_id: UUID) -> ResponseReturnValue:
    """Take the next piece."""
    upload, offset = _mine(upload_id), whole_number(request.headers, "Upload-Offset")
    end = _complete(upload, _receive(upload, offset))
    return Response(status=204, headers=answers(upload, end))


@bp.route(ONE, methods=["DELETE"], provide_automatic_options=False)
@allow_device
def drop(upload_id: UUID) -> ResponseReturnValue:
    """Give the upload up.  What is held already stays."""
    upload = _mine(upload_id)
    with work() as w:
        service.refuse(w.session, upload.id, "ended", now=now())
    if upload.state == "open":
        _forget(upload.id)
    return Response(status=204)


@bp.route(ONE, methods=["POST"], provide_automatic_options=False)
@allow_device
def override(upload_id: UUID) -> ResponseReturnValue:
    """The same for clients that can only POST, as the protocol asks."""
    views = {"PATCH": append, "HEAD": tell, "DELETE": drop}
    view = views.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    return view(upload_id) if view else abort(405)


@bp.after_request
def _speak_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code in COME_AGAIN_S:
        response.headers.setdefault("Retry-After", str(COME_AGAIN_S[response.status_code]))
    if response.status_code >= 400 and has_body(request):
        _end_body(response.status_code)
    return response


def _end_body(status: int) -> None:
    """What was not read would keep gunicorn waiting; a stranger, or a crowd, gets no patience."""
    if status == 401 or status >= 500:
        hang_up(socket_of(request))
    else:
        spill(request.stream, socket_of(request))


@bp.errorhandler(BytesRefused)
def _refused(error: BytesRefused) -> ResponseReturnValue:
    # 422 also where a form would say 415: the request was well made, the bytes were not.
    return problem(422, error.code, wording(error.code, error.facts), error.facts)


def _mine(upload_id: UUID) -> Upload:
    """This phone's upload, alive; no transaction is open any more."""
    check_version(request.headers)
    upload = queries.upload_for(db.session(), current_device().device_id, upload_id)
    service.check_alive(upload, now())
    db.session.close()  # a line may take minutes: hold no snapshot and no connection meanwhile
    return upload


def _offset(upload: Upload) -> int:
    with storing():
        return _landing().reached(upload)


def _receive(upload: Upload, offset: int) -> int:
    """Take this request's body at `offset`; returns how far the upload is then, on disk."""
    body = Body.of(request, upload, offset)
    with storing():
        end = body.take(_landing(), _exchange, current_device().device_id)
    if service.needs_touch(upload, now()):
        with work() as w:
            service.touch(w.session, upload.id, now=now())
    return end


def _complete(upload: Upload, offset: int) -> int:
    """Hold the upload if its last byte is here.  Raises BytesRefused."""
    if offset < upload.size_bytes or upload.state != "open":
        return offset
    try:
        with storing():
            found = _landing().settle(upload)
    except WrongOffset:  # another request has completed it meanwhile
        return _offset(_mine(upload.id))
    except BytesRefused as refusal:
        with work() as w:
            service.refuse(w.session, upload.id, refusal.code, now=now())
        _forget(upload.id)
        raise
    with work() as w:
        held = service.hold(w.session, upload.id, found, now=now())
        if held is not None:
            arrivals.tell(w, held, now())
    _forget(upload.id)
    return offset


def _forget(upload_id: UUID) -> None:
    """Remove what lies here of an upload that is over; what cannot be removed, the sweep will."""
    try:
        _landing().forget(upload_id)
    except OSError as error:
        log.warning("the pieces of upload %s stay for the sweep: %s", upload_id, error)


def _landing() -> Landing:
    return landing_of(current_app.extensions["files"])


def _max_bytes() -> int:
    size: int = current_app.config["SETTINGS"].photo_max_bytes
    return size
