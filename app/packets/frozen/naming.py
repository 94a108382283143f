"""Names inside a packet: ASCII, made by us from official codes, days and digests.

A name given by a phone or a person never becomes a file name (zip-slip, `CON`, 255-byte
Thai names, case clashes).  The same list always gives the same names.
"""

from __future__ import annotations

from collections import Counter

from app.packets.frozen.content import Content, DocumentItem, PhotoItem, safe_code

SHORT_SHA = 8  # hex digits of the original's digest; printed beside the photo in the report
PHOTOS, THUMBS, ORIGINALS, DOCUMENTS = "photos", "thumbs", "originals", "documents"
LONGEST_EXTENSION = 5  # heic and webp have four


def photo_names(content: Content) -> dict[str, str]:
    """Name every photo of the list: id -> photos/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg.

    Photos with a gap are named too, so that what is missing can be called by its name.
    """
    districts = {centre.code: safe_code(centre.district_code) for centre in content.centres}
    counted: Counter[str] = Counter()
    names = {}
    for photo in content.photos:
        place = f"{districts.get(photo.centre_code, 'x')}/{safe_code(photo.centre_code)}"
        counted[place.lower()] += 1
        names[photo.id] = f"{PHOTOS}/{place}/{_file_name(photo, counted[place.lower()])}"
    return names


def thumb_name(photo_name: str) -> str:
    """The name of a photo's small copy: thumbs/… instead of photos/…."""
    return THUMBS + photo_name.removeprefix(PHOTOS)


def original_name(photo_name: str, extension: str | None) -> str:
    """The name of a photo as it came from the phone: originals/…, by the extension it deserves."""
    stem = photo_name.removeprefix(PHOTOS).removesuffix(".jpg")
    return f"{ORIGINALS}{stem}.{_extension(extension)}"


def document_names(content: Content) -> dict[str, str]:
    """Name every document of the list: id -> documents/5601/2024-02-13_order_001_9f2c1a77.pdf."""
    counted: Counter[str] = Counter()
    names = {}
    for document in content.documents:
        district = safe_code(document.district_code)
        counted[district.lower()] += 1
        file = _document_file(document, counted[district.lower()])
        names[document.id] = f"{DOCUMENTS}/{district}/{file}"
    return names


def _file_name(photo: PhotoItem, number: int) -> str:
    kind = safe_code(photo.subject_kind)
    return f"{photo.day:%Y-%m-%d}_{kind}_{number:03}_{photo.original_sha256[:SHORT_SHA]}.jpg"


def _document_file(document: DocumentItem, number: int) -> str:
    kind, short = safe_code(document.kind), document.file_sha256[:SHORT_SHA]
    day = f"{document.dated_on:%Y-%m-%d}"
    return f"{day}_{kind}_{number:03}_{short}.{_extension(document.extension)}"


def _extension(extension: str | None) -> str:
    kept = "".join(c for c in (extension or "").lower() if c.isascii() and c.isalnum())
    return kept[:LONGEST_EXTENSION] or "bin"
