"""What a picture says about itself: when, where, with which camera, which way up.

Everything here is a witness's word, read as it stands; `rules.py` sets it against what the
phone and the server know.  Nothing in a file can make this raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from exifread.core.ifd_tag import IfdTag

from app.photos.moment import TakenSource, read_moment
from app.photos.place import Place, read_place
from app.photos.tags import Tags, numbers, read_tags, text
from app.shared.thai import clean_text

_CAMERA_MAX = 80  # characters; the longest real make and model seen has 46


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What bytes and EXIF of one original say.  `flags` are codes of what is doubtful.

    `width` and `height` are pixels as seen, after turning; 0 where the header is unreadable.
    `exif_lat` and `exif_lon` are WGS 84 degrees, both or neither; `taken_at` is UTC.
    """

    media_type: str
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None
    taken_source: TakenSource = "none"
    camera: str | None = None
    orientation: int = 1
    direction_deg: float | None = None
    exif_lat: float | None = None
    exif_lon: float | None = None
    exif_accuracy_m: float | None = None
    flags: tuple[str, ...] = ()

    def sized(self, width: int, height: int) -> PhotoFacts:
        """The same facts with the stored size, given as it will be seen."""
        if self.orientation >= 5:  # 5 to 8 lie on their side
            width, height = height, width
        return replace(self, width=width, height=height)


def read_facts(media_type: str, blocks: Sequence[bytes], notes: Sequence[bytes] = ()) -> PhotoFacts:
    """Read the EXIF blocks of one picture, and its XMP and IPTC for what they leave open.

    Where two blocks disagree the later one counts, but for the main folder (camera, orientation),
    as with exiftool; that is rare and suspicious, and said.
    """
    tags, flags = _merged(blocks)
    place, moment = read_place(tags, notes), read_moment(tags, notes)
    return PhotoFacts(
        media_type,
        taken_at=moment.at,
        taken_source=moment.source,
        camera=_camera(tags),
        orientation=_orientation(tags),
        direction_deg=place.direction_deg,
        exif_lat=place.lat,
        exif_lon=place.lon,
        exif_accuracy_m=place.accuracy_m,
        flags=tuple(dict.fromkeys((*flags, *_about_fix(moment.flags, place), *place.flags))),
    )


def _about_fix(flags: Sequence[str], place: Place) -> list[str]:
    """A fix can only be old where there is one."""
    return [flag for flag in flags if flag != "gps_stale" or place.lat is not None]


def _merged(blocks: Sequence[bytes]) -> tuple[Tags, list[str]]:
    tags: dict[str, IfdTag] = {}
    read = [read_tags(block) for block in blocks[:2]]
    for found, _damaged in read:
        tags |= {
            name: tag for name, tag in found.items() if name not in tags or name[:5] != "Image"
        }
    flags = [] if blocks else ["exif_none"]
    if any(damaged for _found, damaged in read):
        flags.append("exif_damaged")
    if len(blocks) > 1:
        flags.append("exif_twice")
        if _disagree(read[0][0], read[1][0]):
            flags.append("exif_conflict")
    return tags, flags


def _disagree(first: Tags, second: Tags) -> bool:
    """Whether both say when, or both say where, and not the same."""
    times = [read_moment(tags).at for tags in (first, second)]
    places = [(place.lat, place.lon) for place in map(read_place, (first, second))]
    two_times = None not in times and times[0] != times[1]
    return two_times or ((None, None) not in places and places[0] != places[1])


def _camera(tags: Tags) -> str | None:
    make, model = (
        " ".join(clean_text(text(tags, f"Image {n}")).split()) for n in ("Make", "Model")
    )
    brand = make.partition(" ")[0].casefold()
    if brand and model.casefold().startswith(brand):
        make = ""  # "Canon" + "Canon EOS 90D", "NIKON CORPORATION" + "NIKON D70"
    return f"{make} {model}".strip()[:_CAMERA_MAX] or None


def _orientation(tags: Tags) -> int:
    """1 to 8 as EXIF numbers them; anything else means upright."""
    found = numbers(tags, "Image Orientation")
    if not found or len(found) != 1 or found[0] not in range(1, 9):
        return 1
    return int(found[0])
