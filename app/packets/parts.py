"""Parts: shares of a packet's work that any worker can do, planned from the list alone.

A part checks the files of its centres and sets their pages.  It is a function of the list: the
same list has the same parts, so a part that is done need never be made again.  A part is small
enough for a fixed amount of memory, and large enough that starting the typesetter does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.packets.frozen.content import Content

MOST_PHOTOS = 300  # of a part: 30 MB in the typesetter beside its own 40
MOST_LINES = 1_000  # of the two books together

FileKind = Literal["view", "thumb", "original", "document"]


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of one centre's visits, follow-ups and photos, as positions in that centre's lists.

    `first`: the centre begins here, so its head and assessment go before.
    """

    centre_code: str
    first: bool
    visits: tuple[int, int]
    followups: tuple[int, int]
    photos: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the work.  `documents`: ids of those whose files it checks."""

    number: int
    slices: tuple[Slice, ...]
    documents: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much work it is, in photos; twenty lines of a book are as much."""
        photos = sum(each.photos[1] - each.photos[0] for each in self.slices)
        lines = sum(
            stop - start for each in self.slices for start, stop in (each.visits, each.followups)
        )
        return max(1, photos + lines // 20 + len(self.documents))


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of the store that goes into the packet as it is; its digest was found to be right.

    `width`, `height` in pixels and `channels` (1 or 3) of a JPEG, else 0.
    """

    name: str  # below data/
    kind: FileKind
    of: str  # the id of the photo or document
    key: str  # in the file store
    sha256: str
    size_bytes: int
    crc32: int
    width: int = 0
    height: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class GapFound:
    """A file that the list promises and the packet cannot show as it should, and why."""

    of: str  # the id of the photo or document
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartMade:
    """What a part's work came to; its pages lie beside it as a PDF."""

    number: int
    files: tuple[CheckedFile, ...]
    gaps: tuple[GapFound, ...]
    pages: int


def plan_parts(content: Content) -> tuple[Part, ...]:
    """The parts of a packet, in the order of its pages.  Always at least one."""
    raise NotImplementedError
