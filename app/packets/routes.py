"""The packets' pages: those there are, asking for one, watching it grow, taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import (
    Flask,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.access import allow, current_actor, is_fresh
from app.accounts.ceilings import at_most
from app.areas.queries import areas_by_code
from app.packets import labels, queries, ringing_jobs, service
from app.packets.bag.signature import PacketKey
from app.packets.blueprint import ROLES, bp
from app.packets.claims import progress_of
from app.packets.files_routes import documents_of
from app.packets.forms import PacketForm
from app.packets.heads import read_head
from app.packets.models import Packet
from app.packets.redaction import forget_in_packets
from app.packets.vault import vault_at
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.forgetting import register_forgetting
from app.shared.panels import panels_for
from app.shared.work import work
from app.web import nav
from app.web.locale import page_locale
from config import Settings

CHECK = "packet_checks.index"  # the page that checks a file
nav.register("packets.index", _l("Packets"), "packet", roles=ROLES, order=62)


def init_app(app: Flask) -> None:
    """Open the vault, and have packets forget whom a visit forgets."""
    settings: Settings = app.config["SETTINGS"]
    app.extensions["packet_vault"] = vault_at(
        settings.packets_store, app.extensions["files"], settings.scratch_dir,
        key=settings.s3_key, secret=settings.s3_secret,
    )  # fmt: skip
    register_forgetting("visit", forget_now)


def forget_now(session: Session, visit_id: UUID) -> None:
    """Withdraw every edition that tells about the visit's person; the sweeper rings for the new."""
    forget_in_packets(session, visit_id, now())


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
@at_most("packet")
def new() -> ResponseReturnValue:
    """Ask for a packet.  Asking again while nothing changed leads to the one there is."""
    actor, session = current_actor(), db.session()
    form = PacketForm(data=_prefilled())
    form.offer(
        queries.choices(session, actor), quarters_known(load_programme(), bangkok_day(now()))
    )
    if form.validate_on_submit():
        if form.unmasked.data and not is_fresh():
            return _proof_first(form)
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
                options=form.options(),
                site=current_app.config["SETTINGS"].site,
            )
            if to_build:
                w.after_commit(ringing_jobs.BEGIN, packet_id=str(packet.id))
        return redirect(url_for(".show", packet_id=packet.id), code=303)
    return render_template("packets/new.html", form=form), 422 if form.errors else 200


_PREFILLED = ("unit", "quarter", "digits", "photos_per_page", "originals", "unmasked")


def _prefilled() -> dict[str, Any]:
    return {name: request.args[name] for name in _PREFILLED if name in request.args}


def _proof_first(form: PacketForm) -> ResponseReturnValue:
    """Names leave only with who has shown just now who they are; what they chose comes back."""
    asked = {name: form[name].data for name in _PREFILLED if form[name].data}
    flash(_("Then write once more what the packet is for: it is kept in no address."), "warn")
    return redirect(url_for("accounts.prove", next=url_for(".new", **asked)), code=303)


@bp.get("/<uuid:packet_id>")
@allow(*ROLES)
def show(packet_id: UUID) -> ResponseReturnValue:
    """One packet: how far it is, what it holds, how to take it and how to check it."""
    actor, session = current_actor(), db.session()
    packet = queries.packet_for(session, actor, packet_id)
    head = None if packet.state == "withdrawn" and not packet.head else read_head(packet)
    progress = progress_of(session, packet)
    label, count = labels.progress_words(progress)
    return render_template(
        "packets/show.html",
        packet=packet,
        head=head,
        unit=_unit_names([packet])[packet.id],
        editions=queries.editions_of(session, actor, packet),
        people=queries.requesters(session, [packet]),
        documents=labels.in_groups(documents_of(packet) if packet.state == "ready" else []),
        document_name=partial(
            labels.document_name, areas=areas_by_code(session), locale=page_locale()
        ),
        taken=queries.taken_by(session, packet),
        redacted=queries.redacted_by(session, packet),
        redacts=session.get(Packet, packet.redacts_id) if packet.redacts_id else None,
        progress=progress,
        label=label,
        count=count,
        trouble=labels.trouble(packet.last_error_code),
        check_address=url_for(CHECK) if CHECK in current_app.view_functions else None,
        key_id=packet.head.get("key_id") or _key_id(),
        panels=panels_for("packet", packet),
    )


@bp.get("/<uuid:packet_id>/state")
@allow(*ROLES)
def state(packet_id: UUID) -> ResponseReturnValue:
    """How far the packet is, for the page that waits for it."""
    session = db.session()
    packet = queries.packet_for(session, current_actor(), packet_id)
    progress = progress_of(session, packet)
    label, count = labels.progress_words(progress)
    answer = jsonify(
        id=str(packet.id), state=packet.state, step=progress.step, label=label, count=count,
        done=progress.done, total=progress.total, remaining_s=progress.remaining_s,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/<uuid:packet_id>/cancel")
@allow(*ROLES)
def cancel(packet_id: UUID) -> ResponseReturnValue:
    """Stop building it; whoever sees the packet may."""
    actor = current_actor()
    with work() as w:
        packet = queries.packet_for(w.session, actor, packet_id)
        stopped = service.cancel(w.session, packet, actor, now())
    if stopped:
        flash(_("The packet is not built any further."), "done")
    else:
        flash(_("There was nothing to cancel: the packet is no longer being built."), "warn")
    return redirect(url_for(".show", packet_id=packet_id), code=303)


@bp.post("/<uuid:packet_id>/again")
@allow(*ROLES)
@at_most("packet")
def again(packet_id: UUID) -> ResponseReturnValue:
    """Build the same list after all: one that failed or was cancelled."""
    actor = current_actor()
    with work() as w:
        packet = queries.packet_for(w.session, actor, packet_id)
        if service.ask_again(w.session, packet, actor, now()):
            w.after_commit(ringing_jobs.BEGIN, packet_id=str(packet.id))
    return redirect(url_for(".show", packet_id=packet_id), code=303)


def _key_id() -> str:
    return PacketKey(current_app.config["SETTINGS"].signing_key).key_id


def _unit_names(packets: Sequence[Packet]) -> dict[UUID, str]:
    session = db.session()
    centres = queries.centre_names(session, packets)
    return labels.unit_names(packets, areas_by_code(session), centres, page_locale())
