"""The photo pages: four to a page, each with what, when, where, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from app.packets.frozen.content import Content, PhotoItem
from app.packets.frozen.naming import SHORT_SHA
from app.packets.report import phrases
from app.packets.report.printed import date_and_time, distance, table_date, thai_int, thai_text
from app.packets.report.tabular import centre_heading
from app.packets.survey import Shot


def photo_pages(content: Content, shots: Sequence[Shot]) -> list[dict[str, Any]]:
    """Photos centre by centre, each with its caption lines; no file means a placeholder box."""
    centres = {centre.code: centre for centre in content.centres}
    received = (photo for photo in content.photos if photo.state != "awaited")
    order = {photo.id: number for number, photo in enumerate(received, start=1)}
    subjects = _subjects(content)
    return [
        {
            "heading": centre_heading(centres[code]) if code in centres else code,
            "items": [
                {
                    "file": shot.report_file or "",
                    "title": f"ภาพที่ {thai_int(order[shot.photo.id])} {_caption(shot, subjects)}",
                    "lines": _photo_lines(shot.photo),
                }
                for shot in found
            ],
        }
        for code, found in groupby(shots, key=lambda shot: shot.photo.centre_code)
    ]


def _subjects(content: Content) -> dict[str, str]:
    named = {}
    for visit in content.visits:
        kind = content.label("visit_kinds", visit.kind)
        named[visit.id] = f"{kind} {visit.group_name or ''} {table_date(visit.visit_date)}"
    for check in content.followups:
        named[check.id] = f"ติดตามผู้เรียนรู้ {check.group_name or ''} {table_date(check.followed_on)}"
    return named


def _caption(shot: Shot, subjects: dict[str, str]) -> str:
    photo = shot.photo
    kind = phrases.SUBJECTS.get(photo.subject_kind, "")
    return thai_text(photo.caption or subjects.get(photo.subject_id) or kind, 110)


def _photo_lines(photo: PhotoItem) -> list[str]:
    told = (
        phrases.POSITION_SOURCES.get(photo.position_source, "") if photo.lat is not None else "",
        phrases.TIME_SOURCES.get(photo.time_source, "") if photo.taken_at else "",
    )
    source = phrases.PHOTO_SOURCES.get(photo.source, "")
    lines = (
        date_and_time(photo.taken_at) if photo.taken_at else "ไม่ทราบเวลาที่ถ่าย",
        position_line(photo),
        " ".join(filter(None, told)),
        f"{source} รหัสภาพ {photo.original_sha256[:SHORT_SHA]}".strip(),
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
