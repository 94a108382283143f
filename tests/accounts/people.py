"""Real accounts, of whom a second factor is asked, and what opens them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import one_time, recovery
from app.accounts.rules import AccountDraft, Role
from app.accounts.service import add_account
from app.shared.db import db
from tests.conftest import NOW, PASSWORD

SEED = "A" * 43  # as tests/conftest.py sets it
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def real_account(session: Session, username: str = "malee", role: str = "officer") -> UUID:
    """An account that is no demo account; returns its id."""
    area = {"officer": "5606", "reviewer": "56", "admin": "56"}[role]
    draft = AccountDraft(username, "มาลี ศรีสุข", cast("Role", role), area, PASSWORD)
    return add_account(session, draft, actor_id=None, now=NOW).id


def with_app(session: Session, account_id: UUID) -> list[str]:
    """Give the account an authenticator app that holds SECRET; returns its recovery codes."""
    code = pyotp.TOTP(SECRET).at(NOW)
    one_time.confirm(session, account_id, SECRET, code, seed=SEED, now=NOW)
    return recovery.make_codes(session, account_id, seed=SEED, now=NOW)


def made(app: Flask, *, factor: bool = True, username: str = "malee") -> tuple[UUID, list[str]]:
    """A real officer, committed; with an authenticator app if wanted."""
    with app.app_context():
        account_id = real_account(db.session(), username)
        codes = with_app(db.session(), account_id) if factor else []
        db.session.commit()
        db.session.remove()
    return account_id, codes


def code_now(secret: str = SECRET) -> str:
    """What the authenticator app shows at this moment."""
    return pyotp.TOTP(secret).at(datetime.now(UTC))


def type_password(client: FlaskClient, login: str = "malee", password: str = PASSWORD) -> str:
    """Sign in as far as a password leads; returns where to."""
    answer = client.post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def all_the_way_in(client: FlaskClient, codes: list[str], login: str = "malee") -> None:
    """Sign in with a password and a recovery code, which does not depend on the clock."""
    type_password(client, login)
    answer = client.post("/sign-in/factor", data={"code": codes.pop()})
    assert answer.status_code == 303, answer.text
