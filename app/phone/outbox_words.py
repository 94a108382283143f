"""Words of the outbox's screen; what other screens say of entries, too, stands in `words.py`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OUTBOX_WORDS: dict[str, LazyString] = {
    "outbox.sign_in": _l("The office wants you to sign in again"),
    "outbox.sign_in.text": _l("Nothing is lost: everything waits here and is sent afterwards."),
    "outbox.sign_in.now": _l("Sign in"),
    "outbox.left.one": _l("1 could not be sent now. It is kept and tried again by itself."),
    "outbox.left.many": _l("%(num)s could not be sent now. They are kept and tried again."),
    "outbox.kind.visit": _l("Visit"),
    "outbox.kind.followup": _l("Follow-up"),
    "outbox.kind.contact_seen": _l("A look at a name and phone"),
    "outbox.op.edit": _l("Correction: %(what)s"),
    "outbox.op.delete": _l("Struck out: %(what)s"),
    "outbox.photo_of": _l("Photo of %(what)s"),
    "outbox.written": _l("Written %(when)s"),
    "outbox.received_at": _l("Received %(when)s"),
    "outbox.now.words.one": _l("1 entry waits"),
    "outbox.now.words.many": _l("%(num)s entries wait"),
    "outbox.now.waiting.one": _l("1 entry waits, %(size)s with its photos"),
    "outbox.now.waiting.many": _l("%(num)s entries wait, %(size)s with their photos"),
    "outbox.next_try": _l(
        "Tried %(num)s times. The next try is at %(when)s, or when you press Send now."
    ),
    "outbox.discard": _l("Discard this for good?"),
    "outbox.discard.visit": _l(
        "The visit was not received. Nobody else has it; it will not count."
    ),
    "outbox.discard.followup": _l("The follow-up was not received. Nobody else has it."),
    "outbox.discard.photo": _l("The photo was not received. This is the only copy Lakthan has."),
    "outbox.discard.contact_seen": _l("The note that you looked is lost."),
    "outbox.discard.change": _l("Your correction is lost. What the office has stays as it is."),
    "outbox.discard.maybe": _l(
        "It may have reached the office already. The office is told that you discarded it."
    ),
    "outbox.discard.reason": _l("Discarded on the phone"),
    "outbox.discarded": _l("Discarded"),
    "outbox.theirs": _l("At the office"),
    "outbox.theirs_by": _l("%(who)s, %(when)s"),
    "outbox.keep_theirs": _l("Keep theirs? Your correction is lost."),
    "outbox.mine_sent": _l("Yours goes on top of theirs"),
    "outbox.nothing": _l("nothing"),
    "outbox.rescue.read": _l("Read in: %(received)s received, %(other)s not. Photos: %(held)s."),
    "outbox.rescue.failed": _l("This file could not be read in: %(why)s"),
    "outbox.rescue.no_line": _l(
        "Reading in a rescue file needs a network. Try again with a signal."
    ),
    "outbox.contact": _l("Last heard from the office"),
    "outbox.never": _l("Not yet"),
    "outbox.storage_used": _l("Kept on this phone"),
    "outbox.storage_left": _l("Room left"),
    "outbox.persisted": _l("Safe from clearing up"),
    "outbox.persisted.yes": _l("Yes: the browser promised to keep it"),
    "outbox.persisted.no": _l("Not promised. Install Lakthan on the home screen."),
    "outbox.persisted.unknown": _l("This browser does not say"),
}
