"""The report: a Thai document made by Typst, the same bytes for the same list.

`view` turns the list into the strings and tables of the document (pure); `write_reports` sets
them.  Typst gets its data as one JSON string and can read nothing but a fresh folder that holds
the template and the photos' small copies.  It decodes every photo it sets, so photos go in
volumes, each set by a process of its own; the first volume carries the text.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.packets.frozen.content import Content
from app.packets.report import phrases, sections, typeset
from app.packets.report.photo_pages import photo_pages
from app.packets.report.printed import (
    date_and_time,
    long_date,
    printable,
    quarter_name,
    thai_int,
    to_thai_digits,
)
from app.packets.survey import Shot, Survey

PHOTOS_PER_VOLUME = 120  # 1000 px photos: 0.4 GB in Typst, 30 pages, a file one can still mail
VOLUME_TIMEOUT_S = 100  # below the lease of 120 s; 4 000 visits take 8 s
TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "packets" / "report.typ"
_THAI_WORD = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2,20}")
FONT_FOLDER = Path(__file__).resolve().parents[3] / "static" / "dist" / "fonts"


class TypesettingFailed(Exception):
    """Typst wrote no PDF; says which volume and what Typst said."""


@dataclass(frozen=True, slots=True)
class Volume:
    """One PDF of the report: its file name and the photos in it."""

    number: int
    name: str
    shots: tuple[Shot, ...]


def volumes(shots: Sequence[Shot]) -> list[Volume]:
    """Split the photos: report.pdf, then report-photos-02.pdf and so on.  Always at least one."""
    found = []
    for number, start in enumerate(range(0, max(len(shots), 1), PHOTOS_PER_VOLUME), start=1):
        name = "report.pdf" if number == 1 else f"report-photos-{number:02}.pdf"
        found.append(Volume(number, name, tuple(shots[start : start + PHOTOS_PER_VOLUME])))
    return found


def write_reports(
    content: Content, survey: Survey, folder: Path, fonts: Path = FONT_FOLDER
) -> Iterator[Path]:
    """Set every volume of the report in `folder`; yields each PDF when it is written.

    `folder` is Typst's root and must hold nothing but what `survey` left there.

    Raises:
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
        subprocess.TimeoutExpired: one volume took longer than VOLUME_TIMEOUT_S.
    """
    shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
    every = volumes(survey.shots)
    for volume in every:
        data = view(content, survey, volume, every)
        yield _set(data, content, folder, volume.name, fonts)


def _set(data: dict[str, Any], content: Content, folder: Path, name: str, fonts: Path) -> Path:
    order = {
        "template": TEMPLATE.name,
        "output": name,
        "root": str(folder),
        "fonts": str(fonts),
        "timestamp": int(content.requested.at.timestamp()),
        "data": data,
    }
    done = subprocess.run(
        [sys.executable, "-I", typeset.__file__],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=VOLUME_TIMEOUT_S,
        check=False,
        env={},  # the typesetter has no business with our secrets
    )
    if done.returncode:
        raise TypesettingFailed(name, done.stderr.decode(errors="replace")[-2000:])
    return folder / name


def view(
    content: Content, survey: Survey, volume: Volume, every: Sequence[Volume]
) -> dict[str, Any]:
    """Return everything one volume says, as strings and tables of strings."""
    first = volume.number == 1
    return {
        "title": phrases.title(content),
        "cover": _cover(content, volume, every),
        "header": f"{phrases.scope_name(content.scope)} {quarter_name(content.quarter)}",
        "parts": sections.parts(content, survey) if first else [],
        "photos": photo_pages(content, volume.shots),
        "photo_note": _photo_note(volume, every),
        "signers": phrases.signers(content.scope) if first else [],
        "unbroken": _unbroken(content),
    }


def _cover(content: Content, volume: Volume, every: Sequence[Volume]) -> dict[str, Any]:
    period = f"{long_date(content.first_day)} – {long_date(content.last_day)}"
    facts = [
        ["ฉบับที่", thai_int(content.edition)],
        ["จัดทำเมื่อ", date_and_time(content.requested.at)],
        ["ผู้ขอจัดทำ", printable(content.requested.by, 60)],
        ["รหัสตรวจสอบรายการ", fingerprint(content)],
        ["ชื่อชุดหลักฐาน", content.identifier],
    ]
    if len(every) > 1:
        of = f"เล่มที่ {volume.number} จาก {len(every)} เล่ม"
        facts.insert(1, ["เล่ม", to_thai_digits(of)])
    return {
        "kind": "รายงานผลความก้าวหน้าและชุดหลักฐาน" if volume.number == 1 else "ภาพถ่าย (ต่อ)",
        "subject": phrases.CENTRE_KIND_LINES,
        "quarter": quarter_name(content.quarter),
        "period": f"({period})",
        "scope": phrases.scope_name(content.scope),
        "office": phrases.office_name(content.scope),
        "facts": facts,
    }


def fingerprint(content: Content) -> str:
    """First 16 hexadecimal digits of the list's SHA-256, in fours, as printed on the cover."""
    digits = content.list_sha256[:16]
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def _photo_note(volume: Volume, every: Sequence[Volume]) -> str:
    if volume.number == 1 and len(every) > 1:
        rest = f"ภาพถ่ายที่เหลืออยู่ในเล่มที่ 2 ถึงเล่มที่ {len(every)}"
        return f"{to_thai_digits(rest)} (ไฟล์ {every[1].name} เป็นต้นไป)"
    return ""


def _unbroken(content: Content) -> str:
    """A pattern of the place names in the list, longest first: no line may break inside one."""
    names = {content.scope.name, content.scope.province_name, content.scope.district_name}
    for centre in content.centres:
        names |= {centre.district_name, centre.subdistrict_name}
    plain = (name for name in names if name and _THAI_WORD.fullmatch(name))
    return "|".join(sorted(plain, key=lambda name: (-len(name), name)))
