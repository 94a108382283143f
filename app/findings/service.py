"""Findings are found, answered and decided; each of that is noted in the audit log.

Everything about one photo's findings takes its turn (`take_turn`): two tabs, or two workers
that examine the same photo, come one after the other and the later sees what the earlier did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion
from app.audit.service import record
from app.findings.evidence import Draft
from app.findings.gathering import evidence_of
from app.findings.models import ANSWER_MAX, Decision, PhotoFinding
from app.findings.pairs import Match, lock_photos, note_pairs
from app.findings.queries import finding_for
from app.findings.rules import RECIPE, find
from app.findings.wording import words, words_outside
from app.photos.models import Photo
from app.rounds.programme import Programme, load_programme
from app.shared.errors import DomainError, Problem
from app.shared.ids import new_id
from app.shared.record import take_turn
from app.visits.rules import check_text

EXAMINED_STATES = ("processed", "unreadable")


class FindingAnswered(DomainError):
    """Somebody of the centre answered already; an answer is given once."""

    code = "finding_answered"


class FindingDecided(DomainError):
    """The reviewer decided already; an answer would come too late."""

    code = "finding_decided"


class OwnFinding(DomainError):
    """Who sent the photo, or answered for it, does not decide about it."""

    code = "own_finding"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a look-up found of one photo: `matches`, and `unlike`, compared and not the same.

    `thumb_sha256` is the picture that was compared, for the photo may have got another one
    meanwhile.
    """

    thumb_sha256: str | None
    recipe: int
    matches: Sequence[Match] = ()
    unlike: frozenset[UUID] = frozenset()


def examine(
    session: Session,
    photo_id: UUID,
    compared: Compared,
    *,
    now: datetime,
    programme: Programme | None = None,
) -> bool:
    """Put every question the photo raises, and take back those it no longer raises.  Flushes.

    Harmless twice: a finding is known by photo, code and other photo.  What was decided stays as
    it was decided.  Returns whether it was done: not for a photo that is not, or is no longer, as
    it was compared.
    """
    take_turn(session, photo_id)
    photos = lock_photos(session, photo_id, compared.matches)
    photo = photos.get(photo_id)
    if photo is None or photo.state not in EXAMINED_STATES or photo.destroyed_at is not None:
        return False
    if photo.thumb_sha256 != compared.thumb_sha256:
        return False
    note_pairs(
        session, photo, photos, compared.matches,
        unlike=compared.unlike, recipe=compared.recipe, now=now,
    )  # fmt: skip
    programme = programme or load_programme()
    drafts = find(evidence_of(session, photo), programme.photos)
    _put(session, photo, drafts, programme.name, now)
    photo.examined_at = now
    session.flush()
    return True


def answer_finding(
    session: Session, finding_id: UUID, answer: str, *, actor: Actor, now: datetime
) -> PhotoFinding:
    """Keep what the people of the centre say to a finding; once.  Flushes.

    The same words from the same person again are the same answer.  `answer` must have passed
    `check_answer`.

    Raises:
        NotFound: no such finding for this actor, or it was withdrawn.
        FindingAnswered, FindingDecided: too late.
    """
    finding = _in_turn(session, actor, finding_id)
    if finding.answered_at is not None:
        if (finding.answer, finding.answered_by) == (answer, actor.account_id):
            return finding
        raise FindingAnswered(id=str(finding_id))
    if finding.decided_at is not None:
        raise FindingDecided(id=str(finding_id))
    finding.answer, finding.answered_by, finding.answered_at = answer, actor.account_id, now
    _note(session, finding, "answered", actor, now, {})
    return finding


