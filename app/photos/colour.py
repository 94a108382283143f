"""Colours as a browser without colour management shows them: a profile is used up, not passed on.

iPhones write Display P3, cameras Adobe RGB, printers' files CMYK.  A profile is a stranger's
program of tables: it is read inside the fence, bounded in size, and never worth a photo.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageCms

PROFILE_MAX_BYTES = 4 * 1024 * 1024  # the largest printers' profiles seen have 2.7 MB
_HEADER_BYTES = 128  # of every profile (ICC.1:2022, 7.2)
_SPACES = {"RGB": b"RGB ", "L": b"GRAY", "CMYK": b"CMYK"}
_FAULTS = (ImageCms.PyCMSError, ArithmeticError, LookupError, OSError, TypeError, ValueError)


class ProfileUseless(Exception):
    """The profile is damaged, too large, or for another kind of pixels."""


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture (RGB, L or CMYK) in sRGB, mode RGB.  Unchanged where it is already.

    Raises:
        ProfileUseless: convert it without.
    """
    if not profile or says_srgb(profile):
        return plainly(picture)
    if len(profile) > PROFILE_MAX_BYTES or profile[16:20] != _SPACES.get(picture.mode):
        raise ProfileUseless
    try:
        converted = _transform(profile, picture.mode).apply(picture)
    except _FAULTS as error:
        raise ProfileUseless from error
    if converted is None:
        raise ProfileUseless
    return converted


def plainly(picture: Image.Image) -> Image.Image:
    """The picture in RGB by the plain formulas."""
    return picture if picture.mode == "RGB" else picture.convert("RGB")


@lru_cache(maxsize=4)  # one village has one or two kinds of phones; 2 ms each
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    given = ImageCms.ImageCmsProfile(BytesIO(profile))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsTransform(
        given, srgb, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
    )


def says_srgb(profile: bytes) -> bool:
    """Whether its description, in either of its two spellings, is that of sRGB.

    Looked for in the bytes: whoever only pretends gets plain conversion, which is no harm.
    """
    if len(profile) > 64 * 1024 or profile[16:20] != b"RGB ":
        return False
    return any(b"sRGB".decode().encode(coding) in profile for coding in ("ascii", "utf-16-be"))
