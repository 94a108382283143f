"""A list without a person: what an edition is replaced with after somebody was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from app.packets.frozen.content import Content, FollowupItem, PhotoItem, Request, VisitItem
from app.shared.traces import NOBODY, Traces


def redacted(
    content: Content,
    visit_ids: Iterable[str | UUID],
    *,
    edition: int,
    redacts: int,
    request: Request,
    traces: Traces = NOBODY,
    veil: Callable[[str], str] = str,
) -> Content:
    """The same list with the name, number and remarks of these visits blanked.

    Everything else stays as it was frozen, what was in force then included: `previous` and
    `changes` are still those of the edition `redacts`, whose place it takes.  Blanked is what
    `app.visits.forgetting` blanks, and hidden what it hides (`traces`): counts stay.  `veil`
    makes a digest of what was said one against which nobody can try guesses.
    """
    forgotten = {str(id_) for id_ in visit_ids}
    visits = tuple(_blank(v, traces, veil) if v.id in forgotten else v for v in content.visits)
    checks = tuple(
        _blank_check(c, traces, veil) if c.visit_id in forgotten else c for c in content.followups
    )
    about = forgotten | {check.id for check in content.followups if check.visit_id in forgotten}
    photos = tuple(_hide(p, traces) if p.subject_id in about else p for p in content.photos)
    return replace(
        content, visits=visits, followups=checks, photos=photos, edition=edition,
        redacts=redacts, requested=request,
    )  # fmt: skip


def _blank(visit: VisitItem, traces: Traces, veil: Callable[[str], str]) -> VisitItem:
    return replace(
        visit, has_contact=False, leader_name=None, phone=None, suggestion=None,
        group_name=traces.hide(visit.group_name), origin=traces.hide(visit.origin),
        content_sha256=veil(visit.content_sha256),
    )  # fmt: skip


def _blank_check(check: FollowupItem, traces: Traces, veil: Callable[[str], str]) -> FollowupItem:
    return replace(
        check, reason=None, next_step=None, group_name=traces.hide(check.group_name),
        content_sha256=veil(check.content_sha256),
    )  # fmt: skip


def _hide(photo: PhotoItem, traces: Traces) -> PhotoItem:
    findings = tuple(
        replace(
            each, text=traces.hide(each.text), answer=traces.hide(each.answer),
            decision_note=traces.hide(each.decision_note),
        )
        for each in photo.findings
    )  # fmt: skip
    return replace(photo, caption=traces.hide(photo.caption), findings=findings)
