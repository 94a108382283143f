"""Answers in words: what each one proves, and what it does not.

A file that cannot be verified is a normal thing; no sentence here accuses anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_CROPPED_BELOW = 0.97  # of our picture shown; likeness measures it to about two hundredths
_TURNED_FROM_DEG = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """One answer: how it looks, what it is called, what it proves and what it does not."""

    tone: str
    icon: str
    title: LazyString
    proves: LazyString
    proves_not: LazyString | None = None


VERDICTS: dict[str, Words] = {
    "original": Words(
        "good", "shield", _l("An authentic original"),
        _l("This file is the very one that Lakthan received. Not one bit of it has changed since."),
        _l("It does not prove what was before: who held the camera, whether its clock was right."),
    ),
    "rendition": Words(
        "good", "check", _l("Our own copy"),
        _l("Lakthan made this file from the original. Nothing in it has changed since."),
        _l("A copy is smaller than the original and holds less detail."),
    ),
    "altered": Words(
        "warn", "question", _l("Our picture, but not our file"),
        _l("The picture is one of ours. The file is not: somebody saved or changed it."),
        _l("Small changes inside the picture cannot be ruled out. Only the original, or a file that"
           " Lakthan made, is proven in every detail."),
    ),
    "unknown": Words(
        "calm", "question", _l("Cannot be verified"),
        _l("We hold no photo that shows this picture."),
        _l("That is normal for a picture that was never sent to Lakthan. It says nothing against"
           " the picture or against whoever took it. A strongly cropped or painted-over copy may"
           " not be recognised either."),
    ),
    "unreadable": Words(
        "calm", "file", _l("This file cannot be opened"),
        _l("It is not a picture, or it is damaged."),
        _l("Ask for the file once more, if possible as a file and not through a chat."),
    ),
    "code": Words(
        "good", "check", _l("We know this code"),
        _l("It belongs to the photo described below. Compare that with the words on the stamp."),
        _l("The code alone does not prove the picture above it: a stamp can be put under another"
           " picture. To be sure, check the file too."),
    ),
    "code_unknown": Words(
        "calm", "question", _l("No photo has this code"),
        _l("Look at the stamp again: every one of the ten letters and digits counts."),
        _l("If it is typed correctly, the stamp was not made by this Lakthan."),
    ),
    "withdrawn": Words(
        "warn", "undo", _l("This photo was withdrawn"),
        _l("It was once in Lakthan and was struck out since. It no longer counts as evidence."),
        _l("There are many reasons to strike a photo out, such as that it was sent twice."),
    ),
}  # fmt: skip

_DESTROYED_TITLE = _l("This photo was destroyed when its time was over")
DESTROYED: dict[bool, Words] = {  # by whether the asker still holds the original's bytes
    True: Words(
        "calm", "clock", _DESTROYED_TITLE,
        _l("Lakthan received this very file, and has not kept it: evidence photos are destroyed"
           " after the time that the notice names. Its fingerprint stays in the record."),
        _l("Do not pass the file on: the people in it may rely on its being gone."),
    ),
    False: Words(
        "calm", "clock", _DESTROYED_TITLE,
        _l("It was once in Lakthan. The picture is gone for good; that it was received, where and"
           " when, stays in the record."),
        _l("Whether the picture you hold is the one that was destroyed can no longer be compared."),
    ),
}  # fmt: skip

KINDS: dict[str, LazyString] = {
    "view": _l("The picture as our pages show it"),
    "thumb": _l("The small picture of our lists"),
    "stamped": _l("The stamped picture"),
    "sharing": _l("The copy for the public, with faces made unrecognisable"),
}

NOT_CURRENT: dict[bool, LazyString] = {
    False: _l("It was made by an earlier version of Lakthan; today's looks a little different."),
    True: _l("This copy was withdrawn since. Please do not publish it any further."),
}

BANDS: dict[str, LazyString] = {
    "inside": _l("At the centre"),
    "near": _l("Near the centre"),
    "far": _l("Far from the centre"),
    "unknown": _l("No position"),
}


def changes(facts: Mapping[str, Any]) -> list[str]:
    """How a file differs from our picture, from the facts of `Likeness`; each a sentence."""
    sentences = []
    if facts.get("mirrored"):
        sentences.append(_("It is mirrored: left and right are exchanged."))
    turned = abs(float(facts.get("turned_deg", 0)))
    if turned >= _TURNED_FROM_DEG:
        sentences.append(_("It is turned by about %(degrees)s degrees.", degrees=round(turned)))
    shown, ours = float(facts.get("overlap_a", 1)), float(facts.get("overlap_b", 1))
    if shown < _CROPPED_BELOW:
        percent = round((1 - shown) * 100)
        sentences.append(_("It is cropped: about %(percent)s %% of our picture is missing.",
                           percent=percent))  # fmt: skip
    if ours < _CROPPED_BELOW:
        percent = round((1 - ours) * 100)
        sentences.append(_("Something was added around it, such as a band or a frame: about"
                           " %(percent)s %% of the file.", percent=percent))  # fmt: skip
    if facts.get("recoloured"):
        sentences.append(_("Its brightness or colours were changed."))
    return sentences or [
        _("As far as can be measured it shows the same. It was saved again, as chat apps do.")
    ]
