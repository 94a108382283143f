"""Photos sent by a form, in words: where the form leads back to, what was saved and what not."""

from __future__ import annotations

from uuid import UUID

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from app.photos.forms import MOST_FILES
from app.records.addresses import record_url
from app.shared.errors import DomainError
from app.shared.thai import clean_file_name
from app.web.wording import wording

MOST_MESSAGES = 6  # they travel in a cookie of 4 KB
_NAME_SHOWN = 40  # characters


def subject_url(kind: str, subject_id: UUID) -> str:
    """The page of what photos belong to: a centre, or a record of any kind."""
    if kind == "centre":
        return url_for("centres.show", centre_id=subject_id)
    return record_url(kind, subject_id) or url_for("photos.index")


def refused_words(file: FileStorage, refusal: DomainError, max_bytes: int) -> tuple[str, str]:
    """The name of a refused file and why, for the person who sent it."""
    facts = refusal.facts | {"max_mb": max_bytes // 1_000_000}
    return _shown_name(file), wording(refusal.code, facts)


def tell(
    chosen: list[FileStorage], refused: list[tuple[str, str]], aside: list[FileStorage]
) -> None:
    """Say how many files were saved, which were kept `aside`, and of each other one why not."""
    if not chosen:
        flash(wording("file_missing"), "error")
        return
    saved = min(len(chosen), MOST_FILES) - len(refused) - len(aside)
    if saved:
        flash(ngettext("%(num)d photo is saved.", "%(num)d photos are saved.", saved), "done")
    _tell_aside(aside)
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


def _tell_aside(aside: list[FileStorage]) -> None:
    for file in aside[:MOST_MESSAGES]:
        text = _(
            "%(name)s is kept, but it is not a picture that we can show. It counts as a file only.",
            name=_shown_name(file),
        )
        flash(text, "warn")
    more = len(aside) - MOST_MESSAGES
    if more > 0:
        flash(
            ngettext(
                "%(num)d more is kept, but is not a picture.",
                "%(num)d more are kept, but are not pictures.",
                more,
            ),
            "warn",
        )


def _shown_name(file: FileStorage) -> str:
    name = clean_file_name(file.filename) or _("A file")
    return name if len(name) <= _NAME_SHOWN else "…" + name[-_NAME_SHOWN:]
