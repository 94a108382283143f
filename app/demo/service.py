"""Recording the story through the services that real records pass.

What is already there is left alone - whatever somebody made of it since - so a second run
adds nothing and costs a few queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.service import load_areas
from app.demo import people
from app.demo.cast import Cast, add_accounts, add_centres, insist
from app.demo.cycle import YEAR, Deed
from app.demo.darkroom import Order, developed
from app.demo.followups import Check
from app.demo.photos import Print
from app.demo.reports import REVIEWER, decide_grades, missing_reports, record_report
from app.demo.story import Story, tell
from app.demo.visits import Entry
from app.followups.models import Followup
from app.followups.rules import VisitFacts, check_followup
from app.followups.service import record_followup
from app.photos.models import Photo
from app.photos.rules import check_photo
from app.photos.service import keep_original, receive_photo
from app.records.rules import check_fields
from app.records.service import record
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day
from app.shared.files import FileStore
from app.shared.work import Work
from app.visits.models import Visit
from app.visits.rules import check_visit
from app.visits.service import record_visit

BATCH = 20  # records per transaction: a progress line every second or so

Item = TypeVar("Item")
OpenWork = Callable[[], AbstractContextManager[Work]]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows this run added."""

    centres: int = 0
    accounts: int = 0
    visits: int = 0
    followups: int = 0
    photos: int = 0
    records: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Studio:
    """Where photographs go, what draws their letters, and how many processes may draw."""

    files: FileStore
    max_bytes: int
    font: Path | None = None
    processes: int = 1


def seed_demo(
    work: OpenWork, studio: Studio, programme: Programme, *, now: datetime, say: Tell
) -> Added:
    """Record everything of the story that is not there yet; returns what was added.

    `say` is given a line of progress every few items.  Photographs are received and rung for
    after each commit: what becomes of them is the workers' business.  Twice is harmless: every
    id follows from the story.
    """
    with work() as w:
        load_areas(w.session)
        n_centres = add_centres(w.session, programme, now)
        n_accounts = add_accounts(w.session, now)
        cast = Cast.of(w.session)
        story = tell(cast.places, cast.subdistricts, programme, bangkok_day(now))
        missing = _missing(w.session, story)
    say(f"demo: {len(cast.places)} centres, {len(people.PEOPLE)} accounts")
    for batch in _batches("visits", missing.entries, say):
        with work() as w:
            for entry in batch:
                _record_entry(w.session, entry, cast, programme, now)
    for checks in _batches("follow-ups", missing.checks, say):
        with work() as w:
            for check in checks:
                _record_check(w.session, check, cast, programme, now)
    for done in _batches("records", missing.deeds, say):
        with work() as w:
            for deed in done:
                _record_deed(w.session, deed, cast, programme, now)
    _hand_in(work, studio, missing.prints, cast, now=now, say=say)
    n_reports = _report(work, cast, programme, say)
    return Added(n_centres, n_accounts, len(missing.entries), len(missing.checks),
                 len(missing.prints), len(missing.deeds), n_reports)  # fmt: skip


def _missing(session: Session, story: Story) -> Story:
    """The part of the story that is not recorded yet, and still can be."""
    visits, checks, photos = (
        _known(session, model, [item.draft.id for item in items])
        for model, items in (
            (Visit, story.entries), (Followup, story.checks), (Photo, story.prints)
        )
    )  # fmt: skip
    known = {
        found
        for kind in {deed.kind.name: deed.kind for deed in story.deeds}.values()
        for found in _known(
            session, kind.model, [d.draft.id for d in story.deeds if d.kind is kind]
        )
    }
    touched = _touched(session, visits)
    lost = touched | {c.draft.id for c in story.checks if c.draft.visit_id in touched}
    return Story(
        tuple(e for e in story.entries if e.draft.id not in visits),
        tuple(c for c in story.checks if c.draft.id not in checks | lost),
        tuple(
            p for p in story.prints if p.draft.id not in photos and p.draft.subject.id not in lost
        ),
        tuple(d for d in story.deeds if d.draft.id not in known),
    )


def _touched(session: Session, ids: set[UUID]) -> set[UUID]:
    """Visits that somebody corrected, struck out or had forgotten: they go their own way now."""
    return set(session.scalars(select(Visit.id).where(Visit.id.in_(ids), Visit.version > 1)))


def _known(session: Session, model: Any, ids: list[UUID]) -> set[UUID]:
    return set(session.scalars(select(model.id).where(model.id.in_(ids))))


def _record_entry(
    session: Session, entry: Entry, cast: Cast, programme: Programme, now: datetime
) -> None:
    heard_at = min(entry.received_at, now)  # yesterday's phones may come into signal only later
    insist(check_visit(entry.draft, now=heard_at, programme=programme), entry.draft.id)
    record_visit(
        session, entry.draft, actor=cast.actors[entry.recorder], now=heard_at, programme=programme
    )


def _record_check(
    session: Session, check: Check, cast: Cast, programme: Programme, now: datetime
) -> None:
    heard_at = min(check.received_at, now)
    facts = VisitFacts.of(session.get_one(Visit, check.draft.visit_id))
    insist(
        check_followup(check.draft, visit=facts, now=heard_at, programme=programme),
        check.draft.id,
    )
    record_followup(
        session, check.draft, actor=cast.actors[check.recorder], now=heard_at, programme=programme
    )


def _record_deed(
    session: Session, deed: Deed, cast: Cast, programme: Programme, now: datetime
) -> None:
    heard_at = min(deed.draft.capture.at, now)
    problems = check_fields(deed.draft, deed.kind.fields, now=heard_at, programme=programme)
    insist(problems + deed.kind.check(deed.draft, programme), deed.draft.id)
    record(
        session, deed.kind, deed.draft, actor=cast.actors[deed.recorder], now=heard_at,
        programme=programme,
    )  # fmt: skip


def _report(work: OpenWork, cast: Cast, programme: Programme, say: Tell) -> int:
    """Send what the districts sent; the letter's year is over, so the days are all past."""
    with work() as w:
        decide_grades(w.session, cast, YEAR)
        missing = missing_reports(w.session, programme, cast.actors[REVIEWER])
    for batch in _batches("reports", missing, say):
        with work() as w:
            for report in batch:
                record_report(w.session, report, cast, programme)
    return len(missing)


def _hand_in(
    work: OpenWork,
    studio: Studio,
    prints: Sequence[Print],
    cast: Cast,
    *,
    now: datetime,
    say: Tell,
) -> None:
    """Draw the photographs, store their bytes, and record each in a transaction of its own."""
    orders = [Order(p.picture, p.shot, p.resaved, studio.font) for p in prints]
    for done, (made, jpeg) in enumerate(
        zip(prints, developed(orders, studio.processes), strict=True), start=1
    ):
        heard_at = min(made.received_at, now)
        insist(check_photo(made.draft, now=heard_at), made.draft.id)
        original = keep_original(studio.files, BytesIO(jpeg), max_bytes=studio.max_bytes)
        with work() as w:
            recorder_id = cast.actors[made.recorder].account_id
            receive_photo(w.session, original, made.draft, recorder_id=recorder_id, now=heard_at)
            w.after_commit("app.photos.jobs.process", photo_id=str(made.draft.id))
        if done % 10 == 0 or done == len(prints):
            say(f"demo: photos {done}/{len(prints)}")


def _batches(what: str, items: Sequence[Item], say: Tell) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
        done = min(start + BATCH, len(items))
        if done == len(items) or done % (5 * BATCH) == 0:
            say(f"demo: {what} {done}/{len(items)}")
