"""Receipt codes at the desk: made, shown once, printed as a slip."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, current_actor
from app.shared.clock import now
from app.shared.codes import show_code
from app.shared.qr import qr_picture
from app.shared.work import work
from app.subjects import receipts
from app.subjects.blueprint import bp
from app.visits.blueprint import WRITERS
from app.visits.queries import visit_for


@bp.post("/visits/<uuid:visit_id>/receipt")
@allow(*WRITERS)
def receipt(visit_id: UUID) -> ResponseReturnValue:
    """Make a code for the person in the visit; an older one stops working.  Shown this once."""
    actor = current_actor()
    seed = current_app.config["SETTINGS"].signing_key
    with work() as w:
        visit = visit_for(w.session, actor, visit_id)
        code = receipts.make_receipt(w.session, visit, actor=actor, seed=seed, now=now())
    shown = show_code(code)  # behind #: never sent to a server, and so in no log
    return render_template(
        "subjects/receipt.html", visit=visit, code=shown, site=request.host,
        picture=qr_picture(f"{request.url_root}my-data#{shown}"),
    )  # fmt: skip
