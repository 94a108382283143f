"""Built files: the page names `app.css`, the browser gets the name with the content's hash."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for


class AssetsMissing(RuntimeError):
    """The styles and scripts were not built, or this one is not among them."""


def init_app(app: Flask) -> None:
    """Let templates ask for built files."""
    app.jinja_env.globals["asset_url"] = asset_url


def asset_url(name: str, *, missing_ok: bool = False) -> str:
    """The address of a built file, such as `app.css`.

    `missing_ok` answers an empty string instead of raising: for the page that reports a failure.

    Raises:
        AssetsMissing: it was not built; the message says what to run.
    """
    try:
        built = _manifest()[name]
    except KeyError as error:
        if missing_ok:
            return ""
        raise AssetsMissing(f"{name} is not built: run `make assets`") from error
    return url_for("static", filename=f"dist/{built}")


def dist_folder() -> Path:
    """Where the bundler puts what it built."""
    return Path(current_app.static_folder or "static") / "dist"


def _manifest() -> dict[str, str]:
    path = dist_folder() / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return _unbuilt()


@lru_cache(maxsize=4)  # a rebuilt manifest has a new time, so a running server sees it
def _read(path: Path, _mtime_ns: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text("utf-8"))
    return names


class _AnyName(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


def _unbuilt() -> dict[str, str]:
    # Server tests look at pages without a browser: they need no built files.
    settings = current_app.config.get("SETTINGS")
    return _AnyName() if getattr(settings, "env", None) == "test" else {}
