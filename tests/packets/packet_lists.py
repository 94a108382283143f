"""Frozen lists and photo files for tests: small, ordinary, with every date fixed."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from app.packets.frozen.content import (
    ActivityItem,
    AssessmentItem,
    CentreItem,
    Content,
    DistrictItem,
    DocumentItem,
    FindingItem,
    FollowupItem,
    MemberItem,
    NetworkOrderItem,
    PhotoItem,
    PlanRow,
    PostItem,
    ReportCell,
    Request,
    ResultRow,
    Scope,
    ScoreItem,
    SealItem,
    SideShare,
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
    Word("five_p", "place", "Place สถานที่"),
    Word("five_p", "people", "People บุคลากร"),
    Word("five_p", "product", "Product ผลผลิต"),
    Word("five_p", "promotion", "Promotion ประชาสัมพันธ์"),
    Word("five_p", "pass_on", "Pass on Perfect ส่งต่อ"),
    Word("strategies", "repair", "ซ่อม"),
    Word("strategies", "strengthen", "เสริม"),
    Word("strategies", "build", "สร้าง"),
    Word("grades", "A", "A ต้นแบบศูนย์เรียนรู้"),
    Word("grades", "B", "B เสริมสร้างสู่ต้นแบบ"),
    Word("grades", "C", "C ปรับตัวสู่การพัฒนา"),
    Word("sectors", "government", "ภาครัฐ"),
    Word("sectors", "academia", "ภาควิชาการ"),
    Word("sectors", "religious", "ภาคศาสนา"),
    Word("sectors", "citizens", "ภาคประชาชน"),
    Word("sectors", "business", "ภาคเอกชน"),
    Word("sectors", "civil_society", "ภาคประชาสังคม"),
    Word("sectors", "media", "ภาคสื่อสารมวลชน"),
    Word("activity_kinds", "aow_mue", "เอามื้อสามัคคี"),
    Word("activity_kinds", "training", "ฝึกอบรม"),
    Word("document_kinds", "order", "คำสั่ง"),
    Word("document_kinds", "certificate", "ใบประกาศ/ใบรับรองมาตรฐาน"),
    Word("document_kinds", "screenshot", "ภาพหน้าจอโพสต์"),
    Word("order_acts", "appoint", "แต่งตั้ง"),
    Word("order_acts", "review", "ทบทวน"),
    Word("budget_sources", "none", "ไม่ใช้งบประมาณ"),
    Word("budget_sources", "department", "งบกรมการพัฒนาชุมชน"),
    Word("channels", "facebook", "Facebook"),
    Word("channels", "line", "LINE"),
)


@dataclass(frozen=True)
class FolderSources:
    """Renditions, originals and documents in one folder, named by digest."""

    root: Path

    def view(self, sha256: str) -> Path:
        """Place of a rendition."""
        return self.root / f"view-{sha256}"

    def original(self, sha256: str) -> Path:
        """Place of an original."""
        return self.root / f"original-{sha256}"

    def thumb(self, sha256: str) -> Path:
        """Place of a small rendition."""
        return self.root / f"thumb-{sha256}"

    def document(self, sha256: str) -> Path:
        """Place of a document's file."""
        return self.root / f"document-{sha256}"

    def path(self, key: str, /) -> Path:
        """Place of the file that the store calls `key`."""
        prefix, sha256 = key.split("/", maxsplit=1)[0], key.rsplit("/", maxsplit=1)[-1]
        kinds = {"renditions": (self.thumb, self.view), "originals": (self.document, self.original)}
        first, usual = (place(sha256) for place in kinds[prefix])
        return first if first.is_file() else usual

    def size(self, key: str, /) -> int | None:
        """Bytes of that file, or None."""
        place = self.path(key)
        return place.stat().st_size if place.is_file() else None


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
    wide, high = sizes[number % 3]
    view, original = jpeg(number, (wide, high)), f"original {number}".encode()
    thumb = jpeg(number, (wide // 5, high // 5))
    view_sha256, original_sha256 = (hashlib.sha256(b).hexdigest() for b in (view, original))
    thumb_sha256 = hashlib.sha256(thumb).hexdigest()
    sources.view(view_sha256).write_bytes(view)
    sources.thumb(thumb_sha256).write_bytes(thumb)
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
        view_bytes=len(view),
        thumb_sha256=thumb_sha256,
        original_name="jpg",
        code="7Q2KD-0XM4T",
        place="แถว ต.บ้านตุ่น อ.เมืองพะเยา จ.พะเยา",
        received_on=date(2024, 2, 14),
    )
    return replace(ordinary, **facts)


def make_finding(**facts: object) -> FindingItem:
    """A question about a photo that was answered and settled."""
    ordinary = FindingItem(
        code="far_from_centre",
        text="ตำแหน่งของภาพอยู่ห่างจากศูนย์ 640 เมตร ถ่ายที่ใด",
        answer="ถ่ายที่แปลงขยายผลของสมาชิก",
        answered_by="นางสาวพัชรี ทดสอบ",
        decision="settled",
        decision_note="ตรวจสอบแล้ว",
        decided_by="นายวิชัย ผู้ตรวจ",
    )
    return replace(ordinary, **facts)


def make_activity(number: int = 1, **facts: object) -> ActivityItem:
    """A joint work day at the centre."""
    ordinary = ActivityItem(
        **_record(number, "3333", "c"),
        held_on=date(2024, 2, 1 + number % 28),
        ended_on=None,
        kind=("aow_mue", "training")[number % 2],
        sides=("place", "pass_on"),
        title=f"เอามื้อสามัคคี ขุดคลองไส้ไก่ ครั้งที่ {number}",
        lead="พัฒนากรประจำตำบล",
        partners=("government", "religious"),
        n_male=12,
        n_female=18,
        n_youth=5,
        n_total=30,
        result="ขุดคลองไส้ไก่ได้ 120 เมตร",
        problems="น้ำน้อย",
        plan_item_id=None,
    )
    return replace(ordinary, **facts)


def make_document(
    sources: FolderSources | None = None, number: int = 1, **facts: object
) -> DocumentItem:
    """A certificate as PDF, its file written where `sources` finds it.

    An awaited one has `state="awaited"` and no file.
    """
    data = f"%PDF-1.7\n% {number}\n%%EOF\n".encode()
    digest = hashlib.sha256(data).hexdigest()
    if sources and facts.get("state") != "awaited":
        sources.document(digest).write_bytes(data)
    ordinary = DocumentItem(
        **_record(number, "4444", "d"),
        dated_on=date(2024, 2, 1 + number % 28),
        kind="certificate",
        title=f"ใบรับรองมาตรฐาน {number}",
        note=None,
        subject_kind=None,
        subject_id=None,
        state="received",
        file_sha256=digest,
        file_bytes=len(data),
        file_type="application/pdf",
        extension="pdf",
    )
    return replace(ordinary, **facts)


def make_order(number: int = 1, **facts: object) -> NetworkOrderItem:
    """The order in force of a district, with a member of two sectors."""
    ordinary = NetworkOrderItem(
        **_record(number, "5555", "e") | {"centre_code": None},
        dated_on=date(2024, 2, 9),
        fiscal_year=2567,
        order_no=f"{number}/2567",
        act="appoint",
        members=(
            MemberItem("นายประเสริฐ เมืองงาม", "ที่ทำการปกครองอำเภอเมืองพะเยา", "government", "ประธาน"),
            MemberItem("พระครูสุวรรณ ธรรมรังษี", "วัดบ้านตุ่น", "religious", None),
        ),
        sectors=("government", "religious"),
        note=None,
    )
    return replace(ordinary, **facts)


def make_score(criterion: str = "place_layout", **facts: object) -> ScoreItem:
    """Four of five points for how the plot is laid out."""
    ordinary = ScoreItem(
        criterion=criterion,
        label="แบ่งพื้นที่โคก หนอง นา ครบและใช้ประโยชน์จริง",
        side="place",
        points=4,
        most=5,
        note="ครบทั้งสามส่วน",
        evidence=2,
    )
    return replace(ordinary, **facts)


def make_assessment(number: int = 1, **facts: object) -> AssessmentItem:
    """A centre that came from C to B, as the reviewer confirmed."""
    ordinary = AssessmentItem(
        **_record(number, "6666", "f"),
        assessed_on=date(2024, 2, 12),
        fiscal_year=2567,
        assessor="นางสาวพัชรี ทดสอบ",
        scores=(
            make_score(),
            make_score(
                "people_owner",
                label="เจ้าของแปลงผ่านอบรมและลงมือทำต่อเนื่อง",
                side="people",
                points=2,
                note=None,
                evidence=0,
            ),
        ),
        problems="ขาดแหล่งน้ำในฤดูแล้ง",
        needs="บ่อน้ำตื้น",
        strategies=("strengthen",),
        target_grade="A",
        computed_grade="B",
        proposed_grade="B",
        decided_grade="B",
        decided_by="นายวิชัย ผู้ตรวจ",
        decision_reason="หลักฐานครบ",
        points=6,
        percent=60.0,
        sides=(SideShare("place", 80.0), SideShare("people", 40.0)),
        earlier_grade="C",
    )
    return replace(ordinary, **facts)


def make_plan_row(number: int = 1, **facts: object) -> PlanRow:
    """A line of the plan: repair the pond."""
    ordinary = PlanRow(
        **_record(number, "7777", "7"),
        fiscal_year=2567,
        side="place",
        strategy="repair",
        title=f"ปรับปรุงคลองไส้ไก่ ระยะที่ {number}",
        problem="คลองตื้นเขิน",
        target="คลอง 1 สาย ยาว 120 เมตร",
        starts_on=date(2024, 2, 15),
        ends_on=date(2024, 6, 30),
        budget_baht=20_000,
        budget_source="department",
        responsible="สพอ.เมืองพะเยา",
        partners=("government", "citizens"),
        dropped_reason=None,
    )
    return replace(ordinary, **facts)


def make_result_row(number: int = 1, **facts: object) -> ResultRow:
    """What came of the plan's line of the same number: half of it."""
    ordinary = ResultRow(
        **_record(number, "8888", "8"),
        item_id=f"018d7777-0000-7000-8000-{number:012}",
        reported_on=date(2024, 3, 20),
        done_percent=50,
        result="ขุดลอกแล้ว 60 เมตร",
        output="คลองไส้ไก่ 60 เมตร",
        spent_baht=9_500,
        obstacles="รถขุดไม่ว่าง",
        suggestions=None,
        evidence=(),
    )
    return replace(ordinary, **facts)


def make_post(number: int = 1, **facts: object) -> PostItem:
    """A post of the district's page."""
    ordinary = PostItem(
        **_record(number, "9999", "9"),
        posted_on=date(2024, 2, 1 + number % 28),
        channel="facebook",
        title=f"เอามื้อสามัคคีบ้านตุ่น ตอนที่ {number}",
        url=f"https://www.facebook.com/cdd.phayao/posts/{number}",
        side="promotion",
        read_on=date(2024, 3, 15),
        views=1200,
        likes=85,
        shares=12,
        screenshot_id=None,
    )
    return replace(ordinary, **facts)


def make_cell(occurrence: str = "progress_2", **facts: object) -> ReportCell:
    """The district's second progress report, accepted in time."""
    ordinary = ReportCell(
        occurrence=occurrence,
        title="รายงานความก้าวหน้า ครั้งที่ 2 (แบบ 8)",
        unit_code="5601",
        unit_name="เมืองพะเยา",
        district_code="5601",
        due_on=date(2024, 2, 15),
        state="accepted",
        edition=1,
        submitted_on=date(2024, 2, 14),
        decided_on=date(2024, 2, 16),
        late=False,
        reason=None,
    )
    return replace(ordinary, **facts)


def make_seal(**facts: object) -> SealItem:
    """The district's quarter, closed by the reviewer."""
    ordinary = SealItem("5601", "นายวิชัย ผู้ตรวจ", datetime(2024, 4, 1, 4, 0, tzinfo=UTC))
    return replace(ordinary, **facts)


def _record(number: int, group: str, digit: str) -> dict[str, Any]:
    return {
        "id": f"018d{group}-0000-7000-8000-{number:012}",
        "version": 1,
        "content_sha256": digit * 64,
        "district_code": "5601",
        "centre_code": "5601-001",
        "received_on": date(2024, 2, 20),
    }


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
        districts=(DistrictItem("5601", "เมืองพะเยา"),),
    )
    return replace(ordinary, **facts)


