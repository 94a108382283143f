"""The reviewer's queue: what waits, the earliest due first; several accepted at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.review import queries, service
from app.review.blueprint import REVIEWERS, bp, ring
from app.review.models import STATES, Submission
from app.review.owed import items_to_mend
from app.review.phrases import BADGES, STANDINGS
from app.review.queries import QUEUE_SIZE, QueueFilter
from app.review.units import units_named
from app.rounds.calendar import occurrences
from app.rounds.programme import programmes_in_force
from app.rounds.queries import occurrence_for
from app.rounds.words import occurrence_title
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.work import work
from app.web.asked import asked_quarter
from app.web.locale import page_locale
from app.web.wording import wording


@bp.get("/review")
@allow(*REVIEWERS)
def desk() -> ResponseReturnValue:
    """What was sent, by due day; the tabs show what was returned, accepted, waived."""
    actor, session = current_actor(), db.session()
    wanted, after = _filter(), request.args.get("after")
    page = queries.queue(session, actor, wanted, after=after)
    asked = {k: v for k, v in request.args.items() if k in ("district", "quarter") and v}
    return render_template(
        "review/desk.html",
        rows=page.items,
        next_cursor=page.next_cursor,
        after=after,
        wanted=wanted,
        asked=asked,
        counts=queries.counts_by_state(session, actor, wanted),
        states=STATES,
        standings=STANDINGS,
        badges=BADGES,
        titles={row.id: title_of(row) for row in page.items},
        units=units_named(session, [row.unit_code for row in page.items]),
        to_mend=items_to_mend(session, [row.id for row in page.items]),
        districts=areas_under(session, actor.area_code[:4], "district"),
        quarters=quarters_due(),
        locale=page_locale(),
        today=bangkok_day(now()),
    )


@bp.post("/review/accept")
@allow(*REVIEWERS)
def accept_many() -> ResponseReturnValue:
    """Accept what was ticked; each is judged alone, and those that were not are named with why."""
    refused: list[str] = []
    accepted = 0
    for submission_id, version in _chosen():
        try:
            with work() as w:
                service.accept(
                    w.session, submission_id, expected_version=version, only_mended=True,
                    actor=current_actor(), now=now(),
                )  # fmt: skip
                ring(w, submission_id)
            accepted += 1
        except DomainError as refusal:
            refused.append(f"{_name(submission_id)}: {wording(refusal.code, refusal.facts)}")
    if accepted:
        flash(
            ngettext("%(num)d report is accepted.", "%(num)d reports are accepted.", accepted),
            "done",
        )
    for sentence in refused:
        flash(sentence, "warn")
    if not accepted and not refused:
        flash(_("Tick the reports that you accept."), "warn")
    return redirect(url_for(".desk", **_kept()), code=303)


def title_of(row: Submission) -> str:
    """What a submission answers; its key where the programme no longer has it."""
    found = occurrence_for(row.programme, row.occurrence)
    return occurrence_title(found[1]) if found else row.occurrence


def quarters_due() -> list[Quarter]:
    """The quarters that anything in force counts for, newest first."""
    due = {one.quarter for programme in programmes_in_force() for one in occurrences(programme)}
    return sorted(due, reverse=True)


def _filter() -> QueueFilter:
    state = request.args.get("state") or "submitted"
    chosen = next((known for known in STATES if known == state), None)
    district = request.args.get("district", "")
    if chosen is None or (district and not (district.isascii() and district.isdecimal())):
        abort(400)
    return QueueFilter(chosen, district[:4], asked_quarter())


def _chosen() -> Sequence[tuple[UUID, int]]:
    """The rows that were ticked, each as `id:version`; what makes no sense is left out."""
    found = []
    for text in request.form.getlist("chosen")[:QUEUE_SIZE]:
        id_, _colon, version = text.partition(":")
        try:
            found.append((UUID(id_), int(version)))
        except ValueError:
            continue
    return found


def _name(submission_id: UUID) -> str:
    """What to call a submission that was refused."""
    session = db.session()
    try:
        row = queries.submission_for(session, current_actor(), submission_id)
    except DomainError:
        return str(submission_id)[:8]
    unit = units_named(session, [row.unit_code]).get(row.unit_code)
    return f"{unit.name_in(page_locale()) if unit else row.unit_code} · {title_of(row)}"


def _kept() -> dict[str, Any]:
    return {name: request.form[name] for name in ("district", "quarter") if request.form.get(name)}
