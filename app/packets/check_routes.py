"""`/packets/check`: is this file exactly what was issued?  No account is needed.

The file is read in the browser and never sent; all that is asked here is its fingerprint.
"""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, Flask, abort, current_app, jsonify, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow_public
from app.packets.bag.signature import PacketKey
from app.packets.check_words import check_words
from app.packets.register import RegisterEntry, entry_of_list, register_entry
from app.shared.clock import now
from app.shared.db import db
from app.verification.throttle import Throttle

bp = Blueprint("packet_checks", __name__, url_prefix="/packets")
_THROTTLE = "lakthan_packet_throttle"
_DIGEST = re.compile(r"[0-9a-f]{64}")
TITLE = _l("Check an evidence packet")


def init_app(app: Flask) -> None:
    """Make the counter of tries."""
    app.extensions[_THROTTLE] = Throttle(app.config["SETTINGS"].redis_url)


@bp.get("/check")
@allow_public
def index() -> ResponseReturnValue:
    """Drop the file; a worker of the browser reads it."""
    return render_template("packets/check.html", title=TITLE, words=check_words(), key=_key())


@bp.get("/check/<list_sha256>")
@allow_public
def by_list(list_sha256: str) -> ResponseReturnValue:
    """Which packet was made of a list; also where the report's QR code leads."""
    found = _look_up(list_sha256, by_list=True)
    html = render_template(
        "packets/check_list.html",
        title=TITLE,
        entry=found,
        key=_key(),
        masked=_("not masked") if found and found.unmasked else _("masked"),
    )
    return html, 200 if found else 404


@bp.get("/register/<fingerprint>")
@allow_public
def register(fingerprint: str) -> ResponseReturnValue:
    """What the register says of a fingerprint, for the page and for verify.py."""
    found = _look_up(fingerprint)
    return jsonify(
        known=found is not None,
        edition=found.edition if found else None,
        newest_edition=found.newest_edition if found else None,
        issued_on=found.issued_on.isoformat() if found else None,
        withdrawn=found.withdrawn if found else False,
        key=_key().public_key_b64url,
    )


def _look_up(digest: str, *, by_list: bool = False) -> RegisterEntry | None:
    """Ask the register; misses are counted, so that nobody reads it by guessing."""
    if not _DIGEST.fullmatch(digest):
        abort(404)
    throttle: Throttle = current_app.extensions[_THROTTLE]
    minute = _minute(now())
    throttle.check("code", asked.remote_addr, minute)
    found = (entry_of_list if by_list else register_entry)(db.session(), digest)
    if found is None:
        throttle.count("code", asked.remote_addr, minute)
    return found


def _key() -> PacketKey:
    return PacketKey(current_app.config["SETTINGS"].signing_key)


def _minute(instant: datetime) -> int:
    return int(instant.timestamp() // 60)
