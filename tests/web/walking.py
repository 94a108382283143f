"""Walking every route of the real application, over TLS and in production's settings."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app import create_app
from app.accounts.access import SECRET
from app.shared.db import db
from config import Settings
from tests.access.cast import Cast, put_on
from tests.access.table import ROWS
from tests.conftest import SentJobs

HOST = "lakthan.test"
SITE = f"https://{HOST}"
ACTORS = ("nobody", "volunteer", "officer", "admin", "phone")


def production(filled: Path, folder: Path, **more: object) -> Flask:
    """The application as production runs it, on a copy of a filled SQLite file."""
    shutil.copyfile(filled, folder / "walk.db")
    settings = Settings(
        env="production",
        secret_key="a secret for tests only, long enough",
        signing_key="A" * 43,
        database_url=f"sqlite:///{folder / 'walk.db'}",
        redis_url=f"unix://{folder / 'no-redis.sock'}",
        var_dir=folder / "var",
        host_names=(HOST, "localhost"),
        **more,  # type: ignore[arg-type]
    )
    return create_app(settings, send_job=SentJobs())


def furnished(filled: Path, folder: Path) -> Cast:
    """The same with people, and one object of every kind."""
    return put_on(production(filled, folder))


def close(app: Flask) -> None:
    """Let go of the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def client_of(cast: Cast, who: str) -> FlaskClient:
    """A browser, or a phone's program, of this actor."""
    client = cast.app.test_client(use_cookies=who not in cast.tokens)
    if who in cast.tokens:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {cast.tokens[who]}"
        client.environ_base["HTTP_TUS_RESUMABLE"] = "1.0.0"
    elif who in cast.secrets:
        with client.session_transaction(base_url=SITE) as cookie:
            cookie.permanent = True
            cookie[SECRET] = cast.secrets[who]
    return client


def addresses(cast: Cast) -> Iterator[tuple[Rule, str]]:
    """Every rule with an address of something that is there, where we have one."""
    for rule in sorted(cast.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        row = ROWS.get(rule.endpoint)
        named = cast.things.get(row.thing, {}) if row else {}
        yield rule, filled_in(rule, named)


def filled_in(rule: Rule, named: dict[str, str]) -> str:
    """The rule's address with these arguments, and made-up ones where they are missing."""
    url = rule.rule
    for name in rule.arguments:
        converter = rule._converters[name]
        kind = type(converter).__name__
        made_up = {"UUIDConverter": str(uuid4()), "IntegerConverter": "1"}.get(kind, "x")
        if kind == "AnyConverter":
            made_up = sorted(converter.items)[0]  # type: ignore[attr-defined]
        if rule.endpoint == "static":
            made_up = "src/img/icon.svg"
        url = re.sub(rf"<(?:[^<>]*:)?{name}>", named.get(name, made_up), url)
    return url
