"""Adding photos through a form: every file is judged alone, so a bad one never costs the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from app.accounts.rules import Actor
from app.photos import queries, service
from app.photos.forms import MOST_FILES, AddPhotosForm
from app.photos.rules import PhotoDraft, Subject, clean_file_name
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound
from app.shared.files import FileStore
from app.shared.record import Capture
from app.shared.work import work
from app.web.wording import wording

PROCESS = "app.photos.jobs.process"
MOST_MESSAGES = 6  # they travel in a cookie of 4 KB
_NAME_SHOWN = 40  # characters
_PAGES = {
    "visit": ("visits.show", "visit_id"),
    "followup": ("followups.show", "followup_id"),
    "centre": ("centres.show", "centre_id"),
}


def subject_url(kind: str, subject_id: UUID) -> str:
    """The page of the record that photos belong to."""
    endpoint, name = _PAGES[kind]
    if endpoint not in current_app.view_functions:
        return url_for("photos.index")
    values: dict[str, Any] = {name: subject_id}
    return url_for(endpoint, **values)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The files of one form: whose they are and what they belong to."""

    form: AddPhotosForm
    subject: Subject
    actor: Actor
    max_bytes: int

    def take_all(self, chosen: list[FileStorage]) -> list[tuple[str, str]]:
        """Take each file; returns name and sentence of those that were refused."""
        refused = []
        for place, file in enumerate(chosen):
            try:
                self._take(file, place)
            except DomainError as refusal:
                facts = refusal.facts | {"max_mb": self.max_bytes // 1_000_000}
                refused.append((_shown_name(file), wording(refusal.code, facts)))
        return refused

    def _take(self, file: FileStorage, place: int) -> None:
        files: FileStore = current_app.extensions["files"]
        original = service.keep_original(files, file.stream, max_bytes=self.max_bytes)
        instant = now()
        draft = PhotoDraft(
            id=self.form.photo_id(place, original.stored.sha256),
            subject=self.subject,
            capture=Capture(at=instant),  # a chosen file was taken elsewhere: no position of ours
            source="picker",
            file_name=file.filename,
        )
        with work() as w:
            photo, created = service.receive_photo(
                w.session, original, draft, recorder_id=self.actor.account_id, now=instant
            )
            if created:
                w.after_commit(PROCESS, photo_id=str(photo.id))


def add_chosen(actor: Actor, max_bytes: int) -> ResponseReturnValue:
    """Take the files of the form that was sent, and go back to their record's page."""
    form = AddPhotosForm()
    named = form.subject()
    if not form.validate_on_submit() or named is None:
        raise NotFound(kind="subject")
    subject = queries.subject_for(db.session(), actor, *named)
    chosen = form.chosen()
    refused = _Batch(form, subject, actor, max_bytes).take_all(chosen[:MOST_FILES])
    _tell(chosen, refused)
    return redirect(subject_url(subject.kind, subject.id), code=303)


def _shown_name(file: FileStorage) -> str:
    name = clean_file_name(file.filename) or _("A file")
    return name if len(name) <= _NAME_SHOWN else "…" + name[-_NAME_SHOWN:]


def _tell(chosen: list[FileStorage], refused: list[tuple[str, str]]) -> None:
    if not chosen:
        flash(wording("file_missing"), "error")
        return
    saved = min(len(chosen), MOST_FILES) - len(refused)
    if saved:
        flash(ngettext("%(num)d photo is saved.", "%(num)d photos are saved.", saved), "done")
    for name, sentence in refused[:MOST_MESSAGES]:
        flash(_("%(name)s was not saved. %(why)s", name=name, why=sentence), "error")
    more = len(refused) - MOST_MESSAGES
    if more > 0:
        flash(
            ngettext("%(num)d more was not saved.", "%(num)d more were not saved.", more), "error"
        )
    if len(chosen) > MOST_FILES:
        text = _("Only the first %(most)s were taken. Send the others now.", most=MOST_FILES)
        flash(text, "warn")
