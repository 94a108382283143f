"""What the columns that hold personal data are called in the record of processing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_PICTURE = _l("the picture (original, views, stamped picture, copies)")
_FILE = _l("the file")
_FREE = _l("remarks in free text")
_POSITION = _l("where the phone was")
_PUSH = _l("the browser's push address and keys")
_HERE: dict[str, LazyString] = {
    "account.phone": _l("phone"), "account.name": _l("name"), "centre.phone": _l("phone"),
    "visit.phone": _l("phone"), "document.file_sha256": _FILE, "document.title": _l("title"),
    "activity.title": _l("title"), "post.title": _l("title"), "plan_item.title": _l("title"),
    "passkey.label": _l("what a passkey is called"), "device.label": _l("what a phone is called"),
    "share_link.label": _l("for whom a link is"), "packet.reason": _l("why names were asked for"),
    "one_time_secret.sealed": _l("the authenticator app's secret, sealed"),
    "audit_entry.actor_id": _l("who did it, by id"), "incident_step.facts": _FREE,
    "photo_print.keys": _l("the picture's fingerprint"),
    "submission_edition.content": _l("the report as sent in"),
    "carried_contact.visit_id": _l("whose name and number a phone was given, by id"),
}  # fmt: skip
_BY_NAME: dict[str, LazyString] = {
    "username": _l("user name"), "password_hash": _l("password (digest)"),
    "agent": _l("kind of browser"), "credential_id": _l("passkey (public half)"),
    "public_key": _l("public keys"), "made_by": _l("who made a version, by id"),
    "recorder_id": _l("who recorded it, by id"), "changes": _l("what changed in a version"),
    "lat": _POSITION, "lon": _POSITION, "exif_lat": _POSITION, "exif_lon": _POSITION,
    "leader_name": _l("name"), "suggestion": _l("remarks"), "trainer": _l("trainer's name"),
    "group_name": _l("group's name"), "origin_text": _l("where they came from"),
    "search_key": _l("words to search by"), "next_step": _FREE, "reason": _FREE, "note": _FREE,
    "deleted_reason": _FREE, "dropped_reason": _FREE, "unseal_reason": _FREE, "result": _FREE,
    "problems": _FREE, "problem": _FREE, "target": _FREE, "output": _FREE, "obstacles": _FREE,
    "suggestions": _FREE, "needs": _FREE, "answer": _FREE, "decision_note": _FREE, "what": _FREE,
    "consequences": _FREE, "measures": _FREE, "words": _FREE, "more": _FREE,
    "lead": _l("who led it"), "assessor": _l("assessors' names"),
    "co_assessors": _l("assessors' names"), "responsible": _l("who is responsible"),
    "url": _l("address of a post"), "original_sha256": _PICTURE, "view_sha256": _PICTURE,
    "thumb_sha256": _PICTURE, "stamped_sha256": _PICTURE, "preview_sha256": _PICTURE,
    "sha256": _PICTURE, "placeholder": _PICTURE, "caption": _l("caption"),
    "file_name": _l("file name"), "camera": _l("kind of camera"),
    "members": _l("names, offices and phones of members"), "steward_name": _l("steward's name"),
    "village": _l("village"), "dpo_name": _l("name"), "dpo_phone": _l("phone"),
    "dpo_email": _l("e-mail address"), "sealed_locker": _l("the key to a phone's data, sealed"),
    "body": _l("an entry as a phone sent it, until it is decided about"),
    "asked": _l("what was asked"), "contact": _l("how to answer"),
    "decision": _l("what was decided, and why"), "email": _l("e-mail address"),
    "endpoint": _PUSH, "p256dh": _PUSH, "auth": _PUSH, "frozen": _l("the packet's list"),
    "file_key": _l("the packet's file"),
}  # fmt: skip
_HERE |= {"photo.measures": _PICTURE}


def field_words(table: str, column: str) -> LazyString:
    """A marked column in words.  Raises KeyError: nobody has named it."""
    return _HERE.get(f"{table}.{column}") or _BY_NAME[column]
