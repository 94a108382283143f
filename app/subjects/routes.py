"""`/my-data`: what a person in the visitor book sees and does with their receipt code.

No account is needed.  The code is typed or scanned, never part of an address that the server
sees; a browser that has it open holds a secret for a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import allow_public
from app.accounts.tries import TooManyTries
from app.areas.words import place_words
from app.notices.service import controller
from app.rounds.words import choice_words
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.forgetting import register_forgetting
from app.shared.work import work
from app.subjects import acts, own, receipts, words
from app.subjects.copies import as_json
from app.subjects.forgetting import forget_in_requests
from app.subjects.forms import AskForm, ContactForm, EnterForm, ForgetForm, Yes
from app.subjects.holding import Holding, holding_of
from app.subjects.models import ReceiptCode, RequestKind, SubjectRequest
from app.subjects.receipts import ReceiptInvalid
from app.subjects.service import open_request
from app.visits.models import Visit
from app.visits.withdrawal import area_of
from app.web.errors import status_of

bp = Blueprint("subjects", __name__, url_prefix="/my-data")
CHOICES = ("visit_kinds", "visitor_sectors", "topics", "followup_methods", "followup_uses",
           "outcomes")  # fmt: skip


def init_app(_app: Flask) -> None:
    """A forgotten person's codes die with their name, whoever erased it."""
    register_forgetting("visit", receipts.forget_codes)
    register_forgetting("visit", forget_requests_now)


def forget_requests_now(session: Session, visit_id: UUID) -> None:
    """Blank the words of what the person had asked."""
    forget_in_requests(session, visit_id, now())


