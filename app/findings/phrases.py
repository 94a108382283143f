"""The names of kinds, stages, decisions and changes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.findings.models import Decision, FindingKind
from app.findings.queries import Stage

KINDS: dict[FindingKind, LazyString] = {
    "position": _l("Position"),
    "time": _l("Time"),
    "reuse": _l("Used before"),
    "source": _l("Source"),
    "quality": _l("Picture"),
    "file": _l("File"),
}
KIND_ICONS: dict[FindingKind, str] = {
    "position": "pin",
    "time": "clock",
    "reuse": "copy",
    "source": "camera",
    "quality": "photo",
    "file": "file",
}
STAGES: dict[Stage, LazyString] = {
    "open": _l("Waiting for an answer"),
    "answered": _l("Answered"),
    "decided": _l("Decided"),
}
DECISIONS: dict[Decision, LazyString] = {
    "settled": _l("Settled"),
    "doubtful": _l("Doubtful"),
}


def change_words(changes: Mapping[str, Any]) -> list[str]:
    """What was done to the earlier picture, one phrase each; see `reuse_rules.changes`."""
    found = []
    if changes.get("mirrored"):
        found.append(_("mirrored"))
    if turned := changes.get("turned_deg"):
        found.append(_("turned by %(degrees)s°", degrees=abs(turned)))
    if kept := changes.get("kept_share"):
        found.append(_("cropped: %(share)s%% of it is left", share=round(kept * 100)))
    if added := changes.get("added_share"):
        found.append(_("something added: %(share)s%% is new", share=round(added * 100)))
    if changes.get("recoloured"):
        found.append(_("light or colours changed"))
    return found
