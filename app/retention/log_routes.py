"""The destruction log, its file, and the certificate of what was destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.audit.service import record
from app.keeping.models import Destruction
from app.keeping.words import CLASS_WORDS
from app.notices.service import controller
from app.retention.blueprint import KEEPERS, bp, shared_words
from app.retention.models import RetentionRun
from app.retention.words import CAUSE_WORDS, KIND_WORDS
from app.shared.clock import bangkok_day, day_starts_at, in_bangkok, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.paging import page_of
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.shared.work import work

MOST_ROWS = 20_000  # in one file
_FIRST_MONTH = 2020  # nothing of ours is older


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked to see; empty means everything in their area."""

    keeping: str | None = None
    cause: str | None = None
    district: str | None = None

    def conditions(self, actor: Actor) -> list[ColumnElement[bool]]:
        """As SQL on `Destruction`."""
        found = [_within(self.district or actor.area_code)]
        if self.district and not self.district.startswith(actor.area_code):
            raise NotFound(kind="area")
        if self.keeping:
            found.append(Destruction.keeping == self.keeping)
        if self.cause:
            found.append(Destruction.cause == self.cause)
        return found


@bp.get("/log")
@allow(*KEEPERS)
def log() -> ResponseReturnValue:
    """Every entry, newest first."""
    session, actor, asked = db.session(), current_actor(), _asked()
    statement = select(Destruction).where(*asked.conditions(actor))
    key = (Destruction.at, Destruction.id)
    page = page_of(session, statement, key, after=request.args.get("after"), descending=True)
    return render_template(
        "retention/log.html",
        page=page,
        asked=asked,
        after=request.args.get("after"),
        args={name: value for name, value in request.args.items() if name != "after" and value},
        districts=areas_under(session, actor.area_code, "district"),
        month=f"{bangkok_day(now()):%Y-%m}",
        **shared_words(),
    )


@bp.get("/log.csv")
@allow(*KEEPERS)
def log_csv() -> ResponseReturnValue:
    """The same as a file; who took it stands in the audit log."""
    actor, asked = current_actor(), _asked()
    with work() as w:
        entries = w.session.scalars(
            select(Destruction)
            .where(*asked.conditions(actor))
            .order_by(Destruction.at.desc(), Destruction.id.desc())
            .limit(MOST_ROWS)
        ).all()
        record(
            w.session, actor_id=actor.account_id, action="destruction.log_read",
            kind="destruction", object_id="log", now=now(), facts={"rows": len(entries)},
        )  # fmt: skip
    file = write_csv(_columns(), _rows(entries))
    answer: Response = send_file(
        file, CSV_TYPE, as_attachment=True, download_name="destruction-log.csv"
    )
    return answer


@bp.get("/certificates/<uuid:run_id>")
@allow(*KEEPERS)
def certificate(run_id: UUID) -> ResponseReturnValue:
    """What one night destroyed, to be printed and signed."""
    session = db.session()
    run = session.get(RetentionRun, run_id)
    if run is None:
        raise NotFound(kind="retention_run")
    return _certificate([Destruction.run_id == run_id], run.began_at, run=run)


@bp.get("/certificates/<int:year>-<int:month>")
@allow(*KEEPERS)
def month_certificate(year: int, month: int) -> ResponseReturnValue:
    """What was destroyed in one month, for whatever cause."""
    if not (_FIRST_MONTH <= year <= _FIRST_MONTH + 80 and 1 <= month <= 12):
        raise NotFound(kind="month")
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    within = [Destruction.at >= day_starts_at(first), Destruction.at < day_starts_at(after)]
    return _certificate(within, day_starts_at(first), month=first)


def _certificate(
    within: list[ColumnElement[bool]], at: datetime, **about: object
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    scope = [*within, _within(actor.area_code)]
    lines = session.execute(
        select(
            Destruction.keeping, Destruction.kind, Destruction.cause,
            func.sum(Destruction.n_objects).label("n"), func.count().label("entries"),
        )
        .where(*scope)
        .group_by(Destruction.keeping, Destruction.kind, Destruction.cause)
        .order_by(Destruction.keeping, Destruction.kind, Destruction.cause)
    ).all()  # fmt: skip
    digests = session.scalars(
        select(Destruction.digest).where(*scope).order_by(Destruction.at, Destruction.id)
    ).all()
    return render_template(
        "retention/certificate.html",
        lines=lines,
        digests=digests,
        at=at,
        today=bangkok_day(now()),
        controller=controller(session),
        about={"run": None, "month": None} | about,
        **shared_words(),
    )


def _within(area_code: str) -> ColumnElement[bool]:
    """Entries of an area; those that name none are the whole province's."""
    named = Destruction.area_code.startswith(area_code)
    return or_(named, Destruction.area_code == "") if len(area_code) <= 2 else named


def _asked() -> Asked:
    given = request.args
    keeping, cause = given.get("class"), given.get("cause")
    return Asked(
        keeping=keeping if keeping in CLASS_WORDS else None,
        cause=cause if cause in CAUSE_WORDS else None,
        district=given.get("district") or None,
    )


def _columns() -> list[Column]:
    headings = (
        _("When"), _("Class of data"), _("What"), _("Why"), _("Area"), _("How many"), _("Ids"),
        "SHA-256",
    )  # fmt: skip
    return [Column(str(heading)) for heading in headings]


def _rows(entries: Sequence[Destruction]) -> Iterator[Row]:
    place = place_words()
    for each in entries:
        yield [
            f"{in_bangkok(each.at):%Y-%m-%d %H:%M}",
            str(CLASS_WORDS.get(each.keeping, each.keeping)),
            str(KIND_WORDS.get(each.kind, each.kind)), str(CAUSE_WORDS.get(each.cause, each.cause)),
            place(each.area_code), each.n_objects, " ".join(each.objects), each.digest,
        ]  # fmt: skip
