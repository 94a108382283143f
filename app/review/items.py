"""The items of a submission as a reviewer walks through them: a page of one kind at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.findings.models import PhotoFinding
from app.findings.queries import Shown, shown
from app.followups.models import Followup
from app.photos.models import Photo
from app.photos.queries import counted_day, photos_in_scope, photos_named
from app.review.content import LISTED, Content
from app.review.mending import mended, versions_now
from app.review.models import ItemVerdict, Submission
from app.review.phrases import changes_of
from app.review.queries import edition_of, verdicts_of
from app.shared.clock import Quarter
from app.visits.models import Visit

PAGE_SIZE = 20  # each with its facts, two forms and perhaps its pictures
EARLIER_MOST = 4  # pictures of the quarter before, of each centre


@dataclass(slots=True)
class Row:
    """One item: as it was sent, as it is now, and what was said about it."""

    kind: str
    id: UUID
    version: int
    title: str
    day: date | None
    centre_code: str | None
    facts: Mapping[str, Any]
    verdict: ItemVerdict | None  # of this edition
    earlier: ItemVerdict | None  # sent back with an earlier edition
    touched: bool = False  # since it was sent back
    change: str = ""  # against the edition before: added, changed
    now: int | None = None  # its present version; None where it is struck out
    photo: Photo | None = None
    findings: Sequence[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a reviewer is with one edition."""

    items: int
    ok: int
    to_mend: int
    by_kind: Mapping[str, int]  # items judged

    @property
    def left(self) -> int:
        """Items without a word."""
        return self.items - self.ok - self.to_mend


def judged(session: Session, submission: Submission, content: Content) -> Judged:
    """Count what is judged of the newest edition.  What was in order and is the same still is."""
    versions = content.versions()
    words = [one for one in verdicts_of(session, submission).values() if _stands(one, submission)]
    held = [one for one in words if versions.get((one.item_kind, one.item_id)) == one.item_version]
    by_kind: dict[str, int] = {}
    for one in held:
        by_kind[one.item_kind] = by_kind.get(one.item_kind, 0) + 1
    ok = sum(1 for one in held if one.verdict == "ok")
    return Judged(len(versions), ok, len(held) - ok, by_kind)


def rows_of(
    session: Session, actor: Actor, submission: Submission, content: Content, kind: str, page: int
) -> list[Row]:
    """One page (from 1) of the items of a kind.  A fixed number of queries."""
    verdicts = verdicts_of(session, submission)
    rows = _plain_rows(session, content, kind, page)
    changes = _changes(session, submission, content)
    now = versions_now(session, {(row.kind, row.id) for row in rows})
    back = [one for one in verdicts.values() if one.edition < submission.edition]
    touched = mended(session, back)
    for row in rows:
        word = verdicts.get((kind, row.id))
        same = word is not None and word.item_version == row.version
        row.verdict = word if word and same and _stands(word, submission) else None
        row.earlier = word if word and row.verdict is None and word.verdict == "return" else None
        row.touched, row.now = row.id in touched, now.get(row.id)
        row.change = changes.get((kind, row.id), "")
    if kind == "photo":
        _add_pictures(session, actor, rows)
    return rows


