"""The office's side of share links: making one, seeing what there is, revoking."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor, fresh
from app.accounts.rules import Actor, Role
from app.links import queries, service
from app.links.forms import LinkForm
from app.links.models import LINK_KINDS, LinkKind
from app.links.objects import Linked, NotLinkable, linked_for
from app.links.rules import check_link, is_live
from app.links.words import name_of, names_of
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web import nav
from app.web.wording import wording

bp = Blueprint("links", __name__)
ROLES: tuple[Role, ...] = ("officer", "reviewer", "admin")
nav.register("links.index", _l("Share links"), "link", roles=ROLES, order=64)


@bp.get("/links")
@allow(*ROLES)
def index() -> ResponseReturnValue:
    """Links to things of the actor's area, newest first."""
    session, actor = db.session(), current_actor()
    page = queries.list_links(session, actor, after=request.args.get("after"))
    return render_template(
        "links/index.html",
        page=page,
        names=names_of(session, page.items),
        people=queries.makers(session, page.items),
        photos=queries.photos_of(session, page.items),
        is_live=is_live,
        now=now(),
    )


@bp.route("/links/new/<kind>/<uuid:object_id>", methods=["GET", "POST"])
@allow(*ROLES)
@fresh
def new(kind: LinkKind, object_id: UUID) -> ResponseReturnValue:
    """Make a link.  The answer shows its address, this once: only a digest of it is kept."""
    if kind not in LINK_KINDS:
        abort(404)
    actor, form = current_actor(), LinkForm()
    try:
        linked = linked_for(db.session(), actor, kind, object_id)
    except NotLinkable as refusal:
        flash(wording(f"not_linkable_{refusal.why}"), "warn")
        return redirect(url_for("packets.show", packet_id=object_id), code=303)
    if form.validate_on_submit() and form.refuse(check_link(form.draft())):
        return _made(actor, kind, object_id, form)
    status = 422 if form.errors or form.form_errors else 200
    return render_template("links/new.html", form=form, **_shown(linked, kind)), status


@bp.post("/links/<uuid:link_id>/revoke")
@allow(*ROLES)
def revoke(link_id: UUID) -> ResponseReturnValue:
    """Close a link for good; whoever has it is told that there is nothing."""
    with work() as w:
        link = service.revoke(w.session, current_actor(), link_id, now())
    flash(_("The link for %(label)s is closed.", label=link.label), "done")
    return redirect(url_for(".index"), code=303)


def _made(actor: Actor, kind: LinkKind, object_id: UUID, form: LinkForm) -> ResponseReturnValue:
    with work() as w:
        token, link = service.make(w.session, actor, kind, object_id, form.draft(), now())
    linked = linked_for(db.session(), actor, kind, object_id)
    address = url_for("open_links.show", token=token, _external=True)
    return render_template("links/made.html", link=link, address=address, **_shown(linked, kind))


def _shown(linked: Linked, kind: LinkKind) -> dict[str, object]:
    back = (
        url_for("packets.show", packet_id=linked.packet.id)
        if linked.packet
        else url_for("sharing.show", photo_id=linked.photo.id if linked.photo else None)
    )
    return {"kind": kind, "name": name_of(db.session(), linked), "back": back}
