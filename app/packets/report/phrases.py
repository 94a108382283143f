"""The packet's own words, as officers write them.  A packet is a Thai document: no gettext here."""

from __future__ import annotations

from app.packets.frozen.content import CentreItem, Content, Scope
from app.packets.frozen.telling import STATE_WORDS

CENTRE_KIND_LINES = (
    "ศูนย์เรียนรู้การพัฒนาคุณภาพชีวิตตามหลักทฤษฎีใหม่",
    "ประยุกต์สู่ “โคก หนอง นา โมเดล”",
)

STATUSES = {"active": "เปิดให้บริการ", "paused": "พักชั่วคราว", "closed": "ปิดแล้ว"}
SUBJECTS = {
    "visit": "การมาใช้บริการ",
    "followup": "การติดตามผู้เรียนรู้",
    "activity": "กิจกรรมการเรียนรู้",
    "centre": "สภาพพื้นที่ศูนย์",
}
PHOTO_SOURCES = {
    "camera": "ถ่ายด้วยกล้องในระบบ",
    "picker": "เลือกจากคลังภาพ",
    "unknown": "ไม่ทราบที่มาของภาพ",
}
TIME_SOURCES = {
    "exif": "เวลาจากข้อมูลในภาพ",
    "exif_bangkok": "เวลาจากข้อมูลในภาพ",
    "xmp": "เวลาที่โปรแกรมบันทึกไว้ในไฟล์",
    "exif_changed": "เวลาที่แก้ไขภาพครั้งล่าสุด",
    "gps": "เวลาจากดาวเทียม",
    "device": "เวลาจากเครื่องขณะบันทึก",
}
POSITION_SOURCES = {
    "device": "พิกัดจากเครื่องขณะถ่าย",
    "exif": "พิกัดจากข้อมูลในภาพ",
    "pin": "พิกัดที่ปักหมุดเอง",
}
BANDS = {
    "inside": "ในบริเวณศูนย์",
    "near": "ใกล้ศูนย์",
    "far": "ไกลจากศูนย์",
    "unknown": "ไม่ทราบตำแหน่ง",
}
GAPS = {
    "awaited": "ยังอยู่ในโทรศัพท์ ระบบยังไม่ได้รับไฟล์เมื่อจัดทำชุดหลักฐาน",
    "unreadable": "เปิดภาพไม่ได้ ไฟล์ต้นฉบับเก็บไว้ตามที่ได้รับ",
    "not_processed": "ได้รับต้นฉบับแล้ว ยังทำภาพย่อไม่เสร็จเมื่อจัดทำชุดหลักฐาน",
    "destroyed": "ทำลายแล้วตามกำหนดเวลาเก็บรักษา เหลือเพียงข้อมูลว่าเคยมีภาพ",
    "view_missing": "ไม่พบไฟล์ภาพย่อในระบบ",
    "view_changed": "ไฟล์ภาพย่อไม่ตรงกับรหัสตรวจสอบที่บันทึกไว้",
    "view_damaged": "ไฟล์ภาพย่อชำรุด แสดงไม่ได้",
    "thumb_missing": "ไม่พบไฟล์ภาพขนาดเล็กในระบบ (ยังมีภาพย่อ)",
    "thumb_changed": "ไฟล์ภาพขนาดเล็กไม่ตรงกับรหัสตรวจสอบ (ยังมีภาพย่อ)",
    "thumb_damaged": "ไฟล์ภาพขนาดเล็กชำรุด (ยังมีภาพย่อ)",
    "original_missing": "ไม่พบไฟล์ต้นฉบับในระบบ หรือขนาดไม่ตรง (ยังมีภาพย่อ)",
    "original_changed": "ไฟล์ต้นฉบับไม่ตรงกับรหัสตรวจสอบที่บันทึกไว้ (ยังมีภาพย่อ)",
    "document_missing": "ไม่พบไฟล์เอกสารในระบบ",
    "document_changed": "ไฟล์เอกสารไม่ตรงกับรหัสตรวจสอบที่บันทึกไว้",
}
FILE_GAP = "ไฟล์ไม่ครบถ้วนหรือไม่ตรงกับรหัสตรวจสอบ"  # a reason that this list does not know yet

STATES = STATE_WORDS
DECISIONS = {"settled": "เรียบร้อย", "doubtful": "ยังมีข้อสงสัย"}
NOT_GRADED = "ยังไม่ได้ประเมิน"


def scope_name(scope: Scope) -> str:
    """อำเภอเมืองพะเยา จังหวัดพะเยา."""
    province = f"จังหวัด{scope.province_name}"
    if scope.kind == "province":
        return province
    if scope.kind == "district":
        return f"อำเภอ{scope.name} {province}"
    return f"{scope.name} อำเภอ{scope.district_name} {province}"


def office_name(scope: Scope) -> str:
    """The office that answers for the packet."""
    if scope.kind == "province":
        return f"สำนักงานพัฒนาชุมชนจังหวัด{scope.province_name}"
    district = scope.name if scope.kind == "district" else scope.district_name
    return f"สำนักงานพัฒนาชุมชนอำเภอ{district} จังหวัด{scope.province_name}"


def title(content: Content) -> str:
    """One line that names the packet, for lists and file properties."""
    return f"ชุดหลักฐาน {scope_name(content.scope)} ไตรมาส {content.quarter} ฉบับที่ {content.edition}"


def file_title(content: Content) -> str:
    """The Thai name of the file, without blanks and without what a file system refuses."""
    words = f"ชุดหลักฐาน {scope_name(content.scope)} {content.quarter} ฉบับที่ {content.edition}"
    kept = (c if c.isalnum() or c in "-_." or "\u0e31" <= c <= "\u0e4e" else "_" for c in words)
    return "".join(kept)[:80]


def signers(scope: Scope) -> tuple[str, str, str]:
    """Who signs, by title: the reporter, who checks, who certifies."""
    if scope.kind == "province":
        leader = f"ผู้ว่าราชการจังหวัด{scope.province_name}"
        return "ผู้รายงาน", f"พัฒนาการจังหวัด{scope.province_name}", leader
    district = scope.name if scope.kind == "district" else scope.district_name
    return district_signers(district or "")


def district_signers(name: str) -> tuple[str, str, str]:
    """Who signs a district's forms: the reporter, who checks, who certifies."""
    return "ผู้รายงาน", f"พัฒนาการอำเภอ{name}", f"นายอำเภอ{name}"


def place(centre: CentreItem, *, district: bool = False) -> str:
    """หมู่ที่ ๓ บ้านตุ่น ตำบลบ้านตุ่น, with the district where that is not plain."""
    village = centre.village or ""
    if village and not village.startswith("บ้าน"):
        village = f"บ้าน{village}"
    parts = [f"หมู่ที่ {centre.moo}" if centre.moo else "", village]
    parts.append(f"ตำบล{centre.subdistrict_name}")
    parts.append(f"อำเภอ{centre.district_name}" if district else "")
    return " ".join(part for part in parts if part)
