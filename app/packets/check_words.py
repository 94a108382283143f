"""What the page that checks packets says; its script only chooses among these sentences."""

from __future__ import annotations

from flask_babel import gettext as _

Words = dict[str, str | dict[str, str]]


def check_words() -> Words:
    """Every sentence of the page, in the reader's language.  `{…}` is filled in by the script."""
    return {**_verdicts(), **_facts(), **_register(), "container": _container()}


def _verdicts() -> Words:
    return {
        "looking": _("Reading the file"),
        "done": _("{done} of {total}"),
        "cancelled": _("Stopped. Nothing was checked."),
        "failed": _("The file could not be read to its end. Choose it again."),
        "whole": _("Whole and unaltered"),
        "whole_text": _("{files} files: none was altered, none is missing, none was added."),
        "not_whole": _("Not as it was issued"),
        "not_whole_text": _("Do not use it as evidence. Ask for the file again."),
        "other_key": _("Whole, but not signed by this system"),
        "other_key_text": _("Compare the key with the one that the issuing office shows."),
        "no_packet": _("Not an evidence packet"),
        "no ZIP": _("The file is not a ZIP."),
        "no bag": _("It is a ZIP, but not an evidence packet of Lakthan."),
        "cut short": _("The end of the file is missing. Download it again."),
        "packed again": _(
            "Another program has packed it again. Take the file as it was issued, or unpack it "
            "and check the folder with verify.py."
        ),
        "entries overlap": _("Files in it lie over one another: it was made to do harm."),
        "too large": _("It claims to hold more than any packet does."),
        "altered": _("Files altered"),
        "missing": _("Files missing"),
        "added": _("Files added"),
        "damaged": _("The container differs from the one issued"),
        "more": _("and {count} more"),
    }


def _facts() -> Words:
    return {
        "identifier": _("Packet"),
        "edition": _("Edition"),
        "signer": _("Signed by"),
        "signature": _("Signature"),
        "ours": _("valid, with this system's key {key}"),
        "theirs": _("valid, but with another key: {key}"),
        "invalid": _("not valid"),
        "unsigned": _("none: packets of old were not signed"),
        "personal": _("Personal data"),
        "masked": _("masked"),
        "unmasked": _("not masked"),
        "fingerprint": _("Fingerprint"),
    }


def _register() -> Words:
    return {
        "register": _("Register"),
        "newest": _("issued here; the newest edition"),
        "newer": _("issued here, but there is a newer one: edition {edition}"),
        "withdrawn": _("this edition was withdrawn; do not use it"),
        "unknown": _("not in this system's register"),
        "unasked": _("could not be asked; check again when there is a network"),
    }


def _container() -> dict[str, str]:
    """By the first word of a fault: what in the ZIP is not as issued."""
    return {
        "name": _("a name that stands twice or may not be: {name}"),
        "compressed": _("compressed by another program: {name}"),
        "place": _("not in its place: {name}"),
        "header": _("the header before it was changed: {name}"),
        "checksum": _("the checksum in its header was changed: {name}"),
        "order": _("in another order, from here on: {name}"),
        "folder": _("the top folder has another name: {name}"),
        "oxum": _("the sum of the sizes does not fit: {name}"),
        "directory": _("the directory at the end was changed"),
        "cut": _("the end of the file is missing"),
        "prefix": _("something was put before the start"),
        "suffix": _("something was added after the end"),
    }
