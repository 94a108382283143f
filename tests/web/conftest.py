"""The frame alone: pages' common parts on an application without slices or database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app import web
from app.shared.errors import DomainError, NotFound
from app.web.access_mark import mark
from config import ROOT, Settings


class RoundSealed(DomainError):
    """As a slice would refuse."""

    code = "round_sealed"


def make_frame(folder: Path, env: str = "test", **config: object) -> Flask:
    """An application with the frame only; its built files lie in `folder`/dist."""
    app = Flask(
        "app",
        root_path=str(ROOT / "app"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(folder),
        static_url_path="/static",
    )
    app.config.update(
        SETTINGS=Settings(
            env=env,  # type: ignore[arg-type]
            secret_key="a secret for tests only, long enough",
            signing_key="A" * 43,
            database_url="sqlite://",
            redis_url="unix:///none",
            var_dir=folder,
            host_names=("localhost",),
        ),
        SECRET_KEY="a secret for tests only, long enough",
        **config,
    )
    web.init_app(app)
    _add_pages(app)
    return app


def _add_pages(app: Flask) -> None:
    @app.get("/sealed")
    @mark("public")
    def sealed() -> str:
        raise RoundSealed(quarter="2567Q1")

    @app.get("/hidden")
    def hidden() -> str:
        raise NotFound

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    @app.post("/api/v1/thing")
    def thing() -> str:
        return "taken"


def build(folder: Path, names: dict[str, str]) -> None:
    """Put a manifest where the bundler does."""
    (folder / "dist").mkdir(exist_ok=True)
    (folder / "dist" / "manifest.json").write_text(json.dumps(names), "utf-8")
    for name in names.values():
        (folder / "dist" / name).write_text("/* built */", "utf-8")


@pytest.fixture
def frame(tmp_path: Path) -> Flask:
    """The frame as tests run it."""
    return make_frame(tmp_path)


@pytest.fixture
def visitor(frame: Flask) -> FlaskClient:
    """A browser on the frame."""
    return frame.test_client()


def typed(**values: str) -> MultiDict[str, str]:
    """A submitted form; `__` in a name stands for the hyphen of a date's parts."""
    return MultiDict({name.replace("__", "-"): value for name, value in values.items()})
