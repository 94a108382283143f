"""Packets to measure with: photos, a file store that holds them, and frozen lists of any size.

    python -m bench.packets_made FOLDER 100 1000 5000

The photos are as the product's renditions are: 1600 px, some 225 kB, and a thumb of 320 px beside
each.  48 scenes are drawn; each file is one of them with a comment of its own, so no two are the
same bytes.  Made once into a folder under var/, the same on every machine.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.packets.frozen.content import (
    CentreItem,
    Content,
    DistrictItem,
    FollowupItem,
    PhotoItem,
    Request,
    Scope,
    VisitItem,
    canonical,
    to_json,
)

SCENES = 48
QUALITY = 46  # gives 225 kB: made noise compresses worse than a real field
THUMB_PX = 320
CENTRES, OF_PHOTOS = 215, 5_000  # a province; fewer photos have fewer centres
DISTRICTS = ("เมืองพะเยา", "จุน", "เชียงคำ", "เชียงม่วน", "ดอกคำใต้", "ปง", "แม่ใจ", "ภูซาง", "ภูกามยาว")
FIRST_DAY = date(2024, 1, 1)
REQUESTED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A photo's two files: digests and sizes in bytes."""

    view: str
    view_bytes: int
    thumb: str


def make(folder: Path, sizes: list[int]) -> None:
    """Make what is missing of the store and the lists in `folder`."""
    photos = list(_photos(folder / "store", max(sizes)))
    for size in sizes:
        content = frozen_list(photos[:size])
        (folder / f"list-{size}.json").write_bytes(canonical(to_json(content)))


def _photos(store: Path, most: int) -> Iterator[Made]:
    noted = store / "made.txt"
    store.mkdir(parents=True, exist_ok=True)
    known = noted.read_text().split() if noted.exists() else []
    made = [Made(v, int(n), t) for v, n, t in zip(*[iter(known)] * 3, strict=True)]
    if len(made) < most:
        scenes = [_scene(number) for number in range(SCENES)]
        for number in range(len(made), most):
            view, thumb = (_own(data, number) for data in scenes[number % SCENES])
            made.append(Made(_keep(store, view), len(view), _keep(store, thumb)))
        noted.write_text("".join(f"{m.view} {m.view_bytes} {m.thumb}\n" for m in made))
    yield from made


def _scene(number: int) -> tuple[bytes, bytes]:
    from bench.photos_made import scene  # needs numpy: only where pictures are drawn

    picture = scene(((1600, 1200), (1200, 1600))[number % 4 == 3], seed=number)
    view, thumb = io.BytesIO(), io.BytesIO()
    picture.save(view, "JPEG", quality=QUALITY)
    picture.thumbnail((THUMB_PX, THUMB_PX))
    picture.save(thumb, "JPEG", quality=80)
    return view.getvalue(), thumb.getvalue()


def _own(data: bytes, number: int) -> bytes:
    """The same picture as a file of its own: a comment after the JPEG's first marker."""
    comment = f"bench {number:06}".encode()
    return data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + data[2:]


