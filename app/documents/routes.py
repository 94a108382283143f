"""The documents' pages: attach a file, take it away again.

A file leaves only as a download that no browser will run, under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.documents import queries, service
from app.documents.blueprint import bp
from app.documents.forms import ACCEPT, DocumentForm, NewDocumentForm
from app.documents.kinds import DOCUMENT, MOST_BYTES
from app.documents.models import Document
from app.documents.sniff import document_type_of
from app.documents.words import saved_name, type_words
from app.records.forms import Pairs, RecordForm
from app.records.pages import RecordPages, record_url, usual_centre
from app.records.queries import entry_for
from app.records.words import words_of
from app.shared.clock import now
from app.shared.db import db
from app.shared.digests import register_digests
from app.shared.errors import DomainError, NotFound
from app.shared.files import content_key
from app.shared.media import OTHER
from app.shared.work import Work, work
from app.uploads.arrivals import on_arrival
from app.uploads.models import Upload
from app.web.sealed import store, taken_away
from app.web.wording import wording
from config import Settings

__all__ = ["bp", "init_app"]


def init_app(app: Flask) -> None:
    """Hear of attachments whose bytes have come, and give templates the words for files."""
    on_arrival(take_arrived)
    register_digests(queries.digests_in_use)
    app.jinja_env.filters["file_type_words"] = type_words


def take_arrived(unit: Work, brought: Upload, instant: datetime) -> None:
    """Move the document on that waits for these bytes."""
    service.arrived(unit.session, brought, now=instant)


class DocumentPages(RecordPages):
    """Pages of records, but a new one comes with its file, and may belong to another record."""

    def new_form(self) -> RecordForm:
        """A form for the record that the address names, or for the centre as such."""
        form = NewDocumentForm(data={"centre_id": usual_centre()})
        asked = form.asked_subject()
        form.subject = queries.subject_for(db.session(), current_actor(), *asked) if asked else None
        return form

    def places(self, form: RecordForm, row: Any | None) -> tuple[Pairs, Pairs]:
        """What belongs to a record lies where that lies."""
        subject = getattr(form, "subject", None)
        if subject is None:
            return super().places(form, row)
        return [(str(subject.centre_id or ""), "")], [(subject.district_code, "")]

    def save_new(self, form: RecordForm) -> Any | None:
        """Judge the words first, so that no file is kept for a form that is refused."""
        chosen, programme = form.chosen(), self.programme_of(None)
        draft = form.to_draft(self.kind, programme.name, rest=form.rest())
        if not form.refuse(self.problems(draft, programme)) or chosen is None:
            return None
        file, name = chosen
        try:
            kept = service.keep_file(store(), file, max_bytes=most_bytes())
        except DomainError as refusal:
            form.file.errors = [
                wording(refusal.code, {"max_mb": most_bytes() // (1024 * 1024), **refusal.facts})
            ]
            return None
        return self.save(
            form, service.with_file(draft, kept, name), programme, service.receive_document
        )

    def after_save(self, row: Document) -> str:
        """Back to the record that it was attached to."""
        return _subject_url(row) or super().after_save(row)

    def extra(self, name: str, row: Document | None) -> Mapping[str, object]:
        """What the templates need besides."""
        facts: dict[str, object] = {"accept": ACCEPT, "max_mb": most_bytes() // (1024 * 1024)}
        if row is not None and row.subject_kind:
            facts["subject_url"] = _subject_url(row)
            facts["subject_words"] = words_of(row.subject_kind).title
        return facts


pages = DocumentPages(
    DOCUMENT,
    bp,
    path="/documents",
    icon_name="file",
    shown=("title", "kind"),
    form=DocumentForm,
    groups=((_l("What is it?"), "file", ("kind", "title", "dated_on", "note")),),
    templates={
        "list": "documents/list.html",
        "form": "documents/form.html",
        "show": "documents/show.html",
    },
)


@bp.get("/documents/<uuid:record_id>/file")
@allow()
@at_most("download")
def file(record_id: UUID) -> ResponseReturnValue:
    """The file as it came, to be saved.  It may name people: the log keeps who took it."""
    actor = current_actor()
    with work() as w:
        document = entry_for(w.session, DOCUMENT, actor, record_id)
        if document.state == "awaited" or document.destroyed_at is not None:
            raise NotFound(kind="file")
        service.note_file_read(w.session, document, actor=actor, now=now())
    key = content_key(service.ORIGINALS, document.file_sha256)
    found = _type_of(key)
    return taken_away(key, found, saved_name(document, found))


def most_bytes() -> int:
    """The largest file that is taken."""
    settings: Settings = current_app.config["SETTINGS"]
    return min(MOST_BYTES, settings.photo_max_bytes)


def _subject_url(document: Document) -> str | None:
    if document.subject_kind is None or document.subject_id is None:
        return None
    return record_url(document.subject_kind, document.subject_id)


def _type_of(key: str) -> str:
    """What the bytes are; a file that is not there is `sealed`'s to tell."""
    try:
        with store().open(key) as opened:
            return document_type_of(opened) or OTHER
    except FileNotFoundError:
        return OTHER
