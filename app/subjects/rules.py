"""Receipt codes as people write them, and how long a request may take.  Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.shared.clock import bangkok_day

CODE_LENGTH = 12  # 60 bits: nobody comes upon one by trying, and a person can still read it out
MOST_CODES = 20  # of one visit; more is no desk but a slip or an attack
OPEN_FOR = timedelta(minutes=15)  # a phone is handed on, a browser is left open
ANSWER_WITHIN = timedelta(days=30)  # section 30: access within thirty days; we hold all to it
SOON_DAYS = (7, 3, 1)  # so many days before it is due, somebody is told
ASKED_MAX = 2_000  # code points
CONTACT_MAX = 200
DECISION_MAX = 500


def due_on(received_at: datetime) -> date:
    """The Bangkok day on which a request must have its answer."""
    return bangkok_day(received_at) + ANSWER_WITHIN
