"""Who answers for the personal data: the present version of the controller, and a new one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.audit.service import record
from app.notices.models import Controller
from app.shared.errors import DomainError


class StaleController(DomainError):
    """Somebody else made a version since the form was opened."""

    code = "stale_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerFacts:
    """The controller as a notice says it.  `version` 0: nobody has set it, this is the default."""

    name: str
    address: str
    phone: str | None = None
    email: str | None = None
    dpo_name: str
    dpo_phone: str | None = None
    dpo_email: str | None = None
    hosted_at: str
    more: str | None = None
    version: int = 0
    made_at: datetime | None = None

    @property
    def is_set(self) -> bool:
        """Whether the office has said who it is; until then a notice stands on a guess."""
        return self.version > 0


FIELDS = tuple(
    name for name in ControllerFacts.__dataclass_fields__ if name not in ("version", "made_at")
)


def controller(session: Session) -> ControllerFacts:
    """Who answers for the data now; the province's office by default."""
    newest = session.scalars(
        select(Controller).order_by(Controller.version.desc()).limit(1)
    ).one_or_none()
    return facts_of(newest) if newest else _default(session)


def contact_line(session: Session) -> str:
    """Whom to ask, in one line; empty until the office has said who it is."""
    office = controller(session)
    if not office.is_set:
        return ""
    return " ".join(filter(None, (office.name, office.phone or office.dpo_phone or office.email)))


def controller_on(session: Session, instant: datetime) -> ControllerFacts:
    """Who answered for the data at `instant`: what the notice said of it then."""
    then = session.scalars(
        select(Controller)
        .where(Controller.made_at <= instant)
        .order_by(Controller.version.desc())
        .limit(1)
    ).one_or_none()
    return facts_of(then) if then else _default(session)


def set_controller(
    session: Session, facts: ControllerFacts, *, actor: Actor, now: datetime
) -> Controller:
    """Make `facts` the newest version; `facts.version` is the one it was made from.  Flushes.

    The same words again make no version, so a doubled click is harmless.

    Raises:
        StaleController: there is a newer version than `facts.version`.
    """
    newest = session.scalars(
        select(Controller).order_by(Controller.version.desc()).limit(1).with_for_update()
    ).one_or_none()
    if newest and _words(facts_of(newest)) == _words(facts):
        return newest
    if (newest.version if newest else 0) != facts.version:
        raise StaleController
    version = Controller(
        version=facts.version + 1, made_by=actor.account_id, made_at=now, **_words(facts)
    )
    session.add(version)
    record(
        session, actor_id=actor.account_id, action="notice.controller_set", kind="controller",
        object_id=version.version, now=now,
    )  # fmt: skip
    session.flush()
    return version


def facts_of(version: Controller) -> ControllerFacts:
    """One stored version as notices read it."""
    own = {name: getattr(version, name) for name in FIELDS}
    return ControllerFacts(version=version.version, made_at=version.made_at, **own)


def _words(facts: ControllerFacts) -> dict[str, str | None]:
    return {name: value for name, value in asdict(facts).items() if name in FIELDS}


def _default(session: Session) -> ControllerFacts:
    """The province's office of community development, whose programme this is.

    Named in Thai whatever the page's language: it is the name of an office.
    """
    provinces = areas_under(session, "", "province")
    place = provinces[0].name_th if len(provinces) == 1 else ""
    office = f"สำนักงานพัฒนาชุมชนจังหวัด{place}"
    return ControllerFacts(
        name=office,
        address=f"ศาลากลางจังหวัด{place}",
        dpo_name=f"เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล {office}",
        hosted_at="เครื่องแม่ข่ายของจังหวัด",
    )
