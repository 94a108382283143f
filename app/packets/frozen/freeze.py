"""Freezing: read a unit's quarter from the database once, into the list a packet is made of.

A visit belongs to the quarter of its day, a follow-up to the quarter in which it was made, a
photo to the quarter of its record (a photo of the centre itself: of its own day), an activity and
a post to that of their day.  Of orders, assessments and results the newest counts that was there
when the quarter was over, or when the last of its reports that gather them was due, if that was
later.  Struck-out records are left out, and with them their photos.  Order: official codes, then
days.  The number of statements does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.packets.frozen import book, cells, desk, grading, papers, pictures
from app.packets.frozen.asked import Asked, ids_of
from app.packets.frozen.changes import changes_since
from app.packets.frozen.content import (
    Content,
    Counted,
    EditionRef,
    Options,
    Request,
    Scope,
    Word,
)
from app.rounds.programme import Programme
from app.shared.clock import Quarter, bangkok_day

WORD_LISTS = (
    "plot_classes", "visit_kinds", "visitor_sectors", "topics",
    "followup_methods", "followup_uses", "outcomes",
    "five_p", "grades", "strategies", "sectors", "activity_kinds", "document_kinds",
    "channels", "budget_sources", "order_acts",
)  # fmt: skip

# What rounds call the kinds of record that are asked for and do not just happen on their day.
GATHERED = {
    "assessment": "assessments", "network_order": "networks", "plan_item": "plan_items",
    "plan_result": "plan_results", "document": "documents",
}  # fmt: skip


def freeze(
    session: Session,
    scope: Scope,
    quarter: Quarter,
    *,
    edition: int,
    request: Request,
    programme: Programme,
    options: Options | None = None,
    previous: Content | None = None,
    site: str | None = None,
) -> Content:
    """Return the list of `scope` for `quarter` as the database has it now.

    `request.at` decides what is overdue by now; nothing else of the request is in the list's
    digest.  `previous`: the edition before, whose differences are then told; `site`: where the
    system answers.
    """
    options = options or Options()
    asked = Asked(session, scope, quarter, programme, options, bangkok_day(request.at))
    content = _records(asked, edition, request)
    if previous is not None:
        content = replace(
            content, previous=reference(previous), changes=changes_since(previous, content)
        )
    return replace(content, site=site)


def reference(content: Content) -> EditionRef:
    """What another edition is called by."""
    return EditionRef(content.edition, content.list_sha256, content.requested.at)


def centre_id_of(session: Session, scope: Scope) -> UUID | None:
    """The centre a packet of one centre is about."""
    if scope.kind != "centre":
        return None
    return session.scalars(select(Centre.id).where(Centre.code == scope.code)).one()


def _records(asked: Asked, edition: int, request: Request) -> Content:
    plan = desk.plan_rows(asked)
    graded = grading.newest_assessments(asked)
    content = Content(
        scope=asked.scope,
        quarter=str(asked.quarter),
        first_day=asked.quarter.first_day,
        last_day=asked.quarter.last_day,
        edition=edition,
        requested=request,
        programme=asked.programme.name,
        centres=book.centres(asked),
        visits=book.visits(asked),
        followups=book.followups(asked),
        photos=pictures.photos(asked),
        words=tuple(_words(asked)),
        options=asked.options,
        activities=desk.activities(asked),
        network_orders=desk.network_orders(asked),
        assessments=grading.assessments(asked, graded),
        plan_rows=plan,
        result_rows=desk.result_rows(asked, plan),
        posts=desk.posts(asked),
        cells=cells.cells(asked),
        seals=cells.seals(asked),
        districts=book.districts(asked),
        counted=tuple(_counted(asked)),
    )
    named = _named(content) | grading.evidence_named(graded)
    return replace(content, documents=papers.documents(asked, _ids(content), named))


def _ids(content: Content) -> set[UUID]:
    """Everything in the list that a document can belong to."""
    held = (
        content.visits, content.followups, content.activities, content.network_orders,
        content.assessments, content.plan_rows, content.result_rows, content.posts,
    )  # fmt: skip
    return {UUID(item.id) for items in held for item in items}


def _named(content: Content) -> set[UUID]:
    """Photos and documents that a record names: screenshots, and what results rest on."""
    screenshots = (post.screenshot_id for post in content.posts if post.screenshot_id)
    evidence = (one for result in content.result_rows for one in result.evidence)
    return ids_of([*screenshots, *evidence])


def _counted(asked: Asked) -> Iterator[Counted]:
    """The kinds that a report due after the quarter gathers."""
    for kind, gathered in GATHERED.items():
        until = asked.until(gathered)
        if until > asked.quarter.last_day:
            yield Counted(kind, until)


def _words(asked: Asked) -> Iterator[Word]:
    """The words of the quarter's own programme, then what only the present one knows."""
    known: set[tuple[str, str]] = set()
    for programme in dict.fromkeys([asked.own_programme or asked.programme, asked.programme]):
        for name in WORD_LISTS:
            for choice in getattr(programme, name):
                if (name, choice.key) not in known:
                    known.add((name, choice.key))
                    yield Word(name, choice.key, choice.th)
