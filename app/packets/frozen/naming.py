"""Names inside a packet: ASCII, made by us from official codes, days and digests.

A name given by a phone or a person never becomes a file name (zip-slip, `CON`, 255-byte
Thai names, case clashes).  The same list always gives the same names.
"""

from __future__ import annotations

from collections import Counter

from app.packets.frozen.content import Content, PhotoItem, safe_code

SHORT_SHA = 8  # hex digits of the original's digest; printed beside the photo in the report


def photo_names(content: Content) -> dict[str, str]:
    """Name every photo of the list: id -> photos/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg.

    Photos with a gap are named too, so that what is missing can be called by its name.
    """
    districts = {centre.code: safe_code(centre.district_code) for centre in content.centres}
    counted: Counter[str] = Counter()
    names = {}
    for photo in content.photos:
        folder = f"photos/{districts.get(photo.centre_code, 'x')}/{safe_code(photo.centre_code)}"
        counted[folder.lower()] += 1
        names[photo.id] = f"{folder}/{_file_name(photo, counted[folder.lower()])}"
    return names


def _file_name(photo: PhotoItem, number: int) -> str:
    kind = safe_code(photo.subject_kind)
    return f"{photo.day:%Y-%m-%d}_{kind}_{number:03}_{photo.original_sha256[:SHORT_SHA]}.jpg"
