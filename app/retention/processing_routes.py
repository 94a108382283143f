"""The record of processing: a page, its print, its file."""

from __future__ import annotations

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow
from app.notices.service import controller
from app.retention.blueprint import KEEPERS, bp, shared_words
from app.retention.processing import record_of_processing
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, write_csv


@bp.get("/processing")
@allow(*KEEPERS)
def processing() -> ResponseReturnValue:
    """Whose data is held, why, how long and who sees it, from the tables themselves."""
    return render_template(
        "retention/processing.html",
        activities=record_of_processing(db.metadata),
        controller=controller(db.session()),
        today=bangkok_day(now()),
        **shared_words(),
    )


@bp.get("/processing.csv")
@allow(*KEEPERS)
def processing_csv() -> ResponseReturnValue:
    """The same as a file."""
    headings = (
        _("Class of data"), _("Whose data"), _("Which data"), _("Purpose"), _("Legal basis"),
        _("Kept for"), _("What happens then"), _("Recipients"), _("Protected by"), _("Columns"),
    )  # fmt: skip
    rows = (
        [
            str(each.title), ", ".join(each.people), ", ".join(each.fields), str(each.purpose),
            str(each.basis), each.period, str(each.then), str(each.recipients),
            str(each.measures), " ".join(each.columns),
        ]
        for each in record_of_processing(db.metadata)
    )  # fmt: skip
    file = write_csv([Column(str(heading)) for heading in headings], rows)
    answer: Response = send_file(
        file, CSV_TYPE, as_attachment=True, download_name="record-of-processing.csv"
    )
    return answer