def pages_of(content: Content, kind: str) -> int:
    """How many pages a kind has."""
    return max(1, -(-len(content.refs(kind)) // PAGE_SIZE))


def earlier_photos(
    session: Session, actor: Actor, codes: Collection[str], quarter: Quarter
) -> dict[str, list[Photo]]:
    """A few pictures of these centres (by code) of the quarter before `quarter`.  Two queries."""
    before = quarter.previous()
    place = func.row_number().over(
        partition_by=Photo.centre_id, order_by=(counted_day().desc(), Photo.id.desc())
    )
    ranked = (
        photos_in_scope(actor)
        .where(
            counted_day().between(before.first_day, before.last_day),
            Photo.thumb_sha256.is_not(None),
        )
        .with_only_columns(Photo.id, place.label("place"))
        .order_by(None)
        .subquery()
    )
    wanted = (
        photos_in_scope(actor)
        .join(ranked, ranked.c.id == Photo.id)
        .where(ranked.c.place <= EARLIER_MOST)
        .order_by(ranked.c.place)
    )
    found: dict[str, list[Photo]] = {}
    for photo in session.scalars(wanted):
        if photo.centre.code in codes:
            found.setdefault(photo.centre.code, []).append(photo)
    return found


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the items since the edition before."""

    added: int
    changed: int
    removed: int


def changes_since(session: Session, submission: Submission, content: Content) -> Changes | None:
    """How the newest edition differs from the one before; None for the first."""
    if submission.edition < 2:
        return None
    before = edition_of(session, submission, submission.edition - 1)
    if before is None:
        return None
    words = list(_changes(session, submission, content).values())
    gone = Content.of(before.content).versions().keys() - content.versions().keys()
    return Changes(words.count("added"), words.count("changed"), len(gone))


def _stands(word: ItemVerdict, submission: Submission) -> bool:
    """A word about an earlier edition stands if it was "in order"."""
    return word.edition == submission.edition or word.verdict == "ok"


def _changes(
    session: Session, submission: Submission, content: Content
) -> dict[tuple[str, Any], str]:
    if submission.edition < 2:
        return {}
    before = edition_of(session, submission, submission.edition - 1)
    return changes_of(content, Content.of(before.content)) if before else {}


def _plain_rows(session: Session, content: Content, kind: str, page: int) -> list[Row]:
    first = (page - 1) * PAGE_SIZE
    refs = content.refs(kind)[first : first + PAGE_SIZE]
    if kind in LISTED:
        return _listed_rows(session, kind, refs)
    told = {UUID(one["id"]): one for one in content.of_kind(kind)}
    return [_row(kind, id_, version, told[id_]) for id_, version in refs]


def _row(kind: str, id_: UUID, version: int, one: Mapping[str, Any]) -> Row:
    day = date.fromisoformat(one["day"])
    return Row(kind, id_, version, one["title"], day, one["centre_code"], one["facts"], None, None)


def _listed_rows(session: Session, kind: str, refs: Sequence[tuple[UUID, int]]) -> list[Row]:
    """Visits and follow-ups are only named in an edition: what they say is read as it is now."""
    model: Any = Visit if kind == "visit" else Followup
    wanted = select(model).where(model.id.in_([id_ for id_, _ in refs]))
    found = {one.id: one for one in session.scalars(wanted)}
    codes = _codes(session, {one.centre_id for one in found.values()})
    rows = []
    for id_, version in refs:
        one = found[id_]
        day = one.visit_date if kind == "visit" else one.followed_on
        rows.append(
            Row(kind, id_, version, "", day, codes.get(one.centre_id), _told(one), None, None)
        )
    return rows


def _told(one: Visit | Followup) -> dict[str, Any]:
    if isinstance(one, Visit):
        names = ("group_name", "kind", "n_total", "topics")
    else:
        names = ("used", "method", "n_followed", "n_used")
    return {name: getattr(one, name) for name in names}


def _codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Centre.id, Centre.code).where(Centre.id.in_(ids)))
    return {row.id: row.code for row in rows}


def _add_pictures(session: Session, actor: Actor, rows: Sequence[Row]) -> None:
    ids = [row.id for row in rows]
    photos = {photo.id: photo for photo in photos_named(session, actor, ids)}
    asked = session.scalars(
        select(PhotoFinding)
        .where(
            PhotoFinding.photo_id.in_(ids),
            PhotoFinding.decision.is_not(None) | PhotoFinding.withdrawn_at.is_(None),
        )
        .order_by(PhotoFinding.found_at, PhotoFinding.id)
    ).all()
    told = shown(session, actor, asked)
    for row in rows:
        row.photo = photos.get(row.id)
        row.findings = [one for one in told if one.finding.photo_id == row.id]
