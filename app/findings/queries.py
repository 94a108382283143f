"""Reading findings, always within an actor's scope; struck-out photos' are left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.findings.models import FindingKind, PhotoFinding
from app.photos.models import Photo
from app.photos.queries import photos_named, with_record
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of

Stage = Literal["open", "answered", "decided"]
STAGES: tuple[Stage, ...] = ("open", "answered", "decided")
PAGE_SIZE = 20  # each with its picture and two forms
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What a reader asked to see.  `area` is the code of a district or subdistrict."""

    stage: Stage = "open"
    kind: FindingKind | None = None
    centre_id: UUID | None = None
    area: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on `PhotoFinding` joined to its photo and centre; not the stage."""
        found: list[ColumnElement[bool]] = []
        if self.kind:
            found.append(PhotoFinding.kind == self.kind)
        if self.centre_id:
            found.append(Photo.centre_id == self.centre_id)
        if self.area:
            found.append(Centre.subdistrict_code.startswith(self.area, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as its reader sees it: its sentences, and who answered and decided."""

    finding: PhotoFinding
    text_th: str
    text_en: str
    answered_by: str | None
    decided_by: str | None

    def in_(self, locale: str) -> str:
        """The sentence in `locale`."""
        return self.text_th if locale == "th" else self.text_en

    @property
    def stage(self) -> Stage:
        """How far it is."""
        if self.finding.decided_at is not None:
            return "decided"
        return "open" if self.finding.answered_at is None else "answered"


def finding_for(session: Session, actor: Actor, finding_id: UUID) -> PhotoFinding:
    """The finding as it is now.

    Raises:
        NotFound: it does not exist, was withdrawn undecided, or lies outside the actor's scope.
    """
    found = session.scalars(
        _in_scope(select(PhotoFinding), actor)
        .where(PhotoFinding.id == finding_id, _stands())
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(kind="finding")
    return found


def list_findings(
    session: Session, actor: Actor, wanted: FindingFilter, *, after: str | None = None
) -> Page[PhotoFinding]:
    """One page of findings, the newest first.  Raises BadCursor."""
    statement = _in_scope(select(PhotoFinding), actor).where(
        *wanted.conditions(), _stage(wanted.stage)
    )
    key = (PhotoFinding.found_at, PhotoFinding.id)
    return page_of(session, statement, key, after=after, descending=True, size=PAGE_SIZE)


def count_by_stage(session: Session, actor: Actor, wanted: FindingFilter) -> dict[Stage, int]:
    """How many findings the filter covers in each stage."""
    decided = _in_scope(select(func.count()), actor).where(*wanted.conditions(), _stage("decided"))
    undecided = count_undecided(session, actor, wanted)
    return {**undecided, "decided": int(session.scalar(decided) or 0)}


def count_undecided(session: Session, actor: Actor, wanted: FindingFilter) -> dict[Stage, int]:
    """The same without those that are decided, which become many with the years; in one query."""
    stages: tuple[Stage, ...] = ("open", "answered")
    counted = [func.count().filter(_stage(stage)) for stage in stages]
    asked = _in_scope(select(*counted), actor).where(*wanted.conditions(), _undecided())
    return dict(zip(stages, map(int, session.execute(asked).one()), strict=True))


def findings_of(session: Session, actor: Actor, photo: Photo) -> list[Shown]:
    """A photo's findings in the order of the rules; the photo must be one the actor may see."""
    findings = session.scalars(
        select(PhotoFinding)
        .where(PhotoFinding.photo_id == photo.id, _stands())
        .order_by(PhotoFinding.found_at, PhotoFinding.id)
    ).all()
    return shown(session, actor, findings)


def shown(session: Session, actor: Actor, findings: Sequence[PhotoFinding]) -> list[Shown]:
    """Findings with what this reader may know: the other centre is named only inside the scope."""
    names = _names(session, findings)
    visible = _visible_centres(session, actor, findings)
    return [_shown(one, visible, names) for one in findings]


def open_counts(session: Session, actor: Actor, photo_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many questions about each of these photos are not decided; one without is left out."""
    if not photo_ids:
        return {}
    rows = session.execute(
        _in_scope(select(PhotoFinding.photo_id, func.count()), actor)
        .where(PhotoFinding.photo_id.in_(photo_ids), _undecided())
        .group_by(PhotoFinding.photo_id)
    )
    return {photo_id: int(count) for photo_id, count in rows}


def photos_by_id(
    session: Session, actor: Actor, findings: Sequence[PhotoFinding]
) -> dict[UUID, Photo]:
    """The findings' photos."""
    ids = {finding.photo_id for finding in findings}
    return {photo.id: photo for photo in photos_named(session, actor, ids)}


def _in_scope(statement: Select[*Columns], actor: Actor) -> Select[*Columns]:
    joined = statement.select_from(PhotoFinding).join(Photo, Photo.id == PhotoFinding.photo_id)
    return with_record(joined).where(centres_in_scope(actor))


def _stage(stage: Stage) -> ColumnElement[bool]:
    if stage == "decided":
        return PhotoFinding.decision.is_not(None)
    answered = PhotoFinding.answered_at.is_not(None)
    return _undecided() & (answered if stage == "answered" else ~answered)


def _undecided() -> ColumnElement[bool]:
    return PhotoFinding.decision.is_(None) & PhotoFinding.withdrawn_at.is_(None)


def _stands() -> ColumnElement[bool]:
    return PhotoFinding.decision.is_not(None) | PhotoFinding.withdrawn_at.is_(None)


def _shown(finding: PhotoFinding, visible: Collection[str], names: Mapping[UUID, str]) -> Shown:
    outside = finding.facts.get("outside")
    texts = (finding.text_th, finding.text_en)
    if outside and finding.facts.get("centre_id") not in visible:
        texts = (outside["th"], outside["en"])
    answered_by = names.get(finding.answered_by) if finding.answered_by else None
    decided_by = names.get(finding.decided_by) if finding.decided_by else None
    return Shown(finding, *texts, answered_by, decided_by)


def _names(session: Session, findings: Sequence[PhotoFinding]) -> dict[UUID, str]:
    ids = {i for one in findings for i in (one.answered_by, one.decided_by) if i}
    if not ids:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _visible_centres(session: Session, actor: Actor, findings: Sequence[PhotoFinding]) -> set[str]:
    named = {UUID(one.facts["centre_id"]) for one in findings if "centre_id" in one.facts}
    if not named:
        return set()
    seen = session.scalars(select(Centre.id).where(Centre.id.in_(named), centres_in_scope(actor)))
    return {str(centre_id) for centre_id in seen}
