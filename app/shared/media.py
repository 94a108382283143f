"""What kind of file some bytes are: a picture is told from the first of them.

The name of a file and what its sender says of it play no part.  What is no picture is kept aside
as plain bytes: somebody meant it as evidence, and it is not ours to throw away.
"""

from __future__ import annotations

HEAD_BYTES = 512  # enough for every signature below, brands included
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/avif")
OTHER = "application/octet-stream"  # of photos the longest of them all: columns hold 24 characters
_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = "application/pdf"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
PAPER_TYPES = (PDF, DOCX, XLSX, PPTX)  # what documents may be besides pictures
ORIGINAL_TYPES = (*MEDIA_TYPES, *PAPER_TYPES, OTHER)
_CODED_AS_HEVC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
HEIC_BRANDS = _CODED_AS_HEVC | {b"mif1", b"msf1"}
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def media_type_of(head: bytes) -> str | None:
    """The picture type that the first `HEAD_BYTES` announce, or None: not one we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _heif_type(head)
    return None


def _heif_type(head: bytes) -> str | None:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    if brands[0] in _AVIF_BRANDS:
        return "image/avif"
    if brands[0] in _CODED_AS_HEVC:
        return "image/heic"
    # "mif1", "msf1" and makers' own brands only say "a HEIF container": the others say of what.
    if _AVIF_BRANDS.intersection(brands):
        return "image/avif"
    return "image/heic" if HEIC_BRANDS.intersection(brands) else None
