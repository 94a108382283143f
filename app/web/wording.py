"""Wording: the only place where a refusal's code meets a language.

A slice that raises a new code adds its sentence here, under its own heading.  A sentence says
what is wrong and what to do; `%(name)s` takes a fact of the refusal.  A literal % is written %%.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SENTENCES: dict[str, LazyString] = {
    # --- backups -----------------------------------------------------------------------
    "unknown_erasure": _l("The list of erasures was written by a newer version (%(kind)s)."),
    "not_empty": _l(
        "There are records here already; nothing was restored. --replace puts the backup in "
        "their place."
    ),
    "passphrase_too_short": _l("The passphrase needs at least %(min)s characters."),
    "wrong_passphrase": _l("The passphrase is wrong, or the file is damaged."),
    "schema_behind": _l(
        "The database is at version %(found)s, the program at %(head)s; run flask db upgrade first."
    ),
    "backup_busy": _l("A backup is being written into this folder. Try again when it is done."),
    "backup_damaged": _l("The backup is damaged: %(what)s"),
    "backup_newer": _l(
        "Version %(version)s made this backup. Update this program first; nothing was changed."
    ),
    "files_damaged": _l(
        "The backup is made, but %(count)s files were damaged already and are not in it: %(what)s"
    ),
    "keys_file_exists": _l("There is a file %(name)s already. Name a new one."),
    "no_backup": _l("There is no such backup."),
    "other_keys": _l(
        "The keys set here are not those of the backup. Get them with --write-keys FILE, set "
        "them, then restore."
    ),
    "restore_busy": _l("Another restore is under way here."),
    "restore_unfinished": _l(
        "A restore is under way here or was cut off. Finish it first: flask restore."
    ),
    # --- common: forms -----------------------------------------------------------------
    "required": _l("Please fill this in."),
    "too_long": _l("This is too long. At most %(max)s characters."),
    "too_short": _l("This is too short. At least %(min)s characters."),
    # Translators: under the box for the reason of a packet with visitors' names in it.
    "unmasked_needs_a_reason": _l(
        "Say what the names are needed for, in at least %(min)s characters: "
        "it stands in the packet."
    ),
    "packet_request_refused": _l("This packet cannot be asked for like that."),
    "too_many": _l("Too many. At most %(max)s."),
    "too_large": _l("This number is too large. At most %(max)s."),
    "not_a_number": _l("Please write a number, such as 12."),
    "negative": _l("This cannot be less than zero."),
    "out_of_range": _l("This must be between %(min)s and %(max)s."),
    "not_a_choice": _l("Please choose one of the answers shown."),
    "bad_date": _l("This day does not exist. Write day, month and year, such as 13 Feb 2567."),
    "bad_time": _l("Please write the time as 08:30."),
    # Translators: shown under the date field when the phone's clock is probably wrong.
    "in_future": _l("This day has not come yet. Check the date, and the clock on your phone."),
    "too_old": _l("This day is too long ago. Check the year."),
    "ends_before_start": _l("The end comes before the start."),
    "phone_invalid": _l("This is not a Thai phone number. Write it as 0812345678."),
    "national_id_refused": _l(
        "This looks like a 13-digit national ID number. Lakthan does not keep those: remove it."
    ),
    "consent_needed": _l("This may only be kept if the person agreed. Tick the consent first."),
    "bad_position": _l("This position is not usable. Latitude comes first, as in 19.16, 99.90."),
    # --- common: files -----------------------------------------------------------------
    "file_empty": _l("This file is empty. Choose it again."),
    "file_too_large": _l("This file is too large."),
    "not_an_image": _l("This file is not a picture that we can read."),
    "file_missing": _l("Please choose a file."),
    # --- uploads -----------------------------------------------------------------------
    "sha256_mismatch": _l("The file was damaged on its way. It is sent again from the start."),
    "checksum_mismatch": _l("A piece of the file was damaged on its way. It is sent again."),
    "wrong_offset": _l("The server has another part of this file already. Sending goes on there."),
    "upload_gone": _l("This sending has ended. The file is sent again from the start."),
    "too_many_uploads": _l("Too many files are half sent. They must be finished first."),
    "line_cut": _l("The line broke. What came is kept, and sending goes on from there."),
    "lines_busy": _l("Many phones are sending at the moment. Sending goes on in a moment."),
    "disk_full": _l("The server has no room left. Nothing is lost: it stays on the phone."),
    "tus_version": _l("This program is too old or too new for the server. Update it."),
    # --- notices -----------------------------------------------------------------------
    "contact_needed": _l(
        "Give at least one phone or e-mail: people must be able to reach somebody."
    ),
    # --- subjects ----------------------------------------------------------------------
    "receipt_invalid": _l(
        "This code opens nothing. Look again at the slip, or ask the office for a new code."
    ),
    "nobody_named": _l("Nobody agreed to anything in this visit, so there is nothing to give out."),
    "under_legal_hold": _l("An order forbids to destroy this. Lift the order first."),
    "request_decided": _l("Somebody has answered this request already."),
    "say_yes_first": _l("Tick this first, so that nothing is erased by a slip."),
    # --- common: requests --------------------------------------------------------------
    "not_found": _l("This page or record does not exist, or it lies outside your area."),
    "forbidden": _l("You may see this, but you may not do that."),
    "not_signed_in": _l("Please sign in first."),
    "conflict": _l("Somebody changed this in the meantime. Both versions are kept: look again."),
    "known": _l("This was already saved."),
    "malformed": _l("The request could not be read."),
    "malformed_json": _l("The request could not be read: its content is damaged."),
    "unsupported_media_type": _l("The request could not be read: it is not of the kind expected."),
    "bad_request": _l("The request could not be read. Go back and try again."),
    "bad_cursor": _l("This page address was cut short. Start again from the first page."),
    "csrf": _l("This form was open too long. Nothing was lost: go back and send it again."),
    "cross_site": _l(
        "Another website sent this here, so nothing was done. Open Lakthan itself and do it there."
    ),
    "bad_host": _l("Lakthan is not served under this name. Use the address your office gave you."),
    "address_too_long": _l("This address is too long. Go back and try again."),
    "method_not_allowed": _l("This address cannot be used that way."),
    "request_too_large": _l("This is too much to send at once. Send fewer photos at a time."),
    "too_many_requests": _l("Too many tries. Wait a minute and try again."),
    "too_much_asked": _l(
        "That was a great deal for one hour. It goes on in %(minutes)s min; nothing is lost."
    ),
    "internal": _l("Something went wrong on our side. It was noted; try again in a minute."),
    "unavailable": _l("The service is resting for a moment. Try again in a minute."),
    "refused": _l("This cannot be done."),
    "stale_version": _l(
        "Somebody else changed this in the meantime. Load it again, then change it."
    ),
    "unknown_choice": _l("Please choose one of the answers shown."),
    "repeated": _l("One answer is given twice. Choose each only once."),
    # --- accounts ----------------------------------------------------------------------
    "wrong_credentials": _l("The name or the password is wrong. Check both and try again."),
    "account_exists": _l("This user name or phone number belongs to another account."),
    "username_invalid": _l("3 to 40 letters a-z, digits, dots, hyphens or underscores."),
    "password_length": _l("The password needs at least %(min)s characters."),
    "password_common": _l(
        "This password is easily guessed. Take three or four words that do not belong together."
    ),
    "password_breached": _l(
        "This password stands on lists of stolen passwords. Please choose another one."
    ),
    "wrong_password": _l("The password is wrong."),
    "wrong_code": _l("This code is wrong, or it was used already. Wait for the next one."),
    "wrong_first_code": _l(
        "This code is wrong. Type the one the app shows now, and check the clock on your phone."
    ),
    "offer_over": _l("The square was too old. Here is a new one: point the app at it again."),
    "last_factor": _l("Your account needs a second step. Add another one before you remove this."),
    "proof_needed": _l("Please show once more who you are, then do it again."),
    "second_factor_needed": _l(
        "The password is right. Now type the code of your app, or a recovery code."
    ),
    "second_factor_unset": _l(
        "Your account needs a second step first. Sign in in the browser and set it up there."
    ),
    "passkey_refused": _l(
        "This passkey does not open anything here. Try again, or sign in another way."
    ),
    "too_many_passkeys": _l("An account has at most %(max)s passkeys. Remove one first."),
    "last_way_in": _l("This passkey stays: without it you could not sign in any more."),
    "invitation_invalid": _l(
        "This link does not work. It may be used up, withdrawn or older than a week. "
        "Ask for a new one."
    ),
    "own_account": _l("Nobody changes what they themselves may do. Ask another administrator."),
    "last_administrator": _l(
        "This is the last administrator. Make somebody else administrator first."
    ),
    "area_not_for_role": _l("This area does not fit the role chosen."),
    "centre_for_volunteer": _l("A volunteer belongs to one centre; other roles to none."),
    # --- incidents ---------------------------------------------------------------------
    "happened_after_aware": _l("It cannot have happened after we learned of it."),
    "incident_closed": _l("This incident is closed. Open it again first."),
    "risk_not_judged": _l("Judge the risk first, with the reasons: then it can be closed."),
    "people_not_told": _l(
        "At this risk somebody must still be told. Note it first, or judge the risk anew."
    ),
    # --- devices -----------------------------------------------------------------------
    "device_unknown": _l("This phone is not signed in. Sign in; what it holds stays on it."),
    "device_revoked": _l(
        "This phone was taken out of use. Ask your district; nothing on it is gone."
    ),
    "account_disabled": _l(
        "This account is closed. Ask your district; nothing on the phone is gone."
    ),
    "role_without_phone": _l("Only volunteers and officers record on a phone."),
    "code_invalid": _l("This code does not work. It may be used up or older than a day: ask anew."),
    "locker_unreadable": _l(
        "The server cannot open this phone's key. Tell the province; nothing on the phone is gone."
    ),
    # --- centres -----------------------------------------------------------------------
    "centre_exists": _l("Another centre has this code."),
    "centre_code_invalid": _l("Write the code as 5601-001: district, hyphen, three digits."),
    "centre_code_district": _l("The code's first four digits must be those of the district."),
    "unknown_area": _l("This subdistrict is not known."),
    "not_a_place": _l("This position is not usable. Latitude comes first, as in 19.16, 99.90."),
    "outside_thailand": _l("This position lies outside Thailand. Are the two numbers swapped?"),
    # --- visits ------------------------------------------------------------------------
    "nobody": _l("At least one person must have been there."),
    "nobody_to_contact": _l("Give a name or a phone number to call, or take the consent away."),
    "more_than_total": _l("This is more than the %(total)s people there were."),
    "no_line": _l("Please fill in at least one line."),
    "unknown_centre": _l("This centre is not known, or it lies outside your area."),
    "centre_fixed": _l("A visit cannot move to another centre. Write a new one there."),
    "visit_conflict": _l("This entry is stored with other content. Both are kept: look again."),
    # --- reminders ---------------------------------------------------------------------
    "push_refused": _l("This browser's messages cannot be sent from here. Use mail instead."),
    "email_invalid": _l("This is no e-mail address. Write it as name@example.com."),
    # --- records of any kind -----------------------------------------------------------
    "record_conflict": _l("This entry is stored with other content. Both are kept: look again."),
    "quarter_sealed": _l(
        "This quarter is sealed, so nothing in it is changed. Ask the province to open it."
    ),
    "not_a_link": _l("This is not an address on the web. It starts with https://"),
    # --- documents ---------------------------------------------------------------------
    "not_a_document": _l(
        "This kind of file is not taken. Save it as PDF, or take a picture of it, and choose that."
    ),
    # --- follow-ups --------------------------------------------------------------------
    "unknown_visit": _l("This visit is not known, or it lies outside your area."),
    "before_visit": _l("The follow-up cannot come before the visit itself."),
    "not_after": _l("The next follow-up must come after this one."),
    "too_far_ahead": _l("The next follow-up is too far ahead: at most three years."),
    "not_reached": _l("Nobody was reached, so nobody can be counted. Write 0."),
    "contradicts_answer": _l("This number does not fit the answer above."),
    "followup_conflict": _l("This entry is stored with other content. Both are kept: look again."),
    # --- photos ------------------------------------------------------------------------
    "photo_conflict": _l("This photo is stored with other content. Send it as a new photo."),
    "claim_lost": _l("Another worker is doing this already."),
    # --- findings ----------------------------------------------------------------------
    "finding_answered": _l("This was answered already. An answer is given once."),
    "finding_decided": _l("This was decided already, so it needs no answer any more."),
    # --- sharing and verification ------------------------------------------------------
    "photo_destroyed": _l("The picture was destroyed when its time was over."),
    "photo_not_ready": _l("The photo is not prepared yet. Try again in a minute."),
    "word_needed": _l(
        "The group did not agree that its faces are published. Cover every face, then tick that "
        "nobody can be recognised."
    ),
    "box_outside": _l("A box lies outside the picture, or it has no size."),
    "no_box_no_word": _l(
        "Draw a box over every face. If there is none, tick that nobody can be recognised."
    ),
    "code_unreadable": _l(
        "A code has ten letters and digits, such as 7K3M9-Q2XTV. Look at the stamp again."
    ),
    "checks_busy": _l("Many files are being checked at the moment. Try again in a minute."),
    # --- sync --------------------------------------------------------------------------
    "waits_for_parent": _l("Received. It waits for the record it belongs to."),
    "struck_out": _l(
        "This was struck out in the meantime. Your version is kept: ask the district."
    ),
    "parent_struck_out": _l("The record this belongs to was struck out."),
    "device_mismatch": _l("This was recorded on another phone. Send it from there."),
    "unknown_kind": _l("The server does not know this kind of record yet. Try again later."),
    "not_storable": _l("The server could not store this. It was noted; try again later."),
    "too_many_held": _l("Too many of this phone's records wait already. Send the others first."),
    "invalid": _l("Something in it needs fixing."),
    "held_decided": _l("This was decided already."),
    "held_not_takeable": _l("The phone's version cannot be taken over: its record is gone."),
    "rescue_not_ours": _l("This is not a rescue file of Lakthan."),
    "rescue_damaged": _l("This rescue file is damaged, or it was cut short. Copy it once more."),
    "rescue_unknown_device": _l("The phone this file comes from is not one of your area."),
    # --- assessments -------------------------------------------------------------------
    "criteria_missing": _l("Not every indicator has its points yet: %(count)s are missing."),
    "own_finding": _l("You took this photo or answered for it. Somebody else decides."),
    "own_assessment": _l("You recorded or corrected this assessment. Somebody else decides."),
    "reason_needed": _l("Say why the grade is not the one proposed."),
    # --- plans and publicity -----------------------------------------------------------
    "unknown_plan_item": _l(
        "This item of the plan is not known here yet, or it lies outside your area."
    ),
    "link_or_screenshot": _l("This needs a link to the post or a screenshot of it."),
    # --- rounds ------------------------------------------------------------------------
    "other_programme": _l(
        "Key and fiscal year stay %(key)s and %(fiscal_year)s here. For another year or mission,"
        " make a new programme."
    ),
    "nothing_changed": _l("Nothing was changed yet."),
    "already_published": _l(
        "This version was in force before. To go back to an older one, save it as a new version."
    ),
    "programme_saved_meanwhile": _l(
        "Version %(version)s was saved in the meantime. Compare it with yours, then save again."
    ),
    "round_sealed": _l("This reporting round is sealed. Ask the province to reopen it."),
    # --- links -------------------------------------------------------------------------
    "link_gone": _l(
        "This link opens nothing (any more): it may have expired, been closed, or been copied "
        "in part. Ask whoever sent it for a new one."
    ),
    "link_days": _l("Please write %(min)s to %(max)s days."),
    "not_linkable": _l("No link can be made to this."),
    "not_linkable_names": _l(
        "Visitors' names and numbers are in this packet, so no link is made to it. "
        "Ask for one without them."
    ),
    "not_linkable_originals": _l(
        "Original photos are in this packet, so no link is made to it. Ask for one without them."
    ),
    "not_linkable_not_issued": _l("This packet is not issued, so there is nothing to link to."),
    # --- review ------------------------------------------------------------------------
    "submission_state": _l("Somebody was quicker: this step does not fit any more. Look again."),
    "round_not_open": _l("This round is not open yet, so nothing can be sent."),
    "maker_is_checker": _l("You sent this report yourself, so somebody else decides about it."),
    "nothing_to_mend": _l(
        "Say what is to be mended: mark an item, or choose a reason for the whole report."
    ),
    "verdicts_open": _l(
        "%(count)s items are marked to be mended. Return the report, or mark them in order."
    ),
    "not_mended": _l("%(count)s items that were sent back did not change. Open it and look."),
    "quarter_open": _l(
        "%(count)s reports are neither accepted nor waived. Tick the box to seal it all the same."
    ),
}


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"  # a sentence with a gap is better than no page at all


def wording(code: str, facts: Mapping[str, object] | None = None) -> str:
    """The sentence of `code` in the reader's language, with `facts` filled in."""
    sentence = SENTENCES.get(code)
    if sentence is None:
        return gettext("This cannot be done (%(code)s).", code=code)
    return str(sentence) % _Facts(facts or {})