def _keep(store: Path, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    path, original = (
        store / kind / sha256[:2] / sha256[2:4] / sha256 for kind in ("renditions", "originals")
    )
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if not original.exists():
        original.parent.mkdir(parents=True, exist_ok=True)
        original.hardlink_to(path)  # stands for what the phone sent: it must only be there
    return sha256


def frozen_list(photos: list[Made]) -> Content:
    """A province's quarter with these photos, spread over its centres; every third has a visit."""
    count = max(1, CENTRES * len(photos) // OF_PHOTOS)
    centres = tuple(_centre(number) for number in range(count))
    items = [_photo(made, number, centres) for number, made in enumerate(photos)]
    visits = [_visit(number, centres) for number in range(len(photos) // 3)]
    checks = [_followup(visit, number) for number, visit in enumerate(visits) if number % 2]
    return Content(
        scope=Scope("province", "56", "พะเยา", None, "พะเยา"),
        quarter="2567Q2",
        first_day=FIRST_DAY,
        last_day=date(2024, 3, 31),
        edition=1,
        requested=Request("นางสาวพัชรี ทดสอบ", REQUESTED),
        programme="khok_nong_na_2567/1",
        centres=centres,
        visits=tuple(sorted(visits, key=lambda v: v.centre_code)),
        followups=tuple(sorted(checks, key=lambda f: f.centre_code)),
        photos=tuple(sorted(items, key=lambda p: p.centre_code)),
        words=(),
        districts=tuple(DistrictItem(f"56{n:02}", name) for n, name in enumerate(DISTRICTS, 1)),
    )


def _centre(number: int) -> CentreItem:
    district = number * len(DISTRICTS) // CENTRES
    return CentreItem(
        code=f"56{district + 1:02}-{number:03}",
        name=f"ศูนย์เรียนรู้โคก หนอง นา แปลงที่ {number}",
        district_code=f"56{district + 1:02}",
        district_name=DISTRICTS[district],
        subdistrict_name="บ้านตุ่น",
        moo=number % 15 + 1,
        village="ตุ่นกลาง",
        plot_class="HLM3",
        status="active",
        steward_name="นายสมชาย ใจดี",
        size_rai=3.0,
        lat=19.1 + number / 1000,
        lon=99.8 + number / 1000,
        radius_m=200.0,
    )


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number % 90)


def _photo(made: Made, number: int, centres: tuple[CentreItem, ...]) -> PhotoItem:
    centre = centres[number % len(centres)]
    return PhotoItem(
        id=f"018d2222-0000-7000-8000-{number:012}",
        version=1,
        centre_code=centre.code,
        subject_kind="visit",
        subject_id=f"018d0000-0000-7000-8000-{number // 3:012}",
        state="processed",
        caption=f"ผู้มาเรียนรู้ดูคลองไส้ไก่และหลุมขนมครก ภาพที่ {number}",
        day=_day(number),
        taken_at=datetime(2024, 2, 13, 2, 30, tzinfo=UTC),
        time_source="exif",
        source="camera",
        original_sha256=made.view,
        original_bytes=made.view_bytes,
        view_sha256=made.view,
        lat=centre.lat,
        lon=(centre.lon or 0) + number / 1_000_000,
        accuracy_m=12.0,
        position_source="device",
        distance_m=42.4,
        band="inside",
        view_bytes=made.view_bytes,
        thumb_sha256=made.thumb,
        original_name="jpg",
        code=f"7Q2KD-{number:05}",
        place="แถว ต.บ้านตุ่น อ.เมืองพะเยา จ.พะเยา",
    )


def _visit(number: int, centres: tuple[CentreItem, ...]) -> VisitItem:
    return VisitItem(
        id=f"018d0000-0000-7000-8000-{number:012}",
        version=1,
        content_sha256="a" * 64,
        centre_code=centres[number % len(centres)].code,
        visit_date=_day(number),
        time_in="09:00",
        time_out="11:30",
        kind="study",
        group_name="โรงเรียนบ้านตุ่น (ชมรมเกษตรพอเพียง)",
        sector="students",
        origin="ตำบลบ้านตุ่น อำเภอเมืองพะเยา",
        n_male=12,
        n_female=15,
        n_other=0,
        n_child=24,
        n_total=27,
        topics=("canal", "compost", "mulch"),
        satisfaction=5,
        suggestion="อยากให้มีป้ายบอกทาง",
        received_on=_day(number),
    )


def _followup(visit: VisitItem, number: int) -> FollowupItem:
    return FollowupItem(
        id=f"018d1111-0000-7000-8000-{number:012}",
        version=1,
        content_sha256="b" * 64,
        centre_code=visit.centre_code,
        visit_id=visit.id,
        visit_date=visit.visit_date,
        visit_people=visit.n_total,
        group_name=visit.group_name,
        followed_on=visit.visit_date + timedelta(days=30),
        step_months=1,
        method="call",
        used="used",
        n_followed=6,
        n_used=4,
        topics=("compost",),
        outcomes=("save", "earn"),
        plot_rai=1.5,
        baht_saved_month=1200.0,
        baht_earned_month=850.0,
        passed_on_to=3,
        reason=None,
        next_step="เยี่ยมแปลงเดือนหน้า",
        received_on=visit.visit_date,
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]])
