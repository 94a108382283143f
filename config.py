"""Settings: read from the environment once, typed, checked before anything starts.

The defaults run the whole product from one folder (`make run`).  Production names its
own database, Redis and secret; what it may not inherit from the demo is refused here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

ROOT = Path(__file__).resolve().parent
MIB = 1024 * 1024
# Where Chrome and Android, Firefox, Safari and Edge take pushes from; nothing else is called.
PUSH_SERVICES = (
    "fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com",
    "*.notify.windows.com",
)  # fmt: skip


_BUCKET = r"^(s3://[a-z0-9][a-z0-9.-]+(/.*)?(\?.*)?)?$"
_TLS_MODES = ("require", "verify-ca", "verify-full")


class SettingsRefused(click.ClickException):
    """The environment asks for something that cannot or must not be run; `str()` says what.

    A ClickException, so that every command line tells it in one line and ends.
    """


class Settings(BaseModel):
    """Everything the environment may decide.  Frozen: a running process never changes its mind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: Literal["demo", "production", "test"] = "demo"
    secret_key: str = Field(min_length=32)
    signing_key: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")  # 32 bytes, base64url: Ed25519 seed
    build: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,40}$")  # a release's own mark
    database_url: str
    redis_url: str
    var_dir: Path
    host_names: tuple[str, ...] = ()
    province_code: str = Field(default="56", pattern=r"^\d{2}$")
    programme: str = "khok_nong_na_2567"
    photo_max_bytes: int = Field(default=40 * MIB, gt=0)  # a 200 MP phone picture is 23 MB and up
    form_max_bytes: int = Field(default=256 * MIB, gt=0)  # ten large photos in one form
    session_idle_days: int = Field(default=14, gt=0)
    session_max_days: int = Field(default=90, gt=0)
    breached: Path | None = None  # the list of breached passwords
    trusted_proxies: int = Field(default=0, ge=0)
    map_tiles: str = Field(default="", pattern=r"^$|^https://[a-z0-9.-]+(:\d+)?/.*\{z\}.*$")
    map_credit: str = Field(default="", max_length=200)  # who made the tiles; shown on the map
    hsts_subdomains: bool = True  # the promise of TLS counts for hosts below ours as well
    security_contact: str = Field(default="", pattern=r"^((mailto:|tel:|https://)[^\s]+)?$")
    listens_on: str = ""  # HOST of `make run`: a name under which the demo may be asked for
    site_url: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+)?$")
    smtp_url: str = Field(default="", pattern=r"^(smtps?://.+)?$")
    mail_from: str = Field(default="", pattern=r"^([^@\s<>]+@[^@\s<>]+)?$")
    vapid_key: str = Field(default="", pattern=r"^([A-Za-z0-9_-]{43})?$")  # 32 bytes, base64url
    push_services: tuple[str, ...] = PUSH_SERVICES
    store: str = Field(default="", pattern=_BUCKET)  # of all files; empty is the data folder
    packets_store: str = Field(default="", pattern=_BUCKET)  # of issued packets apart
    s3_key: str = ""
    s3_secret: str = Field(default="", repr=False)
    metrics_token: str = Field(default="", pattern=r"^(\S{24,})?$", repr=False)  # opens /metrics
    database_pool: int = Field(default=10, ge=2, le=200)  # kept open by a process; twice at most
    statement_timeout_s: int = Field(default=0, ge=0)  # of PostgreSQL; 0 is none
    plain_inside: bool = False  # the network to database and queue is private: no TLS asked

    @property
    def site(self) -> str:
        """Where people find this product: for mails and pushes, which know no request."""
        return self.site_url or f"https://{next(iter(self.host_names), 'localhost')}"

    @property
    def mails(self) -> bool:
        """Whether mail can be sent; where it cannot, no page offers it."""
        return bool(self.smtp_url)

    @property
    def files_dir(self) -> Path:
        """Where originals, renditions and packets lie."""
        return self.var_dir / "files"

    @property
    def scratch_dir(self) -> Path:
        """Where bytes wait on this machine on their way into a bucket or out of it."""
        return self.var_dir / "scratch"

    @property
    def is_production(self) -> bool:
        """True where real people's data lives: no demo accounts, cookies only over TLS."""
        return self.env == "production"

    @model_validator(mode="after")
    def _production_is_deliberate(self) -> Settings:
        if self.is_production and not self.host_names:
            raise ValueError(
                "LAKTHAN_HOSTS must name the host(s) served, e.g. lakthan.example.go.th"
            )
        return self

    @model_validator(mode="after")
    def _ways_inside_are_closed(self) -> Settings:
        """Production speaks to database and queue over TLS or on its own machine (ASVS 12.3.1)."""
        if not self.is_production:
            return self
        from sqlalchemy.engine import make_url  # a worker of the demo does without

        queue, database = urlsplit(self.redis_url), make_url(self.database_url)
        if queue.scheme != "unix" and not queue.password:
            raise ValueError("REDIS_URL must hold a password, or name a unix socket")
        mode = database.query.get("sslmode")
        open_ways = {
            "REDIS_URL": queue.scheme == "redis" and not _is_here(queue.hostname),
            "DATABASE_URL": not _is_here(database.host) and mode not in _TLS_MODES,
        }
        for variable, is_open in open_ways.items():
            if is_open and not self.plain_inside:
                raise ValueError(
                    f"{variable} leads to another machine without TLS (rediss://, "
                    "?sslmode=verify-full); LAKTHAN_PLAIN_INSIDE=1 if that network is private"
                )
        return self

    @model_validator(mode="after")
    def _bucket_has_its_keys(self) -> Settings:
        named = "LAKTHAN_STORE" if self.store else "LAKTHAN_PACKETS_STORE"
        if (self.store or self.packets_store) and not (self.s3_key and self.s3_secret):
            raise ValueError(f"LAKTHAN_S3_KEY and LAKTHAN_S3_SECRET must be set where {named} is")
        return self

    @model_validator(mode="after")
    def _list_is_there(self) -> Settings:
        if self.breached and not self.breached.is_file():
            raise ValueError("LAKTHAN_BREACHED must name a file that is there")
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Settings:
        if self.smtp_url and not self.mail_from:
            raise ValueError("LAKTHAN_MAIL_FROM must be set where LAKTHAN_SMTP_URL is")
        return self


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Build `Settings` from environment variables (names: docs/operations.md).

    Raises:
        SettingsRefused: a value is missing or of the wrong kind; the message names the variable.
    """
    given = _with_files(os.environ if environ is None else environ)
    env = given.get("LAKTHAN_ENV", "demo")
    var_dir = Path(given.get("LAKTHAN_VAR") or ROOT / "var").resolve()
    values: dict[str, object] = {
        "env": env,
        "var_dir": var_dir,
        "database_url": given.get("DATABASE_URL")
        or _default(env, "DATABASE_URL", f"sqlite:///{var_dir / 'lakthan.db'}"),
        "redis_url": given.get("REDIS_URL")
        or _default(env, "REDIS_URL", f"unix://{var_dir / 'run' / 'redis.sock'}"),
        "secret_key": given.get("SECRET_KEY")
        or _default(env, "SECRET_KEY", lambda: _kept_secret(var_dir, "secret_key", 48)),
        "signing_key": given.get("LAKTHAN_SIGNING_KEY")
        or _default(env, "LAKTHAN_SIGNING_KEY", lambda: _kept_secret(var_dir, "signing_key", 32)),
    }
    if env == "demo":
        values["site_url"] = f"http://127.0.0.1:{given.get('PORT') or 8000}"  # as `make run` serves
    for name, variable in _OPTIONAL.items():
        if given.get(variable):
            values[name] = given[variable]
    for name, variable in _LISTS.items():
        if given.get(variable):
            words = given[variable].split(",")
            values[name] = tuple(word.strip() for word in words if word.strip())
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsRefused(_explain(error)) from error


_OPTIONAL = {
    "province_code": "LAKTHAN_PROVINCE",
    "programme": "LAKTHAN_PROGRAMME",
    "photo_max_bytes": "LAKTHAN_PHOTO_MAX_BYTES",
    "form_max_bytes": "LAKTHAN_FORM_MAX_BYTES",
    "session_idle_days": "LAKTHAN_SESSION_IDLE_DAYS",
    "session_max_days": "LAKTHAN_SESSION_MAX_DAYS",
    "breached": "LAKTHAN_BREACHED",
    "trusted_proxies": "LAKTHAN_TRUSTED_PROXIES",
    "build": "LAKTHAN_BUILD",
    "map_tiles": "LAKTHAN_MAP_TILES",
    "map_credit": "LAKTHAN_MAP_CREDIT",
    "hsts_subdomains": "LAKTHAN_HSTS_SUBDOMAINS",
    "security_contact": "LAKTHAN_SECURITY_CONTACT",
    "listens_on": "HOST",
    "site_url": "LAKTHAN_SITE",
    "smtp_url": "LAKTHAN_SMTP_URL",
    "mail_from": "LAKTHAN_MAIL_FROM",
    "vapid_key": "LAKTHAN_VAPID_KEY",
    "store": "LAKTHAN_STORE",
    "packets_store": "LAKTHAN_PACKETS_STORE",
    "s3_key": "LAKTHAN_S3_KEY",
    "s3_secret": "LAKTHAN_S3_SECRET",
    "database_pool": "LAKTHAN_DATABASE_POOL",
    "statement_timeout_s": "LAKTHAN_STATEMENT_TIMEOUT_S",
    "plain_inside": "LAKTHAN_PLAIN_INSIDE",
    "metrics_token": "LAKTHAN_METRICS_TOKEN",
}
_LISTS = {"host_names": "LAKTHAN_HOSTS", "push_services": "LAKTHAN_PUSH_SERVICES"}
_VARIABLES = (
    _OPTIONAL
    | _LISTS
    | {
        "env": "LAKTHAN_ENV",
        "secret_key": "SECRET_KEY",
        "signing_key": "LAKTHAN_SIGNING_KEY",
        "database_url": "DATABASE_URL",
        "redis_url": "REDIS_URL",
        "var_dir": "LAKTHAN_VAR",
    }
)


def settings_variables() -> frozenset[str]:
    """The names of all environment variables that decide something here."""
    return frozenset(_VARIABLES.values())


def _with_files(given: Mapping[str, str]) -> Mapping[str, str]:
    """`given`, and what lies in files that `NAME_FILE` names: an environment is easily shown."""
    read = {}
    for name in _VARIABLES.values():
        if not (path := given.get(f"{name}_FILE")):
            continue
        if given.get(name):
            raise SettingsRefused(f"{name} and {name}_FILE are both set")
        try:
            read[name] = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsRefused(f"{name}_FILE cannot be read: {type(error).__name__}") from error
    return {**given, **read}


def _is_here(host: str | None) -> bool:
    """Whether a service is on this machine: a socket, or an address of its own."""
    return not host or host.startswith("/") or host in ("localhost", "127.0.0.1", "::1")


def _default(env: str, variable: str, value: object) -> object:
    if env == "production":
        raise SettingsRefused(f"{variable} must be set in production")
    return value() if callable(value) else value


def _kept_secret(var_dir: Path, name: str, size_bytes: int) -> str:
    """A secret of the demo's own: made once, kept beside its data, readable by its owner only."""
    path = var_dir / name
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(size_bytes))
    except FileExistsError:
        pass  # another process of the same start was first
    except OSError as error:
        raise SettingsRefused(f"cannot write in {var_dir}: {error.strerror}") from error
    return path.read_text("ascii").strip()


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        lines.append(f"{_VARIABLES.get(name, name)}: {problem['msg']}".lstrip(": "))
    return "; ".join(lines)