def make_full_content(sources: FolderSources, **facts: object) -> Content:
    """A small quarter in which there is one of everything that a list can hold.

    Photo 1 belongs to the visit and has a finding, photo 2 to the activity; document 3 is awaited.
    """
    activity, order, post = make_activity(1), make_order(1), make_post(1)
    scan = make_document(
        sources, 1, kind="order", title="คำสั่งแต่งตั้งเครือข่าย", centre_code=None,
        subject_kind="network_order", subject_id=order.id,
    )  # fmt: skip
    screenshot = make_document(
        sources, 2, kind="screenshot", title="ภาพหน้าจอ", subject_kind="post", subject_id=post.id
    )
    ordinary = make_content(
        visits=(make_visit(1, has_contact=True),),
        followups=(make_followup(1),),
        photos=(
            make_photo(sources, 1, findings=(make_finding(),)),
            make_photo(sources, 2, subject_kind="activity", subject_id=activity.id),
        ),
        activities=(activity,),
        documents=(scan, screenshot, make_document(sources, 3, state="awaited")),
        network_orders=(order,),
        assessments=(make_assessment(1),),
        plan_rows=(make_plan_row(1), make_plan_row(2, centre_code=None)),
        result_rows=(make_result_row(1),),
        posts=(replace(post, screenshot_id=screenshot.id),),
        cells=(make_cell(), make_cell("progress_3", title="รายงานความก้าวหน้า ครั้งที่ 3 (แบบ 8)",
               due_on=date(2024, 3, 15), state="submitted", submitted_on=date(2024, 3, 18),
               decided_on=None, late=True)),
        seals=(make_seal(),),
        site="https://lakthan.example",
    )  # fmt: skip
    return replace(ordinary, **facts)
