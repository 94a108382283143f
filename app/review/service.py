"""Submissions are sent, returned, accepted, waived and opened again; each step is noted.

Every step about one district's quarter takes its turn (`in_turn`): two reviewers, or a reviewer
and whoever seals the quarter, come one after the other, and the later sees what the earlier did.
A step repeated by the same person is the same step.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion
from app.review.assembly import assemble
from app.review.mending import mended
from app.review.models import ItemVerdict, Submission, Verdict
from app.review.queries import submission_of, verdicts_of
from app.review.refusals import NothingToMend, NotMended, NotOpenYet, VerdictsOpen, WrongState
from app.review.rules import leads_to
from app.review.sealing import seal, unseal
from app.review.steps import (
    NO_REASON,
    Reason,
    audit,
    check_not_maker,
    check_reviewer,
    content_of,
    decide,
    done_already,
    freeze,
    in_hand,
    in_turn,
    new_submission,
    sent_already,
    take_step,
    to_mend,
)
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.programme import Programme, programme_key
from app.shared.clock import bangkok_day
from app.shared.errors import Forbidden, NotFound

__all__ = [
    "Reason", "accept", "judge", "may_submit", "not_mended", "reopen", "return_", "seal", "submit",
    "unseal", "waive",
]  # fmt: skip


def may_submit(actor: Actor, unit: Unit) -> bool:
    """Whether the actor sends its reports: the district's officer, or the centre's people."""
    if actor.role == "officer":
        return actor.sees_area(unit.district_code)
    return actor.role == "volunteer" and unit.centre_id == actor.centre_id is not None


def submit(
    session: Session,
    programme: Programme,
    occurrence: Occurrence,
    unit: Unit,
    *,
    seen_edition: int,
    actor: Actor,
    now: datetime,
    words: str | None = None,
    why_late: str | None = None,
) -> Submission:
    """Freeze the report as it is now as the next edition and send it.  Flushes.

    `seen_edition`: the newest one the sender saw, 0 before the first.  Gaps do not hinder it.

    Raises:
        Forbidden: the actor does not send this unit's reports.
        NotOpenYet, QuarterSealed, WrongState: it cannot be sent now.
        StaleVersion: somebody else sent it meanwhile.
    """
    if not may_submit(actor, unit):
        raise Forbidden
    in_turn(session, unit.district_code, str(occurrence.quarter))
    submission = submission_of(session, programme_key(programme), occurrence.key, unit.code)
    if submission is not None and sent_already(submission, seen_edition, actor):
        return submission
    state, edition = (submission.state, submission.edition) if submission else (None, 0)
    if edition != seen_edition:
        raise StaleVersion(version=edition)
    after = leads_to("submit", state, edition)
    if after is None:
        raise WrongState(state=state)
    today = bangkok_day(now)
    if submission is None and not occurrence.is_open(today):
        raise NotOpenYet(opens_on=occurrence.opens_on.isoformat())
    if submission is None:
        submission = new_submission(session, programme, occurrence, unit)
    else:
        submission.version += 1
    if submission.edition == 0:
        submission.late = today > submission.due_by
    content = assemble(session, programme, occurrence, unit)
    submission.edition, submission.state = edition + 1, after
    submission.submitted_at, submission.submitted_by = now, actor.account_id
    submission.decided_at = submission.decided_by = None
    submission.reason_key = submission.reason = None
    session.add(submission)
    session.flush()
    freeze(session, submission, content, words, actor, now)
    take_step(session, submission, "submit", Reason(words=why_late), actor, now)
    return submission


def judge(
    session: Session,
    submission_id: UUID,
    kind: str,
    item_id: UUID,
    verdict: Verdict,
    *,
    actor: Actor,
    now: datetime,
    reason: Reason = NO_REASON,
) -> ItemVerdict:
    """Keep a reviewer's word on one item of the newest edition; the last word counts.  Flushes.

    Raises:
        NotFound: no such submission for this actor, or the item is not in it.
        Forbidden, WrongState, QuarterSealed: not now.
        MakerIsChecker: the actor sent one of its editions.
    """
    submission = in_hand(session, submission_id, actor)
    if submission.state != "submitted":
        raise WrongState(state=submission.state)
    check_not_maker(session, submission, actor)
    version = content_of(session, submission).versions().get((kind, item_id))
    if version is None:
        raise NotFound(kind="item")
    found = session.get(ItemVerdict, (submission_id, kind, item_id))
    found = found or ItemVerdict(submission_id=submission_id, item_kind=kind, item_id=item_id)
    found.item_version, found.edition, found.verdict = version, submission.edition, verdict
    found.reason_key, found.note = reason.key, reason.words
    found.made_by, found.made_at = actor.account_id, now
    session.add(found)
    facts = {"item_kind": kind, "item": str(item_id), "item_version": version, "word": verdict}
    audit(session, submission, "judged", actor, now, facts | {"reason": reason.key})
    session.flush()
    return found


def return_(
    session: Session,
    submission_id: UUID,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    reason: Reason = NO_REASON,
) -> Submission:
    """Send it back to be mended: the items marked so, or the whole for `reason`.  Flushes.

    Raises:
        NotFound, Forbidden, WrongState, QuarterSealed, StaleVersion: not now, or not by this actor.
        NothingToMend: neither an item nor a reason says what.
    """
    submission = in_hand(session, submission_id, actor)
    if done_already(submission, "returned", expected_version, actor):
        return submission
    if not reason.key and not to_mend(session, submission):
        raise NothingToMend
    return decide(session, submission, "return", expected_version, reason, actor, now)


def accept(
    session: Session,
    submission_id: UUID,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    only_mended: bool = False,
) -> Submission:
    """Accept the newest edition.  Flushes.  `only_mended`: not if a returned item did not change.

    Raises:
        NotFound, Forbidden, WrongState, QuarterSealed, StaleVersion: not now, or not by this actor.
        MakerIsChecker: the actor sent one of its editions.
        VerdictsOpen, NotMended: items are to be mended.
    """
    submission = in_hand(session, submission_id, actor)
    if done_already(submission, "accepted", expected_version, actor):
        return submission
    check_not_maker(session, submission, actor)
    if marked := to_mend(session, submission):
        raise VerdictsOpen(count=len(marked))
    if only_mended and (left := not_mended(session, submission)):
        raise NotMended(count=len(left))
    return decide(session, submission, "accept", expected_version, NO_REASON, actor, now)


def waive(
    session: Session,
    programme: Programme,
    occurrence: Occurrence,
    unit: Unit,
    *,
    expected_version: int,
    reason: Reason,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Say that it need not be sent, or not be mended any more.  `expected_version` 0: no row yet.

    Raises:
        Forbidden, WrongState, QuarterSealed, StaleVersion: not now, or not by this actor.
        MakerIsChecker: the actor sent one of its editions.
    """
    check_reviewer(actor, unit.district_code)
    in_turn(session, unit.district_code, str(occurrence.quarter))
    submission = submission_of(session, programme_key(programme), occurrence.key, unit.code)
    if submission is None and expected_version == 0:
        submission = new_submission(session, programme, occurrence, unit)
        submission.state, submission.version = "waived", 1
        submission.decided_at, submission.decided_by = now, actor.account_id
        submission.reason_key, submission.reason = reason.key, reason.words
        session.add(submission)
        session.flush()
        take_step(session, submission, "waive", reason, actor, now)
        return submission
    if submission is None:
        raise StaleVersion(version=0)
    if done_already(submission, "waived", expected_version, actor):
        return submission
    check_not_maker(session, submission, actor)
    return decide(session, submission, "waive", expected_version, reason, actor, now)


def reopen(
    session: Session,
    submission_id: UUID,
    *,
    expected_version: int,
    reason: Reason,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Take back that it was accepted or waived; it waits for a decision, or to be sent, again.

    Raises:
        NotFound, Forbidden, WrongState, QuarterSealed, StaleVersion: not now, or not by this actor.
    """
    submission = in_hand(session, submission_id, actor)
    again = leads_to("reopen", "waived", submission.edition)
    if again and done_already(submission, again, expected_version, actor):
        return submission
    return decide(session, submission, "reopen", expected_version, reason, actor, now)


def not_mended(session: Session, submission: Submission) -> list[ItemVerdict]:
    """Items sent back earlier, still in the newest edition, that nobody touched since."""
    held = content_of(session, submission).versions()
    earlier = [
        one
        for key, one in verdicts_of(session, submission).items()
        if one.verdict == "return" and one.edition < submission.edition and key in held
    ]
    touched = mended(session, earlier)
    return [one for one in earlier if one.item_id not in touched]