@bp.after_request
def keep_nowhere(answer: Response) -> Response:
    """Pages of a person's data are kept nowhere."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def with_code(view: Callable[[ReceiptCode], ResponseReturnValue]) -> Callable[[], Any]:
    """Give the view the code that is open; where none is, ask for it."""

    @wraps(view)
    def inner() -> ResponseReturnValue:
        entry = own.opened()
        if entry is None:
            flash(_("Please type your receipt code again."), "warn")
            return redirect(url_for("subjects.mine"), code=303)
        return view(entry)

    return inner


@bp.get("")
@allow_public
def mine() -> ResponseReturnValue:
    """What is held of the person whose code is open; else, where to type the code."""
    entry = own.opened()
    if entry is None:
        return render_template("subjects/enter.html", form=EnterForm(formdata=None))
    held = holding_of(db.session(), entry.visit_id)
    return render_template("subjects/mine.html", until=entry.open_until, yes=Yes(), **facts(held))


@bp.post("")
@allow_public
def enter() -> ResponseReturnValue:
    """Open what the code gives."""
    form = EnterForm()
    if form.validate_on_submit():
        try:
            own.enter(form.code.data or "")
        except (ReceiptInvalid, TooManyTries) as refusal:
            form.refuse([Problem("code", refusal.code, refusal.facts)])
            html = render_template("subjects/enter.html", form=form)
            wait = refusal.facts.get("retry_after_s")
            return html, status_of(refusal), {"Retry-After": str(wait)} if wait else {}
        return redirect(url_for(".mine"), code=303)
    return render_template("subjects/enter.html", form=form), 422


@bp.post("/leave")
@allow_public
def leave() -> ResponseReturnValue:
    """Close it, before the phone is handed on."""
    own.leave()
    flash(_("Your data is closed. Nobody sees it on this screen any more."), "done")
    return redirect(url_for(".mine"), code=303)


@bp.get("/copy")
@allow_public
@with_code
def copy(entry: ReceiptCode) -> ResponseReturnValue:
    """Everything on one page, to print."""
    return render_template("subjects/copy.html", **facts(holding_of(db.session(), entry.visit_id)))


@bp.get("/copy.json")
@allow_public
@with_code
def copy_json(entry: ReceiptCode) -> ResponseReturnValue:
    """Everything in a file that programs read."""
    return json_file(holding_of(db.session(), entry.visit_id))


@bp.post("/stop-calls")
@allow_public
@with_code
def stop_calls(entry: ReceiptCode) -> ResponseReturnValue:
    """Withdraw the consent to be called."""
    request = _act(entry, acts.stop_followup)
    if request.state == "done":
        flash(_("Done. Your name and phone are erased and nobody will call you."), "done")
    else:
        flash(_held_words(), "warn")
    return redirect(url_for(".mine"), code=303)


@bp.post("/stop-photos")
@allow_public
@with_code
def stop_photos(entry: ReceiptCode) -> ResponseReturnValue:
    """Withdraw the consent to publish photos."""
    _act(entry, acts.stop_publication)
    flash(_("Done. Pictures with faces of this visit are published no more."), "done")
    return redirect(url_for(".mine"), code=303)


@bp.route("/forget", methods=["GET", "POST"])
@allow_public
@with_code
def forget(entry: ReceiptCode) -> ResponseReturnValue:
    """Be forgotten: explained, confirmed, at once."""
    form = ForgetForm()
    if not form.validate_on_submit():
        held = holding_of(db.session(), entry.visit_id)
        html = render_template("subjects/forget.html", form=form, **facts(held))
        return html, 422 if form.errors else 200
    request = _act(entry, acts.be_forgotten)
    if request.state == "done":
        own.leave()
        return redirect(url_for(".forgotten"), code=303)
    flash(_held_words(), "warn")
    return redirect(url_for(".mine"), code=303)


@bp.get("/forgotten")
@allow_public
def forgotten() -> ResponseReturnValue:
    """Goodbye.  Says nothing of whom."""
    return render_template("subjects/forgotten.html", office=controller(db.session()))


@bp.route("/correct", methods=["GET", "POST"])
@allow_public
@with_code
def correct(entry: ReceiptCode) -> ResponseReturnValue:
    """Ask the office to put name or phone right.

    Not at once: the number is called later, and whoever finds a slip must not send our calls to
    a stranger.
    """
    visit = db.session().get_one(Visit, entry.visit_id)
    form = ContactForm(data={"leader_name": visit.leader_name, "phone": visit.phone})
    if not form.validate_on_submit():
        html = render_template("subjects/correct.html", form=form)
        return html, 422 if form.errors else 200
    lines = [_("Name: %(name)s", name=form.leader_name.data or "–")]
    lines.append(_("Phone: %(phone)s", phone=form.phone.data or "–"))
    return _asked(entry, "correct", "\n".join(lines), None)


@bp.route("/ask", methods=["GET", "POST"])
@allow_public
@with_code
def ask(entry: ReceiptCode) -> ResponseReturnValue:
    """Ask for something else; the office answers within thirty days."""
    form = AskForm()
    if not form.validate_on_submit():
        html = render_template("subjects/ask.html", form=form)
        return html, 422 if form.errors else 200
    return _asked(entry, "other", form.asked.data, form.contact.data)


def facts(held: Holding) -> dict[str, Any]:
    """What the pages of one person's data name."""
    return {
        "held": held,
        "office": controller(db.session()),
        "place": place_words(),
        "role_words": words.ROLES,
        "words_of": lambda word, keys: ", ".join(map(word, keys)),
        "kind_words": words.KINDS,
        "state_words": words.STATES,
        "words": {name: choice_words(name, held.visit.programme_version) for name in CHOICES},
    }


def json_file(held: Holding) -> Response:
    """One person's data as an attachment."""
    answer = jsonify(as_json(held, now=now()))
    answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _act(entry: ReceiptCode, act: Callable[..., SubjectRequest]) -> SubjectRequest:
    visit_id, digest, instant = entry.visit_id, entry.code_sha256, now()
    with work() as w:
        request = act(w.session, w.session.get_one(Visit, visit_id), now=instant)
        if still := w.session.get(ReceiptCode, digest, populate_existing=True):
            receipts.prolong(still, now=instant)
    return request


def _asked(
    entry: ReceiptCode, kind: RequestKind, asked: str | None, contact: str | None
) -> ResponseReturnValue:
    with work() as w:
        visit = w.session.get_one(Visit, entry.visit_id)
        open_request(
            w.session, kind=kind, via="code", area_code=area_of(w.session, visit),
            visit_id=visit.id, asked=asked, contact=contact, recorded_by=None, now=now(),
        )  # fmt: skip
    flash(_("Your request has been received. You get an answer within 30 days."), "done")
    return redirect(url_for(".mine"), code=303)


def _held_words() -> str:
    return _(
        "The office has been ordered to keep this record for now. Nobody will call you; "
        "your request is written down and is answered within 30 days."
    )
