"""Programmes by the administrator's hand: saved as versions, put in force by publishing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion
from app.audit.service import record as note_down
from app.rounds.cloning import for_next_year, with_version
from app.rounds.models import ProgrammeVersion
from app.rounds.reading import read_text
from app.rounds.schema import Programme
from app.rounds.version_queries import Shown, newest_number
from app.shared.errors import DomainError


class OtherProgramme(DomainError):
    """The text is not of the mission and year (`key`, `fiscal_year`) that the editor opened."""

    code = "other_programme"


class NothingChanged(DomainError):
    """The text is the one it began with."""

    code = "nothing_changed"


class AlreadyPublished(DomainError):
    """This version was put in force before; an older one comes back as a new version."""

    code = "already_published"


class SavedMeanwhile(StaleVersion):
    """Somebody saved a version (`version`) since the editor was opened."""

    code = "programme_saved_meanwhile"


def save_version(
    session: Session, text: str, *, base: Shown | None, seen: int, note: str | None,
    actor: Actor, now: datetime,
) -> ProgrammeVersion:  # fmt: skip
    """Keep the text as the next version of its programme and year, not in force yet.

    `base` is what the editor began with, `seen` the newest version number there was then.

    Raises:
        ProgrammeRefused: the text has faults.
        OtherProgramme, NothingChanged: it does not follow from `base`.
        SavedMeanwhile: somebody saved a version in the meantime (`version`).
    """
    programme = read_text(text, "")
    _check_base(programme, text, base)
    newest = newest_number(session, programme.key, programme.fiscal_year)
    if base and seen != newest:
        raise SavedMeanwhile(version=newest)
    return _keep(session, programme, with_version(text, newest + 1), newest + 1, note, actor, now)


def clone_for_next_year(
    session: Session, base: Shown, *, note: str, actor: Actor, now: datetime
) -> ProgrammeVersion:
    """Keep what `base` says, a fiscal year later, as the first version of that year.

    Where the year has versions already, it is their next.  Raises ProgrammeRefused.
    """
    text = for_next_year(base.text)
    programme = read_text(text, "")
    number = newest_number(session, programme.key, programme.fiscal_year) + 1
    return _keep(session, programme, with_version(text, number), number, note, actor, now)


def publish(
    session: Session, version: ProgrammeVersion, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Put a version in force for its fiscal year.

    Raises:
        ProgrammeRefused: this release cannot read it any more.
        AlreadyPublished: it was in force before; twice is refused, and changes nothing.
    """
    programme = read_text(version.text, version.name)
    if version.published_at:
        raise AlreadyPublished
    version.published_at, version.published_by, version.reason = now, actor.account_id, reason
    session.flush()
    note_down(
        session, actor_id=actor.account_id, action="programme_published", kind="programme",
        object_id=version.name, now=now, facts={"rounds": len(programme.rounds)},
    )  # fmt: skip


def _check_base(programme: Programme, text: str, base: Shown | None) -> None:
    if base is None:
        return
    if (programme.key, programme.fiscal_year) != (base.key, base.fiscal_year):
        raise OtherProgramme(key=base.key, fiscal_year=base.fiscal_year)
    if with_version(text, base.version) == with_version(base.text, base.version):
        raise NothingChanged


def _keep(
    session: Session, programme: Programme, text: str, number: int, note: str | None,
    actor: Actor, now: datetime,
) -> ProgrammeVersion:  # fmt: skip
    row = ProgrammeVersion(
        key=programme.key, fiscal_year=programme.fiscal_year, version=number, text=text,
        note=note, made_by=actor.account_id, made_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # two administrators in the same moment
        raise SavedMeanwhile(version=number) from None
    note_down(
        session, actor_id=actor.account_id, action="programme_saved", kind="programme",
        object_id=row.name, now=now,
    )  # fmt: skip
    return row
