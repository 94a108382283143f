"""Words of the camera's screen.  As `words.py`, which puts them with the others."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

CAMERA_WORDS: dict[str, LazyString] = {
    "camera.place.searching": _l("Looking for the place …"),
    "camera.place.good": _l("Place known to %(m)s m: good"),
    "camera.place.usable": _l("Place known to %(m)s m: usable"),
    "camera.place.poor": _l("Place known only to %(m)s m. Wait a little under the open sky."),
    "camera.place.denied": _l(
        "This page may not ask for the place. Allow it in the browser's settings: a photo "
        "without a place proves less."
    ),
    "camera.place.unavailable": _l(
        "The phone does not find its place. Go under the open sky; without it the photo is "
        "kept too."
    ),
    "camera.saving": _l("Saving …"),
    "camera.saved": _l("Saved on this phone"),
    "camera.count.one": _l("1 photo"),
    "camera.count.many": _l("%(num)s photos"),
    "camera.choose_centre": _l("Choose the centre first."),
    "camera.of_visit": _l("Photos of a visit"),
    "camera.of_followup": _l("Photos of a follow-up"),
    "camera.shot.place": _l("Place to %(m)s m"),
    "camera.shot.no_place": _l("No place"),
    "camera.shot.picked": _l("From the gallery"),
    "camera.refused": _l(
        "The camera may not be used. Allow it in the browser's settings, or choose from the "
        "gallery."
    ),
    "camera.none": _l("No camera was found. Choose from the gallery."),
    "camera.busy": _l("Another app holds the camera. Close it, then start the camera again."),
    "camera.failed": _l(
        "No picture came from the camera. Start it again, or choose from the gallery."
    ),
    "camera.no_room": _l(
        "The photo was not saved: this phone is full. Free some space and take it again. "
        "The photos before it are safe."
    ),
    "camera.not_kept": _l("The phone did not keep this photo correctly. Take it once more."),
    "camera.empty": _l("This file is empty: there is nothing to keep."),
    "camera.unreadable": _l(
        "This file could not be read. Is it only in the cloud? Download it to the phone first."
    ),
    "camera.not_an_image": _l("This file is no picture (JPEG, PNG, WebP or HEIC)."),
    "camera.too_large": _l("This photo has %(size)s; at most %(most)s are taken."),
    "camera.discard.ask": _l("Discard this photo?"),
    "camera.discard.reason": _l("Discarded right after it was taken"),
}
