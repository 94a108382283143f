"""Logs: one set-up for web server, worker and command line, and lines that name nobody.

What is written down: ids, codes, counts, names of routes.  Never a name, a number, a password, a
token, an address's query or a body.  Whoever logs keeps to that; what slips into a message all the
same, or stands in an exception's words, is taken out here, before it reaches the line.

One event is one line: line breaks and control characters in it are written as `\\n`, so nobody can
write a second line into the log (ASVS 5.0 16.4.1).
"""

from __future__ import annotations

import json
import logging
import logging.config
import os
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from app.shared.errors import DomainError

SECURITY = logging.getLogger("lakthan.security")  # sign-ins refused, doors tried (ASVS 16.3)
LONGEST = 4_000  # characters of a line: a flood of text is no message
_MOST_FRAMES, _MOST_CAUSES, _LONGEST_REASON = 12, 3, 200

_HIDDEN = (
    # An address's query holds what people searched for, and tokens.
    (re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*"), "?…"),
    # What an address with a secret in it is known by: share links, calendars, invitations.
    (re.compile(r"(/(?:s|calendar|invitations?|reminders/\w+)/)[A-Za-z0-9_.-]{12,}"), r"\1…"),
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.\w+"), "‹mail›"),
    # Thai letters: our own messages are English, so these are somebody's name or words.
    (re.compile(r"[\u0e00-\u0e7f]+(?:[ .]+[\u0e00-\u0e7f]+)*"), "‹text›"),
    # A telephone or ID number: nine digits and more, in groups or not; ids have letters in them.
    (re.compile(r"(?<![\w-])\+?\d(?:[ .-]?\d){8,14}(?![\w-])"), "‹number›"),
    # Random text as secrets.token_urlsafe makes it: small, large and a digit, 24 and more.
    (
        re.compile(
            r"(?<![\w/.-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[A-Za-z0-9_-]{24,}(?![\w/-])"
        ),
        "‹secret›",
    ),
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)")

# Which request and which job the lines of this thread or fork belong to.
_TRAIL: ContextVar[dict[str, str]] = ContextVar("trail", default={})  # noqa: B039 - never changed
_FORMS = {"line": "app.shared.logs.Line", "json": "app.shared.logs.JsonLine"}

CONFIG: dict[str, Any] = {  # for logging.config, and for gunicorn's `logconfig_dict`
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": _FORMS.get(os.environ.get("LAKTHAN_LOGS", ""), _FORMS["line"])},
    },
    "handlers": {
        "out": {
            "class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr",
        }
    },
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "alembic": {"level": "WARNING"},
    },
}  # fmt: skip


def begin() -> None:
    """Send every logger's lines to stderr, in our form.  Called by each program as it starts."""
    logging.config.dictConfig(CONFIG)


def follow(**ids: str | None) -> None:
    """From here on, lines carry these ids (`request`, `job`) and no others."""
    _TRAIL.set({name: value for name, value in ids.items() if value})


def trail() -> dict[str, str]:
    """The ids that lines carry now."""
    return _TRAIL.get()


def security_event(event: str, **facts: object) -> None:
    """Write down that a door was tried: `event` is a code, `facts` are ids, codes and counts."""
    words = "".join(f" {name}={value}" for name, value in facts.items() if value is not None)
    SECURITY.warning("event=%s%s", event, words)


class Line(logging.Formatter):
    """A record as one line: when, how bad, who says so, what; and of an exception, where."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with what it must not hold taken out."""
        said = redacted(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            said += f" | {told(record.exc_info[1])}"
        ids = "".join(f" {n}={i}" for n, i in trail().items() if f"{n}={i}" not in said)
        line = f"{_when(record)} {record.levelname} {record.name} {said}{redacted(ids)}"
        return one_line(line)[:LONGEST]


class JsonLine(logging.Formatter):
    """The same as one JSON object a line (`LAKTHAN_LOGS=json`), for collectors of logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, with what it must not hold taken out."""
        facts = {
            "at": _when(record), "level": record.levelname, "logger": record.name,
            "message": one_line(redacted(record.getMessage()))[:LONGEST],
            **{name: redacted(value) for name, value in trail().items()},
        }  # fmt: skip
        if record.exc_info and record.exc_info[1]:
            facts["error"] = one_line(told(record.exc_info[1]))[:LONGEST]
        return json.dumps(facts, ensure_ascii=False)


def _when(record: logging.LogRecord) -> str:
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return when.replace("+00:00", "Z")


def redacted(text: str) -> str:
    """`text` without what tells of a person, or opens something."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def one_line(text: str) -> str:
    """`text` with line breaks, controls and what turns the reading direction spelled out."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def told(error: BaseException) -> str:
    """An exception and what caused it: kinds, places in the code, and words without values."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < _MOST_CAUSES:
        parts.append(f"{type(current).__name__}{_reason(current)}{_places(current)}")
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return " | because of ".join(parts)


def _reason(error: BaseException) -> str:
    """What the exception says, without the values in it: those may be somebody's."""
    if isinstance(error, DomainError):
        return f" {error.code}"
    words = str(error.orig) if _is_of_the_database(error) else str(error)  # type: ignore[attr-defined]
    first = words.strip().split("\n", 1)[0]  # PostgreSQL's second line repeats the row
    plain = redacted(_QUOTED.sub("‹value›", first))[:_LONGEST_REASON]
    return f" {plain}" if plain else ""


def _is_of_the_database(error: BaseException) -> bool:
    """Asked without loading SQLAlchemy: gunicorn's master logs, too, and does without."""
    loaded: Any = sys.modules.get("sqlalchemy.exc")
    return loaded is not None and isinstance(error, loaded.DBAPIError)


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    places = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return " at " + " < ".join(places) if frames else ""
