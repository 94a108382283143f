"""The packets' pages: those there are, asking for one, watching it grow, taking it away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.rules import Role
from app.areas.queries import areas_by_code
from app.packets import labels, queries, service
from app.packets.forms import PacketForm
from app.packets.frozen.content import from_json
from app.packets.frozen.figures import totals
from app.packets.models import Packet
from app.packets.report.phrases import file_title
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.files import FileStore
from app.shared.work import work
from app.web import nav
from app.web.locale import page_locale

bp = Blueprint("packets", __name__, url_prefix="/packets")
ROLES: tuple[Role, ...] = ("officer", "reviewer", "admin")
nav.register("packets.index", _l("Packets"), "packet", roles=ROLES, order=62)


@bp.get("")
@allow(*ROLES)
def index() -> ResponseReturnValue:
    """Packets in scope, newest request first."""
    session = db.session()
    page = queries.list_packets(session, current_actor(), after=request.args.get("after"))
    return render_template(
        "packets/index.html",
        page=page,
        names=_unit_names(page.items),
        people=queries.requesters(session, page.items),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(*ROLES)
def new() -> ResponseReturnValue:
    """Ask for a packet.  Asking again while nothing changed leads to the one there is."""
    actor, session = current_actor(), db.session()
    form = PacketForm(data={name: request.args.get(name) for name in ("unit", "quarter")})
    form.offer(
        queries.choices(session, actor), quarters_known(load_programme(), bangkok_day(now()))
    )
    if form.validate_on_submit():
        with work() as w:
            kind, _colon, code = form.unit.data.partition(":")
            packet, to_build = service.request_packet(
                w.session,
                actor,
                queries.scope_for(w.session, actor, kind, code),
                Quarter.parse(form.quarter.data),
                programme=load_programme(),
                now=now(),
                reason=form.reason.data,
            )
            if to_build:
                w.after_commit("app.packets.jobs.build", packet_id=str(packet.id))
        return redirect(url_for(".show", packet_id=packet.id), code=303)
    return render_template("packets/new.html", form=form), 422 if form.errors else 200


@bp.get("/<uuid:packet_id>")
@allow(*ROLES)
def show(packet_id: UUID) -> ResponseReturnValue:
    """One packet: how far it is, what it holds, how to take it and how to check it."""
    actor, session = current_actor(), db.session()
    packet = queries.packet_for(session, actor, packet_id)
    content = from_json(packet.frozen)
    label, count = labels.progress_words(packet)
    return render_template(
        "packets/show.html",
        packet=packet,
        content=content,
        sums=totals(content),
        unit=_unit_names([packet])[packet.id],
        editions=queries.editions_of(session, actor, packet),
        label=label,
        count=count,
        trouble=labels.trouble(packet.last_error_code),
    )


@bp.get("/<uuid:packet_id>/state")
@allow(*ROLES)
def state(packet_id: UUID) -> ResponseReturnValue:
    """How far the packet is, for the page that waits for it."""
    packet = queries.packet_for(db.session(), current_actor(), packet_id)
    label, count = labels.progress_words(packet)
    answer = jsonify(
        id=str(packet.id), state=packet.state, step=packet.step, label=label, count=count,
        done=packet.done, total=packet.total,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<uuid:packet_id>/download")
@allow(*ROLES)
def download(packet_id: UUID) -> ResponseReturnValue:
    """The issued file.  A broken download goes on where it stopped; the log keeps who asked."""
    actor = current_actor()
    with work() as w:
        packet = queries.packet_for(w.session, actor, packet_id)
        if packet.state != "ready":
            raise NotFound(kind="packet_file")
        if request.range is None or request.range.ranges[0][0] == 0:
            service.note_download(w.session, packet, actor, now())
        content = from_json(packet.frozen)
    return _file(packet, content.identifier, file_title(content))


def _file(packet: Packet, ascii_name: str, thai_name: str) -> Response:
    files: FileStore = current_app.extensions["files"]
    try:
        answer = send_file(
            files.path(packet.file_key or ""),
            "application/zip",
            conditional=True,
            etag=packet.sha256 or False,
            max_age=None,
        )
    except FileNotFoundError:
        current_app.logger.error("the file of packet %s is missing", packet.id)
        abort(503)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}.zip\"; filename*=UTF-8''{quote(thai_name)}.zip"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _unit_names(packets: Any) -> dict[UUID, str]:
    session = db.session()
    centres = queries.centre_names(session, packets)
    return labels.unit_names(packets, areas_by_code(session), centres, page_locale())