def decide(
    session: Session,
    finding_id: UUID,
    decision: Decision,
    note: str | None,
    *,
    seen: datetime | None,
    actor: Actor,
    now: datetime,
) -> PhotoFinding:
    """Settle a finding or call it doubtful; a decision may be replaced by another.  Flushes.

    `seen` is when the decision was made that the reviewer saw (None: none yet).  The log keeps
    each decision; its note stays here only, because it may name somebody.

    Raises:
        NotFound: no such finding for this actor, or it was withdrawn before it was decided.
        OwnFinding: the actor sent the photo, or answered the question.
        StaleVersion: somebody else decided since `seen`.
    """
    finding = _in_turn(session, actor, finding_id)
    _check_not_own(session, finding, actor)
    if (finding.decision, finding.decision_note) == (decision, note):
        return finding
    if finding.decided_at != seen:
        raise StaleVersion(id=str(finding_id))
    before = finding.decision
    finding.decision, finding.decision_note = decision, note
    finding.decided_by, finding.decided_at = actor.account_id, now
    _note(session, finding, "decided", actor, now, {"decision": decision, "before": before})
    return finding


def check_answer(answer: str | None) -> list[Problem]:
    """Every reason to refuse an answer: empty, too long, or holding an ID number."""
    return check_text("answer", answer, ANSWER_MAX) if answer else [Problem("answer", "required")]


def check_decision(decision: Decision, note: str | None) -> list[Problem]:
    """Every reason to refuse a decision: a doubt has to say what is doubted."""
    if decision == "doubtful" and not note:
        return [Problem("note", "required")]
    return check_text("note", note, ANSWER_MAX)


def _put(
    session: Session, photo: Photo, drafts: Sequence[Draft], programme_version: str, now: datetime
) -> None:
    held = {(one.code, one.about): one for one in _held(session, photo.id)}
    found: list[str] = []
    for draft in drafts:
        finding = held.pop((draft.code, draft.about), None)
        if finding is None:
            finding = PhotoFinding(id=new_id(), photo_id=photo.id, found_at=now)
            session.add(finding)
            found.append(draft.code)
        elif finding.decision is not None:
            continue
        _write(finding, draft, programme_version)
    withdrawn = _withdraw(held.values(), now)
    if found or withdrawn:
        record(
            session, actor_id=None, action="photo.examined", kind="photo", object_id=photo.id,
            now=now, facts={"found": found, "withdrawn": withdrawn},
        )  # fmt: skip


def _held(session: Session, photo_id: UUID) -> Sequence[PhotoFinding]:
    return session.scalars(
        select(PhotoFinding)
        .where(PhotoFinding.photo_id == photo_id)
        .execution_options(populate_existing=True)
    ).all()


def _write(finding: PhotoFinding, draft: Draft, programme_version: str) -> None:
    sentence, outside = words(draft), words_outside(draft)
    facts: dict[str, Any] = dict(draft.facts)
    if outside:
        facts["outside"] = outside._asdict()
    finding.kind, finding.code, finding.about = draft.kind, draft.code, draft.about
    finding.facts, finding.recipe = facts, RECIPE
    finding.programme_version = programme_version
    finding.text_th, finding.text_en = sentence
    finding.withdrawn_at = None


def _withdraw(gone: Iterable[PhotoFinding], now: datetime) -> list[str]:
    codes = []
    for finding in gone:
        if finding.decision is None and finding.withdrawn_at is None:
            finding.withdrawn_at = now
            codes.append(finding.code)
    return codes


def _in_turn(session: Session, actor: Actor, finding_id: UUID) -> PhotoFinding:
    """The finding as it stands once this transaction's turn has come."""
    take_turn(session, finding_for(session, actor, finding_id).photo_id)
    return finding_for(session, actor, finding_id)


def _check_not_own(session: Session, finding: PhotoFinding, actor: Actor) -> None:
    sent_by = session.get_one(Photo, finding.photo_id).recorder_id
    if actor.account_id in (sent_by, finding.answered_by):
        raise OwnFinding


def _note(
    session: Session,
    finding: PhotoFinding,
    action: str,
    actor: Actor,
    now: datetime,
    facts: dict[str, object],
) -> None:
    session.flush()
    record(
        session, actor_id=actor.account_id, action=f"photo_finding.{action}", kind="photo_finding",
        object_id=finding.id, now=now,
        facts={"photo": str(finding.photo_id), "code": finding.code} | facts,
    )  # fmt: skip
