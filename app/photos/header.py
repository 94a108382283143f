"""What a picture's header told us."""

from __future__ import annotations

from dataclasses import dataclass


class HeaderDamaged(Exception):
    """The header cannot be read; `code` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Header:
    """Size and coding of a picture, as announced; `exif` holds its EXIF blocks, outermost first.

    `width` and `height` are pixels as stored, before any turning.  `notes` holds what
    programs noted in the file (XMP, IPTC), as found.
    """

    media_type: str
    width: int
    height: int
    progressive: bool = False
    scans: int = 1
    exif: tuple[bytes, ...] = ()
    notes: tuple[bytes, ...] = ()

    @property
    def scales_while_decoding(self) -> bool:
        """Whether a decoder can make a small picture without holding the large one.

        A JPEG of several scans is held whole as coefficients, progressive or not.
        """
        return self.media_type == "image/jpeg" and not self.progressive and self.scans <= 1
