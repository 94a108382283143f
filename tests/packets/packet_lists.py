"""Frozen lists and photo files for tests: small, ordinary, with every date fixed."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from PIL import Image, ImageDraw

from app.packets.frozen.content import (
    CentreItem,
    Content,
    FollowupItem,
    PhotoItem,
    Request,
    Scope,
    VisitItem,
    Word,
)

REQUESTED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
WORDS = (
    Word("plot_classes", "HLM3", "HLM 3 ไร่"),
    Word("visit_kinds", "study", "ศึกษาดูงาน"),
    Word("visit_kinds", "training", "เรียนรู้/อบรม"),
    Word("visit_kinds", "workday", "ทำกิจกรรม/เอามื้อสามัคคี"),
    Word("visitor_sectors", "citizens", "ประชาชนทั่วไป"),
    Word("visitor_sectors", "students", "นักเรียน/นักศึกษา"),
    Word("topics", "canal", "คลองไส้ไก่"),
    Word("topics", "compost", "ปุ๋ยหมัก"),
    Word("topics", "mulch", "ห่มดิน"),
    Word("followup_methods", "call", "โทรศัพท์"),
    Word("followup_methods", "home", "เยี่ยมบ้าน"),
    Word("followup_uses", "used", "ใช้แล้ว"),
    Word("followup_uses", "not_yet", "ยังไม่ใช้"),
    Word("outcomes", "save", "ลดรายจ่าย"),
    Word("outcomes", "earn", "เพิ่มรายได้"),
)


@dataclass(frozen=True)
class FolderSources:
    """Renditions and originals in one folder, named by digest."""

    root: Path

    def view(self, sha256: str) -> Path:
        """Place of a rendition."""
        return self.root / f"view-{sha256}"

    def original(self, sha256: str) -> Path:
        """Place of an original."""
        return self.root / f"original-{sha256}"


def make_centre(number: int = 1, **facts: object) -> CentreItem:
    """An ordinary centre of Mueang Phayao."""
    ordinary = CentreItem(
        code=f"5601-{number:03}",
        name=f"ศูนย์เรียนรู้บ้านตุ่นกลาง แปลงที่ {number}",
        district_code="5601",
        district_name="เมืองพะเยา",
        subdistrict_name="บ้านตุ่น",
        moo=3,
        village="ตุ่นกลาง",
        plot_class="HLM3",
        status="active",
        steward_name="นายสมชาย ใจดี",
        size_rai=3.0,
        lat=19.1919,
        lon=99.8786,
        radius_m=200.0,
    )
    return replace(ordinary, **facts)


def make_visit(number: int = 1, **facts: object) -> VisitItem:
    """A school group that came to see how it is done."""
    ordinary = VisitItem(
        id=f"018d0000-0000-7000-8000-{number:012}",
        version=1,
        content_sha256="a" * 64,
        centre_code="5601-001",
        visit_date=date(2024, 2, 1 + number % 28),
        time_in="09:00",
        time_out="11:30",
        kind=("study", "training", "workday")[number % 3],
        group_name="โรงเรียนบ้านตุ่น (ชมรมเกษตรพอเพียง)",
        sector=("students", "citizens")[number % 2],
        origin="ตำบลบ้านตุ่น อำเภอเมืองพะเยา",
        n_male=12,
        n_female=15,
        n_other=0,
        n_child=24,
        n_total=27,
        topics=("canal", "compost", "mulch"),
        satisfaction=5,
        suggestion="อยากให้มีป้ายบอกทาง",
        received_on=date(2024, 2, 14),
    )
    return replace(ordinary, **facts)


def make_followup(number: int = 1, **facts: object) -> FollowupItem:
    """A call a month later: most of them use it."""
    ordinary = FollowupItem(
        id=f"018d1111-0000-7000-8000-{number:012}",
        version=1,
        content_sha256="b" * 64,
        centre_code="5601-001",
        visit_id=f"018d0000-0000-7000-8000-{number:012}",
        visit_date=date(2024, 2, 13),
        visit_people=12,
        group_name="กลุ่มแม่บ้านบ้านตุ่น",
        followed_on=date(2024, 3, 14),
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
        received_on=date(2024, 3, 14),
    )
    return replace(ordinary, **facts)


def jpeg(number: int = 1, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture unlike the others: sky, field, and its own number of suns."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, height * 0.6, width, height), fill=(60, 120 + number % 80, 60))
    for sun in range(number % 7 + 1):
        x = width * (sun + 1) / 9
        draw.ellipse((x, 100, x + 90, 190), fill=(240, 190 - number % 90, 40))
    draw.text((40, height - 120), f"{number}", fill="white", font_size=80)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def make_photo(sources: FolderSources, number: int = 1, **facts: object) -> PhotoItem:
    """A processed photo of the first visit, its files written where `sources` finds them."""
    sizes = ((1600, 1200), (1200, 1600), (1600, 900))
    view, original = jpeg(number, sizes[number % 3]), f"original {number}".encode()
    view_sha256, original_sha256 = (hashlib.sha256(b).hexdigest() for b in (view, original))
    sources.view(view_sha256).write_bytes(view)
    sources.original(original_sha256).write_bytes(original)
    ordinary = PhotoItem(
        id=f"018d2222-0000-7000-8000-{number:012}",
        version=1,
        centre_code="5601-001",
        subject_kind="visit",
        subject_id="018d0000-0000-7000-8000-000000000001",
        state="processed",
        caption=None,
        day=date(2024, 2, 13),
        taken_at=datetime(2024, 2, 13, 2, 30, tzinfo=UTC),
        time_source="exif",
        source="camera",
        original_sha256=original_sha256,
        original_bytes=len(original),
        view_sha256=view_sha256,
        lat=19.192,
        lon=99.879,
        accuracy_m=12.0,
        position_source="device",
        distance_m=42.4,
        band="inside",
    )
    return replace(ordinary, **facts)


def make_content(**facts: object) -> Content:
    """An empty quarter of the district Mueang Phayao, but for what is given."""
    ordinary = Content(
        scope=Scope("district", "5601", "เมืองพะเยา", None, "พะเยา"),
        quarter="2567Q2",
        first_day=date(2024, 1, 1),
        last_day=date(2024, 3, 31),
        edition=1,
        requested=Request("นางสาวพัชรี ทดสอบ", REQUESTED),
        programme="khok_nong_na_2567/1",
        centres=(make_centre(),),
        visits=(),
        followups=(),
        photos=(),
        words=WORDS,
    )
    return replace(ordinary, **facts)
