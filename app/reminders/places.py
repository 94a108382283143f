"""Where a reminder leads: to the thing that is to be done."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.reminders.clocks import INCIDENTS, REQUESTS
from app.reminders.models import Reminder
from app.reminders.words import is_summary
from app.review.blueprint import SENDERS
from app.review.queries import submission_of
from app.rounds.queries import occurrence_for


def place_of(session: Session, reminder: Reminder, actor: Actor) -> str:
    """The address of what a reminder is about, on this site.

    Of one report: the report as it was sent, else its draft.  Of several: who still owes it.
    """
    programme, occurrence = reminder.programme, reminder.occurrence
    if programme == REQUESTS:
        return url_for("requests.show", request_id=occurrence)
    if programme == INCIDENTS:
        return url_for("incidents.show", incident_id=occurrence)
    found = occurrence_for(programme, occurrence)
    if found and is_summary(reminder, found[1].level):
        return url_for("reminders.text", programme=programme, occurrence=occurrence)
    sent = submission_of(session, programme, occurrence, reminder.unit_code)
    if sent is not None and actor.role not in SENDERS:
        return url_for("review.show", submission_id=sent.id)
    unit = reminder.unit_code
    return url_for("review.draft", programme=programme, occurrence=occurrence, unit=unit)
