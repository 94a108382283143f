"""Reading the notice's versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.notices.models import Controller


def history(session: Session) -> Sequence[tuple[Controller, str | None]]:
    """Every version with the name of who made it, newest first."""
    rows = session.execute(
        select(Controller, Account.name)
        .outerjoin(Account, Account.id == Controller.made_by)
        .order_by(Controller.version.desc())
    )
    return [(version, name) for version, name in rows]
