"""What the pages call kinds of records, causes and what a hold covers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KIND_WORDS = {
    "visit": _l("Visits"),
    "photo": _l("Photos"),
    "document": _l("Evidence files"),
    "network_order": _l("Network orders"),
    "packet": _l("Evidence packets"),
    "subject_request": _l("Requests about data"),
    "sign_in": _l("Sign-ins"),
    "invitation": _l("Invitations"),
    "enrolment_code": _l("Codes for phones"),
    "share_link": _l("Share links"),
    "device": _l("Phones"),
    "push_subscription": _l("Push addresses"),
    "carried_contact": _l("Lists of whom a phone could call"),
    "account": _l("Accounts"),
}
ONE_WORDS = {  # of one held record
    "visit": _l("one visit"),
    "photo": _l("one photo"),
    "document": _l("one evidence file"),
    "network_order": _l("one network order"),
    "packet": _l("one evidence packet"),
    "account": _l("one account"),
}
CAUSE_WORDS = {
    "retention": _l("its time was over"),
    "request": _l("the person asked"),
    "officer": _l("an official did it"),
    "restored": _l("done again after a backup was restored"),
}
