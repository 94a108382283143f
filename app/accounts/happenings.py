"""What happened to an account, in words for its owner: out of the audit log."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.audit.models import AuditEntry

SENTENCES: dict[str, tuple[str, LazyString]] = {  # action: icon and words
    "account.added": ("user", _l("The account was made.")),
    "account.new_browser": ("sign-in", _l("Signed in with a browser not seen before.")),
    "account.password_set": ("lock", _l("The password was changed.")),
    "account.one_time_added": ("shield", _l("An authenticator app was set up.")),
    "account.one_time_removed": ("warn", _l("The authenticator app was removed.")),
    "account.passkey_added": ("key", _l("A passkey was added.")),
    "account.passkey_removed": ("warn", _l("A passkey was removed.")),
    "account.passkey_counter_back": ("warn", _l("A passkey was refused: it may have been copied.")),
    "account.recovery_codes_made": ("file", _l("New recovery codes were made.")),
    "account.recovery_code_used": ("warn", _l("A recovery code was used.")),
    "account.code_wrong": ("warn", _l("A wrong code was typed after the right password.")),
    "account.factors_reset": ("warn", _l("The administrator reset the ways of signing in.")),
    "account.invited": ("send", _l("A link for signing in was made.")),
    "account.invitation_used": ("check", _l("The link for signing in was used.")),
    "account.invitation_withdrawn": ("close", _l("The link for signing in was withdrawn.")),
    "account.sessions_ended": ("sign-out", _l("The office signed the account out everywhere.")),
    "account.disabled": ("lock", _l("The account was closed.")),
    "account.reopened": ("undo", _l("The account was opened again.")),
    "account.changed": ("edit", _l("The office changed the account.")),
    "device.code_made": ("mobile", _l("A code for a phone was made.")),
}
SHOWN = frozenset(SENTENCES)


def say(entry: AuditEntry) -> tuple[str, str, str]:
    """Icon, sentence and browser of an entry."""
    icon, sentence = SENTENCES[entry.action]
    return icon, str(sentence), str(entry.facts.get("agent") or "")
