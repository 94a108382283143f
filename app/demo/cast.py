"""The demo's cast: its centres and people, added where they are missing, and found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor, check_account
from app.accounts.service import actor_of, add_account
from app.areas.models import Area
from app.areas.queries import areas_by_code, areas_under
from app.centres.models import Centre
from app.centres.rules import check_centre
from app.centres.service import add_centre
from app.demo import centres, people
from app.demo.visits import Place
from app.rounds.programme import Programme
from app.shared.errors import Problem


class StoryRefused(Exception):
    """Something in the story breaks a rule: a fault in the story, never in the data."""


def add_centres(session: Session, programme: Programme, now: datetime) -> int:
    """Add the story's centres, of classes of its programme, that are not there; returns how many.

    Raises:
        StoryRefused: centres bear these codes already, and there is no demo they belong to.
    """
    codes = [plot.code for plot in centres.PLOTS]
    known = set(session.scalars(select(Centre.code).where(Centre.code.in_(codes))))
    if known and not session.scalar(select(exists().where(Account.is_demo))):
        raise StoryRefused(f"centres that are not the demo's: {', '.join(sorted(known))}")
    new = [plot for plot in centres.PLOTS if plot.code not in known]
    for plot in new:
        area = session.get_one(Area, plot.subdistrict)
        draft = centres.draft_of(plot, area.lat, area.lon)
        insist(check_centre(draft, programme), plot.code)
        add_centre(session, draft, actor=None, now=now)
    return len(new)


def add_accounts(session: Session, now: datetime) -> int:
    """Add the story's accounts that are not there, after the centres; returns how many.

    Raises:
        StoryRefused: somebody else bears a name of ours; we do not write in their name.
    """
    known = _known_accounts(session)
    by_code = {c.code: c.id for c in session.scalars(select(Centre))}
    new = [person for person in people.PEOPLE if person.username not in known]
    for person in new:
        draft = people.draft_of(person, by_code.get(person.centre_code or ""))
        insist(check_account(draft), person.username)
        add_account(session, draft, actor_id=None, now=now)
    return len(new)


def _known_accounts(session: Session) -> set[str]:
    names = [person.username for person in people.PEOPLE]
    found = session.execute(
        select(Account.username, Account.is_demo).where(Account.username.in_(names))
    ).all()
    if others := sorted(row.username for row in found if not row.is_demo):
        raise StoryRefused(f"accounts that are not the demo's: {', '.join(others)}")
    return {row.username for row in found}


@dataclass(frozen=True, slots=True)
class Cast:
    """The story's centres and people as the database knows them."""

    places: tuple[Place, ...]
    actors: dict[str, Actor]
    subdistricts: tuple[str, ...]

    @classmethod
    def of(cls, session: Session) -> Cast:
        """Read what `add_centres` and `add_accounts` have made sure is there."""
        areas = areas_by_code(session)
        plots = {plot.code: plot for plot in centres.PLOTS}
        found = session.scalars(select(Centre).where(Centre.code.in_(plots)).order_by(Centre.code))
        places = tuple(
            Place(c.id, plots[c.code], c.lat, c.lon, _where(areas, c.subdistrict_code))
            for c in found
        )
        names = [person.username for person in people.PEOPLE]
        accounts = session.scalars(
            select(Account).where(Account.username.in_(names), Account.is_demo)
        )
        actors = {account.username: actor_of(account) for account in accounts}
        subdistricts = tuple(area.code for area in areas_under(session, "", "subdistrict"))
        return cls(places, actors, subdistricts)


def _where(areas: Mapping[str, Area], code: str) -> str:
    return f"ตำบล{areas[code].name_th} อำเภอ{areas[code[:4]].name_th}"


def insist(problems: list[Problem], what: object) -> None:
    """Raise StoryRefused if a rule of the product refuses something in the story."""
    if problems:
        raise StoryRefused(f"{what}: " + ", ".join(f"{p.field} {p.code}" for p in problems))
