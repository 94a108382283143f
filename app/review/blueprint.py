"""The blueprint of reports and of the reviewer's desk, and who uses which."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.shared.queue import JOBS
from app.shared.work import Work
from app.web import nav
from app.web.filters import thai_day

bp = Blueprint("review", __name__)
SENDERS: tuple[Role, ...] = ("volunteer", "officer")
REVIEWERS: tuple[Role, ...] = ("reviewer", "admin")
nav.register("review.owed", _l("Reports due"), "send", roles=SENDERS, order=10)
nav.register("review.desk", _l("To check"), "checks", roles=REVIEWERS, order=10)
TELL = "app.reminders.jobs.tell"


def ring(unit: Work, submission_id: object) -> None:
    """Let those who wait for it be told, once the step is committed."""
    if TELL in JOBS:
        unit.after_commit(TELL, submission_id=str(submission_id))


@bp.app_template_filter("iso_day")
def iso_day(text: str | None) -> str | None:
    """A day as frozen content holds it (`2024-02-13`), as a Thai office writes it."""
    return thai_day(date.fromisoformat(text)) if text else None
