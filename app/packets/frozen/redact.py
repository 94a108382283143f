"""A list without a person: what an edition is replaced with after somebody was forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from app.packets.frozen.content import Content, Request, VisitItem


def redacted(
    content: Content,
    visit_ids: Iterable[str | UUID],
    *,
    edition: int,
    redacts: int,
    request: Request,
) -> Content:
    """The same list with the name, number and remarks of these visits blanked.

    Everything else stays as it was frozen, what was in force then included: `previous` and
    `changes` are still those of the edition `redacts`, whose place it takes.  Blanked is what
    `app.visits.service.forget_visitor` blanks; counts stay.
    """
    forgotten = {str(id_) for id_ in visit_ids}
    visits = tuple(_blank(v) if v.id in forgotten else v for v in content.visits)
    return replace(content, visits=visits, edition=edition, redacts=redacts, requested=request)


def _blank(visit: VisitItem) -> VisitItem:
    return replace(visit, has_contact=False, leader_name=None, phone=None, suggestion=None)
