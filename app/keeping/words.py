"""What the classes of data are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CLASS_WORDS = {
    "visitor": _l("Name, phone and remarks of a visitor"),
    "photo_unconsented": _l("Photos of visitors who did not agree to publication"),
    "photo": _l("Original photos kept as evidence"),
    "member": _l("Phones of the members of a network order"),
    "document": _l("Evidence files, such as sign-up sheets and pages of the paper book"),
    "packet": _l("Evidence packets, with names and phones hidden"),
    "packet_named": _l("Evidence packets that hold names"),
    "account": _l("Accounts that were closed"),
    "sign_in": _l("Sign-ins, invitations, codes and links that ended"),
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

PEOPLE_WORDS = {  # whose data it is: `personal(..., of=)`
    "visitor": _l("visitors who left a name"),
    "pictured": _l("people in photos"),
    "member": _l("members of a district's network"),
    "steward": _l("stewards of centres"),
    "trainer": _l("trainers"),
    "staff": _l("officials who answer for a piece of work"),
    "named": _l("people named in officials' remarks"),
    "account": _l("officials and volunteers with an account"),
    "officer": _l("the data protection officer"),
    "recipient": _l("people a link was given to"),
    "requester": _l("people who asked about their data, or for a packet"),
}
PURPOSE_WORDS = {
    "visitor": _l("to ask later whether people use what they learned, if they agreed to it"),
    "photo_unconsented": _l("to show the province that the visit took place; never published"),
    "photo": _l("to show that reported work took place, where and when"),
    "document": _l("to show that reported work took place"),
    "member": _l("to reach the members of the network while the order is in force"),
    "packet": _l("to hand a quarter's evidence to whoever examines it"),
    "packet_named": _l("to check follow-ups by calling back, where someone gave the reason"),
    "account": _l("to know who recorded, checked and decided"),
    "sign_in": _l("to let the right person in, and to let them see who was"),
    "device": _l("to bring in what phones recorded, and to lock out a lost one"),
    "request": _l("to answer people who use their rights"),
    "record": _l("to plan, report and prove the work of the centres"),
    "log": _l("to show who did what, and to handle incidents"),
}
_WITHIN = _l("district and provincial community development offices")
RECIPIENT_WORDS = {
    "visitor": _WITHIN,
    "photo_unconsented": _WITHIN,
    "photo": _l("the offices, the department that examines the evidence; the public only in copies"
                " with faces hidden or with the group's consent"),
    "document": _l("the offices and the department that examines the evidence"),
    "member": _WITHIN,
    "packet": _l("the offices and the department that examines the evidence"),
    "packet_named": _l("the one official who asked and said why"),
    "account": _l("colleagues of the same area, by name only"),
    "sign_in": _l("the person themself, and administrators"),
    "device": _l("the person themself, administrators; the browser's push service, if it was"
                 " switched on"),
    "request": _l("the officials who answer the request"),
    "record": _l("the offices and the department that examines the reports"),
    "log": _l("the province's reviewers and administrators; the Commission, of an incident"),
}  # fmt: skip
FIELD_NOTES = {  # what is special about how a class is protected, beside the common measures
    "visitor": _l("Shown masked; every unmasking is logged. A phone holds it sealed."),
    "photo_unconsented": _l("Originals leave only as a download that is logged."),
    "photo": _l("Originals leave only as a download that is logged; copies carry no position."),
    "document": _l("Leaves only as a download that is logged."),
    "member": _l("Shown masked."),
    "packet": _l("Signed; every download is logged."),
    "packet_named": _l("Needs the right and a reason; the name of who asked stands on each page."),
    "account": _l("Passwords are stored as Argon2id digests only, second factors sealed."),
    "sign_in": _l("Only digests of the secrets are stored."),
    "device": _l("The key to what lies on a phone is sealed, and goes with the phone's time."),
    "request": _l("A code stands for the person; only its digest is stored."),
    "record": _l("Free text is checked for ID numbers; names are hidden when a person is"
                 " forgotten."),
    "log": _l("Chained, so that nothing can be changed or taken out unseen; holds ids only."),
}  # fmt: skip
