"""What kind of picture some bytes are, told from the first of them.

The name of a file and what its sender says of it play no part.
"""

from __future__ import annotations

HEAD_BYTES = 512  # enough for every signature below, brands included
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/avif")
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
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
    if brands[0] not in _HEIC_BRANDS:
        return None
    # "mif1" and "msf1" only say "a HEIF container"; the other brands say what is in it.
    generic = brands[0] in (b"mif1", b"msf1")
    return "image/avif" if generic and _AVIF_BRANDS.intersection(brands) else "image/heic"
