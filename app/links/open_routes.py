"""What whoever holds a share link sees: what it is, and the file.  No account, no cookie.

The address is the secret.  It stands in no log of ours, no page it opens sends it on (no referrer,
no foreign request), and every reason why it opens nothing gives the same answer.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.accounts import tries
from app.accounts.access import allow_public
from app.accounts.browsers import address
from app.links import service
from app.links.models import ShareLink
from app.links.objects import Linked
from app.links.words import name_of
from app.packets.download import send, takes_away
from app.packets.files_routes import vault, whole_of
from app.packets.heads import read_head
from app.photos.store import RENDITIONS
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.files import content_key
from app.shared.work import work
from app.web.sealed import sealed, store

bp = Blueprint("open_links", __name__, url_prefix="/s")
PACKETS_CHECK = "packet_checks.index"


@bp.before_request
def _nobody() -> None:
    g.actor = None  # also where somebody is signed in: the page is the same, and reads no cookie
    g.no_referrer = True


@bp.after_request
def _tells_nobody(answer: Response) -> Response:
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address itself is the secret
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<token>")
@allow_public
def show(token: str) -> ResponseReturnValue:
    """What the link leads to, how large it is, and until when."""
    link, linked = _opened(token)
    return render_template(
        "links/show.html",
        link=link,
        name=name_of(db.session(), linked),
        file=url_for(".file", token=token),
        size_bytes=_size(linked),
        fingerprint=_fingerprint(linked),
        head=read_head(linked.packet) if linked.packet else None,
        packet=linked.packet,
        check_address=url_for(PACKETS_CHECK),
    )


@bp.get("/<token>/file")
@allow_public
def file(token: str) -> ResponseReturnValue:
    """The file itself, as a download; a broken one goes on where it stopped (Range)."""
    link, linked = _opened(token)
    answer = make_response(_file_of(linked))
    if takes_away(answer, request, taken_before=link.n_opened > 0):
        with work() as w:
            service.note_opened(w.session, link.id, now())
    return answer


def _opened(token: str) -> tuple[ShareLink, Linked]:
    """What the token opens; a miss is counted, and too many of them have to wait."""
    instant = now()
    try:
        return service.opened(db.session(), token, instant)
    except NotFound:
        seed, keys = current_app.config["SETTINGS"].signing_key, [address()]
        tries.check(db.session(), "link", keys, seed=seed, now=instant)
        with work() as w:
            tries.miss(w.session, "link", keys, seed=seed, now=instant)
        raise


def _file_of(linked: Linked) -> Response:
    if linked.packet is not None:
        return send(vault(), whole_of(linked.packet, read_head(linked.packet)), request)
    copy, photo = linked.copy, linked.photo
    assert copy is not None and photo is not None  # noqa: S101 - a packet, or these two
    name = f"{photo.centre.code}_{bangkok_day(photo.captured_at)}_{str(copy.id)[-6:]}.jpg"
    key = content_key(RENDITIONS, str(copy.sha256))
    return sealed(key, "image/jpeg", download_name=name, as_attachment=True)


def _size(linked: Linked) -> int | None:
    if linked.packet is not None:
        return linked.packet.size_bytes
    return store().size(content_key(RENDITIONS, _fingerprint(linked)))


def _fingerprint(linked: Linked) -> str:
    if linked.packet is not None:
        return linked.packet.fingerprint or linked.packet.sha256 or ""
    return str(linked.copy.sha256) if linked.copy else ""
