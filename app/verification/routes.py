"""`/verify`: what a photo of ours is worth, for whoever holds one.  No account is needed.

Nothing here decodes a picture, and nothing shows one.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, jsonify, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from app.accounts.access import actor_or_none, allow_public
from app.areas.words import place_words
from app.photos import codes
from app.photos import phrases as photo_phrases
from app.photos.forms import ACCEPT
from app.photos.queries import photo_for
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.files import FileStore
from app.shared.media import media_type_of
from app.shared.work import work
from app.verification import answers, phrases, queries, service
from app.verification.answers import Answer
from app.verification.forms import CodeForm, FileForm
from app.verification.models import PhotoCheck
from app.verification.service import BUSY_RETRY_S, FileMissing, NotAPicture
from app.verification.throttle import Throttle
from app.web.errors import status_of, wants_json

bp = Blueprint("verification", __name__, url_prefix="/verify")
CHECK = "app.verification.jobs.check"
FORM_ROOM_BYTES = 64 * 1024  # what a form adds to the file in it
_THROTTLE = "lakthan_verify_throttle"
_DIGEST = re.compile(r"[0-9a-f]{64}")
TITLE = _l("Check a photo")


def init_app(app: Flask) -> None:
    """Make the counter of tries."""
    app.extensions[_THROTTLE] = Throttle(app.config["SETTINGS"].redis_url)


@bp.url_value_preprocessor
def bound_body(endpoint: str | None, _values: object) -> None:
    """Strangers may send one photo, not the largest form; set before anything reads the form."""
    if endpoint == "verification.upload":
        settings = current_app.config["SETTINGS"]
        asked.max_content_length = settings.photo_max_bytes + FORM_ROOM_BYTES


@bp.get("")
@allow_public
def index() -> ResponseReturnValue:
    """Two ways in: type the code, or choose the file."""
    typed = asked.args.get("code")
    form = CodeForm(formdata=asked.args if typed is not None else None)
    if typed is not None:
        code = codes.read(typed)
        if code is not None:
            return redirect(url_for(".by_code", code=codes.written(code)), code=303)
        form.refuse([Problem("code", "code_unreadable")])
    return _page(code_form=form, status=422 if typed is not None else 200)


@bp.get("/<code>")
@allow_public
def by_code(code: str) -> ResponseReturnValue:
    """What the code on a stamp stands for; also where its QR code leads."""
    read = codes.read(code)
    if read is None:
        return redirect(url_for(".index", code=code[:40]), code=303)
    instant = now()
    _throttle().check("code", asked.remote_addr, _minute(instant))
    photo_id = queries.photo_of_code(db.session(), read)
    if photo_id is None:
        _throttle().count("code", asked.remote_addr, _minute(instant))
    answer = answers.of_code(db.session(), photo_id)
    return _answer(answer, given=codes.written(read))


@bp.get("/digest/<digest>")
@allow_public
def by_digest(digest: str) -> ResponseReturnValue:
    """What the file with this SHA-256 is to us.  JSON says only whether it is known."""
    if not _DIGEST.fullmatch(digest):
        abort(404)
    match = queries.match_of_digest(db.session(), digest)
    if wants_json():
        return jsonify(known=match is not None)
    if match is None:
        raise NotFound(kind="file")
    return _answer(answers.of_match(db.session(), match))


@bp.post("/files")
@allow_public
def upload() -> ResponseReturnValue:
    """Take a file whose bytes are not ours, for a worker to look at the picture in it."""
    form = FileForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        return redirect(_take(form.photo.data), code=303)
    except DomainError as refusal:
        form.refuse([Problem("photo", refusal.code, refusal.facts)])
        answer, status = _page(file_form=form, status=status_of(refusal))
        headers = {"Retry-After": str(BUSY_RETRY_S)} if status in (429, 503) else {}
        return answer, status, headers


@bp.get("/checks/<uuid:check_id>")
@allow_public
def check(check_id: UUID) -> ResponseReturnValue:
    """The answer about a file that was sent, or that it is being looked at."""
    found = queries.check_for(db.session(), check_id)
    if found.state == "waiting":
        return render_template("verification/waiting.html", check=found, title=TITLE)
    return _answer(_of_check(found))


@bp.get("/checks/<uuid:check_id>/state")
@allow_public
def state(check_id: UUID) -> ResponseReturnValue:
    """Whether the answer is there, for the page that waits for it."""
    return jsonify(state=queries.check_for(db.session(), check_id).state)


def _take(file: FileStorage | None) -> str:
    """Keep the file and ask for its check; returns the address of the answer."""
    if file is None or not file.filename:
        raise FileMissing
    minute = _minute(now())
    _throttle().check("file", asked.remote_addr, minute)
    _throttle().count("file", asked.remote_addr, minute)
    service.check_room(db.session())
    max_bytes = current_app.config["SETTINGS"].photo_max_bytes
    stored = service.keep_file(_files(), file.stream, max_bytes=max_bytes)
    if queries.match_of_digest(db.session(), stored.sha256) is not None:
        _files().delete(stored.key)  # a check that waits for the same bytes needs them no more
        return url_for(".by_digest", digest=stored.sha256)
    if media_type_of(stored.head) is None:
        _files().delete(stored.key)
        raise NotAPicture
    with work() as w:
        found = service.ask(w.session, stored, now=now())
        w.after_commit(CHECK, check_id=str(found.id))
        return url_for(".check", check_id=found.id)


def _of_check(found: PhotoCheck) -> Answer:
    match = queries.match_of_digest(db.session(), found.sha256)
    if match is not None:  # it came in as a photo meanwhile
        return answers.of_match(db.session(), match)
    return answers.of_check(db.session(), found)


def _answer(answer: Answer, *, given: str | None = None) -> ResponseReturnValue:
    nowhere = answer.photo_id is None and answer.verdict in ("code_unknown", "unknown")
    html = render_template(
        "verification/answer.html",
        answer=answer,
        given=given,
        title=TITLE,
        place=place_words(),
        band=phrases.BANDS,
        source=photo_phrases.SOURCES,
        taken_source=photo_phrases.TAKEN_SOURCES,
        written=codes.written,
        inside_url=_inside_url(answer.photo_id),
    )
    return html, 404 if nowhere else 200


def _inside_url(photo_id: UUID | None) -> str | None:
    """The photo's own page, for those who are signed in and may see it."""
    actor = actor_or_none()
    if photo_id is None or actor is None:
        return None
    try:
        return url_for("photos.show", photo_id=photo_for(db.session(), actor, photo_id).id)
    except NotFound:
        return None


def _page(
    *, code_form: CodeForm | None = None, file_form: FileForm | None = None, status: int = 200
) -> tuple[str, int]:
    html = render_template(
        "verification/index.html",
        code_form=code_form or CodeForm(formdata=None),
        file_form=file_form or FileForm(formdata=None),
        accept=ACCEPT,
        max_bytes=current_app.config["SETTINGS"].photo_max_bytes,
        title=TITLE,
    )
    return html, status


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions[_THROTTLE]
    return throttle


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def _minute(instant: datetime) -> int:
    return int(instant.timestamp() // 60)
