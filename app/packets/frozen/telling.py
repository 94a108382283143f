"""Every record of a list in one shape: which it is, whose, of which day, when it came.

What changed between editions and what came late are told from this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.packets.frozen.content import (
    AssessmentItem,
    Content,
    FollowupItem,
    PhotoItem,
    PlanRow,
    ReportCell,
    ResultRow,
    SealItem,
    VisitItem,
)
from app.shared.clock import bangkok_day

WORDS_MOST = 160  # characters: a line of the report, two at most
KIND_WORDS = {
    "visit": "สมุดผู้มาใช้บริการ",
    "followup": "การติดตามผล",
    "photo": "ภาพถ่าย",
    "activity": "กิจกรรมการเรียนรู้",
    "assessment": "ผลการประเมิน",
    "network_order": "คำสั่งเครือข่าย",
    "plan_item": "แผน",
    "plan_result": "ผลตามแผน",
    "post": "การประชาสัมพันธ์",
    "document": "เอกสาร",
    "report": "รายงาน",
    "seal": "การปิดไตรมาส",
    "centre": "ทะเบียนศูนย์",
}
"""What readers call each kind of `Told`, in the order in which they are listed."""
STATE_WORDS = {
    "not_due": "ยังไม่ถึงกำหนด",
    "missing": "ยังไม่ส่ง",
    "submitted": "ส่งแล้ว",
    "returned": "ส่งกลับแก้ไข",
    "accepted": "รับรองแล้ว",
    "waived": "ยกเว้น",
}
"""What readers call the states of a `ReportCell`."""
_SUBJECT_WORDS = {
    "visit": "ผู้มาใช้บริการ", "followup": "การติดตามผล", "activity": "กิจกรรม", "centre": "ศูนย์",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One record.  `mark`: what makes it another one than under the same id in another list."""

    kind: str
    id: str
    mark: tuple[Any, ...]
    centre_code: str | None
    district_code: str
    day: date
    received_on: date | None
    words: str  # one line


def told(content: Content) -> Iterator[Told]:
    """Every record of the list, kind by kind in the order of `KIND_WORDS`."""
    districts = {centre.code: centre.district_code for centre in content.centres}
    titles = {row.id: row.title for row in content.plan_rows}
    of_centres: tuple[tuple[str, Any, str, Callable[[Any], str]], ...] = (
        ("visit", content.visits, "visit_date", lambda visit: _visit(content, visit)),
        ("followup", content.followups, "followed_on", lambda check: _followup(content, check)),
        ("photo", content.photos, "day", _photo),
    )
    for kind, items, day, words in of_centres:
        for item in items:
            district = districts.get(item.centre_code, "")
            yield _told(kind, item, district, getattr(item, day), words(item))
    records: tuple[tuple[str, Any, str, Callable[[Any], str]], ...] = (
        ("activity", content.activities, "held_on", lambda item: item.title),
        ("assessment", content.assessments, "assessed_on", lambda a: _assessment(content, a)),
        ("network_order", content.network_orders, "dated_on", lambda o: f"คำสั่งที่ {o.order_no}"),
        ("plan_item", content.plan_rows, "starts_on", _plan),
        ("plan_result", content.result_rows, "reported_on", lambda r: _result(titles, r)),
        ("post", content.posts, "posted_on", lambda item: item.title),
        ("document", content.documents, "dated_on", lambda item: item.title),
    )
    for kind, items, day, words in records:
        for item in items:
            yield _told(kind, item, item.district_code, getattr(item, day), words(item))
    yield from (_report(cell) for cell in content.cells)
    yield from (_seal(content, seal) for seal in content.seals)
    for centre in content.centres:
        yield Told(
            "centre", centre.code, (centre,), centre.code, centre.district_code,
            content.last_day, None, one_line(centre.name),
        )  # fmt: skip


def one_line(text: str) -> str:
    """`text` without line breaks, cut where a line would not hold it."""
    line = " ".join(text[: 4 * WORDS_MOST].split())
    return line if len(line) <= WORDS_MOST else line[: WORDS_MOST - 1].rstrip() + "…"


def _told(kind: str, item: Any, district: str, day: date, words: str) -> Told:
    """A file that came, or a grade that was decided, is a change without a new version."""
    facts = (getattr(item, "state", None), getattr(item, "decided_grade", None))
    return Told(
        kind, item.id, (item.version, *facts), item.centre_code, district, day,
        item.received_on, one_line(words),
    )  # fmt: skip


def _visit(content: Content, visit: VisitItem) -> str:
    """No names of persons: a group is not one."""
    kind = content.label("visit_kinds", visit.kind)
    return f"{kind} {(visit.group_name or '')[:WORDS_MOST]} {visit.n_total} คน"


def _followup(content: Content, check: FollowupItem) -> str:
    use = content.label("followup_uses", check.used)
    return f"{(check.group_name or '')[:WORDS_MOST]} {use}"


def _photo(photo: PhotoItem) -> str:
    of = _SUBJECT_WORDS.get(photo.subject_kind, "")
    return f"ภาพ{of} {photo.original_sha256[:8]} {(photo.caption or '')[:WORDS_MOST]}"


def _assessment(content: Content, assessment: AssessmentItem) -> str:
    return f"{content.label('grades', assessment.grade)} ร้อยละ {assessment.percent:g}"


def _plan(row: PlanRow) -> str:
    return f"{row.title} (ยกเลิก)" if row.dropped_reason else row.title


def _result(titles: dict[str, str], result: ResultRow) -> str:
    return f"{titles.get(result.item_id, '')} ร้อยละ {result.done_percent}"


def _report(cell: ReportCell) -> Told:
    """One that came in time has no day of arrival: a later edition of it makes it no late one."""
    came = cell.first_sent_on or cell.submitted_on
    centre = None if cell.unit_code == cell.district_code else cell.unit_code
    state = STATE_WORDS.get(cell.state, cell.state)
    return Told(
        "report", f"{cell.occurrence}/{cell.unit_code}", (cell.state, cell.edition), centre,
        cell.district_code, cell.due_on, came if cell.late else None,
        one_line(f"{cell.title}: {state}"),
    )  # fmt: skip


def _seal(content: Content, seal: SealItem) -> Told:
    names = {district.code: district.name for district in content.districts}
    day = bangkok_day(seal.sealed_at)
    name = names.get(seal.district_code, seal.district_code)
    return Told(
        "seal", seal.district_code, (seal.sealed_at,), None, seal.district_code, day, None,
        one_line(f"ปิดไตรมาส อำเภอ{name} โดย {seal.sealed_by}"),
    )  # fmt: skip
