"""The notification to the Commission, to print or to edit, and the message to the people."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from uuid import UUID

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_by_code, place_name
from app.incidents import queries
from app.incidents.blueprint import bp
from app.incidents.letter import Letter, to_commission, to_people
from app.incidents.models import Incident
from app.incidents.rules import clock_of
from app.notices.service import controller
from app.shared.clock import now
from app.shared.db import db

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/incidents/<uuid:incident_id>/letter")
@allow("officer", "reviewer", "admin")
def letter(incident_id: UUID) -> ResponseReturnValue:
    """The notification as a page to print."""
    incident = queries.incident_for(db.session(), current_actor(), incident_id)
    found = _letter(db.session(), incident)
    return render_template("incidents/letter.html", incident=incident, letter=found)


@bp.get("/incidents/<uuid:incident_id>/letter.docx")
@allow("officer", "reviewer", "admin")
def letter_docx(incident_id: UUID) -> ResponseReturnValue:
    """The same to edit, in TH Sarabun New."""
    from app.incidents.letter_docx import write_letter  # python-docx and lxml: seldom needed

    incident = queries.incident_for(db.session(), current_actor(), incident_id)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "letter.docx"
        write_letter(_letter(db.session(), incident), target)
        file = io.BytesIO(target.read_bytes())  # some kilobytes
    return send_file(file, DOCX_TYPE, as_attachment=True, download_name="incident.docx")


def message_for(session: Session, incident: Incident) -> str:
    """The words for those concerned, ready to paste."""
    return to_people(incident, controller(session))


def _letter(session: Session, incident: Incident) -> Letter:
    steps = queries.steps_of(session, incident.id)
    reasons = [step.words for step, _name in steps if step.action == "judged"]
    place = place_name(areas_by_code(session), incident.area_code) if incident.area_code else ""
    clock = clock_of(incident, now())
    return to_commission(
        incident, clock, reasons[-1] if reasons else None, controller(session), place
    )
