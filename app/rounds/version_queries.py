"""Versions of programmes, shipped or saved, as the administrator looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rounds.models import ProgrammeVersion
from app.rounds.programme import programmes_shipped
from app.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """One version.  `row` is None of one that came with the product, or from the settings."""

    key: str
    fiscal_year: int
    version: int
    text: str
    row: ProgrammeVersion | None = None

    @property
    def name(self) -> str:
        """As `Programme.name`."""
        return f"{self.key}_{self.fiscal_year}.{self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether it was saved, and never put in force."""
        return self.row is not None and self.row.published_at is None


def list_versions(session: Session) -> list[Shown]:
    """Every version, the newest fiscal year first, within it the newest version first."""
    rows = session.scalars(select(ProgrammeVersion)).all()
    saved = [Shown(row.key, row.fiscal_year, row.version, row.text, row) for row in rows]
    names = {one.name for one in saved}
    shipped = [one for one in _shipped() if one.name not in names]
    order = lambda one: (one.fiscal_year, one.key, one.version)  # noqa: E731
    return sorted([*saved, *shipped], key=order, reverse=True)


def version_named(session: Session, name: str) -> Shown:
    """The version of this name (`khok_nong_na_2567.1`).  Raises NotFound."""
    found = next((one for one in list_versions(session) if one.name == name), None)
    if found is None:
        raise NotFound
    return found


def saved_version(session: Session, name: str) -> ProgrammeVersion:
    """The row of this name, locked until the unit of work ends.  Raises NotFound."""
    shown = version_named(session, name)
    row = shown.row and session.get(
        ProgrammeVersion, shown.row.id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFound
    return row


def newest_number(session: Session, key: str, fiscal_year: int) -> int:
    """The highest version number of the programme and year; 0 if there is none."""
    one = ProgrammeVersion
    saved = session.scalar(
        select(func.max(one.version)).where(one.key == key, one.fiscal_year == fiscal_year)
    )
    shipped = [s.version for s in _shipped() if (s.key, s.fiscal_year) == (key, fiscal_year)]
    return max([saved or 0, *shipped])


def _shipped() -> list[Shown]:
    return [
        Shown(one.key, one.fiscal_year, one.version, text) for one, text in programmes_shipped()
    ]
