"""Lakthan: field evidence for Khok Nong Na learning centres.

One folder per word of the glossary, lowest first in `SLICES`; a slice imports only what stands
below it.  `create_app` puts them together and contains nothing else.  It imports what it wires:
a program that only renders pictures carries neither Flask nor the database.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.shared.work import SendJob
    from config import Settings

VERSION = "0.8.0"
# What each slice adds, lowest first: tables, kinds of records, the check of access, panels, pages,
# commands.
SLICES = {
    "audit": ("models", "cli"),
    "accounts": (
        *("models", "access", "ceilings"),
        *("routes", "passkey_routes", "invitation_routes", "cli"),
    ),
    "areas": ("models", "cli"),
    "keeping": ("models", "erasures"),
    "notices": ("models", "routes"),
    "devices": ("models", "access", "panel", "routes"),
    "uploads": ("models", "routes"),
    "rounds": ("models", "routes", "cli"),
    "centres": ("models", "routes", "cli"),
    "administration": ("routes",),
    "visits": ("models", "panel", "routes", "cli"),
    "records": ("models", "kinds"),
    "followups": ("models", "panel", "routes"),
    "activities": ("models", "kinds", "panel", "routes"),
    "prints": ("models",),
    "photos": ("models", "panel", "routes", "cli"),
    "findings": ("models", "panel", "routes", "cli"),
    "documents": ("models", "kinds", "panel", "routes"),
    "networks": ("models", "kinds", "panel", "routes"),
    "assessments": ("models", "kinds", "panel", "routes"),
    "plans": ("models", "kinds", "panel", "routes", "result_routes"),
    "publicity": ("models", "kinds", "routes"),
    "review": ("models", "panel", "routes"),
    "sharing": ("models", "routes"),
    "verification": ("models", "routes"),
    "packets": ("models", "routes", "check_routes", "cli"),
    "board": ("routes",),
    "links": ("models", "panel", "routes", "open_routes"),
    "subjects": ("models", "panel", "routes", "request_routes", "poster_routes"),
    "incidents": ("models", "panel", "routes"),
    "looks": ("panel", "routes"),
    "reminders": ("models", "routes", "cli"),
    "sync": ("models", "panel", "routes"),
    "phone": ("routes",),
    "retention": ("models", "panel", "routes", "cli"),
    "upkeep": ("models", "routes"),
    "backups": ("mark", "cli"),
    "demo": ("cli",),
}


def create_app(settings: Settings | None = None, send_job: SendJob | None = None) -> Flask:
    """Build the application.

    `settings` default to the environment's (`config.load_settings`); `send_job` defaults to the
    real queue, tests pass their own.

    Raises:
        SettingsRefused, VersionRefused, ProgrammeRefused: it must not run like this; the message
            says why.
    """
    from flask import Flask

    from app import web
    from app.shared.late import LateCommands
    from config import ROOT, load_settings

    settings = settings or load_settings()
    app = Flask(
        __name__,
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
        template_folder=str(ROOT / "templates"),
    )
    _configure(app, settings)
    _ground(app, settings, send_job)
    web.init_app(app)
    app.cli = LateCommands(app.name, partial(_add_commands, app))
    for name, parts in SLICES.items():
        for part in parts:
            if part != "cli":
                _add(app, import_module(f"app.{name}.{part}"))
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from app.shared.db import engine_options

    secure = settings.is_production
    app.config.update(
        SETTINGS=settings,
        VERSION=VERSION,
        TESTING=settings.env == "test",
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.database_url,
            pool_size=settings.database_pool,
            statement_timeout_s=settings.statement_timeout_s,
        ),
        MAX_CONTENT_LENGTH=settings.form_max_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="__Host-lakthan" if secure else "lakthan",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The server bounds a session; a cookie renewed by every answer would make none cacheable.
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_max_days),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form may wait a day on a hill; the session bounds it
    )
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _ground(app: Flask, settings: Settings, send_job: SendJob | None) -> None:
    from app.rounds.programme import load_programme, put_in_force
    from app.shared import db as database
    from app.shared import queue, veil, versions
    from app.shared.clock import bangkok_day, now
    from app.shared.late import Late
    from app.shared.stores import store_at
    from app.shared.work import EXTENSION

    versions.check()
    put_in_force(settings.programme, bangkok_day(now()))
    app.config["PROGRAMME"] = load_programme().name
    settings.files_dir.mkdir(parents=True, exist_ok=True)
    database.db.init_app(app)
    with app.app_context():
        database.tune(database.db.engine)
    veil.init_app(app)
    app.extensions["migrate"] = Late(partial(_begin_migrations, app))
    app.extensions["files"] = store_at(
        settings.store, settings.files_dir, settings.scratch_dir,
        key=settings.s3_key, secret=settings.s3_secret,
    )  # fmt: skip
    app.extensions[EXTENSION] = send_job or queue.sender(settings.redis_url)


def _add(app: Flask, part: ModuleType) -> None:
    """Add what a slice's module holds: a blueprint, or its own `init_app`."""
    if hasattr(part, "bp"):
        app.register_blueprint(part.bp)
    if hasattr(part, "init_app"):
        part.init_app(app)


def _add_commands(app: Flask) -> None:
    from app.shared.late import Late

    if isinstance(app.extensions["migrate"], Late):
        _begin_migrations(app)
    for name, parts in SLICES.items():
        if "cli" in parts:
            for command in import_module(f"app.{name}.cli").COMMANDS:
                app.cli.add_command(command)


def _begin_migrations(app: Flask) -> object:
    """Make the extension that knows the migrations, with its commands; returns it."""
    from flask_migrate import Migrate

    from app.shared.db import db
    from config import ROOT

    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    return app.extensions["migrate"]
