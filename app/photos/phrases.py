"""Photos in words: what a code of this slice says to the person who looks at the picture.

A flag is put as a question or a plain fact, never as an accusation.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

FLAGS: dict[str, LazyString] = {
    "exif_none": _l(
        "The file says nothing about itself. Chat apps and screenshots remove the time and place."
    ),
    "exif_damaged": _l("Part of what the file says about itself could not be read."),
    "exif_twice": _l("The file describes itself twice; the second description was used."),
    "exif_conflict": _l("The file names two different times or places for the same picture."),
    "gps_from_xmp": _l("The place was noted by a program (XMP), not by the camera."),
    "gps_stale": _l("The satellites' fix is from another day than the picture."),
    "gps_empty": _l("The place was removed from the file before it reached us."),
    "gps_zero": _l("The place in the file is empty (0, 0)."),
    "gps_malformed": _l("The place in the file is written in a way that cannot be read."),
    "gps_no_hemisphere": _l("The place in the file does not say north or south, east or west."),
    "gps_out_of_range": _l("The place in the file does not exist on Earth."),
    "gps_outside_thailand": _l("The place in the file lies outside Thailand."),
    "gps_void": _l("The camera marked its own position as not valid."),
    "gps_imprecise": _l("The camera's position was very rough."),
    "positions_differ": _l("The phone's position and the one in the file lie far apart."),
    "time_invalid": _l("The time in the file is not a time that exists."),
    "time_clock_unset": _l("The camera's clock was not set: its year lies before such cameras."),
    "time_buddhist_year": _l(
        "The camera wrote the year in the Buddhist era; it was converted to the common era."
    ),
    "time_zone_assumed": _l("The camera's clock names no time zone; Thai time was assumed."),
    "time_gps_differs": _l("The camera's clock and the satellites' time differ."),
    "taken_in_future": _l("The camera's clock was ahead: the time lies after the photo arrived."),
    "taken_other_day": _l("The photo was taken on another day than its record says."),
    "icc_ignored": _l("The file's colour profile could not be used; colours may be a little off."),
    "stamp_failed": _l("The picture with the strip of facts could not be made. Tell the office."),
    "prints_failed": _l("The picture could not be compared with others. Tell the office."),
    "looks_failed": _l("How good the picture is could not be measured."),
    "same_bytes": _l("Exactly the same picture was sent before."),
}

# Facts that a reviewer need not ask about; they stand with the details, not among questions.
QUIET_FLAGS = frozenset(
    {
        "time_zone_assumed",
        "time_buddhist_year",
        "exif_twice",
        "icc_ignored",
        "stamp_failed",
        "prints_failed",
        "looks_failed",
    }
)

UNREADABLE: dict[str, LazyString] = {
    "damaged": _l("The file is damaged or was cut off."),
    "no_size": _l("The file is damaged: it does not say how large the picture is."),
    "coding_unknown": _l("The picture is coded in a way that no common program reads."),
    "not_a_picture": _l(
        "The file is not a picture of a kind that we read (JPEG, HEIC, PNG, WebP, AVIF)."
    ),
    "too_many_pixels": _l("The picture is larger than we can open safely."),
    "too_many_scans": _l("The file is built in a way that is not safe to open."),
    "too_many_segments": _l("The file is built in a way that is not safe to open."),
    "too_much_memory": _l("The picture needs more memory than we allow for one photo."),
    "original_changed": _l("The stored file no longer matches what was received. Tell the office."),
    "storage": _l("The file could not be read from our storage. Tell the office."),
    "gave_up": _l("Three tries to open the picture did not end well."),
}

TAKEN_SOURCES: dict[str, LazyString] = {
    "exif": _l("camera, with its time zone"),
    "exif_bangkok": _l("camera, taken as Thai time"),
    "gps": _l("satellites"),
    "xmp": _l("notes of a program in the file (XMP)"),
    "exif_changed": _l("camera, time of the last change"),
    "none": _l("not known"),
}

SOURCES: dict[str, LazyString] = {
    "camera": _l("Taken in the app"),
    "picker": _l("Chosen from files"),
    "unknown": _l("Not known"),
}


def flag_sentences(flags: Iterable[str], *, quiet: bool) -> list[str]:
    """The sentences of the flags that ask something, or (`quiet`) of those that only tell."""
    chosen = [code for code in flags if (code in QUIET_FLAGS) is quiet]
    return [str(FLAGS[code]) if code in FLAGS else code for code in chosen]


def unreadable_sentence(code: str | None) -> str:
    """Why no picture could be made, for people."""
    sentence = UNREADABLE.get(code or "")
    return str(sentence) if sentence else gettext("The picture could not be opened.")
