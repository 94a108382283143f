"""The demo's reports: what each district sent for the letter's rounds, and what the province said.

Most are accepted; a few wait to be checked, two were returned, one was never sent - so that officer
and reviewer each find something on their desks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.models import Assessment
from app.assessments.service import decide_grade
from app.demo.cast import Cast
from app.demo.people import officer_of
from app.review import service
from app.review.models import Submission
from app.review.steps import Reason
from app.review.units import Unit, units_of
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme, programme_key
from app.shared.clock import BANGKOK

REVIEWER = "reviewer"
BEFORE_THE_LETTER = "progress_1"  # its day had passed when the letter came
NEVER_SENT = {("progress_3", "5604")}
RETURNED = {("progress_3", "5606"), ("plan", "5605")}
WAITING = {("result_2024_03", "5602"), ("result_2024_03", "5608"), ("publicity_2024_09", "5606")}
LATE = {"5603", "5609"}  # a few days behind, as some are


@dataclass(frozen=True)
class Report:
    """One district's answer to one occurrence."""

    occurrence: Occurrence
    unit: Unit


def missing_reports(session: Session, programme: Programme, reviewer: Actor) -> list[Report]:
    """What the story tells and nobody has sent, waived or done otherwise yet, by due day."""
    key = programme_key(programme)
    known = {
        (row.occurrence, row.unit_code)
        for row in session.scalars(select(Submission).where(Submission.programme == key))
    }
    return [
        Report(occurrence, unit)
        for occurrence, unit in _told(session, programme, reviewer)
        if (occurrence.key, unit.code) not in known
    ]


def _told(
    session: Session, programme: Programme, reviewer: Actor
) -> Iterator[tuple[Occurrence, Unit]]:
    units = units_of(session, reviewer, "district")
    for occurrence in occurrences(programme):
        for unit in units:
            if occurrence.level == "district" and (occurrence.key, unit.code) not in NEVER_SENT:
                yield occurrence, unit


def record_report(session: Session, report: Report, cast: Cast, programme: Programme) -> None:
    """Send one, and decide it as the story says."""
    occurrence, unit = report.occurrence, report.unit
    officer, reviewer = cast.actors[officer_of(unit.code)], cast.actors[REVIEWER]
    name = (occurrence.key, unit.code)
    if occurrence.key == BEFORE_THE_LETTER:
        service.waive(
            session, programme, occurrence, unit, expected_version=0,
            reason=Reason("before_letter"), actor=reviewer, now=_at(occurrence.due_by, 9, 10),
        )  # fmt: skip
        return
    sent_at = _at(occurrence.due_by, 3 if unit.code in LATE else -2, 14)
    sent = service.submit(
        session, programme, occurrence, unit, seen_edition=0, actor=officer, now=sent_at,
        why_late="รอข้อมูลจากศูนย์บนดอย" if unit.code in LATE else None,
    )  # fmt: skip
    decided_at = sent_at + timedelta(days=1, hours=18)
    if name in RETURNED:
        service.return_(
            session, sent.id, expected_version=sent.version, actor=reviewer, now=decided_at,
            reason=Reason("detail", "ขอรายละเอียดกลุ่มเป้าหมายและภาพกิจกรรมเพิ่ม"),
        )  # fmt: skip
    elif name not in WAITING:
        service.accept(
            session, sent.id, expected_version=sent.version, actor=reviewer, now=decided_at
        )


def decide_grades(session: Session, cast: Cast, year: int) -> None:
    """The province confirms the year's grades but for one district's, which it has yet to see."""
    for assessment in _undecided(session, year):
        if assessment.district_code != "5607":
            decide_grade(
                session, assessment.id, assessment.proposed_grade, None,
                expected_version=assessment.version, actor=cast.actors[REVIEWER],
                now=_at(assessment.assessed_on, 10, 11),
            )  # fmt: skip


def _undecided(session: Session, year: int) -> Sequence[Assessment]:
    return session.scalars(
        select(Assessment).where(
            Assessment.fiscal_year == year,
            Assessment.decided_grade.is_(None),
            Assessment.version == 1,
            Assessment.deleted_at.is_(None),
        )
    ).all()


def _at(day: date, days: int, hour: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(hour), BANGKOK).astimezone(UTC)
