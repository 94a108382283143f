"""Words that the phone's scripts say.  A script has no sentences of its own.

Each helper of the shell adds its sentences under its own heading.  `%(name)s` takes a fact; a
literal % is written %%.  A sentence that depends on a number is two entries, `key.one` and
`key.many`: scripts ask for `key` and hand in `num`.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.phone.camera_words import CAMERA_WORDS
from app.phone.outbox_words import OUTBOX_WORDS
from app.phone.record_words import RECORD_WORDS
from app.phone.screen_words import SCREEN_WORDS, plot_words
from app.web.wording import SENTENCES

PHONE_WORDS: dict[str, LazyString] = {
    # --- shell: the line that always says where things stand --------------------------------
    "state.ready": _l("What you write is saved on this phone"),
    "state.signed_out": _l("Nobody is signed in on this phone"),
    "state.asleep.one": _l("1 entry waits here for whoever wrote it to sign in"),
    "state.asleep.many": _l("%(num)s entries wait here for whoever wrote them to sign in"),
    "state.sign_in.one": _l("Sign in again to send. Everything is kept"),
    "state.sign_in.many": _l("Sign in again to send. Everything is kept"),
    "state.fixing.one": _l("1 needs fixing"),
    "state.fixing.many": _l("%(num)s need fixing"),
    "state.sending": _l("Sending %(n)s of %(total)s"),
    "state.waiting.one": _l("1 waiting"),
    "state.waiting.many": _l("%(num)s waiting"),
    "state.no_signal": _l("No signal - everything is kept"),
    "state.no_signal_ready": _l("No signal - you can go on writing"),
    "state.portal": _l("This Wi-Fi wants you to log in first - everything is kept"),
    "state.server": _l("The office cannot answer right now - everything is kept"),
    "state.pending.one": _l("1 with the office, waiting for what it belongs to"),
    "state.pending.many": _l("%(num)s with the office, waiting for what they belong to"),
    "state.all_received": _l("All received"),
    # --- shell: frame ------------------------------------------------------------------------
    "ask.yes": _l("Yes"),
    "shell.trouble": _l("Something went wrong. What you saved is still on this phone."),
    "pull.left": _l(
        "Your area has changed. What lies outside it is gone from this phone; what you have not "
        "sent yet is still here."
    ),
    "form.to_fix.one": _l("1 thing to fix"),
    "form.to_fix.many": _l("%(num)s things to fix"),
    "no_room": _l(
        "This phone is full, so this was not saved. It stays on the screen: make room - delete "
        "photos or videos, or remove an app - and save again."
    ),
    "no_storage": _l(
        "This browser keeps nothing here, so this was not saved. Is it a private window? "
        "Open Lakthan from the home screen."
    ),
    "no_crypto": _l("This page was not opened safely (https), so nothing can be kept here."),
    "outdated": _l("A newer version of Lakthan is open in another tab. Close this one."),
    "not_kept": _l("The phone did not keep this correctly. Save it once more."),
    "already_sent": _l("This is already on its way to the office."),
    "unreadable": _l("This was written under another sign-in and cannot be opened with this one."),
    # --- home --------------------------------------------------------------------------------
    "home.draft": _l("You have begun one: go on"),
    "home.due.one": _l("1 due"),
    "home.due.many": _l("%(num)s due"),
    "home.due.none": _l("Nobody is due"),
    "home.due.ask": _l("Ask whether they use it"),
    "home.no_visits": _l("No visits yet"),
    "home.no_rounds": _l("This is filled in when the phone has had a signal once."),
    "home.outbox.none": _l("Everything has been sent"),
    "home.photos.centre": _l("Of the centre itself"),
    "home.photos.choose": _l("Choose a centre first"),
    "home.records": _l("Assessment, plan, posts"),
    "home.fresh": _l("Last heard from the office: %(when)s"),
    "home.never": _l("This phone has not heard from the office yet."),
    "round.due": _l("Due %(day)s"),
    "round.today": _l("Due today"),
    "round.days.one": _l("in 1 day"),
    "round.days.many": _l("in %(num)s days"),
    "round.late.one": _l("1 day late"),
    "round.late.many": _l("%(num)s days late"),
    "round.none": _l("Nothing is due at the moment."),
    "wiped.title.one": _l("This phone's storage was emptied. 1 entry that was not sent is gone"),
    "wiped.title.many": _l(
        "This phone's storage was emptied. %(num)s entries that were not sent are gone"
    ),
    "wiped.text": _l(
        "The browser or somebody cleared it. If you remember the visits, write them again. "
        "Install Lakthan on the home screen: then phones clear it much less often."
    ),
    "wiped.understood": _l("I have understood"),
    # --- visitor book ------------------------------------------------------------------------
    "visits.one_person": _l("Individual visitor"),
    "visits.people": _l("Individual visitors"),
    "visits.n.one": _l("1 person"),
    "visits.n.many": _l("%(num)s people"),
    "visits.photos.one": _l("1 photo"),
    "visits.photos.many": _l("%(num)s photos"),
    "visit.new": _l("Who came?"),
    "visit.correct": _l("Correct the visit"),
    "visit.save_correction": _l("Save the correction"),
    "visit.choose_centre": _l("Choose a centre"),
    "visit.today": _l("today"),
    "visit.restored": _l("Kept on this phone since %(when)s."),
    "visit.anew": _l("Start anew? What you had begun is thrown away."),
    "place.found": _l("Place found, to within %(metres)s m."),
    "place.unavailable": _l("No place found yet. The entry counts all the same."),
    "place.denied": _l("This phone does not tell its place. The entry counts all the same."),
    "visit.saved": _l("Saved on this phone"),
    "visit.no_centres": _l(
        "This phone does not know your centres yet. It needs a signal once after signing in."
    ),
    "visit.state.waiting": _l("Saved on this phone. It is sent when there is a signal."),
    "visit.state.sending": _l("Saved on this phone, and being sent now."),
    "visit.state.pending": _l("The office holds it until what it belongs to arrives."),
    "visit.state.received": _l("The office has received and checked it."),
    "visit.state.fixing": _l("The office could not take this as it is. See what to fix below."),
    "visit.state.deleted": _l("Struck out. It no longer counts."),
    "visit.photos.progress": _l("%(received)s of %(total)s received"),
    "visit.photos.none": _l("No photos yet."),
    "visit.photos.elsewhere": _l("Its photos are at the office or on another phone."),
    "visit.reason": _l("Please write a reason."),
    "n_of_5": _l("%(n)s of 5"),
    "visit.strike": _l("Strike this visit out? It will no longer count."),
    "visit.discard": _l("Throw this visit away? It was not sent yet, so nobody else has it."),
    "visit.discard.children.one": _l("1 photo or follow-up of it goes as well."),
    "visit.discard.children.many": _l("%(num)s photos and follow-ups of it go as well."),
    "visit.struck": _l("Struck out"),
    "visit.discarded": _l("Thrown away"),
    "visit.gone": _l("This visit is not on this phone"),
    "visit.gone.text": _l("It may have been thrown away, or it is known at the office only."),
    "yes.discard": _l("Yes, throw away"),
    "yes.strike": _l("Yes, strike out"),
    "yes.agreed": _l("Yes, agreed"),
    "yes": _l("Yes"),
    "no": _l("No"),
    "field.kind": _l("Came for"),
    "field.centre_id": _l("Centre"),
    "field.visit_date": _l("Date"),
    "field.group_name": _l("Group"),
    "field.people": _l("People"),
    "field.n_male": _l("Men"),
    "field.n_female": _l("Women"),
    "field.n_other": _l("Other"),
    "field.n_child": _l("Of these, under 20"),
    "field.sector": _l("Sector"),
    "field.topics": _l("Topics"),
    "field.origin_subdistrict_code": _l("Came from"),
    "field.origin_text": _l("Another province or country"),
    "field.time_in": _l("Time of arrival"),
    "field.time_out": _l("Time of leaving"),
    "field.trainer": _l("Who taught"),
    "field.satisfaction": _l("Satisfaction"),
    "field.suggestion": _l("Suggestions"),
    "field.consent_followup": _l("May be called"),
    "field.consent_photo": _l("Photos may be published"),
    "field.leader_name": _l("Name"),
    "field.phone": _l("Phone"),
    "field.caption": _l("Caption"),
    "field.reason": _l("Reason"),
    "field.position": _l("Place"),
    "field.captured_at": _l("Written at"),
    "people.split": _l("%(m)s men, %(f)s women, %(o)s other; %(n)s under 20"),
    # --- outbox: what is said outside its screen, too ------------------------------------------
    "outbox.kind.photo": _l("Photo"),
    "outbox.bytes": _l("%(sent)s of %(total)s"),
    "outbox.why.field": _l("%(field)s: %(sentence)s"),
    "outbox.why.code": _l("This cannot be done (%(code)s)."),
    "outbox.why.wifi": _l("The large photo waits for Wi-Fi, as you chose."),
    "outbox.why.parent": _l("The office holds it until what it belongs to arrives."),
    "outbox.why.conflict": _l("Two versions of this record exist."),
    "outbox.why.malformed": _l(
        "The office could not read this. Show it to the district office, or discard it."
    ),
    "outbox.why.unverified": _l(
        "This phone cannot check the office's signature; the bytes were compared."
    ),
    "outbox.rescue.saved": _l(
        "The rescue file is made. Bring it to the office; it can be read in there."
    ),
    "outbox.rescue.empty": _l("Nothing waits, so there is nothing to rescue."),
    "unknown": _l("Not known"),
}

# Refusals that only a form on the server's own pages can meet: the first load does without them.
DESK_CODES = frozenset(
    {
        "account_exists", "area_not_for_role", "backup_busy", "backup_damaged", "bad_host",
        "backup_newer", "files_damaged", "keys_file_exists", "other_keys", "restore_busy",
        "restore_unfinished",
        "centre_code_district", "no_backup", "not_empty", "passphrase_too_short", "schema_behind",
        "unknown_erasure", "wrong_passphrase",
        "centre_code_invalid", "centre_exists", "centre_for_volunteer", "contact_needed",
        "happened_after_aware", "incident_closed", "invitation_invalid", "last_administrator",
        "last_factor", "last_way_in", "link_days", "not_linkable", "not_linkable_names",
        "not_linkable_not_issued", "not_linkable_originals", "offer_over", "own_account",
        "own_finding", "passkey_refused", "password_breached", "password_common", "password_length",
        "people_not_told", "proof_needed", "receipt_invalid", "request_decided", "risk_not_judged",
        "say_yes_first", "too_many_passkeys", "under_legal_hold", "unmasked_needs_a_reason",
        "username_invalid", "wrong_first_code", "wrong_password",
    }
)  # fmt: skip


def shell_words() -> dict[str, str]:
    """What the shell's script may need, in the reader's language: refusals and the phone's own."""
    needed = {code: words for code, words in SENTENCES.items() if code not in DESK_CODES}
    return _said(needed | PHONE_WORDS)


def more_words() -> dict[str, str]:
    """What the scripts of the other screens need besides."""
    return _said(SCREEN_WORDS | CAMERA_WORDS | OUTBOX_WORDS | RECORD_WORDS) | plot_words()


def _said(sentences: Mapping[str, LazyString]) -> dict[str, str]:
    return {key: str(words) for key, words in sentences.items()}
