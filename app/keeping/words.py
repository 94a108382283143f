"""What the classes of data are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CLASS_WORDS = {
    "visitor": _l("Name, phone and remarks of a visitor"),
    "photo_unconsented": _l("Photos of visitors who did not agree to publication"),
    "photo": _l("Original photos kept as evidence"),
    "member": _l("Phones of the members of a network order"),
    "packet_named": _l("Evidence packets that hold names"),
    "account": _l("Accounts that were closed"),
    "sign_in": _l("Sign-ins that ended"),
    "device": _l("Phones out of use"),
    "request": _l("Requests of people about their data"),
    "record": _l("Records and reports without names"),
    "log": _l("The audit log"),
}
THEN_WORDS = {
    "nameless": _l("made nameless; the counts stay"),
    "destroyed": _l("destroyed"),
    "blanked": _l("names, phones and texts removed"),
    "kept": _l("kept as official records"),
}
