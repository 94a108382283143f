"""The photo pages: each photo with what, when, where, who says so, and what was asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.packets.frozen.content import Content, FindingItem, PhotoItem
from app.packets.frozen.naming import SHORT_SHA
from app.packets.report import phrases
from app.packets.report.chapters import Picture
from app.packets.report.printed import (
    NONE,
    WHOLE,
    date_and_time,
    distance,
    long_date,
    printable,
    table_date,
    thai_int,
    thai_text,
)
from app.packets.report.tabular import Table, column, rows_of, table

FINDINGS_SHOWN = 2  # below a picture; the table after the pictures has all of them, whole
FINDING_LIMIT = 150  # characters below a picture: three lines of a column


def picture(
    content: Content, photo: PhotoItem, number: int, file: str, subjects: Mapping[str, str]
) -> Picture:
    """One photo of the pages; `file` is empty when it cannot be shown."""
    caption = photo_caption(photo, subjects)
    title = f"ภาพที่ {thai_int(number)} {caption}"
    lines = [*photo_lines(photo), *_finding_lines(photo)]
    where = f" {thai_text(photo.place, 80)}" if photo.place else ""
    alt = f"{title}{where} {long_date(photo.day)}"
    return {"file": file, "title": title, "alt": alt, "lines": lines}


def subject_names(content: Content, code: str) -> dict[str, str]:
    """What each record of a centre is called in the caption of a photo, by its id."""
    named = {}
    for visit in content.visits:
        if visit.centre_code == code:
            kind = content.label("visit_kinds", visit.kind)
            named[visit.id] = f"{kind} {visit.group_name or ''} {table_date(visit.visit_date)}"
    for check in content.followups:
        if check.centre_code == code:
            who = check.group_name or ""
            named[check.id] = f"ติดตามผู้เรียนรู้ {who} {table_date(check.followed_on)}"
    for each in content.activities:
        if each.centre_code == code:
            named[each.id] = f"{each.title} {table_date(each.held_on)}"
    for sheet in content.assessments:
        if sheet.centre_code == code:
            named[sheet.id] = f"ประเมินศักยภาพ {table_date(sheet.assessed_on)}"
    return named


def photo_caption(photo: PhotoItem, subjects: Mapping[str, str]) -> str:
    """What the photo shows, or of which record it is."""
    kind = phrases.SUBJECTS.get(photo.subject_kind, "")
    return thai_text(photo.caption or subjects.get(photo.subject_id) or kind, 160)


def photo_lines(photo: PhotoItem) -> list[str]:
    """When, where, how far, and how each of these is known."""
    told = (
        phrases.POSITION_SOURCES.get(photo.position_source, "") if photo.lat is not None else "",
        phrases.TIME_SOURCES.get(photo.time_source, "") if photo.taken_at else "",
    )
    source = phrases.PHOTO_SOURCES.get(photo.source, "")
    code = f" รหัสตรวจสอบ {printable(photo.code, 40)}" if photo.code else ""
    lines = (
        thai_text(photo.place, 120),
        date_and_time(photo.taken_at) if photo.taken_at else "ไม่ทราบเวลาที่ถ่าย",
        position_line(photo),
        " ".join(filter(None, (source, *told))),
        f"รหัสภาพ {photo.original_sha256[:SHORT_SHA]}{code}",
    )
    return [line for line in lines if line]


def position_line(photo: PhotoItem) -> str:
    """Say how far from the centre it was taken, and how well that is known."""
    if photo.lat is None:
        return "ไม่มีพิกัด"
    accuracy = f" (± {distance(photo.accuracy_m)})" if photo.accuracy_m is not None else ""
    if photo.distance_m is None:
        return f"มีพิกัด{accuracy} ไม่ทราบระยะจากศูนย์"
    band = phrases.BANDS.get(photo.band, "")
    return f"ห่างจากศูนย์ {distance(photo.distance_m)}{accuracy} {band}"


def _finding_lines(photo: PhotoItem) -> list[str]:
    lines = [_short(finding) for finding in photo.findings[:FINDINGS_SHOWN]]
    more = len(photo.findings) - FINDINGS_SHOWN
    if more > 0:
        lines.append(f"และข้อสังเกตอื่นอีก {thai_int(more)} ข้อ ดูตารางข้อสังเกตท้ายภาพถ่าย")
    return lines


def _short(finding: FindingItem) -> str:
    answer = f" คำชี้แจง: {thai_text(finding.answer, 200)}" if finding.answer else ""
    said = f"ข้อสังเกต: {thai_text(finding.text, 200)}{answer}"
    if len(said) > FINDING_LIMIT:
        said = f"{said[: FINDING_LIMIT - 1].rstrip()}…"
    return f"{said} ({decision(finding)})"


def decision(finding: FindingItem) -> str:
    """What was decided, or what is still waited for."""
    if finding.decision:
        return phrases.DECISIONS.get(finding.decision, printable(finding.decision, 40))
    return "รอพิจารณา" if finding.answer else "รอคำชี้แจง"


def findings_table(photos: Sequence[PhotoItem], numbers: Mapping[str, int]) -> Table:
    """Every question about these photos, with answers and decisions, whole."""
    columns = [
        column("ภาพที่", "1.3cm", "center"),
        column("ข้อสังเกต", "1.2fr"),
        column("คำชี้แจง", "1fr"),
        column("ผลพิจารณา", "1fr"),
    ]
    rows = [
        [
            thai_int(numbers.get(photo.id)),
            thai_text(finding.text, WHOLE),
            _with_name(thai_text(finding.answer, WHOLE), finding.answered_by),
            _with_name(_decided(finding), finding.decided_by),
        ]
        for photo in photos
        for finding in photo.findings
    ]
    return table("ข้อสังเกตเกี่ยวกับภาพถ่าย คำชี้แจง และผลพิจารณา", columns, rows_of(rows))


def _decided(finding: FindingItem) -> str:
    note = f": {thai_text(finding.decision_note, WHOLE)}" if finding.decision_note else ""
    return f"{decision(finding)}{note}"


def _with_name(words: str, by: str | None) -> str:
    if not words:
        return NONE
    return f"{words} (โดย {printable(by, 80)})" if by else words
