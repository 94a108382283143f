"""Settings are checked before anything starts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config import SettingsRefused, load_settings


def test_one_folder_is_all_the_demo_needs(tmp_path: Path) -> None:
    settings = load_settings({"LAKTHAN_VAR": str(tmp_path / "var")})
    assert settings.env == "demo"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/lakthan.db"
    assert settings.redis_url == f"unix://{tmp_path}/var/run/redis.sock"


def test_the_demos_secret_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    first = load_settings({"LAKTHAN_VAR": str(tmp_path)})
    again = load_settings({"LAKTHAN_VAR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


PRODUCTION = {
    "LAKTHAN_ENV": "production",
    "LAKTHAN_HOSTS": "lakthan.example.go.th",
    "SECRET_KEY": "x" * 40,
    "LAKTHAN_SIGNING_KEY": "x" * 43,
    "DATABASE_URL": "postgresql+psycopg://db/lakthan?sslmode=verify-full",
    "REDIS_URL": "rediss://:secret@queue:6379/0",
}


def test_production_runs_with_everything_named() -> None:
    assert load_settings(PRODUCTION).is_production


@pytest.mark.parametrize(
    "left_out",
    ["SECRET_KEY", "LAKTHAN_SIGNING_KEY", "DATABASE_URL", "REDIS_URL", "LAKTHAN_HOSTS"],
)
def test_production_inherits_nothing_from_the_demo(left_out: str) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != left_out}
    with pytest.raises(SettingsRefused, match=left_out):
        load_settings(given)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LAKTHAN_ENV", "staging"),
        ("SECRET_KEY", "short"),
        ("LAKTHAN_SIGNING_KEY", "short"),
        ("LAKTHAN_PHOTO_MAX_BYTES", "much"),
        ("LAKTHAN_PROVINCE", "Phayao"),
    ],
)
def test_a_wrong_value_is_told_by_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=variable):
        load_settings({"LAKTHAN_VAR": str(tmp_path), variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "postgresql+psycopg://lakthan@db/lakthan"),
        ("DATABASE_URL", "postgresql+psycopg://lakthan@db/lakthan?sslmode=prefer"),
        ("REDIS_URL", "redis://:secret@queue:6379/0"),
        ("REDIS_URL", "rediss://queue:6379/0"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0"),
    ],
)
def test_production_speaks_to_no_other_machine_in_the_open(variable: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=variable):
        load_settings(PRODUCTION | {variable: value})


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql+psycopg:///lakthan", "REDIS_URL": "unix:///run/valkey.sock"},
        {"DATABASE_URL": "postgresql+psycopg://me@127.0.0.1/l", "REDIS_URL": "redis://:p@[::1]/0"},
        {"DATABASE_URL": "sqlite:////srv/lakthan.db"},
        {"REDIS_URL": "redis://:secret@queue:6379/0", "LAKTHAN_PLAIN_INSIDE": "1"},
    ],
)
def test_production_runs_on_one_machine_or_a_private_network(given: dict[str, str]) -> None:
    assert load_settings(PRODUCTION | given).is_production
