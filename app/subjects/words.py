"""Requests in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "access": _l("See or get a copy of the data"),
    "correct": _l("Correct the data"),
    "withdraw": _l("Withdraw a consent"),
    "forget": _l("Be forgotten"),
    "object": _l("Object to the use of the data"),
    "restrict": _l("Stop using the data for a time"),
    "other": _l("Another matter"),
}
VIAS = {
    "code": _l("With the receipt code"),
    "paper": _l("On paper"),
    "telephone": _l("By telephone"),
    "in_person": _l("In person"),
    "other": _l("Another way"),
}
STATES = {"open": _l("Waits for an answer"), "done": _l("Done"), "refused": _l("Refused")}
ROLES = {
    "volunteer": _l("Volunteer of the centre"),
    "officer": _l("District officer"),
    "reviewer": _l("Provincial reviewer"),
    "admin": _l("Administrator"),
}
