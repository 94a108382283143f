"""Parts: shares of a packet's work that any worker can do, planned from the list alone.

A part checks the files of its centres and sets their pages.  It is a function of the list: the
same list has the same parts, so a part that is done need never be made again.  A part is small
enough for a fixed amount of memory, and large enough that starting the typesetter does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from app.packets.frozen.content import Content

MOST_PHOTOS = 300  # of a part: 30 MB in the typesetter beside its own 40
MOST_LINES = 1_000  # of the two books together
FORMS_WEIGHT = 100  # three forms as PDF and DOCX take as long as that many photos
SHEET_LINES = 20  # a centre's own sheet takes a page, as twenty lines of a book do

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
    """One share of the work.

    `districts`: codes of those whose forms it sets, each alone; `documents`: ids of those whose
    files it checks - all of these districts, for their forms tell which are there.
    """

    number: int
    slices: tuple[Slice, ...]
    documents: tuple[str, ...]
    districts: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How much work it is, in photos; twenty lines of a book are as much."""
        photos = sum(each.photos[1] - each.photos[0] for each in self.slices)
        lines = sum(
            stop - start for each in self.slices for start, stop in (each.visits, each.followups)
        )
        lines += SHEET_LINES * sum(each.first for each in self.slices)
        others = len(self.documents) + FORMS_WEIGHT * len(self.districts)
        return max(1, photos + lines // SHEET_LINES + others)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of the store that goes into the packet as it is; its digest was found to be right.

    `width`, `height` in pixels and `channels` (1 or 3) of a JPEG, else 0.  `changed_ns` is the
    file's `st_ctime_ns` before it was read: if it is another later, its digest is taken again.
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
    changed_ns: int = 0


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
    forms: tuple[str, ...] = ()  # names below data/ of the forms that lie beside it as well


def plan_parts(content: Content) -> tuple[Part, ...]:
    """The parts of a packet, in the order of its pages.  Always at least one.

    Centres share a part as long as they fit; one that is too large for any begins a part and
    goes on in the next ones: visits first, then follow-ups, then photos, as its pages do.
    """
    visits = Counter(each.centre_code for each in content.visits)
    followups = Counter(each.centre_code for each in content.followups)
    photos = Counter(each.centre_code for each in content.photos)
    held = Counter(each.centre_code for each in content.activities)
    planner = _Planner()
    for centre in content.centres:
        code = centre.code
        planner.add(code, SHEET_LINES + held[code], visits[code], followups[code], photos[code])
    planner.close()
    groups = planner.groups or [[]]
    of_district = _parts_of_districts(content, groups)
    return tuple(
        Part(
            number,
            tuple(group),
            tuple(d.id for d in content.documents if of_district[d.district_code] == number),
            tuple(code for code, where in sorted(of_district.items()) if where == number),
        )
        for number, group in enumerate(groups)
    )


@dataclass(slots=True)
class _Planner:
    """Fills one part after the other."""

    groups: list[list[Slice]] = field(default_factory=list)
    open: list[Slice] = field(default_factory=list)
    lines: int = 0  # still free in the open part
    photos: int = 0

    def __post_init__(self) -> None:
        self.lines, self.photos = MOST_LINES, MOST_PHOTOS

    def close(self) -> None:
        """End the open part, if anything is in it."""
        if self.open:
            self.groups.append(self.open)
        self.open, self.lines, self.photos = [], MOST_LINES, MOST_PHOTOS

    def add(self, code: str, head: int, visits: int, followups: int, photos: int) -> None:
        """Put a centre into the open part, or into as many as it takes."""
        if head + visits + followups > self.lines or photos > self.photos:
            self.close()
        v = f = p = 0
        first = True
        while first or v < visits or f < followups or p < photos:
            if not first:
                self.close()
            free = max(0, self.lines - (head if first else 0))
            to_v = min(visits, v + free)
            to_f = min(followups, f + free - (to_v - v)) if to_v == visits else f
            to_p = min(photos, p + self.photos) if to_f == followups and to_v == visits else p
            self.open.append(Slice(code, first, (v, to_v), (f, to_f), (p, to_p)))
            self.lines = free - (to_v - v) - (to_f - f)
            self.photos -= to_p - p
            v, f, p, first = to_v, to_f, to_p, False


def _parts_of_districts(content: Content, groups: list[list[Slice]]) -> dict[str, int]:
    """For each district the part that begins its first centre; without a centre, the first."""
    begins = {s.centre_code: n for n, group in enumerate(groups) for s in group if s.first}
    found: dict[str, int] = {}
    for centre in content.centres:
        found.setdefault(centre.district_code, begins[centre.code])
    for code in (
        *(d.code for d in content.districts),
        *(d.district_code for d in content.documents),
    ):
        found.setdefault(code, 0)
    return found


def made_to_json(made: PartMade) -> dict[str, Any]:
    """What a part came to as plain JSON values."""
    return asdict(made)


def made_from_json(data: Mapping[str, Any]) -> PartMade:
    """Read it back.  Raises KeyError or TypeError: another version of this program wrote it."""
    return PartMade(
        number=data["number"],
        files=tuple(CheckedFile(**file) for file in data["files"]),
        gaps=tuple(GapFound(**gap) for gap in data["gaps"]),
        pages=data["pages"],
        forms=tuple(data["forms"]),
    )
